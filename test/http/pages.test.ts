import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codebookOf } from '../../src/export/codebook';
import { codebookPage } from '../../src/export/codebookPage';
import { markup } from '../../src/export/markup';
import { DATASET } from '../../src/export/dataset';
import { readExamples } from '../../src/http/pages/examples';
import { graphiqlPage } from '../../src/http/pages/graphiqlPage';
import { CUBES } from '../../src/model';
import type { Members } from '../../src/model/members';
import { LIMITS } from '../../src/query/limits';
import { projectPath } from '../../src/paths';
import { serveDemo, type DemoServer } from '../browser/demoServer';

const CSP =
  "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self' data:;" +
  "connect-src 'self';worker-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'self'";
const ESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const FIELDS = CUBES.map(codebookOf).flatMap(({ name, dimensions, measures }) =>
  [...dimensions, ...measures].map((field) => [`${name}-${field.name}`, field] as const),
);

let full: DemoServer;
let empty: DemoServer;
beforeAll(async () => {
  [full, empty] = [await serveDemo('published'), await serveDemo('empty')];
});
afterAll(async () => {
  await full.close();
  await empty.close();
});

/** Asks as a browser asks that keeps nothing. */
const get = (path: string, headers: Record<string, string> = {}, server = full): Promise<Response> =>
  fetch(`${server.origin}${path}`, { headers });
const text = async (path: string, server = full): Promise<string> => (await get(path, {}, server)).text();
async function ask<T = Record<string, unknown>>(
  question: object,
  server = full,
): Promise<{ data: T; errors?: { extensions: { code: string } }[] }> {
  const reply = await fetch(`${server.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  return (await reply.json()) as { data: T };
}
/** The list in an answer: the answer itself, or its rows, edges or cubes. */
const listOf = (answer: unknown): unknown[] => {
  if (Array.isArray(answer)) return answer;
  const { rows, edges, cubes } = answer as Record<string, unknown[] | undefined>;
  return rows ?? edges ?? cubes ?? [];
};
/** What a reader sees of markup. */
const unescaped = (html: string): string =>
  html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ESCAPED[name]!);
/** The examples as the page carries them. */
const carried = (html: string): { query: string; variables: string }[] =>
  JSON.parse(/<script type="application\/json" id="examples">(.*?)<\/script>/s.exec(html)![1]!);

describe('every page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/codebook', 'text/html; charset=utf-8'],
    ['/schema.graphql', 'text/plain; charset=utf-8'],
  ])('%s allows nothing from elsewhere and no script in the page, and is asked about again', async (path, type) => {
    for (const server of [full, empty]) {
      const { status, headers } = await get(path, {}, server);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toBe(CSP);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect((await get(path, { 'if-none-match': headers.get('etag')! }, server)).status).toBe(304);
    }
  });

  it.each(['/', '/codebook'])('%s says that the data are synthetic, and leads to the others', async (path) => {
    const html = await text(path);
    expect(html).toContain(`<p class="notice" role="note">${DATASET.syntheticNote}</p>`);
    for (const address of ['/', '/codebook', '/schema.graphql']) expect(html).toContain(`<a href="${address}">`);
  });

  it.each(['/', '/codebook'])('%s says that nothing is published yet, and what to do', async (path) => {
    const html = await text(path, empty);
    expect(html).toMatch(/<p class="notice" role="note">Nothing is published yet\..*<code>govblog ingest<\/code>/);
    expect(html).not.toContain(DATASET.syntheticNote);
  });

  it.each(['/', '/codebook'])('%s loads nothing but what this server has', async (path) => {
    const html = await text(path);
    const addresses = [...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map((match) => match[1]!);
    expect(addresses.filter((address) => !address.startsWith('/assets/') && !address.startsWith('data:'))).toEqual([]);
    expect(html).not.toMatch(/@import|url\(|<script(?![^>]*(?:\bsrc=|application\/json))/);
    for (const address of addresses.filter((candidate) => candidate.startsWith('/'))) expect((await get(address)).status).toBe(200);
  });

  it('answers with a page, a reference and no detail when something breaks', async () => {
    const server = await serveDemo('published');
    for (const name of readdirSync(server.dataDir, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.parquet')) rmSync(join(server.dataDir, name));
    const reply = await get('/codebook', {}, server);
    const html = await reply.text();
    await server.close();
    expect(reply.status).toBe(500);
    expect(reply.headers.get('content-security-policy')).toBe(CSP);
    expect(html).toMatch(/Something went wrong on our side.*Reference [0-9a-f]{8}/s);
    expect(html).not.toMatch(/parquet|govblog-test/);
  });
});

describe('/assets', () => {
  const addresses = async (): Promise<string[]> => (await text('/')).match(/\/assets\/[^"]+/g)!;

  it('are kept for ever under the address of their content, and asked about under any other', async () => {
    const all = await addresses();
    expect(all).toHaveLength(5);
    for (const address of all) {
      expect((await get(address)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      for (const other of [address.replace(/\?.*/, ''), address.replace(/\?v=.*/, '?v=0')])
        expect((await get(other)).headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('are the files of the packages, compressed or not', async () => {
    const file = readFileSync(projectPath('node_modules', 'graphiql', 'graphiql.min.js'), 'utf8');
    for (const encoding of ['gzip', 'identity']) {
      const reply = await get('/assets/graphiql.min.js', { 'accept-encoding': encoding });
      expect(reply.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
      expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(reply.headers.get('vary')).toBe('accept-encoding');
      expect((await reply.text()) === file).toBe(true);
    }
  });

  it('come with a tag for each encoding, and as 304 to those who show it', async () => {
    const tag = async (encoding: string): Promise<string> =>
      (await get('/assets/start.js', { 'accept-encoding': encoding })).headers.get('etag')!;
    const [plain, compressed] = [await tag('identity'), await tag('gzip')];
    expect(plain).not.toBe(compressed);
    const status = async (shown: string): Promise<number> =>
      (await get('/assets/start.js', { 'accept-encoding': 'gzip', 'if-none-match': shown })).status;
    expect([await status(compressed), await status(`"x", W/${compressed}`), await status('*'), await status(plain)]).toEqual([
      304, 304, 304, 200,
    ]);
  });

  it.each(['/assets/none.js', '/assets/..%2f..%2fpackage.json', '/assets/'])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('the example questions', () => {
  const folder = projectPath('seeds', 'examples');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  const examples = readExamples();
  it('each begin with a line that says what is asked', () => {
    expect(files.length).toBe(examples.length);
    for (const file of files) expect(readFileSync(`${folder}/${file}`, 'utf8')).toMatch(/^# \S.{10,}\nquery [A-Z]/);
  });

  it('are carried by the page as they are, Growth first', async () => {
    expect(carried(await text('/'))).toEqual(examples);
    expect(examples.map(({ query }) => /^query (\w+)/m.exec(query)![1])).toEqual([
      'Growth',
      'Provinces',
      'Hours',
      'Registry',
      'Codebook',
      'Operations',
    ]);
    expect(examples[0]!.query).toBe(`# growth in 2011, month by month: what is selected is what is grouped by
query Growth {
  activity(period: { from: "2011-01-01", to: "2011-12-31" }) {
    rows { month accountType accounts newAccounts activeAccounts posts replies postsPerAccount }
    totals { newAccounts posts }
    rowCount
    provenance { snapshot queryId resultHash permalink sql rollup watermark coverage citation(style: APA) }
  }
}
`);
  });

  it.each(examples.map(({ query, variables }, index) => [files[index]!, query, variables] as const))(
    '%s is answered, with its variables and without',
    async (_, query, variables) => {
      for (const body of [{ query }, { query, variables: JSON.parse(variables || '{}') }]) {
        const { data, errors } = await ask(body);
        expect(errors).toBeUndefined();
        // Each has something to show on the demo data.
        expect(listOf(Object.values(data)[0]).length).toBeGreaterThan(1);
      }
    },
  );

  it('say that nothing is published where that is so', async () => {
    const { errors } = await ask({ query: examples[0]!.query }, empty);
    expect(errors?.[0]?.extensions.code).toBe('NOT_PUBLISHED');
  });

  it('offer the variables with their defaults', () => {
    expect(examples.map(({ variables }) => variables && JSON.parse(variables))).toEqual(['', { sector: 'PS', n: 10 }, '', '', '', '']);
  });

  it('cannot end the element that carries them', () => {
    const query = '# </script><script>alert(1)</script><!-- & "quoted" ]]>\n{ jobs { name } }';
    const html = graphiqlPage(null, [{ query, variables: '' }], new Map());
    expect(html).not.toContain('alert(1)</script>');
    expect(carried(html)).toEqual([{ query, variables: '' }]);
  });
});

describe('/codebook', () => {
  it.each(['published', 'empty'])('has an entry for every field of every cube (%s)', async (data) => {
    const html = await text('/codebook', data === 'empty' ? empty : full);
    expect(FIELDS.length).toBeGreaterThan(60);
    for (const [id, field] of FIELDS) {
      const [entry, ...more] = html.match(new RegExp(`<tr id="${id}">.*?</tr>`, 'gs')) ?? [];
      expect([id, entry === undefined, more.length]).toEqual([id, false, 0]);
      const said = unescaped(entry!);
      for (const expected of [field.name, field.label, field.labelZh, field.description.replaceAll('`', '')])
        expect(said).toContain(expected);
      if ('formula' in field) expect(said).toContain(field.formula);
      if ('unit' in field && field.unit !== null) expect(said).toContain(field.unit);
      if ('operators' in field) expect(said).toContain(field.operators.join(', '));
    }
    for (const { grain } of CUBES) expect(html).toContain(`Grain: ${grain}.`);
    for (const [name, { help }] of Object.entries(LIMITS)) expect(unescaped(html)).toMatch(new RegExp(`${name}[\\d,]+${help}`));
  });

  it('explains additivity in words, and since when a quantity exists', async () => {
    const html = await text('/codebook');
    const entry = (id: string): string => unescaped(new RegExp(`<tr id="${id}">.*?</tr>`, 's').exec(html)![0]);
    expect(entry('activity-posts')).toMatch(/Over everything\..*always/);
    expect(entry('activity-accounts')).toContain('not over time: a bucket shows its last day');
    expect(entry('activity-activeAccounts')).toContain('computed anew for each group');
    expect(entry('posts-likes')).toMatch(/weibo 2012-12-01.*ENG-P2/);
  });

  it('names the snapshot and its period, and tells how to cite it', async () => {
    const { data } = await ask<{ dataset: { snapshot: Record<string, string>; period: Record<string, string> } }>({
      query: '{ dataset { snapshot { id contentHash } period { from to } } }',
    });
    const { snapshot, period } = data.dataset;
    const said = unescaped(await text('/codebook')).replace(/\s+/g, ' ');
    expect(said).toContain(`${period.from} to ${period.to}`);
    expect(said).toContain(
      `${DATASET.publisher} (2026). ${DATASET.title} (${DATASET.syntheticNote}) [Data set]. Snapshot ${snapshot.id}, published 2026-01-15, ` +
        `sha256 of the contents ${snapshot.contentHash}.`,
    );
  });

  it('lists what codes refer to, with names in both languages and sources', async () => {
    const html = await text('/codebook');
    const markupOf = (id: string): string => new RegExp(`<section id="${id}">.*?</section>`, 's').exec(html)![0];
    const section = (id: string): string => unescaped(markupOf(id).replaceAll('</', ' </'));
    const rows = (id: string): number => markupOf(id).match(/<tr/g)!.length - 1;
    expect(section('platforms')).toMatch(/Asia\/Shanghai.*generated/s);
    expect(section('sectors')).toMatch(/PS .*公安政法.*PS-/s);
    expect(section('levels')).toContain('中央/部委');
    expect(section('accountTypes')).toContain('党政机构微博');
    expect(section('verifiedTypes')).toContain('名人/个人认证');
    expect(section('regions')).toMatch(/44 .*Guangdong.*广东.*CN-GD.*East.*South/s);
    expect(section('indicators')).toMatch(/population.*2010.*31.*persons.*S05.*high/s);
    expect(rows('regions')).toBe(37);
    expect(rows('sources')).toBeGreaterThan(100);
    // A null of the reference tables is an empty cell.
    expect(html).not.toMatch(/>(null|undefined|NaN)</);
  });

  it('leads only to places it has', async () => {
    for (const server of [full, empty]) {
      const html = await text('/codebook', server);
      const ids = [...html.matchAll(/\bid="([^"]*)"/g)].map((match) => match[1]!);
      const targets = [...html.matchAll(/href="#([^"]*)"/g)].map((match) => match[1]!);
      expect(targets.length).toBeGreaterThan(60);
      expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });

  it('escapes whatever a name, a reference or a code holds', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const member = { code: evil, parentCode: null, name: evil, nameZh: evil, source: `S1;${evil}`, confidence: evil };
    const members: Members = {
      region: new Map([[evil, { ...member, kind: 'province', iso: evil, nbsRegion: evil, geoRegion: evil }]]),
      sector: new Map([[evil, { ...member, groupCode: evil }]]),
      level: new Map([[evil, { ...member, cadreRank: evil, units: 1 }]]),
      accountType: new Map([[evil, member]]),
      verifiedType: new Map([[evil, member]]),
      contentCategory: new Map([[evil, member]]),
      platform: new Map([[evil, { ...member, timeZone: evil, likesSince: evil, synthetic: false }]]),
    };
    const html = codebookPage(
      CUBES.map((cube) => codebookOf({ ...cube, label: evil, description: evil, grain: evil })),
      {
        snapshot: { id: evil, publishedAt: new Date(0), contentHash: evil, from: evil, watermark: evil, synthetic: false },
        members,
        indicators: [{ regionCode: evil, indicator: evil, year: 2010, value: 1, unit: evil, source: evil, confidence: evil }],
        sources: [{ code: evil, reference: evil, kind: evil, whatWasRead: evil }],
        licence: { name: evil, title: evil, url: evil },
      },
    ).text;
    expect(html).not.toMatch(/<img|onerror="|[^&]alert\('/);
    expect(html.split('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;').length).toBeGreaterThan(30);
    expect(markup`${evil}${markup`<b>${1}</b>`}${[markup`<i></i>`]}${null}`.text).toBe(
      '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b>1</b><i></i>',
    );
  });
});

it('/schema.graphql is the committed schema', async () => {
  const committed = readFileSync(projectPath('schema', 'schema.graphql'), 'utf8');
  expect(await text('/schema.graphql')).toBe(committed);
  expect(await text('/schema.graphql', empty)).toBe(committed);
});
