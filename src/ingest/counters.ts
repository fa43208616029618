import type { Approximate } from './records';

/** Counters of a post as one observation states them. */
export interface Counters {
  readonly reposts: number | null;
  readonly comments: number | null;
  readonly likes: number | null;
  /** Those that the source rounded, as it wrote them: `comments=3万;likes=10万+`. Null: all exact. */
  readonly raw_counters: string | null;
}

/** One statement about the counters at a moment. */
export interface Observation extends Counters {
  readonly observed_at: string;
  readonly seq: number;
  readonly batch_id: number;
}

const RAW_LENGTH = 160;

/** The first characters of a text; half of one would come back from the store as another. */
export const firstCharacters = (text: string, count: number): string => (text.length <= count ? text : [...text].slice(0, count).join(''));

/** Rounded counters as one text, in the order of their names. */
export function rawCounters(approximate: Approximate<string> | undefined): string | null {
  if (approximate === undefined) return null;
  const parts = Object.entries(approximate).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.length === 0 ? null : firstCharacters(parts.map(([name, raw]) => `${name}=${raw}`).join(';'), RAW_LENGTH);
}

export const sameCounters = (a: Counters, b: Counters): boolean =>
  a.reposts === b.reposts && a.comments === b.comments && a.likes === b.likes && a.raw_counters === b.raw_counters;

/**
 * The order of observations: by time; different counters seen at the same moment by their size, so that the last is the
 * largest and the order of loading does not matter.
 */
export function compareObservations(a: Omit<Observation, 'seq' | 'batch_id'>, b: Omit<Observation, 'seq' | 'batch_id'>): number {
  return (
    compare(a.observed_at, b.observed_at) ||
    compare(a.likes ?? -1, b.likes ?? -1) ||
    compare(a.comments ?? -1, b.comments ?? -1) ||
    compare(a.reposts ?? -1, b.reposts ?? -1) ||
    compare(a.raw_counters ?? '', b.raw_counters ?? '')
  );
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** The same observations with `seq` counting those of one moment in their order. */
export function ranked(observations: readonly Observation[]): Observation[] {
  let moment = '';
  let seq = 0;
  return [...observations].sort(compareObservations).map((one) => {
    seq = one.observed_at === moment ? seq + 1 : 0;
    moment = one.observed_at;
    return { ...one, seq };
  });
}
