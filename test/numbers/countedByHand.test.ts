import type { AnswerRow } from '../../src/answer/answer';
import type { IngestRecord, PostRecord } from '../../src/ingest/records';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';
import { comment, reply } from './interactionTraps';

const at = (text: string): number => Date.parse(`2013-01-${text}+08:00`);
const account = { kind: 'account', platform: 'weibo', accountId: '5001', region: '11', accountType: 'AGENCY' } as const;
type Counter = number | null;
const post = (postId: string, time: string, reposts: Counter, comments: Counter, likes: Counter): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId: '5001', postedAt: at(time), observedAt: at('09T12:00:00'), text: '一', original: true, reposts, comments, likes,
}); // prettier-ignore
const under = { accountId: '5001' };

/** One account that was seen on ten days, posted on two of them, and answered one of three comments. */
const RECORDS: readonly IngestRecord[] = [
  { ...account, observedAt: at('01T10:00:00'), openedOn: '2013-01-01', followers: 1_000 },
  { ...account, observedAt: at('10T10:00:00'), followers: 3_000 },
  post('q1', '02T00:00:00', 0, 2, 0),
  post('q2', '02T23:59:59', 1, null, 10),
  post('q3', '05T08:00:00', null, 0, 20),
  post('q4', '05T09:00:00', 5, 4, null),
  comment('k1', '2013-01-05T10:00:00+08:00', { ...under, postId: 'q3', text: '能办吗！' }),
  reply('k2', 'k1', '2013-01-05T11:00:00+08:00', '5001', { postId: 'q3' }),
  comment('k3', '2013-01-06T10:00:00+08:00', { ...under, postId: 'q3', text: '看 http://t.cn/a?b=1 了' }),
  comment('k4', '2013-01-06T10:00:00+08:00', { ...under, postId: 'q4' }),
];

describe.each(DIALECTS)('counted by hand, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect);
    await test_.load(RECORDS);
    await test_.app.night();
  });
  afterAll(() => test_.close());
  const ask = async (cube: string, fields: readonly string[]): Promise<AnswerRow> =>
    (await (await test_.ask({ cube, fields, from: '2013-01-01', to: '2013-01-31' })).rows())[0]!;

  test('days with posts, and posts a day, among the days that were observed', async () => {
    expect(await ask('activity', ['observedAccountDays', 'activeDays', 'activeDayShare', 'posts', 'postsPerDay'])).toEqual({
      observedAccountDays: 10, activeDays: 2, activeDayShare: 0.2, posts: 4, postsPerDay: 0.4,
    }); // prettier-ignore
  });

  test('followers by the people and the internet users of Beijing, as last counted', async () => {
    const row = await ask('activity', ['region', 'followersPerMillionPeople', 'followersPer100kInternetUsers']);
    expect(row['followersPerMillionPeople']).toBeCloseTo(3_000 / 19.612368, 9);
    const [users] = await test_.app.store.query<{ value: number }>(
      `SELECT value FROM indicator WHERE indicator = 'internet_users' AND region_code = '11' ORDER BY year DESC`,
    );
    expect(row['followersPer100kInternetUsers']).toBeCloseTo((3_000 / users!.value) * 100_000, 9);
    expect(row['followersPer100kInternetUsers.year']).toBe(2011);
  });

  test('followers won day by day, the age of the account, and what it wrote to others', async () => {
    expect(
      await ask('activity', ['followers', 'followerChange', 'accountAgeDays', 'meanAccountAgeDays', 'messages', 'messagesToOthers', 'twoWayRatio']),
    ).toEqual({ followers: 3_000, followerChange: 2_000, accountAgeDays: 9, meanAccountAgeDays: 9, messages: 5, messagesToOthers: 1, twoWayRatio: 0.2 }); // prettier-ignore
    const days = await (await test_.ask({ cube: 'activity', fields: ['day', 'followerChange', 'accountAgeDays'], from: '2013-01-01', to: '2013-01-31' })).rows(); // prettier-ignore
    expect(days.map(Object.values)).toEqual(
      Array.from({ length: 10 }, (_, index) => [`2013-01-${String(index + 1).padStart(2, '0')}`, [null, 0, 0, 0, 0, 0, 0, 0, 0, 2_000][index], index]),
    ); // prettier-ignore
  });

  test('posts that received something, among those of which it was collected', async () => {
    expect(await ask('posts', ['repostedPosts', 'commentedPosts', 'likedPosts'])).toEqual({
      repostedPosts: 2,
      commentedPosts: 2,
      likedPosts: 2,
    });
    const { repostedShare, commentedShare, likedShare } = await ask('posts', ['repostedShare', 'commentedShare', 'likedShare']);
    for (const share of [repostedShare, commentedShare, likedShare]) expect(share).toBeCloseTo(2 / 3, 12);
  });

  test('quantiles of 0, 2, 4 comments and of 0, 10, 20 likes', async () => {
    const { p90Comments, medianLikes, p90Likes } = await ask('posts', ['p90Comments', 'medianLikes', 'p90Likes']);
    expect([p90Comments, p90Likes]).toEqual([expect.closeTo(3.6, 9), expect.closeTo(18, 9)]);
    expect(medianLikes).toBe(10);
  });

  test('of comments that ask, one of two was answered; the question mark of a link asks nothing', async () => {
    expect(await ask('interactions', ['comments', 'questionComments', 'repliedQuestions', 'questionReplyRate'])).toEqual({
      comments: 3, questionComments: 2, repliedQuestions: 1, questionReplyRate: 0.5,
    }); // prettier-ignore
  });

  test('posts under which somebody was answered', async () => {
    expect(await ask('interactions', ['postsCommented', 'postsReplied', 'postReplyRate'])).toEqual({
      postsCommented: 2, postsReplied: 1, postReplyRate: 0.5,
    }); // prettier-ignore
  });
});
