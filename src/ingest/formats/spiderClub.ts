import type { Instant } from '../../model/time';
import type { AccountRecord, InteractionRecord, PostRecord } from '../records';
import { readBoolean, readCount, readDay, readId, readText, readTime, ValueError } from '../values';
import type { Cell, RowContext, Shape } from './shape';

// MySQL tables of SpiderClub/weibospider. It writes 0 for a counter that it could not read, among them those that the page
// rounds (`1万+`), so its zeros are weak evidence. Its times are text as the page showed it: absolute, relative, or without a year.
const FORMAT = 'SpiderClub-weibospider';
const ZONE = 'Asia/Shanghai';
const PLATFORM = 'weibo';

function timeOf(field: string, cell: Cell, { observedAt, undated }: RowContext): Instant {
  // A database that does not say when it was filled has no moment from which "5 minutes ago" counts.
  return readTime(field, cell(field), ZONE, undefined, undated ? undefined : observedAt);
}

/** 0 none, 1 a person, 2 a blue V, which agencies, media and enterprises wear alike: Weibo's own code cannot be told. */
const VERIFIED_TYPES: Readonly<Record<string, string | null>> = { '0': '-1', '1': '0', '2': null };

/**
 * An account that is verified. The crawler goes on from whom it was asked for to their fans by itself, so that most others
 * are private persons: their rows are passed over, except that of the account whose file it is.
 */
function account(cell: Cell, { observedAt, owner }: RowContext): AccountRecord[] {
  const accountId = readId('uid', cell('uid'));
  const verification = readText(cell('verify_type')) ?? '0';
  const type = VERIFIED_TYPES[verification];
  if (type === undefined)
    throw new ValueError('verify_type', `"${verification}" is not 0 (not verified), 1 (a person) or 2 (an organisation).`);
  if (verification === '0' && accountId !== owner) return [];
  const counts = {
    followers: readCount('fans_num', cell('fans_num')),
    following: readCount('follows_num', cell('follows_num')),
    postsTotal: readCount('wb_num', cell('wb_num')),
  };
  // All three are 0 where the crawler could not read the page.
  const unread = Object.values(counts).every((count) => count === 0);
  return [
    {
      kind: 'account',
      platform: PLATFORM,
      accountId,
      observedAt,
      screenName: readText(cell('name')),
      openedOn: readDay('register_time', cell('register_time'), ZONE),
      location: readText(cell('location')),
      description: readText(cell('description')),
      verified: verification !== '0',
      verifiedType: type,
      verifiedReason: readText(cell('verify_info')),
      ...(unread ? { followers: null, following: null, postsTotal: null } : counts),
    },
  ];
}

const post = (cell: Cell, context: RowContext): PostRecord[] => [
  {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('weibo_id', cell('weibo_id')),
    accountId: readId('uid', cell('uid')),
    postedAt: timeOf('create_time', cell, context),
    observedAt: context.observedAt,
    text: cell('weibo_cont') ?? '',
    original: readBoolean('is_origin', cell('is_origin')) ?? true,
    // The table does not say which post is repeated.
    repostOfId: null,
    reposts: readCount('repost_num', cell('repost_num')),
    comments: readCount('comment_num', cell('comment_num')),
    likes: readCount('praise_num', cell('praise_num')),
    ...(context.undated ? { undated: true } : {}),
  },
];

const comment = (cell: Cell, context: RowContext): InteractionRecord[] => [
  {
    kind: 'interaction',
    platform: PLATFORM,
    interactionId: readId('comment_id', cell('comment_id')),
    form: 'COMMENT',
    postId: readId('weibo_id', cell('weibo_id')),
    accountId: null,
    parentId: null,
    writerId: readId('user_id', cell('user_id')),
    byAccountId: null,
    citizenHash: null,
    createdAt: timeOf('create_time', cell, context),
    text: withoutName(cell('comment_cont') ?? '', cell('comment_screen_name')),
  },
];

/** The crawler takes the name of the writer, which the page prints before a comment, for part of it: `某人：好`. */
function withoutName(text: string, name: string | undefined): string {
  if (readText(name) === null) return text.replace(/^[\p{L}\p{N}_-]{1,30}：/u, '');
  return text.startsWith(`${name!.trim()}：`) ? text.slice(name!.trim().length + 1) : text;
}

const repost = (cell: Cell, context: RowContext): InteractionRecord[] => [
  {
    kind: 'interaction',
    platform: PLATFORM,
    interactionId: readId('weibo_id', cell('weibo_id')),
    form: 'REPOST',
    postId: readId('root_weibo_id', cell('root_weibo_id')),
    accountId: null,
    // The repost that this one repeats is known by the name of its writer only.
    parentId: null,
    writerId: readId('user_id', cell('user_id')),
    byAccountId: null,
    citizenHash: null,
    createdAt: timeOf('repost_time', cell, context),
    text: cell('repost_cont') ?? '',
  },
];

const FANS = '1';
const FOLLOWS = '2';

const follow: Shape['read'] = (cell, { observedAt }) => {
  const type = readText(cell('type'));
  if (type !== FANS && type !== FOLLOWS)
    throw new ValueError('type', `"${type ?? ''}" is neither 1 (the other is a fan) nor 2 (the other is followed).`);
  const user = readId('user_id', cell('user_id'));
  const other = readId('follow_or_fans_id', cell('follow_or_fans_id'));
  const [accountId, writerId] = type === FANS ? [user, other] : [other, user];
  return [{ kind: 'follow', platform: PLATFORM, accountId, writerId, observedAt }];
};

/** Accounts, posts, comments, reposts and followers of SpiderClub/weibospider: tables, or files written from them. */
export const SHAPES: readonly Shape[] = [
  { format: FORMAT, what: 'accounts', table: 'wbuser', needs: ['uid', 'name', 'fans_num', 'follows_num', 'wb_num'], read: account },
  {
    format: FORMAT,
    what: 'posts',
    table: 'weibo_data',
    needs: ['weibo_id', 'weibo_cont', 'uid', 'create_time', 'repost_num', 'comment_num', 'praise_num'],
    read: post,
  },
  {
    format: FORMAT,
    what: 'comments',
    table: 'weibo_comment',
    needs: ['comment_id', 'comment_cont', 'weibo_id', 'user_id', 'create_time'],
    read: comment,
  },
  {
    format: FORMAT,
    what: 'reposts',
    table: 'weibo_repost',
    needs: ['weibo_id', 'root_weibo_id', 'user_id', 'repost_time', 'repost_cont'],
    read: repost,
  },
  { format: FORMAT, what: 'follows', table: 'user_relation', needs: ['user_id', 'follow_or_fans_id', 'type'], read: follow },
];
