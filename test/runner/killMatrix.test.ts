import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyBackfill, backfillById, planBackfill } from '../../src/runner/backfills';
import { hashOf } from '../../src/warehouse/files';
import { currentSnapshot, listSnapshots, type SnapshotFile } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS, freshPlace, type Dialect, type Place, THOROUGH } from '../stores';
import { TRAPS } from '../traps';

/** Steps of an attempt, in order. */
const STEPS = ['after the claim', 'during the extract', 'during the write', 'before the rename', 'after the rename', 'before the ledger row', 'after the ledger row']; // prettier-ignore
const SNAPSHOT_STEPS = ['before the snapshot row', 'before the snapshot is committed', 'after the snapshot row'];
/** Rollups read files, so they have no extract of their own. */
const ROLLUP_STEPS = STEPS.filter((step) => step !== 'during the extract');
const SEEDS = Number(process.env['TEST_SEEDS'] ?? 1);

/** Small numbers that differ from seed to seed. */
const numbers = (seed: number) => {
  let state = seed * 2_654_435_761;
  return (most: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return 1 + (state % most);
  };
};

const shuffled = <T>(values: readonly T[], random: (most: number) => number): T[] =>
  values
    .map((value) => ({ value, order: random(1_000_000) }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);

/** Runs what is due in a process that dies at a step; whether it died. */
async function runToDeath(place: Place, step: string, count: number, scope: string): Promise<boolean> {
  const child = spawn(process.execPath, [join(__dirname, 'killedRun.cjs'), step, String(count), scope], {
    env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  if (signal === 'SIGKILL') return true;
  expect(JSON.parse(output)).toEqual({ failed: 0 });
  return false;
}

const told = (files: readonly SnapshotFile[]) => files.map(({ uri, sha256, rows }) => ({ uri, sha256, rows }));

describe.each(DIALECTS)('kill -9 at each step, on %s', (dialect: Dialect) => {
  let wanted: readonly SnapshotFile[];
  beforeAll(async () => {
    const undisturbed = await openTestApp('sqlite', { prepared: 'traps' });
    wanted = (await currentSnapshot(undisturbed.app.store))!.files;
    await undisturbed.close();
  });

  /** A reader sees whole files of the one content there can be, or nothing yet; what the ledger published is there. */
  const checkReaders = async ({ app }: TestApp): Promise<void> => {
    for (const { id } of await listSnapshots(app.store)) expect(id).toBe((await currentSnapshot(app.store))!.id);
    const snapshot = await currentSnapshot(app.store);
    if (snapshot) expect(told(snapshot.files)).toEqual(told(wanted));
    const runs = await app.store.query<{ uri: string; sha256: string }>("SELECT uri, sha256 FROM partition_run WHERE status = 'published'");
    for (const { uri, sha256 } of runs) {
      const path = app.files.pathOf(uri);
      expect({ uri, there: existsSync(path) && (await hashOf(path)) === sha256 }).toEqual({ uri, there: true });
    }
  };

  test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'seed %d',
    async (seed) => {
      // Half of the deaths on each store, the other half with the next seed: together they are all, and each costs seconds.
      const mine = <T>(steps: readonly T[]): T[] =>
        THOROUGH || DIALECTS.length === 1 ? [...steps] : steps.filter((_, index) => index % 2 === (seed + DIALECTS.indexOf(dialect)) % 2);
      const random = numbers(seed);
      const place = await freshPlace(dialect);
      const first = await openTestApp(dialect, { place });
      await first.load(TRAPS);
      await first.close();
      const deaths: string[] = [];
      const die = async (steps: readonly string[], scope: string, most: number): Promise<void> => {
        for (const step of steps) {
          if (await runToDeath(place, step, random(most), scope)) deaths.push(`${scope} ${step}`);
          const reading = await openTestApp(dialect, { place });
          await checkReaders(reading);
          await reading.close();
        }
      };
      await die(mine(STEPS), 'jobs', 3);
      await die(mine(ROLLUP_STEPS), 'rollups', 3);
      await die(mine(SNAPSHOT_STEPS), 'jobs', 1);

      const asking = await openTestApp(dialect, { place });
      await asking.app.night();
      const request = { job: 'accountDay', from: '2012-01-01', to: '2013-03-31', reason: 'killed again and again' };
      const { token } = await planBackfill(asking.app.backfills, request, 'test');
      const { id, total } = await applyBackfill(asking.app.backfills, token, 'test');
      await asking.close();
      await die(shuffled(mine(STEPS), random), 'backfills', 2);

      expect(await runToDeath(place, 'never', 1, 'jobs')).toBe(false);
      const last = await openTestApp(dialect, { place });
      await checkReaders(last);
      expect(told((await currentSnapshot(last.app.store))!.files)).toEqual(told(wanted));
      expect(await backfillById(last.app.backfills, id)).toMatchObject({ status: 'published', done: total });
      // One published run of each partition for the night, and one for the backfill.
      const doubles = await last.app.store.query(
        "SELECT job, partition_key, backfill_id FROM partition_run WHERE status = 'published' GROUP BY job, partition_key, backfill_id HAVING COUNT(*) > 1",
      );
      expect(doubles).toEqual([]);
      expect(await last.app.store.query("SELECT id FROM partition_run WHERE status IN ('running', 'failed')")).toEqual([]);
      // Each step was died at, or the test has shown nothing.
      const everywhere = [...mine(STEPS).map((step) => `jobs ${step}`), ...mine(ROLLUP_STEPS).map((step) => `rollups ${step}`), ...mine(SNAPSHOT_STEPS).map((step) => `jobs ${step}`), ...mine(STEPS).map((step) => `backfills ${step}`)]; // prettier-ignore
      expect(deaths.sort()).toEqual(everywhere.sort());
      await last.close();
      await place.remove();
    },
    300_000,
  );
});
