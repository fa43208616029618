import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/paths';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, preparedCopy } from '../app';
import { DIALECTS, type Place } from '../stores';
import { startGovblog, startNode, type Ended, type Surroundings } from './processes';
import { LATE, SMALL } from './records';
import { expectNothingHalf, MONTHS, temporaries, undisturbed } from './small';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

const run = (place: Place, surroundings: Surroundings, ...more: string[]): Promise<Ended> =>
  startGovblog(place, ['run', ...more], surroundings).ended;
/** KiB of the journal that SQLite writes into: the store itself is the first to meet a limit below this. */
const journalKib = ({ dataDir }: Place): number =>
  Math.ceil((statSync(join(dataDir, 'govblog.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0) / 1024);

describe.each(DIALECTS)('a night in hostile surroundings, on %s', (dialect) => {
  let before: Awaited<ReturnType<typeof undisturbed>>;
  let after: Awaited<ReturnType<typeof undisturbed>>;
  let place: Place;
  beforeAll(async () => {
    before = await undisturbed(SMALL);
    after = await undisturbed(SMALL, LATE);
    expect(after.contentHash).not.toBe(before.contentHash);
  });
  beforeEach(async () => {
    place = await preparedCopy(dialect, 'late waits');
  });
  afterEach(() => place.remove());

  /** The old snapshot is the newest and answers as ever; what is published is whole; nothing is left lying about. */
  const expectOld = async (): Promise<void> => {
    const reading = await openTestApp(dialect, { place });
    await expectNothingHalf(reading);
    expect((await currentSnapshot(reading.app.store))!.contentHash).toBe(before.contentHash);
    expect(await (await reading.ask(MONTHS)).rows()).toEqual(before.rows);
    await reading.close();
  };
  /** The next run, in good surroundings, makes what an undisturbed one makes. */
  const expectRecovery = async (): Promise<void> => {
    expect(await run(place, {}, '--json')).toMatchObject({ code: 0, err: '' });
    const reading = await openTestApp(dialect, { place });
    await expectNothingHalf(reading);
    expect((await currentSnapshot(reading.app.store))!.contentHash).toBe(after.contentHash);
    expect(await (await reading.ask(MONTHS)).rows()).toEqual(after.rows);
    expect(await reading.app.store.query("SELECT id FROM partition_run WHERE status = 'running'")).toEqual([]);
    expect(temporaries(place)).toEqual([]);
    await reading.close();
  };

  // With a database elsewhere only Parquet files meet the limit; with SQLite the journal does, at once or in the middle.
  const limits: readonly (readonly [string, (place: Place) => number])[] =
    dialect === 'mysql'
      ? [
          ['for any file', () => 1],
          ['for the larger files', () => 4],
        ]
      : [
          ['for the first row', () => 1],
          ['for the first claims', (one) => journalKib(one) + 48],
          ['for half of a night', (one) => journalKib(one) + 250],
        ];
  test.each(limits)('a disk without room %s: an error that names the place, the old snapshot, and recovery', async (_, limit) => {
    const { code, out, err } = await run(place, { fileKib: limit(place) });
    const said = out + err;
    expect({ code, trace: /^\s+at /m.test(said) }).toEqual({ code: 1, trace: false });
    expect(said).toContain(place.dataDir);
    expect(said).toMatch(dialect === 'mysql' ? /File too large[^]*make room/ : /disk I\/O error[^]*look whether it is full/);
    expect(temporaries(place)).toEqual([]);
    await expectOld();
    await expectRecovery();
  });

  test('a data folder that may only be read: an error that says so, the old snapshot, and recovery', async () => {
    let closed: Ended;
    if (isRoot) {
      chmodSync(place.dataDir, 0o755);
      const probe = await startNode(place, ['-e', `require('node:fs').accessSync(${JSON.stringify(projectPath('bin', 'govblog.cjs'))})`], { uid: NOBODY }).ended; // prettier-ignore
      if (probe.code !== 0) {
        process.stderr.write('Skipped: another user than root cannot read the project here.\n');
        return;
      }
      closed = await run(place, { uid: NOBODY });
    } else {
      const folders = ['warehouse', 'tmp', ''].map((name) => join(place.dataDir, name));
      for (const folder of folders) chmodSync(folder, 0o555);
      if (dialect === 'sqlite') chmodSync(join(place.dataDir, 'govblog.sqlite'), 0o444);
      closed = await run(place, {});
      if (dialect === 'sqlite') chmodSync(join(place.dataDir, 'govblog.sqlite'), 0o644);
      for (const folder of folders) chmodSync(folder, 0o755);
    }
    const said = closed.out + closed.err;
    expect({ code: closed.code, trace: /^\s+at /m.test(said) }).toEqual({ code: 1, trace: false });
    expect(said).toContain(place.dataDir);
    expect(said).toMatch(/(readonly database|Permission denied)[^]*may not write there/);
    await expectOld();
    await expectRecovery();
  });
});
