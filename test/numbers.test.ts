import type { AnswerRow } from '../src/answer/answer';
import { valueTypeOf, type Measure } from '../src/model/define';
import { posts as postsCube } from '../src/model/posts';
import type { Question } from '../src/query/question';
import { openTestApp, type TestApp } from './app';
import { loadExhaustive } from './numbers/loading';
import { postMeasures } from './numbers/postMeasures';
import { bucketEnd, bucketOf, grouped, naiveAccounts, naivePosts, sum, type Attribute, type Grain, type NaivePost } from './oracle';
import { DIALECTS_ABOVE } from './stores';
import { EXHAUSTIVE_CRAWL } from './traps';

const ATTRIBUTES: Attribute[] = [
  'region', 'prefecture', 'nbsRegion', 'geoRegion', 'sector', 'sectorGroup', 'accountType', 'verifiedType', 'level', 'platform', 'account', 'openedMonth',
]; // prettier-ignore
const POST_DIMENSIONS = [...ATTRIBUTES, 'contentCategory', 'weekday', 'hour'] as const;
const MEASURES: Readonly<Record<string, Measure>> = postsCube.measures;
const POST_MEASURES = Object.keys(MEASURES);
const GRAINS: Grain[] = ['day', 'week', 'month', 'quarter', 'year'];
const [FROM, TO] = ['2011-09-13', '2012-12-31'];

/** Rows by the JSON of their group, for comparison without regard to order. */
const byKey = (rows: readonly AnswerRow[], keys: readonly string[]): Map<string, AnswerRow> =>
  new Map(rows.map((row) => [JSON.stringify(keys.map((key) => row[key])), row]));

describe.each(DIALECTS_ABOVE)('answers equal a second, naive way over the operational store, on %s', (dialect) => {
  let test_: TestApp;
  let posts: NaivePost[];
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'demo and traps' });
    await loadExhaustive(test_, EXHAUSTIVE_CRAWL);
    const night = await test_.app.night();
    expect(night.jobs.filter(({ failed }) => failed > 0)).toEqual([]);
    posts = await naivePosts(test_.app.store, FROM, TO);
    expect(posts.length).toBeGreaterThan(1000);
  });
  afterAll(() => test_.close());

  const ask = async (question: Partial<Question> & Pick<Question, 'cube' | 'fields'>): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ from: FROM, to: TO, limit: 50_000, ...question })).rows();

  test('the oracle has a way to every measure of the cube of posts', () => {
    expect(Object.keys(postMeasures(posts)).sort()).toEqual([...POST_MEASURES].sort());
  });

  test.each(POST_DIMENSIONS.flatMap((dimension) => GRAINS.map((grain) => [dimension, grain] as const)))(
    'posts by %s and %s: every measure',
    async (dimension, grain) => {
      const groups = grouped(posts, (post) => [bucketOf(post.day, grain), post[dimension]]);
      const parts = [0, 35, 70].map((start) => POST_MEASURES.slice(start, start + 35)).filter(({ length }) => length > 0);
      for (const measures of parts) {
        const facts = byKey(await ask({ cube: 'posts', fields: [grain, dimension, ...measures] }), [grain, dimension]);
        expect([...facts.keys()].sort()).toEqual([...groups.keys()].sort());
        for (const [key, some] of groups) {
          const naive = postMeasures(some);
          const { [grain]: _bucket, [dimension]: _value, ...numbers } = facts.get(key)!;
          expect(numbers).toEqual(Object.fromEntries(measures.map((name) => [name, expected(name, naive[name]!)])));
        }
      }
    },
  );

  test.each(ATTRIBUTES.flatMap((attribute) => GRAINS.map((grain) => [attribute, grain] as const)))(
    'flows of accounts by %s and %s',
    async (attribute, grain) => {
      const groups = grouped(posts, (post) => [bucketOf(post.day, grain), post[attribute]]);
      const days = byKey(await ask({ cube: 'activity', fields: [grain, attribute, 'posts', 'originalPosts', 'reposts', 'comments', 'likes', 'activeAccounts'] }), [grain, attribute]); // prettier-ignore
      const active = [...days].filter(([, row]) => (row['posts'] as number) > 0);
      expect(active.map(([key]) => key).sort()).toEqual([...groups.keys()].sort());
      for (const [key, row] of active) {
        const some = groups.get(key)!;
        expect(row).toMatchObject({
          posts: some.length,
          originalPosts: some.filter(({ original }) => original === 1).length,
          reposts: sum(some.map(({ reposts }) => reposts)),
          comments: sum(some.map(({ comments }) => comments)),
          likes: sum(some.map(({ likes }) => likes)),
          activeAccounts: new Set(some.map(({ account }) => account)).size,
        });
      }
    },
  );

  test.each(ATTRIBUTES)('stocks by %s at the end of every month and quarter', async (attribute) => {
    for (const grain of ['month', 'quarter'] as const) {
      const rows = byKey(
        await ask({
          cube: 'activity',
          fields: [
            grain,
            attribute,
            'accounts',
            'dormantAccounts',
            'dormantAccounts90',
            'silentAccounts',
            'followers',
            'roundedFollowerAccounts',
          ],
        }),
        [grain, attribute],
      );
      const buckets = [...new Set([...rows.values()].map((row) => row[grain] as string))];
      expect(buckets.length).toBeGreaterThan(4);
      for (const bucket of buckets) {
        const end = bucketEnd(bucket, grain) < TO ? bucketEnd(bucket, grain) : TO;
        const there = grouped(await naiveAccounts(test_.app.store, end), (one) => [bucket, one[attribute]]);
        const stated = [...rows].filter(([, row]) => row[grain] === bucket && row['accounts'] !== null);
        expect(stated.map(([key]) => key).sort()).toEqual([...there.keys()].sort());
        for (const [key, row] of stated) {
          const some = there.get(key)!;
          const quiet = (days: number): number =>
            some.filter(({ observed, silence, observedFrom }) => {
              const age = (Date.parse(end) - Date.parse(observedFrom)) / 86_400_000;
              return observed && age >= days && (silence === null || silence >= days);
            }).length;
          expect(row).toMatchObject({
            accounts: some.length,
            dormantAccounts: quiet(30),
            dormantAccounts90: quiet(90),
            silentAccounts: some.filter(({ silence }) => silence === null).length,
            followers: sum(some.map(({ followers }) => followers)),
            roundedFollowerAccounts: some.filter(({ followersRounded }) => followersRounded).length,
          });
        }
      }
    }
  });

  test('filters: each keeps what it says, and what it leaves out is the rest', async () => {
    const total = posts.length;
    const count = async (where: NonNullable<Question['where']>): Promise<number> =>
      (await ask({ cube: 'posts', fields: ['posts'], where }))[0]!['posts'] as number;
    const naive = (keep: (post: NaivePost) => boolean): number => posts.filter(keep).length;
    expect(await count({ accountType: { eq: 'AGENCY' } })).toBe(naive(({ accountType }) => accountType === 'AGENCY'));
    expect(await count({ sector: { under: 'PS' } })).toBe(naive(({ sector }) => String(sector).startsWith('PS')));
    expect(await count({ region: { in: ['11', '44'] } })).toBe(naive(({ region }) => region === '11' || region === '44'));
    expect(await count({ level: { gte: 'L3', lte: 'L4' } })).toBe(naive(({ level }) => level === 'L3' || level === 'L4'));
    expect(await count({ hour: { gte: 9, lte: 11 } })).toBe(naive(({ hour }) => hour >= 9 && hour <= 11));
    expect(await count({ openedMonth: { gte: '2011-07' } })).toBe(
      naive(({ openedMonth }) => openedMonth !== null && openedMonth >= '2011-07-01'),
    );
    for (const [name, list] of [
      ['region', ['11', '44']],
      ['nbsRegion', ['East']],
      ['geoRegion', ['South', 'North']],
      ['sectorGroup', ['PS', 'GO']],
      ['openedMonth', ['2011-07']],
      ['platform', ['demo']],
      ['hour', [9, 10]],
      ['contentCategory', ['SERVICE', 'QUESTION']],
    ] as const)
      // prettier-ignore
      expect((await count({ [name]: { in: list } })) + (await count({ [name]: { notIn: list } }))).toBe(total);
  });

  test('laws: days sum to months, groups to totals; pages make up the whole', async () => {
    const monthly = await ask({ cube: 'activity', fields: ['month', 'posts', 'newAccounts', 'reposts'] });
    const daily = await ask({ cube: 'activity', fields: ['day', 'posts', 'newAccounts', 'reposts'] });
    for (const measure of ['posts', 'newAccounts', 'reposts'])
      for (const { month, [measure]: value } of monthly)
        expect(sum(daily.filter(({ day }) => bucketOf(day as string, 'month') === month).map((row) => row[measure] as number))).toBe(value);

    const question = {
      cube: 'activity',
      fields: ['region', 'accountType', 'posts'],
      from: FROM,
      to: TO,
      orderBy: [{ field: 'posts', direction: 'DESC' as const }],
    };
    const whole = await test_.ask({ ...question, limit: 1000 });
    const all = await whole.rows();
    expect(sum(all.map(({ posts: some }) => some as number))).toBe((await whole.totals(['posts']))['posts']);
    expect(await whole.rowCount()).toBe(all.length);
    const page = await test_.ask({ ...question, limit: 7, offset: 7 });
    expect(await page.rows()).toEqual(all.slice(7, 14));
    expect(await page.rowCount()).toBe(all.length);
    expect(await page.totals(['posts'])).toEqual(await whole.totals(['posts']));
    expect(await (await test_.ask({ ...question, limit: 7, offset: 100_000 })).rowCount()).toBe(all.length);
  });
});

/** Counts are exact; floating-point division and interpolation may differ in the last bits. */
function expected(measure: string, value: number | null): unknown {
  const close = value !== null && valueTypeOf(MEASURES[measure]!) === 'number';
  return close ? (expect.closeTo(value, 6) as unknown) : value;
}
