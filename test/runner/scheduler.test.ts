import { openApp, type App } from '../../src/app';
import { readConfig } from '../../src/config';
import { applyBackfill, backfillById, planBackfill } from '../../src/runner/backfills';
import { lastNights } from '../../src/runner/nights';
import type { Scheduler } from '../../src/runner/scheduler';
import { currentSnapshot, listSnapshots } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { TRAPS } from '../traps';

describe('the schedule of a server', () => {
  let now = Date.parse('2026-01-15T12:00:00+08:00');
  const clock = { now: () => new Date(now) };
  const events: [string, unknown][] = [];
  let test_: TestApp;
  let app: App;
  let scheduler: Scheduler;
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { clock });
    await test_.load(TRAPS);
    const config = readConfig({ GOVBLOG_DATA_DIR: test_.place.dataDir, GOVBLOG_SCHEDULE_JITTER: '0', GOVBLOG_DEMO: 'off' });
    app = await openApp(config, clock, (event, facts) => events.push([event, facts]));
    scheduler = app.schedule();
  });
  afterAll(async () => {
    await app.close();
    await test_.close();
  });
  const nights = async (): Promise<string[]> =>
    (await lastNights(app, 20))
      .map(({ plannedFor, reason, outcome }) => `${plannedFor?.toISOString() ?? ''} ${reason} ${outcome}`)
      .reverse();

  test('nothing runs before its time; then the night runs once, however often it is looked', async () => {
    await scheduler.wake();
    expect(await nights()).toEqual([]);
    expect(scheduler.nextRunAt()!.toISOString()).toBe('2026-01-15T18:30:00.000Z');
    now = Date.parse('2026-01-16T02:30:00+08:00');
    await scheduler.wake();
    await scheduler.wake();
    expect(await nights()).toEqual(['2026-01-15T18:30:00.000Z schedule done']);
    expect((await currentSnapshot(app.store))!.watermark).toBe('2013-03-31');
    expect(events.filter(([event]) => event.endsWith('.failed'))).toEqual([]);
  });

  test('after three days off the night that was missed is told, the latest is run, and the others are written down as left out', async () => {
    now = Date.parse('2026-01-19T09:00:00+08:00');
    await scheduler.wake();
    expect((await nights()).slice(1)).toEqual([
      '2026-01-16T18:30:00.000Z schedule skipped',
      '2026-01-17T18:30:00.000Z schedule skipped',
      '2026-01-18T18:30:00.000Z schedule done',
    ]);
    expect(events.filter(([event]) => event === 'night.missed')).toEqual([['night.missed', { plannedFor: '2026-01-16T18:30:00.000Z' }]]);
    await scheduler.wake();
    expect(scheduler.overdueSince!()).toBeNull();
  });

  test('a backfill that was applied anywhere is worked off between two nights, by the timer alone', async () => {
    const request = { job: 'posts', from: '2012-02-01', to: '2012-03-31', reason: 'seen by the timer' };
    const { id } = await applyBackfill(test_.app.backfills, (await planBackfill(test_.app.backfills, request, 'Ada')).token, 'Ada');
    const end = Date.now() + 30_000;
    while ((await backfillById(app.backfills, id)).status !== 'published' && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await backfillById(app.backfills, id)).toMatchObject({ status: 'published', done: 2 });
  });

  test('a failed partition is tried again after its pause, and not before', async () => {
    const runs = async () =>
      app.store.query<{ status: string; attempt: number }>(
        "SELECT status, attempt FROM partition_run WHERE job = 'posts' AND partition_key = '2012-06' ORDER BY id",
      );
    await test_.load([{
      kind: 'post', platform: 'weibo', postId: '777', accountId: '1001', postedAt: Date.parse('2012-06-15T09:00:00+08:00'),
      observedAt: Date.parse('2013-03-31T12:00:00+08:00'), text: '迟到', original: true, reposts: 1, comments: 1, likes: null,
    }]); // prettier-ignore
    await app.store.write((tx) => tx.run("UPDATE post SET reposts = -5 WHERE post_id = '777'"));
    await app.night();
    const before = await runs();
    expect(before.at(-1)).toEqual({ status: 'failed', attempt: 1 });
    now += 59_000;
    await scheduler.wake();
    expect(await runs()).toEqual(before);
    await app.store.write((tx) => tx.run("UPDATE post SET reposts = 5 WHERE post_id = '777'"));
    now += 2_000;
    await scheduler.wake();
    expect((await runs()).slice(before.length)).toEqual([{ status: 'published', attempt: 2 }]);
    expect((await nights()).at(-1)).toContain('retry done');
    expect(await app.ledger.retryIsDue()).toBe(false);
  });

  test('a clock that was a month ahead: nothing was deleted by it, and once it is right every night comes again', async () => {
    const real = now;
    const kept = (await listSnapshots(app.store)).map(({ id }) => id);
    const known = await nights();
    now = Date.parse('2026-02-20T09:00:00+08:00');
    await scheduler.wake();
    expect((await nights()).slice(known.length).at(-1)).toBe('2026-02-19T18:30:00.000Z schedule done');
    expect((await listSnapshots(app.store)).map(({ id }) => id)).toEqual(kept);
    expect(events.filter(([event]) => event === 'collect.postponed')).toHaveLength(1);

    now = real + 3_600_000;
    await scheduler.wake();
    expect((await nights()).slice(known.length)).toEqual([' schedule done']);
    expect(events.at(-1)).toEqual(['nights.putRight', { nights: 32, newest: '2026-02-20 01:00:00.000', now: new Date(now).toISOString() }]);
    for (const day of ['19', '20', '21']) {
      now = Date.parse(`2026-01-${day}T18:30:00Z`);
      await scheduler.wake();
      expect((await nights()).at(-1)).toBe(`2026-01-${day}T18:30:00.000Z schedule done`);
    }
    now = Date.parse('2026-02-20T18:30:00Z');
    await scheduler.wake();
    expect((await nights()).at(-1)).toBe('2026-02-20T18:30:00.000Z schedule done');
    await scheduler.wake();
    expect(scheduler.overdueSince!()).toBeNull();
  });
});
