import { groupBy } from '../collections';
import { accountKey } from '../model/accountKey';
import { FOREVER } from '../model/facts';
import { localTime, toSqlInstant } from '../model/time';
import type { Param, Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import type { InteractionRecord } from './records';
import { BEGINNING } from './versions';
import type { Pending } from './writer';

const COLUMNS = [
  'platform', 'interaction_id', 'post_id', 'account_key', 'parent_id', 'by_account_key', 'citizen_hash', 'created_at', 'created_day', 'text', 'batch_id',
] as const; // prettier-ignore

/** Writes comments and replies. The same interaction again changes nothing; another text under the same id is an update. */
export async function writeInteractions(
  tx: Tx,
  records: readonly Pending<InteractionRecord>[],
  book: AccountBook,
  batchId: number,
): Promise<void> {
  const stored = new Map<string, string>();
  for (const [platform, some] of groupBy(records, ({ record }) => record.platform)) {
    const ids = [...new Set(some.map(({ record }) => record.interactionId))];
    const known = await tx.query<{ interaction_id: string; text: string }>(
      `SELECT interaction_id, text FROM interaction WHERE platform = ? AND interaction_id IN (${ids.map(() => '?').join(', ')})`,
      [platform, ...ids],
    );
    // Without any interaction, replies are "not collected"; with the first one, every other day of the platform has 0.
    const [any] = await tx.query('SELECT 1 AS one FROM interaction WHERE platform = ? LIMIT 1', [platform]);
    if (!any) book.staleActivity(BEGINNING, FOREVER);
    for (const { interaction_id, text } of known) stored.set(`${platform}|${interaction_id}`, text);
  }
  const rows = new Map<string, Param[]>();
  for (const { record, settle } of records) {
    const key = `${record.platform}|${record.interactionId}`;
    const known = stored.get(key);
    if (known === record.text) {
      settle('unchanged');
      continue;
    }
    settle(known === undefined ? 'accepted' : 'updated');
    stored.set(key, record.text);
    const { day } = localTime(record.createdAt, book.zoneOf(record.platform));
    const account = book.of(record.platform, record.accountId);
    book.meet(account);
    const by = record.byAccountId === null ? null : accountKey(record.platform, record.byAccountId);
    rows.set(key, [
      record.platform, record.interactionId, record.postId, account.account_key, record.parentId, by, record.citizenHash,
      toSqlInstant(record.createdAt), day, record.text, batchId,
    ]); // prettier-ignore
    // Replies made are counted in the activity of their writer, on the day of the reply.
    if (by !== null) book.staleActivity(day, day);
  }
  await tx.upsert('interaction', ['platform', 'interaction_id'], COLUMNS, [...rows.values()]);
}
