import { spawn } from 'node:child_process';
import { projectPath } from '../../src/paths';
import { applyBackfill, backfillById, cancelBackfill, planBackfill } from '../../src/runner/backfills';
import { beginNight } from '../../src/runner/nights';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS, freshPlace, type Place } from '../stores';
import { TRAPS } from '../traps';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe.each(DIALECTS)('several processes on one store, on %s', (dialect) => {
  let place: Place;
  let test_: TestApp;
  beforeAll(async () => {
    place = await freshPlace(dialect);
    test_ = await openTestApp(dialect, { place });
    await test_.load(TRAPS);
  });
  afterAll(async () => {
    await test_.close();
    await place.remove();
  });
  const govblog = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), ...args], {
        env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      child.once('close', (code) => resolve({ code, out, err }));
    });
  const published = async (more: string): Promise<{ n: number; builders: number; doubles: number }> => {
    const rows = await test_.app.store.query<{ job: string; partition_key: string; definition: string; owner: string }>(
      `SELECT job, partition_key, definition, owner FROM partition_run WHERE status = 'published' AND ${more}`,
    );
    // A rollup that was made when a fact was still in other hands is made again of all its facts: its definition names them.
    const different = new Set(rows.map(({ job, partition_key, definition }) => `${job} ${partition_key} ${definition}`));
    return { n: rows.length, builders: new Set(rows.map(({ owner }) => owner)).size, doubles: rows.length - different.size };
  };

  test('three nights at once share the partitions: none is built twice, none is left out', async () => {
    const ended = await Promise.all([govblog('run', '--json'), govblog('run', '--json'), govblog('run', '--json')]);
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(Array.from({ length: 3 }, () => ({ code: 0, err: '' })));
    const again = JSON.parse((await govblog('run', '--json')).out);
    expect([...again.jobs, again.rollups].map((one) => [one.failed, one.elsewhere])).toEqual(again.jobs.map(() => [0, 0]).concat([[0, 0]]));
    const { n, builders, doubles } = await published('backfill_id IS NULL');
    expect({ doubles, several: builders > 1, many: n > 100 }).toEqual({ doubles: 0, several: true, many: true });
  });

  test('two workers share a backfill that was planned and applied by the command line, and each of its partitions is built once', async () => {
    const before = (await currentSnapshot(test_.app.store))!.id;
    const request = ['--from', '2012-01-01', '--to', '2013-03-31', '--reason', 'two hands'];
    const plan = JSON.parse((await govblog('backfill', 'plan', 'accountDay', ...request, '--json')).out);
    expect(plan.partitions.length).toBeGreaterThan(12);
    const applied = JSON.parse((await govblog('backfill', 'apply', plan.token, '--by', 'Ada', '--json')).out);
    expect(applied).toMatchObject({ status: 'queued', requestedBy: 'Ada', total: plan.partitions.length });
    const ended = await Promise.all([govblog('work', '--until-empty'), govblog('work', '--until-empty')]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(await backfillById(test_.app.backfills, applied.id)).toMatchObject({ status: 'published', done: applied.total });
    expect(await published(`backfill_id = ${applied.id}`)).toMatchObject({ n: applied.total, doubles: 0 });
    expect((await currentSnapshot(test_.app.store))!.id).toBe(before);
    expect((await govblog('backfill', 'status')).out).toContain(`is published: ${applied.total} of ${applied.total} published`);
    expect((await govblog('backfill', 'list')).out).toContain('two hands');
  });

  test('the command line says what is wrong, and ends with 1 or 2', async () => {
    expect(await govblog('backfill', 'plan', 'accountDay', '--from', '2011-02-30', '--to', '2012-03-31', '--reason', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--from is "2011-02-30"') as string,
    });
    expect((await govblog('backfill', 'plan', 'accountDay', '--from', '2012-01-01', '--to', '2012-03-31')).code).toBe(2);
    expect(await govblog('backfill', 'apply', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no plan') as string,
    });
    expect(await govblog('backfill', 'cancel', '99')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no backfill 99') as string,
    });
    expect((await govblog('backfill', 'cancel', 'x')).code).toBe(2);
    expect(await govblog('backfill', 'retry', '1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('it cannot be retried') as string,
    });
  });

  test('a worker takes up within seconds what another process applies, and lets go of it when it is cancelled there', async () => {
    const worker = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), 'work'], {
      env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => worker.once('close', resolve));
    const { backfills } = test_.app;
    const request = { job: 'interactions', from: '2012-01-01', to: '2013-03-31', reason: 'from elsewhere' };
    const { id } = await applyBackfill(backfills, (await planBackfill(backfills, request, 'Ada')).token, 'Ada');
    const until = async (is: (one: Awaited<ReturnType<typeof backfillById>>) => boolean): Promise<void> => {
      const end = Date.now() + 60_000;
      while (!is(await backfillById(backfills, id))) {
        if (Date.now() > end) throw new Error('It did not happen within a minute.');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await until(({ done }) => done > 0);
    // It may be over before it can be cancelled; then there is nothing to let go of.
    await cancelBackfill(backfills, id, 'Ada').catch((error: { code?: string }) => expect(error.code).toBe('CONFLICT'));
    const began = Date.now();
    while ((await test_.app.ledger.running()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(Date.now() - began).toBeLessThan(5_000);
    worker.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { partitions } = await backfillById(backfills, id);
    expect(partitions.filter(({ status }) => status !== 'published' && status !== 'cancelled')).toEqual([]);
  });

  test('a planned night is begun by one process, and again when that died', async () => {
    const planned = new Date('2026-01-15T18:30:00Z');
    const other = await openTestApp(dialect, { place });
    const first = beginNight(test_.app, 'schedule', planned);
    // Two writers of one SQLite file within one process would wait for each other without end.
    if (dialect === 'sqlite') await first;
    const begun = await Promise.all([first, beginNight(other.app, 'schedule', planned)]);
    expect(begun.filter((one) => one !== null)).toHaveLength(1);
    const mine = begun.find((one) => one !== null)!;
    // Its process is another one now, which is gone.
    await test_.app.store.write((tx) =>
      tx.run("UPDATE night SET owner = 'elsewhere/1/x', heartbeat_at = '2026-01-01 00:00:00.000' WHERE id = ?", [mine.id]),
    );
    const taken = (await beginNight(other.app, 'schedule', planned))!;
    expect(taken.id).toBe(mine.id);
    await mine.end('failed', { error: 'too late' });
    await taken.end('done', { snapshot: null });
    expect(await beginNight(test_.app, 'schedule', planned)).toBeNull();
    const rows = await test_.app.store.query('SELECT outcome, attempts FROM night WHERE planned_for IS NOT NULL');
    expect(rows).toEqual([{ outcome: 'done', attempts: 2 }]);
    await other.close();
  });
});
