import { statSync } from 'node:fs';
import iconv from 'iconv-lite';
import { startOf } from './files';

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

const SAMPLE_BYTES = 1_048_576;
const MARKS: readonly (readonly [readonly number[], Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * The encoding of a text file: what its byte order mark says, else UTF-8 or GB 18030 (which GBK and GB 2312 are parts of),
 * whichever leaves fewer broken characters in the first MiB. A text in neither passes for UTF-8 with broken characters.
 */
export function encodingOf(file: string): Encoding {
  const start = startOf(file, SAMPLE_BYTES);
  const marked = MARKS.find(([mark]) => mark.every((byte, index) => start[index] === byte));
  return marked ? marked[1] : guess(start, start.length < statSync(file).size);
}

function guess(sample: Buffer, goesOn: boolean): Encoding {
  // The end of the sample may have cut a character in two.
  const asUtf8 = goesOn ? sample.toString('utf8').replace(/\uFFFD$/, '') : sample.toString('utf8');
  const broken = count(asUtf8, /\uFFFD/g);
  if (broken === 0) return 'utf-8';
  // Most pairs of bytes are some character of GB 18030, also those of a UTF-8 text. A text of which most is well-formed UTF-8 is
  // one with a few broken bytes; GB 18030 read as UTF-8 is broken nearly everywhere.
  const whole = count(asUtf8, /[^\0-\x7f\uFFFD]/gu);
  if (whole > 2 * broken) return 'utf-8';
  // An accented letter of Latin 1 stands alone among ASCII; GB 18030 writes Chinese in pairs of high bytes.
  if (lonelyBytes(sample) > 0.5) return 'utf-8';
  return count(iconv.decode(sample, 'gb18030'), /\uFFFD/g) < broken ? 'gb18030' : 'utf-8';
}

/** The part of the high bytes that have no high byte beside them, nor behind a digit, as the long characters of GB 18030 have. */
function lonelyBytes(sample: Buffer): number {
  const isHigh = (index: number): boolean => (sample[index] ?? 0) >= 0x80;
  const isDigit = (index: number): boolean => sample[index]! >= 0x30 && sample[index]! <= 0x39;
  let high = 0;
  let lonely = 0;
  for (let index = 0; index < sample.length; index += 1) {
    if (!isHigh(index)) continue;
    high += 1;
    if (isHigh(index - 1) || isHigh(index + 1)) continue;
    if (!(isDigit(index + 1) && isHigh(index + 2)) && !(isDigit(index - 1) && isHigh(index - 2))) lonely += 1;
  }
  return high === 0 ? 0 : lonely / high;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) found += 1;
  return found;
}
