import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from '../../src/ingest/records';

// Comments and replies that are rich in traps. What becomes of each is in interactionsByHand.test.ts.

const at = (iso: string): number => Date.parse(iso);
const account = (accountId: string, observedAt: string, rest: Partial<AccountRecord>): AccountRecord => ({
  kind: 'account',
  platform: 'weibo',
  accountId,
  observedAt: at(observedAt),
  ...rest,
});
const post = (accountId: string, postId: string, postedAt: string, rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId, postedAt: at(postedAt), observedAt: at('2013-03-31T12:00:00+08:00'), text: '测试', original: true,
  reposts: 1, comments: 1, likes: null, ...rest,
}); // prettier-ignore

/** A comment of a citizen whose hash is given, unless it says otherwise. */
export const comment = (interactionId: string, createdAt: string, rest: Partial<InteractionRecord> = {}): InteractionRecord => ({
  kind: 'interaction', platform: 'weibo', interactionId, postId: 'p1', accountId: '2001', parentId: null, byAccountId: null, citizenHash: 'aa',
  createdAt: at(createdAt), text: '请问？', ...rest,
}); // prettier-ignore
export const reply = (
  interactionId: string,
  parentId: string,
  createdAt: string,
  byAccountId = '2001',
  rest: Partial<InteractionRecord> = {},
): InteractionRecord => comment(interactionId, createdAt, { parentId, byAccountId, citizenHash: null, text: '您好', ...rest });

const accounts: IngestRecord[] = [
  // Moves from Nanjing to Guangzhou on 10 March 2012, and leaves the registry at the end of January 2013.
  account('2001', '2012-01-05T10:00:00+08:00', {
    openedOn: '2011-11-20', screenName: '平安甲', accountType: 'AGENCY', region: '32', prefecture: '320100', sector: 'PS-POLICE', level: 'L3', verifiedType: '1', followers: 10,
  }), // prettier-ignore
  account('2001', '2012-03-10T00:00:00+08:00', { region: '44', prefecture: '440100', sector: 'TO-TOUR', validTo: '2013-02-01' }),
  account('2002', '2012-01-06T10:00:00+08:00', { screenName: '某局长', accountType: 'OFFICIAL', region: '00', level: 'L1' }),
  {
    ...account('2001', '2012-01-07T00:00:00Z', { openedOn: '2012-01-01', screenName: 'Mayor', accountType: 'OFFICIAL' }),
    platform: 'twitter',
  },
  post('2001', 'p1', '2012-01-30T08:00:00+08:00'),
  post('2002', 'p2', '2012-02-10T08:00:00+08:00'),
  { ...post('2001', 'p1', '2012-01-30T08:00:00Z', { observedAt: at('2012-06-30T12:00:00Z') }), platform: 'twitter' },
];

const answered: IngestRecord[] = [
  // Ten minutes before midnight and the end of the month; answered twenty minutes later.
  comment('nextMonth', '2012-01-31T23:50:00+08:00'),
  reply('r-nextMonth', 'nextMonth', '2012-02-01T00:10:00+08:00'),
  // Answered a second before midnight, by an account whose post it is not, and again by the one whose it is.
  comment('otherAccount', '2012-02-10T10:00:00+08:00', { citizenHash: 'bb' }),
  reply('r-other-1', 'otherAccount', '2012-02-10T23:59:59+08:00', '2002'),
  reply('r-other-2', 'otherAccount', '2012-02-12T10:00:00+08:00'),
  // The second reply comes first in the file.
  comment('twice', '2012-02-11T09:00:00+08:00', { citizenHash: 'bb', postId: 'p2', accountId: null }),
  reply('r-twice-2', 'twice', '2012-02-11T12:00:00+08:00', '2002', { postId: 'p2', accountId: null }),
  reply('r-twice-1', 'twice', '2012-02-11T09:30:00.500+08:00', '2002', { postId: 'p2', accountId: null }),
  comment('exactly24h', '2012-02-12T09:00:00+08:00', { citizenHash: 'cc' }),
  reply('r-24h', 'exactly24h', '2012-02-13T09:00:00+08:00'),
  comment('over24h', '2012-02-13T09:00:00+08:00', { citizenHash: 'cc' }),
  reply('r-over', 'over24h', '2012-02-14T09:00:00.001+08:00'),
  comment('atOnce', '2012-02-13T10:00:00+08:00', { citizenHash: 'cc', postId: 'p2', accountId: '2002' }),
  reply('r-at-once', 'atOnce', '2012-02-13T10:00:00+08:00', '2002', { postId: 'p2', accountId: '2002' }),
  // A reply that stands under another post, months later.
  comment('elsewhere', '2012-03-09T23:59:59+08:00', { citizenHash: 'dd' }),
  reply('r-elsewhere', 'elsewhere', '2012-08-01T00:00:00+08:00', '2002', { postId: 'p2', accountId: '2002' }),
];

const unanswered: IngestRecord[] = [
  comment('nothing', '2012-03-10T00:00:00+08:00', { citizenHash: 'dd', text: '' }),
  // Of the same id on another platform.
  { ...reply('r-nothing', 'nothing', '2012-03-10T01:00:00+08:00'), platform: 'twitter' },
  // Dated before what it answers.
  comment('before', '2012-03-11T09:00:00+08:00', { citizenHash: 'dd', text: '👨‍👩‍👧👍🏽' }),
  reply('r-before', 'before', '2012-03-11T08:59:59.999+08:00'),
  // Answered by a citizen, and by an account that reposts it with its words.
  comment('byCitizen', '2012-03-12T09:00:00+08:00'),
  comment('c-answer', '2012-03-12T10:00:00+08:00', { parentId: 'byCitizen', citizenHash: 'ee' }),
  reply('r-repost', 'byCitizen', '2012-03-12T11:00:00+08:00', '2001', { form: 'REPOST' }),
];

const uncounted: IngestRecord[] = [
  comment('repost', '2012-04-01T09:00:00+08:00', { form: 'REPOST' }),
  comment('own', '2012-04-02T09:00:00+08:00', { byAccountId: '2001', citizenHash: null }),
  comment('unknownPost', '2012-04-03T09:00:00+08:00', { postId: 'p7', accountId: null }),
  reply('r-unknownPost', 'unknownPost', '2012-04-03T09:05:00+08:00', '2001', { postId: 'p7', accountId: null }),
  comment('beyond', '2013-04-01T00:00:00+08:00'),
];

const others: IngestRecord[] = [
  // One person on two platforms: given by the same hash, and by the same id. Near midnight it is another day in London.
  comment('hashed', '2012-05-31T23:30:00+08:00', { citizenHash: 'ff' }),
  { ...comment('hashed', '2012-05-31T23:30:00+08:00', { citizenHash: 'ff' }), platform: 'twitter' },
  comment('named', '2012-06-01T07:30:00+08:00', { citizenHash: null, writerId: '77' }),
  { ...comment('named', '2012-06-01T07:30:00+08:00', { citizenHash: null, writerId: '77' }), platform: 'twitter' },
  // Later than anything else of its platform, and not of the data.
  { ...comment('late', '2012-12-30T16:30:00Z', { citizenHash: 'ff', text: 'thanks' }), platform: 'twitter' },
  // A Sunday of the last ISO week of 2012 and a Monday of the first of 2013; the like button came on 1 December.
  comment('noLikesYet', '2012-11-30T23:59:59+08:00', { likes: 3 }),
  comment('liked', '2012-12-30T12:00:00+08:00', { likes: 4 }),
  comment('notLiked', '2012-12-31T12:00:00+08:00', { likes: 0 }),
  // The account has left the registry; and one of which nothing but this is known.
  comment('outside', '2013-02-01T00:00:00+08:00', { citizenHash: 'gg' }),
  comment('bareAccount', '2013-02-02T09:00:00+08:00', { accountId: '2099', postId: 'p99', citizenHash: 'gg' }),
];

/** Written by somebody who turns out to be an account, and under a post that is loaded later. */
const later: IngestRecord[] = [
  comment('byFutureAccount', '2012-07-01T09:00:00+08:00', { citizenHash: null, writerId: '2003' }),
  comment('answeredByFuture', '2012-07-31T23:00:00+08:00', { citizenHash: 'hh' }),
  comment('r-future', '2012-08-02T23:00:00+08:00', { parentId: 'answeredByFuture', citizenHash: null, writerId: '2003' }),
  comment('futurePost', '2012-09-01T09:00:00+08:00', { postId: 'p8', accountId: null, citizenHash: 'hh' }),
  // The reply is loaded before what it answers.
  reply('r-early', 'afterItsReply', '2012-10-01T00:30:00+08:00', '2002'),
  comment('answeredLate', '2012-11-30T23:59:59.999+08:00', { citizenHash: 'hh' }),
];

export const COMMENT_TRAPS: readonly IngestRecord[] = [...accounts, ...answered, ...unanswered, ...uncounted, ...others, ...later];

/** What another load brings, some months later. */
export const LATE_COMMENTS: readonly IngestRecord[] = [
  account('2003', '2012-10-15T10:00:00+08:00', { screenName: '小王', accountType: 'OFFICIAL', region: '31' }),
  post('2002', 'p8', '2012-08-31T08:00:00+08:00'),
  comment('afterItsReply', '2012-09-30T23:30:00+08:00', { citizenHash: 'hh' }),
  reply('r-late', 'answeredLate', '2012-12-02T00:00:00+08:00'),
  // Known already, but with an earlier reply now.
  reply('r-24h-earlier', 'exactly24h', '2012-02-13T08:00:00+08:00', '2002'),
];
