/** What a UTF-16 code unit is to the counting of words and questions. */
export const OTHER = 0;
/** ASCII letters and digits, and letters and digits of scripts that write without spaces (Chinese, Japanese, Thai …). */
export const WORD = 1;
/** Letters beyond ASCII of scripts that write with spaces: the segmenter tears their words apart. */
export const SPACED = 2;
export const QUESTION_MARK = 3;
/** Ends a sentence. */
export const SENTENCE_END = 4;
/** Half of a character outside the basic plane. */
export const SURROGATE = 5;
/** Accents and other marks that stand on the letter before them. */
export const MARK = 6;

const SENTENCE_ENDS = '。．.！!；;…~～\n\r】」』﹗︒';
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{N}]/u;

const kinds = new Uint8Array(0x10000).map((_, unit) => {
  const character = String.fromCharCode(unit);
  if (character === '?' || character === '？') return QUESTION_MARK;
  if (SENTENCE_ENDS.includes(character)) return SENTENCE_END;
  if (unit >= 0xd800 && unit <= 0xdfff) return SURROGATE;
  if (isAsciiWord(unit)) return WORD;
  if (/\p{M}/u.test(character)) return MARK;
  if (!/[\p{L}\p{N}]/u.test(character)) return OTHER;
  return UNSPACED.test(character) ? WORD : SPACED;
});

/** The kind of a code unit; OTHER where there is none (NaN). */
export const kindOf = (unit: number): number => kinds[unit] ?? OTHER;

/** ASCII letter or digit. */
export function isAsciiWord(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || isAsciiLetter(unit);
}

/** ASCII letter. */
export function isAsciiLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
}
