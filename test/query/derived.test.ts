import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { AnswerRow } from '../../src/answer/answer';
import { CUBES } from '../../src/model';
import { monthsEarlier } from '../../src/model/time';
import { SHIFTS } from '../../src/query/derived';
import { fromSearch, toSearch } from '../../src/query/permalink';
import { canonical, type Question } from '../../src/query/question';
import { estimateRatio } from '../../src/stats/ratio';
import { openTestApp, type TestApp } from '../app';
import { bucketOf, grouped, naivePosts, type NaivePost } from '../oracle';

const [FROM, TO] = ['2010-03-01', '2011-12-31'];
const number = (value: unknown): number => Number(value);

describe('what follows from a whole answer', () => {
  let test_: TestApp;
  let posts: NaivePost[];
  const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ cube: 'posts', from: FROM, to: TO, limit: 50_000, ...question })).rows();
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'demo' });
    posts = await naivePosts(test_.app.store, FROM, TO);
  });
  afterAll(() => test_.close());

  test('shares are parts of all groups of their bucket, and ranks count them, whatever page or condition leaves out', async () => {
    const groups = grouped(posts, (post) => [bucketOf(post.day, 'quarter'), post.sector]);
    const counts = [...groups].map(([key, some]) => ({ key: JSON.parse(key) as [string, string], posts: some.length }));
    const rows = await ask({
      fields: ['quarter', 'sector', 'posts', 'share.posts', 'rank.posts'],
      having: { posts: { gte: 3, lt: 60 } },
      orderBy: [{ field: 'posts', direction: 'DESC' }],
      limit: 40,
    });
    expect(rows).toHaveLength(40);
    for (const row of rows) {
      const bucket = counts.filter(({ key }) => key[0] === row['quarter']);
      const total = bucket.reduce((sum, one) => sum + one.posts, 0);
      expect(row['share.posts']).toBeCloseTo(number(row['posts']) / total, 12);
      expect(row['rank.posts']).toBe(1 + bucket.filter((one) => one.posts > number(row['posts'])).length);
      expect(number(row['posts'])).toBeGreaterThanOrEqual(3);
      expect(number(row['posts'])).toBeLessThan(60);
    }
    const kept = counts.filter((one) => one.posts >= 3 && one.posts < 60);
    const answer = await test_.ask({
      cube: 'posts',
      from: FROM,
      to: TO,
      fields: ['quarter', 'sector', 'posts'],
      having: { posts: { gte: 3, lt: 60 } },
      limit: 5,
    });
    expect(await answer.rowCount()).toBe(kept.length);
    // Totals are of everything the question covers.
    expect(await answer.totals(['posts'])).toEqual({ posts: posts.length });
  });

  test.each([
    ['MONTH', 'month', 1],
    ['QUARTER', 'month', 3],
    ['QUARTER', 'quarter', 3],
    ['YEAR', 'month', 12],
    ['YEAR', 'quarter', 12],
    ['YEAR', 'year', 12],
  ] as const)('a comparison by %s of each %s finds the same group %i months before', async (over, grain, months) => {
    const fields = [grain, 'accountType', 'posts', 'reposts', `previous.${over}.posts`, `change.${over}.reposts`];
    const rows = await ask({ fields, from: '2011-02-10', to: '2011-11-20' });
    const before = await ask({
      fields: [grain, 'accountType', 'posts', 'reposts'],
      from: monthsEarlier('2011-02-10', months),
      to: monthsEarlier('2011-11-20', months),
    });
    expect(rows.length).toBeGreaterThan(1);
    let compared = 0;
    for (const row of rows) {
      const bucket = bucketOf(monthsEarlier(row[grain] as string, months), grain);
      const other = before.find((one) => one[grain] === bucket && one['accountType'] === row['accountType']);
      expect(row[`previous.${over}.posts`]).toBe(other ? other['posts'] : null);
      const change =
        other && number(other['reposts']) !== 0 ? (number(row['reposts']) - number(other['reposts'])) / number(other['reposts']) : null;
      if (change === null) expect(row[`change.${over}.reposts`]).toBeNull();
      else expect(row[`change.${over}.reposts`]).toBeCloseTo(change, 12);
      if (other) compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('without time, the whole period is compared; of time before the data nothing is known', async () => {
    const [now] = await ask({
      fields: ['posts', 'previous.YEAR.posts', 'previous.MONTH.posts', 'previous.QUARTER.posts'],
      from: '2011-07-01',
      to: '2011-07-31',
    });
    const count = (from: string, to: string): number => posts.filter(({ day }) => from <= day && day <= to).length;
    expect(now).toMatchObject({
      posts: count('2011-07-01', '2011-07-31'),
      'previous.YEAR.posts': count('2010-07-01', '2010-07-31'),
      'previous.MONTH.posts': count('2011-06-01', '2011-06-30'),
      'previous.QUARTER.posts': count('2011-04-01', '2011-04-30'),
    });
    const [first] = await ask({ fields: ['posts', 'previous.YEAR.posts'], from: '2010-03-01', to: '2010-03-31' });
    expect(first!['previous.YEAR.posts']).toBeNull();
  });

  test('stocks and ratios are compared and ranked by their own value', async () => {
    const rows = await ask({
      cube: 'activity',
      fields: ['month', 'accountType', 'accounts', 'share.accounts', 'previous.MONTH.accounts', 'rank.activeShare', 'activeShare'],
      from: '2011-01-01',
    });
    for (const row of rows) {
      const same = rows.filter((one) => one['month'] === row['month']);
      expect(row['share.accounts']).toBeCloseTo(number(row['accounts']) / same.reduce((sum, one) => sum + number(one['accounts']), 0), 12);
      expect(row['rank.activeShare']).toBe(1 + same.filter((one) => number(one['activeShare']) > number(row['activeShare'])).length);
      const earlier = rows.find(
        (one) => one['accountType'] === row['accountType'] && one['month'] === monthsEarlier(row['month'] as string, 1),
      );
      if (earlier) expect(row['previous.MONTH.accounts']).toBe(earlier['accounts']);
    }
  });

  test('an estimate has accounts for clusters: the same by loops over the posts', async () => {
    const rows = await ask({
      fields: ['accountType', 'meanComments', 'estimate.95.meanComments', 'estimate.90.questionShare', 'questionShare'],
    });
    for (const row of rows) {
      const own = posts.filter((post) => post['accountType'] === row['accountType'] && post.comments !== null);
      const accounts = [...grouped(own, (post) => [post['account']]).values()].map((some) => ({
        x: some.length,
        y: some.reduce((sum, { comments }) => sum + comments!, 0),
      }));
      const [x, y] = [accounts.reduce((sum, one) => sum + one.x, 0), accounts.reduce((sum, one) => sum + one.y, 0)];
      const residuals = accounts.reduce((sum, one) => sum + (one.y - (y / x) * one.x) ** 2, 0);
      const error = Math.sqrt((accounts.length / (accounts.length - 1)) * residuals) / x;
      const estimate = row['estimate.95.meanComments'] as { value: number; lower: number; upper: number; n: number };
      expect(estimate.n).toBe(accounts.length);
      expect(estimate.value).toBeCloseTo(y / x, 10);
      expect(estimate.value).toBeCloseTo(number(row['meanComments']), 10);
      // With so many accounts Student's t is between the normal 1.96 and 2.1.
      expect(estimate.upper - estimate.value).toBeGreaterThan(1.959 * error);
      expect(estimate.upper - estimate.value).toBeLessThan(2.1 * error);
      expect(estimate.value - estimate.lower).toBeCloseTo(estimate.upper - estimate.value, 8);
    }
    expect(rows.length).toBeGreaterThan(1);
  });

  test('texts and facts filter rows', async () => {
    const containing = posts.filter(({ text }) => text.includes('天气'));
    expect(containing.length).toBeGreaterThan(0);
    expect(await ask({ fields: ['posts'], where: { text: { contains: '天气' } } })).toEqual([{ posts: containing.length }]);
    const reposted = posts.filter(({ reposts }) => reposts !== null && reposts >= 5 && reposts <= 20);
    expect(await ask({ fields: ['posts'], where: { reposts: { gte: 5, lte: 20 } } })).toEqual([{ posts: reposted.length }]);
  });

  test.each([
    [{ fields: ['month', 'share.medianReposts'] }, 'medianReposts does not add up over groups'],
    [{ fields: ['day', 'previous.MONTH.posts'] }, 'a day has no counterpart a month earlier'],
    [{ fields: ['week', 'change.YEAR.posts'] }, 'a week has no counterpart a year earlier'],
    [{ fields: ['share.postz'] }, 'Did you mean "posts"'],
    [{ fields: ['previous.DECADE.posts'] }, 'goes back by MONTH, QUARTER, YEAR'],
    [{ fields: ['estimate.95.posts'] }, 'estimates are made of ratios'],
    [{ fields: ['estimate.5.questionShare'] }, 'it takes 50 to 99.99'],
    [{ fields: ['share.'] }, 'is not of the form'],
    [{ fields: ['posts'], having: { postz: { gte: 1 } } }, 'has no measure "postz"'],
    [{ fields: ['posts'], where: { text: { eq: 'x' } } }, 'takes contains, not eq'],
    [{ fields: ['posts'], where: { region: { contains: 'x' } } }, '"contains" works on text'],
    [{ fields: ['posts'], where: { reposts: { gte: 1.5 } } }, 'takes whole numbers'],
  ] as const)('%j is refused with a sentence', async (question, words) => {
    await expect(ask(question as never)).rejects.toMatchObject({ code: 'BAD_QUERY', message: expect.stringContaining(words) as string });
  });

  test('GraphQL gives the same, through aliases and fragments', async () => {
    const { data, errors } = await test_.graphql<{ posts: { rows: Record<string, never>[] } }>(
      `
      query Provinces($n: Int!) {
        posts(period: { from: "2011-07-01", to: "2011-12-31" }, where: { accountType: { eq: AGENCY } }, having: { posts: { gte: 2 } },
              orderBy: [{ field: posts, direction: DESC }], limit: $n) {
          rows { region { code } posts ...More previous(period: YEAR) { posts comments } }
          totals { posts } rowCount
        } }
      fragment More on PostsRow { share(of: posts) commentShare: share(of: comments) rank(by: posts) change(of: posts, over: YEAR) estimate(of: questionShare, level: 0.9) { value lower upper n method } }`,
      { n: 5 },
    );
    expect(errors).toBeUndefined();
    const plain = await ask({
      fields: ['region', 'posts', 'share.posts', 'share.comments', 'rank.posts', 'change.YEAR.posts', 'previous.YEAR.posts', 'previous.YEAR.comments', 'estimate.90.questionShare'],
      from: '2011-07-01', to: '2011-12-31', where: { accountType: { eq: 'AGENCY' } }, having: { posts: { gte: 2 } }, orderBy: [{ field: 'posts', direction: 'DESC' }], limit: 5,
    }); // prettier-ignore
    expect(data.posts.rows).toEqual(
      plain.map((row) => ({
        region: { code: row['region'] },
        posts: row['posts'],
        share: row['share.posts'],
        commentShare: row['share.comments'],
        rank: row['rank.posts'],
        change: row['change.YEAR.posts'],
        previous: { posts: row['previous.YEAR.posts'], comments: row['previous.YEAR.comments'] },
        estimate: row['estimate.90.questionShare'],
      })),
    );
  });

  test('a plain URL gives the same values, an estimate with its companions', async () => {
    const { address } = await test_.serve();
    const response = await fetch(
      `${address}/posts.csv?fields=accountType,posts,share.posts,estimate.95.questionShare&from=${FROM}&to=${TO}&having.posts.gte=1`,
    );
    const table = parse<Record<string, string>>(await response.text(), { columns: true });
    const rows = await ask({ fields: ['accountType', 'posts', 'share.posts', 'estimate.95.questionShare'] });
    const field = 'estimate.95.questionShare';
    expect(table).toEqual(
      rows.map((row) => {
        const { value, lower, upper, n } = row[field] as unknown as Record<string, number>;
        const companions = { [field]: value, [`${field}.lower`]: lower, [`${field}.upper`]: upper, [`${field}.n`]: n };
        const numbers = { accountType: row['accountType'], posts: row['posts'], 'share.posts': row['share.posts'], ...companions };
        return expect.objectContaining(
          Object.fromEntries(Object.entries(numbers).map(([name, one]) => [name, `${one as string | number}`])),
        ) as unknown;
      }),
    );
  });
});

describe('an interval around a ratio', () => {
  const clusters = (pairs: readonly (readonly [y: number, x: number])[]) =>
    pairs.reduce(
      (sums, [y, x]) => ({ n: sums.n + 1, x: sums.x + x, y: sums.y + y, xx: sums.xx + x * x, yy: sums.yy + y * y, xy: sums.xy + x * y }),
      { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 },
    );

  test('worked by hand: three clusters', () => {
    // R = 6/9; residuals -1/3, 0, 1/3; variance 3/2 · (2/9) / 81; t with 2 degrees of freedom is 4.302653.
    const { value, lower, upper } = estimateRatio(clusters([[1, 2], [2, 3], [3, 4]]), 0.95, 'any'); // prettier-ignore
    expect(value).toBeCloseTo(2 / 3, 12);
    const reach = 4.302652729911275 * Math.sqrt((1.5 * (2 / 9)) / 81);
    expect(upper! - value!).toBeCloseTo(reach, 8);
    expect(value! - lower!).toBeCloseTo(reach, 8);
  });

  test('shares stay within 0 and 1, and none or all of few accounts give a bound and not a certainty', () => {
    expect(estimateRatio(clusters([[0, 5], [0, 7], [0, 2]]), 0.95, 'share')).toMatchObject({ value: 0, lower: 0, upper: expect.closeTo(1 - 0.05 ** (1 / 3), 12) as number }); // prettier-ignore
    expect(estimateRatio(clusters([[5, 5], [7, 7]]), 0.95, 'share')).toMatchObject({ value: 1, upper: 1, lower: expect.closeTo(0.05 ** 0.5, 12) as number }); // prettier-ignore
    expect(estimateRatio(clusters([[0, 9], [8, 9]]), 0.95, 'share')).toMatchObject({ lower: 0, upper: 1 }); // prettier-ignore
    expect(estimateRatio(clusters([[3, 5]]), 0.95, 'share')).toMatchObject({ value: 0.6, lower: null, upper: null, n: 1 });
    expect(estimateRatio(clusters([]), 0.95, 'share')).toMatchObject({ value: null, n: 0 });
  });
});

test('question → URL → question is the identity', () => {
  const cube = fc.constantFrom(...CUBES);
  const question = cube.chain((one) => {
    const measures = Object.keys(one.measures);
    const measure = fc.constantFrom(...measures);
    const derived = fc.oneof(
      measure.map((of) => `rank.${of}`),
      fc.tuple(fc.constantFrom(...SHIFTS), measure).map(([over, of]) => `previous.${over}.${of}`),
      fc.tuple(fc.constantFrom(...SHIFTS), measure).map(([over, of]) => `change.${over}.${of}`),
    );
    const bounds = fc.record(
      { gte: fc.integer({ min: -5, max: 1e9 }), lt: fc.double({ noNaN: true, min: 0, max: 1e6 }) },
      { requiredKeys: [] },
    );
    return fc.record(
      {
        cube: fc.constant(one.name),
        fields: fc.uniqueArray(fc.oneof(measure, derived, fc.constantFrom('month', 'region')), { minLength: 1, maxLength: 6 }),
        from: fc.constant('2011-01-01'),
        to: fc.constant('2011-12-31'),
        where: fc.record(
          {
            region: fc.record({ notIn: fc.uniqueArray(fc.constantFrom('11', '44', '31'), { minLength: 1 }) }),
            sector: fc.record({ under: fc.constant('PS') }),
          },
          { requiredKeys: [] },
        ),
        having: fc.dictionary(measure, bounds, { maxKeys: 2 }),
        limit: fc.integer({ min: 0, max: 100 }),
      },
      { requiredKeys: ['cube', 'fields', 'from', 'to'] },
    );
  });
  fc.assert(
    fc.property(question, (asked) => {
      const of = CUBES.find(({ name }) => name === asked.cube)!;
      const { question: read } = fromSearch(asked.cube, new URLSearchParams(toSearch(asked)));
      expect(canonical(read, of)).toBe(canonical(asked, of));
    }),
    { numRuns: 500 },
  );
});

test('an interval of what cannot be negative ends at 0, one of a balance does not', () => {
  const few = { n: 3, x: 9, y: 20, xx: 33, yy: 362, xy: 58 };
  expect(estimateRatio(few, 0.95, 'any').lower).toBeLessThan(0);
  expect(estimateRatio(few, 0.95, 'positive')).toMatchObject({ lower: 0, upper: estimateRatio(few, 0.95, 'any').upper });
});
