import type { AccountRecord, IngestRecord, PostRecord } from '../../src/ingest/records';
import { openTestApp } from '../app';
import { openLoading, type Loading } from '../ingest/loading';
import { readingOf } from '../readings';
import { DIALECTS } from '../stores';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const told = (day: string, followers: number | null, rest: Partial<AccountRecord> = {}): AccountRecord => ({
  kind: 'account', platform: 'weibo', accountId: '2101', observedAt: at(`${day}T12:00:00`), openedOn: '2012-01-01', region: '11', followers, ...rest,
}); // prettier-ignore
const post = (postId: string, time: string, rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId: '2101', postedAt: at(time), observedAt: at('2013-01-31T12:00:00'), text: '一', original: true,
  reposts: 1, comments: 1, likes: 1, ...rest,
}); // prettier-ignore

/** Followers told in January and September; a post in each of six months, the last on 20 November. */
const FIRST: readonly IngestRecord[] = [
  told('2012-01-10', 100),
  told('2012-09-10', 900),
  ...['02', '03', '05', '06', '08', '11'].map((month, index) => post(`m${index}`, `2012-${month}-20T08:00:00`)),
];

describe.each(DIALECTS)('days of posts that become stale, on %s', (dialect) => {
  let loading: Loading;
  beforeAll(async () => {
    loading = await openLoading(dialect);
  });
  afterAll(() => loading.close());
  beforeEach(() => loading.clear());

  const CHANGES: readonly [string, readonly IngestRecord[], readonly string[]][] = [
    ['those for which a number of followers holds: up to the next one', [told('2012-05-15', 500)], ['2012-05-15 2012-09-09']],
    ['up to the last post of the account, where no other number follows', [told('2012-10-01', 950)], ['2012-10-01 2012-11-20']],
    ['none, of a number that is told after the last post', [told('2012-12-01', 990)], []],
    ['none, of followers that nobody counted', [told('2012-05-15', null)], []],
    ['90 days from a new post on: the silence before the next one is another', [post('n', '2012-04-01T23:59:59')], ['2012-04-01 2012-06-30']],
    ['90 days from both its days on, of a post that was written at another time', [post('m2', '2012-05-25T08:00:00', { observedAt: at('2013-02-01T12:00:00') })], ['2012-05-20 2012-08-23']],
    ['its day alone, of a post that has more likes', [post('m2', '2012-05-20T08:00:00', { observedAt: at('2013-02-01T12:00:00'), likes: 5 })], ['2012-05-20']],
    ['none, of a post that is only seen once more, long after it was written', [post('m2', '2012-05-20T08:00:00', { observedAt: at('2013-02-01T12:00:00') })], []],
    ['its day alone, of a post that was seen sooner than was known', [post('m2', '2012-05-20T08:00:00', { observedAt: at('2012-05-20T09:00:00') })], ['2012-05-20']],
    ['its day alone, of a post that is gone', [{ kind: 'status', platform: 'weibo', postId: 'm2', observedAt: at('2013-02-02T12:00:00'), status: 'DELETED', actor: 'AUTHOR', evidence: null }], ['2012-05-20']],
    ['none, of what is told again', [told('2012-01-10', 100)], []],
    ['those of another account are not among them', [told('2012-05-15', 500, { accountId: '2102' })], []],
  ]; // prettier-ignore
  test.each(CHANGES)('%s', async (_, second, expected) => {
    await loading.load(readingOf([...FIRST]));
    await loading.newMarks();
    await loading.load(readingOf([...second]));
    const marks = (await loading.newMarks()).filter(({ fact }) => fact === 'posts');
    expect(marks.map(({ from, to }) => (from === to ? from : `${from} ${to}`))).toEqual(expected);
  });

  test('an account-day of a later number is stale too: its change is another one', async () => {
    await loading.load(readingOf([...FIRST]));
    await loading.newMarks();
    await loading.load(readingOf([told('2012-05-15', 500)]));
    expect((await loading.newMarks()).filter(({ fact }) => fact === 'activity')).toEqual([
      { fact: 'activity', from: '2012-05-15', to: '2012-09-10' },
    ]);
  });

  test('a late number of followers rebuilds the months it holds for and has posts in reach, and no others', async () => {
    const test_ = await openTestApp(dialect);
    await test_.load(FIRST);
    await test_.app.night();
    const ask = async (): Promise<unknown[]> =>
      (await (await test_.ask({ cube: 'posts', fields: ['month', 'followersAtPosting', 'likesPer1000Followers'], from: '2012-01-01', to: '2012-12-31' })).rows())
        .map(({ month, followersAtPosting }) => [(month as string).slice(5, 7), followersAtPosting]); // prettier-ignore
    expect(await ask()).toEqual([['02', 100], ['03', 100], ['05', 100], ['06', 100], ['08', 100], ['11', 900]]); // prettier-ignore
    const changes = async (): Promise<unknown[]> =>
      (await (await test_.ask({ cube: 'activity', fields: ['month', 'followerChange'], from: '2012-01-01', to: '2012-12-31', having: { followerChange: { gt: 0 } } })).rows())
        .map(Object.values); // prettier-ignore
    expect(await changes()).toEqual([['2012-09-01', 800]]);
    await test_.load([told('2012-05-15', 500)]);
    await test_.app.night();
    expect(await changes()).toEqual([['2012-05-01', 400], ['2012-09-01', 400]]); // prettier-ignore
    const rebuilt = await test_.app.store.query<{ partition_key: string }>(
      "SELECT partition_key FROM partition_run WHERE job = 'posts' AND status = 'published' AND reason LIKE 'ingest%' ORDER BY partition_key",
    );
    expect(rebuilt.map(({ partition_key }) => partition_key)).toEqual(['2012-05', '2012-06', '2012-07', '2012-08', '2012-09']);
    expect(await ask()).toEqual([['02', 100], ['03', 100], ['05', 500], ['06', 500], ['08', 500], ['11', 900]]); // prettier-ignore
    await test_.close();
  });
});
