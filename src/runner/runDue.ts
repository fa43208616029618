import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Clock } from '../clock';
import { messageOf } from '../errors';
import type { Log } from '../log';
import type { Day } from '../model/time';
import { currentMark } from '../store/marks';
import type { Store } from '../store/store';
import { openWorkshop, sqlText, type Workshop } from '../warehouse/duckdb';
import type { Files } from '../warehouse/files';
import { HEARTBEAT_MS } from '../owner';
import type { Ledger } from '../warehouse/ledger';
import { expectedPartitions, missingPartitions, type Coverage, type MissingPartition } from '../warehouse/missing';
import { passAudits, type FileAudit } from './auditing';
import type { Bench, Job } from './job';

export interface RunnerTools {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly buildMemoryMb: number;
  readonly tempDir: string;
  readonly onProgress?: (job: string, done: number, total: number) => void;
}

export interface RunOutcome {
  readonly job: string;
  readonly published: number;
  readonly failed: number;
  /** Partitions that another process holds. */
  readonly elsewhere: number;
}

/** The fingerprint of what shapes a job's facts. */
export const definitionOf = (job: Job): string => createHash('sha256').update(job.definition).digest('hex');

/** The partitions of a job that must be built now. */
export async function missingOf(job: Job, ledger: Ledger, coverage: readonly Coverage[], until?: Day): Promise<MissingPartition[]> {
  return missingPartitions(
    job.fact,
    expectedPartitions(coverage, until),
    await ledger.published(job.name),
    definitionOf(job),
    await ledger.marks(),
  );
}

/**
 * Builds every missing partition of a job: the one write path, for the night, catch-up, late data and backfills.
 * Each is claimed, extracted, written under a temporary name, audited, and published by one ledger row; what fails is
 * recorded and the next is built. A crash anywhere leaves the partition missing.
 */
export async function runDue(job: Job, tools: RunnerTools, until?: Day): Promise<RunOutcome> {
  const { store, ledger, log } = tools;
  // The mark is read before the source: what is marked later may not have been seen, and makes the partition missing again.
  const mark = await currentMark(store);
  const coverage = await ledger.coverage();
  const missing = await missingOf(job, ledger, coverage, until);
  const outcome = { job: job.name, published: 0, failed: 0, elsewhere: 0 };
  if (missing.length === 0) return outcome;

  log('job.started', { job: job.name, partitions: missing.length });
  const workshop = await openWorkshop({ memoryMb: tools.buildMemoryMb, tempDir: tools.tempDir });
  try {
    const bench: Bench = { store, workshop, coverage };
    await job.prepare(bench);
    for (const partition of missing) {
      const fate = await build(job, bench, partition, mark, tools);
      outcome[fate] += 1;
      tools.onProgress?.(job.name, outcome.published + outcome.failed + outcome.elsewhere, missing.length);
    }
  } finally {
    workshop.close();
  }
  log('job.finished', outcome);
  return outcome;
}

function build(
  job: Job,
  bench: Bench,
  partition: MissingPartition,
  mark: number,
  tools: RunnerTools,
): Promise<'published' | 'failed' | 'elsewhere'> {
  return attempt({ job: job.name, folder: `${job.fact}/${partition.key}`, definition: definitionOf(job), mark }, partition, tools, {
    write: async (file) => {
      const sourceRows = await job.extract(bench, partition);
      return { sourceRows, rows: await copyTo(file, job.sql(partition), bench.workshop) };
    },
    audits: job.audits.map((audit) => ({ ...audit, check: (file) => audit.check(bench, partition, file) })),
  });
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
}

/**
 * One attempt at one file: claimed, written under a temporary name, audited, moved to the name of its content, published by
 * one ledger row. A failure is recorded and returned, not thrown.
 */
export async function attempt(
  { job, folder, definition, mark }: { readonly job: string; readonly folder: string; readonly definition: string; readonly mark: number },
  partition: MissingPartition,
  tools: RunnerTools,
  { write, audits }: Work,
): Promise<'published' | 'failed' | 'elsewhere'> {
  const { ledger, files, log } = tools;
  const facts = { job, partition: partition.key, reason: partition.reason };
  const run = await ledger.claim(job, partition, definition, mark, partition.reason);
  if (run === null) return 'elsewhere';
  const heart = setInterval(
    () => void ledger.heartbeat(run).catch((error: unknown) => log('heartbeat.failed', { run, error: messageOf(error) })),
    HEARTBEAT_MS,
  );
  const began = tools.clock.now().getTime();
  const temporary = files.temporary(`${job}-${partition.key}-${run}`);
  try {
    const written = sqlText(temporary);
    const { sourceRows, rows } = await write(written);
    await passAudits(
      { run, job, partition: partition.key, fact: folder.split('/')[0]!, definition, from: partition.from, to: partition.to },
      audits,
      written,
      tools,
    );
    const file = await files.adopt(temporary, folder);
    const published = await ledger.publish(run, file, sourceRows, rows);
    if (!published) return 'elsewhere';
    log('partition.published', { ...facts, run, rows, sourceRows, durationMs: tools.clock.now().getTime() - began });
    return 'published';
  } catch (error) {
    // One partition's failure never stops the night.
    rmSync(temporary, { force: true });
    await ledger.fail(run, messageOf(error));
    log('partition.failed', { ...facts, run, error: messageOf(error) });
    return 'failed';
  } finally {
    clearInterval(heart);
  }
}
