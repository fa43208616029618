import { Ledger } from '../../src/warehouse/ledger';
import { fromSqlInstant } from '../../src/model/time';
import { SMALL } from '../hardship/records';
import { startGovblog } from '../hardship/processes';
import { LATER, openTestApp, type TestApp } from '../app';
import { DIALECTS, THOROUGH } from '../stores';

describe.each(DIALECTS)('how much is built at once, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { settings: { GOVBLOG_CONCURRENCY: '3', GOVBLOG_JOB_CONCURRENCY: '2' } });
  });
  afterAll(() => test_.close());

  const claim = (ledger: Ledger, job: string, key: string) =>
    ledger.claim({
      ...{ job, partition: { key, from: `${key}-01`, to: `${key}-28` }, definition: 'd', inputMark: 0, reason: 'test' },
      ...{ before: null, backfill: null, attempt: 1, requestedBy: 'test' },
    });

  test('a claim finds room only below the limits of its job and of all, and the dead take none', async () => {
    const { ledger, store } = test_.app;
    const first = (await claim(ledger, 'posts', '2012-01')) as number;
    expect(await ledger.hasRoom('posts')).toBe(true);
    const second = (await claim(ledger, 'posts', '2012-02')) as number;
    expect([typeof first, typeof second]).toEqual(['number', 'number']);
    expect([await claim(ledger, 'posts', '2012-03'), await ledger.hasRoom('posts')]).toEqual(['full', false]);
    // Who has it already is what counts, not the room.
    expect(await claim(ledger, 'posts', '2012-01')).toBeNull();
    const third = (await claim(ledger, 'interactions', '2012-01')) as number;
    expect(typeof third).toBe('number');
    expect([await claim(ledger, 'accountDay', '2012-01'), await ledger.hasRoom('accountDay')]).toEqual(['full', false]);
    // Another process may have been told of other limits; it counts the same runs.
    const wider = new Ledger(store, LATER, { overall: 4, perJob: 4 });
    const fourth = (await claim(wider, 'posts', '2012-03')) as number;
    expect(typeof fourth).toBe('number');

    await store.write((tx) =>
      tx.run("UPDATE partition_run SET owner = 'elsewhere/1/x', heartbeat_at = '2026-01-15 03:58:00.000' WHERE id IN (?, ?)", [
        first,
        fourth,
      ]),
    );
    expect(await ledger.hasRoom('posts')).toBe(true);
    const fifth = (await claim(ledger, 'posts', '2012-04')) as number;
    expect(typeof fifth).toBe('number');
    for (const run of [second, third, fifth]) {
      await ledger.abandon(run);
      ledger.release(run);
    }
    await ledger.buryAll([first, fourth]);
    expect(await ledger.running()).toEqual([]);
    await store.write((tx) => tx.run('DELETE FROM partition_run'));
  });

  /** The most runs that were at work at one moment. */
  const mostAtOnce = async (): Promise<{ overall: number; perJob: number; built: number; several: boolean }> => {
    const rows = await test_.app.store.query<Record<'job' | 'owner' | 'started_at' | 'finished_at', string>>(
      "SELECT job, owner, started_at, finished_at FROM partition_run WHERE status = 'published'",
    );
    const runs = rows.map(({ job, started_at, finished_at }) => ({
      job,
      from: fromSqlInstant(started_at),
      to: fromSqlInstant(finished_at),
    }));
    const most = (some: typeof runs): number =>
      Math.max(...some.map(({ from }) => some.filter((one) => one.from <= from && from < one.to).length));
    const perJob = Math.max(...[...new Set(runs.map(({ job }) => job))].map((name) => most(runs.filter(({ job }) => job === name))));
    return { overall: most(runs), perJob, built: runs.length, several: new Set(rows.map(({ owner }) => owner)).size > 1 };
  };

  const narrow = [
    { overall: 2, perJob: 8 },
    { overall: 8, perJob: 1 },
  ];
  // One limit on each store, the other when everything is asked for: the same transaction counts both.
  test.each(THOROUGH || DIALECTS.length === 1 ? narrow : [narrow[DIALECTS.indexOf(dialect)]!])(
    'three processes of two builders keep to $overall at once and $perJob of a job, and build everything',
    async ({ overall, perJob }) => {
      await test_.load(SMALL);
      const env = { GOVBLOG_CONCURRENCY: String(overall), GOVBLOG_JOB_CONCURRENCY: String(perJob), GOVBLOG_BUILDERS: '2' };
      // One may be done before the others have begun, and then nothing was shown: they try again.
      for (let several = false; !several;) {
        await test_.app.store.write((tx) => tx.run('DELETE FROM partition_run'));
        const ended = await Promise.all([1, 2, 3].map(() => startGovblog(test_.place, ['run', '--json'], { env }).ended));
        expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(Array.from({ length: 3 }, () => ({ code: 0, err: '' })));
        const found = await mostAtOnce();
        ({ several } = found);
        expect(found.built).toBeGreaterThanOrEqual(12);
        // The limit that is narrow was reached, or the test has shown nothing.
        if (overall === 2) expect(found.overall).toBe(2);
        else expect(found.perJob).toBe(1);
      }
      expect(await test_.app.night()).toMatchObject({ jobs: [1, 2, 3].map(() => ({ published: 0, failed: 0, elsewhere: 0 })) });
    },
  );

  test('an admin sees the limits and what they leave', async () => {
    const { ledger } = test_.app;
    const run = (await claim(ledger, 'posts', '2020-01')) as number;
    const { data } = await test_.graphql<{ jobs: unknown[] }>('{ jobs { name concurrency { perJob overall running runningOverall } } }');
    expect(data.jobs).toEqual([
      { name: 'accountDay', concurrency: { perJob: 2, overall: 3, running: 0, runningOverall: 1 } },
      { name: 'posts', concurrency: { perJob: 2, overall: 3, running: 1, runningOverall: 1 } },
      { name: 'interactions', concurrency: { perJob: 2, overall: 3, running: 0, runningOverall: 1 } },
    ]);
    await ledger.abandon(run);
    ledger.release(run);
  });
});
