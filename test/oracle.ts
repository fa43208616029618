import { DateTime } from 'luxon';
import type { Store } from '../src/store/store';
import { existences, type Existence } from './numbers/existence';

// The second way to the numbers: plain SQL over the operational store and plain loops, written without the model, the
// planner or the jobs' SQL.

export type Attribute =
  | 'region'
  | 'prefecture'
  | 'nbsRegion'
  | 'geoRegion'
  | 'sector'
  | 'sectorGroup'
  | 'accountType'
  | 'verifiedType'
  | 'level'
  | 'platform'
  | 'account'
  | 'openedMonth';
export type Grain = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface NaivePost extends Readonly<Record<Attribute, string | number | null>> {
  readonly day: string;
  readonly hour: number;
  readonly original: number;
  readonly text: string;
  readonly reposts: number | null;
  readonly comments: number | null;
  readonly likes: number | null;
  readonly weekday: number;
  /** Of its author, as last told by the end of its day; null: nobody had told any. */
  readonly followers: number | null;
  readonly contentCategory: string;
  /** Whole minutes since the post of its account before it; null: there is none on the 90 days before. */
  readonly gap: number | null;
  /** Posts could be liked on its day. */
  readonly likesExist: boolean;
  /** A counter was published rounded when it was last observed. */
  readonly approximate: boolean;
  /** Minutes after it was written: first seen (begun), and until when it is known to be there or was missed. At most a day and a minute. */
  readonly seen: { readonly from: number; readonly to: number };
  /** By everything that was ever said of it, and by every exhaustive crawl. */
  readonly existence: Existence;
  readonly features: Readonly<Record<Feature, number>>;
}

const FEATURES = ['questions', 'mentions', 'links', 'hashtags', 'slang', 'emoticons', 'formal', 'informal', 'tokens'] as const;
type Feature = (typeof FEATURES)[number];

/** Columns of an account on a day, by a join that a person would write. */
const ATTRIBUTES = `COALESCE(v.region, 'UNKNOWN') AS region, COALESCE(v.prefecture, 'UNKNOWN') AS prefecture, r.nbs_region AS nbsRegion, r.geo_region AS geoRegion,
  COALESCE(v.sector, 'UNKNOWN') AS sector, COALESCE(s.parent_code, s.code, 'UNKNOWN') AS sectorGroup, COALESCE(v.account_type, 'UNKNOWN') AS accountType,
  COALESCE(v.verified_type, 'UNKNOWN') AS verifiedType, COALESCE(v.level, 'LX') AS level, a.platform AS platform, a.account_key AS account,
  CASE WHEN a.opened_on IS NULL THEN NULL ELSE SUBSTR(a.opened_on, 1, 7) END AS openedMonth`;
const JOINS = (
  day: string,
): string => `LEFT JOIN account_version v ON v.account_key = a.account_key AND v.valid_from <= ${day} AND (v.valid_to IS NULL OR v.valid_to > ${day})
  LEFT JOIN region r ON r.code = v.region LEFT JOIN sector s ON s.code = v.sector`;

const month = (row: { openedMonth: string | number | null }): string | null => (row.openedMonth === null ? null : `${row.openedMonth}-01`);

interface PostRow extends Omit<NaivePost, 'approximate' | 'existence' | 'seen' | 'features' | 'weekday'>, Record<Feature, number> {
  readonly postId: string;
  readonly postedAt: string;
  readonly seenAt: string;
  readonly seenBefore: string | null;
  readonly seenFirst: string | null;
  readonly rawCounters: string | null;
  readonly since: string | null;
}

export async function naivePosts(store: Store, from: string, to: string): Promise<NaivePost[]> {
  const existenceOf = await existences(store);
  const gapOf = await gaps(store);
  const rows = await store.query<PostRow>(
    `SELECT p.post_id AS postId, p.posted_at AS postedAt, p.posted_day AS day, p.posted_hour AS hour, p.original AS original, p.text AS text,
            p.reposts AS reposts, p.comments AS comments, p.likes AS likes, p.raw_counters AS rawCounters, p.category AS contentCategory,
            ${FEATURES.map((name) => `p.${name} AS ${name}`).join(', ')}, p.observed_at AS seenAt, f.likes_since AS since, ${ATTRIBUTES},
            (SELECT n.followers FROM account_observation n WHERE n.account_key = p.account_key AND n.followers IS NOT NULL
               AND n.observed_day <= p.posted_day ORDER BY n.observed_at DESC, n.seq DESC LIMIT 1) AS followers,
            (SELECT MIN(o.observed_at) FROM post_observation o WHERE o.platform = p.platform AND o.post_id = p.post_id) AS seenFirst,
            (SELECT MAX(o.observed_at) FROM post_observation o WHERE o.platform = p.platform AND o.post_id = p.post_id) AS seenBefore
     FROM post p JOIN account a ON a.account_key = p.account_key JOIN platform f ON f.code = p.platform ${JOINS('p.posted_day')}
     WHERE p.posted_day >= ? AND p.posted_day <= ?`,
    [from, to],
  );
  return rows.map((row) =>
    withSights({
      ...row,
      openedMonth: month(row),
      weekday: DateTime.fromISO(row.day).weekday,
      likes: row.since !== null && row.day < row.since ? null : row.likes,
      gap: gapOf.get(`${row.platform} ${row.postId}`) ?? null,
      likesExist: row.since === null || row.day >= row.since,
      approximate: row.rawCounters !== null,
      existence: existenceOf({ ...row, lastSeenAt: row.seenBefore !== null && row.seenBefore > row.seenAt ? row.seenBefore : row.seenAt }),
      features: Object.fromEntries(FEATURES.map((name) => [name, row[name]])) as Record<Feature, number>,
    }),
  );
}

/** A minute that has begun counts as none after a sight, and as one before a miss. */
function withSights<P extends PostRow & { readonly existence: Existence }>(post: P): P & Pick<NaivePost, 'seen'> {
  const minutes = (at: string): number => Math.max(0, instant(at) - instant(post.postedAt)) / 60_000;
  const { existence, seenAt, seenFirst } = post;
  const first = Math.floor(Math.min(minutes(seenAt), seenFirst === null ? Infinity : minutes(seenFirst)));
  const end = existence.deleted ? Math.ceil(minutes(existence.missedAt!)) : Math.floor(minutes(seenAt));
  return { ...post, seen: { from: Math.min(1441, first), to: Math.min(1441, end) } };
}

const instant = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** The silence before each post, going through all that every account wrote. */
async function gaps(store: Store): Promise<Map<string, number>> {
  const all = await store.query<Record<'platform' | 'id' | 'at' | 'day', string> & { account: number }>(
    'SELECT platform, post_id AS id, account_key AS account, posted_at AS at, posted_day AS day FROM post ORDER BY posted_at, post_id',
  );
  const last = new Map<number, (typeof all)[number]>();
  const found = new Map<string, number>();
  for (const post of all) {
    const before = last.get(post.account);
    if (before && days(before.day, post.day) <= 90)
      found.set(`${post.platform} ${post.id}`, Math.floor((instant(post.at) - instant(before.at)) / 60_000));
    last.set(post.account, post);
  }
  return found;
}

export interface NaiveAccount extends Readonly<Record<Attribute, string | number | null>> {
  readonly followers: number | null;
  /** Its followers were last published rounded. */
  readonly followersRounded: boolean;
  /** Days since its last post, by looking for it; null: never posted by then. */
  readonly silence: number | null;
  readonly observedFrom: string;
  readonly observed: boolean;
}

/** Every account that exists on a day, as it was on that day. */
export async function naiveAccounts(store: Store, day: string): Promise<NaiveAccount[]> {
  const lastFollowers = (column: string): string => `(SELECT o.${column} FROM account_observation o
        WHERE o.account_key = a.account_key AND o.followers IS NOT NULL AND o.observed_day <= ? ORDER BY o.observed_at DESC, o.seq DESC LIMIT 1)`;
  const rows = await store.query<NaiveAccount & { lastPost: string | null; lastSeen: string; rawCounters: string | null }>(
    `SELECT ${ATTRIBUTES}, a.first_observed_on AS observedFrom, a.last_observed_on AS lastSeen,
       (SELECT MAX(p.posted_day) FROM post p WHERE p.account_key = a.account_key AND p.posted_day <= ?) AS lastPost,
       ${lastFollowers('followers')} AS followers, ${lastFollowers('raw_counters')} AS rawCounters
     FROM account a ${JOINS('?')}
     WHERE (a.opened_on <= ? OR a.first_post_on <= ? OR a.first_observed_on <= ?)
       AND (v.account_key IS NOT NULL OR EXISTS (SELECT 1 FROM post p WHERE p.account_key = a.account_key AND p.posted_day = ?))
       AND ? <= (SELECT MAX(b.last_observed_on) FROM account b WHERE b.platform = a.platform)`,
    Array.from({ length: 10 }, () => day),
  );
  return rows.map(({ lastPost, lastSeen, rawCounters, ...row }) => ({
    ...row,
    followersRounded: (rawCounters ?? '').split(';').some((one) => one.split('=')[0] === 'followers'),
    openedMonth: month(row),
    silence: lastPost === null ? null : days(lastPost, day),
    observed: row.observedFrom <= day && day <= lastSeen,
  }));
}

export const days = (from: string, to: string): number => Math.round(DateTime.fromISO(to).diff(DateTime.fromISO(from), 'days').days);
export const bucketOf = (day: string, grain: Grain): string => DateTime.fromISO(day).startOf(grain).toISODate()!;
export const bucketEnd = (day: string, grain: Grain): string => DateTime.fromISO(day).endOf(grain).toISODate()!;

/** Sum of what is known; null when nothing is. */
export const sum = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** Quantile by linear interpolation between neighbours (type 7 of Hyndman and Fan 1996); null of nothing. */
export function quantile(values: readonly (number | null)[], q: number): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

/** Groups by the text of a key. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => readonly unknown[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
