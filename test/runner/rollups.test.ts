import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CUBES } from '../../src/model';
import { isRollup, rollupsOf, type Rollup } from '../../src/query/rollups';
import { auditRollup, totalsOfSource } from '../../src/runner/rollupAudit';
import { openWorkshop, sqlText, type Workshop } from '../../src/warehouse/duckdb';
import { currentSnapshot, type Snapshot, type SnapshotFile } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { LATE_POST } from '../prepared';
import { DIALECTS } from '../stores';
import { TRAPS } from '../traps';

const ROLLUPS = CUBES.flatMap(rollupsOf);
const newest = async ({ app }: TestApp): Promise<Snapshot> => (await currentSnapshot(app.store))!;

describe.each(DIALECTS)('the night and its rollups, on %s', (dialect) => {
  let test_: TestApp;
  afterEach(() => test_.close());

  test('exactly those are built again whose source has other rows', async () => {
    test_ = await openTestApp(dialect, { prepared: 'traps' });
    const before = await newest(test_);
    const [{ last }] = (await test_.app.store.query('SELECT MAX(id) AS last FROM partition_run')) as [{ last: number }];
    await test_.load([LATE_POST]);
    await test_.app.night();
    const after = await newest(test_);

    const there = new Set(before.files.map(({ uri }) => uri));
    const changed = after.files.filter(({ from, uri }) => from !== null && !there.has(uri));
    expect(changed.length).toBeGreaterThan(4);
    const expected = ROLLUPS.flatMap(({ name, source, cube }) =>
      after.files
        .filter(({ table }) => table === name)
        .filter((file) =>
          changed.some(({ table, from, to }) => table === (source?.name ?? cube.fact) && from! <= file.to! && to! >= file.from!),
        )
        .map(({ from }) => `${name} ${from!}`),
    );
    const runs = await test_.app.store.query<{ job: string; from_day: string }>(
      "SELECT job, from_day FROM partition_run WHERE id > ? AND status = 'published' AND job NOT IN ('accountDay', 'posts', 'interactions')",
      [last],
    );
    expect(runs.map(({ job, from_day }) => `${job} ${from_day}`).sort()).toEqual(expected.sort());
    // Whatever the model has, no month, quarter or year of facts is without its rollup.
    expect(new Set(after.files.filter(isRollup).map(({ table }) => table))).toEqual(new Set(ROLLUPS.map(({ name }) => name)));
  });

  test('what cannot be built is left out: the grain answers until a night heals it', async () => {
    test_ = await openTestApp(dialect);
    await test_.load(TRAPS);
    const obstacle = test_.app.files.pathOf('rollups/activity_month');
    mkdirSync(dirname(obstacle), { recursive: true });
    writeFileSync(obstacle, 'in the way');
    const night = await test_.app.night();
    const months = (await newest(test_)).files.filter(({ table }) => table === 'activity').length;
    expect(night.rollups.failed).toBe(months);
    expect(night.changed).toBe(true);
    const question = { cube: 'activity', fields: ['month', 'sector', 'accounts', 'activeAccounts'], from: '2012-01-01', to: '2012-12-31' };
    const grain = await test_.ask(question);
    expect(grain.rollup()).toBeNull();
    const rows = await grain.rows();
    expect((await newest(test_)).files.filter(({ table }) => /^activity_(month|quarter|year)/.test(table))).toEqual([]);

    rmSync(obstacle);
    const healed = await test_.app.night();
    expect([healed.rollups.failed, healed.changed]).toEqual([0, true]);
    const through = await test_.ask(question);
    expect(through.rollup()).toBe('activity_month');
    expect(await through.rows()).toEqual(rows);
  });
});

describe('the audit of a rollup', () => {
  let test_: TestApp;
  let workshop: Workshop;
  let files: readonly SnapshotFile[];
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'traps' });
    ({ files } = await newest(test_));
    workshop = await openWorkshop({ memoryMb: 256, tempDir: join(test_.place.dataDir, 'tmp') });
  });
  afterAll(async () => {
    workshop.close();
    await test_.close();
  });

  /** What the audit says of a file of the rollup after it was spoiled. */
  const audited = async (rollup: Rollup, file: SnapshotFile, spoil: (rows: string) => string): Promise<string | null> => {
    const path = (one: SnapshotFile): string => sqlText(test_.app.files.pathOf(one.uri));
    const inputs = files.filter(({ table, from, to }) => table === (rollup.source?.name ?? rollup.cube.fact) && from! <= file.to! && to! >= file.from!);
    const source = `read_parquet([${inputs.map(path).join(', ')}])`;
    const spoiled = sqlText(join(test_.place.dataDir, 'spoiled.parquet'));
    await workshop.run(`copy (${spoil(`select * from ${path(file)}`)}) to ${spoiled} (format parquet)`);
    const expected = (await totalsOfSource(workshop, rollup, source, file.to!)).get(file.to!);
    return (await auditRollup(workshop, rollup, expected, spoiled))?.message ?? null;
  }; // prettier-ignore
  /** The month, quarter and year in which an account of the traps posts in two regions. */
  const fileOf = ({ name }: Rollup): SnapshotFile => files.find(({ table, from, to }) => table === name && from! <= '2012-02-29' && to! >= '2012-02-29')!; // prettier-ignore

  test.each(ROLLUPS.map((rollup) => [rollup.name, rollup] as const))('%s passes as it is, and no spoiled file does', async (_, rollup) => {
    const file = fileOf(rollup);
    const counted = Object.keys(rollup.kept).find((name) => rollup.kept[name]!.kind === 'count')!;
    expect(file.rows).toBeGreaterThan(0);
    expect(await audited(rollup, file, (rows) => rows)).toBeNull();
    expect(await audited(rollup, file, (rows) => `${rows} order by all limit ${file.rows - 1}`)).toMatch(/source \d+, rollup \d+/);
    expect(await audited(rollup, file, (rows) => `${rows} union all ${rows}`)).toMatch(/source \d+, rollup \d+/);
    expect(await audited(rollup, file, (rows) => `select * replace (${counted} + 1 as ${counted}) from (${rows})`)).toMatch(`${counted}: source`); // prettier-ignore
  });

  test('an account that moved within the month and is counted in both regions is seen', async () => {
    const rollup = ROLLUPS.find(({ name }) => name === 'activity_month_region')!;
    const forgotten = (rows: string): string => `select * replace (null::bigint as several_key) from (${rows})`;
    expect(await audited(rollup, fileOf(rollup), forgotten)).toBe('activeAccounts: source 3, rollup 4');
  });
});
