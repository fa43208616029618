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

/** What the time that is left follows from. */
export interface Pace {
  readonly status: BackfillPartitionStatus;
  readonly rows: number;
  /** What the partition was expected to take; null when nothing told. */
  readonly expectedMs: number | null;
  /** What it took; null until it is published. */
  readonly tookMs: number | null;
}

/**
 * Seconds until nothing is left: what the others are expected to take, times how much longer than expected those took that
 * are done, divided among those at work. Where nothing was expected, rows are the measure. Null when nothing tells.
 */
export function etaSeconds(partitions: readonly Pace[]): number | null {
  const left = partitions.filter(({ status }) => status === 'queued' || status === 'running');
  if (left.length === 0) return 0;
  const isTimed = partitions.every(({ expectedMs }) => expectedMs !== null);
  // A partition without rows takes its time too.
  const weight = ({ rows, expectedMs }: Pace): number => (isTimed ? expectedMs! : rows) + 1;
  const total = (some: readonly Pace[], value: (one: Pace) => number): number => some.reduce((sum, one) => sum + value(one), 0);
  const done = partitions.filter(({ tookMs }) => tookMs !== null);
  if (done.length === 0 && !isTimed) return null;
  const factor = done.length === 0 ? 1 : total(done, ({ tookMs }) => tookMs!) / total(done, weight);
  const atWork = Math.max(1, left.filter(({ status }) => status === 'running').length);
  return Math.round((total(left, weight) * factor) / atWork / 100) / 10;
}
