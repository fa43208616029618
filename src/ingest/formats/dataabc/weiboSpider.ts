import type { AccountRecord, PostRecord } from '../../records';
import { readBoolean, readId, readText } from '../../values';
import type { Cell, DocumentFormat, RowContext, Shape } from '../shape';
import { bidOrMid, countsOf, firstText, PLATFORM, ROUNDED_FROM, timeOf } from './shared';

// github.com/dataabc/weiboSpider. It reads weibo.cn, whose counters of posts are exact; those of accounts are rounded there.
const FORMAT = 'weiboSpider';

type PostColumns = Readonly<Record<'id' | 'text' | 'postedAt' | 'original' | 'likes' | 'reposts' | 'comments', string>>;

/**
 * A repost is written as one text: the reason for it, then the original, which is another's. Its id is not written, so that
 * it stays unknown what was reposted.
 */
const REPOST = /^转发理由:(.*?)\s*\n(?:原始用户|转发内容): /s;

function post(columns: PostColumns, cell: Cell, { observedAt, owner, undated }: RowContext): PostRecord {
  const text = cell(columns.text) ?? '';
  const repost = REPOST.exec(text);
  return {
    kind: 'post',
    platform: PLATFORM,
    postId: bidOrMid(columns.id, cell(columns.id)),
    accountId: readId('user_id', firstText(cell('user_id'), owner ?? undefined)),
    postedAt: timeOf(columns.postedAt, cell(columns.postedAt), observedAt),
    observedAt,
    text: repost ? repost[1]! : text,
    original: readBoolean(columns.original, cell(columns.original)) ?? repost === null,
    repostOfId: null,
    ...countsOf(cell, { likes: columns.likes, reposts: columns.reposts, comments: columns.comments }),
    ...(undated ? { undated } : {}),
  };
}

/** `<user id>.csv`. The header is written again by each run; builds differ in the columns for articles and originals. */
export const POSTS_CSV: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['微博id', '微博正文', '发布时间', '点赞数', '转发数', '评论数'],
  read: (cell, context) => [
    post(
      { id: '微博id', text: '微博正文', postedAt: '发布时间', original: '是否为原创微博', likes: '点赞数', reposts: '转发数', comments: '评论数' },
      cell,
      context,
    ),
  ],
}; // prettier-ignore

/** A post in the JSON file, and a row of the table `weibo` in MySQL and SQLite. */
export const POSTS: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', 'content', 'publish_time', 'up_num', 'retweet_num', 'comment_num'],
  read: (cell, context) => [
    post(
      { id: 'id', text: 'content', postedAt: 'publish_time', original: 'original', likes: 'up_num', reposts: 'retweet_num', comments: 'comment_num' },
      cell,
      context,
    ),
  ],
}; // prettier-ignore

/** The part `user` of the JSON file, and a row of the table `user`. It has no field for verification but its reason. */
export const USERS: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['id', 'nickname', 'weibo_num', 'followers'],
  read(cell, { observedAt, owner }): readonly AccountRecord[] {
    // The crawler writes 无 (none) where the page has nothing.
    const text = (name: string): string | null => (readText(cell(name)) === '无' ? null : readText(cell(name)));
    const verifiedReason = text('verified_reason');
    return [
      {
        kind: 'account',
        platform: PLATFORM,
        accountId: readId('id', firstText(cell('id'), owner ?? undefined)),
        observedAt,
        screenName: text('nickname'),
        location: text('location'),
        description: text('description'),
        verifiedReason,
        ...(verifiedReason === null ? {} : { verified: true }),
        ...countsOf(cell, { followers: 'followers', following: 'following', postsTotal: 'weibo_num' }, ROUNDED_FROM),
      },
    ];
  },
};

export const SHAPES: readonly Shape[] = [POSTS_CSV, POSTS, USERS];

/** `<user id>.json`. */
export const DOCUMENTS: readonly DocumentFormat[] = [
  {
    format: FORMAT,
    owner: 'user.id',
    parts: [
      { path: 'user', list: false, shape: { ...USERS, needs: ['id', 'nickname'] } },
      { path: 'weibo', list: true, shape: POSTS },
    ],
  },
];
