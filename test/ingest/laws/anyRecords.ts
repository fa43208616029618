import fc from 'fast-check';
import type { AccountRecord, FollowRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from '../../../src/ingest/records';

// Records about few things at few moments, so that most of them speak of the same ones. What no source can mean is left out:
// a post is of one account, and a comment has one writer and stands under one post. Sources may say more or less of them.

const ACCOUNTS = ['1001', '1002', '1003'] as const;
/** Two of one local day, and one at which it is another day in Beijing than in London. */
const MOMENTS = ['2025-11-28T03:00:00Z', '2025-12-05T03:00:00Z', '2025-12-05T09:00:00Z', '2025-12-20T17:00:00Z', '2026-01-06T03:00:00Z'];
const DAYS = ['2025-11-20', '2025-12-05', '2025-12-10', '2026-01-02'];
const moment = fc.constantFrom(...MOMENTS.map((text) => Date.parse(text)));

/** A field that is stated, stated to be nothing, or not spoken of. */
const known = <K extends string, T>(name: K, value: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Partial<Record<K, T | null>>>> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ [name]: null } as Record<K, null>) },
    { weight: 3, arbitrary: value.map((one) => ({ [name]: one }) as Record<K, T>) },
  ) as fc.Arbitrary<Readonly<Partial<Record<K, T | null>>>>;
const together = (parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((found) => Object.assign({}, ...found) as object);

const account: fc.Arbitrary<AccountRecord> = fc
  .record({
    accountId: fc.constantFrom(...ACCOUNTS),
    observedAt: moment,
    stated: together([
      known('screenName', fc.constantFrom('平安甲', '平安乙')),
      known('accountType', fc.constantFrom('AGENCY', 'OFFICIAL')),
      known('region', fc.constantFrom('11', '44')),
      known('sector', fc.constantFrom('PS', 'PS-POLICE')),
      known('level', fc.constantFrom('L3', 'L4')),
      known('verified', fc.boolean()),
      known('verifiedReason', fc.constantFrom('广州市公安局官方微博', '某媒体')),
      known('description', fc.constantFrom('简介', '')),
      known('openedOn', fc.constantFrom('2025-11-10', '2025-11-20')),
      known('followers', fc.constantFrom(0, 10, 30_000)),
      known('postsTotal', fc.constantFrom(5, 6)),
      known('validFrom', fc.constantFrom('0001-01-01', '0001-01-02', ...DAYS)),
      known('validTo', fc.constantFrom(...DAYS)),
    ]),
    rounded: fc.constantFrom({}, {}, { approximate: { followers: '3万' } }),
    gone: fc.constantFrom({}, {}, {}, { deleted: true }),
  })
  .map(({ stated, rounded, gone, ...one }) => ({ kind: 'account', platform: 'weibo', ...one, ...stated, ...rounded, ...gone }));

type KnownPost = Pick<PostRecord, 'platform' | 'postId' | 'accountId' | 'postedAt'>;
const POSTS: readonly KnownPost[] = [
  { platform: 'weibo', postId: 'p1', accountId: '1001', postedAt: Date.parse('2025-12-01T15:30:00Z') },
  { platform: 'weibo', postId: 'p2', accountId: '1001', postedAt: Date.parse('2025-12-04T16:30:00Z') },
  { platform: 'weibo', postId: 'p3', accountId: '1004', postedAt: Date.parse('2025-12-04T15:59:59Z') },
  { platform: 'twitter', postId: 'p1', accountId: '1001', postedAt: Date.parse('2025-12-30T23:59:59Z') },
];
const anyPost = fc.constantFrom(...POSTS);
const count = fc.constantFrom(null, 0, 1, 2);

const post: fc.Arbitrary<PostRecord> = fc
  .record({
    which: anyPost,
    observedAt: moment,
    text: fc.constantFrom('微博', '微博？', '🎉'),
    repost: fc.constantFrom({ original: true }, { original: true, repostOfId: null }, { original: false, repostOfId: 'p9' }),
    counters: fc.record({ reposts: count, comments: count, likes: count }),
    rounded: fc.constantFrom({}, {}, { approximate: { likes: '2' } }),
    name: known('screenName', fc.constantFrom('甲', '乙')),
  })
  .map(({ which, observedAt, text, repost, counters, rounded, name }) => ({ kind: 'post', ...which, observedAt, text, ...repost, ...counters, ...rounded, ...name })); // prettier-ignore

const status: fc.Arbitrary<StatusRecord> = fc
  .record({
    which: anyPost,
    observedAt: moment,
    status: fc.constantFrom('DELETED' as const, 'HIDDEN' as const),
    actor: fc.constantFrom('AUTHOR' as const, 'PLATFORM' as const, 'UNKNOWN' as const),
    evidence: fc.constantFrom(null, '被删除', '无法查看'),
  })
  .map(({ which: { platform, postId }, ...one }) => ({ kind: 'status', platform, postId, ...one }));

const follow: fc.Arbitrary<FollowRecord> = fc
  .record({ accountId: fc.constantFrom('1001', '77'), writerId: fc.constantFrom('1002', '78'), observedAt: moment })
  .map((one) => ({ kind: 'follow', platform: 'weibo', ...one }));

/** Writers are citizens, accounts that records describe, and accounts that are known from their posts alone. */
const COMMENTS = [
  { interactionId: 'c1', post: POSTS[0]!, writer: { writerId: '77' } },
  { interactionId: 'c2', post: POSTS[1]!, writer: { writerId: '1002' } },
  { interactionId: 'c3', post: POSTS[2]!, writer: { writerId: '1004' } },
  { interactionId: 'c4', post: POSTS[0]!, writer: { citizenHash: 'aa' } },
  { interactionId: 'c5', post: POSTS[3]!, writer: { writerId: '1001' } },
] as const;

const interaction: fc.Arbitrary<InteractionRecord> = fc
  .record({
    which: fc.constantFrom(...COMMENTS),
    openly: fc.boolean(),
    saysWhose: fc.boolean(),
    parentId: fc.constantFrom(null, 'c1', 'c2'),
    createdAt: fc.constantFrom(Date.parse('2025-12-06T15:59:59Z'), Date.parse('2025-12-06T16:00:00Z')),
    text: fc.constantFrom('?', '好', '好！'),
    form: fc.constantFrom('COMMENT' as const, 'REPOST' as const),
    likes: count,
  })
  .map(({ which: { interactionId, post: under, writer }, openly, saysWhose, ...one }) => {
    const { writerId = null, citizenHash = null } = writer as { writerId?: string; citizenHash?: string };
    const isAccount = openly && writerId?.startsWith('100') === true;
    const by = isAccount ? { writerId: null, byAccountId: writerId } : { writerId, byAccountId: null };
    const { platform, postId, accountId } = under;
    return { kind: 'interaction', platform, interactionId, postId, accountId: saysWhose ? accountId : null, citizenHash, ...by, ...one };
  });

export const anyRecord: fc.Arbitrary<IngestRecord> = fc.oneof(
  { weight: 4, arbitrary: account },
  { weight: 4, arbitrary: post },
  { weight: 2, arbitrary: status },
  { weight: 1, arbitrary: follow },
  { weight: 3, arbitrary: interaction },
);

/** The same things in another order, in several parts: how they might be loaded on another day. */
export const reordered = <T>(things: readonly T[]): fc.Arbitrary<T[][]> =>
  fc
    .tuple(fc.shuffledSubarray([...things], { minLength: things.length }), fc.array(fc.nat(things.length), { maxLength: 4 }))
    .map(([order, cuts]) => {
      const ends = [...cuts, things.length].sort((a, b) => a - b);
      return ends.map((end, index) => order.slice(ends[index - 1] ?? 0, end)).filter((part) => part.length > 0);
    });

/** Records, and the same ones as two other orders of loading would bring them. */
export const recordsTwoWays = (most: number): fc.Arbitrary<{ records: IngestRecord[]; parts: IngestRecord[][] }> =>
  fc
    .array(anyRecord, { minLength: 2, maxLength: most, size: 'max' })
    .chain((records) => reordered(records).map((parts) => ({ records, parts })));
