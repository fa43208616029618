import type { Day } from '../model/time';
import { currentMark } from '../store/marks';
import { openWorkshop } from '../warehouse/duckdb';
import type { Coverage, MissingPartition, Partition } from '../warehouse/missing';
import { attempt, copyTo, type Fate } from './attempt';
import type { Bench, Job } from './job';
import { definitionOf, stateOf, type JobState } from './jobState';
import type { RunnerTools, RunOutcome } from './runnerTools';

export type { RunnerTools, RunOutcome } from './runnerTools';

/**
 * Builds every missing partition of a job but those that only a backfill asks for, which have their turn after the night.
 * What has failed too often is left alone until its inputs, its days or its definition change.
 */
export async function runDue(job: Job, tools: RunnerTools, until?: Day): Promise<RunOutcome> {
  const { store, ledger, maxAttempts } = tools;
  // The mark is read before the source: what is marked later may not have been seen, and makes the partition missing again.
  const mark = await currentMark(store);
  const coverage = await ledger.coverage();
  const state = await stateOf(job, ledger, coverage, { until, maxAttempts });
  const now = tools.clock.now();
  const pauses = (partition: Partition): boolean => {
    const next = state.standing(partition).last?.nextAttemptAt ?? null;
    return tools.heedPauses === true && next !== null && next > now;
  };
  const due = state.missing.filter((one) => one.backfill === undefined && !pauses(one));
  const poisoned = state.poisoned.filter(({ backfill }) => backfill === undefined).length;
  return { ...(await buildAll(job, due, { mark, coverage, state }, tools)), ...(poisoned > 0 && { poisoned }) };
}

/** What a list of partitions is built from. */
export interface Grounds {
  /** The newest mark when the source was first looked at. */
  readonly mark: number;
  readonly coverage: readonly Coverage[];
  readonly state: JobState;
  /** The backfill that they are built for. */
  readonly backfill?: { readonly id: number; attempts(partition: Partition): number };
  /** Asked before each partition: whether the next one is to be begun. */
  mayGoOn?(): Promise<boolean>;
}

/**
 * Builds partitions of a job: the one write path, for the night, catch-up, late data and backfills.
 * Each is claimed, extracted, written under a temporary name, audited, and published by one ledger row; what fails is
 * recorded and the next is built. A crash anywhere leaves the partition missing.
 */
export async function buildAll(job: Job, due: readonly MissingPartition[], grounds: Grounds, tools: RunnerTools): Promise<RunOutcome> {
  const outcome = { job: job.name, published: 0, failed: 0, elsewhere: 0, cancelled: 0 };
  const plain = ({ cancelled, ...rest }: typeof outcome): RunOutcome => ({ ...rest, ...(cancelled > 0 && { cancelled }) });
  if (due.length === 0) return plain(outcome);

  tools.log('job.started', { job: job.name, partitions: due.length, ...(grounds.backfill && { backfill: grounds.backfill.id }) });
  // Each builder takes the oldest that is left: what is staged once a run reaches from the oldest partition on.
  const queue = [...due];
  const { overall, perJob } = tools.ledger.limits;
  const builders = Math.min(tools.builders ?? 1, due.length, overall, perJob);
  const build = async (): Promise<void> => {
    const workshop = await openWorkshop({ memoryMb: Math.floor(tools.buildMemoryMb / builders), tempDir: tools.tempDir });
    try {
      const bench: Bench = { store: tools.store, workshop, coverage: grounds.coverage };
      workshop.heed(tools.signal ?? null);
      await job.prepare(bench);
      while (!tools.signal?.aborted && ((await grounds.mayGoOn?.()) ?? true)) {
        const partition = queue.shift();
        if (partition === undefined) return;
        const fate = await buildOne(job, bench, partition, grounds, tools);
        if (fate === 'left') return;
        outcome[fate] += 1;
        tools.onProgress?.(job.name, outcome.published + outcome.failed + outcome.elsewhere + outcome.cancelled, due.length);
      }
    } catch (error) {
      if (!tools.signal?.aborted) throw error;
    } finally {
      workshop.close();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: builders }, build));
  const broken = ended.find((one): one is PromiseRejectedResult => one.status === 'rejected');
  if (broken) throw broken.reason;
  tools.log('job.finished', { ...plain(outcome), ...(grounds.backfill && { backfill: grounds.backfill.id }) });
  return plain(outcome);
}

function buildOne(job: Job, bench: Bench, partition: MissingPartition, grounds: Grounds, tools: RunnerTools): Promise<Fate> {
  const { backfill, state } = grounds;
  const failed = backfill === undefined ? state.standing(partition).attempts : backfill.attempts(partition);
  return attempt(
    {
      job: job.name,
      folder: `${job.fact}/${partition.key}`,
      definition: definitionOf(job),
      mark: grounds.mark,
      before: state.published.get(partition.key)?.run.id ?? null,
      failed,
      backfill: backfill?.id ?? null,
      mayGoOn: async () => (await grounds.mayGoOn?.()) ?? true,
    },
    partition,
    tools,
    {
      write: async (file) => {
        const sourceRows = await job.extract(bench, partition);
        return { sourceRows, rows: await copyTo(file, job.sql(partition), bench.workshop) };
      },
      audits: job.audits.map((audit) => ({ ...audit, check: (file) => audit.check(bench, partition, file) })),
      workshop: bench.workshop,
    },
  );
}
