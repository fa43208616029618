import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { projectPath } from '../../src/paths';
import { applyBackfill, backfillById, planBackfill } from '../../src/runner/backfills';
import { hashOf } from '../../src/warehouse/files';
import { inspectWarehouse } from '../../src/warehouse/inspect';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { DIALECTS } from '../stores';

describe.each(DIALECTS)('files that were lost, on %s', (dialect) => {
  test('a backfill replaces a damaged file; a lost one is built again by one night, however many runs had made it', async () => {
    const { app, close } = await openTestApp(dialect, { prepared: 'traps' });
    const { files } = (await currentSnapshot(app.store))!;
    const { uri, sha256, from, to } = files.find(({ table }) => table === 'posts')!;
    const path = app.files.pathOf(uri);
    const again = async (): Promise<void> => {
      const { token } = await planBackfill(app.backfills, { job: 'posts', from: from!, to: to!, reason: 'its file is damaged' }, 'test');
      const { id } = await applyBackfill(app.backfills, token, 'test');
      await app.work();
      expect(await backfillById(app.backfills, id)).toMatchObject({ status: 'published' });
    };
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    await again();
    expect(await hashOf(path)).toBe(sha256);

    rmSync(path);
    const night = await app.night();
    expect(night.jobs.map(({ published, failed }) => [published, failed])).toEqual([[0, 0], [1, 0], [0, 0]]); // prettier-ignore
    expect(await hashOf(path)).toBe(sha256);
    await close();
  });

  test('the doctor names them, the next night builds them again, and the snapshot is what it was', async () => {
    const { app, place, close } = await openTestApp(dialect, { prepared: 'traps' });
    const { snapshot } = await app.night();
    const { files } = (await currentSnapshot(app.store))!;
    const path = (table: string): string => app.files.pathOf(files.find((file) => file.table === table)!.uri);
    const inspect = () => inspectWarehouse(app.store, app.files, app.clock.now());
    expect(await inspect()).toMatchObject({ missing: [], orphans: [], deadClaims: [], oldestCondemned: null });

    rmSync(path('activity'));
    truncateSync(path('posts'), 100);
    rmSync(path('activity_month'));
    rmSync(path('dim_region'));
    const wanted = ['activity', 'activity_month', 'dim_region', 'posts'].map((table) => files.find((file) => file.table === table)!.uri);
    expect((await inspect()).missing).toEqual([...wanted].sort());
    // Somebody died while building, and somebody left a file.
    await app.store.write((tx) =>
      tx.run(
        `INSERT INTO partition_run (job, partition_key, running, status, from_day, to_day, definition, input_mark, reason, owner, started_at, heartbeat_at)
         VALUES ('posts', '2001-01', 1, 'running', '2001-01-01', '2001-01-31', 'd', 0, 'r', 'elsewhere/1/x', '2012-01-01 00:00:00.000', '2012-01-01 00:00:00.000')`,
      ),
    );
    const temporary = app.files.temporary('left');
    writeFileSync(temporary, 'left');
    const orphan = await app.files.adopt(temporary, 'posts/2001-01');
    utimesSync(app.files.pathOf(orphan.uri), 0, 0);
    const found = await inspect();
    expect(found.deadClaims).toEqual([
      { run: expect.any(Number), job: 'posts', partition: '2001-01', since: new Date('2012-01-01T00:00:00Z') },
    ]);
    expect(found.orphans.map(({ uri }) => uri)).toEqual([orphan.uri]);
    if (dialect === 'sqlite') {
      const doctor = (): { check: string; ok: boolean; found: string }[] => {
        const env = { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir };
        try {
          return JSON.parse(execFileSync(process.execPath, [projectPath('bin', 'govblog.cjs'), 'doctor', '--json'], { env, stdio: 'pipe' }).toString()) as never;
        } catch (error) {
          return JSON.parse((error as { stdout: Buffer }).stdout.toString()) as never;
        }
      }; // prettier-ignore
      const checks = new Map(doctor().map((one) => [one.check, one]));
      expect(checks.get('files of all snapshots')).toMatchObject({ ok: false, found: expect.stringContaining(wanted[0]!) });
      expect(checks.get('files without a name')).toMatchObject({ ok: true, found: expect.stringContaining('1 file,') });
      expect(checks.get('claims')).toMatchObject({ ok: false, found: expect.stringContaining('of posts 2001-01 since 2012-01-01') });
      expect(checks.get('disk')!.found).toMatch(/\d+ MB free/);
    }
    await app.store.write((tx) => tx.run("DELETE FROM partition_run WHERE partition_key = '2001-01'"));

    const night = await app.night();
    expect([night.snapshot, night.changed]).toEqual([snapshot, false]);
    expect(night.jobs.map(({ published, failed }) => [published, failed])).toEqual([[1, 0], [1, 0], [0, 0]]); // prettier-ignore
    expect((await inspect()).missing).toEqual([]);
    for (const { uri, sha256 } of files) expect([uri, await hashOf(app.files.pathOf(uri))]).toEqual([uri, sha256]);

    for (const { uri } of app.files.list()) rmSync(app.files.pathOf(uri));
    await expect(app.night()).rejects.toThrow(/None of the \d+ published files is in the data folder/);
    await close();
  });
});
