import { feed, openText } from './files';
import { jsonTokens } from './json';

/** What an object of a JSON file, or the first item of a list in it, is made of. */
export interface JsonPart {
  /** Dotted path of the object or the list; empty: the file itself. */
  readonly path: string;
  /** The names are those of the first item of a list. */
  readonly list: boolean;
  /** Keys, and dotted paths of what stands in objects. */
  readonly names: ReadonlySet<string>;
}

interface Frame {
  readonly path: string;
  /** Null for a list. */
  readonly names: Set<string> | null;
  /** Of an object: it is the first item of a list, or stands in one. */
  readonly inItem: boolean;
  key: string;
  items: number;
}

/**
 * The parts of a JSON file in the order in which they end, without holding more of it than their names; of a list the first
 * item alone. Ends where the text ends or breaks.
 */
export async function* outlineOf(file: string, encoding: string): AsyncGenerator<JsonPart> {
  const tokens = jsonTokens();
  feed(openText(file, encoding), tokens);
  const frames: Frame[] = [];
  let passedOver = 0;
  try {
    for await (const token of tokens) {
      const { name, value } = token as { readonly name: string; readonly value?: string };
      const top = frames.at(-1);
      if (name === 'startObject' || name === 'startArray') {
        if (passedOver > 0 || (top && isPassedOver(top, name))) passedOver += 1;
        else frames.push(frameIn(top, name));
        if (top?.names === null) top.items += 1;
      } else if (name === 'endObject' || name === 'endArray') {
        if (passedOver > 0) passedOver -= 1;
        else yield* partOf(frames.pop()!, frames.at(-1));
      } else if (passedOver === 0 && top) {
        if (name === 'keyValue') top.names?.add((top.key = value!));
        else if (top.names === null) top.items += 1;
      }
    }
  } finally {
    tokens.destroy();
  }
}

/** Only the first item of a list counts, and lists inside items or lists are values like others. */
const isPassedOver = (top: Frame, begins: string): boolean =>
  begins === 'startArray' ? top.inItem || top.names === null : top.names === null && top.items > 0;

function frameIn(top: Frame | undefined, begins: string): Frame {
  const path = top === undefined || top.names === null ? (top?.path ?? '') : top.path === '' ? top.key : `${top.path}.${top.key}`;
  return {
    path,
    names: begins === 'startArray' ? null : new Set(),
    inItem: top !== undefined && (top.inItem || top.names === null),
    key: '',
    items: 0,
  };
}

function* partOf(frame: Frame, parent: Frame | undefined): Generator<JsonPart> {
  if (frame.names === null) return;
  if (parent?.names) for (const name of frame.names) parent.names.add(`${parent.key}.${name}`);
  const list = parent?.names === null;
  if (list || !frame.inItem) yield { path: frame.path, list, names: frame.names };
}
