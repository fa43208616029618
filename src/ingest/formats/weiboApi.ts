import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from '../records';
import { readBoolean, readCount, readCounts, readDay, readId, readText, readTime, ValueError } from '../values';
import { absenceOf } from './absence';
import type { Cell, DocumentFormat, RowContext, Shape } from './shape';

// Answers of the open API v2 as they were received: statuses/user_timeline, statuses/show, users/show, comments/show, and
// errors. Times carry their offset; the zone counts for none of them.
const FORMAT = 'weibo-api';
const ZONE = 'Asia/Shanghai';
const PLATFORM = 'weibo';

/**
 * The id of the post at a path (`retweeted_status.`). In 2011 `id` and `mid` were different numbers; the address of a post,
 * and with it all crawlers, know the `mid`. As text, because both go beyond 2^53.
 */
const postIdAt = (cell: Cell, path: string): string | null =>
  readText(cell(`${path}mid`)) ?? readText(cell(`${path}idstr`)) ?? readText(cell(`${path}id`));
const idAt = (cell: Cell, path: string): string | null => readText(cell(`${path}idstr`)) ?? readText(cell(`${path}id`));

function account(cell: Cell, path: string, { observedAt }: RowContext): AccountRecord {
  const verified = readBoolean(`${path}verified`, cell(`${path}verified`));
  return {
    kind: 'account',
    platform: PLATFORM,
    accountId: readId(`${path}id`, idAt(cell, path) ?? undefined),
    observedAt,
    screenName: readText(cell(`${path}screen_name`)),
    openedOn: readDay(`${path}created_at`, cell(`${path}created_at`), ZONE),
    location: readText(cell(`${path}location`)),
    description: readText(cell(`${path}description`)),
    verified,
    // Answers of the first years have no type; -1 is Weibo's word for accounts that are not verified.
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
 * A post that is gone comes as `deleted: "1"` with a notice for its text. Without the mark, only a notice without an
 * author is one: anybody may write such words.
 */
function goneAt(cell: Cell, path: string, { observedAt }: RowContext): StatusRecord | null {
  const postId = postIdAt(cell, path);
  if (postId === null) return null;
  const evidence = readText(cell(`${path}text`));
  const deleted = readText(cell(`${path}deleted`)) === '1';
  const authored = idAt(cell, `${path}user.`) !== null || readText(cell(`${path}uid`)) !== null;
  if (!deleted && authored) return null;
  const absence = absenceOf(evidence ?? '') ?? (deleted ? ({ status: 'DELETED', actor: 'UNKNOWN' } as const) : null);
  return absence && { kind: 'status', platform: PLATFORM, postId, observedAt, status: absence.status, actor: absence.actor, evidence };
}

/** A post, its author where that is the account of the file or verified, and the loss of the original of a repost. */
function status(cell: Cell, context: RowContext): IngestRecord[] {
  const gone = goneAt(cell, '', context);
  if (gone !== null) return [gone];
  const author = idAt(cell, 'user.') === null ? null : account(cell, 'user.', context);
  const accountId = author?.accountId ?? readText(cell('uid')) ?? context.owner;
  if (accountId === null) throw new ValueError('user', 'Neither "user" nor "uid" says whose post it is.');
  const repostOfId = postIdAt(cell, 'retweeted_status.');
  const original = goneAt(cell, 'retweeted_status.', context);
  const post: PostRecord = {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('mid', postIdAt(cell, '') ?? undefined),
    accountId,
    screenName: author?.screenName ?? null,
    postedAt: readTime('created_at', cell('created_at'), ZONE),
    observedAt: context.observedAt,
    text: cell('text') ?? '',
    original: repostOfId === null,
    repostOfId,
    ...readCounts({ reposts: cell('reposts_count'), comments: cell('comments_count'), likes: cell('attitudes_count') }),
  };
  const known = author !== null && (author.verified === true || author.accountId === context.owner);
  return [post, ...(known ? [author] : []), ...(original === null ? [] : [original])];
}

/** A comment or reply, and the loss of its post. */
function comment(cell: Cell, context: RowContext): IngestRecord[] {
  const postId = postIdAt(cell, 'status.');
  if (postId === null)
    throw new ValueError('status', 'The comment does not say under which post it stands; keep the "status" that the API puts inside it.');
  const one: InteractionRecord = {
    kind: 'interaction',
    platform: PLATFORM,
    interactionId: readId('id', idAt(cell, '') ?? undefined),
    form: 'COMMENT',
    postId,
    accountId: idAt(cell, 'status.user.') ?? readText(cell('status.uid')),
    parentId: idAt(cell, 'reply_comment.'),
    writerId: readId('user.id', idAt(cell, 'user.') ?? undefined),
    byAccountId: null,
    citizenHash: null,
    createdAt: readTime('created_at', cell('created_at'), ZONE),
    text: cell('text') ?? '',
    likes: readCount('like_count', cell('like_count')),
  };
  const gone = goneAt(cell, 'status.', context);
  return gone === null ? [one] : [one, gone];
}

/** `{"error": "target weibo does not exist!", "error_code": 20101, "request": "/2/statuses/show.json?id=…"}`. */
function error(cell: Cell, { observedAt }: RowContext): StatusRecord[] {
  const evidence = readText(cell('error')) ?? '';
  const absence = absenceOf(evidence);
  const postId = /\/(?:statuses|comments)\/show\b.*[?&]id=(\d+)/.exec(cell('request') ?? '')?.[1];
  if (absence === null)
    throw new ValueError('error', `The API answered "${evidence}" (${cell('error_code') ?? 'no code'}), which says nothing of a post.`);
  if (postId === undefined)
    throw new ValueError('request', 'The request does not say which post was asked for; keep its "id" in the answer.');
  return [{ kind: 'status', platform: PLATFORM, postId, observedAt, status: absence.status, actor: absence.actor, evidence }];
}

const statuses: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['created_at', 'id', 'mid', 'text'],
  lacks: ['status', 'reply_comment', 'rootid', 'screen_name'],
  read: status,
};
const users: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['id', 'screen_name', 'followers_count', 'friends_count', 'statuses_count'],
  lacks: ['text'],
  read: (cell, context) => [account(cell, '', context)],
};
const comments: Shape = { format: FORMAT, what: 'comments', needs: ['created_at', 'id', 'text', 'user'], read: comment };
const errors: Shape = { format: FORMAT, what: 'posts', needs: ['error', 'error_code', 'request'], read: error };

/** Answers one a line, and posts, accounts or comments without the list around them. */
export const SHAPES: readonly Shape[] = [statuses, users, { ...comments, needs: [...comments.needs, 'status'] }, errors];

/** One answer a file. */
export const DOCUMENTS: readonly DocumentFormat[] = [
  { format: FORMAT, parts: [{ path: 'statuses', list: true, shape: statuses }] },
  { format: FORMAT, parts: [{ path: 'comments', list: true, shape: comments }] },
  ...[errors, users, statuses].map((shape) => ({ format: FORMAT, parts: [{ path: '', list: false, shape }] })),
];
