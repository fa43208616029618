import type { BackfillPartitionStatus, BackfillStatus } from './backfillTypes';

/** What the status of a backfill follows from. */
export function statusOf(state: string, partitions: readonly { readonly status: BackfillPartitionStatus }[]): BackfillStatus {
  const has = (status: BackfillPartitionStatus): boolean => partitions.some((one) => one.status === status);
  const isOver = !has('queued') && !has('running');
  if (state === 'cancelled') return 'cancelled';
  if (isOver) return has('failed') ? 'failed' : 'published';
  if (state === 'paused') return 'paused';
  return has('running') ? 'running' : partitions.some(({ status }) => status === 'published') ? 'running' : 'queued';
}

/** What the time that is left follows from; times are milliseconds. */
export interface Pace {
  readonly status: BackfillPartitionStatus;
  readonly rows: number;
  /** What the partition was expected to take; null when nothing told. */
  readonly expectedMs: number | null;
  /** What it took; null until it is published. */
  readonly tookMs: number | null;
  /** How long it has been at work. */
  readonly atWorkMs?: number;
  /** How long it waits before it is tried again. */
  readonly waitMs?: number;
}

/** Of what a partition was expected to take, the part that is left at least as long as it is at work. */
const LEAST_LEFT = 0.1;

/**
 * Seconds until no partition is left; the snapshot that follows is not in it. What the others are expected to take, times how
 * much longer than expected those took that are done, divided among those at work, and never less than the longest of them.
 * Where nothing was expected, rows are the measure. Null when nothing tells.
 */
export function etaSeconds(partitions: readonly Pace[]): number | null {
  const left = partitions.filter(({ status }) => status === 'queued' || status === 'running');
  if (left.length === 0) return 0;
  const isTimed = partitions.every(({ expectedMs }) => expectedMs !== null);
  // A partition without rows takes its time too.
  const weight = ({ rows, expectedMs }: Pace): number => (isTimed ? expectedMs! : rows) + 1;
  const done = partitions.flatMap((one) => (one.tookMs === null ? [] : [{ took: one.tookMs, expected: weight(one) }]));
  if (done.length === 0 && !isTimed) return null;
  const factor =
    done.length === 0 ? 1 : isTimed ? typicalRatio(done) : total(done, ({ took }) => took) / total(done, (one) => one.expected);
  const rest = left.map((one) => {
    const whole = weight(one) * factor;
    return { ms: Math.max(whole * LEAST_LEFT, whole - (one.atWorkMs ?? 0)), waitMs: one.waitMs ?? 0 };
  });
  const atWork = Math.max(1, left.filter(({ status }) => status === 'running').length);
  const longest = Math.max(...rest.map(({ ms, waitMs }) => ms + waitMs));
  return Math.round(Math.max(total(rest, ({ ms }) => ms) / atWork, longest) / 100) / 10;
}

const total = <T>(some: readonly T[], value: (one: T) => number): number => some.reduce((sum, one) => sum + value(one), 0);

/**
 * How many times longer than expected: the median, by work. One partition that was slow once, then or now (the first of a
 * process, which reads and compiles what all need), tells nothing about the others; so the smaller of its two times is its weight.
 */
function typicalRatio(done: readonly { readonly took: number; readonly expected: number }[]): number {
  const ratios = done
    .map(({ took, expected }) => ({ ratio: took / expected, work: Math.min(took, expected) }))
    .sort((a, b) => a.ratio - b.ratio);
  const half = total(ratios, ({ work }) => work) / 2;
  let sum = 0;
  return ratios.find(({ work }) => (sum += work) >= half)!.ratio;
}

/** Times of partitions in their order, each the median of itself and its two neighbours: one that was disturbed is not expected again. */
export const smoothed = (times: readonly (number | null)[]): (number | null)[] =>
  times.map((time, index) => {
    if (time === null) return null;
    const start = Math.max(0, Math.min(index - 1, times.length - 3));
    const near = times.slice(start, start + 3).flatMap((one) => (one === null ? [] : [one]));
    return medianOf(near);
  });

/** Of one number at least. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
