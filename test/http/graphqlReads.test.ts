import { createHash } from 'node:crypto';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { openSavedQueries } from '../../src/answer/saved';
import { startServer, type HttpServer } from '../../src/http/server';
import { silentLog } from '../../src/log';
import { LATER, openTestApp, type TestApp } from '../app';

const QUESTION = 'query Q($to: Day!) { activity(period: { from: "2012-01-01", to: $to }) { rows { month posts } } }';
const asked = (variables: object, query = QUESTION): string =>
  `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(JSON.stringify(variables))}`;

let test_: TestApp;
let origin: string;
let snapshot: string;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'traps' });
  snapshot = (await test_.app.night()).snapshot!;
  origin = (await test_.serve()).address;
});
afterAll(() => test_.close());

describe('a question in the address', () => {
  it('has the answer of POST, a tag of its content, and costs 304 when asked again', async () => {
    const path = asked({ to: '2012-12-31' });
    const reply = await fetch(origin + path);
    const body = await reply.text();
    expect(JSON.parse(body)).toEqual(await test_.graphql(QUESTION, { to: '2012-12-31' }));
    const etag = reply.headers.get('etag')!;
    expect(etag).toBe(`"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`);
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    expect(reply.headers.get('x-govblog-snapshot')).toBe(snapshot);
    const again = await fetch(origin + path, { headers: { 'if-none-match': etag } });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    expect(again.headers.get('x-govblog-snapshot')).toBe(snapshot);
    const other = await fetch(origin + asked({ to: '2012-06-30' }), { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
    expect(other.headers.get('etag')).not.toBe(etag);
  });

  it('a document that cannot be read has no tag', async () => {
    const reply = await fetch(origin + asked({}, '{ nope }'), { headers: { 'if-none-match': '*' } });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('access-control-allow-origin')]).toEqual([400, null, '*']);
  });

  it('names every snapshot that was read, and none when none was', async () => {
    const pinned = `{ a: dataset { snapshot { id } } b: dataset(snapshot: "${snapshot}") { snapshot { id } } }`;
    expect((await fetch(origin + asked({}, pinned))).headers.get('x-govblog-snapshot')).toBe(snapshot);
    expect((await fetch(origin + asked({}, '{ __typename }'))).headers.get('x-govblog-snapshot')).toBeNull();
    const post = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: pinned }),
    });
    expect(post.headers.get('x-govblog-snapshot')).toBe(snapshot);
    expect([post.headers.get('etag'), post.headers.get('access-control-allow-origin')]).toEqual([null, null]);
  });

  it('scripts of other sites may ask by GET alone, since the schema can save a question', async () => {
    const { status, headers } = await fetch(`${origin}/graphql`, { method: 'OPTIONS' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    expect(headers.get('access-control-allow-headers')).not.toMatch(/content-type/i);
  });
});

describe('a schema that only reads', () => {
  it('is open to scripts of other sites for POST too', async () => {
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { one: { type: GraphQLInt, resolve: () => 1 } } }),
    });
    const reader = await test_.app.reader();
    const saved = openSavedQueries(test_.app.store, reader, null, LATER);
    const server = await startServer(
      {
        schema,
        log: silentLog,
        store: test_.app.store,
        clock: test_.app.clock,

        reader,
        cache: null,
        saved,
        operations: test_.app.operations({ schedule: null, nextRunAt: () => null }),
        publicUrl: '',
        access: test_.app.access,
      },
      '127.0.0.1',
      0,
    );
    const { status, headers } = await fetch(`${server.address}/graphql`, { method: 'OPTIONS' });
    await server.close();
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, OPTIONS');
    expect(headers.get('access-control-allow-headers')).toBe('Content-Type, If-None-Match');
  });
});

describe('a schema that can change something', () => {
  let changes = 0;
  let server: HttpServer;
  const int = { type: GraphQLInt, resolve: () => 1 };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { one: int } }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: { change: { type: GraphQLInt, resolve: () => (changes += 1) } } }),
  });
  beforeAll(async () => {
    const reader = await test_.app.reader();
    const saved = openSavedQueries(test_.app.store, reader, null, LATER);
    server = await startServer(
      {
        schema,
        log: silentLog,
        store: test_.app.store,
        clock: test_.app.clock,

        reader,
        cache: null,
        saved,
        operations: test_.app.operations({ schedule: null, nextRunAt: () => null }),
        publicUrl: '',
        access: test_.app.access,
      },
      '127.0.0.1',
      0,
    );
  });
  afterAll(() => server.close());
  const post = (query: string): Promise<Response> =>
    fetch(`${server.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
      body: JSON.stringify({ query }),
    });

  it('is never changed by GET or HEAD', async () => {
    const path = `${server.address}/graphql?query=${encodeURIComponent('mutation { change }')}`;
    const reply = await fetch(path);
    expect([reply.status, reply.headers.get('allow'), reply.headers.get('etag')]).toEqual([405, 'POST', null]);
    expect((await fetch(path, { method: 'HEAD' })).status).toBe(405);
    expect(changes).toBe(0);
    expect(await (await post('mutation { change }')).json()).toEqual({ data: { change: 1 } });
    expect(changes).toBe(1);
  });

  it('is open to scripts of other sites for GET alone', async () => {
    const preflight = await fetch(`${server.address}/graphql`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).not.toMatch(/content-type/i);
    expect((await post('{ one }')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${server.address}/graphql?query={one}`)).headers.get('access-control-allow-origin')).toBe('*');
  });
});

it('before anything is published, every door says so', async () => {
  const empty = await openTestApp('sqlite');
  const { address } = await empty.serve();
  for (const path of [
    '/datapackage.json',
    '/croissant.json',
    '/ddi.xml',
    '/files/a',
    '/activity.parquet?fields=posts&from=2012-01-01&to=2012-02-01',
  ]) {
    const reply = await fetch(address + path);
    const { error } = (await reply.json()) as { error: { code: string } };
    expect([path, reply.status, error.code, reply.headers.get('cache-control')]).toEqual([path, 404, 'NOT_PUBLISHED', 'no-store']);
  }
  await empty.close();
});
