import { croissant } from '../../src/export/croissant';
import { DEMO_LICENCE } from '../../src/licences';
import { DESCRIBED, SNAPSHOT } from './described';

type Node = Record<string, unknown>;
const written = (): Node => JSON.parse(JSON.stringify(croissant(DESCRIBED))) as Node;
const nodesOf = (node: Node, property: string): Node[] => node[property] as Node[];

/** Every object in a document, itself included. */
const objectsIn = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (value === null || typeof value !== 'object') return [];
  return [value as Node, ...Object.values(value).flatMap(objectsIn)];
};

/** Properties of schema.org that stand without a prefix. */
const SCHEMA_ORG = [
  'alternateName', 'contentSize', 'contentUrl', 'creator', 'datePublished', 'description', 'distribution', 'encodingFormat', 'keywords', 'name',
  'publisher', 'sha256', 'temporalCoverage', 'url', 'version',
]; // prettier-ignore

describe('the rules of Croissant 1.0', () => {
  it('the data set says what the specification requires, but for a licence, which nobody has stated', () => {
    const document = written();
    expect(document).toMatchObject({
      '@type': 'sc:Dataset',
      conformsTo: 'http://mlcommons.org/croissant/1.0',
      name: 'govblog',
      url: 'http://127.0.0.1:4000/codebook',
      creator: { '@type': 'sc:Organization', name: 'Govblog' },
      datePublished: '2012-02-01',
      version: SNAPSHOT.id,
      isLiveDataset: false,
      temporalCoverage: '2011-11-01/2011-12-31',
    });
    expect(document['description']).toEqual(expect.stringContaining('synthetic demo data'));
    expect(document).not.toHaveProperty('license');
  });

  it('and the licence as an address, when there is one', () =>
    expect(croissant({ ...DESCRIBED, licence: DEMO_LICENCE })).toMatchObject({ license: 'https://opensource.org/license/mit' }));

  it('every term is one of schema.org or one that the context explains', () => {
    const { '@context': context, ...rest } = written() as { '@context': Node };
    const used = new Set(
      objectsIn(rest)
        .flatMap((node) => Object.keys(node))
        .filter((key) => !key.startsWith('@')),
    );
    expect([...used].filter((term) => !SCHEMA_ORG.includes(term) && !(term in context))).toEqual([]);
    for (const term of ['recordSet', 'field', 'source', 'extract', 'column', 'fileObject', 'key', 'isLiveDataset', 'citeAs'])
      expect([term, context[term]]).toEqual([term, `cr:${term}`]);
    expect(context['dataType']).toEqual({ '@id': 'cr:dataType', '@type': '@vocab' });
    expect([context['cr'], context['sc'], context['@vocab']]).toEqual([
      'http://mlcommons.org/croissant/',
      'https://schema.org/',
      'https://schema.org/',
    ]);
  });

  it('each file has an address, a size, a format and a sha256', () => {
    expect(nodesOf(written(), 'distribution').map(({ description: _, ...rest }) => rest)).toEqual(
      DESCRIBED.tables.map(({ name, file }) => ({
        '@type': 'cr:FileObject',
        '@id': `${name}.parquet`,
        name: `${name}.parquet`,
        contentUrl: `http://127.0.0.1:4000/snapshots/${SNAPSHOT.id}/files/${file.uri}`,
        contentSize: '1234 B',
        encodingFormat: 'application/x-parquet',
        sha256: file.sha256,
      })),
    );
  });

  it('each record set has fields with a type and a column of a file that is there', () => {
    const document = written();
    const files = nodesOf(document, 'distribution').map((node) => node['@id']);
    const sets = nodesOf(document, 'recordSet');
    expect(sets).toHaveLength(files.length);
    for (const [index, set] of sets.entries()) {
      const fields = nodesOf(set, 'field');
      expect(set).toMatchObject({ '@type': 'cr:RecordSet', name: set['@id'], description: expect.stringMatching(/\S/) });
      for (const field of fields) {
        expect(field).toEqual({
          '@type': 'cr:Field',
          '@id': `${set['@id'] as string}/${field['name'] as string}`,
          name: expect.any(String),
          description: expect.stringMatching(/\S/),
          dataType: expect.stringMatching(/^sc:(Date|Text|Boolean|Integer|Float)$/),
          source: { fileObject: { '@id': files[index] }, extract: { column: field['name'] } },
        });
      }
      for (const key of (set['key'] ?? []) as Node[]) expect(fields.map((field) => field['@id'])).toContain(key['@id']);
    }
  });

  it('no id stands for two things', () => {
    // A reference is an object with an id and nothing else.
    const ids = objectsIn(written()).filter((node) => '@id' in node && '@type' in node && node['@type'] !== '@vocab' && node['@type'] !== '@json').map((node) => node['@id']); // prettier-ignore
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
