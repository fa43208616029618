import fc from 'fast-check';
import { activity } from '../../src/model/activity';
import { posts as postsCube } from '../../src/model/posts';
import { LIMITS } from '../../src/query/limits';
import { fromSearch, toSearch } from '../../src/query/permalink';
import { canonical, type Filter, type Question, type Where } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';
import { naivePosts, type NaivePost } from '../oracle';
import { DIALECTS_ABOVE } from '../stores';

const [FROM, TO] = ['2010-03-01', '2012-12-31'];
type Column = 'region' | 'sector' | 'accountType' | 'weekday' | 'openedMonth' | 'reposts';

/** Whether a post meets conditions, by plain loops: what is unknown meets none, and the opposite of each. */
function meets(post: NaivePost, where: Where): boolean {
  return Object.entries(where).every(([name, part]) => {
    if (part === undefined) return true;
    if (name === 'and') return (part as readonly Where[]).every((one) => meets(post, one));
    if (name === 'or') return (part as readonly Where[]).some((one) => meets(post, one));
    if (name === 'not') return !meets(post, part as Where);
    const value = post[name as Column];
    const filter = part as Filter;
    const holds = (test: (known: string | number) => boolean): boolean => value !== null && test(value);
    return (
      (filter.eq === undefined || holds((known) => known === filter.eq)) &&
      (filter.in === undefined || holds((known) => filter.in!.includes(known))) &&
      (filter.notIn === undefined || value === null || !filter.notIn.includes(value)) &&
      (filter.gte === undefined || holds((known) => known >= filter.gte!)) &&
      (filter.lte === undefined || holds((known) => known <= filter.lte!))
    );
  });
}

const codes = (...values: string[]): fc.Arbitrary<Filter> =>
  fc.oneof(
    fc.record({ eq: fc.constantFrom(...values) }),
    fc.record({ in: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }) }),
    fc.record({ notIn: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }) }),
  );
const bounds = (min: number, max: number): fc.Arbitrary<Filter> =>
  fc.oneof(
    fc.record({ gte: fc.integer({ min, max }) }),
    fc.record({ lte: fc.integer({ min, max }) }),
    fc.record({ eq: fc.integer({ min, max }) }),
  );
const single: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ region: codes('11', '31', '44', 'UNKNOWN') }),
  fc.record({ sector: codes('PS', 'PS-POLICE', 'TR', 'UNKNOWN') }),
  fc.record({ accountType: codes('AGENCY', 'OFFICIAL', 'UNKNOWN') }),
  fc.record({ weekday: bounds(1, 7) }),
  fc.record({ openedMonth: fc.record({ gte: fc.constantFrom('2010-06-01', '2011-03-01') }) }),
  fc.record({ reposts: bounds(0, 40) }),
);
const { where: conditions } = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    single,
    fc.record({ not: tie('where') }),
    fc.record({ or: fc.array(tie('where'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ and: fc.array(tie('where'), { minLength: 1, maxLength: 3 }) }),
    fc.tuple(single, tie('where')).map(([one, other]) => ({ ...one, or: [other, one] })),
  ),
}));

describe.each(DIALECTS_ABOVE)('conditions that are combined, on %s', (dialect) => {
  let test_: TestApp;
  let posts: NaivePost[];
  const count = async (where: Where): Promise<number> =>
    (await (await test_.ask({ cube: 'posts', fields: ['posts'], from: FROM, to: TO, where })).rows())[0]!['posts'] as number;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'demo and traps' });
    const { to } = ((await test_.graphql('{ dataset { period { to } } }')) as { data: { dataset: { period: { to: string } } } }).data
      .dataset.period;
    posts = await naivePosts(test_.app.store, FROM, to < TO ? to : TO);
  });
  afterAll(() => test_.close());

  test('leave the posts that a plain loop leaves, and with their opposite part the total', async () => {
    await fc.assert(
      fc.asyncProperty(conditions, async (where) => {
        const expected = posts.filter((post) => meets(post, where)).length;
        expect(await count(where)).toBe(expected);
        expect(await count({ not: where })).toBe(posts.length - expected);
      }),
      { numRuns: dialect === 'sqlite' ? 150 : 40, seed: 20111231 },
    );
  });

  test('of levels: one that is not known is neither high nor low', async () => {
    const known = posts.filter(({ level }) => level !== 'LX');
    expect(known.length).toBeGreaterThan(0);
    expect(known.length).toBeLessThan(posts.length);
    for (const bound of ['L1', 'L3', 'L5']) {
      expect(await count({ level: { gte: bound } })).toBe(known.filter(({ level }) => String(level) >= bound).length);
      expect(await count({ level: { lte: bound } })).toBe(known.filter(({ level }) => String(level) <= bound).length);
      expect(await count({ not: { level: { gte: bound } } })).toBe(
        posts.length - known.filter(({ level }) => String(level) >= bound).length,
      );
    }
  });

  test('travel in a link and back, and have one form whatever the order they are written in', () => {
    fc.assert(
      fc.property(conditions, (where) => {
        const question: Question = { cube: 'posts', fields: ['posts'], from: FROM, to: TO, where };
        const linked = fromSearch('posts', new URLSearchParams(toSearch(question))).question;
        expect(toSearch(linked)).toBe(toSearch(question));
        const reordered = reversed(where);
        expect(canonical({ ...question, where: reordered }, postsCube)).toBe(canonical(question, postsCube));
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test('can be written in GraphQL with variables, for every cube', async () => {
    const query = `query Q($where: ActivityWhere!) { activity(period: { from: "2011-12-01", to: "2011-12-31" }, where: $where) { totals { accounts } provenance { sql } } }`;
    const ask = async (where: unknown): Promise<{ totals: { accounts: number | null }; provenance: { sql: string } }> =>
      ((await test_.graphql(query, { where })) as { data: { activity: never } }).data.activity;
    const either = await ask({ or: [{ region: { eq: '11' } }, { region: { under: '44' } }] });
    const listed = await ask({ region: { in: ['11', '44'] } });
    const neither = await ask({ not: { or: [{ region: { eq: '11' } }, { region: { eq: '44' } }] } });
    const all = await ask({});
    expect(either.totals).toEqual(listed.totals);
    expect(Number(either.totals.accounts) + Number(neither.totals.accounts)).toBe(Number(all.totals.accounts));
    expect(either.provenance.sql).toContain(' or ');
  });
});

/** The same conditions with every list and every object the other way round. */
function reversed(where: Where): Where {
  return Object.fromEntries(
    Object.entries(where)
      .reverse()
      .map(([name, part]) => {
        if (name === 'and' || name === 'or') return [name, [...(part as readonly Where[])].reverse().map(reversed)];
        return [name, name === 'not' ? reversed(part as Where) : part];
      }),
  );
}

describe('conditions that cannot be understood', () => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'traps' });
  });
  afterAll(() => test_.close());
  let deep: Where = { region: { eq: '11' } };
  for (let level = 0; level <= LIMITS.maxConditionDepth.value; level += 1) deep = { not: deep };
  const many: Where = { or: Array.from({ length: LIMITS.maxConditions.value + 1 }, () => ({ region: { eq: '11' } })) };
  test.each<{ where: Where; sentence: string }>(
    (
      [
        [{ or: [] }, 'An entry of "or" has no condition'],
        [{ and: [{ region: { eq: '11' } }, {}] }, 'An entry of "and" has no condition'],
        [{ not: { regin: { eq: '11' } } }, 'has no dimension "regin" to filter by. Did you mean'],
        [{ or: [{ region: { eq: 'Beijing' } }] }, 'The code of Beijing is "11"'],
        [deep, 'nested deeper than'],
        [{ level: { gte: 'LX' } }, 'LX is an unknown level, which has no place in an order'],
        [{ level: { lte: 'L9' } }, 'There is no level with the code "L9"'],
        [many, `the limit is ${LIMITS.maxConditions.value}`],
      ] as const
    ).map(([where, sentence]) => ({ where, sentence })),
  )('refused: $sentence', async ({ where, sentence }) => {
    await expect(test_.ask({ cube: activity.name, fields: ['accounts'], from: '2011-01-01', to: '2011-12-31', where })).rejects.toThrow(
      sentence,
    );
  });
  test.each([
    ['region=44&region=11', '"region" is given 2 times. Give it once; a list is region.in=11,44.'],
    ['limit=', '"limit" takes a whole number, not "".'],
    ['limit=ten', '"limit" takes a whole number, not "ten".'],
    ['where=nonsense', '"where" is not JSON'],
    ['where=[]', 'takes an object'],
    ['where={"region":{"eq":"11"}}', 'write region as a parameter of its own'],
    ['where={"or":{"region":{"eq":"11"}}}', 'takes a list'],
    ['where={"not":{"region":{"is":"11"}}}', 'no operator "is"'],
    ['where={"not":{"region":"11"}}', 'takes conditions such as'],
  ])('in a link: %s', (part, sentence) => {
    expect(() => fromSearch('activity', new URLSearchParams(`fields=accounts&from=2011-01-01&to=2011-12-31&${part}`))).toThrow(sentence);
  });
});
