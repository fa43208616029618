import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sdl } from '../../schema/writeSdl';
import { loadDemo } from '../../src/demo';
import { crawlerFiles } from '../../src/ingest/formats/crawlers';
import { ingest } from '../../src/ingest/ingest';
import { projectPath } from '../../src/paths';
import { openTestApp, type TestApp } from '../app';

const GROWTH = `query Growth {
  activity(period: { from: "2011-01-01", to: "2011-12-31" }) {
    rows { month accountType accounts newAccounts activeAccounts posts replies postsPerAccount }
    totals { newAccounts posts }
    rowCount
    provenance { snapshot queryId resultHash permalink sql rollup watermark coverage citation(style: APA) }
  }
}`;

interface Provenance {
  snapshot: string;
  queryId: string;
  resultHash: string;
  permalink: string;
  sql: string;
  rollup: string | null;
  watermark: string;
  coverage: number;
  citation: string;
  synthetic: string | null;
}
interface Activity {
  activity: { rows: Record<string, never>[]; totals: Record<string, number>; rowCount: number; provenance: Provenance };
}

test('the committed SDL is the schema of the code', () => {
  expect(readFileSync(projectPath('schema', 'schema.graphql'), 'utf8')).toBe(sdl());
});

describe('the surface over HTTP, on the full demo data', () => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp('sqlite');
    await loadDemo(test_.app);
    const { jobs } = await test_.app.night();
    expect(jobs.map(({ failed }) => failed)).toEqual([0, 0, 0]);
  }, 900_000);
  afterAll(() => test_.close());
  const ask = async <T = Activity>(query: string, variables?: object): Promise<T> => {
    const { data, errors } = await test_.graphql<T>(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  const refusal = async (query: string, variables?: object): Promise<{ message: string; code: string }> => {
    const { errors } = await test_.graphql(query, variables);
    return { message: errors![0]!.message, code: errors![0]!.extensions.code };
  };

  test('Growth, as it is written on the surface page', async () => {
    const { rows, totals, rowCount, provenance } = (await ask(GROWTH)).activity;
    expect(rows).toHaveLength(24);
    expect(rowCount).toBe(24);
    expect(rows[0]).toEqual({
      month: '2011-01-01', accountType: 'AGENCY', accounts: 3450, newAccounts: 183, activeAccounts: expect.any(Number), posts: expect.any(Number),
      replies: expect.any(Number), postsPerAccount: expect.any(Number),
    }); // prettier-ignore
    expect(totals['newAccounts']).toBe(19_700 - 4_950);
    expect(totals['posts']).toBe(rows.reduce((sum, row) => sum + Number(row['posts']), 0));
    expect(provenance).toMatchObject({ rollup: 'activity_month_region', watermark: '2011-12-31', coverage: 1 });
    expect(provenance.sql).toContain('group by');
    expect(provenance.citation).toMatch(/^Govblog\. \(\d{4}\)\. .*synthetic demo data.*\/activity\.json\?fields=month,accountType/);
    const { address } = await test_.serve();
    const linked = (await (await fetch(address + provenance.permalink)).json()) as { resultHash: string; queryId: string };
    expect(linked).toMatchObject({ resultHash: provenance.resultHash, queryId: provenance.queryId });
  });

  test('the growth claims of the end of 2011 hold', async () => {
    const on = async (day: string, fields: string): Promise<Record<string, never>[]> =>
      (await ask(`{ activity(period: { from: "${day}", to: "${day}" }) { rows { ${fields} accounts } } }`)).activity.rows;
    const total = Number((await on('2011-12-31', ''))[0]!['accounts']);
    expect(total).toBeGreaterThanOrEqual(19_500);
    expect(total).toBeLessThanOrEqual(20_000);
    const types = new Map((await on('2011-12-31', 'accountType')).map((row) => [String(row['accountType']), Number(row['accounts'])]));
    expect(types.get('AGENCY')).toBeGreaterThan(10_000);
    expect(types.get('OFFICIAL')).toBeGreaterThanOrEqual(8_750);
    expect(types.get('OFFICIAL')).toBeLessThanOrEqual(9_250);
    const start = Number((await on('2011-01-01', ''))[0]!['accounts']);
    expect(total / start).toBeGreaterThanOrEqual(3.9);
    expect(total / start).toBeLessThanOrEqual(4.1);
    const provinces = (await on('2011-12-31', 'region { code kind nbsRegion }')) as unknown as {
      region: { code: string; nbsRegion: string | null };
      accounts: number;
    }[];
    expect(provinces.filter(({ region, accounts }) => region.nbsRegion !== null && accounts > 0)).toHaveLength(31);
    const geo = new Map((await on('2011-12-31', 'geoRegion')).map((row) => [String(row['geoRegion']), Number(row['accounts'])]));
    for (const more of ['East', 'South', 'North'])
      for (const less of ['Central', 'Southwest', 'Northwest']) expect(geo.get(more)).toBeGreaterThan(geo.get(less)!);
    const first = (
      await ask('{ activity(period: { from: "2009-11-01", to: "2009-12-31" }, limit: 1) { rows { day region { name } newAccounts } } }')
    ).activity.rows[0];
    expect(first).toEqual({ day: '2009-11-21', region: { name: 'Yunnan' }, newAccounts: 1 });
  });

  test('the questions of the README have the answers that it prints', async () => {
    const pairs = [...readFileSync(projectPath('README.md'), 'utf8').matchAll(/```graphql\n([^`]+)```\s+```csv\n([^`]+)```/g)];
    expect(pairs).toHaveLength(3);
    for (const [, query, answer] of pairs) {
      const file = join(test_.place.dataDir, 'question.graphql');
      writeFileSync(file, query!);
      const out = await promisify(execFile)(process.execPath, [projectPath('bin', 'govblog.cjs'), 'query', file, '--format', 'csv'], {
        env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: test_.place.dataDir },
      });
      expect(out.stdout).toBe(answer);
    }
  });

  test('a plain GET without special headers is answered; a mutation does not exist', async () => {
    const { address } = await test_.serve();
    const response = await fetch(`${address}/graphql?query=${encodeURIComponent('{ dataset { period { to } } }')}`);
    expect(await response.json()).toEqual({ data: { dataset: { period: { to: '2011-12-31' } } } });
    expect((await fetch(`${address}/nowhere`)).status).toBe(404);
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready' });
  });

  test('two answers to the same question are the same bytes', async () => {
    const { address } = await test_.serve();
    const bytes = async (): Promise<string> =>
      (
        await fetch(`${address}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: GROWTH }),
        })
      ).text();
    const [one, two] = [await bytes(), await bytes()];
    expect(one).toBe(two);
    const restarted = await openTestApp('sqlite', { place: test_.place });
    // It serves on another port, and a citation says where it was read.
    const at = (await restarted.serve()).address;
    expect(JSON.stringify(await restarted.graphql(GROWTH)).replaceAll(at, address)).toBe(one.trim());
    await restarted.close();
  });

  test('fragments, aliases, several cubes, @include and @skip with variables and literals, __typename: all the same answer', async () => {
    const plain = await ask(
      '{ activity(period: { from: "2011-06-01", to: "2011-06-30" }) { rows { accountType posts } provenance { resultHash queryId } } }',
    );
    const fancy = await ask<Record<'a' | 'b', Activity['activity']>>(
      `query Fancy($yes: Boolean!, $no: Boolean!) {
         a: activity(period: { from: "2011-06-01", to: "2011-06-30" }) { ...Parts __typename rows { kind: accountType @include(if: true) month @skip(if: $yes) } }
         b: posts(period: { from: "2011-06-01", to: "2011-06-30" }) { rows { ... on PostsRow { accountType } posts reposts @include(if: $no) } }
       }
       fragment Parts on ActivityResult { rows { __typename posts day @include(if: false) } provenance { resultHash queryId } }`,
      { yes: true, no: false },
    );
    expect(fancy.a.rows.map(({ kind, posts }) => ({ accountType: kind, posts }))).toEqual(plain.activity.rows);
    expect(fancy.a.provenance).toEqual(plain.activity.provenance);
    expect(fancy.b.rows).toEqual(plain.activity.rows);
    expect(Object.keys(fancy.b.rows[0]!)).toEqual(['accountType', 'posts']);
  });

  test('regions, sectors and accounts are objects; order, limit and filters are typed', async () => {
    const { rows } = (
      await ask(
        `query Provinces($n: Int!) {
           activity(period: { from: "2011-07-01", to: "2011-12-31" }, where: { accountType: { eq: AGENCY }, sector: { under: "PS" }, region: { notIn: ["11"] } },
                    orderBy: [{ field: posts, direction: DESC }], limit: $n, offset: 0) {
             rows { region { code name nameZh nbsRegion geoRegion } sector { code group { code name } } posts commentsPerPost }
             rowCount totals { posts } } }`,
        { n: 3 },
      )
    ).activity;
    expect(rows).toHaveLength(3);
    const posts = rows.map((row) => Number(row['posts']));
    expect(posts).toEqual([...posts].sort((a, b) => b - a));
    expect((rows as unknown as { sector: { group: object } }[])[0]!.sector.group).toEqual({ code: 'PS', name: 'Public security' });

    const top = await ask(
      '{ activity(period: { from: "2011-12-31", to: "2011-12-31" }, where: { accountType: { eq: AGENCY } }, orderBy: [{ field: followers, direction: DESC }], limit: 2) { rows { account { id screenName openedOn history { validFrom screenName } } followers } } }',
    );
    expect(top.activity.rows[0]).toMatchObject({ account: { screenName: '平安北京', openedOn: '2010-08-01' } });
  });

  test('the registry pages through accounts; the codebook describes every field; jobs tell their state', async () => {
    const REGISTRY = `query Registry($after: String) { accounts(where: { region: { under: "44" } }, search: "公安", first: 20, after: $after) {
      edges { node { id screenName accountType sector { name } history { validFrom validTo screenName region { name } } } cursor } pageInfo { hasNextPage endCursor } totalCount } }`;
    const ids: string[] = [];
    let after: string | null = null;
    let total: number;
    do {
      const {
        accounts,
      }: { accounts: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number } } =
        await ask(REGISTRY, { after });
      ids.push(...accounts.edges.map(({ node }) => node.id));
      total = accounts.totalCount;
      after = accounts.pageInfo.hasNextPage ? accounts.pageInfo.endCursor : null;
    } while (after !== null);
    expect(total).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(total);
    const [naive] = await test_.app.store.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM account_version v WHERE v.valid_to IS NULL AND v.region = '44' AND v.account_key IN
         (SELECT account_key FROM account_version WHERE screen_name LIKE '%公安%' OR verified_reason LIKE '%公安%')`,
    );
    expect(total).toBe(naive!.n);

    const { dataset } = await ask<{
      dataset: {
        syntheticNote: string;
        period: object;
        cubes: { name: string; measures: { name: string; formula: string }[] }[];
        indicators: object[];
      };
    }>(
      `{ dataset { syntheticNote snapshot { id publishedAt } period { from to } limits { name value help } indicators { regionCode indicator year value unit source confidence } sources { code reference }
         regions { code name confidence } cubes { name grain dimensions { name label } measures { name label unit description formula additivity existsSince source } } } }`,
    );
    expect(dataset.syntheticNote).toContain('synthetic');
    expect(dataset.period).toEqual({ from: '2009-11-21', to: '2011-12-31' });
    expect(dataset.cubes.map(({ name }) => name)).toEqual(['activity', 'posts', 'interactions']);
    expect(dataset.indicators).toContainEqual({
      regionCode: '11',
      indicator: 'population',
      year: 2010,
      value: 19_612_368,
      unit: 'persons',
      source: 'S05',
      confidence: 'high',
    });

    const { jobs } = await ask<{ jobs: object[] }>(
      '{ jobs { name schedule nextRunAt watermark missing(first: 10) lastRun { status startedAt rows durationMs } } }',
    );
    expect(jobs).toMatchObject([
      { name: 'accountDay', schedule: null, watermark: '2011-12-31', missing: [], lastRun: { status: 'published' } },
      { name: 'posts', watermark: '2011-12-31', missing: [] },
      { name: 'interactions', watermark: '2011-12-31', missing: [] },
    ]);
  });

  test.each([
    [
      'an unknown field',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }) { rows { postz } } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Did you mean "posts"',
    ],
    [
      'an unknown region',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, where: { region: { eq: "4" } }) { rows { posts } } }',
      'BAD_QUERY',
      'There is no region with the code "4"',
    ],
    [
      'a name for a code',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, where: { region: { eq: "Guangdong" } }) { rows { posts } } }',
      'BAD_QUERY',
      'The code of Guangdong is "44"',
    ],
    [
      'a period that ends before it starts',
      '{ activity(period: { from: "2011-02-01", to: "2011-01-31" }) { rows { posts } } }',
      'BAD_QUERY',
      'ends before it starts',
    ],
    [
      'a day that is none',
      '{ activity(period: { from: "2011-02-29", to: "2011-03-31" }) { rows { posts } } }',
      'GRAPHQL_VALIDATION_FAILED',
      '2011-12-31',
    ],
    [
      'a period after the data',
      '{ activity(period: { from: "2012-02-01", to: "2012-03-31" }) { rows { posts } } }',
      'NOT_PUBLISHED',
      'published up to 2011-12-31',
    ],
    [
      'an empty list',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, where: { region: { in: [] } }) { rows { posts } } }',
      'BAD_QUERY',
      'is empty',
    ],
    [
      'too many rows',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, limit: 50001) { rows { day posts } } }',
      'LIMIT_EXCEEDED',
      'the limit is 50000',
    ],
    [
      'an order by what is not grouped by',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, orderBy: [{ field: region }]) { rows { posts } } }',
      'BAD_QUERY',
      'Select "region"',
    ],
    [
      'an unknown snapshot',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, snapshot: "x") { rows { posts } } }',
      'NOT_FOUND',
      'no snapshot "x"',
    ],
    [
      'an account id without platform',
      '{ activity(period: { from: "2011-01-01", to: "2011-01-31" }, where: { account: { eq: "123" } }) { rows { posts } } }',
      'BAD_QUERY',
      'platform:account_id',
    ],
  ])('%s gets a sentence and a code', async (_, query, code, words) => {
    const { message, code: found } = await refusal(query);
    expect(found).toBe(code);
    expect(message).toContain(words);
  });

  test('real crawler output beside it: posts, likes, comments and reposts by verification type and by day', async () => {
    const folder = projectPath('..', 'shared', 'data', 'weibo_crawlers');
    if (!existsSync(folder)) {
      process.stderr.write(`skipped: ${folder} is not there\n`);
      return;
    }
    const reading = await crawlerFiles(`${folder}/raw/weibo`, { observedAt: null, encoding: null });
    const { app } = test_;
    const summary = await ingest(reading, { ...app, dataDir: app.config.dataDir });
    expect(summary).toMatchObject({ rowsRead: 4870, accepted: 2447, updated: 0, unchanged: 2423, rejected: 0 });
    const night = await app.night();
    expect(night.jobs).toMatchObject(['accountDay', 'posts', 'interactions'].map((job) => ({ job, published: 1, failed: 0 })));
    const truth = JSON.parse(readFileSync(`${folder}/truth.json`, 'utf8')) as {
      weibo_crawler_org: Record<
        'by_verified_type' | 'by_day_local',
        Record<string, Record<'posts' | 'likes' | 'comments' | 'reposts', number>>
      >;
    };
    for (const cube of ['activity', 'posts'])
      for (const [field, expected] of [
        ['verifiedType', truth.weibo_crawler_org.by_verified_type],
        ['day', truth.weibo_crawler_org.by_day_local],
      ] as const) {
        // prettier-ignore
        const answer = await ask<Record<string, { rows: Record<string, string | number>[] }>>(
          `{ ${cube}(period: { from: "2024-11-01", to: "2024-11-30" }, where: { platform: { eq: "weibo" } }) { rows { ${field} posts likes comments reposts } } }`,
        );
        const rows = answer[cube]!.rows.filter(({ posts }) => posts !== 0);
        expect(Object.fromEntries(rows.map(({ [field]: key, ...numbers }) => [key, numbers]))).toEqual(expected);
      }
  });
});
