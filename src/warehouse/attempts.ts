import type { Day } from '../model/time';
import type { Mark, MissingPartition } from './missing';

/** A failed run that no later run of its partition has made good. */
export interface FailedRun {
  readonly id: number;
  readonly key: string;
  readonly to: Day;
  readonly definition: string;
  readonly inputMark: number;
  /** True when disk or database failed, not the data: such a run is not counted. */
  readonly transient: boolean;
  readonly error: string;
  readonly startedAt: Date;
  readonly nextAttemptAt: Date | null;
}

/** How often a partition failed as it is to be built now. */
export interface Standing {
  /** Failures that count towards the limit. */
  readonly attempts: number;
  readonly last: FailedRun | null;
}

const FRESH: Standing = { attempts: 0, last: null };

/**
 * What the failures of a partition say of the next attempt. Only those count that tried the same: the same definition, the
 * same days, and no newer mark on them. Whatever changes one of these may have removed the cause, and everything begins anew.
 */
export function standingOf(
  partition: { readonly key: string; readonly from: Day; readonly to: Day },
  failures: readonly FailedRun[],
  definition: string,
  marks: readonly Pick<Mark, 'mark' | 'from' | 'to'>[],
): Standing {
  const newest = marks.reduce((most, { mark, from, to }) => (from <= partition.to && to >= partition.from && mark > most ? mark : most), 0);
  const same = failures.filter(
    (run) => run.key === partition.key && run.to === partition.to && run.definition === definition && run.inputMark >= newest,
  );
  if (same.length === 0) return FRESH;
  return { attempts: same.filter(({ transient }) => !transient).length, last: same.at(-1)! };
}

/** A missing partition that has failed as often as the limit allows. */
export interface PoisonedPartition extends MissingPartition {
  /** The last run that failed. */
  readonly run: number;
  readonly attempts: number;
  readonly error: string;
}

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** How long to wait after the n-th failure in a row: a minute, two, four, … and never more than an hour. */
export const pauseAfter = (failures: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
