import { setTimeout as wait } from 'node:timers/promises';
import { applyBackfill, backfillById, planBackfill } from '../../src/runner/backfills';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { HAS_MARIADB, openDatabase, type Database } from './database';
import { startGovblog, type Running } from './processes';
import { LATE, lateWaits, SMALL } from './records';
import { expectNothingHalf, MONTHS, temporaries, undisturbed } from './small';

if (!HAS_MARIADB) process.stderr.write('Skipped: mariadbd is not installed, so no database can be restarted.\n');

(HAS_MARIADB ? describe : describe.skip)('the database is killed and started again', () => {
  let before: Awaited<ReturnType<typeof undisturbed>>;
  let after: Awaited<ReturnType<typeof undisturbed>>;
  let database: Database;
  beforeAll(async () => {
    before = await undisturbed(SMALL);
    after = await undisturbed(SMALL, LATE);
  });
  beforeEach(async () => {
    database = await openDatabase();
    const first = await openTestApp('mysql', { place: database.place });
    await lateWaits(first);
    await first.close();
  });
  afterEach(() => database.place.remove());

  /** Waits until a sentence of the ledger is true. */
  const until = async (sql: string, most = 60_000): Promise<void> => {
    const store = await database.place.open();
    const end = Date.now() + most;
    while (Number((await store.query<{ n: number }>(sql))[0]!.n) === 0) {
      if (Date.now() > end) throw new Error(`It did not happen: ${sql}`);
      await wait(5);
    }
    await store.close();
  };
  const BUILDING = "SELECT COUNT(*) AS n FROM partition_run WHERE status = 'running'";
  const expectContent = async ({ contentHash, rows }: typeof before): Promise<void> => {
    const reading = await openTestApp('mysql', { place: database.place });
    await expectNothingHalf(reading);
    expect((await currentSnapshot(reading.app.store))!.contentHash).toBe(contentHash);
    expect(await (await reading.ask(MONTHS)).rows()).toEqual(rows);
    await reading.close();
  };
  const ended = async (process: Running): Promise<number | null> => {
    process.kill('SIGTERM');
    return (await process.ended).code;
  };

  test('during govblog run: it ends with a sentence, the old snapshot stays, and the next run makes what an undisturbed one makes', async () => {
    const night = startGovblog(database.place, ['run']);
    await until(BUILDING);
    await database.kill();
    const { code, out, err } = await night.ended;
    expect({ code, trace: /^\s+at /m.test(err) }).toEqual({ code: 1, trace: false });
    expect(out + err).toMatch(/The database does not answer: start it, or wait until it is back[^]*mysql:\/\/govblog:…@/);
    expect(temporaries(database.place)).toEqual([]);
    await database.start();
    await expectContent(before);
    expect(await startGovblog(database.place, ['run', '--json']).ended).toMatchObject({ code: 0, err: '' });
    await expectContent(after);
  });

  test('while a server catches up: it goes on by itself', async () => {
    const server = startGovblog(database.place, ['serve'], { env: { PORT: '0' } });
    await until(BUILDING);
    await database.kill();
    await wait(2_000);
    await database.start();
    const { contentHash } = after;
    await until(`SELECT COUNT(*) AS n FROM snapshot WHERE content_hash = '${contentHash}'`);
    expect(await ended(server)).toBe(0);
    await expectContent(after);
    expect(temporaries(database.place)).toEqual([]);
  });

  test('while a worker builds a backfill: it waits, goes on by itself, and loses no partition', async () => {
    const asking = await openTestApp('mysql', { place: database.place });
    await asking.app.night();
    const request = { job: 'accountDay', from: '2012-01-01', to: '2012-04-29', reason: 'the database dies' };
    const { id, total } = await applyBackfill(
      asking.app.backfills,
      (await planBackfill(asking.app.backfills, request, 'Ada')).token,
      'Ada',
    );
    await asking.close();
    const worker = startGovblog(database.place, ['work']);
    await until(BUILDING);
    await database.kill();
    await wait(2_000);
    await database.start();
    await until(`SELECT COUNT(*) = ${total} AS n FROM backfill_partition WHERE backfill_id = ${id} AND status = 'published'`);
    expect(worker.said()).toMatch(/"event":"(work|partition)\.failed"/);
    expect(await ended(worker)).toBe(0);
    await expectContent(after);
    const reading = await openTestApp('mysql', { place: database.place });
    expect(await backfillById(reading.app.backfills, id)).toMatchObject({ status: 'published', done: total, failed: 0 });
    await reading.close();
  });
});
