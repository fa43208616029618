import { FOREVER } from '../model/facts';
import { addDays } from '../model/time';
import type { Param } from '../store/store';
import { CHUNK_ROWS, type StageType } from '../warehouse/duckdb';
import type { Partition } from '../warehouse/missing';
import type { Bench } from './job';

/** Stages the result of one source query under a table name. */
const stage = (
  { store, workshop }: Bench,
  table: string,
  columns: Readonly<Record<string, StageType>>,
  sql: string,
  params: readonly Param[] = [],
): Promise<number> => workshop.stage(table, columns, store.stream(sql, params, CHUNK_ROWS));

/** `account`, `version` and `platform`: who there was, what they were and when. Shared by every partition of a run. */
export async function stageAccounts(bench: Bench): Promise<void> {
  await stage(
    bench,
    'account',
    {
      account_key: 'count',
      platform: 'text',
      opened_on: 'text',
      first_post_on: 'text',
      first_observed_on: 'text',
      last_observed_on: 'text',
    },
    'SELECT account_key, platform, opened_on, first_post_on, first_observed_on, last_observed_on FROM account',
  );
  await stage(
    bench,
    'source_version',
    {
      account_key: 'count', valid_from: 'text', valid_to: 'text', region: 'text', prefecture: 'text', sector: 'text', account_type: 'text',
      verified_type: 'text', level: 'text',
    }, // prettier-ignore
    'SELECT account_key, valid_from, valid_to, region, prefecture, sector, account_type, verified_type, level FROM account_version',
  );
  // Plain comparisons of dates: with an "or valid_to is null" the engine joins every row with every other.
  await bench.workshop.run(`
    create or replace temp table version as
    select * replace (valid_from::date as valid_from, coalesce(valid_to, '${FOREVER}')::date as valid_to) from source_version`);
  await stage(
    bench,
    'source_platform',
    { code: 'text', likes_since: 'text', replies_collected: 'integer' },
    'SELECT code, likes_since, EXISTS (SELECT 1 FROM interaction i WHERE i.platform = platform.code) AS replies_collected FROM platform',
  );
  const horizon = bench.coverage.map(({ platform, to }) => `('${platform}', date '${to}')`).join(', ');
  await bench.workshop.run(`
    create or replace temp table platform as
    select code, likes_since::date as likes_since, replies_collected = 1 as replies_collected, horizon
    from source_platform join (values ${horizon}) as reach (platform, horizon) on reach.platform = code`);
}

/** `followers`: the last number of followers seen on each account-day that has one. */
export async function stageFollowers(bench: Bench): Promise<void> {
  await stage(
    bench,
    'follower_observation',
    { account_key: 'count', day: 'text', observed_at: 'text', seq: 'integer', followers: 'count', rounded: 'boolean' },
    `SELECT account_key, observed_day, observed_at, seq, followers, COALESCE(raw_counters LIKE '%followers=%', 0)
     FROM account_observation WHERE followers IS NOT NULL`,
  );
  await bench.workshop.run(`
    create or replace temp table followers as
    select account_key, day::date as day, arg_max(followers, (observed_at, seq)) as followers, arg_max(rounded, (observed_at, seq)) as rounded
    from follower_observation group by account_key, day`);
}

/** Day up to which a bench has staged, of posts and of account-days with posts: the next partition may go on from there. */
const postsKnownTo = new WeakMap<Bench, string>();
const daysKnownTo = new WeakMap<Bench, string>();

/**
 * Whether what a bench has staged reaches up to a day. It does where the partition before was just staged: both are read under
 * the same mark, so what comes late makes both stale. Staged rows are used once.
 */
function goesOn(known: WeakMap<Bench, string>, bench: Bench, before: string): boolean {
  const day = known.get(bench);
  known.delete(bench);
  return day !== undefined && addDays(day, 1) === before;
}

/** `post`: the posts of the partition's days with their last counters. */
export async function stagePosts(bench: Bench, { from, to }: Partition): Promise<number> {
  postsKnownTo.delete(bench);
  const rows = await stage(
    bench,
    'post',
    {
      platform: 'text', post_id: 'text', account_key: 'count', posted_at: 'text', day: 'text', hour: 'integer', text: 'text', text_length: 'integer', original: 'boolean',
      reposts: 'count', comments: 'count', likes: 'count', approximate: 'boolean', status: 'text', status_actor: 'text', questions: 'integer',
      mentions: 'integer', links: 'integer', hashtags: 'integer', slang: 'integer', emoticons: 'integer', formal: 'integer', informal: 'integer',
      tokens: 'integer', category: 'text', first_seen_at: 'text', last_seen_at: 'text',
      missed_at: 'text',
    }, // prettier-ignore
    `SELECT platform, post_id, account_key, posted_at, posted_day, posted_hour, text, text_length, original, reposts, comments, likes,
            raw_counters IS NOT NULL, status, status_actor, questions, mentions, links, hashtags, slang, emoticons, formal, informal, tokens, category,
            COALESCE((SELECT MIN(o.observed_at) FROM post_observation o WHERE o.platform = post.platform AND o.post_id = post.post_id), observed_at),
            observed_at, missed_at
     FROM post WHERE posted_day BETWEEN ? AND ?`,
    [from, to],
  );
  postsKnownTo.set(bench, to);
  return rows;
}

/** `last_post_time`: when each account posted last in the days before the partition. To be staged before its posts. */
export async function stageLastPostTimes(bench: Bench, since: string, before: string): Promise<void> {
  if (goesOn(postsKnownTo, bench, before))
    return bench.workshop.run(`
      create or replace temp table last_post_time as
      select account_key, max(day) as day, max(posted_at) as posted_at
      from (select * from last_post_time union all select account_key, day, posted_at from post) group by account_key`);
  await stage(
    bench,
    'last_post_time',
    { account_key: 'count', day: 'text', posted_at: 'text' },
    // The last day first, which the index knows: no more rows are looked up than were written on it.
    `SELECT p.account_key, p.posted_day, MAX(p.posted_at) FROM post p
     JOIN (SELECT account_key, MAX(posted_day) AS day FROM post WHERE posted_day >= ? AND posted_day < ? GROUP BY account_key) l
       ON p.posted_day = l.day AND p.account_key = l.account_key
     GROUP BY p.account_key, p.posted_day`,
    [since, before],
  );
}

/**
 * `post_day`: for each account and day of the partition with posts how many there are, and what they received. Returns the
 * number of posts. The store adds up, from its index alone: no post is read, and none is sorted. Sums of counters travel as
 * texts, so that none is rounded.
 */
export async function stagePostDays(bench: Bench, { from, to }: Partition): Promise<number> {
  daysKnownTo.delete(bench);
  await stage(
    bench,
    'post_day',
    {
      account_key: 'count', day: 'text', posts: 'integer', original_posts: 'integer', original_mentions: 'integer', reposts: 'count',
      comments: 'count', likes: 'count', posts_with_likes: 'integer',
    }, // prettier-ignore
    `SELECT account_key, posted_day, COUNT(*), SUM(original), COUNT(CASE WHEN original = 1 AND mentions > 0 THEN 1 END),
            CAST(SUM(reposts) AS CHAR), CAST(SUM(comments) AS CHAR), CAST(SUM(likes) AS CHAR), COUNT(likes)
     FROM post WHERE posted_day BETWEEN ? AND ? GROUP BY posted_day, account_key`,
    [from, to],
  );
  daysKnownTo.set(bench, to);
  return Number((await bench.workshop.query('select coalesce(sum(posts), 0)::bigint from post_day')).rows[0]![0]);
}

/** `last_post`: for each account its last post in the days before the partition, as far back as dormancy looks. To be staged before its days. */
export async function stageLastPosts(bench: Bench, since: string, before: string): Promise<void> {
  if (goesOn(daysKnownTo, bench, before))
    return bench.workshop.run(`
      create or replace temp table last_post as
      select account_key, max(day) as day from (select * from last_post union all select account_key, day from post_day) group by account_key`);
  await stage(
    bench,
    'last_post',
    { account_key: 'count', day: 'text' },
    'SELECT account_key, MAX(posted_day) FROM post WHERE posted_day >= ? AND posted_day < ? GROUP BY account_key',
    [since, before],
  );
}

/** `reply`: replies by registered accounts on each day of the partition. */
export const stageReplies = (bench: Bench, { from, to }: Partition): Promise<number> =>
  stage(
    bench,
    'reply',
    { account_key: 'count', day: 'text', replies: 'count' },
    `SELECT by_account_key, created_day, COUNT(*) FROM interaction
     WHERE by_account_key IS NOT NULL AND parent_id IS NOT NULL AND form = 'COMMENT' AND created_day BETWEEN ? AND ? GROUP BY by_account_key, created_day`,
    [from, to],
  );
