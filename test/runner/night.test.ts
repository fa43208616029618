import { DEMO_DEFAULTS, demoRecords } from '../../seeds/demo';
import { accountDay } from '../../jobs/accountDay';
import { posts } from '../../jobs/posts';
import type { Clock } from '../../src/clock';
import type { PostRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import type { Job } from '../../src/runner/job';
import { runNight } from '../../src/runner/night';
import { currentSnapshot, listSnapshots } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import type { Preparation } from '../prepared';
import { DIALECTS, DIALECTS_ABOVE } from '../stores';

const MONTHLY: Question = {
  cube: 'activity',
  fields: ['month', 'accountType', 'accounts', 'posts', 'dormantAccounts', 'followers'],
  from: '2011-01-01',
  to: '2011-12-31',
};
const latePost: PostRecord = {
  kind: 'post', platform: 'demo', postId: 'late-1', accountId: '', postedAt: Date.parse('2011-06-15T09:00:00+08:00'),
  observedAt: Date.parse('2011-12-31T15:59:59Z'), text: '迟到', original: true, reposts: 1, comments: 1, likes: null,
}; // prettier-ignore

describe.each(DIALECTS)('a night on %s', (dialect) => {
  let test_: TestApp;
  const begin = async (prepared: Preparation): Promise<void> => {
    test_ = await openTestApp(dialect, { prepared });
  };
  afterEach(() => test_.close());

  const lateRecord = async (): Promise<PostRecord> => {
    const [account] = await test_.app.store.query<{ account_id: string }>(
      "SELECT account_id FROM account WHERE opened_on < '2011-01-01' ORDER BY account_id LIMIT 1",
    );
    return { ...latePost, accountId: account!.account_id };
  };

  test('builds what is missing, publishes one snapshot, and a second night changes nothing', async () => {
    await begin('demo loaded');
    const first = await test_.app.night();
    expect(first.jobs).toEqual([
      { job: 'accountDay', published: 26, failed: 0, elsewhere: 0 },
      { job: 'posts', published: 26, failed: 0, elsewhere: 0 },
      { job: 'interactions', published: 26, failed: 0, elsewhere: 0 },
    ]);
    expect(first.changed).toBe(true);
    const second = await test_.app.night();
    // Nobody commented in the first month, and what has no facts has no rollup.
    expect(first.rollups).toEqual({ job: 'rollups', published: 26 * 4 + 25 + 9 * 3 + 3 * 3, failed: 0, elsewhere: 0 });
    expect(second).toEqual({
      jobs: first.jobs.map((job) => ({ ...job, published: 0 })),
      rollups: { ...first.rollups, published: 0 },
      snapshot: first.snapshot,
      changed: false,
    });
    expect(await listSnapshots(test_.app.store)).toHaveLength(1);
  });

  test('late data rebuild the months they touch and no others; the old snapshot answers as before', async () => {
    await begin('demo');
    const { snapshot: old } = await test_.app.night();
    const before = JSON.stringify(await (await test_.ask(MONTHLY)).rows());
    const hash = await (await test_.ask(MONTHLY)).resultHash();

    expect(await test_.load([await lateRecord()])).toMatchObject({ accepted: 1, rejected: 0 });
    const night = await test_.app.night();
    // The post itself is in June; the dormancy of its account, and the silence before its next post, can change for 90 days, up to 13 September.
    const rebuilt = await test_.app.store.query<{ job: string; partition_key: string }>(
      "SELECT job, partition_key FROM partition_run WHERE status = 'published' AND reason LIKE 'ingest%' ORDER BY job, partition_key",
    );
    expect(rebuilt.map(({ job, partition_key }) => `${job} ${partition_key}`)).toEqual(
      ['accountDay', 'posts'].flatMap((job) => ['06', '07', '08', '09'].map((month) => `${job} 2011-${month}`)),
    );
    expect(night.changed).toBe(true);

    const june = { ...MONTHLY, fields: ['posts'], from: '2011-06-01', to: '2011-06-30' };
    const [now] = await (await test_.ask(june)).rows();
    const [then] = await (await test_.ask(june, old!)).rows();
    expect(now!['posts']).toBe((then!['posts'] as number) + 1);
    const again = await test_.ask(MONTHLY, old!);
    expect(JSON.stringify(await again.rows())).toBe(before);
    expect(await again.resultHash()).toBe(hash);
    expect(await (await test_.ask(MONTHLY)).resultHash()).not.toBe(hash);
  });

  test('a partition that fails an audit is not published, the snapshot stays, and the next night heals it', async () => {
    await begin('demo');
    const { snapshot } = await test_.app.night();
    await test_.load([await lateRecord()]);
    // A source that lies: the count of a post is negative, which no file may carry.
    await test_.app.store.write((tx) => tx.run("UPDATE post SET reposts = -5 WHERE post_id = 'late-1'"));
    const night = await test_.app.night();
    expect(night.jobs.map(({ failed }) => failed)).toEqual([1, 1, 0]);
    // June is kept as it was in every cube, so that none of them mixes two states; what else changed is published.
    const june = (snapshotId?: string) =>
      test_.ask({ ...MONTHLY, fields: ['posts', 'reposts'], from: '2011-06-01', to: '2011-06-30' }, snapshotId);
    expect(await (await june()).rows()).toEqual(await (await june(snapshot!)).rows());
    const failures = await test_.app.store.query<{ error: string }>("SELECT error FROM partition_run WHERE status = 'failed'");
    expect(failures.every(({ error }) => error.includes('Audit "nothing negative"') && error.includes('reposts'))).toBe(true);

    await test_.app.store.write((tx) => tx.run("UPDATE post SET reposts = 5 WHERE post_id = 'late-1'"));
    const healed = await test_.app.night();
    expect(healed.jobs.map(({ published, failed }) => [published, failed])).toEqual([[1, 0], [1, 0], [0, 0]]); // prettier-ignore
    expect((await (await june()).rows())[0]!['posts']).toBe(((await (await june(snapshot!)).rows())[0]!['posts'] as number) + 1);
  });
});

describe.each(DIALECTS_ABOVE)('a spoiled file on %s', (dialect) => {
  test.each([
    ['a lost row', posts, (sql: string) => `select * from (${sql}) limit 10`, 'source rows reconcile'],
    [
      'a row twice',
      accountDay,
      (sql: string) => `select * from (${sql}) union all (select * from (${sql}) where posts is null or posts = 0 limit 1)`,
      'account-days reconcile',
    ],
  ] as const)('%s in the written file stops the partition and names the audit', async (_, job, spoil, audit) => {
    const test_ = await openTestApp(dialect, { prepared: 'demo loaded' });
    const { app } = test_;
    const spoiled: Job = { ...job, sql: (partition) => (partition.key === '2011-12' ? spoil(job.sql(partition)) : job.sql(partition)) };
    const tools = { ...app, buildMemoryMb: 512, tempDir: app.config.dataDir };
    const night = await runNight([spoiled], tools, 'Asia/Shanghai');
    expect(night.jobs).toEqual([{ job: job.name, published: 25, failed: 1, elsewhere: 0 }]);
    const [failed] = await app.store.query<{ partition_key: string; error: string }>(
      "SELECT partition_key, error FROM partition_run WHERE status = 'failed'",
    );
    expect(failed!.partition_key).toBe('2011-12');
    expect(failed!.error).toContain(`Audit "${audit}"`);
    expect((await currentSnapshot(app.store))!.watermark).toBe('2011-11-30');
    await test_.close();
  });
});

test('the open month grows day by day, today is never built, and a missed week is caught up at once', async () => {
  let now = '2011-12-05T20:00:00+08:00';
  const clock: Clock = { now: () => new Date(now) };
  const test_ = await openTestApp('sqlite', { clock });
  const untilNow = [...demoRecords({ ...DEMO_DEFAULTS, scale: 0.01 })];
  // What a crawl would have seen by then: a load of everything observed so far.
  const observed = (record: (typeof untilNow)[number]): number =>
    record.kind === 'interaction' ? record.createdAt : record.kind === 'post' ? record.postedAt : record.observedAt;
  const seen = (until: string) =>
    untilNow
      .filter((record) => observed(record) <= Date.parse(until))
      .map((record) => (record.kind === 'post' ? { ...record, observedAt: Date.parse(until) } : record));
  await test_.load(seen(now));
  await test_.app.night();
  expect((await currentSnapshot(test_.app.store))!.watermark).toBe('2011-12-04');

  now = '2011-12-13T02:30:00+08:00';
  await test_.load(seen('2011-12-12T23:59:00+08:00'));
  const night = await test_.app.night();
  expect(night.jobs.every(({ failed }) => failed === 0)).toBe(true);
  expect((await currentSnapshot(test_.app.store))!.watermark).toBe('2011-12-12');
  const rows = await (await test_.ask({ cube: 'activity', fields: ['day', 'accounts'], from: '2011-12-01', to: '2011-12-31' })).rows();
  expect(rows.map(({ day }) => day)).toEqual(Array.from({ length: 12 }, (_, index) => `2011-12-${String(index + 1).padStart(2, '0')}`));
  await test_.close();
});
