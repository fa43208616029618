import { GovblogError } from '../errors';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { snapshotById } from './snapshots';

/** Somebody's word that a snapshot is to be kept. */
export interface Pin {
  readonly snapshot: string;
  readonly reason: string;
  readonly pinnedBy: string;
  readonly pinnedAt: Date;
}

/** All pins, by snapshot. */
export async function pinsOf(store: Store): Promise<ReadonlyMap<string, Pin>> {
  const rows = await store.query<Record<'snapshot_id' | 'reason' | 'pinned_by' | 'pinned_at', string>>('SELECT * FROM snapshot_pin');
  return new Map(
    rows.map((row) => [
      row.snapshot_id,
      { snapshot: row.snapshot_id, reason: row.reason, pinnedBy: row.pinned_by, pinnedAt: new Date(fromSqlInstant(row.pinned_at)) },
    ]),
  );
}

/** Keeps a snapshot for ever, or until it is unpinned. A snapshot that is pinned gets the new reason. */
export async function pinSnapshot(store: Store, { snapshot, reason, pinnedBy, pinnedAt }: Pin): Promise<void> {
  const why = reason.trim();
  if (why === '' || why.length > 400) throw new GovblogError('USAGE', 'A pin needs a reason of 1 to 400 characters.');
  const { id } = await snapshotById(store, snapshot);
  await store.write((tx) =>
    tx.upsert(
      'snapshot_pin',
      ['snapshot_id'],
      ['snapshot_id', 'reason', 'pinned_by', 'pinned_at'],
      [[id, why, pinnedBy, toSqlInstant(pinnedAt.getTime())]],
    ),
  );
}

/** Takes a pin away; whether there was one. */
export async function unpinSnapshot(store: Store, snapshot: string): Promise<boolean> {
  const { id } = await snapshotById(store, snapshot);
  return (await store.write((tx) => tx.run('DELETE FROM snapshot_pin WHERE snapshot_id = ?', [id]))) > 0;
}
