import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountDay } from '../../jobs/accountDay';
import { posts } from '../../jobs/posts';
import type { Clock } from '../../src/clock';
import {
  applyBackfill,
  backfillById,
  cancelBackfill,
  listBackfills,
  pauseBackfill,
  planBackfill,
  resumeBackfill,
  retryBackfill,
} from '../../src/runner/backfills';
import { workBackfills } from '../../src/runner/backfillWork';
import type { BackfillRequest, BackfillTools } from '../../src/runner/backfillTypes';
import type { Job } from '../../src/runner/job';
import { runNight } from '../../src/runner/night';
import { beginNight } from '../../src/runner/nights';
import { jobViews } from '../../src/runner/status';
import { idleNote } from '../../src/runner/backfillWords';
import { definitionOf, stateOf } from '../../src/runner/jobState';
import type { RunnerTools } from '../../src/runner/runnerTools';
import { currentSnapshot, listSnapshots } from '../../src/warehouse/snapshots';
import { currentMark } from '../../src/store/marks';
import { openTestApp, type TestApp } from '../app';
import { LATE_POST } from '../prepared';
import { DIALECTS, DIALECTS_ABOVE } from '../stores';

const SPRING: BackfillRequest = { job: 'posts', from: '2012-02-10', to: '2012-05-03', reason: 'counters mended by hand' };
const SPRING_MONTHS = ['2012-02', '2012-03', '2012-04', '2012-05'];
const BY = 'Ada';

/** A clock that the test moves. */
function movingClock(start = '2026-01-15T04:00:00Z'): Clock & { forward(ms: number): void } {
  let now = Date.parse(start);
  return { now: () => new Date(now), forward: (ms) => (now += ms) };
}

describe.each(DIALECTS)('backfills on %s', (dialect) => {
  /** What is decided above the store. */
  const above = DIALECTS_ABOVE.includes(dialect) ? test : () => undefined;
  let test_: TestApp;
  let clock: ReturnType<typeof movingClock>;
  let tools: BackfillTools;
  beforeEach(async () => {
    clock = movingClock();
    test_ = await openTestApp(dialect, { clock, prepared: 'traps' });
    tools = test_.app.backfills;
  });
  afterEach(() => test_.close());

  const runnerTools = (more: Partial<RunnerTools> = {}): RunnerTools => ({
    ...test_.app, buildMemoryMb: 256, tempDir: join(test_.place.dataDir, 'tmp'), ...more,
  }); // prettier-ignore
  const work = (jobs: readonly Job[] = tools.jobs, more: Partial<RunnerTools> = {}) =>
    workBackfills(jobs, runnerTools(more), 'Asia/Shanghai');
  const runsSince = async (last: number) =>
    (
      await test_.app.store.query<{ job: string; partition_key: string; status: string; reason: string; requested_by: string; backfill_id: number; attempt: number }>(
        "SELECT * FROM partition_run WHERE id > ? AND job IN ('accountDay', 'posts', 'interactions') ORDER BY id",
        [last],
      )
    ); // prettier-ignore
  const lastRun = async (): Promise<number> =>
    (await test_.app.store.query<{ id: number }>('SELECT MAX(id) AS id FROM partition_run'))[0]!.id;
  const apply = async (request: BackfillRequest = SPRING) => applyBackfill(tools, (await planBackfill(tools, request, BY)).token, BY);
  /** A job that cannot build one partition. */
  const failing = (job: Job, ...keys: string[]): Job => ({
    ...job,
    sql: (partition) => (keys.includes(partition.key) ? 'select * from nowhere' : job.sql(partition)),
  });

  test('a plan lists exactly what applying it builds, and nothing is built before', async () => {
    const last = await lastRun();
    const before = (await currentSnapshot(test_.app.store))!;
    const plan = await planBackfill(tools, SPRING, BY);
    expect(plan.partitions.map(({ partition }) => partition)).toEqual(SPRING_MONTHS);
    const rows = await test_.app.store.query<{ n: number }>(
      "SELECT COUNT(*) AS n FROM post WHERE posted_day BETWEEN '2012-02-01' AND '2012-05-31'",
    );
    expect(plan.rows).toBe(Number(rows[0]!.n));
    expect(plan.changes.cubes.map(({ cube }) => cube)).toEqual(['posts']);
    expect(plan.changes.months).toEqual(SPRING_MONTHS);
    expect(plan.changes.snapshot).toBe(before.id);
    expect(await runsSince(last)).toEqual([]);

    const backfill = await applyBackfill(tools, plan.token, BY);
    expect(backfill).toMatchObject({ status: 'queued', requestedBy: BY, done: 0, failed: 0, total: 4, reason: SPRING.reason });
    expect(await work()).toMatchObject({ changed: false });
    const built = await runsSince(last);
    expect(built.map(({ job, partition_key, status }) => `${job} ${partition_key} ${status}`)).toEqual(
      SPRING_MONTHS.map((month) => `posts ${month} published`),
    );
    expect(new Set(built.map(({ reason }) => reason))).toEqual(new Set([`backfill ${backfill.id}: ${SPRING.reason}`]));
    expect(new Set(built.map(({ requested_by, backfill_id }) => `${requested_by} ${backfill_id}`))).toEqual(
      new Set([`${BY} ${backfill.id}`]),
    );
    expect(await backfillById(tools, backfill.id)).toMatchObject({ status: 'published', done: 4, etaSeconds: 0 });
    // Equal rows give equal files: the snapshot is the one that was there.
    expect((await currentSnapshot(test_.app.store))!.id).toBe(before.id);
    expect(await work()).toEqual({ backfills: [], snapshot: null, changed: false });
  });

  above('what was changed behind the back of the marks is in the next snapshot, and only it', async () => {
    await test_.app.night();
    await test_.app.store.write((tx) =>
      tx.run("UPDATE post SET reposts = reposts + 7 WHERE posted_day BETWEEN '2012-02-01' AND '2012-02-29'"),
    );
    expect((await test_.app.night()).changed).toBe(false);
    const before = (await currentSnapshot(test_.app.store))!;
    await apply();
    expect(await work()).toMatchObject({ changed: true });
    const after = (await currentSnapshot(test_.app.store))!;
    const old = new Set(before.files.map(({ uri }) => uri));
    expect(after.files.filter(({ table, uri }) => table === 'posts' && !old.has(uri)).map(({ from }) => from)).toEqual(['2012-02-01']);
  });

  above('the same token again is the same backfill, also when it is over', async () => {
    const { token } = await planBackfill(tools, SPRING, BY);
    const first = await applyBackfill(tools, token, BY);
    expect((await applyBackfill(tools, token, 'Ben')).id).toBe(first.id);
    await work();
    clock.forward(100 * 3_600_000);
    expect(await applyBackfill(tools, token, BY)).toMatchObject({ id: first.id, status: 'published' });
    expect(await listBackfills(tools)).toHaveLength(1);
    expect(await listBackfills(tools, { live: true })).toEqual([]);
  });

  test('a plan that drifted is refused with a sentence that says what did', async () => {
    const stale = await planBackfill(tools, { ...SPRING, to: '2012-06-30' }, BY);
    await test_.load([LATE_POST]);
    await expect(applyBackfill(tools, stale.token, BY)).rejects.toMatchObject({
      code: 'PLAN_DRIFTED',
      message: expect.stringContaining('data of 2012-06 have changed') as string,
    });
    await test_.app.night();
    const changed = await planBackfill(tools, SPRING, BY);
    const others = { ...tools, jobs: tools.jobs.map((job) => (job.name === 'posts' ? { ...job, definition: 'another' } : job)) };
    await expect(applyBackfill(others, changed.token, BY)).rejects.toMatchObject({
      code: 'PLAN_DRIFTED',
      message: expect.stringContaining('the definition of posts has changed') as string,
    });
    clock.forward(3_600_001);
    await expect(applyBackfill(tools, changed.token, BY)).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
    await expect(applyBackfill(tools, 'made-up', BY)).rejects.toMatchObject({ code: 'UNKNOWN_PLAN' });
    expect(await listBackfills(tools)).toEqual([]);
  });

  test('a request that is covered by what is queued joins it; one that overlaps is refused by name', async () => {
    const first = await apply();
    const joined = await apply({ ...SPRING, from: '2012-03-05', to: '2012-04-05', reason: 'me too' });
    expect(joined.id).toBe(first.id);
    expect(joined.history.map(({ event, by, note }) => [event, by, note])).toEqual([
      ['applied', BY, SPRING.reason],
      ['joined', BY, 'me too'],
    ]);
    await expect(apply({ ...SPRING, from: '2012-05-01', to: '2012-07-31' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^Backfill \d+ has 1 of these 3 partitions in hand \(2012-05 is queued\)/) as string,
    });
    await work();
    expect((await apply({ ...SPRING, from: '2012-05-01', to: '2012-07-31' })).total).toBe(3);
  });

  above('a filter leaves the partitions in which its accounts and platforms have rows', async () => {
    const rows = await test_.app.store.query<{ month: string }>(
      "SELECT DISTINCT SUBSTR(posted_day, 1, 7) AS month FROM post WHERE account_key = (SELECT account_key FROM account WHERE platform = 'weibo' AND account_id = '1001') ORDER BY month",
    );
    const everything = { job: 'posts', from: '2000-01-01', to: '2030-12-31', reason: 'one account' };
    const plan = await planBackfill(tools, { ...everything, filter: { account: ['weibo:1001'] } }, BY);
    expect(plan.partitions.map(({ partition }) => partition)).toEqual(rows.map(({ month }) => month));
    expect(rows.length).toBeLessThan((await planBackfill(tools, everything, BY)).partitions.length);
    await expect(planBackfill(tools, { ...everything, filter: { account: ['weibo:nobody'] } }, BY)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(planBackfill(tools, { ...everything, filter: { platform: [] } }, BY)).rejects.toMatchObject({ code: 'BAD_QUERY' });
    await expect(planBackfill(tools, { ...everything, job: 'post' }, BY)).rejects.toMatchObject({
      code: 'BAD_QUERY',
      message: expect.stringContaining('Did you mean "posts"?') as string,
    });
  });

  above('paused, nothing is begun; resumed, it goes on; cancelled, it is over and nothing is missing', async () => {
    const { id } = await apply();
    expect((await pauseBackfill(tools, id, BY)).status).toBe('paused');
    const last = await lastRun();
    expect((await work()).backfills).toEqual([]);
    await expect(pauseBackfill(tools, id, BY)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await resumeBackfill(tools, id, 'Ben')).status).toBe('queued');
    expect((await cancelBackfill(tools, id, BY)).status).toBe('cancelled');
    expect((await work()).backfills).toEqual([]);
    expect(await runsSince(last)).toEqual([]);
    expect((await backfillById(tools, id)).history.map(({ event, by }) => `${event} ${by}`)).toEqual([
      'applied Ada', 'paused Ada', 'resumed Ben', 'cancelled Ada',
    ]); // prettier-ignore
    const views = await jobViews(tools.jobs, test_.app.ledger, { schedule: null, nextRunAt: () => null });
    expect(views.flatMap(({ missing }) => missing)).toEqual([]);
  });

  test('cancelled in the middle: what is built is broken off within seconds, without a file left, and the snapshot stays', async () => {
    const before = await listSnapshots(test_.app.store);
    const { id } = await apply({ ...SPRING, reason: 'a slow one' });
    // A statement that would take an hour: it counts pairs of a table with itself.
    const slow: Job = {
      ...posts,
      sql: (partition) => `select * from (${posts.sql(partition)}) where (select count(*) from range(3000000) a, range(3000000) b where (a.range + b.range) % 7 = 1) > 0`,
    }; // prettier-ignore
    const working = work([slow]);
    while ((await backfillById(tools, id)).status !== 'running') await new Promise((resolve) => setTimeout(resolve, 20));
    // Until the file is being written.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const began = Date.now();
    expect((await cancelBackfill(tools, id, BY)).status).toBe('cancelled');
    const outcome = await working;
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(outcome.backfills).toEqual([{ job: 'posts', published: 0, failed: 0, elsewhere: 0, cancelled: 1, backfill: id }]);
    expect(readdirSync(join(test_.place.dataDir, 'tmp')).filter((name) => name.includes('.tmp.'))).toEqual([]);
    const runs = await test_.app.store.query<{ status: string; error: string }>(
      'SELECT status, error FROM partition_run WHERE backfill_id = ?',
      [id],
    );
    expect(runs).toEqual([{ status: 'cancelled', error: 'Cancelled by Ada.' }]);
    expect(await listSnapshots(test_.app.store)).toEqual(before);
    expect(await test_.app.ledger.running()).toEqual([]);
  });

  test('what a process was building when it died is queued for whoever looks, before anybody takes it over', async () => {
    const { id } = await apply();
    let looks = 0;
    await workBackfills(tools.jobs, runnerTools(), 'Asia/Shanghai', async () => (looks += 1) > 3);
    const { ledger } = test_.app;
    expect(await backfillById(tools, id)).toMatchObject({ status: 'running', done: 2 });
    const state = await stateOf(posts, ledger, await ledger.coverage());
    const third = state.missing.find(({ key }) => key === SPRING_MONTHS[2])!;
    const run = await ledger.claim({
      ...{
        job: posts.name,
        partition: third,
        definition: definitionOf(posts),
        inputMark: await currentMark(test_.app.store),
        reason: third.reason,
      },
      ...{ before: state.published.get(third.key)!.run.id, backfill: id, attempt: 1, requestedBy: null },
    });
    const building = await backfillById(tools, id);
    expect([building.partitions.map(({ status }) => status), idleNote(building)]).toEqual([
      ['published', 'published', 'running', 'queued'],
      '',
    ]);
    // What a process does not hold any more is dead, as that of a process that is gone.
    ledger.release(run as number);
    const seen = await backfillById(tools, id);
    expect(seen.partitions.map(({ status }) => status)).toEqual(['published', 'published', 'queued', 'queued']);
    expect((await listBackfills(tools, { live: true }))[0]).toEqual(seen);
    expect(idleNote(seen)).toContain('Nobody builds it at this moment: a running server or `govblog work` goes on with it.');
    await work();
    expect(await backfillById(tools, id)).toMatchObject({ status: 'published', done: 4, failed: 0 });
  });

  test('what fails is tried again after a minute, two, four …, then left; a retry is of the failed ones alone', async () => {
    const { id } = await apply();
    const broken = failing(posts, '2012-03', '2012-04');
    const limit = { maxAttempts: 3 };
    expect((await work([broken], limit)).backfills).toMatchObject([{ published: 2, failed: 2 }]);
    const pauses: number[] = [];
    for (;;) {
      const waiting = (await backfillById(tools, id)).partitions.filter(({ nextAttemptAt }) => nextAttemptAt !== null);
      if (waiting.length === 0) break;
      const pause = waiting[0]!.nextAttemptAt!.getTime() - clock.now().getTime();
      pauses.push(pause);
      clock.forward(pause - 1);
      expect((await work([broken], limit)).backfills).toEqual([]);
      clock.forward(1);
      expect((await work([broken], limit)).backfills).toMatchObject([{ published: 0, failed: 2 }]);
    }
    expect(pauses).toEqual([60_000, 120_000]);
    const failed = await backfillById(tools, id);
    expect(failed).toMatchObject({ status: 'failed', done: 2, failed: 2 });
    expect(failed.partitions.filter(({ status }) => status === 'failed').map(({ partition, attempts, error }) => [partition, attempts, /nowhere/.test(error!)])).toEqual(
      [['2012-03', 3, true], ['2012-04', 3, true]],
    ); // prettier-ignore
    const last = await lastRun();
    expect((await retryBackfill(tools, id, BY)).status).toBe('running');
    await work([posts], limit);
    expect((await runsSince(last)).map(({ partition_key, status }) => `${partition_key} ${status}`)).toEqual([
      '2012-03 published',
      '2012-04 published',
    ]);
    await expect(retryBackfill(tools, id, BY)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await backfillById(tools, id)).toMatchObject({ status: 'published', done: 4 });
  });

  above('a poisoned partition stops neither the night nor its snapshot, is listed, and is tried again when its data change', async () => {
    await test_.load([LATE_POST]);
    const night = (job: Job) => runNight([job, accountDay], runnerTools({ maxAttempts: 2 }), 'Asia/Shanghai');
    const broken = failing(posts, '2012-06');
    expect((await night(broken)).jobs).toMatchObject([
      { job: 'posts', failed: 1 },
      { job: 'accountDay', failed: 0 },
    ]);
    expect((await night(broken)).jobs).toMatchObject([{ job: 'posts', failed: 1 }, {}]);
    const third = await night(broken);
    expect(third.jobs[0]).toEqual({ job: 'posts', published: 0, failed: 0, elsewhere: 0, poisoned: 1 });
    const [view] = await jobViews([posts], test_.app.ledger, { schedule: null, nextRunAt: () => null }, 2);
    expect(view!.poisoned).toMatchObject([{ key: '2012-06', attempts: 2, error: expect.stringContaining('nowhere') as string }]);
    // The other months went on, and June is in the snapshot as it was.
    expect((await currentSnapshot(test_.app.store))!.files.filter(({ table }) => table === 'posts').map(({ from }) => from)).toContain(
      '2012-06-01',
    );
    await test_.load([{ ...LATE_POST, postId: '778' }]);
    // Its month, and the three that gaps reach into.
    expect((await night(posts)).jobs[0]).toMatchObject({ published: 4, failed: 0 });
  });

  above('the night comes first: what works off backfills begins nothing while one runs, or is due', async () => {
    const { id } = await apply();
    const last = await lastRun();
    const begun = (await beginNight({ ...test_.app }, 'schedule', new Date('2026-01-15T18:30:00Z')))!;
    expect((await work()).backfills).toEqual([]);
    await begun.end('done', {});
    let partitions = 0;
    const outcome = await workBackfills(tools.jobs, runnerTools(), 'Asia/Shanghai', async () => (partitions += 1) > 3);
    expect(outcome.backfills[0]!.published).toBe(2);
    expect((await runsSince(last)).map(({ partition_key }) => partition_key)).toEqual(['2012-02', '2012-03']);
    // A night builds what is missing of itself; that a backfill asks for it is left to the backfill.
    await test_.load([LATE_POST]);
    await test_.app.night();
    expect(await backfillById(tools, id)).toMatchObject({ status: 'running', done: 2 });
    await work();
    expect(await backfillById(tools, id)).toMatchObject({ status: 'published', done: 4 });
  });

  above('what a night builds after the mark satisfies the backfill', async () => {
    const { id } = await apply({ ...SPRING, from: '2012-06-01', to: '2012-06-30' });
    await test_.load([LATE_POST]);
    const last = await lastRun();
    await test_.app.night();
    expect(await backfillById(tools, id)).toMatchObject({ status: 'published', done: 1 });
    expect((await work()).backfills).toEqual([]);
    const built = (await runsSince(last)).filter(({ job }) => job === 'posts');
    expect(built.map(({ backfill_id }) => backfill_id)).toEqual([null, null, null, null]);
  });
});
