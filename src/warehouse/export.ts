import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import type { Cell, Column, ColumnType } from '../export/flat';
import { name } from '../query/dialect';
import { sqlText, type Engine, type EngineLimits } from './duckdb';
import type { Files } from './files';
import type { Snapshot } from './snapshots';

const TYPES: Readonly<Record<ColumnType, string>> = { day: 'DATE', text: 'VARCHAR', integer: 'INTEGER', count: 'BIGINT', number: 'DOUBLE' };

/**
 * The rows of an answer as a Parquet file: days as DATE, counts as BIGINT, numbers as DOUBLE, the same values as in CSV and
 * JSON and, for the same rows, the same bytes. `about` becomes the key-value metadata of the file; its texts are the
 * program's own, never a user's.
 */
export async function parquetOf(
  engine: Engine,
  files: Files,
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, Cell>>[],
  about: Readonly<Record<string, string>>,
  limits: EngineLimits,
): Promise<Buffer> {
  const path = files.temporary(`answer-${randomUUID()}`);
  // Column by column under short keys: the engine reads the text once, and no name of a column is part of a JSON path.
  const key = (index: number): string => `c${index}`;
  const values = Object.fromEntries(columns.map((column, index) => [key(index), rows.map((row) => row[column.name] ?? null)]));
  const shape = JSON.stringify(Object.fromEntries(columns.map(({ type }, index) => [key(index), [TYPES[type]]])));
  const cells = columns.map((column, index) => `unnest(j.${key(index)}) as ${name(column.name)}`).join(', ');
  const metadata = Object.entries(about).map(([word, text]) => `${name(word)}: ${sqlText(text)}`);
  try {
    await engine.query(
      `copy (select ${cells} from (select from_json_strict($1, ${sqlText(shape)}) as j)) to ${sqlText(path)}
       (format parquet, compression zstd, kv_metadata {${metadata.join(', ')}})`,
      [JSON.stringify(values)],
      limits,
    );
    return await readFile(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** A column of a file of the warehouse, with the engine's type. */
export interface FileColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns of every file of a snapshot, by its URI: months that were built by older definitions may differ. */
export async function columnsOfFiles(
  engine: Engine,
  files: Files,
  snapshot: Snapshot,
  limits: EngineLimits,
): Promise<ReadonlyMap<string, readonly FileColumn[]>> {
  const uris = new Map(snapshot.files.map(({ uri }) => [files.pathOf(uri), uri]));
  const paths = [...uris.keys()].map(sqlText).join(', ');
  // The first element of a Parquet schema is its root, which has no column.
  const { rows } = await engine.query(
    `select file_name, name, duckdb_type from parquet_schema([${paths}]) where column_id > 0 order by file_name, column_id`,
    [],
    limits,
  );
  const found = new Map<string, FileColumn[]>(snapshot.files.map(({ uri }) => [uri, []]));
  for (const [path, column, type] of rows) found.get(uris.get(String(path))!)!.push({ name: String(column), type: String(type) });
  return found;
}
