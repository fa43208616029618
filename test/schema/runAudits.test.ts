import { openTestApp, type TestApp } from '../app';
import { SMALL } from '../hardship/records';
import { DIALECTS } from '../stores';

interface Audit {
  readonly name: string;
  readonly severity: string;
  readonly status: string;
  readonly message: string | null;
  readonly rows: readonly (readonly { readonly name: string; readonly value: string | null }[])[];
  readonly override: { readonly reason: string; readonly by: string; readonly at: string } | null;
}
interface Job {
  readonly name: string;
  readonly failed: readonly { readonly partition: string; readonly run: number; readonly audits: readonly Audit[] }[];
  readonly poisoned: readonly { readonly partition: string; readonly run: number; readonly audits: readonly Audit[] }[];
  readonly runs: readonly { readonly id: number; readonly partition: string; readonly status: string; readonly audits: readonly Audit[] }[];
}

const AUDITS = 'audits { name severity status message rows { name value } override { reason by at } }';

describe.each(DIALECTS)('what audits found, as an admin sees it among the jobs, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { settings: { GOVBLOG_MAX_ATTEMPTS: '2' } });
    await test_.load(SMALL);
    await test_.app.store.write((tx) => tx.run("UPDATE post SET reposts = -1 WHERE post_id = '101'"));
    await test_.app.night();
  });
  afterAll(() => test_.close());

  const postsJob = async (args = '(first: 100)'): Promise<Job> => {
    const query = `{ jobs { name failed { partition run ${AUDITS} } poisoned { partition run ${AUDITS} } runs${args} { id partition status ${AUDITS} } } }`;
    const { data, errors } = await test_.graphql<{ jobs: readonly Job[] }>(query);
    expect(errors).toBeUndefined();
    return data.jobs.find(({ name }) => name === 'posts')!;
  };
  const negative = (audits: readonly Audit[]): Audit => audits.find(({ name }) => name === 'nothing negative')!;
  const valueOf = (audit: Audit, name: string) => audit.rows[0]!.find((one) => one.name === name)?.value;

  test('a failed partition shows the audit that stopped it with its rows, in its list and in its run', async () => {
    const { failed, poisoned, runs } = await postsJob();
    expect([failed.map(({ partition }) => partition), poisoned]).toEqual([['2012-02'], []]);
    const audit = negative(failed[0]!.audits);
    expect(audit).toMatchObject({ severity: 'block', status: 'failed', message: 'negative values in reposts', override: null });
    expect([audit.rows.length, valueOf(audit, 'reposts'), valueOf(audit, 'day')]).toEqual([1, '-1', '2012-02-15']);
    const run = runs.find(({ id }) => id === failed[0]!.run)!;
    expect(run).toEqual({ id: run.id, partition: '2012-02', status: 'failed', audits: failed[0]!.audits });
    const sound = runs.find(({ partition }) => partition === '2012-03')!;
    expect(sound.audits.length).toBeGreaterThan(3);
    expect(sound.audits.filter(({ status, rows }) => status !== 'passed' || rows.length > 0)).toEqual([]);
    expect((await postsJob('(first: 100, status: failed)')).runs.map(({ id }) => id)).toEqual([run.id]);
  });

  test('a poisoned one too, and an override is told with the run that was published under it', async () => {
    await test_.app.night();
    const { failed, poisoned } = await postsJob();
    expect([failed, poisoned.map(({ partition, audits }) => [partition, negative(audits).status])]).toEqual([[], [['2012-02', 'failed']]]);
    const findings = async () =>
      (await test_.graphql<{ auditFindings: object[] }>(`{ auditFindings { run job partition name severity status message rows { name value } override { by } } }`))
        .data.auditFindings; // prettier-ignore
    expect((await findings()).filter((one) => 'job' in one && one.job === 'posts')).toMatchObject([
      { job: 'posts', partition: '2012-02', name: 'nothing negative', severity: 'block', status: 'failed', override: null },
    ]);
    const page = await (await fetch(`${(await test_.serve()).address}/operations`)).text();
    for (const part of ['negative values in reposts', '<td data-label="reposts">-1</td>', 'not published', 'action="/operations/override"'])
      expect(page).toContain(part);

    const override = (audit: string, reason: string) =>
      test_.graphql<{ overrideAudit: object }>(
        'mutation ($audit: String!, $reason: String!) { overrideAudit(job: "posts", partition: "2012-02", audit: $audit, reason: $reason) { reason by } }',
        { audit, reason },
      );
    expect((await override('nothing negative', ' ')).errors![0]!.message).toContain('needs a reason');
    expect((await override('keys unique', 'why not')).errors![0]!.extensions.code).toBe('NOT_FOUND');
    expect((await override('nothing negative', 'hidden counts')).data.overrideAudit).toEqual({ reason: 'hidden counts', by: 'loopback' });
    await test_.app.night();
    const { runs } = await postsJob('(first: 1)');
    expect(runs).toMatchObject([{ partition: '2012-02', status: 'published' }]);
    const audit = negative(runs[0]!.audits);
    expect(audit).toMatchObject({ status: 'overridden', override: { reason: 'hidden counts', by: 'loopback' } });
    expect(Date.parse(audit.override!.at)).toBe(test_.app.clock.now().getTime());
    expect(valueOf(audit, 'reposts')).toBe('-1');
    expect((await findings()).filter((one) => 'job' in one && one.job === 'posts')).toMatchObject([
      { partition: '2012-02', status: 'overridden', override: { by: 'loopback' } },
    ]);
    const log = await test_.graphql<{ auditLog: object[] }>('{ auditLog(first: 1) { caller action subject reason outcome } }');
    expect(log.data.auditLog).toEqual([
      { caller: 'loopback', action: 'overrideAudit', subject: 'posts 2012-02 nothing negative', reason: 'hidden counts', outcome: 'done' },
    ]);
  });

  test('more runs at once than there may be are refused', async () => {
    const { errors } = await test_.graphql('{ jobs { runs(first: 101) { id } } }');
    expect(errors![0]!.extensions.code).toBe('LIMIT_EXCEEDED');
  });
});
