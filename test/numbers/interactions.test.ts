import type { AnswerRow } from '../../src/answer/answer';
import { valueTypeOf, type Measure } from '../../src/model/define';
import { interactions } from '../../src/model/interactions';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';
import { bucketOf, grouped, type Grain } from '../oracle';
import { DIALECTS_ABOVE } from '../stores';
import { COMMENT_TRAPS, LATE_COMMENTS } from './interactionTraps';
import { commentMeasures, naiveComments, type NaiveComment } from './naiveComments';

const MEASURES: Readonly<Record<string, Measure>> = interactions.measures;
const NAMES = Object.keys(MEASURES);
const DIMENSIONS = Object.keys(interactions.dimensions) as (keyof typeof interactions.dimensions)[];
const GRAINS: Grain[] = ['day', 'week', 'month', 'quarter', 'year'];
const [FROM, TO] = ['2009-01-01', '2013-03-31'];

describe.each(DIALECTS_ABOVE)('comments counted twice, on %s', (dialect) => {
  let test_: TestApp;
  let comments: NaiveComment[];
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'demo and traps' });
    await test_.load(COMMENT_TRAPS);
    await test_.app.night();
    // The second night has to find by the marks alone what the late load changed.
    await test_.load(LATE_COMMENTS);
    const { jobs } = await test_.app.night();
    expect(jobs.map(({ failed }) => failed)).toEqual(jobs.map(() => 0));
    comments = await naiveComments(test_.app.store, TO);
    expect(comments.length).toBeGreaterThan(300);
    expect(comments.filter(({ wait }) => wait !== null).length).toBeGreaterThan(50);
  });
  afterAll(() => test_.close());

  const ask = async (fields: readonly string[], question: Partial<Question> = {}): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ cube: 'interactions', fields, from: FROM, to: TO, limit: 50_000, ...question })).rows();
  /** Counts are exact; floating-point division and interpolation may differ in the last bits. */
  const expected = (some: readonly NaiveComment[]): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(commentMeasures(some)).map(([name, value]) => [
        name,
        value !== null && valueTypeOf(MEASURES[name]!) === 'number' ? (expect.closeTo(value, 6) as unknown) : value,
      ]),
    );

  test('the oracle has a way to every measure of the cube', () => {
    expect(Object.keys(commentMeasures(comments)).sort()).toEqual([...NAMES].sort());
  });

  test('over everything, and by each time grain alone', async () => {
    expect(await ask(NAMES)).toEqual([expected(comments)]);
    for (const grain of GRAINS) {
      const buckets = grouped(comments, ({ day }) => [bucketOf(day, grain)]);
      const rows = await ask([grain, ...NAMES]);
      expect(rows.map((row) => row[grain])).toEqual([...buckets.values()].map(([one]) => bucketOf(one!.day, grain)).sort());
      for (const { [grain]: bucket, ...numbers } of rows) expect(numbers).toEqual(expected(buckets.get(JSON.stringify([bucket]))!));
    }
  });

  test.each(DIMENSIONS.flatMap((dimension) => GRAINS.map((grain) => [dimension, grain] as const)))(
    'by %s and %s: every measure',
    async (dimension, grain) => {
      const groups = grouped(comments, (one) => [bucketOf(one.day, grain), one[dimension]]);
      const rows = await ask([grain, dimension, ...NAMES]);
      expect(rows.map((row) => JSON.stringify([row[grain], row[dimension]])).sort()).toEqual([...groups.keys()].sort());
      for (const { [grain]: bucket, [dimension]: value, ...numbers } of rows)
        expect(numbers).toEqual(expected(groups.get(JSON.stringify([bucket, value]))!));
    },
  );

  test('filters keep what they say, and what they leave out is the rest', async () => {
    for (const [where, keep] of [
      [{ sector: { under: 'PS' } }, ({ sector }) => String(sector).startsWith('PS')],
      [{ region: { in: ['11', '44'] } }, ({ region }) => region === '11' || region === '44'],
      [{ hour: { gte: 9, lte: 11 } }, ({ hour }) => Number(hour) >= 9 && Number(hour) <= 11],
      [{ account: { eq: 'weibo:2001' } }, ({ account, platform }) => platform === 'weibo' && account === accountOf('nextMonth')],
      [
        { accountType: { eq: 'OFFICIAL' }, weekday: { lte: 5 } },
        ({ accountType, weekday }) => accountType === 'OFFICIAL' && Number(weekday) < 6,
      ],
    ] as readonly [NonNullable<Question['where']>, (one: NaiveComment) => boolean][]) {
      const some = comments.filter(keep);
      expect(some.length).toBeGreaterThan(0);
      expect(await ask(NAMES, { where })).toEqual([expected(some)]);
    }
    const counts = async (where: NonNullable<Question['where']>): Promise<number> =>
      Number((await ask(['comments'], { where }))[0]!['comments']);
    for (const list of [['11'], ['UNKNOWN', '44']])
      expect((await counts({ region: { in: list } })) + (await counts({ region: { notIn: list } }))).toBe(comments.length);
  });
  const accountOf = (id: string): unknown => comments.find((one) => one.id === id && one.platform === 'weibo')!.account;

  test('a third night finds nothing to do', async () => {
    const { jobs, changed } = await test_.app.night();
    expect({ published: jobs.map(({ published }) => published), changed }).toEqual({ published: jobs.map(() => 0), changed: false });
  });
});
