import { relative } from 'node:path';
import type { Clock } from '../clock';
import { messageOf } from '../errors';
import type { Log } from '../log';
import { toSqlInstant } from '../model/time';
import type { Store, Tx } from '../store/store';
import { emptyTally, rowsOf, type ParsedRow, type Reject, type Tally } from './outcome';
import type { Reading } from './reading';
import { readRules } from './rules';
import { writeBatch } from './writer';

/** Rows of one transaction: large enough to be quick, small enough that a reader never waits long for the lock. */
const ROWS_PER_BATCH = 2_000;
const RAW_LIMIT = 4_000;
const REJECT_COLUMNS = ['batch_id', 'file', 'line', 'field', 'reason', 'raw'] as const;

export interface IngestSummary extends Readonly<Tally> {
  readonly batch: number;
  readonly rowsRead: number;
  readonly files: number;
  readonly skipped: Reading['skipped'];
}

export interface IngestTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each transaction with the bytes done so far and the tally. */
  readonly onProgress?: (done: number, tally: Readonly<Tally>) => void;
}

/**
 * Loads a reading into the operational store, in transactions of some thousand rows. Loading the same rows again changes
 * nothing. If it is stopped, what was committed stands, the batch is left `running`, and running it again completes it.
 */
export async function ingest(reading: Reading, { store, clock, log, onProgress }: IngestTools): Promise<IngestSummary> {
  const rules = await readRules(store, clock.now());
  const batch = await store.write((tx) =>
    tx.insertOne('ingest_batch', {
      format: reading.format,
      source: reading.source.slice(0, 600),
      status: 'running',
      started_at: toSqlInstant(clock.now().getTime()),
      rows_read: 0,
      accepted: 0,
      updated: 0,
      unchanged: 0,
      rejected: 0,
    }),
  );
  log('ingest.started', { batch, format: reading.format, source: reading.source, files: reading.files.length });
  const total = emptyTally();
  const commit = async (rows: readonly ParsedRow[]): Promise<void> => {
    const { tally } = await store.write(async (tx) => {
      const written = await writeBatch(store, tx, rows, rules, batch, `ingest ${batch}`);
      await writeRejects(tx, batch, written.rejects);
      await tx.run(
        'UPDATE ingest_batch SET rows_read = rows_read + ?, accepted = accepted + ?, updated = updated + ?, unchanged = unchanged + ?, rejected = rejected + ? WHERE id = ?',
        [rows.length, written.tally.accepted, written.tally.updated, written.tally.unchanged, written.tally.rejected, batch],
      );
      return written;
    });
    for (const fate of ['accepted', 'updated', 'unchanged', 'rejected'] as const) total[fate] += tally[fate];
    onProgress?.(reading.meter.done, total);
  };

  let rowsRead = 0;
  try {
    let rows: ParsedRow[] = [];
    for await (const row of reading.rows()) {
      rowsRead += 1;
      rows.push(row);
      if (rows.length < ROWS_PER_BATCH) continue;
      await commit(rows);
      rows = [];
    }
    if (rows.length > 0) await commit(rows);
    if (rowsOf(total) !== rowsRead) throw new Error(`${rowsRead} rows were read but ${rowsOf(total)} accounted for`);
    await finish(store, clock, batch, 'complete', null);
  } catch (error) {
    await finish(store, clock, batch, 'failed', messageOf(error));
    log('ingest.failed', { batch, rows: rowsRead, error: messageOf(error) });
    throw error;
  }
  log('ingest.completed', { batch, rows: rowsRead, ...total });
  return { batch, rowsRead, ...total, files: reading.files.length, skipped: reading.skipped };
}

const finish = (store: Store, clock: Clock, batch: number, status: string, error: string | null): Promise<number> =>
  store.write((tx) =>
    tx.run('UPDATE ingest_batch SET status = ?, finished_at = ?, error = ? WHERE id = ?', [
      status,
      toSqlInstant(clock.now().getTime()),
      error,
      batch,
    ]),
  );

const writeRejects = (tx: Tx, batch: number, rejects: readonly Reject[]): Promise<void> =>
  tx.insert(
    'ingest_reject',
    REJECT_COLUMNS,
    rejects.map(({ origin, field, reason, raw }) => [
      batch,
      relative('.', origin.file),
      origin.line,
      field?.slice(0, 120) ?? null,
      reason.slice(0, 600),
      raw.slice(0, RAW_LIMIT),
    ]),
  );
