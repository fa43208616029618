import { FOLLOWED_MINUTES } from '../model/facts';
import { fromSqlInstant, localTime, toSqlInstant } from '../model/time';
import { featuresOf, type TextFeatures } from '../text/features';
import type { Param, Tx } from '../store/store';
import type { MadeFeatures } from './ahead';
import type { AccountBook } from './accountBook';
import { compareObservations, ranked, rawCounters, sameCounters, type Counters, type Observation } from './counters';
import { existenceOf, VISIBLE, type Existence } from './existence';
import type { Rules } from './judge';
import { readPosts, readWitnesses, type Content, type StoredPost, type Witnesses } from './knownPosts';
import type { PostRecord } from './records';
import type { Pending } from './writer';

export const FEATURES = [
  'questions', 'mentions', 'links', 'hashtags', 'slang', 'emoticons', 'formal', 'informal', 'tokens', 'category',
] as const satisfies readonly (keyof TextFeatures)[]; // prettier-ignore
const POST_COLUMNS = [
  'platform', 'post_id', 'account_key', 'posted_at', 'posted_day', 'posted_hour', 'text', 'text_length', 'original', 'repost_of_id',
  'reposts', 'comments', 'likes', 'raw_counters', 'observed_at', 'observed_seq', 'batch_id', 'status', 'status_actor', 'missed_at',
  'text_rules', ...FEATURES,
] as const; // prettier-ignore
const OBSERVATION_COLUMNS = [
  'platform',
  'post_id',
  'observed_at',
  'seq',
  'reposts',
  'comments',
  'likes',
  'raw_counters',
  'batch_id',
] as const;

/** What posts are written with. */
interface PostTools {
  readonly rules: Rules;
  readonly batchId: number;
  readonly made: MadeFeatures;
}

/** Writes posts: a post seen again with other counters, or at another time, is a further observation; nothing is overwritten. */
export async function writePosts(tx: Tx, posts: readonly Pending<PostRecord>[], book: AccountBook, tools: PostTools): Promise<void> {
  const { batchId } = tools;
  if (posts.length === 0) return;
  const stored = await readPosts(tx, posts);
  const witnesses = await readWitnesses(tx, posts, book);
  const earlier: Param[][] = [];

  for (const { record, settle } of posts) {
    const key = keyOf(record);
    const account = book.of(record.platform, record.accountId);
    const known = stored.get(key);
    if (known && known.account_key !== account.account_key) {
      settle({ field: 'accountId', reason: `Post ${record.postId} is already known as a post of another account.` });
      continue;
    }
    const zone = book.zoneOf(record.platform);
    const { day, hour } = localTime(record.postedAt, zone);
    const content: Content = {
      posted_at: toSqlInstant(record.postedAt),
      posted_day: day,
      posted_hour: hour,
      text: record.text,
      original: Number(record.original),
      repost_of_id: record.repostOfId ?? null,
    };
    const observation: Observation = {
      reposts: record.reposts,
      comments: record.comments,
      likes: record.likes,
      raw_counters: rawCounters(record.approximate),
      observed_at: toSqlInstant(record.observedAt),
      seq: 0,
      batch_id: batchId,
    };
    if (record.screenName) book.printedName(account, record.screenName);
    if (known === undefined) {
      const added: StoredPost = {
        platform: record.platform,
        post_id: record.postId,
        account_key: account.account_key,
        content,
        last: observation,
        observations: [observation],
        existence: VISIBLE,
        record,
        changed: true,
        tied: false,
      };
      added.existence = existenceFor(key, added, witnesses);
      stored.set(key, added);
      book.sawPost(account, day, localTime(record.observedAt, zone).day);
      book.movedPost(day);
      book.newPost(record.platform, record.postId, account);
      settle('accepted');
      continue;
    }
    // A database that is read again and again does not say when it looked: nothing new is no observation.
    if (record.undated && sameCounters(known.last, observation) && sameContent(known.content, content)) {
      settle('unchanged');
      continue;
    }
    const repeated = known.observations.find((one) => one.observed_at === observation.observed_at && sameCounters(one, observation));
    const isLast = repeated ? repeated === known.last : compareObservations(observation, known.last) > 0;
    // Of different texts stated with the same counters at the same moment one counts, whichever came first.
    const isContent = isLast && (!repeated || compareContent(content, known.content) > 0);
    if (repeated && !isContent) {
      settle('unchanged');
      continue;
    }
    book.sawPost(account, day, localTime(record.observedAt, zone).day);
    const [before, sightsBefore] = [factsOf(known), sightsOf(known)];
    const wasPosted = known.content;
    if (!repeated) {
      const tied = known.observations.some(({ observed_at }) => observed_at === observation.observed_at);
      const past = isLast ? known.last : observation;
      known.observations.push(observation);
      if (tied) known.tied = true;
      else earlier.push([record.platform, record.postId, ...observationValues(past)]);
    }
    if (isLast) {
      if (!repeated) known.last = observation;
      known.content = content;
      known.record = record;
      known.existence = existenceFor(key, known, witnesses);
      known.changed = true;
      if (wasPosted.posted_at !== content.posted_at) book.movedPost(wasPosted.posted_day, day);
      else if (factsOf(known) !== before) book.stalePost(day);
    }
    if (wasPosted.posted_at === known.content.posted_at && sightsOf(known) !== sightsBefore) book.followedPost(known.content.posted_day);
    settle('updated');
  }
  await rankTies(tx, stored, earlier);
  const changed = [...stored.values()].filter((post) => post.changed);
  await tx.upsert(
    'post',
    ['platform', 'post_id'],
    POST_COLUMNS,
    changed.map((post) => rowOf(post, tools)),
  );
  await tx.insert('post_observation', OBSERVATION_COLUMNS, earlier);
}

const keyOf = ({ platform, postId }: Pick<PostRecord, 'platform' | 'postId'>): string => `${platform}|${postId}`;

const existenceFor = (key: string, { account_key, content, last }: StoredPost, { statuses, spans }: Witnesses): Existence =>
  statuses.size + spans.size === 0
    ? VISIBLE
    : existenceOf(content.posted_at, last.observed_at, statuses.get(key) ?? [], spans.get(account_key) ?? []);

/** Several statements about one moment: all observations of the post are written anew, numbered in their order. */
async function rankTies(tx: Tx, stored: ReadonlyMap<string, StoredPost>, earlier: Param[][]): Promise<void> {
  for (const post of stored.values()) {
    if (!post.tied) continue;
    const { platform, post_id: postId } = post;
    post.observations = ranked(post.observations);
    post.last = post.observations.at(-1)!;
    post.changed = true;
    await tx.run('DELETE FROM post_observation WHERE platform = ? AND post_id = ?', [platform, postId]);
    for (let at = earlier.length - 1; at >= 0; at -= 1)
      if (earlier[at]![0] === platform && earlier[at]![1] === postId) earlier.splice(at, 1);
    for (const one of post.observations.slice(0, -1)) earlier.push([platform, postId, ...observationValues(one)]);
  }
}

function rowOf(
  { platform, post_id, account_key, content, last, existence, record }: StoredPost,
  { rules, batchId, made }: PostTools,
): Param[] {
  const features = (record && made.get(record)) ?? featuresOf(content.text, content.posted_day, rules.text);
  return [
    platform, post_id, account_key, content.posted_at, content.posted_day, content.posted_hour, content.text, codePoints(content.text),
    content.original, content.repost_of_id, last.reposts, last.comments, last.likes, last.raw_counters, last.observed_at, last.seq, batchId,
    existence.status, existence.status_actor, existence.missed_at, rules.text.version,
    features.questions, features.mentions, features.links, features.hashtags, features.slang, features.emoticons, features.formal,
    features.informal, features.tokens, features.category,
  ]; // prettier-ignore
}

/** What facts are made of, apart from when it was posted. */
const factsOf = ({ content, last, existence }: StoredPost): string =>
  JSON.stringify([content.text, content.original, counterValues(last), existence]);

/** When it was first and last seen, as far as facts tell it. */
function sightsOf({ content, last, observations }: StoredPost): string {
  const posted = fromSqlInstant(content.posted_at);
  const first = observations.reduce((least, { observed_at }) => (observed_at < least ? observed_at : least), last.observed_at);
  return [first, last.observed_at]
    .map((seen) => Math.min(FOLLOWED_MINUTES + 1, Math.max(0, Math.floor((fromSqlInstant(seen) - posted) / 60_000))))
    .join();
}

const counterValues = ({ reposts, comments, likes, raw_counters }: Counters): Param[] => [reposts, comments, likes, raw_counters];
const observationValues = (one: Observation): Param[] => [one.observed_at, one.seq, ...counterValues(one), one.batch_id];
const sameContent = (a: Content, b: Content): boolean => compareContent(a, b) === 0;
function compareContent(a: Content, b: Content): number {
  const [one, other] = [a, b].map(({ posted_at, text, original, repost_of_id }) =>
    JSON.stringify([text, posted_at, original, repost_of_id]),
  );
  return one! < other! ? -1 : one! > other! ? 1 : 0;
}

/** Length in Unicode code points: an emoji outside the basic plane is one character. */
function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
