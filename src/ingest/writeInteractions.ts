import { groupBy } from '../collections';
import { accountKey } from '../model/accountKey';
import { FOREVER } from '../model/facts';
import { localTime, toSqlInstant } from '../model/time';
import type { Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import type { CitizenHash } from './citizens';
import type { InteractionRecord } from './records';
import { BEGINNING } from './versions';
import type { Pending } from './writer';

const COLUMNS = [
  'platform', 'interaction_id', 'post_id', 'account_key', 'parent_id', 'by_account_key', 'citizen_hash', 'created_at', 'created_day', 'text',
  'batch_id', 'form', 'likes',
] as const; // prettier-ignore
type Column = (typeof COLUMNS)[number];

interface Stored {
  readonly post_id: string;
  readonly account_key: number | null;
  readonly parent_id: string | null;
  readonly by_account_key: number | null;
  readonly citizen_hash: string | null;
  readonly created_at: string;
  readonly created_day: string;
  readonly text: string;
  readonly form: string;
  readonly likes: number | null;
}
const FIELDS = COLUMNS.filter(
  (name): name is Exclude<Column, 'platform' | 'interaction_id' | 'batch_id'> => !['platform', 'interaction_id', 'batch_id'].includes(name),
);

/** Writes comments, replies and reposts. What two statements say of the same one is joined, whichever came first. */
export async function writeInteractions(
  tx: Tx,
  records: readonly Pending<InteractionRecord>[],
  book: AccountBook,
  hash: CitizenHash,
  batchId: number,
): Promise<void> {
  const stored = new Map<string, Stored>();
  const authors = new Map<string, number>();
  for (const [platform, some] of groupBy(records, ({ record }) => record.platform)) {
    const ids = [...new Set(some.map(({ record }) => record.interactionId))];
    const known = await tx.query<Stored & { interaction_id: string }>(
      `SELECT interaction_id, ${FIELDS.join(', ')} FROM interaction WHERE platform = ? AND interaction_id IN (${places(ids)})`,
      [platform, ...ids],
    );
    for (const { interaction_id, ...row } of known) stored.set(`${platform}|${interaction_id}`, row);
    // Without any interaction, replies are "not collected"; with the first one, every other day of the platform has 0.
    const [any] = await tx.query('SELECT 1 AS one FROM interaction WHERE platform = ? LIMIT 1', [platform]);
    if (!any) book.staleActivity(BEGINNING, FOREVER);
    const posts = [...new Set(some.filter(({ record }) => record.accountId === null).map(({ record }) => record.postId))];
    for (let start = 0; start < posts.length; start += 1_000) {
      const part = posts.slice(start, start + 1_000);
      const rows = await tx.query<{ post_id: string; account_key: number }>(
        `SELECT post_id, account_key FROM post WHERE platform = ? AND post_id IN (${places(part)})`,
        [platform, ...part],
      );
      for (const { post_id, account_key } of rows) authors.set(`${platform}|${post_id}`, account_key);
    }
  }
  const changed = new Set<string>();
  const answered: { platform: string; parent: string }[] = [];
  for (const { record, settle } of records) {
    const key = `${record.platform}|${record.interactionId}`;
    const before = stored.get(key);
    if (record.accountId !== null) book.meet(book.of(record.platform, record.accountId));
    const stated = asRow(record, book, hash, authors);
    const row = before ? joined(before, stated) : stated;
    if (before && FIELDS.every((name) => before[name] === row[name])) {
      settle('unchanged');
      continue;
    }
    settle(before ? 'updated' : 'accepted');
    stored.set(key, row);
    changed.add(key);
    // Replies made are counted in the activity of their writer, on the day of the reply.
    if (row.by_account_key !== null) book.staleActivity(row.created_day, row.created_day);
    if (before && before.by_account_key !== null) book.staleActivity(before.created_day, before.created_day);
    for (const one of [before, row]) if (one && isCitizenComment(one)) book.staleComments(one.created_day);
    const parents = [before, row].map((one) => (one && isReply(one) ? one : null));
    if (parents[0]?.parent_id !== parents[1]?.parent_id || parents[0]?.created_at !== parents[1]?.created_at)
      for (const one of parents) if (one) answered.push({ platform: record.platform, parent: one.parent_id! });
  }
  await tx.upsert(
    'interaction',
    ['platform', 'interaction_id'],
    COLUMNS,
    [...changed].map((key) => {
      const row = stored.get(key)!;
      const [platform, id] = [key.slice(0, key.indexOf('|')), key.slice(key.indexOf('|') + 1)];
      return COLUMNS.map((name) =>
        name === 'platform' ? platform : name === 'interaction_id' ? id : name === 'batch_id' ? batchId : row[name],
      );
    }),
  );
  await staleAnswered(tx, answered, book);
}

const isCitizenComment = ({ form, by_account_key, account_key }: Stored): boolean =>
  form === 'COMMENT' && by_account_key === null && account_key !== null;
const isReply = ({ form, by_account_key, parent_id }: Stored): boolean =>
  form === 'COMMENT' && by_account_key !== null && parent_id !== null;

/** Whether and when a comment was answered stands beside it, on its own day. */
async function staleAnswered(tx: Tx, answered: readonly { platform: string; parent: string }[], book: AccountBook): Promise<void> {
  for (const [platform, some] of groupBy(answered, (one) => one.platform)) {
    const parents = [...new Set(some.map(({ parent }) => parent))];
    const days = await tx.query<{ created_day: string }>(
      `SELECT DISTINCT created_day FROM interaction WHERE platform = ? AND interaction_id IN (${places(parents)})
       AND form = 'COMMENT' AND by_account_key IS NULL AND account_key IS NOT NULL`,
      [platform, ...parents],
    );
    book.staleComments(...days.map(({ created_day }) => created_day));
  }
}

function asRow(record: InteractionRecord, book: AccountBook, hash: CitizenHash, authors: ReadonlyMap<string, number>): Stored {
  const { platform } = record;
  // A registered account is known openly; everybody else as a keyed hash.
  const registered = record.byAccountId ?? (record.writerId && book.isKnown(platform, record.writerId) ? record.writerId : null);
  const author = record.accountId === null ? authors.get(`${platform}|${record.postId}`) : accountKey(platform, record.accountId);
  return {
    post_id: record.postId,
    account_key: author ?? null,
    parent_id: record.parentId,
    by_account_key: registered === null ? null : accountKey(platform, registered),
    citizen_hash: registered !== null ? null : record.writerId ? hash(platform, record.writerId) : record.citizenHash,
    created_at: toSqlInstant(record.createdAt),
    created_day: localTime(record.createdAt, book.zoneOf(platform)).day,
    text: record.text,
    form: record.form ?? 'COMMENT',
    likes: record.likes ?? null,
  };
}

/**
 * What both say. Each part is settled by itself, known before unknown and then the greater: so it is the same in whatever
 * order, and with whatever third statement in between, they came. The words and their time belong together.
 */
function joined(one: Stored, other: Stored): Stored {
  const { text, created_at, created_day, form } = wordsOf(one) < wordsOf(other) ? other : one;
  const { post_id, account_key } = placeOf(one) < placeOf(other) ? other : one;
  const by = greater(one.by_account_key, other.by_account_key);
  return {
    post_id,
    account_key,
    parent_id: greater(one.parent_id, other.parent_id),
    by_account_key: by,
    citizen_hash: by === null ? greater(one.citizen_hash, other.citizen_hash) : null,
    created_at,
    created_day,
    text,
    form,
    // A crawl counts no fewer likes than an earlier one showed.
    likes: greater(one.likes, other.likes),
  };
}

const wordsOf = ({ text, created_at, form }: Stored): string => JSON.stringify([text, created_at, form]);
/** Under which post it stands, and whose that is. */
const placeOf = ({ post_id, account_key }: Stored): string => JSON.stringify([post_id, account_key === null ? '' : String(account_key)]);
const greater = <T extends string | number>(one: T | null, other: T | null): T | null =>
  one === null || (other !== null && other > one) ? other : one;

const places = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
