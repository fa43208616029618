import type { AnswerRow } from '../../src/answer/answer';
import { addDays } from '../../src/model/time';
import { messageOf } from '../../src/errors';
import { LIMITS } from '../../src/query/limits';
import { fromSearch, toSearch } from '../../src/query/permalink';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';
import { bucketOf as slowBucketOf, days, naiveAccounts, naivePosts, sum, type Grain, type NaivePost } from '../oracle';

const [FROM, TO] = ['2010-03-01', '2011-12-31'];
const CALENDAR = [
  { name: 'after', from: '2011-08-01', to: '2011-09-15' },
  { name: 'before', from: '2011-06-01', to: '2011-06-30' },
  { name: '期间: 50%', from: '2011-07-01', to: '2011-07-31' },
];

let test_: TestApp;
let posts: NaivePost[];
const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
  (await test_.ask({ cube: 'posts', from: FROM, to: TO, limit: 50_000, ...question })).rows();
const buckets = new Map<string, string>();
const bucketOf = (day: string, grain: Grain): string => {
  const key = `${day} ${grain}`;
  if (!buckets.has(key)) buckets.set(key, slowBucketOf(day, grain));
  return buckets.get(key)!;
};
const count = (some: readonly NaivePost[]): number => some.length;
/** The first days of all buckets of a period, found by going through its days. */
const bucketsOf = (grain: Grain, from: string, to: string): string[] => [
  ...new Set(Array.from({ length: days(from, to) + 1 }, (_, index) => bucketOf(addDays(from, index), grain))),
];

beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'demo and traps' });
  posts = await naivePosts(test_.app.store, '2009-01-01', TO);
});
afterAll(() => test_.close());

const within = (from: string, to: string): NaivePost[] => posts.filter(({ day }) => day >= from && day <= to);

describe('a calendar of one’s own', () => {
  test('groups by its periods in the order of time, and leaves the other days out', async () => {
    const rows = await ask({ fields: ['period', 'posts', 'reposts'], calendar: CALENDAR });
    expect(rows).toEqual(
      ['before', '期间: 50%', 'after'].map((name) => {
        const { from, to } = CALENDAR.find((one) => one.name === name)!;
        return { period: name, posts: count(within(from, to)), reposts: sum(within(from, to).map(({ reposts }) => reposts)) };
      }),
    );
    const answer = await test_.ask({ cube: 'posts', from: FROM, to: TO, fields: ['period', 'accountType', 'posts'], calendar: CALENDAR });
    expect(await answer.totals(['posts'])).toEqual({ posts: rows.reduce((total, row) => total + Number(row['posts']), 0) });
    expect(await answer.rowCount()).toBe((await answer.rows()).length);
  });

  test('takes a stock on the last day of each period', async () => {
    const rows = await ask({ cube: 'activity', fields: ['period', 'accounts', 'newAccounts'], calendar: CALENDAR });
    for (const row of rows) {
      const { to } = CALENDAR.find(({ name }) => name === row['period'])!;
      expect(row['accounts']).toBe((await naiveAccounts(test_.app.store, to)).length);
    }
    // Without the grouping it is that of the last day of the last period.
    const [total] = await ask({ cube: 'activity', fields: ['accounts'], calendar: CALENDAR });
    expect(total!['accounts']).toBe((await naiveAccounts(test_.app.store, '2011-09-15')).length);
  });

  test('has the year before of each of its periods', async () => {
    for (const row of await ask({ fields: ['period', 'posts', 'previous.YEAR.posts'], calendar: CALENDAR })) {
      const { from, to } = CALENDAR.find(({ name }) => name === row['period'])!;
      expect(row['previous.YEAR.posts']).toBe(count(within(from.replace('2011', '2010'), to.replace('2011', '2010'))));
    }
  });

  test('shares and ranks are of each of its periods: stocks of different days make no whole', async () => {
    const rows = await ask({ cube: 'activity', fields: ['period', 'accountType', 'accounts', 'share.accounts', 'rank.accounts'], calendar: CALENDAR }); // prettier-ignore
    expect(rows.length).toBeGreaterThan(CALENDAR.length);
    for (const row of rows) {
      const same = rows.filter(({ period }) => period === row['period']).map(({ accounts }) => Number(accounts));
      expect(row['share.accounts']).toBeCloseTo(Number(row['accounts']) / sum(same)!, 12);
      expect(row['rank.accounts']).toBe(1 + same.filter((one) => one > Number(row['accounts'])).length);
    }
  });

  test('travels in a link, whatever its names', () => {
    const question: Question = {
      cube: 'posts',
      from: FROM,
      to: TO,
      fields: ['period', 'posts'],
      calendar: CALENDAR,
      attribution: 'CURRENT',
      fill: 'ZERO',
    };
    const linked = fromSearch('posts', new URLSearchParams(toSearch(question))).question;
    expect(linked).toEqual({ ...question, calendar: [CALENDAR[1], CALENDAR[2], CALENDAR[0]] });
  });

  test.each([
    [[], 'The calendar is empty'],
    [[{ name: 'a', from: '2011-02-01', to: '2011-01-01' }], 'ends before it begins'],
    [[{ name: 'a', from: '2011-02-30', to: '2011-03-01' }], 'write days as'],
    [[{ name: ' ', from: '2011-02-01', to: '2011-03-01' }], 'no name of a period'],
    [[{ name: 'a', from: '2031-02-01', to: '2031-03-01' }], 'lies outside'],
    [[{ name: 'a', from: '2011-01-01', to: '2011-02-01' }, { name: 'b', from: '2011-02-01', to: '2011-03-01' }], 'share 2011-02-01'],
    [[{ name: 'a', from: '2011-01-01', to: '2011-01-31' }, { name: 'a', from: '2011-02-01', to: '2011-03-01' }], 'two periods named "a"'],
  ])('is refused: %j', async (calendar, sentence) => {
    await expect(ask({ fields: ['period', 'posts'], calendar })).rejects.toThrow(sentence);
  }); // prettier-ignore

  test('is needed to group by period', async () => {
    await expect(ask({ fields: ['period', 'posts'] })).rejects.toThrow('give one');
  });
});

describe('attribution', () => {
  test('CURRENT counts every day of an account where the account is now', async () => {
    const versions = await test_.app.store.query<{ account_key: number; region: string; valid_from: string }>(
      'SELECT account_key, region, valid_from FROM account_version ORDER BY valid_from',
    );
    const now = new Map(versions.map(({ account_key, region }) => [account_key, region]));
    const expected = new Map<string, number>();
    let moved = 0;
    for (const post of within(FROM, TO)) {
      const region = now.get(Number(post.account)) ?? 'UNKNOWN';
      if (region !== post.region) moved += 1;
      expected.set(region, (expected.get(region) ?? 0) + 1);
    }
    expect(moved).toBeGreaterThan(0);
    const rows = await ask({ fields: ['region', 'posts'], attribution: 'CURRENT' });
    expect(new Map(rows.map((row) => [row['region'], row['posts']]))).toEqual(expected);
    expect(await ask({ fields: ['region', 'posts'] })).not.toEqual(rows);
    // Filters mean the same attributes as groups do.
    const [region] = [...expected.keys()];
    expect(await ask({ fields: ['posts'], attribution: 'CURRENT', where: { region: { eq: region! } } })).toEqual([
      { posts: expected.get(region!) },
    ]);
  });

  test('CURRENT works with groupings of regions, sectors and with the stocks of accounts', async () => {
    const rows = await ask({ cube: 'activity', fields: ['nbsRegion', 'sectorGroup', 'accounts'], attribution: 'CURRENT', from: TO });
    const [total] = await ask({ cube: 'activity', fields: ['accounts'], from: TO });
    expect(rows.reduce((all, row) => all + Number(row['accounts'] ?? 0), 0)).toBe(total!['accounts']);
  });
});

describe('fill: ZERO', () => {
  test('gives each group a row for each bucket, with 0 counts and null ratios where there is nothing', async () => {
    const fields = ['day', 'accountType', 'posts', 'likes', 'medianReposts', 'meanReposts'];
    const [from, to] = ['2011-01-20', '2011-03-04'];
    const sparse = await ask({ fields, from, to });
    const filled = await ask({ fields, from, to, fill: 'ZERO' });
    const types = [...new Set(sparse.map((row) => row['accountType']))];
    const all = bucketsOf('day', from, to);
    expect(filled).toHaveLength(all.length * types.length);
    expect(filled.length).toBeGreaterThan(sparse.length);
    const keyOf = (row: AnswerRow): string => `${row['day'] as string} ${row['accountType'] as string}`;
    const found = new Map(sparse.map((row) => [keyOf(row), row]));
    for (const row of filled)
      expect(row).toEqual(
        found.get(keyOf(row)) ?? {
          day: row['day'],
          accountType: row['accountType'],
          posts: 0,
          likes: null,
          medianReposts: null,
          meanReposts: null,
        },
      );
    const answer = await test_.ask({ cube: 'posts', fields, from, to, fill: 'ZERO', limit: 3 });
    expect(await answer.rowCount()).toBe(filled.length);
  });

  test('fills the buckets of several grains and of a calendar, and nothing outside', async () => {
    const weeks = await ask({
      fields: ['week', 'month', 'posts'],
      from: '2011-01-20',
      to: '2011-03-04',
      fill: 'ZERO',
      where: { account: { eq: 'demo:none' } },
    });
    const expected = new Set(
      Array.from({ length: 44 }, (_, index) => addDays('2011-01-20', index)).map(
        (day) => `${bucketOf(day, 'week')} ${bucketOf(day, 'month')}`,
      ),
    );
    expect(weeks.map((row) => `${row['week'] as string} ${row['month'] as string}`)).toEqual([...expected]);
    expect(new Set(weeks.map((row) => row['posts']))).toEqual(new Set([0]));
    const periods = await ask({ fields: ['period', 'month', 'posts'], calendar: CALENDAR, fill: 'ZERO', where: { hour: { eq: 3 } } });
    expect(periods.map((row) => [row['period'], row['month']])).toEqual([
      ['before', '2011-06-01'],
      ['期间: 50%', '2011-07-01'],
      ['after', '2011-08-01'],
      ['after', '2011-09-01'],
    ]);
  });

  test('leaves totals as they are', async () => {
    const question: Question = { cube: 'posts', fields: ['day', 'accountType', 'posts'], from: '2011-01-20', to: '2011-03-04' };
    const totals = await (await test_.ask({ ...question, fill: 'ZERO' })).totals(['posts', 'medianReposts']);
    expect(totals).toEqual(await (await test_.ask(question)).totals(['posts', 'medianReposts']));
    expect(totals['posts']).toBe(within('2011-01-20', '2011-03-04').length);
  });

  test('needs a series', async () => {
    await expect(ask({ fields: ['region', 'posts'], fill: 'ZERO' })).rejects.toThrow('makes series without gaps');
  });
});

describe('values along a series', () => {
  test('cumulative: the sum of the group’s buckets up to each', async () => {
    const rows = await ask({ fields: ['month', 'accountType', 'posts', 'cumulative.posts', 'cumulative.likes'], from: '2011-02-10' });
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const until = within('2011-02-10', TO).filter(
        (post) => bucketOf(post.day, 'month') <= (row['month'] as string) && post.accountType === row['accountType'],
      );
      expect(row['cumulative.posts']).toBe(until.length);
    }
  });

  test.each([
    ['day', 7, '2011-03-05'],
    ['week', 4, '2011-03-07'],
    ['month', 3, '2011-02-01'],
    ['quarter', 2, '2011-04-01'],
    ['year', 2, '2011-01-01'],
  ] as const)('rolling by %s over %i: looks before the period, and a bucket without rows is 0', async (grain, window, from) => {
    const fields = [
      grain,
      'accountType',
      'posts',
      `rolling.${window}.MEAN.posts`,
      `rolling.${window}.SUM.posts`,
      `rolling.${window}.MEAN.questionShare`,
    ];
    const everything = bucketsOf(grain, '2009-06-01', TO);
    for (const fill of ['NONE', 'ZERO'] as const) {
      const rows = await ask({ fields, from, fill });
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) {
        const last = everything.indexOf(row[grain] as string);
        const inWindow = everything.slice(last + 1 - window, last + 1);
        const some = posts.filter((post) => post.accountType === row['accountType'] && inWindow.includes(bucketOf(post.day, grain)));
        expect(row[`rolling.${window}.SUM.posts`]).toBe(some.length);
        expect(row[`rolling.${window}.MEAN.posts`]).toBeCloseTo(some.length / window, 10);
        const asking = some.filter(({ features }) => features.questions > 0).length;
        const share = row[`rolling.${window}.MEAN.questionShare`];
        if (some.length === 0) expect(share).toBeNull();
        else expect(share).toBeCloseTo(asking / some.length, 10);
      }
    }
  });

  test('rolling values do not depend on what fills the gaps', async () => {
    const question = {
      cube: 'activity',
      fields: ['week', 'account', 'followers', 'likes', 'rolling.2.MEAN.followers', 'rolling.3.SUM.likes', 'rolling.3.MEAN.likes'],
      where: { platform: { notIn: ['demo'] } },
      from: '2011-12-26',
      to: '2012-12-31',
    };
    const filled = await ask({ ...question, fill: 'ZERO' });
    const sparse = await ask(question);
    const rows = new Map(filled.map((row) => [`${row['week'] as string} ${row['account'] as number}`, row]));
    expect(filled.length).toBeGreaterThan(sparse.length);
    for (const row of sparse) expect(rows.get(`${row['week'] as string} ${row['account'] as number}`)).toEqual(row);
    // An account that has not opened had nobody who follows it, for all the weeks of the window.
    const before = filled.filter(({ followers }) => followers === null).map((row) => row['rolling.2.MEAN.followers']);
    expect(before).toContain(0);
  });

  test('rolling values stand beside rates', async () => {
    const fields = ['month', 'rolling.2.MEAN.posts'];
    const beside = await ask({ cube: 'activity', fields: [...fields, 'accountsPerMillionPeople'], from: '2011-02-01' });
    expect(beside.map((row) => row['rolling.2.MEAN.posts'])).toEqual((await ask({ cube: 'activity', fields, from: '2011-02-01' })).map((row) => row['rolling.2.MEAN.posts'])); // prettier-ignore
    expect(beside.every((row) => Number(row['accountsPerMillionPeople']) > 0)).toBe(true);
  });

  test('rolling stocks are means, and a window that begins before the data has no value', async () => {
    const [{ from: first }] = [(await (await test_.app.reader()).open()).snapshot];
    const rows = await ask({ cube: 'activity', fields: ['month', 'accounts', 'rolling.2.MEAN.accounts'], from: first });
    expect(rows[0]!['rolling.2.MEAN.accounts']).toBeNull();
    for (const [index, row] of rows.entries())
      if (index > 0)
        expect(row['rolling.2.MEAN.accounts']).toBeCloseTo((Number(row['accounts']) + Number(rows[index - 1]!['accounts'])) / 2, 10);
  });

  test.each<[string, Partial<Question> & Pick<Question, 'fields'>, string]>([
    ['a distinct count', { cube: 'activity', fields: ['month', 'rolling.3.MEAN.activeAccounts'] }, 'cannot be rolled as MEAN'],
    ['the sum of a stock', { cube: 'activity', fields: ['month', 'rolling.3.SUM.accounts'] }, 'cannot be rolled as SUM'],
    ['no grain', { fields: ['accountType', 'rolling.3.MEAN.posts'] }, 'select one of day'],
    ['two grains', { fields: ['month', 'year', 'rolling.3.MEAN.posts'] }, 'select one of day'],
    ['a window of 1', { fields: ['month', 'rolling.1.MEAN.posts'] }, 'takes 2 to'],
    ['a broken first bucket', { fields: ['month', 'rolling.3.MEAN.posts'], from: '2011-02-10' }, 'Begin it on 2011-02-01'],
    ['a cumulated ratio', { fields: ['month', 'cumulative.questionShare'] }, 'does not add up over time'],
    ['nothing to cumulate along', { fields: ['region', 'cumulative.posts'] }, 'to cumulate along'],
    ['a malformed name', { fields: ['month', 'rolling.posts'] }, 'is not of the form'],
    ['an unknown way', { fields: ['month', 'rolling.3.MAX.posts'] }, 'a MEAN or a SUM'],
  ])('refused: %s', async (_, question, sentence) => {
    await expect(ask(question)).rejects.toThrow(sentence);
  });

  test('the same in GraphQL, with aliases', async () => {
    const result = (await test_.graphql(`{
      posts(period: { from: "2011-03-01", to: "2011-05-31" }, fill: ZERO, attribution: CURRENT,
            calendar: [{ name: "spring", from: "2011-03-01", to: "2011-04-30" }, { name: "May", from: "2011-05-01", to: "2011-05-31" }]) {
        rows { period month posts cumulative(of: posts) mean: rolling(of: posts, window: 2) sum: rolling(of: posts, window: 2, as: SUM) }
        provenance { permalink }
      }
    }`)) as { data: { posts: { rows: Record<string, number>[]; provenance: { permalink: string } } } };
    const { rows, provenance } = result.data.posts;
    expect(rows.map(({ period }) => period)).toEqual(['spring', 'spring', 'May']);
    for (const row of rows) expect(row['sum']).toBe(2 * row['mean']!);
    const url = new URL(provenance.permalink, 'http://localhost');
    const { question, snapshot } = fromSearch('posts', url.searchParams);
    const again = await (await test_.ask(question, snapshot)).rows();
    expect(again.map((row) => row['cumulative.posts'])).toEqual(rows.map((row) => row['cumulative']));
  });
});

test('an answer without a limit is whole or refused, never cut off', async () => {
  const question: Question = { cube: 'activity', from: FROM, to: TO, fields: ['day', 'account', 'posts'] };
  const rows = await ask({ ...question, limit: 50_000 });
  expect(rows.length).toBeGreaterThan(LIMITS.defaultRows.value);
  // Before it runs where the list of files tells, and else when one row too many has come.
  const refused = await (await test_.ask(question)).rows().then(String, messageOf);
  const stated = Number(/at least ([\d,]+) rows/.exec(refused)![1]!.replaceAll(',', ''));
  expect(stated).toBeGreaterThan(LIMITS.defaultRows.value);
  expect(stated).toBeLessThanOrEqual(rows.length);
  const unforeseen = await test_.ask({ ...question, fields: ['day', 'region', 'sector', 'level', 'posts'] });
  await expect(unforeseen.rows()).rejects.toThrow(`more than ${LIMITS.defaultRows.value} rows`);
  await expect((await test_.ask({ ...question, fields: ['day', 'posts'] })).rows()).resolves.toHaveLength(
    (await ask({ cube: 'activity', fields: ['day', 'posts'] })).length,
  );
});
