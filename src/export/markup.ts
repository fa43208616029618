/** Markup that is safe to send: what `markup` made, with every value in it escaped. */
export class Markup {
  constructor(readonly text: string) {}
}
export type Part = Markup | readonly Markup[] | string | number | null;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

/** A piece of a page. Values are escaped, markup is kept, lists are joined, null is nothing. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, index) => text + (index < parts.length ? textOf(parts[index]!) : '')).join(''));

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escape(String(part));
}

/** A sentence of the model, in which `backticks` mark code. */
export const prose = (text: string): Markup =>
  markup`${text.split('`').map((piece, index) => (index % 2 === 1 ? markup`<code>${piece}</code>` : markup`${piece}`))}`;
