import { cubeNamed, CUBES } from '../../src/model';
import { checkCost, costOf, leastRows } from '../../src/query/cost';
import { LIMITS } from '../../src/query/limits';
import type { Question } from '../../src/query/question';
import { openTestApp, type TestApp } from '../app';

const MAX = 8_000;
const [FROM, TO] = ['2001-01-01', '2013-03-31'];

describe('a question that would take too much', () => {
  let test_: TestApp;
  const costs = async (question: Partial<Question> & Pick<Question, 'fields'>) => {
    const answer = await test_.ask({ cube: 'activity', from: FROM, to: TO, ...question });
    return { ...costOf(answer.plan, answer.open.snapshot.files, answer.open.members), answer };
  };
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'demo and traps', settings: { GOVBLOG_MAX_SCANNED_ROWS: String(MAX) } });
  });
  afterAll(() => test_.close());

  test('is refused before it runs, with its estimated rows and the limit; by month it goes through a rollup', async () => {
    const { answer, scannedRows } = await costs({ fields: ['day', 'account', 'posts'] });
    const facts = answer.open.snapshot.files.filter(({ table }) => table === 'activity').reduce((sum, { rows }) => sum + rows, 0);
    expect(scannedRows).toBe(facts);
    expect(facts).toBeGreaterThan(MAX);
    const sentence = `would read about ${facts.toLocaleString('en-US')} rows; the limit is 8,000`;
    await expect(answer.rows()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining(sentence) as string });
    await expect(answer.rowCount()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(answer.totals(['posts'])).resolves.toBeDefined();

    const monthly = await test_.ask({ cube: 'activity', fields: ['month', 'posts'], from: FROM, to: TO });
    expect((await monthly.rows()).length).toBeGreaterThan(12);
    expect(monthly.rollup()).not.toBeNull();
    expect(monthly.rowsScanned()).toBeLessThanOrEqual(MAX);
    expect(await monthly.milliseconds()).toBeGreaterThan(0);
  });

  test('the rows of accounts are told from the list of files, never more than there are', async () => {
    const grainsOf = ['day', 'week', 'month', 'quarter', 'year'] as const;
    const period = { from: '2011-01-01', to: '2011-03-31' };
    for (const grain of [null, ...grainsOf])
      for (const fill of ['NONE', 'ZERO'] as const) {
        if (grain === null && fill === 'ZERO') continue;
        const fields = [...(grain ? [grain] : []), 'account', 'posts'];
        const answer = await test_.ask({ cube: 'activity', fields, ...period, fill, limit: 50_000 });
        const { files } = answer.open.snapshot;
        const [least, rows] = [leastRows(answer.plan, files), await answer.rowCount()];
        expect({ grain, fill, least }).toEqual({ grain, fill, least: Math.min(least, rows) });
        // A month has up to six weeks.
        expect(least).toBeGreaterThan(rows / 6);
        if (grain === 'day' && fill === 'NONE') expect(least).toBe(rows);
        const filtered = await test_.ask({ cube: 'activity', fields, ...period, fill, where: { accountType: { eq: 'AGENCY' } } });
        expect(leastRows(filtered.plan, files)).toBe(0);
      }
  });

  test('GraphQL and plain URLs say so; `dataset` tells the limit', async () => {
    const period = `period: { from: "${FROM}", to: "${TO}" }`;
    const { errors } = await test_.graphql(`{ activity(${period}) { rows { day posts } } }`);
    expect(errors?.[0]?.extensions.code).toBe('LIMIT_EXCEEDED');
    const { address } = await test_.serve();
    const response = await fetch(`${address}/activity.csv?fields=day,posts&from=${FROM}&to=${TO}`);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('GOVBLOG_MAX_SCANNED_ROWS');
    const { data } = await test_.graphql<{ dataset: { limits: { name: string; value: number }[] } }>(
      '{ dataset { limits { name value } } }',
    );
    expect(data.dataset.limits).toContainEqual({ name: 'maxScannedRows', value: MAX });
    expect(data.dataset.limits).toContainEqual({ name: 'maxGroups', value: LIMITS.maxGroups.value });
  });

  test('provenance says how many rows were read and how long it took', async () => {
    const { data, errors } = await test_.graphql<{ activity: { provenance: { rowsScanned: number; milliseconds: number } } }>(
      `{ activity(period: { from: "${FROM}", to: "${TO}" }) { rows { month posts } provenance { rowsScanned milliseconds } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.activity.provenance.rowsScanned).toBeGreaterThan(0);
    expect(data.activity.provenance.milliseconds).toBeGreaterThan(0);
  });

  test.each(CUBES.map(({ name }) => name))('%s: no answer has more groups than was estimated', async (cube) => {
    const { dimensions } = cubeNamed(cube)!;
    for (const field of Object.keys(dimensions))
      for (const grain of [[], ['month'], ['week'], ['year']])
        for (const fill of grain.length > 0 ? (['NONE', 'ZERO'] as const) : (['NONE'] as const)) {
          const question = { cube, fields: [...grain, field], from: '2012-01-01', to: '2012-03-31', limit: 50_000, fill } as const;
          const { groups, answer } = await costs({ ...question, fields: [...question.fields] });
          expect([question, (await answer.rows()).length <= groups]).toEqual([question, true]);
        }
  });
});

test('a question that would make too many groups is refused', () => {
  expect(() => checkCost({ scannedRows: 1, groups: LIMITS.maxGroups.value }, 1)).not.toThrow();
  expect(() => checkCost({ scannedRows: 1, groups: LIMITS.maxGroups.value + 1 }, 1)).toThrow(
    'up to 20,000,001 groups; the limit is 20,000,000',
  );
});
