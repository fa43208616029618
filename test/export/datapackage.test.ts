import { dataPackage } from '../../src/export/datapackage';
import { DEMO_LICENCE, type Licence } from '../../src/licences';
import { isDataPackage } from './dataPackageRules';
import { DESCRIBED, SNAPSHOT } from './described';

type Package = ReturnType<typeof packageOf>;
const packageOf = () =>
  JSON.parse(JSON.stringify(dataPackage(DESCRIBED))) as {
    version: string;
    snapshot: Record<string, unknown>;
    sources?: unknown[];
    resources: {
      name: string;
      path: string;
      hash: string;
      bytes: number;
      title: string;
      description: string;
      schema: { fields: Record<string, string>[]; primaryKey?: string[] };
    }[];
  };

it('obeys the rules of the standard for everything it says', () => {
  expect([isDataPackage(packageOf()), isDataPackage.errors]).toEqual([true, null]);
});

it.each<[string, (broken: Package) => void]>([
  ['an absolute path', ({ resources }) => (resources[0]!.path = '/files/a.parquet')],
  ['a path that goes up', ({ resources }) => (resources[0]!.path = 'files/../a.parquet')],
  ['a hash without its kind', ({ resources }) => (resources[0]!.hash = 'a1'.repeat(32))],
  ['a name with a space', ({ resources }) => (resources[0]!.name = 'a b')],
  ['a type that is none', ({ resources }) => (resources[0]!.schema.fields[0]!['type'] = 'day')],
  ['a misspelt property', (broken) => Object.assign(broken, { licences: [] })],
])('the rules find %s', (_what, spoil) => {
  const broken = packageOf();
  spoil(broken);
  expect(isDataPackage(broken)).toBe(false);
});

it('has one resource for each file, each with its own name, hash and size', () => {
  const { resources, version, snapshot } = packageOf();
  expect([version, snapshot]).toEqual([
    SNAPSHOT.id,
    { id: SNAPSHOT.id, contentHash: SNAPSHOT.contentHash, from: '2011-11-01', to: '2011-12-31', synthetic: true },
  ]);
  expect(resources.map(({ path, bytes, hash }) => [path, bytes, hash])).toEqual(
    SNAPSHOT.files.map(({ uri, bytes, sha256 }) => [`snapshots/${SNAPSHOT.id}/files/${uri}`, bytes, `sha256:${sha256}`]),
  );
  expect(new Set(resources.map(({ name }) => name)).size).toBe(resources.length);
  expect(resources[0]!.name).toBe('activity-2011-11-01');
});

it('every key is made of fields that are there', () => {
  for (const { schema } of packageOf().resources)
    expect(schema.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(schema.primaryKey ?? []));
});

it('fields say what the model says of their columns; what nobody described is only named', () => {
  const { resources } = packageOf();
  const fieldOf = (resource: string, name: string) =>
    resources.find((one) => one.name === resource)!.schema.fields.find((field) => field['name'] === name);
  expect(fieldOf('activity-2011-11-01', 'day')).toEqual({
    name: 'day', type: 'date', title: 'Day', description: 'Day in the local time of the platform.',
  }); // prettier-ignore
  expect(fieldOf('posts-2011-12-01', 'reposts')).toMatchObject({
    type: 'integer',
    description: expect.stringContaining('Summed by `reposts`: '),
  });
  expect(fieldOf('dim_region', 'synthetic')).toMatchObject({ type: 'boolean' });
  expect(fieldOf('dim_own', 'something_new')).toEqual({ name: 'something_new', type: 'integer', title: 'Something new' });
});

it('states the licence by name and address, or by the address of terms alone', () => {
  const licensed = (licence: Licence) => JSON.parse(JSON.stringify(dataPackage({ ...DESCRIBED, licence }))) as { licenses: object[] };
  const named = licensed(DEMO_LICENCE);
  expect(named.licenses).toEqual([{ name: 'MIT', title: 'MIT License (synthetic demo data)', path: 'https://opensource.org/license/mit' }]);
  const terms = licensed({ name: null, title: 'Terms of use', url: 'https://example.org/terms' });
  expect(terms.licenses).toEqual([{ title: 'Terms of use', path: 'https://example.org/terms' }]);
  for (const written of [named, terms]) expect([isDataPackage(written), isDataPackage.errors]).toEqual([true, null]);
});

it('says nothing of licences and contributors, whom nobody has named, nor of sources where there are none', () => {
  const written = dataPackage({ ...DESCRIBED, sources: [] });
  for (const word of ['licenses', 'contributors', 'sources']) expect(written).not.toHaveProperty(word);
  expect([isDataPackage(JSON.parse(JSON.stringify(written))), isDataPackage.errors]).toEqual([true, null]);
});
