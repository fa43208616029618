import { createHash } from 'node:crypto';
import { CUBES } from '../../src/model';
import type { OpenSnapshot } from '../../src/answer/reader';
import { withoutRollups } from '../../src/warehouse/snapshots';
import { isDataPackage } from '../export/dataPackageRules';
import { elementsOf, readXml } from '../export/xml';
import type { TestApp } from '../app';
import { serveTwoSnapshots } from './published';

interface Resource {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly hash: string;
  readonly rows: number;
  readonly schema: { readonly fields: readonly Record<string, string>[]; readonly primaryKey?: readonly string[] };
}

const DOCUMENTS = ['/datapackage.json', '/croissant.json', '/ddi.xml'] as const;
const sha256 = (bytes: ArrayBuffer): string => createHash('sha256').update(Buffer.from(bytes)).digest('hex');

let test_: TestApp;
let origin: string;
let older: string;
let newest: string;
beforeAll(async () => {
  ({ test_, origin, older, newest } = await serveTwoSnapshots());
});
afterAll(() => test_.close());

const open = async (id: string): Promise<OpenSnapshot> => (await test_.app.reader()).open(id);
const resourcesOf = async (search = ''): Promise<Resource[]> =>
  ((await (await fetch(`${origin}/datapackage.json${search}`)).json()) as { resources: Resource[] }).resources;
const ask = async (sql: string): Promise<unknown[]> =>
  (await (await test_.app.reader()).engine.query(sql, [], { timeoutMs: 10_000 })).rows as unknown[];

describe.each(DOCUMENTS)('%s', (path) => {
  it('is of the newest snapshot, or of the one that is asked for', async () => {
    for (const [search, snapshot] of [
      ['', newest],
      [`?snapshot=${older}`, older],
    ] as const) {
      const reply = await fetch(origin + path + search);
      expect([reply.status, reply.headers.get('x-govblog-snapshot')]).toEqual([200, snapshot]);
      expect(reply.headers.get('cache-control')).toBe('no-cache');
      const text = await reply.text();
      expect(text).toContain(snapshot);
      expect(text).not.toContain(snapshot === older ? newest : older);
    }
  });

  it('costs 304 when asked again, and says no more than was asked', async () => {
    const etag = (await fetch(origin + path)).headers.get('etag')!;
    expect((await fetch(origin + path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(`${origin}${path}?snapshot=nope`)).status).toBe(404);
    const stray = await fetch(`${origin}${path}?version=1`);
    expect([stray.status, await stray.json()]).toEqual([
      400,
      { error: { code: 'BAD_QUERY', message: 'There is no parameter "version" here; there is: snapshot.' } },
    ]);
  });
});

describe('the data package of a real snapshot', () => {
  it('obeys the rules of the standard', async () => {
    expect([isDataPackage(await (await fetch(`${origin}/datapackage.json`)).json()), isDataPackage.errors]).toEqual([true, null]);
  });

  it('leads to every file of facts and dimensions, with its hash, size and rows, for ever', async () => {
    for (const id of [older, newest]) {
      const resources = await resourcesOf(`?snapshot=${id}`);
      expect(resources).toHaveLength(withoutRollups((await open(id)).snapshot).files.length);
      for (const { name, path, bytes, hash, rows } of resources) {
        const body = await (await fetch(new URL(path, `${origin}/datapackage.json`))).arrayBuffer();
        expect([name, body.byteLength, `sha256:${sha256(body)}`]).toEqual([name, bytes, hash]);
        const file = test_.app.files.pathOf(path.slice(path.indexOf('/files/') + '/files/'.length));
        expect([name, await ask(`select count(*) from '${file}'`)]).toEqual([name, [[rows]]]);
      }
    }
  });

  it('names the columns that the files have, with their types, and keys that are never repeated', async () => {
    const TYPES: Readonly<Record<string, RegExp>> = {
      date: /^DATE$/, string: /^VARCHAR$/, boolean: /^BOOLEAN$/, integer: /INT/, number: /^DOUBLE$/,
    }; // prettier-ignore
    const { files } = test_.app;
    for (const { name, path, schema, rows } of await resourcesOf()) {
      const file = files.pathOf(path.slice(path.indexOf('/files/') + '/files/'.length));
      const columns = (await ask(`describe select * from '${file}'`)) as string[][];
      expect([name, schema.fields.map((field) => field['name'])]).toEqual([name, columns.map(([column]) => column)]);
      for (const [index, [, type]] of columns.entries()) expect([name, type]).toEqual([name, expect.stringMatching(TYPES[schema.fields[index]!['type']!]!)]); // prettier-ignore
      expect([name, schema.primaryKey?.length]).not.toEqual([name, undefined]);
      const [[different]] = (await ask(`select count(*) from (select distinct ${schema.primaryKey!.join(', ')} from '${file}')`)) as [[number]]; // prettier-ignore
      expect([name, different]).toEqual([name, rows]);
    }
  });

  it('says what every column means', async () => {
    const silent = (await resourcesOf()).flatMap(({ name, schema }) =>
      schema.fields.filter((field) => !/\S/.test(field['description'] ?? '')).map((field) => `${name}.${field['name']}`),
    );
    expect(silent).toEqual([]);
  });
});

it('Croissant leads to the same files', async () => {
  const { distribution, recordSet } = (await (await fetch(`${origin}/croissant.json`)).json()) as {
    distribution: { contentUrl: string; sha256: string; contentSize: string }[];
    recordSet: { field: unknown[] }[];
  };
  const { files } = withoutRollups((await open(newest)).snapshot);
  expect(distribution.map((one) => [one.sha256, one.contentSize])).toEqual(files.map((file) => [file.sha256, `${file.bytes} B`]));
  expect(sha256(await (await fetch(distribution[0]!.contentUrl)).arrayBuffer())).toBe(distribution[0]!.sha256);
  expect(recordSet.map(({ field }) => field.length)).toEqual((await resourcesOf()).map(({ schema }) => schema.fields.length));
});

it('DDI counts the rows of each cube and lists the codes of the snapshot', async () => {
  const root = readXml(await (await fetch(`${origin}/ddi.xml`)).text());
  const { snapshot, members } = await open(newest);
  const rows = CUBES.map(({ fact }) => snapshot.files.filter(({ table }) => table === fact).reduce((sum, one) => sum + one.rows, 0));
  expect(
    elementsOf(root)
      .filter(({ name }) => name === 'caseQnty')
      .map(({ text }) => Number(text)),
  ).toEqual(rows);
  const sector = elementsOf(root).find(({ attributes }) => attributes['ID'] === 'V-activity-sector')!;
  const codes = elementsOf(sector).filter(({ name }) => name === 'catValu').map(({ text }) => text); // prettier-ignore
  expect(codes).toEqual([...members.sector.keys()]);
});
