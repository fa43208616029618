import { createHash } from 'node:crypto';
import { counted } from '../counted';
import { GovblogError } from '../errors';
import { fromSqlInstant, toSqlInstant, type Day } from '../model/time';
import { isRollup } from '../query/rollups';
import { lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import type { Files } from './files';
import { goneOrUnknown } from './tombstones';

/** A file of a snapshot, with the days it covers when it is a fact partition. */
export interface SnapshotFile {
  readonly table: string;
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly from: Day | null;
  readonly to: Day | null;
}

/** A frozen set of files. An answer reads these files and nothing else. */
export interface Snapshot {
  readonly id: string;
  readonly publishedAt: Date;
  readonly contentHash: string;
  readonly from: Day;
  /** The last day with no hole before it. */
  readonly watermark: Day;
  /** True when any of its data is generated. */
  readonly synthetic: boolean;
  readonly files: readonly SnapshotFile[];
}

interface SnapshotRow {
  id: string;
  sequence: number;
  published_at: string;
  content_hash: string;
  from_day: string;
  watermark: string;
  synthetic: number;
}

/**
 * What a snapshot holds, as one hash: equal contents are the same snapshot, however they were built. A rollup is known by its
 * whole name: under another definition it is another one, even where its rows happen to be the same.
 */
export const contentHashOf = (files: readonly SnapshotFile[]): string =>
  createHash('sha256')
    .update(
      files
        .map((file) => `${isRollup(file) ? file.uri : file.table}|${file.from ?? ''}|${file.to ?? ''}|${file.sha256}`)
        .sort()
        .join('\n'),
    )
    .digest('hex');

/** The snapshot without its rollups, which hold nothing that its other files do not. */
export const withoutRollups = <S extends { readonly files: readonly SnapshotFile[] }>(snapshot: S): S => ({
  ...snapshot,
  files: snapshot.files.filter((file) => !isRollup(file)),
});

/** The newest snapshot, or null before the first is published. */
export async function currentSnapshot(store: Store): Promise<Snapshot | null> {
  const [row] = await store.query<SnapshotRow>('SELECT * FROM snapshot ORDER BY sequence DESC LIMIT 1');
  return row ? withFiles(store, row) : null;
}

/** The newest snapshot that a night of this store published: one that was imported is no earlier state of its data. */
export async function currentOwnSnapshot(store: Store): Promise<Snapshot | null> {
  const [row] = await store.query<SnapshotRow>('SELECT * FROM snapshot WHERE sequence > 0 ORDER BY sequence DESC LIMIT 1');
  return row ? withFiles(store, row) : null;
}

/** The id of the newest snapshot: the one cheap question of every request. */
export async function currentSnapshotId(store: Store): Promise<string | null> {
  const [row] = await store.query<{ id: string }>('SELECT id FROM snapshot ORDER BY sequence DESC LIMIT 1');
  return row?.id ?? null;
}

/** Whether the snapshot is there: it may have been deleted since somebody opened it. */
export const hasSnapshot = async (store: Store, id: string): Promise<boolean> =>
  (await store.query('SELECT id FROM snapshot WHERE id = ?', [id])).length > 0;

/** The snapshot with this id. NOT_FOUND when there never was one, SNAPSHOT_GONE when it was deleted. */
export async function snapshotById(store: Store, id: string): Promise<Snapshot> {
  const [row] = await store.query<SnapshotRow>('SELECT * FROM snapshot WHERE id = ?', [id]);
  if (!row) throw await goneOrUnknown(store, id);
  return withFiles(store, row);
}

/** All snapshots, newest first, without their files. */
export async function listSnapshots(store: Store): Promise<Omit<Snapshot, 'files'>[]> {
  return (await store.query<SnapshotRow>('SELECT * FROM snapshot ORDER BY sequence DESC')).map(asSnapshot);
}

/** Throws CONFLICT when a file that is to be published is not there in full: no snapshot names what cannot be read. */
export function assertThere(files: readonly SnapshotFile[], { find }: Pick<Files, 'find'>): void {
  const missing = files.filter(({ uri, bytes }) => find(uri)?.bytes !== bytes);
  if (missing.length === 0) return;
  throw new GovblogError(
    'CONFLICT',
    `Of what is to be published ${counted(missing.length, 'file')} cannot be found in full, first ${missing[0]!.uri}. Nothing was published; \`govblog doctor\` names them all.`,
  );
}

/** The newest snapshot is not the one that a new one was made to follow. */
export class SnapshotMoved extends GovblogError {}

/**
 * Publishes a set of files as the newest snapshot, in one transaction. When the newest has the same content, nothing happens.
 * Throws SnapshotMoved when the newest is not `after`, where that is given.
 */
export async function publishSnapshot(
  store: Store,
  id: string,
  now: Date,
  snapshot: Omit<Snapshot, 'id' | 'publishedAt'>,
  after?: string | null,
): Promise<boolean> {
  return store.write(async (tx) => {
    // One at a time, on either store.
    await lockMarks(store, tx);
    await bringBack(tx, snapshot);
    const [newest] = await tx.query<SnapshotRow>('SELECT * FROM snapshot ORDER BY sequence DESC LIMIT 1');
    if (newest?.content_hash === snapshot.contentHash) return false;
    if (after !== undefined && (newest?.id ?? null) !== after)
      throw new SnapshotMoved(
        'CONFLICT',
        `Snapshot ${newest?.id ?? 'none'} was published by another process; put the new one together again.`,
      );
    // The same content may have been served before: it becomes the newest again under its old name.
    // Those that were imported stand below 1, and below whatever is published here.
    const sequence = Math.max(newest?.sequence ?? 0, 0) + 1;
    const revived = await tx.run('UPDATE snapshot SET sequence = ? WHERE content_hash = ?', [sequence, snapshot.contentHash]);
    if (revived > 0) return true;
    await tx.insert('snapshot_file', ['snapshot_id', 'uri', 'table_name', 'from_day', 'to_day', 'fact_rows', 'bytes', 'sha256'],
      snapshot.files.map(({ uri, table, from, to, rows, bytes, sha256 }) => [id, uri, table, from, to, rows, bytes, sha256])); // prettier-ignore
    await tx.insert(
      'snapshot',
      ['id', 'sequence', 'published_at', 'content_hash', 'from_day', 'watermark', 'synthetic'],
      [[id, sequence, toSqlInstant(now.getTime()), snapshot.contentHash, snapshot.from, snapshot.watermark, snapshot.synthetic]],
    );
    return true;
  });
}

const withFiles = async (store: Store, row: SnapshotRow): Promise<Snapshot> => ({
  ...asSnapshot(row),
  files: await filesOf(store, row.id, 'bytes > 0'),
});

/** Rollups that belong to a snapshot and are not here, since it was imported without them or they were lost: rows of no bytes. */
export const leftOutOf = (store: Store, id: string): Promise<SnapshotFile[]> => filesOf(store, id, 'bytes = 0');

async function filesOf(store: Store, id: string, which: string): Promise<SnapshotFile[]> {
  const rows = await store.query<
    Record<'uri' | 'table_name' | 'from_day' | 'to_day' | 'sha256', string> & { fact_rows: number; bytes: number }
  >(`SELECT * FROM snapshot_file WHERE snapshot_id = ? AND ${which} ORDER BY table_name, from_day`, [id]);
  return rows.map((file) => ({
    table: file.table_name,
    uri: file.uri,
    rows: file.fact_rows,
    bytes: file.bytes,
    sha256: file.sha256,
    from: file.from_day,
    to: file.to_day,
  }));
}

/** Rollups that were left out of a snapshot, and that a night has made again, belong to it as before. */
async function bringBack(tx: Tx, { contentHash, files }: Omit<Snapshot, 'id' | 'publishedAt'>): Promise<void> {
  const out = await tx.query<{ snapshot_id: string; uri: string }>(
    'SELECT f.snapshot_id, f.uri FROM snapshot_file f JOIN snapshot s ON s.id = f.snapshot_id WHERE s.content_hash = ? AND f.bytes = 0',
    [contentHash],
  );
  for (const { snapshot_id, uri } of out) {
    const made = files.find((file) => file.uri === uri);
    if (made)
      await tx.run('UPDATE snapshot_file SET bytes = ?, fact_rows = ? WHERE snapshot_id = ? AND uri = ?', [
        made.bytes,
        made.rows,
        snapshot_id,
        uri,
      ]);
  }
}

const asSnapshot = (row: SnapshotRow): Omit<Snapshot, 'files'> => ({
  id: row.id,
  publishedAt: new Date(fromSqlInstant(row.published_at)),
  contentHash: row.content_hash,
  from: row.from_day,
  watermark: row.watermark,
  synthetic: Boolean(row.synthetic),
});
