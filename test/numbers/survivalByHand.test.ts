import type { AnswerRow } from '../../src/answer/answer';
import type { IngestRecord, PostRecord, StatusRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';

const MINUTE = 60_000;
const DAY = 1_440;
const account = { kind: 'account', platform: 'weibo', accountId: '5101', observedAt: Date.parse('2012-01-01T10:00:00+08:00') } as const;
/** A post of nine o'clock that was seen some minutes later, once for each. */
const seen = (postId: string, day: string, ...after: number[]): PostRecord[] =>
  after.map((minutes) => {
    const postedAt = Date.parse(`${day}T09:00:00+08:00`);
    return {
      kind: 'post', platform: 'weibo', postId, accountId: '5101', postedAt, observedAt: postedAt + minutes * MINUTE, text: '一', original: true,
      reposts: 1, comments: 0, likes: null,
    }; // prettier-ignore
  });
const word = (postId: string, day: string, minutes: number, status: 'DELETED' | 'HIDDEN' = 'DELETED'): StatusRecord => ({
  kind: 'status', platform: 'weibo', postId, observedAt: Date.parse(`${day}T09:00:00+08:00`) + minutes * MINUTE, status, actor: 'UNKNOWN', evidence: null,
}); // prettier-ignore

const RECORDS: readonly IngestRecord[] = [
  account,
  // January: three are followed when the first is gone after 20 minutes, and three when the second is, in the 26th.
  ...seen('a', '2012-01-10', 5),
  word('a', '2012-01-10', 20),
  ...seen('b', '2012-01-10', 10, 40),
  ...seen('c', '2012-01-10', 0),
  word('c', '2012-01-10', 25.5),
  ...seen('d', '2012-01-10', 15),
  ...seen('e', '2012-01-10', 22, 2 * DAY),
  ...seen('f', '2012-01-10', 30 * DAY),
  // February: seen once, long after; gone by then or not, the first day is unknown.
  ...seen('g', '2012-02-10', 50 * DAY),
  ...seen('h', '2012-02-10', 50 * DAY),
  word('h', '2012-02-10', 51 * DAY),
  // March: the only one that is followed is gone.
  ...seen('i', '2012-03-10', 1),
  word('i', '2012-03-10', 10),
  // April: what is hidden still exists; it was followed for the five minutes up to when it was last seen.
  ...seen('j', '2012-04-10', 1, 6),
  word('j', '2012-04-10', 10, 'HIDDEN'),
  // May: gone after half an hour to the second, and after a day to the second.
  ...seen('k', '2012-05-10', 0),
  word('k', '2012-05-10', 30),
  ...seen('l', '2012-05-10', 0),
  word('l', '2012-05-10', DAY),
  ...seen('m', '2012-05-10', 0, DAY),
  ...seen('n', '2012-05-10', 0),
  word('n', '2012-05-10', DAY + 0.5),
];

let test_: TestApp;
beforeAll(async () => {
  test_ = await openTestApp();
  // As crawls come: what is seen again comes with another load.
  for (const record of RECORDS) await test_.load([record]);
  await test_.app.night();
});
afterAll(() => test_.close());
const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
  (await test_.ask({ cube: 'posts', from: '2012-01-01', to: '2012-06-30', ...question })).rows();

test('Kaplan and Meier by hand, with posts that are seen late, lost from sight, hidden and gone', async () => {
  const rows = await ask({ fields: ['month', 'availableAfter30Minutes', 'availableAfter24Hours', 'why.availableAfter24Hours'] });
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['2012-01-01', expect.closeTo((2 / 3) * (2 / 3), 12), expect.closeTo((2 / 3) * (2 / 3), 12), null],
    ['2012-02-01', null, null, 'NOTHING_TO_MEASURE'],
    ['2012-03-01', 0, 0, null],
    ['2012-04-01', null, null, 'NOTHING_TO_MEASURE'],
    ['2012-05-01', expect.closeTo(3 / 4, 12), expect.closeTo((3 / 4) * (2 / 3), 12), null],
  ]);
});

test('over everything the posts of all months are followed together', async () => {
  // Followed in the 10th minute: a, c, i, k, l, m, n; in the 20th also b and without i; in the 26th with e and without a; in the 30th without c.
  const half = (6 / 7) * (6 / 7) * (6 / 7) * (5 / 6);
  // In the last minute of the day e, l, m and n are.
  expect(await ask({ fields: ['availableAfter30Minutes', 'availableAfter24Hours'] })).toEqual([
    { availableAfter30Minutes: expect.closeTo(half, 12) as number, availableAfter24Hours: expect.closeTo(half * (3 / 4), 12) as number },
  ]);
});

test('of no rows, and where none is followed, there is none', async () => {
  expect(await ask({ fields: ['availableAfter30Minutes'], to: '2012-01-05' })).toEqual([{ availableAfter30Minutes: null }]);
  const [row] = await ask({ fields: ['why.availableAfter30Minutes', 'availableAfter30Minutes'], to: '2012-01-05' });
  expect(row!['why.availableAfter30Minutes']).toBe('NO_ROWS');
});
