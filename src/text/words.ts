import { isAsciiLetter, kindOf, MARK, OTHER, QUESTION_MARK, SENTENCE_END, SPACED, SURROGATE, WORD } from './characters';

/** Words and questions of a text. */
export interface WordCounts {
  readonly tokens: number;
  readonly questions: number;
}

/** Particles that make a sentence a question wherever they end it. */
const PARTICLES = new Set(['吗', '么']);
/** 呢 asks only together with one of these: 忙着呢 does not. */
const INTERROGATIVES = new Set(
  '什么 怎么 怎样 怎么样 为什么 为何 谁 哪 哪里 哪儿 哪个 哪些 哪位 几 多少 如何 何时 何处 是否 咋 咋样 啥 多久 多大 是不是 有没有'.split(
    ' ',
  ),
);
/** Endings that ask without a question mark. */
const TAGS = ['怎么办', '怎么看', '好不好', '对不对', '行不行', '是不是', '能不能', '可不可以'];
/** The characters in which a sentence may end that asks without a question mark. */
const LAST_CHARACTERS = new Set([...PARTICLES, ...TAGS, '呢'].map((text) => text.charCodeAt(text.length - 1)));

/**
 * Counts words and questions in the segments of a prose. A question is a question mark (a run of them is one, and so is another
 * behind it with no word between), or a sentence without one that ends in a particle or tag of asking.
 */
export function countWords(segments: readonly string[]): WordCounts {
  let tokens = 0;
  let questions = 0;
  /** Whether the last word can go on: a letter, with nothing behind it, of a script that is written with spaces. */
  let joins = OTHER;
  /** A word has come since the last question, or there was none yet. */
  let fresh = true;
  let start = 0;

  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index]!;
    const kind = kindAt(segment);
    if (kind === QUESTION_MARK || kind === SENTENCE_END) {
      if (fresh && (kind === QUESTION_MARK || asks(segments, start, index))) {
        questions += 1;
        fresh = false;
      }
      start = index + 1;
      joins = OTHER;
    } else if (kind === WORD || kind === SPACED) {
      fresh = true;
      // The segmenter makes three segments of información; two of its own next to each other (hold|住) are two words.
      const asciiFirst = isAsciiLetter(segment.charCodeAt(0));
      const goesOn = kind === SPACED ? joins !== OTHER : joins === SPACED && asciiFirst;
      if (!goesOn) tokens += 1;
      joins = kindOfEnd(segment);
    } else if (kind !== MARK) {
      joins = OTHER;
    } else if (joins !== OTHER) {
      joins = SPACED;
    }
  }
  if (fresh && asks(segments, start, segments.length)) questions += 1;
  return { tokens, questions };
}

/** The kind of a segment: of its first character, or a word when a word comes after signs (`+1`). */
function kindAt(segment: string): number {
  const kind = kindOf(segment.charCodeAt(0));
  if (kind === WORD || kind === SPACED) return kind;
  if (kind === SURROGATE || segment.length > 1) {
    if (/[\p{L}\p{N}]/u.test(segment)) return WORD;
    return kind === SURROGATE ? OTHER : kind;
  }
  return kind;
}

/** SPACED or WORD when the segment ends in a letter that another script's letter may follow within a word, otherwise OTHER. */
function kindOfEnd(segment: string): number {
  const last = segment.charCodeAt(segment.length - 1);
  if (isAsciiLetter(last)) return WORD;
  const kind = kindOf(last);
  return kind === SPACED || kind === MARK ? SPACED : OTHER;
}

/** Whether the words of segments `start` to `end` (exclusive) end as a question does. */
function asks(segments: readonly string[], start: number, end: number): boolean {
  let last = end - 1;
  while (last >= start && kindAt(segments[last]!) !== WORD) last -= 1;
  const word = segments[last] ?? '';
  if (last < start || !LAST_CHARACTERS.has(word.charCodeAt(word.length - 1))) return false;
  // A particle needs something to ask about.
  if (PARTICLES.has(word)) return last > start;
  const sentence = segments.slice(start, last + 1);
  return word === '呢' ? sentence.some((segment) => INTERROGATIVES.has(segment)) : TAGS.some((tag) => sentence.join('').endsWith(tag));
}
