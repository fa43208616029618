import type { WordTree } from './wordTree';

/** Runs of characters that are remembered: texts have the same few thousand again and again (也是, 在一, 了我). */
const MOST_RUNS = 50_000;

/** A character that is a segment of its own. */
const ALONE = 0;
/** Chinese characters that the segmenter knows as such. */
const HAN = 1;
/** ASCII letters and digits. */
const LATIN = 2;
/** All others, of which the segmenter alone knows what it does with them and with what stands beside them. */
const STRANGE = 3;

const kinds = new Uint8Array(0x10000).map((_, unit) => {
  if (unit >= 0x4e00 && unit <= 0x9fd5) return HAN;
  const character = String.fromCharCode(unit);
  if (/[a-zA-Z0-9]/.test(character)) return LATIN;
  if (unit < 0x7f) return '+#&._%-'.includes(character) ? STRANGE : ALONE;
  // Punctuation of ordinary, Chinese and full width, without the ideographic zero and repetition.
  const isPunctuation = (unit >= 0x2010 && unit <= 0x2027) || (unit >= 0x3000 && unit <= 0x3003) || (unit >= 0x3008 && unit <= 0x3011);
  return isPunctuation || (unit >= 0xff01 && unit <= 0xff0f) || (unit >= 0xff1a && unit <= 0xff1f) ? ALONE : STRANGE;
});

/**
 * The way of jieba through a text: of all divisions of a stretch of characters into words of the dictionary the likeliest one. Where
 * it leaves single characters beside each other, and where a stretch has signs of which it is not told here what they mean, `cut` divides.
 *
 * @param cut the segmenter itself: what it says of a whole text must be what is found here.
 */
export function likeliestWords(tree: WordTree, cut: (text: string) => string[]): (text: string) => string[] {
  let likelihoods = new Float64Array(256);
  let ends = new Int32Array(256);
  const runs = new Map<string, string[]>();

  /** Finds for each position of a stretch, from its end, where the likeliest first word of the rest ends. */
  const weigh = (text: string, from: number, to: number): void => {
    const { weights, unknown } = tree;
    likelihoods[to - from] = 0;
    for (let at = to - 1; at >= from; at -= 1) {
      let best = -Infinity;
      let end = at + 1;
      let next = at + 1;
      for (let node = tree.begin(text.charCodeAt(at)); node !== 0; next += 1) {
        const weight = weights[node]!;
        // Of words as likely as each other jieba takes the longest.
        if (weight !== 0 && weight + likelihoods[next - from]! >= best) {
          best = weight + likelihoods[next - from]!;
          end = next;
        }
        if (next === to) break;
        node = tree.step(node, text.charCodeAt(next));
      }
      likelihoods[at - from] = best === -Infinity ? unknown + likelihoods[end - from]! : best;
      ends[at - from] = end;
    }
  };

  const cutRun = (run: string, isMixed: boolean): readonly string[] => {
    const key = isMixed ? `_${run}` : run;
    let segments = runs.get(key);
    if (segments) return segments;
    segments = cut(key);
    if (isMixed) segments.shift();
    if (runs.size >= MOST_RUNS) runs.clear();
    runs.set(key, segments);
    return segments;
  };

  /** A run of characters that are no words together. Letters and digits next to each other are one segment. */
  const addRun = (text: string, from: number, to: number, segments: string[]): void => {
    for (let start = from; start < to;) {
      const kind = kinds[text.charCodeAt(start)];
      let end = start + 1;
      while (end < to && kinds[text.charCodeAt(end)] === kind) end += 1;
      if (kind === LATIN || end - start === 1) segments.push(text.slice(start, end));
      // Among letters a run is not looked up as a word once more: a sign before it, which is part of no word, stands for them.
      else for (const segment of cutRun(text.slice(start, end), end - start < to - from)) segments.push(segment);
      start = end;
    }
  };

  const addStretch = (text: string, from: number, to: number, segments: string[]): void => {
    if (to - from >= likelihoods.length) {
      likelihoods = new Float64Array(2 * (to - from));
      ends = new Int32Array(2 * (to - from));
    }
    weigh(text, from, to);
    let run = from;
    for (let at = from; at < to;) {
      const end = ends[at - from]!;
      if (end > at + 1) {
        if (run < at) addRun(text, run, at, segments);
        segments.push(text.slice(at, end));
        run = end;
      }
      at = end;
    }
    if (run < to) addRun(text, run, to, segments);
  };

  return (text) => {
    const segments: string[] = [];
    for (let at = 0; at < text.length;) {
      let kind = kinds[text.charCodeAt(at)]!;
      let end = at + 1;
      if (kind === ALONE) {
        if (text.charCodeAt(at) === 13 && text.charCodeAt(end) === 10) end += 1;
        segments.push(text.slice(at, end));
      } else {
        let isStrange = false;
        for (end = at; end < text.length && (kind = kinds[text.charCodeAt(end)]!) !== ALONE; end += 1) isStrange ||= kind === STRANGE;
        if (isStrange) for (const segment of cut(text.slice(at, end))) segments.push(segment);
        else addStretch(text, at, end, segments);
      }
      at = end;
    }
    return segments;
  };
}
