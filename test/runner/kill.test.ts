import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { projectPath } from '../../src/paths';
import type { Store } from '../../src/store/store';
import { hashOf, openFiles } from '../../src/warehouse/files';
import { currentSnapshot, listSnapshots, type Snapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { DIALECTS, freshPlace, THOROUGH, type Dialect, type Place } from '../stores';
import { TRAPS } from '../traps';

const KILLS = THOROUGH ? 8 : 5;

/** A store with data and without facts. */
async function loaded(dialect: Dialect): Promise<Place> {
  const place = await freshPlace(dialect);
  const { app, load, close } = await openTestApp(dialect, { place });
  await load(TRAPS);
  expect(await currentSnapshot(app.store)).toBeNull();
  await close();
  return place;
}

/** `govblog run` as a process of its own, killed with -9 once it is time; what it printed when it ended before. */
async function runAndKill(place: Place, isTime: () => Promise<boolean>): Promise<string> {
  const child = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), 'run', '--json'], {
    env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  let over = false;
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => (over = true));
  while (!over) {
    if (await isTime()) child.kill('SIGKILL');
    await wait(4);
  }
  await ended;
  return output;
}

/** How far the work is: partitions begun and partitions published so far. */
async function progress(store: Store): Promise<{ begun: number; published: number }> {
  const [row] = await store.query<Record<'begun' | 'published', number | string | null>>(
    "SELECT COUNT(*) AS begun, SUM(CASE WHEN status = 'published' THEN 1 ELSE 0 END) AS published FROM partition_run",
  );
  return { begun: Number(row!.begun), published: Number(row!.published ?? 0) };
}

let wanted: Snapshot;
beforeAll(async () => {
  const { app, close } = await openTestApp('sqlite', { prepared: 'traps' });
  wanted = (await currentSnapshot(app.store))!;
  await close();
});

describe.each(DIALECTS)('kill -9 during govblog run, on %s', (dialect) => {
  test('the final snapshot is that of an undisturbed run, and nothing half-done is ever readable', async () => {
    const place = await loaded(dialect);
    const killedAt: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const watching = await place.open();
      const before = await progress(watching);
      // Some die while a partition is begun, others when one more or more of them are published, and a little later.
      const more = kill % 3;
      await runAndKill(place, async () => {
        const now = await progress(watching);
        const reached = more === 0 ? now.begun > before.begun : now.published >= before.published + more;
        if (reached) await wait(12 * kill);
        return reached;
      });
      await watching.close();
      const { app, close } = await openTestApp(dialect, { place });
      const runs = await app.store.query<{ uri: string; sha256: string; status: string }>('SELECT uri, sha256, status FROM partition_run');
      const published = runs.filter(({ status }) => status === 'published');
      killedAt.push(published.length);
      const files = openFiles(place.dataDir);
      for (const { uri, sha256 } of published) {
        expect(existsSync(files.pathOf(uri))).toBe(true);
        expect(await hashOf(files.pathOf(uri))).toBe(sha256);
      }
      for (const { contentHash } of await listSnapshots(app.store)) expect(contentHash).toBe(wanted.contentHash);
      await close();
    }
    // The kills fell into different places of the work, or the test has shown nothing.
    expect(new Set(killedAt).size).toBeGreaterThan(2);

    const last = await runAndKill(place, () => Promise.resolve(false));
    expect(JSON.parse(last)).toMatchObject({
      jobs: ['accountDay', 'posts', 'interactions'].map((job) => ({ job, failed: 0, elsewhere: 0 })),
    });
    const { app, close } = await openTestApp(dialect, { place });
    const found = (await currentSnapshot(app.store))!;
    expect(found.contentHash).toBe(wanted.contentHash);
    expect(found.files.map(({ uri, sha256, rows }) => ({ uri, sha256, rows }))).toEqual(
      wanted.files.map(({ uri, sha256, rows }) => ({ uri, sha256, rows })),
    );
    // Nothing was built twice without being missing in between: one published run for each partition.
    const doubles = await app.store.query(
      "SELECT job, partition_key FROM partition_run WHERE status = 'published' GROUP BY job, partition_key HAVING COUNT(*) > 1",
    );
    expect(doubles).toEqual([]);
    await close();
    await place.remove();
  });
});
