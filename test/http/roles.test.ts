import { createKey, revokeKey } from '../../src/access/keys';
import type { AuditEntry } from '../../src/access/audit';
import { DIALECTS } from '../stores';
import { serveTwoSnapshots, type Served } from './published';
import { outcomeOf, raw, rawForm, rawGraphql, type RawReply } from './raw';

const PERIOD = 'period: { from: "2012-01-01", to: "2012-12-31" }';
const DAYS = 'from=2012-01-01&to=2012-12-31';

describe.each(DIALECTS)('who may what on %s', (dialect) => {
  let served: Served;
  let saved: string;
  let file: string;
  const lines: string[] = [];
  beforeAll(async () => {
    served = await serveTwoSnapshots(dialect, (event, facts) => void lines.push(JSON.stringify({ event, ...facts })));
    const { data } = await served.test_.graphql<{ saveQuery: { id: string } }>(
      `mutation { saveQuery(permalink: "/activity.csv?fields=account,posts&${DAYS}") { id } }`,
    );
    saved = data.saveQuery.id;
    const reader = await served.test_.app.reader();
    file = (await reader.open()).snapshot.files[0]!.uri;
  });
  afterAll(() => served.test_.close());

  /** Every door: what it is for, and how to knock. */
  type Knock = (headers: Record<string, string>) => Promise<RawReply>;
  const graphql =
    (query: string): Knock =>
    (headers) =>
      rawGraphql(served.origin, query, headers);
  const get =
    (path: () => string): Knock =>
    (headers) =>
      raw(served.origin, path(), headers);
  const byGet = (query: string): Knock => get(() => `/graphql?query=${encodeURIComponent(query)}`);
  const save = (): Knock => graphql(`mutation { saveQuery(permalink: "/posts.csv?fields=month,posts&${DAYS}") { id } }`);
  const DOORS: Readonly<Record<string, Readonly<Record<string, Knock>>>> = {
    everybody: {
      'aggregates by POST': graphql(`{ activity(${PERIOD}) { rows { month posts } totals { accounts } } }`),
      'aggregates by GET': byGet(`{ posts(${PERIOD}) { rows { region { code } reposts } } }`),
      'aggregates as CSV': get(() => `/activity.csv?fields=month,posts&${DAYS}`),
      'the codebook by GraphQL': graphql('{ dataset { snapshot { id } } }'),
      'the list of snapshots': graphql('{ snapshots { id notes { audit } } }'),
      'what a saved question is': graphql(`{ savedQuery(id: "${'0'.repeat(32)}") { id } __typename }`),
      'the page of questions': get(() => '/'),
      'the codebook': get(() => '/codebook'),
      'the page of a saved question': get(() => `/q/${saved}`),
      'the schema': get(() => '/schema.graphql'),
      'the data package': get(() => '/datapackage.json'),
      'whether it lives': get(() => '/healthz'),
      'whether it is ready': get(() => '/readyz'),
    },
    researchers: {
      'rows by account': graphql(`{ activity(${PERIOD}) { rows { account { id } posts } } }`),
      'rows by account through GET': byGet(`{ posts(${PERIOD}) { rows { account { id } posts } } }`),
      'rows of one account': graphql(`{ activity(${PERIOD}, where: { account: { eq: "weibo:1001" } }) { rows { posts } } }`),
      'rows of one account, wrapped up': graphql(
        `{ activity(${PERIOD}, where: { or: [{ and: [{ not: { account: { in: ["weibo:1001"] } } }] }] }) { totals { posts } } }`,
      ),
      'a comparison of snapshots by account': (headers) =>
        graphql(
          `{ snapshotDiff(from: "${served.older}", to: "${served.newest}", cube: "posts", by: ["account"], measures: ["posts"]) { total } }`,
        )(headers),
      'the registry': graphql('{ accounts(first: 1) { totalCount } }'),
      'an account': graphql('{ account(id: "weibo:1001") { screenName history { screenName } } }'),
      'CSV by account': get(() => `/activity.csv?fields=account,posts&${DAYS}`),
      'Arrow of one account': get(() => `/posts.arrow?fields=posts&${DAYS}&account=weibo:1001`),
      'a saved question by account': get(() => `/q/${saved}.json`),
      'a file of the newest snapshot': get(() => `/files/${file}`),
      'a file of a snapshot': get(() => `/snapshots/${served.newest}/files/${file}`),
      'a whole snapshot': get(() => `/snapshots/${served.older}.zip`),
    },
    admins: {
      jobs: graphql('{ jobs { name missingPartitions(first: 1) { reason } lastRun { error } } }'),
      'jobs by GET': byGet('{ jobs { name } }'),
      backfills: graphql('{ backfills { id } }'),
      'the page of operations': get(() => '/operations'),
      'the audit log': graphql('{ auditLog(first: 3) { id at caller action subject reason outcome } }'),
    },
    'researchers who change something': { saveQuery: save() },
    'admins who change something': {
      planBackfill: graphql('mutation { planBackfill(job: "posts", from: "2012-06-01", to: "2012-06-01", reason: "roles") { token } }'),
      'the form of a plan': (headers) =>
        rawForm(served.origin, '/operations/plan', { job: 'posts', from: '2012-06-01', to: '2012-06-01', reason: 'roles' }, headers),
    },
  };
  const table = Object.entries(DOORS).flatMap(([forWhom, doors]) =>
    Object.entries(doors).map(([door, knock]) => ({ forWhom, door, knock })),
  );

  /** Knocks at every door; what each says, by whom it is for, as long as those for the same people say the same. */
  async function knockEverywhere(headers: Record<string, string>): Promise<Record<string, string | string[]>> {
    const said: Record<string, string[]> = {};
    for (const { forWhom, door, knock } of table) {
      const reply = await knock(headers);
      // There is no saved question of this id: that is an answer too.
      const outcome = outcomeOf(reply).replace('NOT_FOUND', 'ok');
      (said[forWhom] ??= []).push(`${door}: ${outcome}`);
    }
    return Object.fromEntries(
      Object.entries(said).map(([forWhom, outcomes]) => {
        const kinds = [...new Set(outcomes.map((outcome) => outcome.replace(/^.*: /, '')))];
        return [forWhom, kinds.length === 1 ? kinds[0]! : outcomes];
      }),
    );
  }
  const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
  const basic = (secret: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}` });
  const say = (research: string, administer: string, change: string, steer = change) => ({
    everybody: 'ok',
    researchers: research,
    admins: administer,
    'researchers who change something': change,
    'admins who change something': steer,
  });

  // The order counts: first there is no key, then there are some.
  describe('without any key', () => {
    it.each([
      ['this machine', {}, say('ok', 'ok', 'ok')],
      ['a page of this server', { origin: 'ORIGIN', 'sec-fetch-site': 'same-origin' }, say('ok', 'ok', 'ok')],
      ['a name that DNS made lead here', { host: 'evil.example' }, say('ok', 'FORBIDDEN', 'FORBIDDEN')],
      ['a page of another site', { origin: 'https://evil.example' }, say('ok', 'FORBIDDEN', 'FORBIDDEN')],
      ['a form of another site', { 'sec-fetch-site': 'cross-site', origin: 'null' }, say('ok', 'FORBIDDEN', 'FORBIDDEN')],
      ['a proxy', { 'x-forwarded-for': '192.0.2.1' }, say('ok', 'FORBIDDEN', 'FORBIDDEN')],
      ['something that is no key', { authorization: 'Bearer nonsense' }, null],
    ] as const)('%s', async (_, sent, expected) => {
      const headers: Record<string, string> = { ...sent };
      if (headers['origin'] === 'ORIGIN') headers['origin'] = served.origin;
      if (expected !== null) return expect(await knockEverywhere(headers)).toEqual(expected);
      for (const { door, knock } of table.filter(({ door }) => !door.startsWith('whether')))
        expect([door, outcomeOf(await knock(headers))]).toEqual([door, 'UNAUTHENTICATED']);
    });
  });

  describe('with keys', () => {
    const secrets: Record<string, string> = {};
    beforeAll(async () => {
      const { store, clock } = served.test_.app;
      for (const role of ['researcher', 'admin'] as const)
        secrets[role] = (await createKey(store, { role, name: role }, clock.now())).secret;
    });

    it.each([
      ['no key', () => ({}), say('UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED')],
      ['a researcher', () => bearer(secrets['researcher']!), say('ok', 'FORBIDDEN', 'ok', 'FORBIDDEN')],
      ['an admin', () => bearer(secrets['admin']!), say('ok', 'ok', 'ok')],
      ['an admin through another name', () => ({ ...bearer(secrets['admin']!), host: 'govblog.example.org' }), say('ok', 'ok', 'ok')],
      ['a browser that knows the key', () => basic(secrets['admin']!), say('ok', 'ok', 'ok')],
      [
        'a page of another site in such a browser',
        () => ({ ...basic(secrets['admin']!), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
        say('ok', 'ok', 'FORBIDDEN'),
      ],
    ])('%s', async (_, headers, expected) => {
      expect(await knockEverywhere(headers() as Record<string, string>)).toEqual(expected);
    });

    it('refusals have a status, ask for a key in the way of their door, and are kept by nobody', async () => {
      const csv = `/activity.csv?fields=account,posts&${DAYS}`;
      const seen = async (path: string, headers: Record<string, string>) => {
        const { status, headers: got } = await raw(served.origin, path, headers);
        return [status, got['www-authenticate']?.slice(0, 6), got['cache-control'], got['access-control-allow-origin']];
      };
      expect(await seen(csv, {})).toEqual([401, 'Bearer', 'no-store', '*']);
      expect(await seen(`/files/${file}`, {})).toEqual([401, 'Basic ', 'no-store', '*']);
      expect(await seen(csv, bearer('nonsense'))).toEqual([401, 'Bearer', 'no-store', '*']);
      expect(await seen('/graphql?query={__typename}', bearer('nonsense'))).toEqual([401, 'Bearer', 'no-store', '*']);
      const { status, body } = await rawGraphql(served.origin, '{ __typename }', bearer('nonsense'));
      expect([status, JSON.parse(body)]).toEqual([
        401,
        { errors: [{ message: expect.stringContaining('no key of Govblog'), extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
      // Whether the server lives is asked by monitors that know no key.
      expect((await raw(served.origin, '/healthz', bearer('nonsense'))).status).toBe(200);
    });

    it('what was answered for a key may be kept by its holder alone, and costs 304 to the holder alone', async () => {
      const path = `/activity.csv?fields=account,posts&${DAYS}&snapshot=${served.newest}`;
      const { headers } = await raw(served.origin, path, bearer(secrets['researcher']!));
      expect([headers['cache-control'], headers['vary']]).toEqual(['private, max-age=31536000, immutable', 'authorization']);
      const etag = headers['etag'] as string;
      expect((await raw(served.origin, path, { ...bearer(secrets['researcher']!), 'if-none-match': etag })).status).toBe(304);
      expect((await raw(served.origin, path, { 'if-none-match': etag })).status).toBe(401);
      const open = await raw(served.origin, `/activity.csv?fields=month,posts&${DAYS}`);
      expect([open.headers['cache-control'], open.headers['vary']]).toEqual(['public, max-age=60, must-revalidate', undefined]);
    });

    it('scripts of other sites may send a key to what they may read', async () => {
      const { headers } = await raw(served.origin, '/activity.csv', { origin: 'https://dashboard.example' }, 'OPTIONS');
      expect(headers['access-control-allow-headers']).toContain('Authorization');
    });

    it('every request to change something is in the audit log, also those that were refused', async () => {
      const { data } = JSON.parse(
        (await rawGraphql(served.origin, '{ auditLog(first: 100) { caller action outcome } }', bearer(secrets['admin']!))).body,
      ) as {
        data: { auditLog: AuditEntry[] };
      };
      const admin = `${secrets['admin']!.slice(0, 11)} (admin)`;
      const researcher = `${secrets['researcher']!.slice(0, 11)} (researcher)`;
      // Newest first: the other way round than they were sent.
      const entered = (action: string): string[] =>
        data.auditLog
          .filter((entry) => entry.action === action)
          .map(({ caller, outcome }) => `${caller}: ${outcome.split(':').slice(0, 2).join(':')}`)
          .reverse();
      const nobody = [...Array.from({ length: 4 }, () => 'anonymous: refused: FORBIDDEN'), 'anonymous: refused: UNAUTHENTICATED'];
      const byAdmin = [...Array.from({ length: 3 }, () => `${admin}: done`), `${admin}: refused: FORBIDDEN`];
      expect(entered('saveQuery')).toEqual([
        ...Array.from({ length: 3 }, () => 'loopback: done'),
        ...nobody,
        `${researcher}: done`,
        ...byAdmin,
      ]);
      // By GraphQL and by the form, one after the other.
      const twice = (entries: readonly string[]): string[] => entries.flatMap((entry) => [entry, entry]);
      expect(entered('planBackfill')).toEqual(
        twice([...Array.from({ length: 2 }, () => 'loopback: done'), ...nobody, `${researcher}: refused: FORBIDDEN`, ...byAdmin]),
      );
      expect(new Set(data.auditLog.map(({ action }) => action))).toEqual(new Set(['saveQuery', 'planBackfill']));
    });

    it('the log of the server has no key', () => {
      expect(lines.length).toBeGreaterThan(10);
      for (const secret of Object.values(secrets)) expect(lines.join('\n')).not.toContain(secret.slice(12));
    });

    it('a revoked key is refused at once, at every door', async () => {
      const { store, clock } = served.test_.app;
      await revokeKey(store, secrets['admin']!, clock.now());
      for (const { door, knock } of table.filter(({ door }) => !door.startsWith('whether')))
        expect([door, outcomeOf(await knock(bearer(secrets['admin']!)))]).toEqual([door, 'UNAUTHENTICATED']);
      // Nor is this machine an admin again.
      expect(outcomeOf(await save()({}))).toBe('UNAUTHENTICATED');
    });
  });
});
