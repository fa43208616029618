import { groupBy } from '../collections';
import { localTime, toSqlInstant } from '../model/time';
import type { Param, Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import type { Pending } from './writer';
import type { PostRecord } from './records';

const POST_COLUMNS = [
  'platform', 'post_id', 'account_key', 'posted_at', 'posted_day', 'posted_hour', 'text', 'text_length', 'original',
  'repost_of_id', 'reposts', 'comments', 'likes', 'observed_at', 'observed_seq', 'batch_id',
] as const; // prettier-ignore
const OBSERVATION_COLUMNS = ['platform', 'post_id', 'observed_at', 'seq', 'reposts', 'comments', 'likes', 'batch_id'] as const;

interface Counters {
  readonly reposts: number | null;
  readonly comments: number | null;
  readonly likes: number | null;
}
interface Observation extends Counters {
  readonly observed_at: string;
  readonly seq: number;
}
interface Content {
  readonly posted_day: string;
  readonly posted_hour: number;
  readonly text: string;
  readonly original: number;
}
interface StoredPost {
  account_key: number;
  /** What facts are made of beside the counters. */
  content: Content;
  last: Observation;
  observations: Observation[];
  /** Row to write, when the post is new or its last observation changed. */
  row: readonly Param[] | null;
}

/** Writes posts: a post seen again with other counters, or at another time, is a further observation; nothing is overwritten. */
export async function writePosts(tx: Tx, posts: readonly Pending<PostRecord>[], book: AccountBook, batchId: number): Promise<void> {
  const stored = await readPosts(tx, posts);
  const observations: Param[][] = [];

  for (const { record, settle } of posts) {
    const key = `${record.platform}|${record.postId}`;
    const account = book.of(record.platform, record.accountId);
    const observedAt = toSqlInstant(record.observedAt);
    const counters: Counters = { reposts: record.reposts, comments: record.comments, likes: record.likes };
    const known = stored.get(key);
    if (known && known.account_key !== account.account_key) {
      settle({ field: 'accountId', reason: `Post ${record.postId} is already known as a post of another account.` });
      continue;
    }
    const { day, hour } = localTime(record.postedAt, book.zoneOf(record.platform));
    const sameMoment = known?.observations.filter(({ observed_at }) => observed_at === observedAt) ?? [];
    if (sameMoment.some((one) => same(one, counters))) {
      settle('unchanged');
      continue;
    }
    const observation: Observation = { ...counters, observed_at: observedAt, seq: sameMoment.length };
    book.sawPost(account, day, localTime(record.observedAt, book.zoneOf(record.platform)).day);

    if (record.screenName) book.printedName(account, record.screenName);

    const content: Content = { posted_day: day, posted_hour: hour, text: record.text, original: Number(record.original) };
    const isLast = !known || isLater(observation, known.last);
    const row = (): readonly Param[] => [
      record.platform, record.postId, account.account_key, toSqlInstant(record.postedAt), day, hour, record.text, codePoints(record.text),
      record.original, record.repostOfId ?? null, ...values(counters), observedAt, observation.seq, batchId,
    ]; // prettier-ignore
    if (known) {
      known.observations.push(observation);
      // The post carries the last observation; whichever of the two is earlier goes to the others.
      const earlier = isLast ? known.last : observation;
      observations.push([record.platform, record.postId, earlier.observed_at, earlier.seq, ...values(earlier), batchId]);
      if (isLast) {
        if (!same(known.last, counters) || !sameContent(known.content, content)) book.stalePost(known.content.posted_day, day);
        Object.assign(known, { last: observation, row: row(), content });
      }
      settle('updated');
    } else {
      stored.set(key, { account_key: account.account_key, content, last: observation, observations: [observation], row: row() });
      book.stalePost(day);
      settle('accepted');
    }
  }
  const rows = [...stored.values()].flatMap(({ row }) => (row ? [row] : []));
  await tx.upsert('post', ['platform', 'post_id'], POST_COLUMNS, rows);
  await tx.insert('post_observation', OBSERVATION_COLUMNS, observations);
}

const KNOWN_COLUMNS = 'post_id, account_key, posted_day, posted_hour, text, original, observed_at, observed_seq, reposts, comments, likes';
type KnownPost = Counters &
  Content & { readonly post_id: string; readonly account_key: number; readonly observed_at: string; readonly observed_seq: number };

async function readPosts(tx: Tx, posts: readonly Pending<PostRecord>[]): Promise<Map<string, StoredPost>> {
  const stored = new Map<string, StoredPost>();
  const byPlatform = groupBy(posts, ({ record }) => record.platform);
  for (const [platform, some] of byPlatform) {
    const ids = [...new Set(some.map(({ record }) => record.postId))];
    const places = ids.map(() => '?').join(', ');
    const known = await tx.query<KnownPost>(`SELECT ${KNOWN_COLUMNS} FROM post WHERE platform = ? AND post_id IN (${places})`, [
      platform,
      ...ids,
    ]);
    for (const { post_id, account_key, observed_at, observed_seq, reposts, comments, likes, ...content } of known) {
      const last: Observation = { observed_at, seq: observed_seq, reposts, comments, likes };
      stored.set(`${platform}|${post_id}`, { account_key, content, last, observations: [last], row: null });
    }
    if (known.length === 0) continue;
    const observations = await tx.query<Observation & { post_id: string }>(
      `SELECT post_id, observed_at, seq, reposts, comments, likes FROM post_observation WHERE platform = ? AND post_id IN (${known.map(() => '?').join(', ')})`,
      [platform, ...known.map(({ post_id }) => post_id)],
    );
    for (const { post_id, ...observation } of observations) stored.get(`${platform}|${post_id}`)!.observations.push(observation);
  }
  return stored;
}

const values = ({ reposts, comments, likes }: Counters): Param[] => [reposts, comments, likes];
const same = (a: Counters, b: Counters): boolean => a.reposts === b.reposts && a.comments === b.comments && a.likes === b.likes;
const sameContent = (a: Content, b: Content): boolean =>
  a.posted_day === b.posted_day && a.posted_hour === b.posted_hour && a.text === b.text && Number(a.original) === b.original;
const isLater = (a: Observation, b: Observation): boolean =>
  a.observed_at > b.observed_at || (a.observed_at === b.observed_at && a.seq > b.seq);

/** Length in Unicode code points: an emoji outside the basic plane is one character. */
function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
