import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../src/paths';
import { openWorkshop } from '../../src/warehouse/duckdb';
import { spillFolder, sweepSpills } from '../../src/warehouse/spills';

/** More than fits into 64 MB, so that the engine writes to its folder. */
const LARGE = 'create temp table large as select range as n, md5(range::varchar) as text from range(2000000)';

describe('what engines write when memory is short', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'govblog-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const now = (): Date => new Date();

  test('two engines at once have a folder each, one that closes leaves the other its own, and in the end nothing is there', async () => {
    const [one, other] = [await openWorkshop({ memoryMb: 64, tempDir: folder }), await openWorkshop({ memoryMb: 64, tempDir: folder })];
    await one.run(LARGE);
    await other.run(LARGE);
    expect(readdirSync(folder)).toHaveLength(2);
    sweepSpills(folder, new Date(Date.now() + 1e10));
    one.close();
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await other.query('select count(*), sum(length(text))::bigint from large')).rows).toEqual([[2_000_000, 64_000_000]]);
    other.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what a process left that was killed is swept, and what a live one has is not', async () => {
    const child = spawn(
      process.execPath,
      ['-e', `require(${JSON.stringify(projectPath('dist', 'src', 'warehouse', 'duckdb.js'))}).openWorkshop({ memoryMb: 64, tempDir: ${JSON.stringify(folder)} })
        .then(async (shop) => { await shop.run(${JSON.stringify(LARGE)}); console.log('ready'); setInterval(() => undefined, 1000); })`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    ); // prettier-ignore
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const [left] = readdirSync(folder);
    expect(readdirSync(join(folder, left!)).length).toBeGreaterThan(0);
    sweepSpills(folder, new Date(Date.now() + 1e10));
    expect(readdirSync(folder)).toEqual([left]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    sweepSpills(folder, now());
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder of another machine waits for a day; one that had the number of this process is swept; other files are not touched', () => {
    const paths = ['spill.else.where.1.abcdef01.1', `spill.${hostname()}.${process.pid}.00000000.1`, 'posts-2011-12-3.1.tmp.parquet', 'spill.txt'].map((name) => join(folder, name)); // prettier-ignore
    const [foreign, former, ...others] = paths as [string, string, string, string];
    for (const path of [foreign, former]) mkdirSync(path);
    for (const path of others) writeFileSync(path, '');
    writeFileSync(join(foreign, 'block'), '');
    const at = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
    utimesSync(foreign, at(48), at(48));
    sweepSpills(folder, now());
    expect(paths.map((path) => existsSync(path))).toEqual([true, false, true, true]);
    utimesSync(join(foreign, 'block'), at(25), at(25));
    utimesSync(foreign, at(48), at(48));
    sweepSpills(folder, now());
    expect(paths.map((path) => existsSync(path))).toEqual([false, false, true, true]);
    expect(spillFolder(folder)).not.toBe(spillFolder(folder));
  });
});
