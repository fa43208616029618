import type { AnswerRow } from '../../src/answer/answer';
import { derivedFrom } from '../../src/query/derived';
import { posts as postsCube } from '../../src/model/posts';
import type { IngestRecord, PostRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';

const account = { kind: 'account', platform: 'weibo', accountId: '5101', observedAt: Date.parse('2012-01-01T10:00:00+08:00') } as const;
const NOTICE = '通知：明天停水';
const post = (id: number, day: string, reposts: number | null, text = '一', comments: number | null = null): PostRecord => ({
  kind: 'post', platform: 'weibo', postId: `${id}`, accountId: '5101', postedAt: Date.parse(`${day}T09:00:00+08:00`),
  observedAt: Date.parse('2012-12-31T12:00:00+08:00'), text, original: true, reposts, comments, likes: null,
}); // prettier-ignore

/** In January Hirsch's own kind of example, h = 4; in February larger values than the number of posts; in March nothing known. */
const RECORDS: readonly IngestRecord[] = [
  account,
  ...[10, 8, 5, 4, 3].map((reposts, index) => post(100 + index, '2012-01-10', reposts, index < 2 ? NOTICE : '一', 0)),
  post(201, '2012-02-10', 5_000_000_000, NOTICE, 25),
  post(202, '2012-02-11', 5_000_000_000, '一', 3),
  post(203, '2012-02-12', null, NOTICE, 3),
  post(204, '2012-02-13', 0, '一', 3),
  post(301, '2012-03-10', null),
  // 90 days later, half a minute short of the hour; and 91 days after that.
  { ...post(401, '2012-06-08', null), postedAt: Date.parse('2012-06-08T08:59:30+08:00') },
  post(501, '2012-09-07', null),
];

let test_: TestApp;
beforeAll(async () => {
  test_ = await openTestApp();
  await test_.load(RECORDS);
  await test_.app.night();
});
afterAll(() => test_.close());
const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
  (await test_.ask({ cube: 'posts', from: '2012-01-01', to: '2012-04-30', ...question })).rows();

test('the h-index by months, of everything, and where nothing was collected', async () => {
  const fields = ['month', 'hIndexReposts', 'hIndexComments', 'why.hIndexReposts'];
  const row = (month: string, reposts: number | null, comments: number | null, why: string | null = null) => ({
    month, hIndexReposts: reposts, hIndexComments: comments, 'why.hIndexReposts': why,
  }); // prettier-ignore
  const three = [row('2012-01-01', 4, 0), row('2012-02-01', 2, 3), row('2012-03-01', null, null, 'NOT_COLLECTED')];
  expect(await ask({ fields })).toEqual(three);
  expect(await ask({ fields, fill: 'ZERO' })).toEqual([...three, row('2012-04-01', null, null, 'NO_ROWS')]);
  // 5,000,000,000 twice, 10, 8, 5: the fifth largest is 5, the sixth 4.
  expect(await ask({ fields: ['hIndexReposts', 'hIndexComments'] })).toEqual([{ hIndexReposts: 5, hIndexComments: 3 }]);
  const answer = await test_.ask({ cube: 'posts', from: '2012-01-01', to: '2012-04-30', fields: ['month', 'hIndexReposts'] });
  expect(await answer.totals(['hIndexReposts'])).toEqual({ hIndexReposts: 5 });
});

test('entropy is 0 of one category, ln 2 of two halves, and that of 2 and 3 in five', async () => {
  const [january, february, march] = await ask({ fields: ['month', 'contentEntropy'] });
  expect(january!['contentEntropy']).toBeCloseTo(-(0.4 * Math.log(0.4) + 0.6 * Math.log(0.6)), 14);
  expect(february!['contentEntropy']).toBeCloseTo(Math.LN2, 14);
  expect(march!['contentEntropy']).toBe(0);
  expect(await ask({ fields: ['contentEntropy'], to: '2012-01-09' })).toEqual([{ contentEntropy: null }]);
});

test('gaps between posts: in whole minutes, across months, and none after 90 days of silence', async () => {
  const measures = ['postsWithGap', 'gapMinutes', 'meanGapMinutes', 'medianGapMinutes', 'gapVariation', 'burstiness'];
  const day = 24 * 60;
  // January: five posts at one moment, the first of all without a gap. February: 31 days, then thrice a day.
  const [january, february] = await ask({ fields: ['month', ...measures, 'why.gapVariation'] });
  expect(january).toEqual({
    month: '2012-01-01', postsWithGap: 4, gapMinutes: 0, meanGapMinutes: 0, medianGapMinutes: 0, gapVariation: null, burstiness: null,
    'why.gapVariation': 'NOTHING_TO_MEASURE',
  }); // prettier-ignore
  // 31, 1, 1, 1 days: mean 8.5, deviation 15.
  expect(february).toEqual({
    month: '2012-02-01', postsWithGap: 4, gapMinutes: 34 * day, meanGapMinutes: 8.5 * day, medianGapMinutes: day,
    gapVariation: expect.closeTo(15 / 8.5, 12) as number, burstiness: expect.closeTo(6.5 / 23.5, 12) as number, 'why.gapVariation': null,
  }); // prettier-ignore
  expect(await ask({ fields: measures, from: '2012-06-01', to: '2012-06-30' })).toEqual([
    { postsWithGap: 1, gapMinutes: 90 * day - 1, meanGapMinutes: 90 * day - 1, medianGapMinutes: 90 * day - 1, gapVariation: null, burstiness: null },
  ]); // prettier-ignore
  expect((await ask({ fields: ['gapMinutes', 'why.gapMinutes'], from: '2012-09-01', to: '2012-09-30' }))[0]).toEqual({
    gapMinutes: null,
    'why.gapMinutes': 'NOTHING_TO_MEASURE',
  });
});

test('they order, are compared, ranked and asked for conditions; what must add up is refused', async () => {
  expect(
    await ask({
      fields: ['month', 'hIndexReposts', 'previous.MONTH.hIndexReposts', 'change.MONTH.hIndexReposts', 'rank.hIndexReposts'],
      having: { contentEntropy: { gt: 0 } },
      orderBy: [{ field: 'hIndexReposts', direction: 'ASC' }],
    }),
  ).toMatchObject([
    { month: '2012-02-01', hIndexReposts: 2, 'previous.MONTH.hIndexReposts': 4, 'change.MONTH.hIndexReposts': -0.5, 'rank.hIndexReposts': 1 },
    { month: '2012-01-01', hIndexReposts: 4, 'previous.MONTH.hIndexReposts': null, 'change.MONTH.hIndexReposts': null, 'rank.hIndexReposts': 1 },
  ]); // prettier-ignore
  for (const name of ['contentEntropy', 'hIndexReposts', 'hIndexComments', 'gapVariation', 'burstiness']) {
    expect(derivedFrom(postsCube, name)).toEqual(['rank', 'previous', 'change', 'why']);
    for (const [field, words] of [
      [`share.${name}`, 'does not add up over groups'],
      [`cumulative.${name}`, 'does not add up over time'],
      [`rolling.2.MEAN.${name}`, 'need a longer grain'],
      [`estimate.95.${name}`, 'no method here for the interval'],
    ] as const)
      await expect(ask({ fields: ['month', field] })).rejects.toMatchObject({ code: 'BAD_QUERY', message: expect.stringContaining(words) as string }); // prettier-ignore
  }
});
