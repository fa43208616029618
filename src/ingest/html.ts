import { decodeHTMLStrict } from 'entities';
import { Tokenizer } from 'htmlparser2';

/** Elements whose content is not text of the page. */
const NO_TEXT = new Set(['script', 'style']);

/**
 * Characters for `&amp;`, `&#128512;`, `&hellip;` and all other entities of HTML, once: `&amp;lt;` becomes `&lt;`. Only what
 * ends with a semicolon is one, so that `AT&T` and `?a=1&lt=2` stay as they are.
 */
export const decodeEntities = (text: string): string => (text.includes('&') ? decodeHTMLStrict(text) : text);

/**
 * The text that a reader of a piece of HTML sees: without tags, comments, scripts and styles, a line break for `<br>`, the
 * `alt` of a picture (`[微笑]`) in its place, entities decoded once. Nothing else is touched: not white space, and not the
 * characters without width. Text that is no HTML passes unchanged, as far as it can be told: `1 < 2 & 3` does, and an
 * opened tag that never ends is text. Never throws; takes time in proportion to the length.
 */
export function plainText(html: string): string {
  if (!html.includes('<')) return decodeEntities(html);
  const pieces: string[] = [];
  let [tag, attribute, alt, silent] = ['', '', '', false];
  // Where the text, tag or comment that came last ends: behind it stands, at the end, a tag that was cut off.
  let done = 0;
  const endOf = (_start: number, end: number): void => {
    const close = html.indexOf('>', end);
    done = close < 0 ? html.length : close + 1;
  };
  const opened = (end: number): void => {
    done = end + 1;
    if (tag === 'br') pieces.push('\n');
    if (tag === 'img') pieces.push(decodeEntities(alt));
  };
  // The parser above it would keep a stack of open tags, which takes quadratic time on thousands of them.
  const tokenizer = new Tokenizer(
    // It would also take entities without a semicolon for entities.
    { decodeEntities: false },
    {
      ...NOTHING,
      ontext(start, end) {
        if (!silent) pieces.push(decodeEntities(html.slice(start, end)));
        done = end;
      },
      onopentagname(start, end) {
        [tag, alt] = [html.slice(start, end).toLowerCase(), ''];
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
      },
      onattribdata(start, end) {
        if (attribute === 'alt') alt += html.slice(start, end);
      },
      onopentagend(end) {
        opened(end);
        silent = NO_TEXT.has(tag);
      },
      onselfclosingtag: opened,
      onclosetag(start, end) {
        endOf(start, end);
        silent = false;
      },
      oncomment: endOf,
      oncdata: endOf,
      ondeclaration: endOf,
      onprocessinginstruction: endOf,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  if (!silent) pieces.push(decodeEntities(html.slice(done)));
  return pieces.join('');
}

/** What is of no interest here: entities are decoded in whole texts. */
const NOTHING = {
  onattribend: (): void => undefined,
  onattribentity: (): void => undefined,
  ontextentity: (): void => undefined,
  onend: (): void => undefined,
};
