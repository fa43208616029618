import { copyFileSync, renameSync } from 'node:fs';
import type { PostRecord } from '../../src/ingest/records';
import { citedSnapshots } from '../../src/warehouse/savedQueries';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';

const LATE: PostRecord = {
  kind: 'post', platform: 'weibo', postId: '777', accountId: '1001', postedAt: Date.parse('2012-06-15T09:00:00+08:00'),
  observedAt: Date.parse('2013-03-31T12:00:00+08:00'), text: '迟到', original: true, reposts: 1, comments: 1, likes: null,
}; // prettier-ignore

/** A question with everything that a question can have, numbers among its conditions. */
const ASKED = `posts(period: { from: "2012-01-01", to: "2012-12-31" }, where: { hour: { in: [9, 10, 12] }, text: { contains: "日" }, region: { notIn: ["11", "44"] } },
  having: { posts: { gte: 1 } }, orderBy: [{ field: posts, direction: DESC }], limit: 7, offset: 0)`;
const FIELDS = 'id snapshot resultHash verified text title question savedAt savedBy url permalink';

interface Seen {
  id: string;
  snapshot: string;
  resultHash: string;
  verified: boolean;
  text: string;
  title: string;
  question: string;
  savedAt: string;
  savedBy: string | null;
  url: string;
  permalink: string;
}

describe.each(DIALECTS)('saved questions on %s', (dialect) => {
  let test_: TestApp;
  let older: string;
  let first: { provenance: { permalink: string; queryId: string; resultHash: string; snapshot: string }; rows: unknown[] };
  let saved: Seen;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'traps' });
    older = (await test_.app.night()).snapshot!;
  });
  afterAll(() => test_.close());

  const save = async (permalink: string, rest: Record<string, string> = {}): Promise<Seen> => {
    const { data, errors } = await test_.graphql<{ saveQuery: Seen }>(
      `mutation Save($permalink: String!, $title: String, $by: String) { saveQuery(permalink: $permalink, title: $title, by: $by) { ${FIELDS} } }`,
      { permalink, ...rest },
    );
    expect(errors).toBeUndefined();
    return data.saveQuery;
  };
  const again = async (id: string): Promise<Seen> =>
    (await test_.graphql<{ savedQuery: Seen }>(`{ savedQuery(id: "${id}") { ${FIELDS} } }`)).data.savedQuery;
  const refusal = async (query: string, variables = {}): Promise<[string, string]> => {
    const { errors } = await test_.graphql(query, variables);
    return [errors![0]!.extensions.code, errors![0]!.message];
  };
  const savedRows = async (): Promise<number> =>
    Number((await test_.app.store.query<{ count: number }>('SELECT COUNT(*) AS count FROM saved_query'))[0]!.count);

  it('are kept under the id that provenance gave, with the hash of the rows', async () => {
    const { data, errors } = await test_.graphql<{ posts: typeof first }>(
      `{ ${ASKED} { rows { day hour posts share(of: posts) } provenance { permalink queryId resultHash snapshot } } }`.replace(
        '{ posts(',
        '{ posts: posts(',
      ),
    );
    expect(errors).toBeUndefined();
    first = data.posts;
    expect(first.rows.length).toBeGreaterThan(1);
    const { permalink, queryId, resultHash } = first.provenance;
    saved = await save(permalink, { title: '  八月的微博  ', by: 'A. Reader' });
    expect(saved).toEqual({
      id: queryId,
      snapshot: older,
      resultHash,
      verified: true,
      text:
        'Posts: Posts and share of Posts by day and Hour, 2012-01-01 to 2012-12-31, where Hour is one of 10 or 12 or 9, Region is none of 11 or 44 ' +
        'and Text contains 日, for groups with Posts ≥ 1, ordered by Posts from the largest, at most 7 rows, after the first 0',
      title: '八月的微博',
      question: expect.stringContaining('"cube":"posts"'),
      savedAt: '2026-01-15T04:00:00.000Z',
      savedBy: 'A. Reader',
      url: `/q/${queryId}`,
      permalink,
    });
  });

  it('are one row, however often, by whatever address and by however many at once they are saved', async () => {
    const { permalink } = first.provenance;
    const all = await Promise.all([
      save(permalink, { title: 'another' }),
      save(`https://elsewhere.example:8080${permalink}`),
      save(permalink.replace('.json?', '.csv?')),
      save(permalink),
    ]);
    expect(all).toEqual([saved, saved, saved, saved]);
    expect(await savedRows()).toBe(1);
    const plain = '/activity.csv?fields=posts,month&from=2012-01-01&to=2012-12-31';
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await save(plain)).id));
    expect(new Set(ids).size).toBe(1);
    expect(await savedRows()).toBe(2);
  });

  it('without a snapshot are pinned to the newest, and without a title are called by their words', async () => {
    const found = await save('/activity.csv?fields=posts,month&from=2012-01-01&to=2012-12-31');
    expect([found.snapshot, found.title, found.text, found.savedBy]).toEqual([
      older,
      found.text,
      'Account activity: Posts by month, 2012-01-01 to 2012-12-31',
      null,
    ]);
  });

  it('have the rows of their snapshot after later nights, whose answers differ', async () => {
    const plain = '/activity.json?fields=month,posts&from=2012-01-01&to=2012-12-31';
    const before = await save(plain);
    await test_.load([LATE]);
    const { snapshot: newest, changed } = await test_.app.night();
    expect(changed).toBe(true);
    expect(await again(before.id)).toEqual(before);
    expect(before.verified).toBe(true);
    const after = await save(plain);
    expect(after.snapshot).toBe(newest);
    expect(after.id).not.toBe(before.id);
    expect(after.resultHash).not.toBe(before.resultHash);
    const { address } = await test_.serve();
    const rowsOf = async (path: string) =>
      ((await (await fetch(address + path)).json()) as { rows: { month: string; posts: number }[] }).rows;
    const [then, now] = [await rowsOf(`${before.url}.json`), await rowsOf(`${after.url}.json`)];
    const june = (rows: typeof then): number => rows.find(({ month }) => month === '2012-06-01')!.posts;
    expect(june(now)).toBe(june(then) + 1);
  });

  it('are not verified when the files, or what was saved, are no longer what they were', async () => {
    expect((await again(saved.id)).verified).toBe(true);
    const { app } = test_;
    const reader = await app.reader();
    const { snapshot } = await reader.open(saved.snapshot);
    const { uri } = snapshot.files.find(({ table, from }) => table === 'posts' && from === '2012-08-01')!;
    const path = app.files.pathOf(uri);
    copyFileSync(path, `${path}.kept.parquet`);
    await reader.engine.query(`copy (select * from '${path}.kept.parquet' limit 5) to '${path}' (format parquet)`, [], {
      timeoutMs: 10_000,
    });
    expect((await again(saved.id)).verified).toBe(false);
    renameSync(`${path}.kept.parquet`, path);
    expect((await again(saved.id)).verified).toBe(true);

    const setHash = (hash: string) =>
      app.store.write((tx) => tx.run('UPDATE saved_query SET result_hash = ? WHERE id = ?', [hash, saved.id]));
    await setHash('0'.repeat(64));
    expect(await again(saved.id)).toEqual({ ...saved, resultHash: '0'.repeat(64), verified: false });
    await setHash(saved.resultHash);
  });

  it('cite their page and the name they have', async () => {
    const { data } = await test_.graphql<{ savedQuery: Record<string, string> }>(
      `{ savedQuery(id: "${saved.id}") { apa: citation bibtex: citation(style: BIBTEX) csl: citation(style: CSL_JSON) gb: citation(style: GB_T_7714, citedOn: "2026-02-03") } }`,
    );
    const { apa, bibtex, csl, gb } = data.savedQuery;
    const { address: origin } = await test_.serve();
    expect(apa).toBe(
      `Govblog. (2026). 八月的微博. From Govblog: government micro-blog accounts and posts (snapshot ${older}) [Data set]. Govblog. ${origin}/q/${saved.id}`,
    );
    expect(bibtex).toContain(`{${origin}/q/${saved.id}}`);
    expect(JSON.parse(csl!)).toMatchObject({
      URL: `${origin}/q/${saved.id}`,
      note: `query ${saved.id}, sha256 of the result ${saved.resultHash}`,
    });
    expect(gb).toBe(
      `Govblog. 八月的微博. From Govblog: government micro-blog accounts and posts: snapshot ${older}[DS/OL]. (2026-01-15)[2026-02-03]. ${origin}/q/${saved.id}.`,
    );
  });

  it('hold their snapshot: it is among the cited ones, and the store does not let it go', async () => {
    const { store } = test_.app;
    const cited = await citedSnapshots(store);
    expect(cited.has(older)).toBe(true);
    for (const id of cited)
      await expect(store.write((tx) => tx.run('DELETE FROM snapshot WHERE id = ?', [id]))).rejects.toThrow(/foreign key/i);
    await store.write((tx) =>
      tx.insert(
        'snapshot',
        ['id', 'sequence', 'published_at', 'content_hash', 'from_day', 'watermark', 'synthetic'],
        [['uncited', 0, '2012-01-01 00:00:00.000', 'f'.repeat(64), '2012-01-01', '2012-01-02', false]],
      ),
    );
    expect((await citedSnapshots(store)).has('uncited')).toBe(false);
    expect(await store.write((tx) => tx.run("DELETE FROM snapshot WHERE id = 'uncited'"))).toBe(1);
    expect(await test_.app.store.query('SELECT id FROM snapshot WHERE id = ?', [older])).toEqual([{ id: older }]);
  });

  it('are refused with a code and a sentence when they cannot be kept or found', async () => {
    const SAVE = 'mutation Save($permalink: String!, $title: String) { saveQuery(permalink: $permalink, title: $title) { id } }';
    const plain = '/activity.csv?fields=month,posts&from=2012-01-01&to=2012-12-31';
    const rows = await savedRows();
    for (const [permalink, title, code, words] of [
      ['nonsense', '', 'BAD_QUERY', '"nonsense" is no permalink'],
      ['/activty.json?fields=posts', '', 'NOT_FOUND', 'Did you mean "activity"?'],
      ['/activity.json?fields=postz&from=2012-01-01&to=2012-12-31', '', 'BAD_QUERY', 'has no field "postz"'],
      [`${plain}&snapshot=nope`, '', 'NOT_FOUND', 'There is no snapshot "nope"'],
      [plain.replace('2012-12-31', '2012-02-30'), '', 'BAD_QUERY', 'not a day'],
      [
        `/posts.json?fields=posts&from=2012-01-01&to=2012-12-31&text.contains=${'长'.repeat(22_000)}`,
        '',
        'LIMIT_EXCEEDED',
        '65535 can be saved',
      ],
      [plain, 'x'.repeat(201), 'BAD_QUERY', '"title" has 201 characters'],
      [plain, 'a\nb', 'BAD_QUERY', 'one line of text'],
    ] as const) {
      const [found, message] = await refusal(SAVE, { permalink, title });
      expect([permalink.slice(0, 60), found, message]).toEqual([permalink.slice(0, 60), code, expect.stringContaining(words)]);
    }
    expect(await savedRows()).toBe(rows);
    expect(await refusal('{ savedQuery(id: "0123") { id } }')).toEqual([
      'NOT_FOUND',
      expect.stringContaining('There is no saved question "0123"'),
    ]);
    const many = Array.from({ length: 11 }, (_, index) => `q${index}: savedQuery(id: "${saved.id}") { verified }`).join(' ');
    expect((await refusal(`{ ${many} }`))[0]).toBe('LIMIT_EXCEEDED');
  });

  it('are never saved by GET', async () => {
    const { address } = await test_.serve();
    const rows = await savedRows();
    const mutation = 'mutation { saveQuery(permalink: "/activity.csv?fields=month,accounts&from=2012-01-01&to=2012-12-31") { id } }';
    const reply = await fetch(`${address}/graphql?query=${encodeURIComponent(mutation)}`);
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await savedRows()).toBe(rows);
  });
});
