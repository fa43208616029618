import { execFileSync } from 'node:child_process';
import { accountDay } from '../../jobs/accountDay';
import { interactions } from '../../jobs/interactions';
import { posts } from '../../jobs/posts';
import { boundsOf } from '../../jobs/volume';
import { DEMO_DEFAULTS, demoRecords } from '../../seeds/demo';
import { projectPath } from '../../src/paths';
import { overrideAudit } from '../../src/runner/auditing';
import type { Job } from '../../src/runner/job';
import { runDue } from '../../src/runner/runDue';
import { addMarks, lockMarks } from '../../src/store/marks';
import { openFindings, resultsOf, type AuditNote } from '../../src/warehouse/auditLog';
import { lastRunOf } from '../../src/warehouse/overrides';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { JOBS } from '../../jobs';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS_ABOVE } from '../stores';

const MONTH = '2011-12';

describe.each(DIALECTS_ABOVE)('audits on %s', (dialect) => {
  let test_: TestApp;
  let snapshot: string;
  beforeAll(async () => {
    test_ = await openTestApp(dialect);
    await test_.load(demoRecords({ ...DEMO_DEFAULTS, scale: 0.06 }));
    snapshot = (await test_.app.night()).snapshot!;
  }, 300_000);
  afterAll(() => test_.close());

  const change = (...statements: string[]): Promise<void> =>
    test_.app.store.write(async (tx) => {
      for (const statement of statements) await tx.run(statement);
    });
  /** Marks December of a fact table as stale, as late data would. */
  const mark = (fact: string): Promise<void> =>
    test_.app.store.write(async (tx) => {
      await lockMarks(test_.app.store, tx);
      await addMarks(tx, [{ fact, from: '2011-12-05', to: '2011-12-05' }], 'a test', test_.app.clock.now());
    });
  const tools = () => ({ ...test_.app, buildMemoryMb: 512, tempDir: test_.app.config.dataDir });
  /** Builds December again; what its audits found. */
  const rebuilt = async (job: Job) => {
    await mark(job.fact);
    const outcome = await runDue(job, tools());
    const run = (await lastRunOf(test_.app.store, job.name, MONTH))!;
    const [row] = await test_.app.store.query<{ error: string | null }>('SELECT error FROM partition_run WHERE id = ?', [run.id]);
    const found = (await resultsOf(test_.app.store, run.id)).filter((one) => one.outcome !== 'passed');
    return { outcome, run, error: row!.error ?? '', found };
  };
  const spoil = (job: Job, sql: (sql: string) => string): Job => ({ ...job, sql: (partition) => sql(job.sql(partition)) });

  test('every audit of every job was asked, passed, and is on record', async () => {
    for (const job of [accountDay, posts, interactions]) {
      const run = (await lastRunOf(test_.app.store, job.name, MONTH))!;
      const results = await resultsOf(test_.app.store, run.id);
      expect(results.map(({ audit, outcome }) => [audit, outcome])).toEqual(job.audits.map(({ name }) => [name, 'passed']));
      expect(results.map(({ severity }) => severity)).toEqual(job.audits.map(({ severity }) => severity ?? 'block'));
    }
    const rollups = await test_.app.store.query("SELECT DISTINCT outcome FROM audit_result WHERE audit = 'rollup equals its source'");
    expect(rollups).toEqual([{ outcome: 'passed' }]);
    expect(await openFindings(test_.app.store)).toEqual([]);
  });

  const cases: readonly [string, Job, (sql: string) => string, string, object][] = [
    ['a code that no table knows', posts, (sql) => `select * replace (case when day = '2011-12-07' then 'ZZ' else region end as region) from (${sql})`, 'codes known', { of: 'region', code: 'ZZ' }],
    ['an account that the store does not have', posts, (sql) => `select * replace (7::bigint as account_key) from (${sql})`, 'codes known', { of: 'account_key', code: '7' }],
    ['a category that no table knows', posts, (sql) => `select * replace ('gossip' as content_category) from (${sql})`, 'codes known', { of: 'content_category', code: 'gossip' }],
    ['a lost row', posts, (sql) => `select * from (${sql}) offset 1`, 'source rows reconcile', { platform: 'demo', counter: 'posts' }],
    ['a changed counter', accountDay, (sql) => `select * replace (reposts + 1 as reposts) from (${sql})`, 'source rows reconcile', { counter: 'reposts' }],
    ['a changed counter of a post', posts, (sql) => `select * replace (reposts + 1 as reposts) from (${sql})`, 'source rows reconcile', { counter: 'reposts' }],
    ['a key twice', accountDay, (sql) => `select * replace (date '2011-12-01' as day) from (${sql})`, 'keys unique', { day: '2011-12-01' }],
    ['a comment twice', interactions, (sql) => `select * from (${sql}) union all (select * from (${sql}) limit 1)`, 'keys unique', { occurrences: 2 }],
    ['a row of another day', accountDay, (sql) => `select * from (${sql}) where account_key <> (select min(account_key) from account)`, 'account-days reconcile', { found: 0 }],
    ['a negative count', accountDay, (sql) => `select * replace (-1 as followers) from (${sql})`, 'nothing negative', { followers: -1 }],
  ]; // prettier-ignore
  test.each(cases)('%s in the file stops the partition, and the rows are shown', async (_, job, spoiling, audit, row) => {
    const { outcome, run, error, found } = await rebuilt(spoil(job, spoiling));
    expect(outcome).toEqual({ job: job.name, published: 0, failed: 1, elsewhere: 0 });
    expect(error).toContain(`"${audit}"`);
    expect(error).toContain(`govblog runs show ${run.id}`);
    const finding = found.find((one) => one.audit === audit)!;
    expect(finding).toMatchObject({ severity: 'block', outcome: 'failed' });
    expect(finding.sample.length).toBeGreaterThan(0);
    expect(finding.sample.length).toBeLessThanOrEqual(10);
    expect(finding.sample[0]).toMatchObject(row);
    expect((await currentSnapshot(test_.app.store))!.id).toBe(snapshot);
  });

  test('a code that the source itself carries stops both facts; the snapshot stays', async () => {
    const [version] = await test_.app.store.query<{ account_key: number; valid_from: string; region: string }>(
      "SELECT account_key, valid_from, region FROM account_version WHERE valid_to IS NULL AND region <> 'UNKNOWN' ORDER BY account_key LIMIT 1",
    );
    const set = (region: string): string =>
      `UPDATE account_version SET region = '${region}' WHERE account_key = ${version!.account_key} AND valid_from = '${version!.valid_from}'`;
    await change(set('QX'));
    const { outcome, found } = await rebuilt(accountDay);
    await change(set(version!.region));
    expect(outcome.failed).toBe(1);
    expect(found.map(({ audit, message }) => [audit, message])).toEqual([['codes known', 'unknown region "QX" (31 rows)']]);
    expect((await currentSnapshot(test_.app.store))!.id).toBe(snapshot);
  });

  test('a source that lost most of its rows agrees with its file, and is stopped all the same', async () => {
    const lost = "posted_day BETWEEN '2011-12-01' AND '2011-12-31' AND account_key % 25 <> 0";
    await change(`UPDATE post SET posted_day = REPLACE(posted_day, '2011-', '1999-') WHERE ${lost}`);
    const { outcome, found } = await rebuilt(posts);
    expect(outcome.failed).toBe(1);
    expect(found.map(({ audit }) => audit)).toEqual(['rows not lost', 'volume not below history']);
    expect(found[0]!.message).toMatch(/^\d+ rows, where the published file has \d+$/);
    // A month that was never published has its neighbours alone to be judged by.
    await change(`UPDATE partition_run SET status = 'failed' WHERE job = 'posts' AND partition_key = '${MONTH}' AND status = 'published'`);
    const first = await rebuilt(posts);
    expect(first.found.map(({ audit }) => audit)).toEqual(['volume not below history']);
    expect(first.found[0]!.message).toMatch(/^\d+ rows, where 12 months nearby let expect about \d+ and at least \d+, by the observed account-day$/);
    await change(
      `UPDATE partition_run SET status = 'published' WHERE job = 'posts' AND partition_key = '${MONTH}' AND uri IS NOT NULL`,
      "UPDATE post SET posted_day = REPLACE(posted_day, '1999-', '2011-') WHERE posted_day LIKE '1999-%'",
    );
    expect((await currentSnapshot(test_.app.store))!.id).toBe(snapshot);
  }); // prettier-ignore

  test('far more rows than ever are published with a warning', async () => {
    const many = spoil(posts, (sql) => `select * from (${sql}), range(30)`);
    const only: Job = { ...many, audits: posts.audits.filter(({ name }) => name.startsWith('volume')) };
    const { outcome, run, found } = await rebuilt(only);
    expect(outcome.published).toBe(1);
    expect(found.map(({ audit, severity, outcome: fate }) => [audit, severity, fate])).toEqual([
      ['volume not above history', 'warn', 'failed'],
    ]);
    // Back to what was published before.
    await change(`UPDATE partition_run SET status = 'failed' WHERE id = ${run.id}`);
    expect((await rebuilt(posts)).outcome.published).toBe(1);
  });

  test('accounts that nobody observed are published with a warning that readers see', async () => {
    const [one] = await test_.app.store.query<{ account_key: number }>('SELECT MIN(account_key) AS account_key FROM account WHERE last_observed_on = (SELECT MAX(last_observed_on) FROM account)'); // prettier-ignore
    const away = `WHERE account_key <> ${one!.account_key} AND last_observed_on > '2011-12-03'`;
    const before = await test_.app.store.query<{ account_key: number; last_observed_on: string }>(
      `SELECT account_key, last_observed_on FROM account ${away}`,
    );
    await change(`UPDATE account SET last_observed_on = '2011-12-03' ${away}`);
    const { outcome, error, found } = await rebuilt(accountDay);
    for (const { account_key, last_observed_on } of before)
      await change(`UPDATE account SET last_observed_on = '${last_observed_on}' WHERE account_key = ${account_key}`);
    expect([outcome.published, error]).toEqual([1, '']);
    expect(found).toMatchObject([{ audit: 'coverage above the floor', severity: 'warn', outcome: 'failed' }]);
    expect(found[0]!.message).toMatch(/^demo: \d+ of \d+ account-days observed, less than 50%$/);
    await mark('posts');
    expect((await rebuilt(accountDay)).outcome.published).toBe(1);
    await test_.app.night();
  });

  test('an override lets one audit fail once, for the data it failed on, and every reader can know', async () => {
    const { app } = test_;
    const newest = (await currentSnapshot(app.store))!.id;
    const [post] = await app.store.query<{ post_id: string; likes: number | null }>(
      "SELECT post_id, likes FROM post WHERE posted_day = '2011-12-09' ORDER BY post_id LIMIT 1",
    );
    const likes = (value: number | null): string => `UPDATE post SET text_length = ${value ?? 5} WHERE post_id = '${post!.post_id}'`;
    const ask = (audit: string, reason = 'the crawler counts so', job = 'posts') =>
      overrideAudit({ job, partition: MONTH, audit, reason, by: 'Ada' }, JOBS, app);

    await expect(ask('nothing negative')).rejects.toThrow(/did not fail the audit "nothing negative"/);
    await change(likes(-3));
    expect((await rebuilt(posts)).outcome.failed).toBe(1);
    await expect(ask('nothing negative', ' ')).rejects.toThrow(/needs a reason/);
    await expect(ask('keys unique')).rejects.toThrow(/It failed: nothing negative/);
    await expect(ask('nothing negative', 'x', 'followers')).rejects.toThrow(/No run of followers/);
    await mark('posts');
    await expect(ask('nothing negative')).rejects.toThrow(/changed since run \d+ failed/);
    expect((await app.night()).jobs[1]).toMatchObject({ published: 0, failed: 1 });
    expect((await currentSnapshot(app.store))!.id).toBe(newest);

    // What failed too often is left alone; an override is a reason to try it again.
    const patient = { ...tools(), maxAttempts: 1 };
    expect(await runDue(posts, patient)).toMatchObject({ published: 0, failed: 0, poisoned: 1 });
    await ask('nothing negative');
    await expect(ask('nothing negative')).rejects.toThrow(
      /Ada has overridden .* already \(override \d+: the crawler counts so\), and no run has used it/,
    );
    expect(await runDue(posts, patient)).toMatchObject({ published: 1, failed: 0 });
    const night = await app.night();
    expect(night.jobs[1]).toMatchObject({ failed: 0 });
    expect(night.changed).toBe(true);
    const run = (await lastRunOf(app.store, 'posts', MONTH))!;
    expect((await resultsOf(app.store, run.id)).filter(({ outcome }) => outcome === 'overridden')).toMatchObject([
      { audit: 'nothing negative', override: { reason: 'the crawler counts so', madeBy: 'Ada' }, sample: [{ text_length: -3 }] },
    ]);
    const reader = await app.reader();
    const notes: AuditNote[] = await reader.notes(night.snapshot!);
    expect(notes).toEqual([
      {
        job: 'posts', partition: MONTH, audit: 'nothing negative', severity: 'block', message: 'negative values in text_length',
        reason: 'the crawler counts so', by: 'Ada', at: app.clock.now(),
      },
    ]); // prettier-ignore
    expect(await reader.notes(snapshot)).toEqual([]);
    const { data } = await test_.graphql('{ dataset { snapshot { id notes { job partition audit severity message reason by at } } } }');
    expect(data).toEqual({
      dataset: { snapshot: { id: night.snapshot, notes: [{ ...notes[0], at: notes[0]!.at!.toISOString() }] } },
    });

    // Other data of the same month: the word of Ada does not hold for them.
    const again = await rebuilt(posts);
    expect(again.outcome.failed).toBe(1);
    expect((await currentSnapshot(app.store))!.id).toBe(night.snapshot);
    if (dialect === 'sqlite') {
      const run_ = (...args: string[]): string =>
        execFileSync(process.execPath, [projectPath('bin', 'govblog.cjs'), ...args], {
          env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: test_.place.dataDir },
          stdio: 'pipe',
        }).toString();
      expect(run_('audits', 'list')).toContain('negative values in text_length');
      expect(run_('status', '--audits')).toContain('negative values in text_length');
      expect(run_('runs', 'show', String(again.run.id))).toMatch(/Rows that "nothing negative" found:[\s\S]*-3/);
      expect(JSON.parse(run_('audits', 'overrides', '--json'))).toMatchObject([{ job: 'posts', partition: MONTH, madeBy: 'Ada' }]);
      expect(() => run_('audits', 'override', 'posts', MONTH, 'nothing negative')).toThrow(/--reason/);
      expect(run_('audits', 'override', 'posts', MONTH, 'nothing negative', '--reason', 'as before')).toContain('Override 2');
      expect(() => run_('runs', 'show', '123456')).toThrow(/There is no run "123456"/);
    }
    await change(likes(5));
    expect((await rebuilt(posts)).outcome.published).toBe(1);
    expect(await openFindings(app.store)).toEqual([]);
  });
});

describe('bounds of a volume', () => {
  const past = (...rows: number[]) => rows.map((one) => ({ rows: one, exposure: 100 }));
  const now = { size: 100, accounts: 60 };

  test('a factor of ten around the median, wider where the history itself is', () => {
    const steady = boundsOf(past(2000, 2100, 1900, 2000, 2050, 1950, 2000), now)!;
    expect(steady.expected).toBeCloseTo(2000, 6);
    expect([steady.least, steady.most].map(Math.round)).toEqual([200, 20_000]);
    // Median of ln: ln 2000; |deviations| sorted 0 0 ln2 ln2 ln4 ln4 ln8 → median ln 2; width 6 × 1.4826 × ln 2.
    const wild = boundsOf(past(250, 500, 1000, 2000, 2000, 4000, 8000), now)!;
    expect(wild.expected / wild.least).toBeCloseTo(2 ** (6 * 1.4826), 6);
  });

  test('half the days let expect half the rows', () => {
    expect(boundsOf(past(4000, 4000, 4000, 4000, 4000, 4000), { size: 50, accounts: 60 })!.expected).toBeCloseTo(2000, 6);
  });

  test('too little to judge by gives no bounds', () => {
    expect(boundsOf(past(2000, 2000, 2000, 2000, 2000), now)).toBeNull();
    expect(boundsOf(past(2000, 2000, 2000, 2000, 2000, 0, 0), now)).toBeNull();
    expect(boundsOf(past(900, 900, 900, 900, 900, 900), now)).toBeNull();
    expect(boundsOf(past(2000, 2000, 2000, 2000, 2000, 2000), { size: 100, accounts: 49 })).toBeNull();
  });
});
