import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { AnswerRow } from '../../src/answer/answer';
import { CUBES } from '../../src/model';
import { estimateWays } from '../../src/query/derived';
import type { Question } from '../../src/query/question';
import { levelsAround } from '../../src/stats/quantile';
import { estimateRatio, type Estimate } from '../../src/stats/ratio';
import { openTestApp, type TestApp } from '../app';
import { THOROUGH } from '../stores';
import { bucketOf, grouped, naivePosts, type NaivePost } from '../oracle';

const [FROM, TO] = ['2010-03-01', '2011-12-31'];
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
/** Linear interpolation between neighbours, by sorting. */
function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
/** Standard error of Σy / Σx over clusters, term by term. */
function errorOf(clusters: readonly { readonly x: number; readonly y: number }[]): number {
  const [x, y] = [sum(clusters.map((one) => one.x)), sum(clusters.map((one) => one.y))];
  const residuals = sum(clusters.map((one) => (one.y - (y / x) * one.x) ** 2));
  return Math.sqrt((clusters.length / (clusters.length - 1)) * residuals) / x;
}

describe('estimates', () => {
  let test_: TestApp;
  let posts: NaivePost[];
  const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ cube: 'posts', from: FROM, to: TO, ...question })).rows();
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'demo' });
    posts = await naivePosts(test_.app.store, FROM, TO);
  });
  afterAll(() => test_.close());

  const estimated = CUBES.flatMap((cube) =>
    Object.keys(cube.measures).flatMap((of) => (estimateWays(cube, of).includes('VALUE') ? [[cube.name, of] as const] : [])),
  );
  test('there are ratios of every kind of part, and quantiles, in every cube', () => {
    expect(estimated.map(([cube, of]) => `${cube}.${of}`)).toEqual(
      expect.arrayContaining(['activity.postsPerAccount', 'activity.activeShare', 'activity.dormantShare', 'posts.medianReposts', 'interactions.replyRate', 'interactions.p90ReplyMinutes']), // prettier-ignore
    );
  });

  test.each(estimated)('%s.%s: the interval is around the number that is shown, in every group', async (cube, of) => {
    const field = `estimate.95.${of}`;
    for (const fields of THOROUGH ? [[], ['quarter'], ['month', 'accountType'], ['day', 'sector']] : [[], ['month', 'accountType']]) {
      const rows = await ask({ cube, fields: [...fields, of, field], from: '2011-01-01', to: '2011-06-30' });
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const { value, lower, upper, n } = row[field] as Estimate;
        if (row[of] === null || value === null) {
          // Nothing over something is a number; nothing over nothing is none.
          expect([value, row[of]]).toEqual([null, row[of] === 0 ? 0 : null]);
          continue;
        }
        expect(Math.abs(value - (row[of] as number))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
        expect(lower ?? -Infinity).toBeLessThanOrEqual(value + 1e-9);
        expect(upper ?? Infinity).toBeGreaterThanOrEqual(value - 1e-9);
        expect(n).toBeGreaterThan(0);
      }
    }
  });

  test('a share: each account with its part of the group and its part of the bucket, by loops', async () => {
    const field = 'estimate.90.share.posts';
    const rows = await ask({ fields: ['quarter', 'sector', 'share.posts', field] });
    const quarters = grouped(posts, (post) => [bucketOf(post.day, 'quarter')]);
    for (const row of rows) {
      const all = quarters.get(JSON.stringify([row['quarter']]))!;
      const clusters = [...grouped(all, (post) => [post['account']]).values()].map((own) => ({
        x: own.length,
        y: own.filter((post) => post['sector'] === row['sector']).length,
      }));
      const estimate = row[field] as Estimate;
      expect(estimate.n).toBe(clusters.length);
      expect(estimate.value).toBeCloseTo(row['share.posts'] as number, 12);
      const error = errorOf(clusters);
      if (estimate.value! <= 0 || estimate.upper === 1) continue;
      const t = (estimate.upper! - estimate.value!) / error;
      expect(t).toBeGreaterThan(1.644);
      expect(t).toBeLessThan(clusters.length > 30 ? 1.7 : 6.4);
      expect(estimate.lower).toBeCloseTo(Math.max(0, estimate.value! - t * error), 9);
    }
    expect(rows.length).toBeGreaterThan(20);
  });

  test('a share within a named period is that of the period', async () => {
    const calendar = [
      { name: 'before', from: '2011-01-01', to: '2011-07-22' },
      { name: 'after', from: '2011-07-23', to: '2011-12-31' },
    ];
    const rows = await ask({ fields: ['period', 'accountType', 'share.posts', 'estimate.95.share.posts'], calendar, from: '2011-01-01' });
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect((row['estimate.95.share.posts'] as Estimate).value).toBeCloseTo(row['share.posts'] as number, 12);
  });

  test.each(['medianReposts', 'p90Reposts'] as const)(
    '%s: the values at the ends of the interval of their share, by sorting',
    async (of) => {
      const field = `estimate.95.${of}`;
      const q = of === 'medianReposts' ? 0.5 : 0.9;
      const rows = await ask({ fields: ['accountType', 'year', field] });
      const groups = grouped(
        posts.filter(({ reposts }) => reposts !== null),
        (post) => [post['accountType'], bucketOf(post.day, 'year')],
      );
      let bounded = 0;
      for (const row of rows) {
        const own = groups.get(JSON.stringify([row['accountType'], row['year']])) ?? [];
        const { value, lower, upper, n } = row[field] as Estimate;
        const values = own.map(({ reposts }) => reposts!);
        expect(value).toBeCloseTo(quantileOf(values, q), 9);
        const clusters = [...grouped(own, (post) => [post['account']]).values()].map((some) => ({
          x: some.length,
          y: some.filter(({ reposts }) => reposts! <= value!).length,
        }));
        expect(n).toBe(clusters.length);
        const reach = (t: number): number => t * errorOf(clusters);
        // Student's t lies between its values for very many and for as few accounts.
        if (n < 30 || lower === null || upper === null) continue;
        expect(lower).toBeLessThanOrEqual(quantileOf(values, q - reach(1.95)) + 1e-9);
        expect(lower).toBeGreaterThanOrEqual(quantileOf(values, q - reach(2.06)) - 1e-9);
        expect(upper).toBeGreaterThanOrEqual(quantileOf(values, q + reach(1.95)) - 1e-9);
        expect(upper).toBeLessThanOrEqual(quantileOf(values, q + reach(2.06)) + 1e-9);
        bounded += 1;
      }
      expect(bounded).toBeGreaterThan(1);
    },
  );

  test('a page of a longer answer has the estimates of its own groups', async () => {
    const fields = ['sector', 'region', 'estimate.95.medianReposts', 'estimate.95.questionShare', 'estimate.95.share.posts'];
    const whole = await ask({ fields });
    expect(await ask({ fields, limit: 5, offset: 7 })).toEqual(whole.slice(7, 12));
  });

  test('GraphQL and a table give the same share', async () => {
    const { data, errors } = await test_.graphql<{ posts: { rows: { estimate: Estimate }[] } }>(
      `{ posts(period: { from: "${FROM}", to: "${TO}" }) { rows { accountType estimate(of: posts, as: SHARE, level: 0.995) { value lower upper n method } } } }`,
    );
    expect(errors).toBeUndefined();
    const rows = await ask({ fields: ['accountType', 'estimate.99.5.share.posts'] });
    expect(data.posts.rows.map(({ estimate }) => estimate)).toEqual(rows.map((row) => row['estimate.99.5.share.posts']));
    const { address } = await test_.serve();
    const table = await (await fetch(`${address}/posts.json?fields=accountType,estimate.99.5.share.posts&from=${FROM}&to=${TO}`)).text();
    expect(table).toContain(`"estimate.99.5.share.posts.lower":${(rows[0]!['estimate.99.5.share.posts'] as Estimate).lower}`);
  });

  test.each([
    ['estimate.95.posts', 'has no sampling error'],
    ['estimate.95.share.medianReposts', 'does not add up over groups'],
    ['estimate.share.posts', 'is not of the form'],
  ])('%s is refused with a sentence', async (field, words) => {
    await expect(ask({ fields: [field] })).rejects.toMatchObject({ code: 'BAD_QUERY', message: expect.stringContaining(words) as string });
  });
});

/** Samples of accounts from a population whose figures are known: intervals are right when they hold the truth as often as they say. */
describe('of 100 intervals of 90 percent, about 90 hold the truth', () => {
  const random = xoroshiro128plus(20_111_231);
  const uniform = (): number => uniformFloat64(random);
  // Accounts differ in how much they post and in how much echo they get, and posts of one account are alike.
  const account = (): number[] => {
    const echo = -Math.log(1 - uniform()) * 20;
    return Array.from({ length: 1 + Math.floor(uniform() * 40) }, () => Math.floor(-Math.log(1 - uniform()) * echo));
  };
  const population = Array.from({ length: 20_000 }, account);
  const every = population.flat();
  const SAMPLES = 600;
  const sampled = (): number[][] => Array.from({ length: 60 }, () => population[Math.floor(uniform() * population.length)]!);
  const sumsOf = (clusters: readonly { readonly x: number; readonly y: number }[]) => ({
    n: clusters.length, x: sum(clusters.map(({ x }) => x)), y: sum(clusters.map(({ y }) => y)), xx: sum(clusters.map(({ x }) => x * x)),
    yy: sum(clusters.map(({ y }) => y * y)), xy: sum(clusters.map(({ x, y }) => x * y)),
  }); // prettier-ignore
  const heldBy = (truth: number, interval: () => { readonly lower: number | null; readonly upper: number | null }): number => {
    let held = 0;
    for (let round = 0; round < SAMPLES; round += 1) {
      const { lower, upper } = interval();
      if (lower! <= truth && truth <= upper!) held += 1;
    }
    return held / SAMPLES;
  };

  test('of a mean', () => {
    const held = heldBy(sum(every) / every.length, () =>
      estimateRatio(sumsOf(sampled().map((own) => ({ x: own.length, y: sum(own) }))), 0.9, 'positive'),
    );
    expect(held).toBeGreaterThan(0.83);
    expect(held).toBeLessThan(0.95);
  });

  test.each([0.5, 0.9])('of the quantile %p', (q) => {
    const held = heldBy(quantileOf(every, q), () => {
      const sample = sampled();
      const values = sample.flat();
      const value = quantileOf(values, q);
      const levels = levelsAround(sumsOf(sample.map((own) => ({ x: own.length, y: own.filter((one) => one <= value).length }))), q, 0.9);
      return { lower: quantileOf(values, levels.lower!), upper: quantileOf(values, levels.upper!) };
    });
    expect(held).toBeGreaterThan(0.83);
    expect(held).toBeLessThan(0.96);
  });
});
