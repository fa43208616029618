/** An element of an XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const TOKEN = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>|([^<]+)`, 'guy');
const ATTRIBUTE = new RegExp(`(${NAME})="([^"]*)"`, 'gu');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Characters of XML 1.0. */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Reads a well-formed document without comments, CDATA and processing instructions; throws for anything else. */
export function readXml(document: string): Element {
  const fail = (problem: string): never => {
    throw new Error(`not well-formed: ${problem}`);
  };
  if (!CHARACTERS.test(document)) fail('a character that XML does not have');
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === document) fail('no declaration');
  type Open = { name: string; attributes: Record<string, string>; children: Element[]; text: string };
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(body);
    if (!match) return fail(body.slice(at, at + 60));
    const [, closing, name = '', attributes = '', empty, text] = match;
    const parent = stack.at(-1)!;
    if (text !== undefined) parent.text += unescaped(text, fail);
    else if (closing) {
      if (stack.pop()!.name !== name || empty || attributes) fail(`</${name}> closes ${parent.name}`);
    } else {
      const element: Open = { name, attributes: {}, children: [], text: '' };
      for (const [, key, value] of attributes.matchAll(ATTRIBUTE)) {
        if (key! in element.attributes) fail(`${key} stands twice`);
        element.attributes[key!] = unescaped(value!, fail);
      }
      parent.children.push(element);
      if (!empty) stack.push(element);
    }
  }
  if (stack.length !== 1) fail(`${stack.at(-1)!.name} is not closed`);
  if (root.children.length !== 1 || root.text.trim() !== '') fail('not one root');
  return root.children[0]!;
}

function unescaped(text: string, fail: (problem: string) => never): string {
  return text.replace(/&([^;&]*)(;?)/g, (whole, entity: string, end: string) => {
    const code = /^#(\d+)$/.exec(entity)?.[1];
    const found = code === undefined ? ENTITIES[entity] : String.fromCodePoint(Number(code));
    return end === '' || found === undefined ? fail(whole) : found;
  });
}

/** Every element of a document, the given one first. */
export const elementsOf = (element: Element): Element[] => [element, ...element.children.flatMap(elementsOf)];
