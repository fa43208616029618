import type { PostRecord } from '../src/ingest/records';
import { accountKey } from '../src/model/accountKey';
import { localTime, toSqlInstant } from '../src/model/time';
import { featuresOf } from '../src/text/features';
import type { TextRules } from '../src/text/rules';

export const POST_COLUMNS = [
  'platform', 'post_id', 'account_key', 'posted_at', 'posted_day', 'posted_hour', 'text', 'text_length', 'original',
  'repost_of_id', 'reposts', 'comments', 'likes', 'observed_at', 'observed_seq', 'batch_id', 'status', 'text_rules', 'questions', 'mentions',
  'links', 'hashtags', 'slang', 'emoticons', 'formal', 'informal', 'tokens', 'category',
] as const; // prettier-ignore

/** Rows of one transaction on both sides. */
export const ROWS_PER_TRANSACTION = 2_000;

export type BareRow = readonly (string | number | null)[];

/** The rows that loading the records must leave in table `post`, made before anything is timed. */
export const bareRows = (posts: readonly PostRecord[], rules: TextRules): BareRow[] =>
  posts.map((post) => {
    const { day, hour } = localTime(post.postedAt, 'Asia/Shanghai');
    const features = featuresOf(post.text, day, rules);
    return [
      post.platform, post.postId, accountKey(post.platform, post.accountId), toSqlInstant(post.postedAt), day, hour, post.text,
      [...post.text].length, Number(post.original), null, post.reposts, post.comments, post.likes, toSqlInstant(post.observedAt), 0, 1,
      'VISIBLE', rules.version, features.questions, features.mentions, features.links, features.hashtags, features.slang, features.emoticons,
      features.formal, features.informal, features.tokens, features.category,
    ]; // prettier-ignore
  });

/** A question whose answer is the same for two tables only if they hold the same posts, in the SQL of both stores. */
export const fingerprintSql = (table: string): string =>
  `SELECT COUNT(*) AS posts, SUM(account_key % 99991) AS accounts, MIN(post_id) AS first_id, MAX(post_id) AS last_id,
          SUM(CAST(SUBSTR(post_id, 11) AS DECIMAL(20))) AS ids, SUM(posted_hour) AS hours, COUNT(DISTINCT posted_day) AS days,
          MIN(posted_at) AS first_at, MAX(posted_at) AS last_at, SUM(text_length) AS characters, SUM(LENGTH(text)) AS lengths,
          MAX(text) AS last_text, SUM(original) AS originals, SUM(reposts) AS reposts, SUM(comments) AS comments, SUM(likes) AS likes,
          COUNT(likes) AS with_likes, MAX(observed_at) AS observed, SUM(tokens) AS tokens, SUM(formal) + SUM(informal) + SUM(slang) AS marks,
          SUM(questions) + SUM(mentions) + SUM(links) + SUM(hashtags) + SUM(emoticons) AS signs, COUNT(DISTINCT category) AS categories,
          MIN(status) AS status, MAX(text_rules) AS rules
   FROM ${table}`;

/** Values as text: the drivers give sums as numbers or as decimals. */
export const asText = (row: object): string[] => Object.values(row).map((value) => String(value));
