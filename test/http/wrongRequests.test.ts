import { openTestApp, type TestApp } from '../app';

let test_: TestApp;
let origin: string;
beforeAll(async () => {
  test_ = await openTestApp('sqlite');
  origin = (await test_.serve()).address;
});
afterAll(() => test_.close());

async function refused(path: string, options: RequestInit = {}) {
  const reply = await fetch(origin + path, options);
  const body = (await reply.json()) as {
    error?: { code: string; message: string };
    errors?: { message: string; extensions: { code: string } }[];
  };
  const [first] = body.errors ?? [];
  return {
    reply,
    status: reply.status,
    code: body.error?.code ?? first?.extensions.code,
    message: body.error?.message ?? first?.message ?? '',
    isGraphql: body.errors !== undefined,
  };
}

describe('an address that there is not', () => {
  it.each([
    ['/activty.csv?fields=posts', 'Did you mean "/activity.csv"?'],
    ['/codebok', 'Did you mean "/codebook"?'],
    ['/graphiql', 'Did you mean "/graphql"?'],
    ['/activity', 'There is /activity.csv, /activity.json, /activity.parquet, /activity.arrow.'],
    ['/activity.xlsx?from=2011-01-01', 'Did you mean "/activity.'],
    ['/datapackage', 'There is /datapackage.json.'],
  ])('%s is answered with the nearest', async (path, sentence) => {
    const { status, code, message, reply } = await refused(path);
    expect([status, code, reply.headers.get('access-control-allow-origin')]).toEqual([404, 'NOT_FOUND', '*']);
    expect(message).toContain(`There is nothing at ${path.split('?')[0]}. ${sentence}`);
  });

  it('what resembles nothing gets no guess', async () =>
    expect((await refused('/wp-login.php')).message).toBe(
      'There is nothing at /wp-login.php. Try /, /graphql, /codebook, /datapackage.json, /activity.csv or /posts.csv.',
    ));
});

it.each([
  ['POST', '/activity.csv', 'GET, HEAD, OPTIONS'],
  ['PUT', '/q/abc.csv', 'GET, HEAD, OPTIONS'],
  ['DELETE', '/graphql', 'GET, HEAD, OPTIONS, POST'],
  ['GET', '/operations/apply', 'POST'],
])('%s %s: the method is what is wrong', async (method, path, allowed) => {
  const { status, message, reply } = await refused(path, { method });
  expect([status, reply.headers.get('allow')]).toEqual([405, allowed]);
  expect(message).toBe(`${path} takes ${allowed}, not ${method}.`);
});

describe('a body that cannot be read', () => {
  const json = { 'content-type': 'application/json' };
  it.each([
    ['without a kind', { body: new Uint8Array([123, 125]) }, 415, 'BAD_QUERY', 'is of a kind that is not read here. Send JSON'],
    ['as a form', { body: new URLSearchParams({ query: '{ x }' }) }, 415, 'BAD_QUERY', 'content-type: application/json'],
    ['that is no JSON', { body: '{"query":', headers: json }, 400, 'BAD_QUERY', 'The body is no JSON'],
    ['that is empty', { body: '', headers: json }, 400, 'BAD_QUERY', 'The body is empty. Send JSON'],
    ['of 2 MB', { body: JSON.stringify({ query: 'x'.repeat(2_000_000) }), headers: json }, 413, 'LIMIT_EXCEEDED', 'larger than 1 MB'],
  ])('%s is refused in the form of GraphQL, with what to do', async (_what, options, wanted, wantedCode, sentence) => {
    const { status, code, message, isGraphql } = await refused('/graphql', { method: 'POST', ...options });
    expect([status, code, isGraphql]).toEqual([wanted, wantedCode, true]);
    expect(message).toContain(sentence);
  });
});
