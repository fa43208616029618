import { addDays, type Day } from '../model/time';
import type { Fact } from '../model/facts';

/** Days, both inclusive, of one fact table that some change makes stale. */
export interface StaleRange {
  readonly fact: Fact;
  readonly from: Day;
  readonly to: Day;
}

/** The same days in as few ranges as possible: overlapping and adjacent ones become one. */
export function mergeRanges(ranges: readonly StaleRange[]): StaleRange[] {
  const merged: StaleRange[] = [];
  for (const range of [...ranges].sort((a, b) => (a.fact === b.fact ? (a.from < b.from ? -1 : 1) : a.fact < b.fact ? -1 : 1))) {
    const last = merged.at(-1);
    if (last && last.fact === range.fact && (last.to >= range.from || addDays(last.to, 1) === range.from))
      merged[merged.length - 1] = { ...last, to: last.to > range.to ? last.to : range.to };
    else merged.push(range);
  }
  return merged;
}
