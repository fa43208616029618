/**
 * Why a pattern might take more than linear time on a long text, or null. Unbounded repetition (`*`, `+`, `{2,}`), repetition of
 * what is itself repeated, and back references are refused; `{0,30}` and `?` are enough for rules about posts.
 */
export function superlinear(pattern: string): string | null {
  /** For every open group, whether something in it is repeated. */
  const repeats: boolean[] = [false];
  let closed = false;
  let index = 0;
  while (index < pattern.length) {
    const character = pattern[index]!;
    let atom = 1;
    let wasClosed = false;
    if (character === '\\') {
      if (/\\(?:[1-9]|k<)/.test(pattern.slice(index, index + 3))) return 'it refers back to a group';
      atom = 2;
    } else if (character === '[') {
      atom = classLength(pattern, index);
    } else if (character === '(') {
      repeats.push(false);
    } else if (character === ')') {
      const inner = repeats.pop() ?? false;
      wasClosed = inner;
      if (inner && repeats.length > 0) repeats[repeats.length - 1] = true;
    } else if (character === '*' || character === '+') {
      return `${character} repeats without a bound; write {0,30}`;
    } else if (character === '{') {
      const repetition = /^\{\d+(,?)(\d*)\}/.exec(pattern.slice(index));
      if (repetition) {
        if (repetition[1] === ',' && repetition[2] === '') return `${repetition[0]} repeats without a bound`;
        if (closed) return `${repetition[0]} repeats a group that repeats something itself`;
        repeats[repeats.length - 1] = true;
        atom = repetition[0].length;
      }
    }
    closed = wasClosed;
    index += atom;
  }
  return null;
}

/** Length of the character class that begins at `start`. */
function classLength(pattern: string, start: number): number {
  let index = start + 1;
  while (index < pattern.length && pattern[index] !== ']') index += pattern[index] === '\\' ? 2 : 1;
  return index + 1 - start;
}
