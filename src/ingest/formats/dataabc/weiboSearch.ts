import type { AccountRecord, IngestRecord, PostRecord } from '../../records';
import { readId, readText } from '../../values';
import type { Cell, RowContext, Shape } from '../shape';
import { bodyOf, countsOf, PLATFORM, postIdOf, timeOf } from './shared';

// github.com/dataabc/weibo-search: what Weibo's search finds for some words, posts of many accounts in one file. Counters are
// the text of the page (`3万`, `10万+`), which tells by itself that it is rounded.
const FORMAT = 'weibo-search';

type Columns = Readonly<Record<'screenName' | 'text' | 'postedAt' | 'likes' | 'comments' | 'reposts', string>>;

/** 蓝V are organisations; 黄V, 红V and 金V are persons; nothing tells which `verified_type` it is. */
function verifiedOf(authentication: string | undefined): boolean | null {
  const plain = readText(authentication);
  return plain === null ? null : plain.endsWith('V') ? true : plain === '普通用户' ? false : null;
}

function found(columns: Columns, cell: Cell, { observedAt, undated }: RowContext): readonly IngestRecord[] {
  const accountId = readId('user_id', cell('user_id'));
  const screenName = readText(cell(columns.screenName));
  const repostOf = readText(cell('retweet_id'));
  const verified = verifiedOf(cell('user_authentication'));
  const post: PostRecord = {
    kind: 'post',
    platform: PLATFORM,
    postId: postIdOf('id', cell('id'), cell('bid')),
    accountId,
    screenName,
    postedAt: timeOf(columns.postedAt, cell(columns.postedAt), observedAt),
    observedAt,
    text: bodyOf(cell(columns.text)),
    original: repostOf === null,
    repostOfId: repostOf,
    ...countsOf(cell, { likes: columns.likes, comments: columns.comments, reposts: columns.reposts }),
    ...(undated ? { undated } : {}),
  };
  const author: AccountRecord = {
    kind: 'account',
    platform: PLATFORM,
    accountId,
    observedAt,
    screenName,
    ...(verified === null ? {} : { verified }),
  };
  return [post, author];
}

/** `<words>.csv`. Builds since 2023 have `ip`, `user_authentication` and the kind of membership too. */
export const POSTS_CSV: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', 'user_id', '用户昵称', '微博正文', '发布时间'],
  read: (cell, context) =>
    found(
      { screenName: '用户昵称', text: '微博正文', postedAt: '发布时间', likes: '点赞数', comments: '评论数', reposts: '转发数' },
      cell,
      context,
    ),
};

/** A row of the table `weibo` in MySQL and SQLite. Without `user_authentication` nobody can tell it from weibo-crawler's. */
export const POSTS: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', 'user_id', 'screen_name', 'text', 'created_at', 'user_authentication'],
  read: (cell, context) =>
    found(
      {
        screenName: 'screen_name', text: 'text', postedAt: 'created_at', likes: 'attitudes_count', comments: 'comments_count',
        reposts: 'reposts_count',
      }, // prettier-ignore
      cell,
      context,
    ),
};

export const SHAPES: readonly Shape[] = [POSTS_CSV, POSTS];
