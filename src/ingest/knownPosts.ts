import { groupBy } from '../collections';
import type { Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import type { Counters, Observation } from './counters';
import type { CrawlSpan, Existence, StatusStatement } from './existence';
import type { PostRecord } from './records';
import type { Pending } from './writer';

/** What a post says, of which the last observation's word counts. */
export interface Content {
  readonly posted_at: string;
  readonly posted_day: string;
  readonly posted_hour: number;
  readonly text: string;
  readonly original: number;
  readonly repost_of_id: string | null;
}

/** A post as a batch knows it: read once, changed in memory, written once. */
export interface StoredPost {
  readonly platform: string;
  readonly post_id: string;
  account_key: number;
  content: Content;
  last: Observation;
  /** All of them, the last one too. */
  observations: Observation[];
  existence: Existence;
  /** The record that the content comes from; null: the store. */
  record: PostRecord | null;
  changed: boolean;
  /** Different things were said about one moment. */
  tied: boolean;
}

const COLUMNS =
  'post_id, account_key, posted_at, posted_day, posted_hour, text, original, repost_of_id, observed_at, observed_seq, reposts, comments, likes, raw_counters, status, status_actor, missed_at, batch_id';
type Row = Counters &
  Content &
  Existence & {
    readonly post_id: string;
    readonly account_key: number;
    readonly observed_at: string;
    readonly observed_seq: number;
    readonly batch_id: number;
  };

/** The posts of some records that the store knows already, by `platform|id`. */
export async function readPosts(tx: Tx, posts: readonly Pending<PostRecord>[]): Promise<Map<string, StoredPost>> {
  const stored = new Map<string, StoredPost>();
  for (const [platform, some] of groupBy(posts, ({ record }) => record.platform)) {
    const ids = [...new Set(some.map(({ record }) => record.postId))];
    const known = await tx.query<Row>(`SELECT ${COLUMNS} FROM post WHERE platform = ? AND post_id IN (${places(ids)})`, [platform, ...ids]);
    for (const { post_id, account_key, observed_at, observed_seq, reposts, comments, likes, raw_counters, batch_id, ...rest } of known) {
      const last: Observation = { observed_at, seq: observed_seq, reposts, comments, likes, raw_counters, batch_id };
      const { status, status_actor, missed_at, ...content } = rest;
      const existence = { status, status_actor, missed_at };
      stored.set(`${platform}|${post_id}`, {
        platform,
        post_id,
        account_key,
        content,
        last,
        observations: [last],
        existence,
        record: null,
        changed: false,
        tied: false,
      });
    }
    if (known.length === 0) continue;
    const observations = await tx.query<Observation & { post_id: string }>(
      `SELECT post_id, observed_at, seq, reposts, comments, likes, raw_counters, batch_id FROM post_observation WHERE platform = ? AND post_id IN (${places(known)})`,
      [platform, ...known.map(({ post_id }) => post_id)],
    );
    for (const { post_id, ...observation } of observations) stored.get(`${platform}|${post_id}`)!.observations.push(observation);
  }
  return stored;
}

/** What sources say about the existence of posts: statuses by `platform|id`, exhaustive crawls by account. */
export interface Witnesses {
  readonly statuses: ReadonlyMap<string, readonly StatusStatement[]>;
  readonly spans: ReadonlyMap<number, readonly CrawlSpan[]>;
}

export async function readWitnesses(tx: Tx, posts: readonly Pending<PostRecord>[], book: AccountBook): Promise<Witnesses> {
  const statuses: (StatusStatement & { key: string })[] = [];
  if (await isAny(tx, 'post_status'))
    for (const [platform, some] of groupBy(posts, ({ record }) => record.platform))
      statuses.push(...(await readStatuses(tx, platform, [...new Set(some.map(({ record }) => record.postId))])));
  const spans = (await isAny(tx, 'crawl_span'))
    ? await readSpans(tx, [...new Set(posts.map(({ record }) => book.of(record.platform, record.accountId).account_key))])
    : new Map<number, CrawlSpan[]>();
  return { statuses: groupBy(statuses, ({ key }) => key), spans };
}

/** Most stores hold none of these, and asking for thousands of keys takes a while also then. */
const isAny = async (tx: Tx, table: 'post_status' | 'crawl_span'): Promise<boolean> =>
  (await tx.query(`SELECT 1 AS one FROM ${table} LIMIT 1`)).length > 0;

export async function readStatuses(tx: Tx, platform: string, ids: readonly string[]): Promise<(StatusStatement & { key: string })[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<StatusStatement & { post_id: string }>(
    `SELECT post_id, observed_at, status, actor FROM post_status WHERE platform = ? AND post_id IN (${places(ids)})`,
    [platform, ...ids],
  );
  return rows.map(({ post_id, ...statement }) => ({ ...statement, key: `${platform}|${post_id}` }));
}

export async function readSpans(tx: Tx, accounts: readonly number[]): Promise<Map<number, CrawlSpan[]>> {
  if (accounts.length === 0) return new Map();
  const rows = await tx.query<CrawlSpan & { account_key: number }>(
    `SELECT account_key, observed_at, from_at, to_at FROM crawl_span WHERE account_key IN (${places(accounts)})`,
    accounts,
  );
  return groupBy(rows, ({ account_key }) => account_key);
}

const places = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
