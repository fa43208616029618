import { groupBy } from '../collections';
import { toSqlInstant } from '../model/time';
import type { Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import { firstCharacters } from './counters';
import { existenceOf, type CrawlSpan, type Existence } from './existence';
import { readSpans, readStatuses } from './knownPosts';
import type { StatusRecord } from './records';
import type { Pending } from './writer';

const STATUS_COLUMNS = ['platform', 'post_id', 'observed_at', 'status', 'actor', 'evidence', 'batch_id'] as const;
const EVIDENCE_LENGTH = 400;

/** Keeps what sources say about the existence of posts, known or not. To be called before the posts of the batch are written. */
export async function writeStatuses(tx: Tx, records: readonly Pending<StatusRecord>[], batchId: number): Promise<void> {
  if (records.length === 0) return;
  const known = new Map<string, string | null>();
  for (const [platform, some] of groupBy(records, ({ record }) => record.platform)) {
    const ids = [...new Set(some.map(({ record }) => record.postId))];
    const rows = await tx.query<Record<'post_id' | 'observed_at' | 'status' | 'actor', string> & { evidence: string | null }>(
      `SELECT post_id, observed_at, status, actor, evidence FROM post_status WHERE platform = ? AND post_id IN (${ids.map(() => '?').join(', ')})`,
      [platform, ...ids],
    );
    for (const row of rows) known.set([platform, row.post_id, row.observed_at, row.status, row.actor].join('|'), row.evidence);
  }
  const changed = new Map<string, (string | number | null)[]>();
  for (const { record, settle } of records) {
    const key = [record.platform, record.postId, toSqlInstant(record.observedAt), record.status, record.actor];
    const name = key.join('|');
    const evidence = record.evidence ? firstCharacters(record.evidence, EVIDENCE_LENGTH) : null;
    const before = known.get(name);
    // Of two wordings of the same statement one is kept, whichever came first.
    if (before !== undefined && (evidence ?? '') <= (before ?? '')) {
      settle('unchanged');
      continue;
    }
    settle(before === undefined ? 'accepted' : 'updated');
    known.set(name, evidence);
    changed.set(name, [...key, evidence, batchId]);
  }
  await tx.upsert('post_status', STATUS_COLUMNS.slice(0, 5), STATUS_COLUMNS, [...changed.values()]);
}

/** An exhaustive crawl of one account: at `observedAt` it saw all of its posts from `from` to `to`. */
export interface Span {
  readonly platform: string;
  readonly accountId: string;
  readonly observedAt: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Keeps which crawls were exhaustive, and settles which posts they no longer found. Accounts that the store does not know
 * had all their rows rejected.
 */
export async function writeSpans(tx: Tx, seen: readonly Span[], book: AccountBook, batchId: number): Promise<void> {
  const spans = seen.filter(({ platform, accountId }) => !book.isNew(book.of(platform, accountId)));
  if (spans.length === 0) return;
  await tx.upsert(
    'crawl_span',
    ['account_key', 'observed_at', 'from_at', 'to_at'],
    ['account_key', 'observed_at', 'from_at', 'to_at', 'batch_id'],
    spans.map((span) => [
      book.of(span.platform, span.accountId).account_key,
      toSqlInstant(span.observedAt),
      toSqlInstant(span.from),
      toSqlInstant(span.to),
      batchId,
    ]),
  );
  for (const span of spans) {
    const rows = await tx.query<KnownPost>(
      `${KNOWN_POST} WHERE account_key = ? AND posted_day BETWEEN ? AND ? AND posted_at BETWEEN ? AND ? AND observed_at < ?`,
      [
        book.of(span.platform, span.accountId).account_key,
        book.dayOf(span.platform, span.from),
        book.dayOf(span.platform, span.to),
        toSqlInstant(span.from),
        toSqlInstant(span.to),
        toSqlInstant(span.observedAt),
      ],
    );
    await settleExistence(tx, rows, book);
  }
}

/** Settles anew whether the posts exist that statuses speak of. To be called after the posts of the batch are written. */
export async function settleStatuses(tx: Tx, records: readonly Pending<StatusRecord>[], book: AccountBook): Promise<void> {
  for (const [platform, some] of groupBy(records, ({ record }) => record.platform)) {
    const ids = [...new Set(some.map(({ record }) => record.postId))];
    const rows = await tx.query<KnownPost>(`${KNOWN_POST} WHERE platform = ? AND post_id IN (${ids.map(() => '?').join(', ')})`, [
      platform,
      ...ids,
    ]);
    await settleExistence(tx, rows, book);
  }
}

const KNOWN_POST = 'SELECT platform, post_id, account_key, posted_at, posted_day, observed_at, status, status_actor, missed_at FROM post';
interface KnownPost extends Existence {
  readonly platform: string;
  readonly post_id: string;
  readonly account_key: number;
  readonly posted_at: string;
  readonly posted_day: string;
  readonly observed_at: string;
}

async function settleExistence(tx: Tx, posts: readonly KnownPost[], book: AccountBook): Promise<void> {
  const spans: Map<number, CrawlSpan[]> = await readSpans(tx, [...new Set(posts.map(({ account_key }) => account_key))]);
  for (const [platform, some] of groupBy(posts, (post) => post.platform)) {
    const ids = some.map(({ post_id }) => post_id);
    const statuses = groupBy(await readStatuses(tx, platform, ids), ({ key }) => key);
    for (const post of some) {
      const now = existenceOf(
        post.posted_at,
        post.observed_at,
        statuses.get(`${platform}|${post.post_id}`) ?? [],
        spans.get(post.account_key) ?? [],
      );
      if (now.status === post.status && now.status_actor === post.status_actor && now.missed_at === post.missed_at) continue;
      await tx.run('UPDATE post SET status = ?, status_actor = ?, missed_at = ? WHERE platform = ? AND post_id = ?', [
        now.status,
        now.status_actor,
        now.missed_at,
        platform,
        post.post_id,
      ]);
      book.stalePost(post.posted_day);
    }
  }
}
