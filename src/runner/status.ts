import type { Day } from '../model/time';
import type { PoisonedPartition } from '../warehouse/attempts';
import type { Ledger, LedgerRun } from '../warehouse/ledger';
import { expectedPartitions, watermarkOf, type MissingPartition } from '../warehouse/missing';
import type { Job } from './job';
import { stateOf } from './jobState';

/** A job as an admin sees it. */
export interface JobView {
  readonly name: string;
  readonly fact: string;
  readonly description: string;
  /** Cron expression and zone, or null when the scheduler is off. */
  readonly schedule: string | null;
  readonly nextRunAt: Date | null;
  /** Last day with no hole before it. */
  readonly watermark: Day | null;
  readonly expected: number;
  readonly missing: readonly MissingPartition[];
  readonly lastRun: LedgerRun | null;
  /** Missing partitions that failed too often and are left alone, with their error. */
  readonly poisoned: readonly PoisonedPartition[];
  /** Missing partitions whose last attempt failed, and that are tried again. */
  readonly failing: readonly FailingPartition[];
  /** What is being built now, anywhere. */
  readonly running: readonly LedgerRun[];
  readonly concurrency: Concurrency;
  /** The oldest planned night that should have run and has not; null when all is well. */
  readonly overdueSince: Date | null;
}

/** How many partitions may be built at once, by all processes together, and how many are. */
export interface Concurrency {
  /** Of one job, and of all jobs and rollups. */
  readonly perJob: number;
  readonly overall: number;
  readonly running: number;
  readonly runningOverall: number;
}

export interface FailingPartition {
  readonly key: string;
  /** The last run that failed. */
  readonly run: number;
  readonly attempts: number;
  readonly error: string;
  readonly nextAttemptAt: Date | null;
}

export interface Timetable {
  readonly schedule: string | null;
  nextRunAt(): Date | null;
  overdueSince?(): Date | null;
}

/** The state of every job, from the ledger alone. */
export async function jobViews(jobs: readonly Job[], ledger: Ledger, timetable: Timetable, maxAttempts?: number): Promise<JobView[]> {
  const coverage = await ledger.coverage();
  const expected = expectedPartitions(coverage);
  const running = await ledger.running();
  return Promise.all(
    jobs.map(async (job) => {
      const state = await stateOf(job, ledger, coverage, { maxAttempts });
      const missing = [...state.missing, ...state.poisoned].sort((a, b) => (a.key < b.key ? -1 : 1));
      const late = new Set(missing.filter(({ backfill }) => backfill === undefined).map(({ key }) => key));
      const mine = running.filter((run) => run.job === job.name);
      return {
        name: job.name,
        fact: job.fact,
        description: job.description,
        schedule: timetable.schedule,
        nextRunAt: timetable.nextRunAt(),
        watermark: watermarkOf(expected, ({ key }) => !late.has(key)),
        expected: expected.length,
        missing,
        lastRun: (await ledger.lastRuns(job.name, 1))[0] ?? null,
        poisoned: state.poisoned,
        failing: state.missing.flatMap((partition) => {
          const { attempts, last } = state.standing(partition);
          return last === null
            ? []
            : [{ key: partition.key, run: last.id, attempts, error: last.error, nextAttemptAt: last.nextAttemptAt }];
        }),
        running: mine,
        concurrency: { ...ledger.limits, running: mine.length, runningOverall: running.length },
        overdueSince: timetable.overdueSince?.() ?? null,
      };
    }),
  );
}
