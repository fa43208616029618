import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from '../src/ingest/records';
import { TEXTS } from './numbers/texts';

// A small set that is rich in traps. Every number can be counted by hand.

const at = (iso: string): number => Date.parse(iso);
const account = (accountId: string, observedAt: string, rest: Partial<AccountRecord>): AccountRecord => ({
  kind: 'account',
  platform: 'weibo',
  accountId,
  observedAt: at(observedAt),
  ...rest,
});
const post = (accountId: string, postId: string, postedAt: string, reposts: number | null, rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post',
  platform: 'weibo',
  postId,
  accountId,
  postedAt: at(postedAt),
  observedAt: at('2013-03-31T12:00:00+08:00'),
  text: '测试',
  original: true,
  reposts,
  comments: reposts,
  likes: reposts,
  ...rest,
});

/** An account that moves from Beijing to Guangdong on 2012-02-29 and changes its name and sector. */
const mover: IngestRecord[] = [
  account('1001', '2012-01-10T10:00:00+08:00', {
    openedOn: '2012-01-10', screenName: '平安甲', accountType: 'AGENCY', region: '11', sector: 'PS-POLICE', level: 'L3', verified: true, verifiedType: '1',
    followers: 5_000_000_000,
  }), // prettier-ignore
  account('1001', '2012-02-29T00:00:00+08:00', {
    screenName: '平安乙',
    region: '44',
    prefecture: '440100',
    sector: 'TO-TOUR',
    followers: 5_000_000_010,
  }),
  // Midnight in Beijing: the first belongs to 28 February, the second to the leap day; the machine's zone must not matter.
  post('1001', '9007199254740993', '2012-02-28T23:59:59+08:00', 4_000_000_000),
  post('1001', '9007199254740995', '2012-02-29T00:00:00+08:00', 1),
  // ISO week 2012-W52 ends on 30 December; the 31st is Monday of 2013-W01.
  post('1001', '9007199254740997', '2012-12-30T12:00:00+08:00', 2, { original: false, repostOfId: '1' }),
  post('1001', '9007199254740999', '2012-12-31T12:00:00+08:00', null),
];

/** An account that leaves the registry on 2012-03-15, never posts, and whose opening day nobody knows. */
const silent: IngestRecord[] = [
  account('1002', '2012-02-01T10:00:00+08:00', {
    screenName: '沉默', accountType: 'AGENCY', region: '00', sector: 'FA-MFA', level: 'L1', validFrom: '2012-02-01', validTo: '2012-03-15', followers: 7,
  }), // prettier-ignore
];

/** Known from a post alone; and one on another platform, in another zone, with likes from the start. */
const others: IngestRecord[] = [
  post('1003', '42', '2012-02-10T08:00:00+08:00', 3, { screenName: '只见其文', likes: 8 }),
  {
    ...account('1001', '2012-02-01T00:00:00Z', { openedOn: '2012-01-31', screenName: 'Mayor', accountType: 'OFFICIAL', followers: 10 }),
    platform: 'twitter',
  },
  { ...post('1001', '42', '2012-02-28T23:59:59Z', 5, { likes: 9 }), platform: 'twitter' },
];

const interaction = (interactionId: string, rest: Partial<InteractionRecord>): InteractionRecord => ({
  kind: 'interaction',
  platform: 'weibo',
  interactionId,
  postId: '9007199254740995',
  accountId: '1001',
  parentId: null,
  byAccountId: null,
  citizenHash: null,
  createdAt: at('2012-02-29T09:00:00+08:00'),
  text: '?',
  ...rest,
});
const talk: IngestRecord[] = [
  interaction('c1', { citizenHash: 'aa' }),
  interaction('r1', { parentId: 'c1', byAccountId: '1001', createdAt: at('2012-03-01T00:00:00+08:00') }),
];

/** Of an account that posts once a day, in August 2012: posts that vanish, and posts whose counters were rounded. */
export const VANISHING = '1011';
const dayInAugust = (day: number): string => `2012-08-${String(day).padStart(2, '0')}T10:00:00+08:00`;
const inAugust = (day: number, seenAt = '2012-09-01T12:00:00+08:00', rest: Partial<PostRecord> = {}): PostRecord =>
  post(VANISHING, `80${day}`, dayInAugust(day), day, { observedAt: at(seenAt), text: `八月${day}日`, ...rest });
const told = (day: number, status: StatusRecord['status'], actor: StatusRecord['actor'], saidAt: string): StatusRecord => ({
  kind: 'status',
  platform: 'weibo',
  postId: `80${day}`,
  observedAt: at(saidAt),
  status,
  actor,
  evidence: null,
});
const [OCTOBER, NOVEMBER, DECEMBER] = ['2012-10-01T00:00:00Z', '2012-11-01T00:00:00Z', '2012-12-01T00:00:00Z'] as const;
const vanishing: IngestRecord[] = [
  // What is said of a post before anybody has loaded it, or of one that nobody ever loads.
  told(2, 'DELETED', 'PLATFORM', OCTOBER),
  told(99, 'DELETED', 'AUTHOR', OCTOBER),
  ...Array.from({ length: 12 }, (_, index) => inAugust(index + 1)),
  told(1, 'DELETED', 'AUTHOR', OCTOBER),
  told(3, 'HIDDEN', 'AUTHOR', OCTOBER),
  // Deleted, and there again a month later.
  told(4, 'DELETED', 'AUTHOR', OCTOBER),
  inAugust(4, NOVEMBER, { reposts: 40 }),
  // Hidden, then deleted, and nobody knows by whom; the other way round; and hidden by the platform, which deletes nothing.
  told(6, 'HIDDEN', 'PLATFORM', OCTOBER),
  told(6, 'DELETED', 'UNKNOWN', NOVEMBER),
  told(7, 'DELETED', 'PLATFORM', OCTOBER),
  told(7, 'HIDDEN', 'AUTHOR', NOVEMBER),
  told(8, 'HIDDEN', 'PLATFORM', OCTOBER),
  // Rounded first and exact later; exact first and rounded later, two counters at once.
  inAugust(9, '2012-09-02T12:00:00+08:00', { reposts: 100_000, approximate: { reposts: '10万+' } }),
  inAugust(9, NOVEMBER, { reposts: 123_456 }),
  inAugust(10, NOVEMBER, { reposts: 100_000, comments: 11_000, approximate: { reposts: '10万+', comments: '1.1万' } }),
];

/** All that an exhaustive crawl found of the same account: posts from 4 to 12 August, and no longer that of 5 August. */
export const EXHAUSTIVE_CRAWL: readonly IngestRecord[] = [
  inAugust(4, DECEMBER, { reposts: 40 }),
  inAugust(9, DECEMBER, { reposts: 123_456 }),
  inAugust(10, DECEMBER, { reposts: 100_000, comments: 11_000, approximate: { reposts: '10万+', comments: '1.1万' } }),
  inAugust(11, DECEMBER),
  inAugust(12, DECEMBER),
];

/** Followers that are rounded and exact by turns, once twice a day; and of an account that is closed while they are rounded. */
const counted = (observedAt: string, rest: Partial<AccountRecord>): AccountRecord => account(VANISHING, observedAt, rest);
const rounded: IngestRecord[] = [
  counted('2012-07-10T10:00:00+08:00', { screenName: '平安戊', accountType: 'AGENCY', region: '32', followers: 271_000, approximate: { followers: '27.1万' } }), // prettier-ignore
  counted('2012-09-15T10:00:00+08:00', { followers: 272_345 }),
  counted('2012-10-20T09:00:00+08:00', { followers: 280_000, approximate: { followers: '28万' } }),
  counted('2012-10-20T18:00:00+08:00', { followers: 280_123 }),
  counted('2013-01-05T09:00:00+08:00', { followers: 290_001 }),
  counted('2013-01-05T18:00:00+08:00', { followers: 290_000, approximate: { followers: '29万' } }),
  // Other counts are rounded here, and followers are not spoken of.
  counted('2013-01-20T10:00:00+08:00', { postsTotal: 12_000, approximate: { postsTotal: '1.2万' } }),
  counted('2013-02-10T10:00:00+08:00', { followers: 291_111, following: 10_000, approximate: { following: '1万+' } }),
  account('1012', '2012-03-20T10:00:00+08:00', { screenName: '将销号', accountType: 'OFFICIAL', region: '31', followers: 30_000, approximate: { followers: '3万' } }), // prettier-ignore
  post('1012', '12001', '2012-05-09T23:59:59+08:00', 2, { observedAt: at('2012-05-09T23:59:59+08:00') }),
  account('1012', '2012-05-10T00:00:00+08:00', { deleted: true }),
];

/** Texts whose features were counted by hand. */
export const WRITER = '1010';
const texts: IngestRecord[] = [
  account(WRITER, '2011-12-20T10:00:00+08:00', {
    screenName: '平安丁',
    accountType: 'AGENCY',
    region: '33',
    sector: 'PS-POLICE',
    followers: 4,
  }),
  ...TEXTS.map(({ postedAt, text }, index) => post(WRITER, `90${index}`, postedAt, index, { text })),
];

export const TRAPS: readonly IngestRecord[] = [...mover, ...silent, ...others, ...talk, ...vanishing, ...rounded, ...texts];
