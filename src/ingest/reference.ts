import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { FACTS, FOREVER } from '../model/facts';
import { addMarks, lockMarks } from '../store/marks';
import type { Param, Row, Store, Tx } from '../store/store';
import { BEGINNING } from './versions';

/** A reference table: its CSV file, its table in the store, and how the cells become values. */
export interface ReferenceTable {
  readonly file: string;
  readonly table: string;
  readonly keys: readonly string[];
  /** CSV column → table column where the names differ. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly numbers?: readonly string[];
  readonly booleans?: readonly string[];
  /** Columns whose empty cell means "none"; elsewhere it is an empty text. */
  readonly nullable?: readonly string[];
  /** A change of these rows changes facts, not only names. */
  readonly shapesFacts?: true;
  /** The table is the file: rows that the file no longer has are removed. */
  readonly exact?: true;
}

export const TABLES: readonly ReferenceTable[] = [
  { file: 'sources.csv', table: 'source', keys: ['code'] },
  { file: 'platforms.csv', table: 'platform', keys: ['code'], booleans: ['synthetic'], nullable: ['likes_since'], shapesFacts: true },
  {
    file: 'regions.csv',
    table: 'region',
    keys: ['code'],
    nullable: ['parent_code', 'iso_3166_2', 'nbs_region', 'nbs_region_zh', 'geo_region', 'geo_region_zh', 'geo_alt_region'],
  },
  { file: 'sectors.csv', table: 'sector', keys: ['code'], nullable: ['parent_code'] },
  {
    file: 'levels.csv',
    table: 'admin_level',
    keys: ['code'],
    rename: { rank: 'sort_rank' },
    numbers: ['sort_rank', 'units_end_2011'],
    nullable: ['sort_rank', 'units_end_2011'],
  },
  { file: 'account_types.csv', table: 'account_type', keys: ['code'], nullable: ['parent_code'] },
  { file: 'verified_types.csv', table: 'verified_type', keys: ['code'] },
  { file: 'indicators.csv', table: 'indicator', keys: ['region_code', 'indicator', 'year'], numbers: ['year', 'value'] },
  { file: 'account_rules.csv', table: 'account_rule', keys: ['id'], numbers: ['priority'], exact: true },
  { file: 'lexicon.csv', table: 'lexicon', keys: ['term', 'kind'], exact: true },
  { file: 'content_rules.csv', table: 'content_rule', keys: ['id'], numbers: ['priority'], exact: true },
  { file: 'content_categories.csv', table: 'content_category', keys: ['code'], exact: true },
];

/** Brings the reference tables of the store up to the CSV files in `folder`. Tells how many rows were new or different. */
export async function loadReference(store: Store, folder: string, now: Date): Promise<number> {
  const wanted = TABLES.map((table) => ({ table, rows: readTable(folder, table) }));
  return store.write(async (tx) => {
    await lockMarks(store, tx);
    let changed = 0;
    for (const { table, rows } of wanted) {
      changed += await writeTable(tx, table, rows, now);
      if (table.exact) changed += await removeOthers(tx, table, rows);
    }
    return changed;
  });
}

export type ReferenceRow = Record<string, Param>;

/** Adds or changes rows, and removes none. Tells how many were new or different. The caller holds the marks. */
export async function writeTable(tx: Tx, table: ReferenceTable, rows: readonly ReferenceRow[], now: Date): Promise<number> {
  const different = await differing(tx, table, rows);
  if (different.length === 0) return 0;
  const columns = Object.keys(different[0]!);
  await tx.upsert(
    table.table,
    table.keys,
    columns,
    different.map((row) => columns.map((column) => row[column]!)),
  );
  const everything = FACTS.map((fact) => ({ fact, from: BEGINNING, to: FOREVER }));
  if (table.shapesFacts) await addMarks(tx, everything, `reference table ${table.table}`, now);
  return different.length;
}

async function removeOthers(tx: Tx, table: ReferenceTable, rows: readonly ReferenceRow[]): Promise<number> {
  const wanted = new Set(rows.map((row) => keyOf(table, row)));
  const others = (await tx.query<ReferenceRow>(`SELECT ${table.keys.join(', ')} FROM ${table.table}`)).filter(
    (row) => !wanted.has(keyOf(table, row)),
  );
  for (const row of others)
    await tx.run(
      `DELETE FROM ${table.table} WHERE ${table.keys.map((key) => `${key} = ?`).join(' AND ')}`,
      table.keys.map((key) => row[key]!),
    );
  return others.length;
}

/** The rows of one of the tables that come with Govblog. */
export const readTable = (folder: string, table: ReferenceTable): ReferenceRow[] =>
  parse<Record<string, string>>(readFileSync(join(folder, table.file)), { bom: true, columns: true }).map((cells) => rowOf(table, cells));

/** The values of the cells of a row, by the columns of the table. */
export const rowOf = ({ rename, numbers, booleans, nullable }: ReferenceTable, cells: Readonly<Record<string, string>>): ReferenceRow =>
  Object.fromEntries(
    Object.entries(cells).map(([header, text]): [string, Param] => {
      const column = rename?.[header] ?? header;
      if (text === '' && nullable?.includes(column)) return [column, null];
      if (numbers?.includes(column)) return [column, Number(text)];
      return [column, booleans?.includes(column) ? Number(text === 'true') : text];
    }),
  );

/** What tells the rows of a table apart, as one text. */
export const keyOf = ({ keys }: ReferenceTable, row: Row): string => keys.map((key) => String(row[key])).join('|');

async function differing(tx: Tx, table: ReferenceTable, rows: readonly ReferenceRow[]): Promise<ReferenceRow[]> {
  const stored = new Map((await tx.query(`SELECT * FROM ${table.table}`)).map((row) => [keyOf(table, row), row]));
  return rows.filter((row) => {
    const known = stored.get(keyOf(table, row));
    return !known || Object.entries(row).some(([column, value]) => known[column] !== value);
  });
}
