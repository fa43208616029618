import { execFileSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { diffSnapshots, type DiffRequest, type SnapshotDiff } from '../../src/answer/diff';
import { CUBES } from '../../src/model';
import { projectPath } from '../../src/paths';
import { sqlText, type EngineValue } from '../../src/warehouse/duckdb';
import { serveTwoSnapshots, type Served } from '../http/published';

let served: Served;
/** The facts of `newest`, under a table of regions that groups one of them otherwise. */
let regrouped: string;
beforeAll(async () => {
  served = await serveTwoSnapshots();
  const { app } = served.test_;
  await app.store.write((tx) => tx.run("UPDATE region SET nbs_region = 'Elsewhere' WHERE code = '44'"));
  regrouped = (await app.night()).snapshot!;
  expect(regrouped).not.toBe(served.newest);
});
afterAll(() => served.test_.close());

const diff = async (before: string, after: string, request: Partial<DiffRequest> = {}): Promise<SnapshotDiff> => {
  const reader = await served.test_.app.reader();
  return diffSnapshots(await reader.open(before), await reader.open(after), reader, { cube: 'posts', by: ['month'], ...request });
};

/** Months of a fact table by their files. */
async function monthsOf(id: string, table: string): Promise<Map<string, string>> {
  const rows = await served.test_.app.store.query<{ from_day: string; to_day: string; sha256: string }>(
    'SELECT from_day, to_day, sha256 FROM snapshot_file WHERE snapshot_id = ? AND table_name = ?',
    [id, table],
  );
  return new Map(rows.map(({ from_day, to_day, sha256 }) => [from_day, `${to_day} ${sha256}`]));
}

/** The cells of a snapshot by a statement of our own over its files, with all months read: key → values. */
async function naive(
  id: string,
  table: string,
  select: string,
  groups: readonly string[],
  until: string,
): Promise<Map<string, EngineValue[]>> {
  const { app } = served.test_;
  const files = await app.store.query<{ uri: string }>('SELECT uri FROM snapshot_file WHERE snapshot_id = ? AND table_name = ?', [
    id,
    table,
  ]);
  const paths = files.map(({ uri }) => sqlText(app.files.pathOf(uri))).join(', ');
  const { engine } = await app.reader();
  const { rows } = await engine.query(
    `select ${[...groups.map((sql) => `(${sql})::varchar`), select].join(', ')} from read_parquet([${paths}]) where day <= '${until}' group by all`,
    [],
    { timeoutMs: 10_000 },
  );
  return new Map(rows.map((row) => [JSON.stringify(row.slice(0, groups.length)), row.slice(groups.length)]));
}

const month = "date_trunc('month', day)::date";
const cases: readonly [string, readonly string[], readonly string[], readonly string[], string][] = [
  ['posts', ['month'], [month], ['posts', 'reposts', 'comments', 'likes'], 'count(*), sum(reposts)::bigint, sum(comments)::bigint, sum(likes)::bigint'],
  ['posts', ['quarter', 'region', 'accountType'], ["date_trunc('quarter', day)::date", 'region', 'account_type'], ['posts', 'medianReposts'], 'count(*), quantile_cont(reposts, 0.5)::double'],
  ['posts', ['year'], ["date_trunc('year', day)::date"], ['posts', 'medianReposts'], 'count(*), quantile_cont(reposts, 0.5)::double'],
  ['posts', ['week'], ["date_trunc('week', day)::date"], ['posts'], 'count(*)'],
  ['posts', ['day', 'sector'], ['day', 'sector'], ['posts', 'reposts'], 'count(*), sum(reposts)::bigint'],
  ['posts', [], [], ['posts', 'reposts'], 'count(*), sum(reposts)::bigint'],
  ['activity', ['month', 'region'], [month, 'region'], ['posts', 'activeAccounts'], 'sum(posts)::bigint, count(distinct account_key) filter (posts > 0)'],
  ['interactions', ['month'], [month], ['comments'], 'count(*)'],
]; // prettier-ignore

test.each(cases)('%s by %j: the cells that a comparison by hand finds, and no other', async (cube, by, groups, measures, select) => {
  const { app } = served.test_;
  const [{ watermark }] = (await app.store.query<{ watermark: string }>('SELECT MIN(watermark) AS watermark FROM snapshot')) as [
    { watermark: string },
  ];
  const [old, fresh] = [
    await naive(served.older, cube, select, groups, watermark),
    await naive(served.newest, cube, select, groups, watermark),
  ];
  const expected = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) =>
    measures.flatMap((measure, index) => {
      const [before, after] = [old.get(key)?.[index] ?? null, fresh.get(key)?.[index] ?? null];
      return before === after ? [] : [`${key} ${measure} ${before} ${after}`];
    }),
  );
  const found = await diff(served.older, served.newest, { cube, by, measures });
  expect(found.total).toBe(expected.length);
  const text = found.cells.map(({ group, measure, before, after }) => `${JSON.stringify(group.map(({ value }) => (value === null ? null : String(value))))} ${measure} ${before} ${after}`); // prettier-ignore
  expect(text.sort()).toEqual(expected.sort());
  if (cube !== 'interactions') expect(found.total).toBeGreaterThan(0);
  for (const { before, after, change } of found.cells) if (before !== null && after !== null) expect(change).toBe(after - before);

  const [one, other] = [await monthsOf(served.older, cube), await monthsOf(served.newest, cube)];
  const equal = [...other].filter(([from, file]) => one.get(from) === file).length;
  // Whole months are read where a cell is a month or less, and more around them where it is more.
  if (by.includes('month') || by.includes('day')) expect([found.skipped, found.compared]).toEqual([equal, other.size - equal]);
  else expect(found.skipped).toBeLessThanOrEqual(equal);
});

test('every measure of every cube is compared, and a late post changes those that it must', async () => {
  for (const cube of CUBES) {
    const all = await diff(served.older, served.newest, { cube: cube.name, by: ['month'] });
    expect([...all.measures, ...all.unknown]).toEqual(Object.keys(cube.measures));
    expect(all.unknown).toEqual([]);
  }
  await expect(diff(served.older, served.newest, { by: ['month'], from: '2012-06-30', to: '2012-06-01' })).rejects.toMatchObject({
    code: 'BAD_QUERY',
  });
  const june = await diff(served.older, served.newest, { by: ['month'], from: '2012-06-01', to: '2012-06-30' });
  expect(new Set(june.cells.map(({ group }) => group[0]!.value))).toEqual(new Set(['2012-06-01']));
  expect(june.cells.find(({ measure }) => measure === 'posts')).toMatchObject({ change: 1 });
});

test('by account: the one of the late post, by its id, with every measure that can be asked; the parts make the whole', async () => {
  const late = await diff(served.older, served.newest, { by: ['account'], measures: ['posts', 'reposts'] });
  expect(late.cells.map(({ group, measure, change }) => [group, measure, change])).toEqual(
    ['posts', 'reposts'].map((measure) => [[{ name: 'account', value: 'weibo:1001' }], measure, 1]),
  );
  for (const { name } of CUBES) {
    const [whole, byAccount] = await Promise.all(
      [['month'], ['month', 'account']].map((by) => diff(served.older, served.newest, { cube: name, by, first: 10_000 })),
    );
    expect([byAccount!.unknown, byAccount!.measures]).toEqual([[], whole!.measures]);
    expect(byAccount!.cells.every(({ group }) => /^(weibo|demo|twitter|[a-z]+):./.test(String(group[1]!.value)))).toBe(true);
    const sums = new Map<string, number>();
    for (const { group, measure, change } of byAccount!.cells) {
      const key = `${group[0]!.value} ${measure}`;
      sums.set(key, (sums.get(key) ?? 0) + change!);
    }
    // What adds up over accounts; a ratio or a median does not.
    for (const { group, measure, change } of whole!.cells.filter((cell) =>
      ['posts', 'reposts', 'comments', 'likes'].includes(cell.measure),
    ))
      expect([group, measure, sums.get(`${group[0]!.value} ${measure}`)]).toEqual([group, measure, change]);
  }
});

test('equal facts under another grouping: nothing is read by region, and what differs is found by NBS region', async () => {
  const byRegion = await diff(served.newest, regrouped, { by: ['month', 'region'], measures: ['posts'] });
  expect([byRegion.total, byRegion.compared]).toEqual([0, 0]);
  expect(byRegion.skipped).toBeGreaterThan(10);
  const byGroup = await diff(served.newest, regrouped, { by: ['nbsRegion'], measures: ['posts'] });
  expect(byGroup.cells.map(({ group, change }) => [group[0]!.value, change === null || change > 0])).toContainEqual(['Elsewhere', true]);
  expect(byGroup.cells.reduce((sum, { change }) => sum + change!, 0)).toBe(0);
});

test('the other way round every change has the other sign; a snapshot does not differ from itself', async () => {
  const [there, back] = [await diff(served.older, served.newest), await diff(served.newest, served.older)];
  expect(back.cells.map(({ before, after }) => [after, before])).toEqual(there.cells.map(({ before, after }) => [before, after]));
  expect(await diff(served.older, served.older)).toMatchObject({ total: 0, compared: 0, cells: [] });
});

test('more than is given is counted, in order; what cannot be compared is refused with a sentence', async () => {
  const all = await diff(served.older, served.newest);
  const some = await diff(served.older, served.newest, { first: 3 });
  expect([some.total, some.cells]).toEqual([all.total, all.cells.slice(0, 3)]);
  await expect(diff(served.older, served.newest, { first: 10_001 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  await expect(diff(served.older, served.newest, { by: ['regoin'] })).rejects.toThrow(
    /cannot be grouped by "regoin"\. Did you mean "region"\?/,
  );
  await expect(diff(served.older, served.newest, { measures: ['postz'] })).rejects.toThrow(/no measure "postz"\. Did you mean "posts"\?/);
  await expect(diff(served.older, served.newest, { cube: 'post' })).rejects.toThrow(/no cube "post"/);
});

test('GraphQL and the command line tell the same', async () => {
  const expected = await diff(served.older, served.newest, { by: ['month', 'region'], measures: ['posts'] });
  const { data, errors } = await served.test_.graphql<{ snapshotDiff: { total: number; cells: object[] } }>(
    `query ($a: ID!, $b: ID!) { snapshotDiff(from: $a, to: $b, cube: "posts", by: ["month", "region"], measures: ["posts"]) {
       total skipped compared period { from to } cells { group { name value } measure before after change } } }`,
    { a: served.older, b: served.newest },
  );
  expect(errors).toBeUndefined();
  const { total, skipped, compared, period, cells } = expected;
  expect(data.snapshotDiff).toEqual(JSON.parse(JSON.stringify({ total, skipped, compared, period, cells })));
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [projectPath('bin', 'govblog.cjs'), 'snapshots', 'diff', served.older, served.newest, ...args], {
      env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: served.test_.place.dataDir },
      stdio: 'pipe',
    }).toString();
  const options = ['--cube', 'posts', '--by', 'month,region', '--measures', 'posts'];
  expect(JSON.parse(run(...options, '--json'))).toEqual(JSON.parse(JSON.stringify(expected)));
  const rows: Record<string, string>[] = parse(run(...options, '--format', 'csv'), { columns: true, bom: true });
  expect(rows).toEqual(cells.map(({ group, measure, before, after, change }) => ({ month: group[0]!.value, region: group[1]!.value, measure, before: String(before ?? ''), after: String(after ?? ''), change: String(change ?? '') }))); // prettier-ignore
  expect(run(...options)).toMatch(new RegExp(`\\b${total} values? changed; ${compared} months? compared, ${skipped} with equal files`));
});
