import { createKey } from '../../src/access/keys';
import { DIALECTS } from '../stores';
import { serveTwoSnapshots, type Served } from './published';
import { outcomeOf, raw, rawGraphql } from './raw';

type Data = Record<string, never>;
interface Reply {
  readonly data: Data | null;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

describe.each(DIALECTS)('backfills by GraphQL on %s', (dialect) => {
  let served: Served;
  let admin: Record<string, string>;
  let adminName: string;
  beforeAll(async () => {
    served = await serveTwoSnapshots(dialect);
    const { store, clock } = served.test_.app;
    const { key, secret } = await createKey(store, { role: 'admin', name: '管理员' }, clock.now());
    admin = { authorization: `Bearer ${secret}` };
    adminName = `${key.id} (管理员)`;
  });
  afterAll(() => served.test_.close());

  const ask = async (query: string): Promise<Reply> => JSON.parse((await rawGraphql(served.origin, query, admin)).body) as Reply;
  const told = async <T>(query: string): Promise<T> => {
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    return data as T;
  };
  interface Plan {
    planBackfill: { token: string; partitions: string[]; rows: number; expiresAt: string; details: { partition: string; rows: number }[] };
  }
  const plan = (from: string, to: string, more = ''): Promise<Plan> =>
    told(
      `mutation Plan { planBackfill(job: "accountDay", from: "${from}", to: "${to}", reason: "late posts"${more}) { token partitions rows expiresAt details { partition rows } changes { months cubes { cube } } } }`,
    );

  it('is planned, applied, watched, and ends in a new run of exactly its partitions', async () => {
    const { planBackfill } = await plan('2012-02-10', '2012-04-01');
    expect(planBackfill.partitions).toEqual(['2012-02', '2012-03', '2012-04']);
    expect(planBackfill.details.reduce((sum, { rows }) => sum + rows, 0)).toBe(planBackfill.rows);
    expect(Date.parse(planBackfill.expiresAt)).toBeGreaterThan(served.test_.app.clock.now().getTime());
    const { store } = served.test_.app;
    const runsBefore = await store.query('SELECT id FROM partition_run');

    const { applyBackfill } = await told<{ applyBackfill: { id: string } }>(
      `mutation Apply { applyBackfill(token: "${planBackfill.token}") { id } }`,
    );
    const again = await told<{ applyBackfill: { id: string } }>(`mutation { applyBackfill(token: "${planBackfill.token}") { id } }`);
    expect(again.applyBackfill.id).toBe(applyBackfill.id);
    const progress = (status = 'FAILED') =>
      told<{ backfill: Record<string, unknown> }>(
        `query Progress { backfill(id: "${applyBackfill.id}") { status done failed total etaSeconds requestedBy reason partitions(status: ${status}) { partition error attempts } history { event by } } }`,
      );
    expect((await progress('QUEUED')).backfill).toMatchObject({
      ...{ status: 'QUEUED', done: 0, failed: 0, total: 3, requestedBy: adminName, reason: 'late posts' },
      partitions: [{ partition: '2012-02', error: null, attempts: 0 }, { partition: '2012-03' }, { partition: '2012-04' }],
      history: [{ event: 'applied', by: adminName }],
    });
    expect((await told<{ backfills: unknown[] }>('{ backfills(first: 5, live: true) { id } }')).backfills).toEqual([
      { id: applyBackfill.id },
    ]);

    await served.test_.app.work();
    expect((await progress()).backfill).toMatchObject({ status: 'PUBLISHED', done: 3, failed: 0, total: 3, etaSeconds: 0, partitions: [] });
    expect((await told<{ backfills: unknown[] }>('{ backfills(first: 5, live: true) { id } }')).backfills).toEqual([]);
    const runs = await store.query<{ id: number; job: string; partition_key: string }>(
      'SELECT id, job, partition_key FROM partition_run ORDER BY id',
    );
    const built = runs.slice(runsBefore.length).filter(({ job }) => job === 'accountDay');
    expect(built.map(({ partition_key }) => partition_key)).toEqual(['2012-02', '2012-03', '2012-04']);
  });

  it('is paused, resumed, cancelled; each once, with its reason', async () => {
    const { planBackfill } = await plan('2012-05-01', '2012-05-01', ', filter: { account: ["weibo:1001"] }');
    const { applyBackfill } = await told<{ applyBackfill: { id: string } }>(
      `mutation { applyBackfill(token: "${planBackfill.token}") { id } }`,
    );
    const { id } = applyBackfill;
    const steer = (what: string): Promise<Reply> => ask(`mutation { ${what}Backfill(id: "${id}", reason: "because") { status } }`);
    expect((await steer('pause')).data).toEqual({ pauseBackfill: { status: 'PAUSED' } });
    expect((await steer('pause')).errors![0]!.extensions.code).toBe('CONFLICT');
    expect((await steer('resume')).data).toEqual({ resumeBackfill: { status: 'QUEUED' } });
    expect((await steer('retry')).errors![0]!.extensions.code).toBe('CONFLICT');
    expect((await steer('cancel')).data).toEqual({ cancelBackfill: { status: 'CANCELLED' } });
    const { backfill } = await told<{ backfill: object }>(`{ backfill(id: "${id}") { history { event note } } }`);
    expect(backfill).toEqual({
      history: ['applied', 'paused', 'resumed', 'cancelled'].map((event) => ({
        event,
        note: event === 'applied' ? 'late posts' : 'because',
      })),
    });
    const { auditLog } = await told<{ auditLog: Record<string, string>[] }>(
      '{ auditLog(first: 7) { caller action subject reason outcome } }',
    );
    expect(
      auditLog.map(({ action, subject, reason, outcome }) => [action, subject, reason, outcome!.split(': ').slice(0, 2).join(': ')]),
    ).toEqual([
      ['cancelBackfill', `backfill ${id}`, 'because', 'done'],
      ['retryBackfill', `backfill ${id}`, 'because', 'refused: CONFLICT'],
      ['resumeBackfill', `backfill ${id}`, 'because', 'done'],
      ['pauseBackfill', `backfill ${id}`, 'because', 'refused: CONFLICT'],
      ['pauseBackfill', `backfill ${id}`, 'because', 'done'],
      ['applyBackfill', `plan ${planBackfill.token}: accountDay 2012-05-01 to 2012-05-01 {"account":["weibo:1001"]}`, 'late posts', 'done'],
      ['planBackfill', 'accountDay 2012-05-01 to 2012-05-01 {"account":["weibo:1001"]}', 'late posts', 'done'],
    ]);
    expect(new Set(auditLog.map(({ caller }) => caller))).toEqual(new Set([adminName]));
  });

  it.each([
    [
      'a job that is none',
      'mutation { planBackfill(job: "accountDays", from: "2012-01-01", to: "2012-01-31", reason: "x") { token } }',
      'BAD_QUERY',
      'Did you mean "accountDay"',
    ],
    [
      'days without data',
      'mutation { planBackfill(job: "posts", from: "1999-01-01", to: "1999-01-31", reason: "x") { token } }',
      'BAD_QUERY',
      'No partition of posts',
    ],
    [
      'no reason',
      'mutation { planBackfill(job: "posts", from: "2012-01-01", to: "2012-01-31", reason: " ") { token } }',
      'BAD_QUERY',
      'needs a reason',
    ],
    ['a token that is none', 'mutation { applyBackfill(token: "nonsense") { id } }', 'UNKNOWN_PLAN', 'There is no plan'],
    ['a backfill that is not there', 'mutation { cancelBackfill(id: "999") { id } }', 'NOT_FOUND', 'There is no backfill 999'],
    ['an id that is none', '{ backfill(id: "1; DROP TABLE backfill") { id } }', 'NOT_FOUND', 'There is no backfill "1; DROP'],
    ['too many', '{ backfills(first: 100000) { id } }', 'LIMIT_EXCEEDED', '0 to 1000'],
  ] as const)('%s: a code and a sentence', async (_, query, code, words) => {
    const { errors } = await ask(query);
    expect(errors!.map(({ extensions, message }) => [extensions.code, message])).toEqual([[code, expect.stringContaining(words)]]);
  });

  it('every mutation is for admins, and every refusal is entered', async () => {
    const { store, clock } = served.test_.app;
    const { key, secret } = await createKey(store, { role: 'researcher', name: 'r' }, clock.now());
    const mutations = [
      'planBackfill(job: "posts", from: "2012-01-01", to: "2012-01-31", reason: "x") { token }',
      'applyBackfill(token: "t") { id }',
      ...['cancel', 'pause', 'resume', 'retry'].map((what) => `${what}Backfill(id: "1") { id }`),
      'runNight',
    ];
    for (const mutation of mutations) {
      const refused = await rawGraphql(served.origin, `mutation { ${mutation} }`, { authorization: `Bearer ${secret}` });
      expect([mutation, outcomeOf(refused)]).toEqual([mutation, 'FORBIDDEN']);
      expect(outcomeOf(await rawGraphql(served.origin, `mutation { ${mutation} }`, { host: 'evil.example' }))).toBe('UNAUTHENTICATED');
      expect((await raw(served.origin, `/graphql?query=${encodeURIComponent(`mutation { ${mutation} }`)}`, admin)).status).toBe(405);
    }
    const { auditLog } = await told<{ auditLog: Record<string, string>[] }>(
      `{ auditLog(first: ${2 * mutations.length}) { caller action outcome } }`,
    );
    expect(auditLog.reverse().map(({ caller, action, outcome }) => [caller, action, outcome!.split(':')[1]!.trim()])).toEqual(
      mutations.flatMap((mutation) => {
        const [action] = /^\w+/.exec(mutation)!;
        return [
          [`${key.id} (r)`, action, 'FORBIDDEN'],
          ['anonymous', action, 'UNAUTHENTICATED'],
        ];
      }),
    );
  });

  it('a night is begun, goes on by itself, and jobs say how things stand', async () => {
    const before = await served.test_.app.store.query("SELECT id FROM night WHERE outcome = 'done'");
    expect(await told('mutation { runNight(reason: "new accounts") again: runNight(reason: "impatient") }')).toEqual({
      ...{ runNight: true, again: false },
    });
    expect(await told('{ auditLog(first: 2) { reason outcome } }')).toEqual({
      auditLog: [
        { reason: 'impatient', outcome: 'refused: a night is running already' },
        { reason: 'new accounts', outcome: 'done' },
      ],
    });
    for (let tries = 0; tries < 400; tries += 1) {
      if ((await served.test_.app.store.query("SELECT id FROM night WHERE outcome = 'done'")).length > before.length) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { jobs } = await told<{ jobs: Record<string, unknown>[] }>(
      'query Operations { jobs { name schedule nextRunAt watermark missing(first: 10) lastRun { status startedAt rows durationMs } running { partition } failed { partition error } poisoned { partition } overdue } }',
    );
    expect(
      jobs.map(({ name, missing, running, failed, poisoned, overdue }) => [name, missing, running, failed, poisoned, overdue]),
    ).toEqual(['accountDay', 'posts', 'interactions'].map((name) => [name, [], [], [], [], false]));
    expect(await served.test_.app.store.query("SELECT id FROM night WHERE outcome = 'done'")).toHaveLength(before.length + 1);
  });
});
