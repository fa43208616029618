import { serveTwoSnapshots, type Served } from './published';
import { FORMS } from '../../src/http/forms';

const PLAIN = 'fields=account,posts&from=2012-01-01&to=2012-12-31';
const EVIL = `</script><img src=x onerror="alert('1')">& 甲`;

let served: Served;
/** A question on the older snapshot, saved with a title that would end whatever it stands in. */
let id: string;
beforeAll(async () => {
  served = await serveTwoSnapshots();
  const { data } = await served.test_.graphql<{ saveQuery: { id: string } }>(
    'mutation Save($permalink: String!, $title: String) { saveQuery(permalink: $permalink, title: $title, by: "A. Reader") { id } }',
    { permalink: `/activity.json?${PLAIN}&snapshot=${served.older}`, title: EVIL },
  );
  ({ id } = data.saveQuery);
});
afterAll(() => served.test_.close());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(served.origin + path, { headers, method });
const bytesOf = async (reply: Response): Promise<Buffer> => Buffer.from(await reply.arrayBuffer());
const setHash = async (hash: string): Promise<void> => {
  await served.test_.app.store.write((tx) => tx.run('UPDATE saved_query SET result_hash = ? WHERE id = ?', [hash, id]));
};
const hashOfSaved = async (): Promise<string> =>
  (await served.test_.app.store.query<{ result_hash: string }>('SELECT result_hash FROM saved_query WHERE id = ?', [id]))[0]!.result_hash;

describe.each(Object.keys(FORMS))('/q/<id>.%s', (form) => {
  it('is the pinned answer byte for byte, verified, and may be kept for ever', async () => {
    const reply = await get(`/q/${id}.${form}`);
    const pinned = await get(`/activity.${form}?${PLAIN}&snapshot=${served.older}`);
    expect((await bytesOf(reply)).equals(await bytesOf(pinned))).toBe(true);
    const { status, headers } = reply;
    expect([status, headers.get('content-type')]).toEqual([200, pinned.headers.get('content-type')]);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect([headers.get('x-govblog-snapshot'), headers.get('x-govblog-verified')]).toEqual([served.older, 'true']);
    expect([headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual([
      '*',
      expect.stringContaining('x-govblog-verified'),
    ]);
    const etag = headers.get('etag')!;
    expect(etag).toBe(pinned.headers.get('etag'));
    const again = await get(`/q/${id}.${form}`, { 'if-none-match': etag });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    expect((await get(`/q/${id}.${form}`, {}, 'HEAD')).headers.get('etag')).toBe(etag);
  });

  it('says so, and is not kept, when its rows no longer have the hash that was saved', async () => {
    const hash = await hashOfSaved();
    await setHash('0'.repeat(64));
    const { status, headers } = await get(`/q/${id}.${form}`);
    await setHash(hash);
    expect([status, headers.get('x-govblog-verified'), headers.get('cache-control'), headers.get('etag')]).toEqual([
      200,
      'false',
      'no-store',
      null,
    ]);
    expect((await get(`/q/${id}.${form}`)).headers.get('x-govblog-verified')).toBe('true');
  });
});

it('what is not there, or takes no parameters, is refused with a code', async () => {
  for (const [path, status, code] of [
    ['/q/0123.csv', 404, 'NOT_FOUND'],
    [`/q/${id}.csv?snapshot=${served.newest}`, 400, 'BAD_QUERY'],
  ] as const) {
    const reply = await get(path);
    const { error } = (await reply.json()) as { error: { code: string } };
    expect([path, reply.status, error.code, reply.headers.get('cache-control')]).toEqual([path, status, code, 'no-store']);
  }
});

describe('the page that a citation leads to', () => {
  const page = async (): Promise<string> => (await get(`/q/${id}`)).text();
  const escaped = '&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp; 甲';

  it('says what it is, that it is verified, how to cite it, and where its rows are', async () => {
    const reply = await get(`/q/${id}`);
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const html = await reply.text();
    expect(html).toContain(`<h1>${escaped}</h1>`);
    expect(html).toContain('Account activity: Posts by Account, 2012-01-01 to 2012-12-31');
    expect(html).toContain(`${served.older} (<a href="/snapshots/${served.older}.zip">`);
    expect(html).toContain(await hashOfSaved());
    expect(html).toContain('Yes: run again for this page');
    expect(html).toMatch(/2026-01-15 04:00 UTC, by A\. Reader/);
    expect(html).toContain(`${served.origin}/q/${id}</blockquote>`);
    for (const form of Object.keys(FORMS)) {
      expect(html).toContain(`href="/q/${id}.${form}"`);
      expect((await get(`/q/${id}.${form}`)).status).toBe(200);
    }
    expect(html).not.toMatch(/<img|[^&]onerror="|>(null|undefined)</);
    expect(reply.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('tells machines the same in the words of schema.org, and its title ends no script', async () => {
    const scripts = [...(await page()).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
    expect(scripts).toHaveLength(1);
    const document = JSON.parse(scripts[0]![1]!) as Record<string, unknown> & {
      distribution: { contentUrl: string; encodingFormat: string }[];
    };
    expect(document).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'Dataset',
      url: `${served.origin}/q/${id}`,
      name: EVIL,
      version: served.older,
      temporalCoverage: '2012-01-01/2012-12-31',
      dateCreated: '2026-01-15T04:00:00.000Z',
    });
    expect(document['identifier']).toEqual([
      { '@type': 'PropertyValue', propertyID: 'queryId', value: id },
      { '@type': 'PropertyValue', propertyID: 'sha256 of the rows', value: await hashOfSaved() },
    ]);
    for (const { contentUrl, encodingFormat } of document.distribution) {
      const reply = await fetch(contentUrl);
      expect([contentUrl, reply.status, reply.headers.get('content-type')!.split(';')[0]]).toEqual([contentUrl, 200, encodingFormat]);
    }
    expect(document.distribution).toHaveLength(Object.keys(FORMS).length);
  });

  it('says that the rows are others, when they are', async () => {
    const hash = await hashOfSaved();
    await setHash('0'.repeat(64));
    const html = await page();
    await setHash(hash);
    expect(html).toContain(`No: run again for this page, the rows have another hash, ${hash}.`);
    expect(html).not.toContain('Yes: run again');
  });

  it('says why it could not be run', async () => {
    const { store } = served.test_.app;
    const [{ question }] = (await store.query<{ question: string }>('SELECT question FROM saved_query WHERE id = ?', [id])) as [
      { question: string },
    ];
    const setQuestion = (json: string) => store.write((tx) => tx.run('UPDATE saved_query SET question = ? WHERE id = ?', [json, id]));
    await setQuestion(question.replace('"activity"', '"formerly"'));
    const html = await page();
    await setQuestion(question);
    expect(html).toContain('Not now: There is no cube &quot;formerly&quot;');
  });

  it('is a page too when there is none', async () => {
    for (const path of ['/q/0123', `/q/${id}.xml`, '/q/%3Cb%3E']) {
      const reply = await get(path);
      const html = await reply.text();
      expect([path, reply.status, reply.headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8']);
      expect(html).toContain('There is no saved question &quot;');
      expect(html).not.toContain('<b>');
    }
  });
});
