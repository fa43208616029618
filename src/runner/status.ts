import type { Day } from '../model/time';
import type { Ledger, LedgerRun } from '../warehouse/ledger';
import { expectedPartitions, watermarkOf, type MissingPartition } from '../warehouse/missing';
import type { Job } from './job';
import { stateOf } from './runDue';

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
}

export interface Timetable {
  readonly schedule: string | null;
  nextRunAt(): Date | null;
}

/** The state of every job, from the ledger alone. */
export async function jobViews(jobs: readonly Job[], ledger: Ledger, timetable: Timetable): Promise<JobView[]> {
  const coverage = await ledger.coverage();
  const expected = expectedPartitions(coverage);
  return Promise.all(
    jobs.map(async (job) => {
      const state = await stateOf(job, ledger, coverage);
      const missing = [...state.missing, ...state.poisoned].sort((a, b) => (a.key < b.key ? -1 : 1));
      const late = new Set(missing.filter(({ backfill }) => backfill === undefined).map(({ key }) => key));
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
      };
    }),
  );
}
