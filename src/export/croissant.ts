import { citationOfSnapshot, publishedOn, titleOf } from './citation';
import { KEYWORDS, type Described } from './datapackage';
import { DATASET } from './dataset';
import type { ColumnKind } from './parquetTables';

/** The terms of the Croissant vocabulary that stand without a prefix: the context of the specification. */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
} as const;

const TYPES: Readonly<Record<ColumnKind, string>> = {
  day: 'sc:Date', text: 'sc:Text', boolean: 'sc:Boolean', integer: 'sc:Integer', number: 'sc:Float',
}; // prettier-ignore

/** The older name of Parquet: the one that mlcroissant, the reference implementation, reads. */
const PARQUET_OF_CROISSANT = 'application/x-parquet';

/**
 * The snapshot in MLCommons Croissant 1.0: one file object and one record set for each Parquet file. The property `license`,
 * which the specification asks for, is left out when nobody has stated one.
 */
export function croissant({ snapshot, tables, licence, origin, pathOf }: Described & { readonly origin: string }): Record<string, unknown> {
  const { id, publishedAt, synthetic, from, watermark } = snapshot;
  const url = `${origin}/codebook`;
  const publisher = { '@type': 'sc:Organization', name: DATASET.publisher, url: origin };
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'govblog',
    alternateName: titleOf(synthetic),
    description: `${synthetic ? `Note: ${DATASET.syntheticNote}. ` : ''}${DATASET.description}`,
    url,
    creator: publisher,
    publisher,
    datePublished: publishedOn(publishedAt),
    version: id,
    temporalCoverage: `${from}/${watermark}`,
    keywords: KEYWORDS,
    ...(licence !== null && { license: licence.url }),
    citeAs: citationOfSnapshot(snapshot, url),
    // A snapshot is frozen; the next one is another description.
    isLiveDataset: false,
    distribution: tables.map(({ name, title, file }) => ({
      '@type': 'cr:FileObject',
      '@id': `${name}.parquet`,
      name: `${name}.parquet`,
      description: title,
      contentUrl: `${origin}/${pathOf(file.uri)}`,
      contentSize: `${file.bytes} B`,
      encodingFormat: PARQUET_OF_CROISSANT,
      sha256: file.sha256,
    })),
    recordSet: tables.map(({ name, title, description, columns, key }) => ({
      '@type': 'cr:RecordSet',
      '@id': name,
      name,
      description: `${title}. ${description}`,
      ...(key.length > 0 && { key: key.map((column) => ({ '@id': `${name}/${column}` })) }),
      field: columns.map(({ name: column, kind, title: label, description: meaning }) => ({
        '@type': 'cr:Field',
        '@id': `${name}/${column}`,
        name: column,
        description: meaning ?? label,
        dataType: TYPES[kind],
        source: { fileObject: { '@id': `${name}.parquet` }, extract: { column } },
      })),
    })),
  };
}
