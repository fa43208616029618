import { toSqlInstant } from '../model/time';
import type { Param, Tx } from '../store/store';
import type { CitizenHash } from './citizens';
import type { FollowRecord } from './records';
import type { Pending } from './writer';

const KEYS = ['platform', 'followed_hash', 'follower_hash'] as const;
const COLUMNS = [...KEYS, 'first_seen_at', 'last_seen_at', 'batch_id'] as const;

/** Keeps who was seen following whom, from when to when, as keyed hashes. */
export async function writeFollows(tx: Tx, records: readonly Pending<FollowRecord>[], hash: CitizenHash, batchId: number): Promise<void> {
  const changed = new Map<string, Param[]>();
  const seen = new Map<string, { first_seen_at: string; last_seen_at: string }>();
  for (const { record, settle } of records) {
    const key = [record.platform, hash(record.platform, record.accountId), hash(record.platform, record.writerId)];
    const name = key.join('|');
    const at = toSqlInstant(record.observedAt);
    const known =
      seen.get(name) ??
      (
        await tx.query<{ first_seen_at: string; last_seen_at: string }>(
          'SELECT first_seen_at, last_seen_at FROM follow WHERE platform = ? AND followed_hash = ? AND follower_hash = ?',
          key,
        )
      )[0];
    if (known && known.first_seen_at <= at && at <= known.last_seen_at) {
      settle('unchanged');
      continue;
    }
    const span = {
      first_seen_at: known && known.first_seen_at < at ? known.first_seen_at : at,
      last_seen_at: known && known.last_seen_at > at ? known.last_seen_at : at,
    };
    seen.set(name, span);
    changed.set(name, [...key, span.first_seen_at, span.last_seen_at, batchId]);
    settle(known ? 'updated' : 'accepted');
  }
  await tx.upsert('follow', KEYS, COLUMNS, [...changed.values()]);
}
