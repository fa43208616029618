import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CUBES } from '../../src/model';
import { valueTypeOf, type Cube } from '../../src/model/define';
import { openEngine, type Engine } from '../../src/warehouse/duckdb';
import type { TestApp } from '../app';
import { serveTwoSnapshots, type Served } from './published';

const PERIOD = 'from=2012-01-01&to=2013-12-31';
const MONTHLY = `fields=month,posts&${PERIOD}`;

let served: Served;
let test_: TestApp;
let origin: string;
let engine: Engine;
let scratch: string;
beforeAll(async () => {
  served = await serveTwoSnapshots();
  ({ test_, origin } = served);
  scratch = mkdtempSync(join(tmpdir(), 'govblog-reads-'));
  engine = await openEngine({ memoryMb: 256, tempDir: scratch });
});
afterAll(async () => {
  engine.close();
  rmSync(scratch, { recursive: true, force: true });
  await test_.close();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(origin + path, { headers });
const bytesOf = async (reply: Response): Promise<Buffer> => Buffer.from(await reply.arrayBuffer());

/** A Parquet file as columns with the engine's types, rows, and its key-value metadata. */
async function parquet(bytes: Buffer) {
  const file = join(scratch, 'answer.parquet');
  writeFileSync(file, bytes);
  const ask = async (sql: string) => (await engine.query(sql, [], { timeoutMs: 10_000 })).rows;
  const { columns, rows } = await engine.query(`select * from '${file}'`, [], { timeoutMs: 10_000 });
  return {
    types: Object.fromEntries((await ask(`describe select * from '${file}'`)).map(([name, type]) => [name, type])),
    rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!]))),
    about: Object.fromEntries((await ask(`select decode(key), decode(value) from parquet_kv_metadata('${file}')`)) as [string, string][]),
  };
}

/** An Arrow file as columns with their types in the words of the engine, rows, and the metadata of its schema. */
function arrow(bytes: Buffer) {
  const table = tableFromIPC(bytes);
  const TYPES: Readonly<Record<string, string>> = { 'Date32<DAY>': 'DATE', Utf8: 'VARCHAR', Int32: 'INTEGER', Int64: 'BIGINT', Float64: 'DOUBLE' }; // prettier-ignore
  const types = table.schema.fields.map(({ name, type }) => [name, TYPES[String(type)]] as const);
  const cell = (value: unknown, type: string | undefined): unknown => {
    if (value === null) return null;
    if (type === 'DATE') return new Date(Number(value)).toISOString().slice(0, 10);
    return type === 'BIGINT' ? Number(value) : value;
  };
  return {
    types: Object.fromEntries(types),
    rows: table.toArray().map((row) => Object.fromEntries(types.map(([name, type]) => [name, cell(row[name], type)]))),
    about: Object.fromEntries(table.schema.metadata),
  };
}

describe('one question through every door', () => {
  type Cells = Record<string, string | number | null>;

  /** The question in GraphQL, and its rows as the table that the doors should give. */
  async function byGraphql(cube: Cube, fields: readonly string[], derived: Readonly<Record<string, string>> = {}): Promise<Cells[]> {
    const object = (field: string): boolean => cube.dimensions[field]?.type === 'object';
    const parts = (field: string): string[] => (field === 'account' ? ['id', 'screenName'] : ['code', 'name']);
    const selection = [
      ...fields.map((field) => (object(field) ? `${field} { ${parts(field).join(' ')} }` : field)),
      ...Object.values(derived).map((call, index) => `d${index}: ${call}`),
    ];
    const { data, errors } = await test_.graphql<Record<string, { rows: Record<string, never>[] }>>(
      `{ ${cube.name}(period: { from: "2012-01-01", to: "2013-12-31" }, limit: 50000) { rows { ${selection.join(' ')} } } }`,
    );
    expect(errors).toBeUndefined();
    return data[cube.name]!.rows.map((row) => {
      const cells: Cells = {};
      for (const field of fields) {
        if (object(field)) {
          const [code, name] = parts(field) as [string, string];
          cells[field] = row[field]?.[code] ?? null;
          cells[`${field}Name`] = row[field]?.[name] ?? null;
        } else cells[field] = row[field]!;
      }
      Object.keys(derived).forEach((field, index) => (cells[field] = row[`d${index}`]!));
      return cells;
    });
  }

  async function compare(cube: Cube, fields: readonly string[], derived: Readonly<Record<string, string>> = {}): Promise<Cells[]> {
    const expected = await byGraphql(cube, fields, derived);
    const search = `?fields=${[...fields, ...Object.keys(derived)].join(',')}&${PERIOD}&limit=50000`;
    const json = (await (await get(`/${cube.name}.json${search}`)).json()) as { rows: Cells[] };
    // A table says beside each rate which year it was divided by; GraphQL says it in the provenance.
    const years = (field: string): string[] => (cube.measures[field]?.kind === 'rate' ? [`${field}.year`] : []);
    for (const [index, row] of expected.entries())
      expected[index] = Object.fromEntries(
        Object.entries(row).flatMap(([field, value]) => [
          [field, value],
          ...years(field).map((year) => [year, json.rows[index]?.[year] ?? null]),
        ]),
      ) as Cells;
    expect(json.rows).toEqual(expected);

    const csv: string[][] = parse(await (await get(`/${cube.name}.csv${search}`)).text());
    const columns = Object.keys(expected[0] ?? {});
    expect(csv).toEqual([columns, ...expected.map((row) => columns.map((column) => (row[column] === null ? '' : String(row[column]))))]);

    const { rows, types } = await parquet(await bytesOf(await get(`/${cube.name}.parquet${search}`)));
    expect(rows).toEqual(expected);
    expect(Object.keys(types)).toEqual(columns);
    const ipc = arrow(await bytesOf(await get(`/${cube.name}.arrow${search}`)));
    expect([ipc.rows, ipc.types]).toEqual([expected, types]);
    for (const [name, measure] of Object.entries(cube.measures))
      if (fields.includes(name)) expect([name, types[name]]).toEqual([name, valueTypeOf(measure) === 'count' ? 'BIGINT' : 'DOUBLE']);
    return expected;
  }

  /** People and internet users are counted by region, not by prefecture. */
  const isKnown = (cube: Cube, measure: string, dimension: string): boolean =>
    dimension !== 'prefecture' || cube.measures[measure]!.kind !== 'rate';

  it.each(CUBES.map((cube) => [cube.name, cube] as const))('%s: every dimension and every measure', async (_name, cube) => {
    const measures = Object.keys(cube.measures);
    let rows = 0;
    for (const dimension of Object.keys(cube.dimensions))
      rows += (await compare(cube, ['month', dimension, ...measures.slice(0, 35).filter((name) => isKnown(cube, name, dimension))])).length;
    expect(rows).toBeGreaterThan(10);
    if (measures.length > 35) await compare(cube, ['year', ...measures.slice(35)]);
  });

  it('every time grain is a DATE; counts beyond 2^31, nulls and zeros are kept apart', async () => {
    const rows = await compare(CUBES[0]!, ['day', 'week', 'month', 'quarter', 'year', 'accounts', 'posts', 'likes', 'followers']);
    expect(rows.some(({ followers }) => Number(followers) > 2 ** 32)).toBe(true);
    expect(rows.some(({ posts }) => posts === 0)).toBe(true);
    expect(rows.some(({ likes }) => likes === null)).toBe(true);
    const { types } = await parquet(
      await bytesOf(await get(`/activity.parquet?fields=day,week,month,quarter,year,openedMonth,posts&${PERIOD}`)),
    );
    expect(types).toEqual({
      day: 'DATE',
      week: 'DATE',
      month: 'DATE',
      quarter: 'DATE',
      year: 'DATE',
      openedMonth: 'DATE',
      posts: 'BIGINT',
    });
  });

  it('shares, ranks, comparisons and estimates', async () => {
    const activity = CUBES[0]!;
    await compare(activity, ['month', 'region', 'posts'], {
      'change.YEAR.posts': 'change(of: posts, over: YEAR)',
      'rank.posts': 'rank(by: posts)',
      'share.posts': 'share(of: posts)',
    });
    const search = `?fields=year,posts,estimate.95.commentsPerPost,previous.YEAR.posts&${PERIOD}`;
    const { rows, types } = await parquet(await bytesOf(await get(`/activity.parquet${search}`)));
    expect(types).toEqual({
      year: 'DATE', posts: 'BIGINT', 'estimate.95.commentsPerPost': 'DOUBLE', 'estimate.95.commentsPerPost.lower': 'DOUBLE',
      'estimate.95.commentsPerPost.upper': 'DOUBLE', 'estimate.95.commentsPerPost.n': 'BIGINT', 'estimate.95.commentsPerPost.method': 'VARCHAR',
      'previous.YEAR.posts': 'BIGINT',
    }); // prettier-ignore
    const { data } = await test_.graphql<{ activity: { rows: { estimate: Record<string, number>; previous: { posts: number } }[] } }>(
      `{ activity(period: { from: "2012-01-01", to: "2013-12-31" }) { rows { year estimate(of: commentsPerPost, level: 0.95) { value lower upper n method }
         previous(period: YEAR) { posts } } } }`,
    );
    expect(
      rows.map((row) => [row['estimate.95.commentsPerPost'], row['estimate.95.commentsPerPost.n'], row['previous.YEAR.posts']]),
    ).toEqual(data.activity.rows.map(({ estimate, previous }) => [estimate['value'], estimate['n'], previous.posts]));
    expect(data.activity.rows.map(({ estimate }) => estimate['n'])).toContainEqual(expect.any(Number));
    expect(((await (await get(`/activity.json${search}`)).json()) as { rows: unknown[] }).rows).toEqual(rows);
    const ipc = arrow(await bytesOf(await get(`/activity.arrow${search}`)));
    expect([ipc.rows, ipc.types]).toEqual([rows, types]);
  });

  it('an answer without rows keeps its columns and their types', async () => {
    const search = `?fields=month,region,account,posts,postsPerAccount&${PERIOD}&level=L5`;
    expect(await (await get(`/activity.csv${search}`)).text()).toBe('month,region,regionName,account,accountName,posts,postsPerAccount\n');
    const nothing = {
      rows: [],
      types: {
        month: 'DATE', region: 'VARCHAR', regionName: 'VARCHAR', account: 'VARCHAR', accountName: 'VARCHAR', posts: 'BIGINT', postsPerAccount: 'DOUBLE',
      }, // prettier-ignore
    };
    expect(await parquet(await bytesOf(await get(`/activity.parquet${search}`)))).toMatchObject(nothing);
    expect(arrow(await bytesOf(await get(`/activity.arrow${search}`)))).toMatchObject(nothing);
  });

  it('Chinese names are the same in every form', async () => {
    const rows = await compare(CUBES[0]!, ['account', 'posts']);
    expect(rows.map(({ accountName }) => accountName)).toEqual(expect.arrayContaining(['平安乙', '沉默', 'Mayor']));
  });

  it.each(['parquet', 'arrow'] as const)('%s: an answer says where it comes from, and is the same bytes each time', async (form) => {
    const path = `/activity.${form}?${MONTHLY}`;
    const [one, two] = [await bytesOf(await get(path)), await bytesOf(await get(path))];
    expect(one.equals(two)).toBe(true);
    const json = (await (await get(`/activity.json?${MONTHLY}`)).json()) as Record<string, string>;
    const { about } = form === 'arrow' ? arrow(one) : await parquet(one);
    expect(about).toMatchObject({
      publisher: 'Govblog',
      snapshot: served.newest,
      queryId: json['queryId'],
      resultHash: json['resultHash'],
    });
  });
});

describe('headers of an answer', () => {
  const forms = ['csv', 'json', 'parquet', 'arrow'] as const;

  it.each(forms)('%s: a tag, a short life, the snapshot; 304 for those who have it', async (form) => {
    const path = `/activity.${form}?${MONTHLY}`;
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    const etag = headers.get('etag')!;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(headers.get('cache-control')).toBe('public, max-age=60, must-revalidate');
    expect(headers.get('x-govblog-snapshot')).toBe(served.newest);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, { 'if-none-match': known });
      expect([known, again.status, again.headers.get('etag'), await again.text()]).toEqual([known, 304, etag, '']);
      expect(again.headers.get('cache-control')).toBe('public, max-age=60, must-revalidate');
      expect(again.headers.get('x-govblog-snapshot')).toBe(served.newest);
    }
    expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    const head = await fetch(origin + path, { method: 'HEAD' });
    const length = (await bytesOf(await get(path))).length;
    expect([head.status, head.headers.get('etag'), head.headers.get('content-length')]).toEqual([200, etag, String(length)]);
  });

  it('a pinned answer lives for ever', async () => {
    for (const snapshot of [served.older, served.newest]) {
      const { headers } = await get(`/activity.csv?${MONTHLY}&snapshot=${snapshot}`);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('x-govblog-snapshot')).toBe(snapshot);
    }
  });

  it('the tag tells questions, forms and snapshots apart, and nothing else', async () => {
    const tag = async (path: string): Promise<string> => (await get(path)).headers.get('etag')!;
    const plain = await tag(`/activity.csv?${MONTHLY}`);
    const others = [
      `/activity.json?${MONTHLY}`,
      `/activity.parquet?${MONTHLY}`,
      `/activity.arrow?${MONTHLY}`,
      `/posts.csv?${MONTHLY}`,
      `/activity.csv?${MONTHLY}&snapshot=${served.older}`,
      `/activity.csv?${MONTHLY}&region=44`,
      `/activity.csv?${MONTHLY}&limit=1`,
      `/activity.csv?fields=month,reposts&${PERIOD}`,
    ];
    expect(new Set([plain, ...(await Promise.all(others.map(tag)))]).size).toBe(others.length + 1);
    expect(await tag(`/activity.csv?fields=posts,month&${PERIOD}`)).toBe(plain);
    expect(await tag(`/activity.csv?${MONTHLY}&snapshot=${served.newest}`)).toBe(plain);
  });

  it('a refusal is not kept and has no tag', async () => {
    for (const [path, status, code] of [
      [`/activity.parquet?fields=month,postz&${PERIOD}`, 400, 'BAD_QUERY'],
      [`/activity.arrow?fields=month,postz&${PERIOD}`, 400, 'BAD_QUERY'],
      [`/activity.parquet?${MONTHLY}&limit=60000`, 413, 'LIMIT_EXCEEDED'],
      [`/activity.csv?${MONTHLY}&snapshot=nope`, 404, 'NOT_FOUND'],
      ['/posts.json?fields=month,posts&from=2031-01-01&to=2031-02-01', 404, 'NOT_PUBLISHED'],
    ] as const) {
      const reply = await get(path, { 'if-none-match': '*' });
      const { error } = (await reply.json()) as { error: { code: string } };
      expect([path, reply.status, error.code]).toEqual([path, status, code]);
      expect([reply.headers.get('etag'), reply.headers.get('cache-control')]).toEqual([null, 'no-store']);
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});

describe('scripts of other sites', () => {
  it('may read what is read by plain URLs, and its headers', async () => {
    const uri = (await (await test_.app.reader()).open()).snapshot.files[0]!.uri;
    for (const path of [
      `/activity.csv?${MONTHLY}`,
      `/posts.json?${MONTHLY}`,
      `/activity.parquet?${MONTHLY}`,
      `/activity.arrow?${MONTHLY}`,
      '/datapackage.json',
      '/croissant.json',
      '/ddi.xml',
      '/schema.graphql',
      `/files/${uri}`,
      '/graphql?query={__typename}',
    ]) /* prettier-ignore */ {
      const { status, headers } = await get(path, { origin: 'https://elsewhere.example' });
      expect([path, status, headers.get('access-control-allow-origin')]).toEqual([path, 200, '*']);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('access-control-expose-headers')!.split(', ')).toEqual(
        expect.arrayContaining(['ETag', 'Content-Range', 'x-govblog-snapshot']),
      );
    }
    for (const path of ['/', '/codebook', '/healthz']) expect((await get(path)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['/activity.csv', '/interactions.parquet', '/ddi.xml', '/files/a/b.parquet', '/snapshots/x/files/a/b.parquet'])(
    '%s answers a preflight: reads alone',
    async (path) => {
      const { status, headers } = await fetch(origin + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' },
      });
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
      expect(headers.get('access-control-allow-headers')).toBe('Authorization, If-None-Match, If-Range, Range');
      expect((await fetch(origin + path, { method: 'POST' })).status).toBe(405);
    },
  );
});
