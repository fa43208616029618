import { createInterface } from 'node:readline';
import type { Readable, Transform } from 'node:stream';
import { parse as parseLossless, stringify } from 'lossless-json';
import { parser } from 'stream-json';
import { messageOf } from '../errors';
import { pick } from 'stream-json/filters/Pick';
import { streamArray } from 'stream-json/streamers/StreamArray';
import type StreamBase from 'stream-json/streamers/StreamBase';
import { streamValues } from 'stream-json/streamers/StreamValues';
import { feed, openText, RowsError, type Meter } from './files';
import type { Origin } from './outcome';

/** A number as it is written, so that ids beyond 2^53 stay exact. Inside a list or object given as text it is a string. */
export class JsonNumber {
  constructor(readonly text: string) {}
  /** By this lossless-json knows that the text is to be written without quotes. */
  get isLosslessNumber(): true {
    return true;
  }
  toString(): string {
    return this.text;
  }
  toJSON(): string {
    return this.text;
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [name: string]: Json };

/** One JSON value of a file with its place, and as JSON text. */
export interface JsonRow {
  readonly origin: Origin;
  readonly value: Json;
  readonly raw: string;
}

/** Nobody nests so deep on purpose: a damaged or hostile file does, and it would cost quadratic time or the stack. */
const DEEPEST = 200;
const TOO_DEEP = `lists and objects stand in one another more than ${DEEPEST} levels deep`;

/** The parser of a JSON file. Keys, texts and numbers come as one token each, not also in pieces: half the work. */
export function jsonTokens(): Transform {
  const tokens = parser({ streamValues: false });
  const push = tokens.push.bind(tokens);
  let depth = 0;
  tokens.push = (token: { readonly name: string } | null) => {
    if (token?.name === 'startObject' || token?.name === 'startArray') {
      if (depth === DEEPEST) throw new SyntaxError(TOO_DEEP);
      depth += 1;
    } else if (token?.name === 'endObject' || token?.name === 'endArray') depth -= 1;
    return push(token);
  };
  return tokens;
}

/** Streams the items of the array at `path` of a JSON file (the file itself when the path is empty). The line is the item's number. */
export async function* readJsonArray(file: string, encoding: string, path: string, meter?: Meter): AsyncGenerator<JsonRow> {
  const tokens = jsonTokens();
  const items = (path === '' ? tokens : tokens.pipe(pick({ filter: path }))).pipe(streamArray());
  yield* numbered(file, openText(file, encoding, meter), tokens, exact(items));
}

/** The value at `path` of a JSON file (all of it when the path is empty), or nothing where there is none. */
export async function readJsonValue(file: string, encoding: string, path: string, meter?: Meter): Promise<Json | undefined> {
  const tokens = jsonTokens();
  const values = tokens.pipe(pick({ filter: path })).pipe(streamValues());
  for await (const { value } of numbered(file, openText(file, encoding, meter), tokens, exact(values))) return value;
  return undefined;
}

/** Whether a JSON file has anything at `path`. Of a file that breaks off before it, nobody knows: reading it will tell. */
export async function hasJson(file: string, encoding: string, path: string): Promise<boolean> {
  const tokens = jsonTokens();
  try {
    for await (const _ of numbered(file, openText(file, encoding), tokens, tokens.pipe(pick({ filter: path })))) return true;
    return false;
  } catch (error) {
    if (error instanceof RowsError) return true;
    throw error;
  }
}

/** Streams JSON Lines. A line that is no JSON is yielded as an error with its place, and the next line is read. */
export async function* readJsonLines(
  file: string,
  encoding: string,
  meter?: Meter,
): AsyncGenerator<JsonRow | { origin: Origin; raw: string; error: string }> {
  let line = 0;
  for await (const raw of createInterface({ input: openText(file, encoding, meter), crlfDelay: Infinity })) {
    line += 1;
    if (raw.trim() === '') continue;
    const origin = { file, line };
    try {
      yield { origin, raw, value: parseJson(raw) };
    } catch (error) {
      yield { origin, raw, error: `The line is not JSON: ${messageOf(error)}` };
    }
  }
}

/** A JSON text whose numbers stay as they are written. Throws a SyntaxError. */
export function parseJson(text: string): Json {
  let value: Json;
  try {
    value = parseLossless(text, undefined, (number) => new JsonNumber(number)) as Json;
  } catch (error) {
    // It is parsed by recursion.
    throw error instanceof RangeError ? new SyntaxError(TOO_DEEP) : error;
  }
  if (isDeeper(value, DEEPEST)) throw new SyntaxError(TOO_DEEP);
  return value;
}

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof JsonNumber) return false;
  if (levels === 0) return true;
  for (const member of Object.values<Json>(value)) if (isDeeper(member, levels - 1)) return true;
  return false;
}

/**
 * The text at a dotted path of a value: `user.id_str`; undefined where there is nothing. A key that has the dots itself
 * (`"user.id_str": …`, as tables flattened to JSON have) comes first.
 */
export function textAt(value: Json, path: string): string | undefined {
  let at: Json | undefined = memberOf(value, path);
  if (at === undefined && path.includes('.')) {
    at = value;
    for (const name of path.split('.')) at = memberOf(at, name);
  }
  if (at === undefined || at === null) return undefined;
  if (typeof at === 'string') return at;
  return typeof at === 'boolean' || at instanceof JsonNumber ? String(at) : JSON.stringify(at);
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** The names by which something can be found in a value: its keys, and the dotted paths of what stands in its objects. */
export function namesOf(value: Json, prefix = '', names = new Set<string>()): Set<string> {
  if (isObject(value))
    for (const [name, member] of Object.entries(value)) {
      names.add(prefix + name);
      namesOf(member, `${prefix}${name}.`, names);
    }
  return names;
}

/** An item of a list whose text is put together from the value when somebody asks. */
class JsonItem implements JsonRow {
  constructor(
    readonly origin: Origin,
    readonly value: Json,
  ) {}
  get raw(): string {
    return jsonText(this.value);
  }
}

/** A value as JSON, numbers as they were written. */
export const jsonText = (value: Json): string => stringify(value) ?? '';

/** Makes a stream of values keep numbers as they are written, instead of rounding them to 53 bits. */
function exact<S extends StreamBase>(values: S): S {
  const assembler = values._assembler as unknown as Record<'numberValue' | '_saveValue', (value: unknown) => void>;
  assembler.numberValue = function (text) {
    this._saveValue(new JsonNumber(text as string));
  };
  return values;
}

async function* numbered(file: string, text: Readable, tokens: Transform, items: AsyncIterable<unknown>): AsyncGenerator<JsonRow> {
  const failure = feed(text, tokens);
  let number = 0;
  try {
    for await (const item of items) {
      number += 1;
      yield new JsonItem({ file, line: number }, (item as { value: Json }).value);
    }
    const broken = failure();
    if (broken !== undefined) throw broken;
  } catch (error) {
    throw new RowsError({ file, line: number + 1 }, `The JSON cannot be read on from here: ${messageOf(error)}`, error);
  } finally {
    // Whoever has read enough leaves the file half read; the stages do not close one another.
    tokens.destroy();
  }
}
