import type { AccountRecord, InteractionRecord, PostRecord, StatusRecord } from '../../records';
import { readBoolean, readCount, readId, readText } from '../../values';
import type { Cell, DocumentFormat, RowContext, Shape } from '../shape';
import { absentOriginal, bodyOf, countsOf, firstText, PLATFORM, postIdOf, ROUNDED_FROM, timeOf } from './shared';

// github.com/dataabc/weibo-crawler. It reads m.weibo.cn, which rounds counts from 10,000 on, and writes them out as numbers.
const FORMAT = 'weibo-crawler';

const undated = ({ undated: yes }: RowContext): { readonly undated?: true } => (yes ? { undated: true } : {});

/** `<user id>.csv`, all builds since 2019: 11 to 18 columns, and as many again for the original of a repost. */
export const POSTS_CSV: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', '正文', '日期', '点赞数', '评论数', '转发数'],
  read(cell, context): readonly (PostRecord | StatusRecord)[] {
    const repostOfId = readText(cell('源微博id')) === null ? null : postIdOf('源微博id', cell('源微博id'), cell('源微博bid'));
    const post: PostRecord = {
      kind: 'post',
      platform: PLATFORM,
      postId: postIdOf('id', cell('id'), cell('bid')),
      accountId: readId('user_id', firstText(cell('user_id'), context.owner ?? undefined)),
      // Builds before 2021 have the day alone.
      postedAt: timeOf('完整日期', firstText(cell('完整日期'), cell('日期')), context.observedAt),
      observedAt: context.observedAt,
      text: bodyOf(cell('正文')),
      original: readBoolean('是否原创', cell('是否原创')) ?? repostOfId === null,
      repostOfId,
      ...countsOf(cell, { likes: '点赞数', comments: '评论数', reposts: '转发数' }, ROUNDED_FROM),
      ...undated(context),
    };
    return [post, ...absentOriginal(repostOfId, cell('源用户id'), cell('源微博正文'), context.observedAt)];
  },
};

/** A post in the JSON file, and a row of the table `weibo` in MySQL and SQLite, where originals of others have rows too. */
export const POSTS: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', 'bid', 'user_id', 'text', 'created_at', 'attitudes_count', 'comments_count', 'reposts_count'],
  // weibo-search has a table of the same name and the same columns, and more.
  lacks: ['user_authentication'],
  read(cell, context): readonly (PostRecord | StatusRecord)[] {
    const postId = postIdOf('id', cell('id'), cell('bid'));
    const author = firstText(cell('user_id'), context.owner ?? undefined);
    if (author === undefined) {
      const absent = absentOriginal(postId, '', cell('text'), context.observedAt);
      if (absent.length > 0) return absent;
    }
    const repostOf = firstText(cell('retweet_id'), cell('retweet.id'));
    const repostOfId = repostOf === undefined ? null : postIdOf('retweet.id', repostOf, cell('retweet.bid'));
    const post: PostRecord = {
      kind: 'post',
      platform: PLATFORM,
      postId,
      accountId: readId('user_id', author),
      screenName: readText(cell('screen_name')),
      postedAt: timeOf('full_created_at', firstText(cell('full_created_at'), cell('created_at')), context.observedAt),
      observedAt: context.observedAt,
      text: bodyOf(cell('text')),
      original: repostOfId === null && cell('retweet.text') === undefined,
      repostOfId,
      ...countsOf(cell, { likes: 'attitudes_count', comments: 'comments_count', reposts: 'reposts_count' }, ROUNDED_FROM),
      ...undated(context),
    };
    return [post, ...absentOriginal(repostOfId, cell('retweet.user_id'), cell('retweet.text'), context.observedAt)];
  },
};

interface UserColumns extends Readonly<Record<'id' | 'screenName' | 'location' | 'openedOn' | 'description', string>> {
  readonly counts: Readonly<Record<'followers' | 'following', string> & Partial<Record<'postsTotal', string>>>;
  readonly verified?: Readonly<Record<'verified' | 'type' | 'reason', string>>;
}

/** A missing column is not spoken of; an empty cell says that there is nothing. */
function account(columns: UserColumns, cell: Cell, { observedAt, owner }: RowContext): AccountRecord {
  const text = (name: string): string | null | undefined => (cell(name) === undefined ? undefined : readText(cell(name)));
  const { verified } = columns;
  return {
    kind: 'account',
    platform: PLATFORM,
    accountId: readId(columns.id, firstText(cell(columns.id), owner ?? undefined)),
    observedAt,
    screenName: text(columns.screenName),
    location: text(columns.location),
    openedOn: text(columns.openedOn),
    description: text(columns.description),
    ...(verified && {
      verified: readBoolean(verified.verified, cell(verified.verified)),
      verifiedType: text(verified.type),
      verifiedReason: text(verified.reason),
    }),
    ...countsOf(cell, columns.counts as Record<'followers' | 'following' | 'postsTotal', string>, ROUNDED_FROM),
  };
}

const BARE_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** `users.csv`. Builds of 2020 wrote the bare time of a run between the rows; it says nothing of an account. */
export const USERS_CSV: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['用户id', '昵称'],
  read(cell, context) {
    if (cell('昵称') === undefined && BARE_TIME.test((cell('用户id') ?? '').trim())) return [];
    const columns: UserColumns = {
      id: '用户id', screenName: '昵称', location: '所在地', openedOn: '注册时间', description: '简介',
      counts: { followers: '粉丝数', following: '关注数', postsTotal: '微博数' },
      verified: { verified: '是否认证', type: '认证类型', reason: '认证信息' },
    }; // prettier-ignore
    return [account(columns, cell, context)];
  },
};

/** A row of the table `user` in MySQL. */
export const USERS: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['id', 'screen_name', 'followers_count', 'follow_count'],
  read: (cell, context) => [
    account(
      {
        id: 'id', screenName: 'screen_name', location: 'location', openedOn: 'registration_time', description: 'description',
        counts: { followers: 'followers_count', following: 'follow_count', postsTotal: 'statuses_count' },
        verified: { verified: 'verified', type: 'verified_type', reason: 'verified_reason' },
      }, // prettier-ignore
      cell,
      context,
    ),
  ],
};

/** A row of the table `user` in SQLite: other names, and nothing about posts and verification. */
export const USERS_SQLITE: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['id', 'nick_name', 'follower_count', 'follow_count'],
  read: (cell, context) => [
    account(
      {
        id: 'id', screenName: 'nick_name', location: 'location', openedOn: 'reg_date', description: 'bio',
        counts: { followers: 'follower_count', following: 'follow_count' },
      }, // prettier-ignore
      cell,
      context,
    ),
  ],
};

function interaction(cell: Cell, context: RowContext, form: 'COMMENT' | 'REPOST', parentId: string | null): InteractionRecord {
  return {
    kind: 'interaction',
    platform: PLATFORM,
    interactionId: readId('id', cell('id')),
    form,
    postId: readId('weibo_id', cell('weibo_id')),
    accountId: null,
    parentId,
    writerId: readId('user_id', cell('user_id')),
    byAccountId: null,
    citizenHash: null,
    createdAt: timeOf('created_at', cell('created_at'), context.observedAt),
    text: bodyOf(cell('text')),
    likes: readCount('like_count', cell('like_count')),
  };
}

/** A row of the table `comments`. A comment on the post itself is its own root. */
export const COMMENTS: Shape = {
  format: FORMAT,
  what: 'comments',
  needs: ['id', 'weibo_id', 'root_id', 'user_id', 'created_at', 'text'],
  read(cell, context) {
    const root = readText(cell('root_id'));
    return [interaction(cell, context, 'COMMENT', root === '0' || root === readText(cell('id')) ? null : root)];
  },
};

/** A row of the table `reposts`. */
export const REPOSTS: Shape = {
  format: FORMAT,
  what: 'reposts',
  needs: ['id', 'weibo_id', 'user_id', 'user_screen_name', 'created_at', 'text'],
  lacks: ['root_id'],
  read: (cell, context) => [interaction(cell, context, 'REPOST', null)],
};

export const SHAPES: readonly Shape[] = [POSTS_CSV, USERS_CSV, POSTS, USERS, USERS_SQLITE, COMMENTS, REPOSTS];

/** `<user id>.json`. The API of Weibo has users with these names too, but `friends_count` for the accounts they follow. */
export const DOCUMENTS: readonly DocumentFormat[] = [
  {
    format: FORMAT,
    owner: 'user.id',
    parts: [
      { path: 'user', list: false, shape: { ...USERS, needs: ['id', 'screen_name'], lacks: ['friends_count'] } },
      { path: 'weibo', list: true, shape: POSTS },
    ],
  },
];
