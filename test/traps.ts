import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from '../src/ingest/records';

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

export const TRAPS: readonly IngestRecord[] = [...mover, ...silent, ...others, ...talk];
