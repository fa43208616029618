import { fromSqlInstant, toSqlInstant } from '../model/time';
import { isOwnerAlive } from '../owner';
import { lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import type { Files, StoredFile } from './files';
import { fatesOf, type Fate, type RetentionPolicy } from './retention';

export interface CollectOptions extends RetentionPolicy {
  readonly graceHours: number;
  readonly now: Date;
  /** Who asks for it, for the tombstones. */
  readonly by: string;
  /** False: nothing is changed, and the result tells what would be. */
  readonly apply: boolean;
}

export interface Collection {
  readonly kept: readonly Fate[];
  /** Snapshots that were deleted now, or would be. */
  readonly deleted: readonly Fate[];
  /** Files that nothing names and that wait for the end of their grace. */
  readonly condemned: readonly StoredFile[];
  /** Files that were removed now, or would be. */
  readonly removed: readonly StoredFile[];
}

const HOUR_MS = 3_600_000;
/** Files that are removed in one transaction: it keeps publishers waiting for as long. */
const BATCH = 50;

/**
 * Deletes the snapshots that need not be kept, then the files that neither a snapshot nor the newest published run of a partition
 * names. Rows go first: whoever dies in between leaves files that nothing names, and the next collection finds them.
 *
 * A file is *condemned* when it is first found without a name, and removed by a collection that finds it condemned since the
 * grace period, untouched in it, and still without a name: whoever opened a snapshot before it was deleted, and whoever adopted
 * a file and has not written its row yet, has that long.
 */
export async function collect(store: Store, files: Files, options: CollectOptions): Promise<Collection> {
  const fates = await snapshotFates(store, options);
  const deleted: Fate[] = [];
  for (const fate of fates.filter(({ keep }) => !keep))
    if (!options.apply || (await deleteSnapshot(store, fate, options))) deleted.push(fate);
  const going = new Set(options.apply ? [] : deleted.map(({ id }) => id));
  const kept = fates.filter(({ id }) => !deleted.some((one) => one.id === id));

  const named = await namedFiles(store, going);
  const orphans = files.list().filter(({ uri }) => !named.has(uri));
  const condemned = await condemnedSince(store);
  if (options.apply) await condemn(store, orphans, condemned, options.now);
  const isRipe = ripeness(condemned, options);
  const ripe = orphans.filter(isRipe);
  const removed = options.apply ? await removeFiles(store, files, ripe, isRipe, options.now) : ripe;
  const gone = new Set(removed.map(({ uri }) => uri));
  return { kept, deleted, condemned: orphans.filter(({ uri }) => !gone.has(uri)), removed };
}

/** What would become of every snapshot now, newest first. */
export async function snapshotFates(
  store: Store,
  { now, keepDays, zone }: Pick<CollectOptions, 'now' | 'keepDays' | 'zone'>,
): Promise<Fate[]> {
  const rows = await store.query<Record<'id' | 'published_at', string> & Record<'sequence' | 'cited' | 'pinned' | 'imported', number>>(
    `SELECT s.id, s.published_at, s.sequence, EXISTS (SELECT 1 FROM saved_query q WHERE q.snapshot_id = s.id) AS cited,
       EXISTS (SELECT 1 FROM snapshot_pin p WHERE p.snapshot_id = s.id) AS pinned, EXISTS (SELECT 1 FROM snapshot_import i WHERE i.snapshot_id = s.id) AS imported
     FROM snapshot s ORDER BY s.sequence DESC`,
  );
  const snapshots = rows.map(({ id, published_at, sequence, cited, pinned, imported }) => ({
    id,
    sequence,
    publishedAt: new Date(fromSqlInstant(published_at)),
    isCited: Boolean(Number(cited)),
    isPinned: Boolean(Number(pinned)),
    isImported: Boolean(Number(imported)),
  }));
  return fatesOf(snapshots, now, { keepDays, zone });
}

/** Deletes the rows of a snapshot and leaves a tombstone, unless it became the newest, cited or pinned in the meantime. */
async function deleteSnapshot(store: Store, { id, because }: Fate, { now, by }: CollectOptions): Promise<boolean> {
  return store
    .write(async (tx) => {
      await lockMarks(store, tx);
      const [row] = await tx.query<
        Record<'published_at' | 'content_hash' | 'from_day' | 'watermark', string> & Record<'sequence' | 'synthetic', number>
      >('SELECT * FROM snapshot WHERE id = ?', [id]);
      const [newest] = await tx.query<{ sequence: number }>('SELECT MAX(sequence) AS sequence FROM snapshot');
      if (!row || row.sequence === newest!.sequence) return false;
      // Content that comes back gives the row another sequence; then it is not this row that was to be deleted.
      const changed = await tx.run(
        `DELETE FROM snapshot WHERE id = ? AND sequence = ? AND NOT EXISTS (SELECT 1 FROM saved_query WHERE snapshot_id = ?)
         AND NOT EXISTS (SELECT 1 FROM snapshot_pin WHERE snapshot_id = ?)`,
        [id, row.sequence, id, id],
      );
      if (changed === 0) return false;
      // A file that was condemned once and then named again is given the whole grace anew.
      await tx.run('DELETE FROM condemned_file WHERE uri IN (SELECT uri FROM snapshot_file WHERE snapshot_id = ?)', [id]);
      await tx.run('DELETE FROM snapshot_file WHERE snapshot_id = ?', [id]);
      await tx.run('DELETE FROM snapshot_import WHERE snapshot_id = ?', [id]);
      await tx.upsert(
        'snapshot_tombstone',
        ['id'],
        ['id', 'published_at', 'content_hash', 'from_day', 'watermark', 'synthetic', 'deleted_at', 'deleted_by', 'reason'],
        [
          [
            id,
            row.published_at,
            row.content_hash,
            row.from_day,
            row.watermark,
            row.synthetic,
            toSqlInstant(now.getTime()),
            by,
            because.slice(0, 400),
          ],
        ],
      );
      return true;
    })
    .catch((error: unknown) => {
      // Somebody cites or pins it at this moment: the store itself refuses, and it stays.
      if (isReferenced(error)) return false;
      throw error;
    });
}

const isReferenced = (error: unknown): boolean =>
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'ER_ROW_IS_REFERENCED_2', 'ER_ROW_IS_REFERENCED'].includes((error as { code?: string }).code ?? '');

const BY_SNAPSHOTS = 'SELECT DISTINCT snapshot_id, uri FROM snapshot_file';
/** Of the runs `r`: the newest published one of each partition. */
export const NEWEST_PUBLISHED = `r.status = 'published' AND NOT EXISTS (
  SELECT 1 FROM partition_run later WHERE later.job = r.job AND later.partition_key = r.partition_key AND later.status = 'published' AND later.id > r.id)`;
const BY_LEDGER = `SELECT r.uri FROM partition_run r WHERE ${NEWEST_PUBLISHED}`;

/** Every file that a snapshot (but those that are going) or the newest published run of a partition names. */
async function namedFiles(
  { query }: Pick<Store, 'query'> | Pick<Tx, 'query'>,
  going: ReadonlySet<string> = new Set(),
): Promise<Set<string>> {
  const bySnapshots = await query<{ snapshot_id: string; uri: string }>(BY_SNAPSHOTS);
  const byLedger = await query<{ uri: string }>(BY_LEDGER);
  return new Set([...bySnapshots.filter((row) => !going.has(row.snapshot_id)), ...byLedger].map(({ uri }) => uri));
}

async function condemnedSince(store: Store): Promise<Map<string, number>> {
  const rows = await store.query<{ uri: string; condemned_at: string }>('SELECT uri, condemned_at FROM condemned_file');
  return new Map(rows.map(({ uri, condemned_at }) => [uri, fromSqlInstant(condemned_at)]));
}

/** Writes down since when files have no name, and forgets those that have one again or are gone. */
async function condemn(store: Store, orphans: readonly StoredFile[], known: ReadonlyMap<string, number>, now: Date): Promise<void> {
  const uris = new Set(orphans.map(({ uri }) => uri));
  const fresh = orphans.filter(({ uri }) => !known.has(uri));
  const stale = [...known.keys()].filter((uri) => !uris.has(uri));
  if (fresh.length === 0 && stale.length === 0) return;
  await store.write(async (tx) => {
    for (const uri of stale) await tx.run('DELETE FROM condemned_file WHERE uri = ?', [uri]);
    const at = toSqlInstant(now.getTime());
    await tx.upsert(
      'condemned_file',
      ['uri'],
      ['uri', 'condemned_at'],
      fresh.map(({ uri }) => [uri, at]),
    );
  });
}

type Ripeness = (file: StoredFile) => boolean;
function ripeness(condemned: ReadonlyMap<string, number>, { now, graceHours }: CollectOptions): Ripeness {
  const limit = now.getTime() - graceHours * HOUR_MS;
  return ({ uri, touchedAt }) => (condemned.get(uri) ?? Infinity) <= limit && touchedAt.getTime() <= limit;
}

/** Keys of the partitions that somebody is building at this moment. */
async function keysBeingBuilt(tx: Tx, now: Date): Promise<Set<string>> {
  const claims = await tx.query<Record<'partition_key' | 'owner' | 'heartbeat_at', string>>(
    'SELECT partition_key, owner, heartbeat_at FROM partition_run WHERE running = 1',
  );
  return new Set(
    claims
      .filter(({ owner, heartbeat_at }) => isOwnerAlive(owner, fromSqlInstant(heartbeat_at), now))
      .map(({ partition_key }) => partition_key),
  );
}

/**
 * Removes files that are still ripe and still without a name, having looked again. No snapshot is published in
 * between. Whoever adopts a file for a run has touched it, and holds its partition, before the row; and no snapshot is published
 * whose files are not all there.
 */
async function removeFiles(store: Store, files: Files, ripe: readonly StoredFile[], isRipe: Ripeness, now: Date): Promise<StoredFile[]> {
  const removed: StoredFile[] = [];
  for (let start = 0; start < ripe.length; start += BATCH) {
    const batch = ripe.slice(start, start + BATCH);
    const done = await store.write(async (tx) => {
      await lockMarks(store, tx);
      const named = await namedFiles(tx);
      const building = await keysBeingBuilt(tx, now);
      const gone: StoredFile[] = [];
      for (const { uri } of batch) {
        const file = files.find(uri);
        if (named.has(uri) || building.has(uri.split('/').at(-2)!) || (file !== null && !isRipe(file))) continue;
        files.remove(uri);
        await tx.run('DELETE FROM condemned_file WHERE uri = ?', [uri]);
        if (file) gone.push(file);
      }
      return gone;
    });
    removed.push(...done);
  }
  return removed;
}
