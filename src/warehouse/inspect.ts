import { fromSqlInstant } from '../model/time';
import { isOwnerAlive } from '../owner';
import type { Store } from '../store/store';
import { NEWEST_PUBLISHED } from './collect';
import type { Files, StoredFile } from './files';

/** How the files of the warehouse and the rows of the store fit together. */
export interface Inspection {
  /** Files that are named and not there, or of another length. */
  readonly missing: readonly string[];
  /** How many files are named. */
  readonly named: number;
  /** Files that nothing names. */
  readonly orphans: readonly StoredFile[];
  /** Since when the oldest of them waits to be removed; null when none was condemned yet. */
  readonly oldestCondemned: Date | null;
  /** Partitions that somebody holds who gives no sign of life. */
  readonly deadClaims: readonly { readonly run: number; readonly job: string; readonly partition: string; readonly since: Date }[];
}

/** Compares every snapshot and the newest published runs with the folder; sizes only, `snapshots verify` hashes. */
export async function inspectWarehouse(store: Store, files: Files, now: Date): Promise<Inspection> {
  // The folder first: what is named afterwards was there before.
  const there = new Map(files.list().map((file) => [file.uri, file]));
  const rows = await store.query<{ uri: string; bytes: number }>(
    `SELECT DISTINCT uri, bytes FROM snapshot_file WHERE bytes > 0 UNION SELECT r.uri, r.bytes FROM partition_run r WHERE ${NEWEST_PUBLISHED}`,
  );
  const named = new Map(rows.map(({ uri, bytes }) => [uri, bytes]));
  const [oldest] = await store.query<{ at: string | null }>('SELECT MIN(condemned_at) AS at FROM condemned_file');
  const claims = await store.query<{ id: number } & Record<'job' | 'partition_key' | 'owner' | 'heartbeat_at', string>>(
    'SELECT id, job, partition_key, owner, heartbeat_at FROM partition_run WHERE running = 1 ORDER BY id',
  );
  return {
    missing: [...named].flatMap(([uri, bytes]) => ((there.get(uri) ?? files.find(uri))?.bytes === bytes ? [] : [uri])).sort(),
    named: named.size,
    orphans: [...there.values()].filter(({ uri }) => !named.has(uri)),
    oldestCondemned: oldest?.at ? new Date(fromSqlInstant(oldest.at)) : null,
    deadClaims: claims
      .filter(({ owner, heartbeat_at }) => !isOwnerAlive(owner, fromSqlInstant(heartbeat_at), now))
      .map(({ id, job, partition_key, heartbeat_at }) => ({
        run: id,
        job,
        partition: partition_key,
        since: new Date(fromSqlInstant(heartbeat_at)),
      })),
  };
}
