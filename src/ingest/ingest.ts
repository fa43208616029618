import { setFlagsFromString } from 'node:v8';
import { relative } from 'node:path';
import type { Clock } from '../clock';
import { messageOf } from '../errors';
import type { Log } from '../log';
import { toSqlInstant } from '../model/time';
import type { Store, Tx } from '../store/store';
import { batchesAhead, type Batch } from './ahead';
import { beginBatch, countRows, finishBatch } from './batches';
import { openCitizenHash } from './citizens';
import { rowsOf, type Reject, type Tally } from './outcome';
import type { Reading } from './reading';
import { readRules } from './rules';
import { spanBook } from './spans';
import { writeBatch, writeCrawls, type WriteTools } from './writer';

const RAW_LIMIT = 60_000;
const REJECT_COLUMNS = ['batch_id', 'file', 'line', 'field', 'reason', 'raw', 'header', 'observed_at'] as const;

export interface IngestSummary extends Readonly<Tally> {
  readonly batch: number;
  readonly rowsRead: number;
  readonly files: number;
  readonly skipped: Reading['skipped'];
  /** Rows that an earlier, interrupted run of the same load had settled already. */
  readonly resumedAt: number;
}

export interface IngestTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Holds the key of the hashes of citizens. */
  readonly dataDir: string;
  /** The source holds every post of its accounts between the first and the last it has of each: what it lacks is gone. */
  readonly exhaustive?: boolean;
  /** How the load was asked for: what reading its rejects again will need. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Called after each transaction with the bytes done so far and the tally. */
  readonly onProgress?: (done: number, tally: Readonly<Tally>) => void;
}

/**
 * Loads a reading into the operational store, in transactions of some thousand rows. Loading the same rows again changes
 * nothing. If it is stopped, what was committed stands and the batch is left `running`; loading the same files again
 * continues it after the last row that was committed.
 */
export async function ingest(reading: Reading, tools: IngestTools): Promise<IngestSummary> {
  const { store, clock, log, dataDir, exhaustive = false, options = {}, onProgress } = tools;
  // Rows are soon forgotten. Unless told so, V8 lets them pile up to several times what lives: a quarter more memory, to be 3 % quicker.
  setFlagsFromString('--heap-growing-percent=100');
  const rules = await readRules(store, clock.now());
  const begun = await beginBatch(store, clock, reading, { ...options, exhaustive });
  const write: WriteTools = { store, rules, hash: await openCitizenHash(store, dataDir), batchId: begun.id };
  log(begun.done > 0 ? 'ingest.resumed' : 'ingest.started', {
    batch: begun.id,
    format: reading.format,
    source: reading.source,
    files: reading.files.length,
    rows: begun.done,
  });
  const total = { ...begun.tally };
  const commit = async ({ rows, features }: Batch): Promise<void> => {
    const made = await features;
    const { tally } = await store.write(async (tx) => {
      const written = await writeBatch(tx, rows, write, made);
      await writeRejects(tx, begun.id, written.rejects, reading);
      await countRows(tx, clock, begun.id, rows.length, written.tally);
      return written;
    });
    for (const fate of ['accepted', 'updated', 'unchanged', 'rejected'] as const) total[fate] += tally[fate];
    onProgress?.(reading.meter.done, total);
  };

  let rowsRead = 0;
  const spans = spanBook();
  const batches = batchesAhead(reading.rows(), rules, (row) => {
    rowsRead += 1;
    if (exhaustive) spans.see(row);
    return rowsRead > begun.done;
  });
  try {
    let next = batches.next();
    for (let batch = await next; !batch.done; batch = await next) {
      // While the store is busy, the next batch is read.
      next = batches.next();
      next.catch(() => undefined);
      await commit(batch.value);
    }
    if (rowsOf(total) !== rowsRead) throw new Error(`${rowsRead} rows were read but ${rowsOf(total)} accounted for`);
    const crawled = spans.all();
    if (crawled.length > 0) await store.write((tx) => writeCrawls(tx, crawled, write));
    await finishBatch(store, clock, begun.id, 'complete', null);
    await reading.remember?.(store);
  } catch (error) {
    await finishBatch(store, clock, begun.id, 'failed', messageOf(error));
    log('ingest.failed', { batch: begun.id, rows: rowsRead, error: messageOf(error) });
    throw error;
  } finally {
    await batches.return();
  }
  log('ingest.completed', { batch: begun.id, rows: rowsRead, ...total });
  return { batch: begun.id, rowsRead, ...total, files: reading.files.length, skipped: reading.skipped, resumedAt: begun.done };
}

const writeRejects = (tx: Tx, batch: number, rejects: readonly Reject[], reading: Reading): Promise<void> =>
  tx.insert(
    'ingest_reject',
    REJECT_COLUMNS,
    rejects.map(({ origin, field, reason, raw }) => [
      batch,
      // The place of a database is no path.
      (origin.file.includes('://') ? origin.file : relative('.', origin.file)).slice(0, 600),
      origin.line,
      field?.slice(0, 120) ?? null,
      reason.slice(0, 600),
      cut(raw),
      origin.header ?? null,
      instantText(reading.observedAt ?? reading.timeOf?.(origin.file)),
    ]),
  );

const instantText = (at: number | null | undefined): string | null => (at === null || at === undefined ? null : toSqlInstant(at));

/** As much of a row as the store has room for, in bytes. */
const cut = (raw: string): string => (Buffer.byteLength(raw) <= RAW_LIMIT ? raw : Buffer.from(raw).subarray(0, RAW_LIMIT).toString());
