import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { FACTS, FOREVER } from '../model/facts';
import { addMarks, lockMarks } from '../store/marks';
import type { Param, Row, Store, Tx } from '../store/store';
import { BEGINNING } from './versions';

interface ReferenceTable {
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
}

const TABLES: readonly ReferenceTable[] = [
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
];

/** Brings the reference tables of the store up to the CSV files in `folder`. Tells how many rows were new or different. */
export async function loadReference(store: Store, folder: string, now: Date): Promise<number> {
  const wanted = TABLES.map((table) => ({ table, rows: readTable(folder, table) }));
  return store.write(async (tx) => {
    await lockMarks(store, tx);
    let changed = 0;
    for (const { table, rows } of wanted) {
      const different = await differing(tx, table, rows);
      changed += different.length;
      if (different.length === 0) continue;
      const columns = Object.keys(different[0]!);
      await tx.upsert(
        table.table,
        table.keys,
        columns,
        different.map((row) => columns.map((column) => row[column]!)),
      );
      const everything = FACTS.map((fact) => ({ fact, from: BEGINNING, to: FOREVER }));
      if (table.shapesFacts) await addMarks(tx, everything, `reference table ${table.table}`, now);
    }
    return changed;
  });
}

type ReferenceRow = Record<string, Param>;

function readTable(folder: string, { file, rename, numbers, booleans, nullable }: ReferenceTable): ReferenceRow[] {
  const rows = parse<Record<string, string>>(readFileSync(join(folder, file)), { bom: true, columns: true });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([header, text]): [string, Param] => {
        const column = rename?.[header] ?? header;
        if (text === '' && nullable?.includes(column)) return [column, null];
        if (numbers?.includes(column)) return [column, Number(text)];
        return [column, booleans?.includes(column) ? Number(text === 'true') : text];
      }),
    ),
  );
}

async function differing(tx: Tx, { table, keys }: ReferenceTable, rows: readonly ReferenceRow[]): Promise<ReferenceRow[]> {
  const keyOf = (row: Row): string => keys.map((key) => String(row[key])).join('|');
  const stored = new Map((await tx.query(`SELECT * FROM ${table}`)).map((row) => [keyOf(row), row]));
  return rows.filter((row) => {
    const known = stored.get(keyOf(row));
    return !known || Object.entries(row).some(([column, value]) => known[column] !== value);
  });
}
