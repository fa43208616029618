import { pauseAfter } from '../warehouse/attempts';
import { sqlText, type Workshop } from '../warehouse/duckdb';
import type { MissingPartition } from '../warehouse/missing';
import { retract } from '../warehouse/retract';
import { claimInTurn } from './claiming';
import { passAudits, type FileAudit } from './auditing';
import { MAX_ATTEMPTS, type RunnerTools } from './runnerTools';
import { isOfSurroundings, toldWithAdvice } from './surroundings';
import { watchRun } from './watchRun';

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
  /** Asked while it waits for its turn: whether it is still to be begun. */
  readonly mayGoOn?: () => Promise<boolean>;
}

/** `left`: not begun, because whoever waited with it was to stop. */
export type Fate = 'published' | 'failed' | 'elsewhere' | 'cancelled' | 'left';

/**
 * One attempt at one file: claimed, written under a temporary name, audited, moved to the name of its content, published by
 * one ledger row. A failure is recorded and returned, not thrown.
 */
export async function attempt(target: Target, partition: MissingPartition, tools: RunnerTools, work: Work): Promise<Fate> {
  const { ledger, files, log, clock } = tools;
  const { job, folder, definition, mark, before, failed, backfill = null } = target;
  const run = await claimInTurn(
    {
      ...{ job, partition, definition, inputMark: mark, reason: partition.reason, before, backfill },
      ...{ attempt: failed + 1, requestedBy: tools.requestedBy ?? null },
    },
    tools,
    target.mayGoOn,
  );
  if (typeof run === 'string') return run;
  const facts = { job, partition: partition.key, run, reason: partition.reason, ...(backfill !== null && { backfill }) };
  const watch = watchRun(run, tools);
  work.workshop.heed(watch.signal);
  const began = clock.now().getTime();
  const temporary = files.temporary(`${job}-${partition.key}-${run}`);
  const cancelled = (): Fate => {
    log('partition.cancelled', { ...facts, durationMs: clock.now().getTime() - began });
    return 'cancelled';
  };
  /** The run has its partition no more: it was cancelled, or taken over by somebody who took its process for dead. */
  const lost = async (): Promise<Fate> => ((await ledger.isCancelled(run)) ? cancelled() : 'elsewhere');
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
    if (!(await ledger.publish(run, file, sourceRows, rows))) {
      // What cannot be removed now is found by the next collection.
      await retract(tools.store, files, job, partition.key, file).catch(() => undefined);
      return await lost();
    }
    log('partition.published', { ...facts, rows, sourceRows, durationMs: clock.now().getTime() - began });
    return 'published';
  } catch (error) {
    // One partition's failure never stops the night.
    files.discard(temporary);
    if (watch.signal.aborted) {
      await ledger.abandon(run);
      return cancelled();
    }
    const transient = isOfSurroundings(error);
    const failures = transient ? failed : failed + 1;
    const again = transient || failures < (tools.maxAttempts ?? MAX_ATTEMPTS);
    const nextAttemptAt = again ? new Date(clock.now().getTime() + pauseAfter(failed + 1)) : null;
    if (!(await ledger.fail(run, toldWithAdvice(error), { transient, nextAttemptAt }))) return await lost();
    log('partition.failed', { ...facts, attempt: failed + 1, nextAttemptAt, error: toldWithAdvice(error) });
    return 'failed';
  } finally {
    watch.stop();
    work.workshop.heed(tools.signal ?? null);
    ledger.release(run);
  }
}
