import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "posts"?` when one of the names is near enough to be a slip of the finger, else an empty string. */
export function didYouMean(word: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const nearest = closest(
    word.toLowerCase(),
    names.map((name) => name.toLowerCase()),
  );
  const name = names.find((candidate) => candidate.toLowerCase() === nearest) ?? nearest;
  // Two slips in a short word, a third of a long one: more and the guess would be noise.
  return distance(word.toLowerCase(), nearest) <= Math.max(2, Math.floor(word.length / 3)) ? ` Did you mean "${name}"?` : '';
}
