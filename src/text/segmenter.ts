import { readFileSync } from 'node:fs';
import { Jieba } from '@node-rs/jieba';
import { likeliestWords } from './likeliestWords';
import { WordTree } from './wordTree';

/** Divides a text into segments (words, signs, spaces) that give the text again when joined. */
export type Segment = (text: string) => string[];

/** Name and version of the segmenter: another one finds other words, so it is part of the version of the rules. */
export const SEGMENTER = '@node-rs/jieba 2.0.1';

/** Occurrences per 60 million words that an added word is given: enough to be a word, too few to tear known words apart. */
const WEIGHT = 3_000;
/** Dictionaries in memory at once, of some 60 MB each. */
const MOST = 2;

/**
 * Segments by jieba's dictionary and `words`; runs of characters outside it by jieba's hidden Markov model. The dictionary is
 * read at the first text (some 350 ms) and shared by all who add the same words.
 */
export function segmenterWith(words: readonly string[]): Segment {
  let segment: Segment | undefined;
  return (text) => (segment ??= shared(words))(text);
}

const segmenters = new Map<string, Segment>();

function shared(words: readonly string[]): Segment {
  const key = words.join('\n');
  const known = segmenters.get(key);
  if (known) return known;
  const segment = segmenterOf(words);
  if (segmenters.size >= MOST) segmenters.delete(segmenters.keys().next().value!);
  segmenters.set(key, segment);
  return segment;
}

/**
 * What jieba does is done over code units here as far as it is a matter of the dictionary: in a quarter of its time, most of which
 * goes into texts that change from one engine to the other. What the dictionary does not know is divided by jieba.
 */
function segmenterOf(words: readonly string[]): Segment {
  const { jieba, added } = jiebaWith(words);
  return likeliestWords(new WordTree(dictionary().toString() + added), (text) => jieba.cut(text, true));
}

/** Jieba itself, and the words that it was given beside its own, in the form of its dictionary. */
export function jiebaWith(words: readonly string[]): { readonly jieba: Jieba; readonly added: string } {
  const jieba = Jieba.withDict(dictionary());
  // A word that the dictionary has keeps its own weight.
  const added = words
    .filter((word) => jieba.cut(word, false).length > 1)
    .map((word) => `${word} ${WEIGHT}\n`)
    .join('');
  jieba.loadDict(Buffer.from(added));
  return { jieba, added };
}

const dictionary = (): Buffer => readFileSync(require.resolve('@node-rs/jieba/dict.txt'));
