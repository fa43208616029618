import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Log } from '../log';
import type { Day } from '../model/time';
import { currentMark } from '../store/marks';
import type { Store } from '../store/store';
import { openWorkshop, sqlText, type Workshop } from '../warehouse/duckdb';
import type { Files } from '../warehouse/files';
import { pauseAfter, standingOf, type PoisonedPartition, type Standing } from '../warehouse/attempts';
import type { Ledger, LedgerRun } from '../warehouse/ledger';
import {
  expectedPartitions,
  missingPartitions,
  type Coverage,
  type MissingPartition,
  type Partition,
  type PublishedRun,
} from '../warehouse/missing';
import { passAudits, type FileAudit } from './auditing';
import type { Bench, Job } from './job';
import { isOfSurroundings, toldWithAdvice } from './surroundings';
import { watchRun } from './watchRun';

export interface RunnerTools {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly buildMemoryMb: number;
  readonly tempDir: string;
  readonly onProgress?: (job: string, done: number, total: number) => void;
  /** Attempts at a partition that fails by its data, before it is left alone; unless given, `MAX_ATTEMPTS`. */
  readonly maxAttempts?: number;
  /** True between two nights: what failed is not tried before its pause is over. A night tries it anyway. */
  readonly heedPauses?: boolean;
  /** Partitions that this process builds at once; unless given, one. */
  readonly builders?: number;
  /** Who or what the ledger names as having asked: `schedule`, `start`, the name of a person. */
  readonly requestedBy?: string;
  /** Given when the process is to stop: what is being built is broken off. */
  readonly signal?: AbortSignal;
}

/** What GOVBLOG_MAX_ATTEMPTS is unless set. */
export const MAX_ATTEMPTS = 5;

export interface RunOutcome {
  readonly job: string;
  readonly published: number;
  readonly failed: number;
  /** Partitions that another process holds. */
  readonly elsewhere: number;
  /** Missing partitions that were left alone, because they failed too often; absent when there are none. */
  readonly poisoned?: number;
  /** Partitions whose backfill was cancelled while they were built, or whose process is to stop; absent when there are none. */
  readonly cancelled?: number;
}

/** The fingerprint of what shapes a job's facts. */
export const definitionOf = (job: Job): string => createHash('sha256').update(job.definition).digest('hex');

/** What a job misses, and what it has failed at. */
export interface JobState {
  readonly published: ReadonlyMap<string, PublishedRun & { readonly run: LedgerRun }>;
  /** What is to be built, without what is poisoned. */
  readonly missing: readonly MissingPartition[];
  readonly poisoned: readonly PoisonedPartition[];
  /** How often a partition has failed as it is to be built now. */
  standing(partition: Partition): Standing;
}

/** The state of a job by the ledger. */
export async function stateOf(
  job: Job,
  ledger: Ledger,
  coverage: readonly Coverage[],
  { until, maxAttempts = MAX_ATTEMPTS }: { readonly until?: Day | undefined; readonly maxAttempts?: number | undefined } = {},
): Promise<JobState> {
  const definition = definitionOf(job);
  const published = await ledger.published(job.name);
  const marks = (await ledger.marks()).filter(({ fact }) => fact === job.fact);
  const failures = await ledger.failures(job.name);
  const standing = (partition: Partition): Standing => standingOf(partition, failures, definition, marks);
  const all = missingPartitions(job.fact, expectedPartitions(coverage, until), published, definition, marks);
  const isPoisoned = (partition: Partition): boolean => standing(partition).attempts >= maxAttempts;
  return {
    published,
    standing,
    missing: all.filter((partition) => !isPoisoned(partition)),
    poisoned: all.filter(isPoisoned).map((partition) => {
      const { attempts, last } = standing(partition);
      return { ...partition, attempts, error: last!.error };
    }),
  };
}

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
  const builders = Math.min(tools.builders ?? 1, due.length);
  const build = async (): Promise<void> => {
    const workshop = await openWorkshop({ memoryMb: Math.floor(tools.buildMemoryMb / builders), tempDir: tools.tempDir });
    try {
      const bench: Bench = { store: tools.store, workshop, coverage: grounds.coverage };
      workshop.heed(tools.signal ?? null);
      await job.prepare(bench);
      while (!tools.signal?.aborted && ((await grounds.mayGoOn?.()) ?? true)) {
        const partition = queue.shift();
        if (partition === undefined) return;
        outcome[await buildOne(job, bench, partition, grounds, tools)] += 1;
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
  tools.log('job.finished', plain(outcome) as unknown as Record<string, unknown>);
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

/** Writes the rows of a statement as every file of the warehouse is written; how many there are. */
export async function copyTo(file: string, sql: string, workshop: Workshop): Promise<number> {
  const { rows } = await workshop.query(`copy (${sql}) to ${file} (format parquet, compression zstd, row_group_size 122880)`);
  return Number(rows[0]![0]);
}

/** What one attempt at a file is. */
interface Work {
  /** Writes the file (given as an SQL literal) and tells how many rows were read and how many written. */
  readonly write: (file: string) => Promise<{ readonly sourceRows: number; readonly rows: number }>;
  readonly audits: readonly FileAudit[];
  /** The engine that does it, to be broken off when the run is cancelled. */
  readonly workshop: Workshop;
}

/** What is to be attempted. */
interface Target {
  readonly job: string;
  readonly folder: string;
  readonly definition: string;
  readonly mark: number;
  /** The run that is published now. */
  readonly before: number | null;
  /** Failures so far that count towards the limit. */
  readonly failed: number;
  readonly backfill?: number | null;
}

export type Fate = 'published' | 'failed' | 'elsewhere' | 'cancelled';

/**
 * One attempt at one file: claimed, written under a temporary name, audited, moved to the name of its content, published by
 * one ledger row. A failure is recorded and returned, not thrown.
 */
export async function attempt(target: Target, partition: MissingPartition, tools: RunnerTools, work: Work): Promise<Fate> {
  const { ledger, files, log, clock } = tools;
  const { job, folder, definition, mark, before, failed, backfill = null } = target;
  const run = await ledger.claim({
    ...{ job, partition, definition, inputMark: mark, reason: partition.reason, before, backfill },
    ...{ attempt: failed + 1, requestedBy: tools.requestedBy ?? null },
  });
  if (run === null) return 'elsewhere';
  const facts = { job, partition: partition.key, run, reason: partition.reason, ...(backfill !== null && { backfill }) };
  const watch = watchRun(run, tools);
  work.workshop.heed(watch.signal);
  const began = clock.now().getTime();
  const temporary = files.temporary(`${job}-${partition.key}-${run}`);
  try {
    const written = sqlText(temporary);
    const { sourceRows, rows } = await work.write(written);
    await passAudits(
      { run, job, partition: partition.key, fact: folder.split('/')[0]!, definition, from: partition.from, to: partition.to },
      work.audits,
      written,
      tools,
    );
    watch.signal.throwIfAborted();
    const file = await files.adopt(temporary, folder);
    const published = await ledger.publish(run, file, sourceRows, rows);
    if (!published) return backfill === null ? 'elsewhere' : 'cancelled';
    log('partition.published', { ...facts, rows, sourceRows, durationMs: clock.now().getTime() - began });
    return 'published';
  } catch (error) {
    // One partition's failure never stops the night.
    files.discard(temporary);
    if (watch.signal.aborted) {
      await ledger.abandon(run);
      log('partition.cancelled', { ...facts, durationMs: clock.now().getTime() - began });
      return 'cancelled';
    }
    const transient = isOfSurroundings(error);
    const failures = transient ? failed : failed + 1;
    const again = transient || failures < (tools.maxAttempts ?? MAX_ATTEMPTS);
    const nextAttemptAt = again ? new Date(clock.now().getTime() + pauseAfter(failed + 1)) : null;
    await ledger.fail(run, toldWithAdvice(error), { transient, nextAttemptAt });
    log('partition.failed', { ...facts, attempt: failed + 1, nextAttemptAt, error: toldWithAdvice(error) });
    return 'failed';
  } finally {
    watch.stop();
    work.workshop.heed(tools.signal ?? null);
    ledger.release(run);
  }
}
