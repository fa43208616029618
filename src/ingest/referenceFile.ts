import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { GovblogError, messageOf } from '../errors';
import { projectPath } from '../paths';
import { lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import { didYouMean } from '../suggest';
import { keyOf, readTable, rowOf, TABLES, writeTable, type ReferenceRow, type ReferenceTable } from './reference';
import { KINDS, SOURCED, type CsvCells, type ReferenceKind } from './referenceKinds';

export interface ReferenceFile {
  readonly table: ReferenceTable;
  readonly rows: readonly ReferenceRow[];
}

const tableOf = (kind: ReferenceKind): ReferenceTable => TABLES.find(({ file }) => file === `${kind}.csv`)!;
const refuse = (message: string): never => {
  throw new GovblogError('BAD_INPUT', message);
};

/**
 * Reads a CSV file with rows of one's own for a reference table. Columns that are missing get defaults: `name_zh` the name,
 * `source` the name of the file, `confidence` "not stated". A row that the tables of Govblog (`folder`) have already is
 * passed over when it is equal, and refused when it says something else.
 */
export function readReferenceFile(kind: ReferenceKind, file: string, folder = projectPath('seeds', 'reference')): ReferenceFile {
  const table = tableOf(kind);
  const records = readRecords(file);
  const header = Object.keys(records[0]?.cells ?? {});
  checkColumns(kind, file, header);
  const own = new Map(readTable(folder, table).map((row) => [keyOf(table, row), row]));
  const seen = new Map<string, number>();
  const rows = records.flatMap(({ line, cells }) => {
    const where = `${file}:${line}`;
    const row = rowFrom(kind, table, where, cells, file);
    const key = keyOf(table, row);
    if (seen.has(key)) refuse(`${where}: ${nameOf(table, row)} stands in line ${seen.get(key)} already.`);
    seen.set(key, line);
    const known = own.get(key);
    if (known === undefined) return [row];
    checkEqual(kind, table, where, row, known, cells);
    return [];
  });
  return { table, rows };
}

function readRecords(file: string): { line: number; cells: CsvCells }[] {
  try {
    const records = parse(readFileSync(file), {
      bom: true,
      columns: (names: string[]) => names.map((name) => name.trim()),
      trim: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    });
    return (records as unknown as { info: { lines: number }; record: CsvCells }[]).map(({ info, record }) => ({
      line: info.lines,
      cells: record,
    }));
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `${file} cannot be read as CSV: ${messageOf(error)}`, { cause: error });
  }
}

function checkColumns(kind: ReferenceKind, file: string, header: readonly string[]): void {
  const { room, needed } = KINDS[kind];
  const columns = Object.keys({ ...room, ...SOURCED });
  if (header.length === 0) refuse(`${file} has no rows. The columns of ${kind}: ${columns.join(', ')}; needed: ${needed.join(', ')}.`);
  for (const column of needed)
    if (!header.includes(column))
      refuse(`${file} has no column "${column}".${didYouMean(column, header)} The columns of ${kind}: ${columns.join(', ')}.`);
  for (const column of header)
    if (!columns.includes(column))
      refuse(
        `${file} has a column "${column}" that is not one of ${kind}.${didYouMean(column, columns)} The columns: ${columns.join(', ')}.`,
      );
}

/** The row of a line, complete and checked. */
function rowFrom(kind: ReferenceKind, table: ReferenceTable, where: string, cells: CsvCells, file: string): ReferenceRow {
  const { room, needed, whole = [], fill, check } = KINDS[kind];
  for (const column of needed) if (!cells[column]) refuse(`${where}: "${column}" is empty.`);
  const empty = Object.fromEntries(Object.keys(room).map((column) => [column, '']));
  const full: CsvCells = {
    ...empty,
    ...cells,
    ...fill(cells),
    source: cells['source'] || basename(file),
    confidence: cells['confidence'] || 'not stated',
  };
  const code = full['code'] ?? full['region_code']!;
  if (!/^[^\s:,;|"]+$/.test(code)) refuse(`${where}: "${code}" is not a code: letters, digits, "-", "_" and "." without spaces.`);
  for (const [column, length] of Object.entries({ ...room, ...SOURCED }))
    if ([...full[column]!].length > length)
      refuse(`${where}: "${column}" is longer than ${length} characters: "${full[column]!.slice(0, 60)}".`);
  for (const column of whole)
    if (!/^(-?\d{1,9})?$/.test(full[column]!)) refuse(`${where}: "${full[column]}" in "${column}" is not a whole number.`);
  const wrong = check?.(full);
  if (wrong) refuse(`${where}: ${wrong[0]}: ${wrong[1]}`);
  if (full['parent_code'] !== undefined && full['parent_code'] === code) refuse(`${where}: "${code}" is its own parent.`);
  return rowOf(table, full);
}

const nameOf = ({ keys }: ReferenceTable, row: ReferenceRow): string => keys.map((key) => `"${row[key]}"`).join(', ');

function checkEqual(
  kind: ReferenceKind,
  table: ReferenceTable,
  where: string,
  row: ReferenceRow,
  known: ReferenceRow,
  cells: CsvCells,
): void {
  for (const [header, text] of Object.entries(cells)) {
    const column = table.rename?.[header] ?? header;
    if (text !== '' && row[column] !== known[column])
      refuse(
        `${where}: ${nameOf(table, row)} is one of the ${kind} that come with Govblog, where "${header}" is "${known[column] ?? ''}" and not "${text}". Give your own row another code.`,
      );
  }
}

/**
 * Adds or changes rows of a reference table, and removes none. The same rows again change nothing.
 * Parents and regions that rows name must be in the store or among the rows.
 */
export async function writeReference(
  store: Store,
  kind: ReferenceKind,
  rows: readonly ReferenceRow[],
  now: Date,
): Promise<{ readonly changed: number; readonly unchanged: number }> {
  const table = tableOf(kind);
  return store.write(async (tx) => {
    await lockMarks(store, tx);
    await checkLinks(tx, kind, table, rows);
    if (kind === 'platforms') await checkZones(tx, rows);
    const changed = await writeTable(tx, table, rows, now);
    return { changed, unchanged: rows.length - changed };
  });
}

async function checkLinks(tx: Tx, kind: ReferenceKind, table: ReferenceTable, rows: readonly ReferenceRow[]): Promise<void> {
  const link = kind === 'indicators' ? 'region_code' : 'parent_code';
  const target = kind === 'indicators' ? 'region' : table.table;
  if (rows.length === 0 || rows[0]![link] === undefined) return;
  const stored = await tx.query<{ code: string; parent_code: string | null }>(`SELECT code, parent_code FROM ${target}`);
  const parents = new Map(stored.map(({ code, parent_code }) => [code, parent_code]));
  if (kind !== 'indicators') for (const row of rows) parents.set(row['code'] as string, row['parent_code'] as string | null);
  for (const row of rows) {
    const to = row[link] as string | null;
    if (to === null) continue;
    if (!parents.has(to))
      refuse(
        `There is no ${target} "${to}", which ${nameOf(table, row)} names.${didYouMean(to, [...parents.keys()])} Load its row first, or in the same file.`,
      );
    if (kind !== 'indicators' && parents.get(to) !== null)
      refuse(`"${to}" is below "${parents.get(to)}" and cannot be the parent of ${nameOf(table, row)}: there are two levels.`);
  }
}

/** The days of stored posts were cut in the zone of their platform. */
async function checkZones(tx: Tx, rows: readonly ReferenceRow[]): Promise<void> {
  const stored = await tx.query<{ code: string; time_zone: string }>(
    'SELECT code, time_zone FROM platform WHERE EXISTS (SELECT 1 FROM account WHERE account.platform = platform.code)',
  );
  for (const { code, time_zone: zone } of stored) {
    const row = rows.find((one) => one['code'] === code);
    if (row && row['time_zone'] !== zone)
      throw new GovblogError(
        'CONFLICT',
        `The time zone of "${code}" is ${zone}, and the days of what is stored were cut in it; it cannot become ${row['time_zone']}.`,
      );
  }
}
