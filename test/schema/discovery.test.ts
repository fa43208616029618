import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { openTestApp, type TestApp } from '../app';
import { build, DISCOVERY, type Built, type CubeEntry, type Dataset } from './fromDataset';

const QUESTIONS = 150;

let test_: TestApp;
let dataset: Dataset;
let origin: string;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'traps and comments' });
  origin = (await test_.serve()).address;
  dataset = (await test_.graphql<{ dataset: Dataset }>(DISCOVERY)).data.dataset;
});
afterAll(() => test_.close());

type Row = Readonly<Record<string, unknown>>;
interface Answered {
  readonly rows: readonly Row[];
  readonly rowCount: number;
  readonly provenance: { readonly permalink: string; readonly resultHash: string; readonly queryId: string };
}
async function ask(document: string, variables: object = {}): Promise<Answered> {
  const { data, errors } = await test_.graphql<Record<string, Answered>>(document, variables);
  if (errors) throw new Error(`${errors[0]!.message}\n${document}`);
  return data['answer']!;
}
const PROVENANCE = 'rowCount provenance { permalink resultHash queryId }';
const plain = ({ cube, args, rows }: Built): string =>
  `{ answer: ${cube}(${args}) { rows { ${Object.values(rows).join(' ')} } ${PROVENANCE} } }`;
const refusal = async (document: string): Promise<string> => (await test_.graphql(document)).errors?.[0]?.message ?? 'accepted';
const addressOf = (cube: string, rest: string): string =>
  `${origin}/${cube}.json?from=${dataset.period.from}&to=${dataset.period.to}&limit=10&${rest}`;
async function urlRefusal(cube: string, rest: string): Promise<string> {
  const reply = await fetch(addressOf(cube, rest));
  const body = (await reply.json()) as { error?: { message: string; code: string } };
  return reply.status === 400 ? body.error!.message : `accepted with ${reply.status}`;
}

test(`${QUESTIONS} questions that are made of the dataset alone: none is refused`, async () => {
  let found = 0;
  const asked = new Set<string>();
  for (let seed = 0; seed < QUESTIONS; seed += 1) {
    const built = build(seed, dataset);
    found += (await ask(plain(built))).rows.length > 0 ? 1 : 0;
    for (const [key] of Object.entries(built.rows)) asked.add(key);
  }
  expect(found).toBeGreaterThan(QUESTIONS / 3);
  for (const { name } of dataset.derivedFields) expect(asked).toContain(name);
}); // prettier-ignore

test('every measure, dimension, operator and value that the dataset names is taken', async () => {
  for (const { name: cube, dimensions, conditions, measures } of dataset.cubes) {
    const [measure] = measures;
    for (const { name } of measures) await ask(`{ answer: ${cube}(${PERIOD()}) { rows { ${name} } ${PROVENANCE} } }`);
    for (const { name, operators, values } of dimensions)
      for (const operator of operators) {
        const takes = dataset.operators.find((one) => one.name === operator)!.takes;
        // An unknown level has no place in an order.
        const given = values.filter(({ value }) => !(value === 'LX' && ['gte', 'lte'].includes(operator)));
        if (given.length === 0) continue;
        const text = takes === 'LIST' ? `[${given.map(({ literal }) => literal).join(', ')}]` : given.at(-1)!.literal;
        await ask(`{ answer: ${cube}(${PERIOD()}, where: { ${name}: { ${operator}: ${text} } }) { rows { ${measure!.name} } ${PROVENANCE} } }`);
      }
    for (const { name, kind, operators } of conditions)
      for (const operator of operators)
        await ask(`{ answer: ${cube}(${PERIOD()}, where: { ${name}: { ${operator}: ${kind === 'TEXT' ? '"a"' : 3} } }) { rows { ${measure!.name} } ${PROVENANCE} } }`); // prettier-ignore
  }
}); // prettier-ignore
const PERIOD = (): string => `period: { from: "${dataset.period.from}", to: "${dataset.period.to}" }`;

test('the rows of the values are those of a naive count, and all that is found is listed', async () => {
  const { store } = test_.app;
  const posts = dataset.cubes.find(({ name }) => name === 'posts')!;
  const counted = async (sql: string): Promise<Map<string, number>> =>
    new Map((await store.query<{ value: string | number; n: number }>(sql)).map(({ value, n }) => [String(value), Number(n)]));
  const version =
    'LEFT JOIN account_version v ON v.account_key = p.account_key AND v.valid_from <= p.posted_day AND (v.valid_to IS NULL OR v.valid_to > p.posted_day)';
  for (const [name, expected] of [
    ['hour', await counted('SELECT posted_hour AS value, COUNT(*) AS n FROM post GROUP BY posted_hour')],
    ['platform', await counted('SELECT platform AS value, COUNT(*) AS n FROM post GROUP BY platform')],
    ['region', await counted(`SELECT COALESCE(v.region, 'UNKNOWN') AS value, COUNT(*) AS n FROM post p ${version} GROUP BY 1`)],
    ['level', await counted(`SELECT COALESCE(v.level, 'LX') AS value, COUNT(*) AS n FROM post p ${version} GROUP BY 1`)],
  ] as const) {
    const { values, valueCount } = posts.dimensions.find((one) => one.name === name)!;
    expect(valueCount).toBe(values.length);
    expect(new Map(values.filter(({ rows }) => rows > 0).map(({ value, rows }) => [value, rows]))).toEqual(expected);
  }
  const [accounts] = await store.query<{ n: number }>('SELECT COUNT(*) AS n FROM account');
  expect(posts.dimensions.find(({ name }) => name === 'account')).toMatchObject({ valueCount: accounts!.n, values: [] });
});

test('values come in pages', async () => {
  const page = async (args: string): Promise<string[]> => {
    const { data } = await test_.graphql<{ dataset: { cubes: { dimensions: { name: string; values: { value: string }[] }[] }[] } }>(
      `{ dataset { cubes { dimensions { name values(${args}) { value } } } } }`,
    );
    return data.dataset.cubes[0]!.dimensions.find(({ name }) => name === 'region')!.values.map(({ value }) => value);
  };
  const all = await page('first: 1000');
  expect(all.length).toBeGreaterThan(30);
  expect(await page('first: 7, offset: 5')).toEqual(all.slice(5, 12));
  expect(await refusal('{ dataset { cubes { dimensions { values(first: 1001) { value } } } } }')).toContain('from 0 to 1000');
});

test('other ways to write a question change neither its values nor its id', async () => {
  for (let seed = 1_000; seed < 1_060; seed += 1) {
    const built = build(seed, dataset);
    const expected = await ask(plain(built));
    const { rows, ...rest } = await ask(decorated(built), { yes: true, no: false });
    expect(rest).toEqual({ rowCount: expected.rowCount, provenance: expected.provenance, __typename: expect.any(String) as string });
    expect(rows.map((row) => Object.fromEntries(Object.keys(built.rows).map((key) => [key, row[`a_${key}`]])))).toEqual(expected.rows);
  }
}); // prettier-ignore

/** The same question with aliases, fragments, repeated fields, __typename, and directives that take or leave by literals and variables. */
function decorated({ cube, args, rows }: Built): string {
  const type = `${cube[0]!.toUpperCase()}${cube.slice(1)}`;
  const aliased = Object.entries(rows).map(([key, text]) => `a_${key}: ${text}`);
  const half = Math.ceil(aliased.length / 2);
  return `query Q($yes: Boolean!, $no: Boolean!) { answer: ${cube}(${args}) { __typename
      ... on ${type}Result @include(if: $yes) { rows { __typename ...Half } }
      rows @skip(if: $no) { ${aliased
        .slice(half)
        .map((one) => one.replace(/^(\w+: \w+(?:\([^)]*\))?)/, '$1 @include(if: true)'))
        .join(' ')} ... @skip(if: true) { hidden: platform } gone: account @include(if: $no) { id } }
      ${PROVENANCE} } }
    fragment Half on ${type}Row { ${aliased.slice(0, half).join(' ')} ...Nested }
    fragment Nested on ${type}Row { __typename ${aliased[0]!} }`;
}

test('every form of an answer has the values of GraphQL', async () => {
  const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';
  for (let seed = 2_000; seed < 2_030; seed += 1) {
    const built = build(seed, dataset);
    const { rows, provenance } = await ask(plain(built));
    const fields = Object.keys(built.rows).filter((key) => built.rows[key] === key && rows.every((row) => isPlain(row[key])));
    const expected = rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
    const of = (form: string): Promise<Response> => fetch(origin + provenance.permalink.replace('.json', form));
    const only = (row: Row): Row => Object.fromEntries(fields.map((field) => [field, row[field]]));
    expect(((await (await of('.json')).json()) as { rows: Row[] }).rows.map(only)).toEqual(expected);
    const csv: Row[] = parse(await (await of('.csv')).text(), { columns: true });
    expect(csv.map(only)).toEqual(expected.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] === null ? '' : String(row[field] as string | number)]))));
    const table = tableFromIPC(Buffer.from(await (await of('.arrow')).arrayBuffer()));
    const isDay = (field: string): boolean => String(table.schema.fields.find(({ name }) => name === field)?.type).startsWith('Date');
    const cell = (field: string, value: unknown): unknown =>
      typeof value === 'bigint' ? Number(value) : value !== null && isDay(field) ? new Date(Number(value)).toISOString().slice(0, 10) : value;
    expect(table.toArray().map((row: Row) => Object.fromEntries(fields.map((field) => [field, cell(field, row[field])])))).toEqual(expected);
  }
}); // prettier-ignore

describe('what the dataset does not name is refused', () => {
  const everywhere = (): CubeEntry[] => [...dataset.cubes];
  test('operators on dimensions and conditions', async () => {
    for (const { name: cube, dimensions, conditions, measures } of everywhere())
      for (const { name, operators, kind } of [...dimensions, ...conditions])
        for (const operator of dataset.operators.map((one) => one.name).filter((one) => !operators.includes(one))) {
          if (kind === 'TIME') continue;
          const value = operator === 'contains' ? 'a' : kind === 'INTEGER' ? '3' : kind === 'MONTH' ? '2012-02' : '11';
          expect([cube, name, operator, await urlRefusal(cube, `fields=${measures[0]!.name}&${name}.${operator}=${value}`)]).toEqual([cube, name, operator, expect.stringContaining(name)]); // prettier-ignore
          expect(await refusal(`{ ${cube}(${PERIOD()}, where: { ${name}: { ${operator}: 3 } }) { rowCount } }`)).not.toBe('accepted');
        }
  });

  test('derived fields on measures', async () => {
    for (const { name: cube, measures } of everywhere())
      for (const { name, derived, rollingWays, estimateWays } of measures) {
        const written: Readonly<Record<string, string>> = {
          share: `share.${name}`,
          cumulative: `cumulative.${name}`,
        };
        for (const [kind, field] of Object.entries(written))
          if (!derived.includes(kind)) expect(await urlRefusal(cube, `fields=year,${field}`)).toContain(name);
        for (const way of ['MEAN', 'SUM'].filter((one) => !rollingWays.includes(one)))
          expect(await urlRefusal(cube, `fields=year,rolling.2.${way}.${name}`)).toContain('cannot be rolled');
        for (const [way, field] of [
          ['VALUE', `estimate.95.${name}`],
          ['SHARE', `estimate.95.share.${name}`],
        ] as const)
          if (!estimateWays.includes(way)) expect(await urlRefusal(cube, `fields=year,${field}`)).toContain(name);
      }
  });

  test('grains, shifts, windows, levels and places', async () => {
    const [{ name: cube, measures }] = dataset.cubes as [CubeEntry];
    const sum = measures.find(({ derived }) => derived.includes('cumulative'))!.name;
    const ratio = measures.find(({ estimateWays }) => estimateWays.includes('VALUE'))!.name;
    expect(await urlRefusal(cube, `fields=cumulative.${sum}`)).toContain('to cumulate along');
    expect(await urlRefusal(cube, `fields=month,year,rolling.2.SUM.${sum}`)).toContain('select one of');
    for (const { shift, grains } of dataset.derivedFields.find(({ name }) => name === 'change')!.finestGrains)
      for (const grain of dataset.timeGrains)
        if (!grains.includes(grain)) expect(await urlRefusal(cube, `fields=${grain},change.${shift}.${sum}`)).toContain('no counterpart');
    const { least, most } = dataset.derivedFields.find(({ name }) => name === 'rolling')!.arguments.find(({ name }) => name === 'window')!;
    for (const window of [least - 1, most + 1])
      expect(await urlRefusal(cube, `fields=year,rolling.${window}.SUM.${sum}`)).toContain('the window is');
    for (const level of ['49.9', '100']) expect(await urlRefusal(cube, `fields=estimate.${level}.${ratio}`)).toContain('the level is');
    for (const { name, notWith } of measures)
      for (const dimension of notWith) {
        expect(await urlRefusal(cube, `fields=${dimension},${name}`)).toContain('not by prefecture');
        expect(await urlRefusal(cube, `fields=${name}&${dimension}=440100`)).toContain('not by prefecture');
      }
    for (const { name } of measures.filter(({ regionsApart }) => regionsApart))
      expect(await urlRefusal(cube, `fields=${name}&where=${encodeURIComponent('{"or":[{"region":{"eq":"11"}},{"sector":{"eq":"PS"}}]}')}`)).toContain('mixes regions'); // prettier-ignore
  });

  test('values that no table has, with the nearest that one has', async () => {
    for (const { name: cube, dimensions, measures } of everywhere())
      for (const { name, kind, values } of dimensions.filter(
        (one) => ['OBJECT', 'ENUM', 'TEXT'].includes(one.kind) && one.values.length > 0,
      )) {
        const { value } = values.find((one) => one.value.length > 2) ?? values[0]!;
        const message = await urlRefusal(cube, `fields=${measures[0]!.name}&${name}=${value}x`);
        expect([name, kind, message]).toEqual([name, kind, expect.stringContaining(`${value}x`)]);
        if (value.length > 2) expect(message).toContain('Did you mean');
      }
  });

  test('names, with the nearest that there is', async () => {
    for (const { name: cube, measures, dimensions } of everywhere()) {
      const measure = measures.reduce((long, { name }) => (name.length > long.length ? name : long), '');
      const slip = `${measure.slice(0, 4)}${measure.slice(5)}`;
      expect(await urlRefusal(cube, `fields=${slip}`)).toContain(`Did you mean "${measure}"?`);
      expect(await urlRefusal(cube, `fields=${measure}&orderBy=${slip}`)).toContain(`Did you mean "${measure}"?`);
      expect(await urlRefusal(cube, `fields=${measure}&having.${slip}.gte=1`)).toContain(`Did you mean "${measure}"?`);
      expect(await urlRefusal(cube, `fields=rank.${slip}`)).toContain(`Did you mean "${measure}"?`);
      const dimension = dimensions.find(({ name }) => name.length > 7)!.name;
      expect(await urlRefusal(cube, `fields=${measure}&${dimension.slice(0, -1)}z=1`)).toContain(`Did you mean "${dimension}"?`);
      expect(await refusal(`{ ${cube}(${PERIOD()}) { rows { ${slip} } } }`)).toContain(`Did you mean`);
    }
  });

  test('more than the limits allow', async () => {
    const limit = (name: string): number => dataset.limits.find((one) => one.name === name)!.value;
    const [{ name: cube, measures }] = dataset.cubes as [CubeEntry];
    const [measure] = measures;
    expect(await refusal(`{ ${cube}(${PERIOD()}, limit: ${limit('maxRows') + 1}) { rows { ${measure!.name} } } }`)).toContain(
      'the limit is',
    );
    expect(await refusal(`{ ${cube}(${PERIOD()}, offset: ${limit('maxOffset') + 1}) { rows { ${measure!.name} } } }`)).toContain(
      'the limit is',
    );
    const values = Array.from({ length: limit('maxFilterValues') + 1 }, () => '"11"').join(', ');
    expect(await refusal(`{ ${cube}(${PERIOD()}, where: { region: { in: [${values}] } }) { rows { ${measure!.name} } } }`)).toContain(
      'the limit is',
    );
  });
});
