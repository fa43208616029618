import { DEMO_DEFAULTS, demoRecords } from '../../seeds/demo';
import type { AnswerRow } from '../../src/answer/answer';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';
import { naiveAccounts, type NaiveAccount } from '../oracle';
import { TRAPS } from '../traps';

const TO = '2011-12-31';
let test_: TestApp;
let values: Map<string, number>;
let regions: { code: string; nbs_region: string | null; geo_region: string | null }[];
let accounts: NaiveAccount[];
const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
  (await test_.ask({ cube: 'activity', from: '2011-01-01', to: TO, ...question })).rows();
/** What some regions have of an indicator in a year, by a plain loop over the rows of the table. */
const total = (indicator: string, year: number, among: (region: (typeof regions)[number]) => boolean): number =>
  regions.filter(among).reduce((sum, { code }) => sum + (values.get(`${code} ${indicator} ${year}`) ?? 0), 0);

beforeAll(async () => {
  test_ = await openTestApp();
  await test_.load(demoRecords({ ...DEMO_DEFAULTS, scale: 0.02 }));
  await test_.load(TRAPS);
  await test_.app.night();
  const rows = await test_.app.store.query<{ region_code: string; indicator: string; year: number; value: number }>(
    'SELECT * FROM indicator',
  );
  values = new Map(rows.map((row) => [`${row.region_code} ${row.indicator} ${row.year}`, Number(row.value)]));
  regions = await test_.app.store.query('SELECT code, nbs_region, geo_region FROM region');
  accounts = await naiveAccounts(test_.app.store, TO);
});
afterAll(() => test_.close());

test('by region: the accounts of each by its people, internet users and GDP, each of the year that is known', async () => {
  const rows = await ask({
    fields: [
      'region',
      'accounts',
      'accountsPerMillionPeople',
      'accountsPer100kInternetUsers',
      'accountsPer10bnGdp',
      'postsPerMillionPeople',
      'posts',
    ],
    limit: 100,
  });
  expect(rows.filter((row) => row['accountsPerMillionPeople'] !== null)).toHaveLength(31);
  for (const row of rows) {
    const code = row['region'] as string;
    const rate = (value: unknown, indicator: string, year: number, per: number): number | null => {
      const by = values.get(`${code} ${indicator} ${year}`);
      return by === undefined ? null : (Number(value) / by) * per;
    };
    const close = (field: string, expected: number | null): void =>
      expected === null ? expect(row[field]).toBeNull() : expect(row[field]).toBeCloseTo(expected, 9);
    // The census of 2010 is the last before the end of 2011.
    close('accountsPerMillionPeople', rate(row['accounts'], 'population', 2010, 1e6));
    close('postsPerMillionPeople', rate(row['posts'], 'population', 2010, 1e6));
    close('accountsPer100kInternetUsers', rate(row['accounts'], 'internet_users', 2011, 1e5));
    close('accountsPer10bnGdp', rate(row['accounts'], 'gdp', 2011, 100));
    expect(row['accountsPerMillionPeople.year']).toBe(row['accountsPerMillionPeople'] === null ? null : 2010);
  }
});

test('by groups of regions, and less the regions that a filter leaves out', async () => {
  for (const [field, column] of [
    ['nbsRegion', 'nbs_region'],
    ['geoRegion', 'geo_region'],
  ] as const)
    // prettier-ignore
    for (const without of [[], ['11', '44']])
      for (const row of await ask({
        fields: [field, 'accountsPerMillionPeople'],
        ...(without.length > 0 && { where: { region: { notIn: without }, accountType: { eq: 'AGENCY' } } }),
      })) {
        const name = row[field] as string | null;
        const some = accounts.filter(
          (account) =>
            account[field] === name && (without.length === 0 || (!without.includes(account.region as string) && account.accountType === 'AGENCY')),
        );
        const people = total('population', 2010, (region) => region[column] === name && !without.includes(region.code));
        if (name === null) expect(row['accountsPerMillionPeople']).toBeNull();
        else expect(row['accountsPerMillionPeople']).toBeCloseTo((some.length / people) * 1e6, 9);
      }
});

test('for all of it, in rows and in totals, with conditions that are combined', async () => {
  const where = { not: { or: [{ region: { eq: '11' } }, { nbsRegion: { eq: 'East' } }] } };
  const answer = await test_.ask({ cube: 'activity', from: TO, to: TO, fields: ['accountsPerMillionPeople'], where });
  const east = regions.filter((region) => region.nbs_region === 'East').map(({ code }) => code);
  expect(east.length).toBeGreaterThan(5);
  const isLeft = (code: string): boolean => code !== '11' && !east.includes(code);
  const expected =
    (accounts.filter(({ region }) => isLeft(region as string)).length / total('population', 2010, ({ code }) => isLeft(code))) * 1e6;
  expect((await answer.rows())[0]!['accountsPerMillionPeople']).toBeCloseTo(expected, 9);
  expect((await answer.totals(['accountsPerMillionPeople']))['accountsPerMillionPeople']).toBeCloseTo(expected, 9);
});

test('the year is that of each row, or the nearest known before it, or else the first known', async () => {
  const rows = await ask({ from: '2009-11-21', fields: ['year', 'accounts', 'accountsPer10bnGdp', 'accountsPer100kInternetUsers', 'previous.YEAR.accountsPer10bnGdp'] }); // prettier-ignore
  expect(rows.map((row) => [row['accountsPer10bnGdp.year'], row['accountsPer100kInternetUsers.year']])).toEqual([
    [2009, 2010],
    [2010, 2010],
    [2011, 2011],
  ]);
  for (const [index, row] of rows.entries()) {
    expect(row['accountsPer10bnGdp']).toBeCloseTo((Number(row['accounts']) / total('gdp', 2009 + index, () => true)) * 100, 9);
    if (index > 0) expect(row['previous.YEAR.accountsPer10bnGdp']).toBeCloseTo(Number(rows[index - 1]!['accountsPer10bnGdp']), 9);
  }
});

test('a week is of the year of its Monday, and beside a month or year of theirs', async () => {
  const fields = ['week', 'accountsPer10bnGdp'];
  // 1 January 2011 is a Saturday: the week began in 2010, before the period.
  const weeks = await ask({ from: '2011-01-01', to: '2011-01-09', fields: [...fields, 'accounts'] });
  expect(weeks.map((row) => [row['week'], row['accountsPer10bnGdp.year']])).toEqual([
    ['2010-12-27', 2010],
    ['2011-01-03', 2011],
  ]);
  for (const row of weeks)
    expect(row['accountsPer10bnGdp']).toBeCloseTo((Number(row['accounts']) / total('gdp', Number(row['accountsPer10bnGdp.year']), () => true)) * 100, 9); // prettier-ignore
  for (const grain of ['month', 'quarter', 'year'])
    expect((await ask({ from: '2010-12-30', to: '2011-01-02', fields: [...fields, grain] })).map((row) => row['accountsPer10bnGdp.year'])).toEqual([2010, 2011]); // prettier-ignore
});

test('rows are ordered, ranked and left out by a rate that nobody selected', async () => {
  const rows = await ask({
    fields: ['region', 'rank.accountsPerMillionPeople'],
    orderBy: [{ field: 'accountsPerMillionPeople', direction: 'DESC' }],
    having: { accountsPerMillionPeople: { gt: 0 } },
    limit: 5,
  });
  expect(rows.map((row) => row['rank.accountsPerMillionPeople'])).toEqual([1, 2, 3, 4, 5]);
});

test('GraphQL says what was divided by, and a table has the year beside the rate', async () => {
  const { data } = (await test_.graphql(`{ activity(period: { from: "2011-07-01", to: "2011-12-31" }, where: { region: { eq: "44" } }) {
    rows { region { code } accountsPerMillionPeople accountsPer100kInternetUsers }
    provenance { permalink denominators { measure indicator year forYears unit sources } } } }`)) as {
    data: { activity: { rows: Record<string, number>[]; provenance: { permalink: string; denominators: object[] } } };
  };
  expect(data.activity.provenance.denominators).toEqual([
    { measure: 'accountsPerMillionPeople', indicator: 'population', year: 2010, forYears: [2011], unit: 'persons', sources: ['S05'] },
    { measure: 'accountsPer100kInternetUsers', indicator: 'internet_users', year: 2011, forYears: [2011], unit: 'persons', sources: expect.any(Array) as string[] },
  ]); // prettier-ignore
  const { address } = await test_.serve();
  const csv = await (await fetch(address + data.activity.provenance.permalink.replace('.json', '.csv'))).text();
  const [header, first] = csv.split('\n').map((line) => line.split(','));
  expect(header).toEqual(['region', 'regionName', 'accountsPerMillionPeople', 'accountsPerMillionPeople.year', 'accountsPer100kInternetUsers', 'accountsPer100kInternetUsers.year']); // prettier-ignore
  expect(Number(first![2])).toBe(data.activity.rows[0]!['accountsPerMillionPeople']);
  expect(first![3]).toBe('2010');
});

test.each<[Partial<Question> & Pick<Question, 'fields'>, string]>([
  [{ fields: ['prefecture', 'accountsPerMillionPeople'] }, 'Group by region'],
  [{ fields: ['accountsPerMillionPeople'], where: { prefecture: { under: '44' } } }, 'filter by region'],
  [{ fields: ['accountsPerMillionPeople'], where: { or: [{ region: { eq: '11' } }, { sector: { eq: 'PS' } }] } }, 'mixes regions with something else'],
  [{ fields: ['region', 'share.accountsPerMillionPeople'] }, 'does not add up'],
  [{ fields: ['region', 'estimate.95.accountsPerMillionPeople'] }, 'estimates are made of'],
  [{ fields: ['month', 'rolling.3.MEAN.accountsPerMillionPeople'] }, 'cannot be rolled'],
])('refused: %j', async (question, sentence) => {
  await expect(ask(question)).rejects.toThrow(sentence);
}); // prettier-ignore
