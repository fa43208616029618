import { commentMeasures, naiveComments, type NaiveComment } from '../numbers/naiveComments';
import { bucketOf, grouped } from '../oracle';
import { openTestApp, type TestApp } from '../app';

const LISTENING = `query Listening { interactions(period: { from: "2010-01-01", to: "2011-12-31" }) {
    rows { quarter sector { code name } comments citizens replyRate medianReplyMinutes repliedWithin24hShare } } }`;

describe('comments over HTTP, on demo data', () => {
  let test_: TestApp;
  let comments: NaiveComment[];
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'demo' });
    comments = await naiveComments(test_.app.store, '2011-12-31');
  });
  afterAll(() => test_.close());
  const ask = async <T>(query: string): Promise<T> => {
    const { data, errors } = await test_.graphql<T>(query);
    expect(errors).toBeUndefined();
    return data;
  };

  test('Listening, as it is written on the surface page, says what loops over the store say', async () => {
    const groups = grouped(
      comments.filter(({ day }) => day >= '2010-01-01'),
      ({ day, sector }) => [bucketOf(day, 'quarter'), sector],
    );
    expect(groups.size).toBeGreaterThan(50);
    const names = new Map(
      (await test_.app.store.query<{ code: string; name: string }>('SELECT code, name FROM sector')).map(({ code, name }) => [code, name]),
    );
    const { rows } = (await ask<{ interactions: { rows: { quarter: string; sector: { code: string } }[] } }>(LISTENING)).interactions;
    const expected = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, some]) => {
      const [quarter, code] = JSON.parse(key) as [string, string];
      const { comments: count, citizens, replyRate, medianReplyMinutes, repliedWithin24hShare } = commentMeasures(some);
      const close = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 6));
      return {
        quarter, sector: { code, name: names.get(code) }, comments: count, citizens, replyRate: close(replyRate!),
        medianReplyMinutes: close(medianReplyMinutes!), repliedWithin24hShare: close(repliedWithin24hShare!),
      };
    }); // prettier-ignore
    expect(rows).toEqual(expected);
  });

  test('totals, filters, order and the address of the same rows', async () => {
    type Result = {
      interactions: { rows: object[]; totals: Record<string, number>; rowCount: number; provenance: { permalink: string; coverage: null } };
    };
    const { rows, totals, rowCount, provenance } = (
      await ask<Result>(`{ interactions(period: { from: "2011-01-01", to: "2011-12-31" }, where: { sector: { under: "PS" }, hour: { gte: 8, lte: 17 } },
          orderBy: [{ field: comments, direction: DESC }], limit: 3) {
        rows { weekday hour comments postsCommented } totals { comments repliedComments citizens } rowCount provenance { permalink coverage } } }`)
    ).interactions;
    const kept = comments.filter(
      ({ day, sector, hour }) => day >= '2011-01-01' && /^PS/.test(String(sector)) && Number(hour) >= 8 && Number(hour) <= 17,
    );
    const groups = [...grouped(kept, ({ weekday, hour }) => [weekday, hour]).values()];
    expect(rowCount).toBe(groups.length);
    expect(rows).toEqual(
      groups
        .sort((a, b) => b.length - a.length || Number(a[0]!.weekday) - Number(b[0]!.weekday) || Number(a[0]!.hour) - Number(b[0]!.hour))
        .slice(0, 3)
        .map((some) => ({
          weekday: some[0]!.weekday,
          hour: some[0]!.hour,
          comments: some.length,
          postsCommented: new Set(some.map(({ post }) => post)).size,
        })),
    );
    const { comments: count, repliedComments, citizens } = commentMeasures(kept);
    expect(totals).toEqual({ comments: count, repliedComments, citizens });
    expect(provenance.coverage).toBeNull();
    const { address } = await test_.serve();
    const linked = (await (await fetch(address + provenance.permalink)).json()) as { rows: object[] };
    expect(linked.rows).toEqual(rows);
  });

  test('the codebook says what is divided by what, and where it is from', async () => {
    const { dataset } = await ask<{ dataset: { cubes: { name: string; grain: string; measures: Record<string, string>[] }[] } }>(
      '{ dataset { cubes { name grain measures { name unit formula source additivity } } } }',
    );
    const cube = dataset.cubes.find(({ name }) => name === 'interactions')!;
    expect(cube.grain).toBe('one row per citizen comment');
    expect(cube.measures).toContainEqual({ name: 'repliedWithin24hShare', unit: 'share', formula: 'repliedWithin24h / comments', source: 'RESP-05', additivity: 'NON_ADDITIVE' }); // prettier-ignore
    expect(cube.measures).toContainEqual({ name: 'citizens', unit: 'citizens', formula: 'count(distinct citizen)', source: null, additivity: 'NON_ADDITIVE' }); // prettier-ignore
  });
});
