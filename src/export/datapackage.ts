import type { Licence } from '../licences';
import { DATASET } from './dataset';
import { titleOf } from './citation';
import { PARQUET_TYPE, type ColumnKind, type TableEntry } from './parquetTables';
import type { SourceReference } from '../warehouse/members';
import type { Snapshot } from '../warehouse/snapshots';

/** A snapshot as the metadata formats describe it. */
export interface Described {
  readonly snapshot: Omit<Snapshot, 'files'>;
  readonly tables: readonly TableEntry[];
  readonly sources: readonly SourceReference[];
  /** Null when nobody has stated one. */
  readonly licence: Licence | null;
  /** Address of the server, without a slash at its end; null in a copy, which belongs to no server. */
  readonly origin: string | null;
  /** Where a file is, below the address of the server or the folder of the copy, without a slash before it. */
  readonly pathOf: (uri: string) => string;
}

export const KEYWORDS = ['government micro-blogs', 'official accounts', 'data warehouse'] as const;

const TYPES: Readonly<Record<ColumnKind, string>> = {
  day: 'date', text: 'string', boolean: 'boolean', integer: 'integer', number: 'number',
}; // prettier-ignore

/**
 * The snapshot as a Frictionless Data Package 2.0: one resource for each Parquet file, since a hash is of one file. Paths are
 * relative to the root of the server, so that a copy of the files under the same names is a package too. Contributors are
 * left out, and the licence when none is stated.
 */
export function dataPackage({ snapshot, tables, sources, licence, origin, pathOf }: Described): Record<string, unknown> {
  const { id, publishedAt, contentHash, from, watermark, synthetic } = snapshot;
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'govblog',
    title: titleOf(synthetic),
    description: DATASET.description,
    ...(origin !== null && { homepage: `${origin}/codebook` }),
    version: id,
    created: publishedAt.toISOString(),
    keywords: KEYWORDS,
    ...(licence !== null && {
      licenses: [{ ...(licence.name !== null && { name: licence.name }), title: licence.title, path: licence.url }],
    }),
    snapshot: { id, contentHash, from, to: watermark, synthetic },
    ...(sources.length > 0 && { sources: sources.map(({ code, reference }) => ({ title: reference, code })) }),
    resources: tables.map(({ name, title, description, file, columns, key }) => ({
      name,
      type: 'table',
      path: pathOf(file.uri),
      title,
      description,
      format: 'parquet',
      mediatype: PARQUET_TYPE,
      bytes: file.bytes,
      hash: `sha256:${file.sha256}`,
      rows: file.rows,
      schema: {
        fields: columns.map(({ name: column, kind, title: label, description: meaning }) => ({
          name: column,
          type: TYPES[kind],
          title: label,
          ...(meaning !== null && { description: meaning }),
        })),
        ...(key.length > 0 && { primaryKey: key }),
      },
    })),
  };
}
