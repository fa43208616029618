import type { Day } from '../model/time';
import { isAsciiWord } from './characters';

export type Marker = 'slang' | 'formal' | 'informal';

/** What is known of a run of characters: the terms that it is, and whether longer ones begin with it. */
export interface TermNode {
  /** Lexicon entries of exactly these characters. */
  readonly markers: { readonly kind: Marker; readonly since: Day }[];
  /** Positions of the content rules that name exactly these characters. */
  readonly rules: number[];
  longer: boolean;
}

/** Every beginning of every term, in lower case; the usual other cases too, of terms with Latin letters behind Chinese ones. */
export interface TermIndex {
  readonly nodes: ReadonlyMap<string, TermNode>;
  /** 1 for each code unit that a term begins with. */
  readonly starts: Uint8Array;
  /** 1 where the first two units of a beginning lie by `placeOf`: most segments are none, and this is quicker to see than in the nodes. */
  readonly pairs: Uint8Array;
}

const PAIRS = 1 << 16;
/** A place for two code units; others may have the same. */
const placeOf = (text: string): number => (Math.imul(text.charCodeAt(0), 31) + text.charCodeAt(1)) & (PAIRS - 1);

/** Index of the lexicon and of the terms of each content rule, by position of the rule. */
export function termIndex(
  lexicon: readonly { readonly term: string; readonly kind: Marker; readonly since: Day }[],
  ruleTerms: readonly (readonly string[])[],
): TermIndex {
  const index = new Map<string, TermNode>();
  const nodeOf = (text: string): TermNode => {
    let node = index.get(text);
    if (!node) index.set(text, (node = { markers: [], rules: [], longer: false }));
    return node;
  };
  const add = (term: string): TermNode[] =>
    caseVariants(term).map((variant) => {
      for (let length = 1; length < variant.length; length += 1) nodeOf(variant.slice(0, length)).longer = true;
      return nodeOf(variant);
    });
  for (const { term, kind, since } of lexicon) for (const node of add(term)) node.markers.push({ kind, since });
  ruleTerms.forEach((terms, rule) => {
    for (const term of terms) for (const node of add(term)) node.rules.push(rule);
  });
  const starts = new Uint8Array(0x10000);
  for (const text of index.keys()) for (const variant of [text, text.toUpperCase()]) starts[variant.charCodeAt(0)] = 1;
  const pairs = new Uint8Array(PAIRS);
  for (const text of index.keys()) if (text.length > 1) pairs[placeOf(text)] = 1;
  return { nodes: index, starts, pairs };
}

/** A term as it is usually written: `打call`, `打CALL`, `打Call`. */
export function caseVariants(term: string): string[] {
  const lower = term.toLowerCase();
  return [...new Set([lower, lower.toUpperCase(), lower.replace(/[a-z]/, (letter) => letter.toUpperCase())])];
}

/** Counts of lexicon terms, and the content rules whose terms occur. */
export interface TermHits {
  slang: number;
  formal: number;
  informal: number;
  readonly rules: Set<number>;
}

/**
 * Terms that begin and end where segments do. Of lexicon terms that overlap, the first and longest that is in force on `day`
 * counts; terms of content rules may overlap.
 */
export function termHits(segments: readonly string[], day: Day, { nodes, starts, pairs }: TermIndex): TermHits {
  const hits: TermHits = { slang: 0, formal: 0, informal: 0, rules: new Set() };
  let free = 0;
  for (let first = 0; first < segments.length; first += 1) {
    const segment = segments[first]!;
    if (starts[segment.charCodeAt(0)] !== 1) continue;
    let run = lower(segment);
    if (run.length > 1 && pairs[placeOf(run)] !== 1) continue;
    let node = nodes.get(run);
    let found: TermNode | undefined;
    let end = first + 1;
    for (let next = end; node; next += 1) {
      if (node.markers.length + node.rules.length > 0 && !isTorn(segments, first, next)) {
        for (const rule of node.rules) hits.rules.add(rule);
        if (first >= free && node.markers.some(({ since }) => since <= day)) {
          found = node;
          end = next;
        }
      }
      if (!node.longer || next === segments.length) break;
      run += lower(segments[next]!);
      node = nodes.get(run);
    }
    if (!found) continue;
    free = end;
    for (const { kind, since } of found.markers) if (since <= day) hits[kind] += 1;
  }
  return hits;
}

/** Chinese segments have no case: only those that begin in ASCII are worth the call. */
const lower = (segment: string): string => (segment.charCodeAt(0) < 128 ? segment.toLowerCase() : segment);

/** Whether a Latin word goes on beyond a run of segments: `hold住` is not in `threshold住`, however that is divided. */
function isTorn(segments: readonly string[], first: number, next: number): boolean {
  const start = segments[first]!.charCodeAt(0);
  const last = segments[next - 1]!;
  const before = segments[first - 1] ?? '';
  return (
    (isAsciiWord(start) && isAsciiWord(before.charCodeAt(before.length - 1))) ||
    (isAsciiWord(last.charCodeAt(last.length - 1)) && isAsciiWord((segments[next] ?? '').charCodeAt(0)))
  );
}
