import { createKey } from '../../src/access/keys';
import { isLasting } from '../../src/http/keptReplies';
import { openTestApp, type TestApp } from '../app';

const PERIOD = 'period: { from: "2012-01-01", to: "2013-03-31" }';

test.each([
  [true, `{ activity(${PERIOD}) { rows { month posts } } }`],
  [true, `query Named($n: Int) { a: posts(${PERIOD}, limit: $n) { ...Rest } __typename } fragment Rest on PostsAnswer { rowCount }`],
  [true, `{ activity(${PERIOD}) { provenance { snapshot queryId resultHash permalink sql } } }`],
  [false, `{ activity(${PERIOD}) { provenance { citation } } }`],
  [false, `{ activity(${PERIOD}) { provenance { milliseconds } } }`],
  [false, `{ activity(${PERIOD}) { ...P } } fragment P on ActivityAnswer { provenance { ms: milliseconds } }`],
  [false, `{ activity(${PERIOD}) { rowCount } jobs { name } }`],
  [false, `{ ...Q } fragment Q on Query { jobs { name } }`],
  [false, 'mutation { saveQuery(permalink: "/x") { id } }'],
  [false, `query A { activity(${PERIOD}) { rowCount } } query B { jobs { name } }`],
  [false, '{ oops'],
])('%p: whether the reply to %s is the same until the next snapshot', (expected, document) => {
  expect(isLasting(document)).toBe(expected);
});

describe('a question that was asked before', () => {
  let test_: TestApp;
  let address: string;
  const post = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  const hits = async (): Promise<number> =>
    Number(/^govblog_cache_\w*hits\w* (\d+)$/m.exec(await (await fetch(`${address}/metrics`)).text())![1]);
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'traps' });
    ({ address } = await test_.serve());
  });
  afterAll(() => test_.close());

  test('gets the same bytes and headers, by POST and by GET', async () => {
    const query = `{ activity(${PERIOD}) { rows { month accountType posts } totals { posts } provenance { snapshot resultHash } } }`;
    const shown = async (reply: Response) => [
      reply.status,
      await reply.text(),
      ...['content-type', 'x-govblog-snapshot', 'etag', 'cache-control', 'access-control-allow-origin'].map((name) =>
        reply.headers.get(name),
      ),
    ];
    for (const ask of [() => post(query), () => fetch(`${address}/graphql?query=${encodeURIComponent(query)}`)]) {
      const first = await shown(await ask());
      const before = await hits();
      expect(await shown(await ask())).toEqual(first);
      expect(await hits()).toBe(before + 1);
      expect(first[0]).toBe(200);
    }
  });

  test('variables, the accepted type and the address make another question', async () => {
    const query = `query Q($to: Day!) { activity(period: { from: "2012-01-01", to: $to }) { totals { posts } } }`;
    const ask = async (to: string): Promise<string> =>
      (
        await fetch(`${address}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables: { to } }),
        })
      ).text();
    const [early, late] = [await ask('2012-02-10'), await ask('2012-12-31')];
    expect(early).not.toBe(late);
    expect([await ask('2012-02-10'), await ask('2012-12-31')]).toEqual([early, late]);
  });

  test('an error is not kept', async () => {
    const query = `{ activity(${PERIOD}) { rows { postz } } }`;
    const first = await (await post(query)).text();
    const before = await hits();
    expect(await (await post(query)).text()).toBe(first);
    expect(await hits()).toBe(before);
  });

  test('gets other numbers after a night that changed them', async () => {
    const query = `{ posts(${PERIOD}) { totals { posts } } }`;
    const before = await (await post(query)).text();
    await test_.load([
      { kind: 'post', platform: 'weibo', postId: '999', accountId: '1001', postedAt: Date.parse('2012-06-01T00:00:00Z'), observedAt: Date.parse('2013-03-31T04:00:00Z'), text: '新', original: true, reposts: 0, comments: 0, likes: null },
    ]); // prettier-ignore
    expect(await (await post(query)).text()).toBe(before);
    await test_.app.night();
    const after = await (await post(query)).text();
    const count = (text: string): number =>
      (JSON.parse(text) as { data: { posts: { totals: { posts: number } } } }).data.posts.totals.posts;
    expect(count(after)).toBe(count(before) + 1);
  });

  test('what a researcher was told is not told to anybody', async () => {
    const query = `{ activity(${PERIOD}) { rows { account { id } posts } } }`;
    const { store, clock } = test_.app;
    const { secret } = await createKey(store, { role: 'researcher', name: 'r' }, clock.now());
    await createKey(store, { role: 'admin', name: 'a' }, clock.now());
    for (let round = 0; round < 2; round += 1) {
      const told = await (await post(query, { authorization: `Bearer ${secret}` })).text();
      expect(told).toContain('"weibo:1001"');
      const refused = await (await post(query)).text();
      expect(refused).toContain('UNAUTHENTICATED');
      expect(refused).not.toContain('weibo:1001');
    }
  });
});
