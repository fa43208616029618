import { plainText } from '../html';
import { parseJson, textAt, type Json } from '../json';
import type { InteractionRecord, PostRecord, StatusRecord } from '../records';
import { readCount, readCounts, readDay, readId, readText, readTime, ValueError } from '../values';
import { absenceOf } from './absence';
import type { Cell, DocumentFormat, RowContext, Shape } from './shape';

// `weibo-data-<name>.json` of Chilfish/Weibo-archiver: {weibo[], user, followings[], favorites[]}. The favourites are
// posts of other people, chosen by the owner, and are not taken.
const FORMAT = 'Weibo-archiver';
const ZONE = 'Asia/Shanghai';
const PLATFORM = 'weibo';

/** A post, the comments under it, and what stands in the place of the original where a repost has lost it. */
const posts: Shape = {
  format: FORMAT,
  what: 'posts',
  needs: ['id', 'mblogid', 'text', 'createdAt', 'repostsCount', 'commentsCount', 'likesCount'],
  lacks: ['favBy'],
  read: (cell, context) => {
    const one = post(cell, context);
    return [one, ...lostOriginal(cell, context), ...commentsUnder(one, cell('comments'), context)];
  },
};

function post(cell: Cell, context: RowContext): PostRecord {
  const repostOfId = readText(cell('retweet.id'));
  return {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('id', cell('id')),
    accountId: readId('userId', readText(cell('userId')) ?? context.owner ?? undefined),
    postedAt: readTime('createdAt', cell('createdAt'), ZONE),
    observedAt: context.observedAt,
    text: plainText(cell('text') ?? ''),
    original: repostOfId === null,
    repostOfId,
    ...readCounts({ reposts: cell('repostsCount'), comments: cell('commentsCount'), likes: cell('likesCount') }),
  };
}

/** An original that nobody may see has no author in the file, and a notice for its text. */
function lostOriginal(cell: Cell, { observedAt }: RowContext): StatusRecord[] {
  const postId = readText(cell('retweet.id'));
  const evidence = plainText(cell('retweet.text') ?? '').trim();
  const absence = postId === null || readText(cell('retweet.user.uid')) !== null ? null : absenceOf(evidence);
  return postId === null || absence === null
    ? []
    : [{ kind: 'status', platform: PLATFORM, postId, observedAt, status: absence.status, actor: absence.actor, evidence }];
}

/** Comments whose writer is gone have nobody to belong to and are left out. */
function commentsUnder({ postId, accountId }: PostRecord, list: string | undefined, context: RowContext): InteractionRecord[] {
  if (list === undefined) return [];
  const comments = listIn(list);
  if (comments === null) throw new ValueError('comments', 'The comments are no list.');
  return comments.flatMap((value, index): InteractionRecord[] => {
    const at = (name: string): string | undefined => textAt(value, name);
    const field = (name: string): string => `comments.${index}.${name}`;
    const writerId = readText(at('user.uid'));
    if (writerId === null) return [];
    return [
      {
        kind: 'interaction',
        platform: PLATFORM,
        interactionId: readId(field('id'), at('id')),
        form: 'COMMENT',
        postId,
        accountId,
        parentId: null,
        writerId,
        byAccountId: null,
        citizenHash: null,
        createdAt: readTime(field('createdAt'), at('createdAt'), ZONE, undefined, context.observedAt),
        text: plainText(at('text') ?? ''),
        likes: readCount(field('likesCount'), at('likesCount')),
      },
    ];
  });
}

/** The members of a list that is given as JSON text; null for any other text. */
function listIn(text: string): readonly Json[] | null {
  try {
    const value = parseJson(text);
    return Array.isArray(value) ? (value as readonly Json[]) : null;
  } catch {
    return null;
  }
}

const user: Shape = {
  format: FORMAT,
  what: 'accounts',
  needs: ['uid', 'name', 'followers', 'followings'],
  lacks: ['followBy'],
  read: (cell, context) => [
    {
      kind: 'account',
      platform: PLATFORM,
      accountId: readId('uid', cell('uid')),
      observedAt: context.observedAt,
      screenName: readText(cell('name')),
      openedOn: readDay('createdAt', cell('createdAt'), ZONE),
      description: readText(cell('bio')),
      ...readCounts({ followers: cell('followers'), following: cell('followings'), postsTotal: cell('postCount') }),
    },
  ],
};

/** Those whom the owner of the file follows. */
const followings: Shape = {
  format: FORMAT,
  what: 'follows',
  needs: ['uid', 'name', 'bio'],
  read: (cell, context) => {
    const writerId = readText(cell('followBy')) ?? context.owner;
    if (writerId === null) throw new ValueError('followBy', 'The file does not say whose list it is: it has no "user".');
    return [{ kind: 'follow', platform: PLATFORM, accountId: readId('uid', cell('uid')), writerId, observedAt: context.observedAt }];
  },
};

/** Posts in a list of their own, as the command line keeps them before it joins the parts. */
export const SHAPES: readonly Shape[] = [posts];

const lists = [
  { path: 'weibo', list: true, shape: posts },
  { path: 'followings', list: true, shape: followings },
];
/** With the user first: a file without posts is one too. Its command line writes files without a user. */
export const DOCUMENTS: readonly DocumentFormat[] = [
  { format: FORMAT, owner: 'user.uid', parts: [{ path: 'user', list: false, shape: user }, ...lists] },
  { format: FORMAT, parts: lists },
];
