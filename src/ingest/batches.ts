import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../clock';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import { isOwnerAlive, OWNER } from '../owner';
import type { Store, Tx } from '../store/store';
import { emptyTally, rowsOf, type Tally } from './outcome';
import type { Reading } from './reading';

/** Bytes of a text column of MySQL. */
const ROOM_FOR_OPTIONS = 65_535;

/** A batch that was begun, now or by a run that was interrupted. */
export interface BegunBatch {
  readonly id: number;
  /** Rows that are settled already: the first of the reading. */
  readonly done: number;
  readonly tally: Tally;
}

type BatchRow = Tally & {
  readonly id: number;
  readonly status: string;
  readonly owner: string | null;
  readonly heartbeat_at: string | null;
};

/**
 * Begins a load, or continues the one that the same files left unfinished: the same format, options, names, sizes and
 * times, and nobody alive who works on it.
 */
export async function beginBatch(
  store: Store,
  clock: Clock,
  reading: Reading,
  options: Readonly<Record<string, unknown>>,
): Promise<BegunBatch> {
  const now = toSqlInstant(clock.now().getTime());
  const asked = JSON.stringify(options);
  const fingerprint = fingerprintOf(reading, asked);
  return store.write(async (tx) => {
    const left = fingerprint === null ? undefined : await unfinished(tx, clock, fingerprint);
    if (left && (await takeOver(tx, left, now))) {
      const { accepted, updated, unchanged, rejected } = left;
      const tally = { accepted, updated, unchanged, rejected };
      return { id: left.id, done: rowsOf(tally), tally };
    }
    const id = await tx.insertOne('ingest_batch', {
      format: reading.format.slice(0, 40),
      source: reading.source.slice(0, 600),
      status: 'running',
      started_at: now,
      rows_read: 0,
      ...emptyTally(),
      // Longer ones can only come of a very long profile: the load is taken, though its rejects cannot be read again.
      options: Buffer.byteLength(asked) <= ROOM_FOR_OPTIONS ? asked : null,
      fingerprint,
      owner: OWNER,
      heartbeat_at: now,
      observed_at: reading.observedAt === undefined || reading.observedAt === null ? null : toSqlInstant(reading.observedAt),
    });
    return { id, done: 0, tally: emptyTally() };
  });
}

async function unfinished(tx: Tx, clock: Clock, fingerprint: string): Promise<BatchRow | undefined> {
  const rows = await tx.query<BatchRow>(
    `SELECT id, status, owner, heartbeat_at, accepted, updated, unchanged, rejected FROM ingest_batch
     WHERE fingerprint = ? AND status IN ('running', 'failed') ORDER BY id DESC`,
    [fingerprint],
  );
  return rows.find(
    ({ status, owner, heartbeat_at }) =>
      status === 'failed' || owner === null || heartbeat_at === null || !isOwnerAlive(owner, fromSqlInstant(heartbeat_at), clock.now()),
  );
}

/** Whether the batch is ours now: of several that found it at the same moment, one changes the row as it was. */
const takeOver = async (tx: Tx, { id, status, owner }: BatchRow, now: string): Promise<boolean> =>
  (await tx.run(
    `UPDATE ingest_batch SET status = 'running', finished_at = NULL, error = NULL, owner = ?, heartbeat_at = ?
     WHERE id = ? AND status = ? AND COALESCE(owner, '') = ?`,
    [OWNER, now, id, status, owner ?? ''],
  )) === 1;

/** Null: the source is no file, so nobody can tell whether it is the same as before. */
function fingerprintOf({ format, files }: Reading, options: string): string | null {
  if (files.length === 0) return null;
  const hash = createHash('sha256').update(format).update(options);
  try {
    for (const file of files) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`\n${resolve(file)} ${size} ${mtimeMs}`);
    }
  } catch {
    return null;
  }
  return hash.digest('hex');
}

/** Adds the rows of one transaction to the books of the batch, in that transaction. */
export const countRows = (tx: Tx, clock: Clock, batch: number, rows: number, tally: Tally): Promise<number> =>
  tx.run(
    'UPDATE ingest_batch SET rows_read = rows_read + ?, accepted = accepted + ?, updated = updated + ?, unchanged = unchanged + ?, rejected = rejected + ?, heartbeat_at = ? WHERE id = ?',
    [rows, tally.accepted, tally.updated, tally.unchanged, tally.rejected, toSqlInstant(clock.now().getTime()), batch],
  );

export const finishBatch = (
  store: Store,
  clock: Clock,
  batch: number,
  status: 'complete' | 'failed',
  error: string | null,
): Promise<number> =>
  store.write((tx) =>
    tx.run('UPDATE ingest_batch SET status = ?, finished_at = ?, error = ? WHERE id = ?', [
      status,
      toSqlInstant(clock.now().getTime()),
      error,
      batch,
    ]),
  );
