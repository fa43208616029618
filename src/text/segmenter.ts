import { readFileSync } from 'node:fs';
import { Jieba } from '@node-rs/jieba';

/** Divides a text into segments (words, signs, spaces) that give the text again when joined. */
export type Segment = (text: string) => string[];

/** Name and version of the segmenter: another one finds other words, so it is part of the version of the rules. */
export const SEGMENTER = '@node-rs/jieba 2.0.1';

/** Occurrences per 60 million words that an added word is given: enough to be a word, too few to tear known words apart. */
const WEIGHT = 3_000;
/** Dictionaries in memory at once, of some 40 MB each. */
const MOST = 2;

/**
 * Segments by jieba's dictionary and `words`; runs of characters outside it by jieba's hidden Markov model. The dictionary is
 * read at the first text (some 150 ms) and shared by all who add the same words.
 */
export function segmenterWith(words: readonly string[]): Segment {
  let jieba: Jieba | undefined;
  return (text) => (jieba ??= shared(words)).cut(text, true);
}

const dictionaries = new Map<string, Jieba>();

function shared(words: readonly string[]): Jieba {
  const key = words.join('\n');
  const known = dictionaries.get(key);
  if (known) return known;
  const jieba = Jieba.withDict(readFileSync(require.resolve('@node-rs/jieba/dict.txt')));
  // A word that the dictionary has keeps its own weight.
  const added = words.filter((word) => jieba.cut(word, false).length > 1);
  jieba.loadDict(Buffer.from(added.map((word) => `${word} ${WEIGHT}\n`).join('')));
  if (dictionaries.size >= MOST) dictionaries.delete(dictionaries.keys().next().value!);
  dictionaries.set(key, jieba);
  return jieba;
}
