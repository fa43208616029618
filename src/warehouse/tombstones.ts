import { GovblogError } from '../errors';
import { fromSqlInstant } from '../model/time';
import type { Store } from '../store/store';

/** What is left of a snapshot that was deleted. */
export interface Tombstone {
  readonly id: string;
  readonly publishedAt: Date;
  readonly contentHash: string;
  readonly from: string;
  readonly watermark: string;
  readonly deletedAt: Date;
  readonly deletedBy: string;
  readonly reason: string;
}

interface TombstoneRow {
  id: string;
  published_at: string;
  content_hash: string;
  from_day: string;
  watermark: string;
  deleted_at: string;
  deleted_by: string;
  reason: string;
}

const asTombstone = (row: TombstoneRow): Tombstone => ({
  id: row.id,
  publishedAt: new Date(fromSqlInstant(row.published_at)),
  contentHash: row.content_hash,
  from: row.from_day,
  watermark: row.watermark,
  deletedAt: new Date(fromSqlInstant(row.deleted_at)),
  deletedBy: row.deleted_by,
  reason: row.reason,
});

/** Every snapshot that was deleted and did not come back, newest first. */
export async function listTombstones(store: Store): Promise<Tombstone[]> {
  const rows = await store.query<TombstoneRow>(
    'SELECT t.* FROM snapshot_tombstone t WHERE NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.id = t.id) ORDER BY t.published_at DESC, t.id',
  );
  return rows.map(asTombstone);
}

/** Why there is no snapshot with this id: SNAPSHOT_GONE with what stands nearest to it in time, or NOT_FOUND. */
export async function goneOrUnknown(store: Store, id: string): Promise<GovblogError> {
  const [row] = await store.query<TombstoneRow>('SELECT * FROM snapshot_tombstone WHERE id = ?', [id]);
  if (!row)
    return new GovblogError(
      'NOT_FOUND',
      `There is no snapshot "${id}". \`{ snapshots { id } }\` and \`govblog snapshots list\` name them.`,
    );
  const { deletedAt, reason } = asTombstone(row);
  const near = async (side: '<' | '>', order: 'DESC' | 'ASC'): Promise<string[]> =>
    (
      await store.query<{ id: string }>(`SELECT id FROM snapshot WHERE published_at ${side}= ? ORDER BY published_at ${order} LIMIT 1`, [
        row.published_at,
      ])
    ).map((one) => one.id);
  const nearest = [...new Set([...(await near('<', 'DESC')), ...(await near('>', 'ASC'))])];
  return new GovblogError(
    'SNAPSHOT_GONE',
    `Snapshot ${id} was deleted on ${deletedAt.toISOString().slice(0, 10)} (UTC): ${reason}. Kept and nearest to it: ${nearest.join(', ') || 'none'}. An archive of it can be brought back by \`govblog snapshots import\`.`,
  );
}
