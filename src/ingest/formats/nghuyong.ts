import { basename } from 'node:path';
import type { Instant } from '../../model/time';
import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from '../records';
import { readBoolean, readCount, readCounts, readDay, readId, readText, readTime, ValueError } from '../values';
import { midOf } from '../weiboIds';
import type { Cell, RowContext, Shape } from './shape';

// JSON Lines of nghuyong/WeiboSpider, `{spider}_{time}.jsonl`, since its rewrite of 2022 for weibo.com. Its counters are exact,
// and most of its records carry the moment of crawling. Times are of Beijing, their offset cut off.
const FORMAT = 'nghuyong-WeiboSpider';
const ZONE = 'Asia/Shanghai';
const PLATFORM = 'weibo';

const observedAt = (cell: Cell, context: RowContext): Instant =>
  readText(cell('crawl_time')) === null ? context.observedAt : readTime('crawl_time', cell('crawl_time'), ZONE);

/** The user object at a path of the record (`user.`), or the record itself. It says nothing of what it leaves out. */
function account(cell: Cell, path: string, at: Instant): AccountRecord {
  const verified = readBoolean(`${path}verified`, cell(`${path}verified`));
  return {
    kind: 'account',
    platform: PLATFORM,
    accountId: readId(`${path}_id`, cell(`${path}_id`)),
    observedAt: at,
    screenName: readText(cell(`${path}nick_name`)),
    openedOn: readDay(`${path}created_at`, cell(`${path}created_at`), ZONE),
    location: readText(cell(`${path}location`)),
    description: readText(cell(`${path}description`)),
    verified,
    // The crawler leaves the type out of accounts that are not verified; -1 is Weibo's word for them.
    verifiedType: readText(cell(`${path}verified_type`)) ?? (verified === false ? '-1' : null),
    verifiedReason: readText(cell(`${path}verified_reason`)),
    ...readCounts({
      followers: cell(`${path}followers_count`),
      following: cell(`${path}friends_count`),
      postsTotal: cell(`${path}statuses_count`),
    }),
  };
}

/**
 * A post, and its author where the record holds one that is verified or whose posts were asked for: the profiles of
 * private persons whom a search by keyword happened to find are not taken. The reposts that the spider `repost` collects
 * under one post look like posts and are told by the name of their file: they are interactions.
 */
function tweet(cell: Cell, context: RowContext): IngestRecord[] {
  if (/^repost/i.test(basename(context.file))) return [repost(cell)];
  const at = observedAt(cell, context);
  const author = readText(cell('user._id')) === null ? null : account(cell, 'user.', at);
  const known = author?.verified === true || readText(cell('keyword')) === null;
  const repostOfId = readText(cell('retweet_id'));
  const post: PostRecord = {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('_id', cell('_id')),
    accountId: author?.accountId ?? writerOf(cell('url'), context),
    screenName: known ? (author?.screenName ?? null) : null,
    postedAt: readTime('created_at', cell('created_at'), ZONE),
    observedAt: at,
    text: cell('content') ?? '',
    original: repostOfId === null && readBoolean('is_retweet', cell('is_retweet')) !== true,
    repostOfId,
    ...readCounts({ reposts: cell('reposts_count'), comments: cell('comments_count'), likes: cell('attitudes_count') }),
  };
  return author !== null && known ? [post, author] : [post];
}

/** Posts of one account are written without their author, whose id is in their address. */
function writerOf(url: string | undefined, context: RowContext): string {
  const id = /weibo\.com\/(?:u\/)?(\w+)\/\w+/.exec(url ?? '')?.[1] ?? context.owner;
  if (id === null) throw new ValueError('user', 'Neither "user._id" nor "url" says whose post it is.');
  return id;
}

function repost(cell: Cell): InteractionRecord {
  const root = readText(cell('retweet_id'));
  if (root === null)
    throw new ValueError('retweet_id', 'The record does not say which post it reposts; add its number (mid) as "retweet_id".');
  return {
    kind: 'interaction',
    platform: PLATFORM,
    interactionId: readId('_id', cell('_id')),
    form: 'REPOST',
    postId: root,
    accountId: null,
    parentId: null,
    writerId: readId('user._id', cell('user._id')),
    byAccountId: null,
    citizenHash: null,
    createdAt: readTime('created_at', cell('created_at'), ZONE),
    text: cell('content') ?? '',
    likes: readCount('attitudes_count', cell('attitudes_count')),
  };
}

/** A comment, or the reply to one (`reply_comment`). */
const comment =
  (writer: string, likes: string) =>
  (cell: Cell): InteractionRecord[] => [
    {
      kind: 'interaction',
      platform: PLATFORM,
      interactionId: readId('_id', cell('_id')),
      form: 'COMMENT',
      postId: postOf(cell('weibo_id')),
      accountId: null,
      parentId: readText(cell('reply_comment._id')),
      writerId: readId(writer, cell(writer)),
      byAccountId: null,
      citizenHash: null,
      createdAt: readTime('created_at', cell('created_at'), ZONE),
      text: cell('content') ?? '',
      likes: readCount(likes, cell(likes)),
    },
  ];

function postOf(text: string | undefined): string {
  const id = readText(text);
  if (id === null)
    throw new ValueError(
      'weibo_id',
      'The crawler does not write under which post a comment stands; add the number (mid) or the name (bid) of the post as "weibo_id".',
    );
  return /^\d+$/.test(id) ? id : midOf('weibo_id', id);
}

/** `fan_id` follows `follower_id`; the one of them whose list was crawled stands alone, the other with its profile. */
const follow =
  (followed: string, follower: string): Shape['read'] =>
  (cell, context) => [
    {
      kind: 'follow',
      platform: PLATFORM,
      accountId: readId(followed, cell(followed)),
      writerId: readId(follower, cell(follower)),
      observedAt: observedAt(cell, context),
    },
  ];

/** Posts, accounts, comments, reposts and followers of nghuyong/WeiboSpider, each known by the keys of its line. */
export const SHAPES: readonly Shape[] = [
  {
    format: FORMAT,
    what: 'posts',
    needs: ['_id', 'mblogid', 'content', 'created_at', 'reposts_count', 'comments_count', 'attitudes_count'],
    read: tweet,
  },
  {
    format: FORMAT,
    what: 'accounts',
    needs: ['_id', 'nick_name', 'followers_count', 'friends_count', 'statuses_count'],
    lacks: ['mblogid', 'content'],
    read: (cell, context) => [account(cell, '', observedAt(cell, context))],
  },
  {
    format: FORMAT,
    what: 'comments',
    needs: ['_id', 'content', 'created_at', 'comment_user'],
    lacks: ['mblogid'],
    read: comment('comment_user._id', 'like_counts'),
  },
  // Builds before 2022 wrote the ids alone.
  {
    format: FORMAT,
    what: 'comments',
    needs: ['_id', 'content', 'created_at', 'comment_user_id', 'weibo_id'],
    read: comment('comment_user_id', 'like_num'),
  },
  { format: FORMAT, what: 'follows', needs: ['follower_id', 'fan_info'], read: follow('follower_id', 'fan_info._id') },
  { format: FORMAT, what: 'follows', needs: ['fan_id', 'follower_info'], read: follow('follower_info._id', 'fan_id') },
  {
    format: FORMAT,
    what: 'follows',
    needs: ['fan_id', 'follower_id'],
    lacks: ['fan_info', 'follower_info'],
    read: follow('follower_id', 'fan_id'),
  },
];
