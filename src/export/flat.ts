import { stringify } from 'csv-stringify/sync';
import { isTimeGrain, valueTypeOf, type Cube } from '../model/define';
import type { Member, Members } from '../model/members';
import { yearOfRate } from '../query/writer';
import { isDerived } from '../query/derived';
import { orderedFields, PERIOD } from '../query/question';

export type Cell = string | number | boolean | null;

/** What a column holds: days as `2011-12-31`, text, whole numbers, counts (exact to 2^53), numbers with decimals. */
export type ColumnType = 'day' | 'text' | 'integer' | 'count' | 'number';
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A value of an answer: a cell, or an estimate with its companions. */
type Value = Cell | Readonly<Record<string, Cell>> | object;
type Row = Readonly<Record<string, Value>>;

/** Where the names of codes come from. */
interface Names {
  readonly members: Members;
  readonly accountName: (key: number) => { id: string; screenName: string | null } | undefined;
}

interface ReadColumn extends Column {
  readonly read: (row: Row, names: Names) => Cell;
}

/** The columns of an answer as a table: they depend on the question alone, not on there being rows. */
export const columnsOf = (cube: Cube, fields: readonly string[]): Column[] =>
  orderedFields(fields, cube).flatMap((field) => readColumns(cube, field).map(({ name, type }) => ({ name, type })));

/** Rows for tables: one value a column; a coded dimension has a second column with its English name (`regionName`). */
export function flatRows(
  cube: Cube,
  fields: readonly string[],
  rows: readonly Row[],
  members: Members,
  accountName: Names['accountName'],
): Record<string, Cell>[] {
  const columns = orderedFields(fields, cube).flatMap((field) => readColumns(cube, field));
  const names = { members, accountName };
  return rows.map((row) => {
    const cells: Record<string, Cell> = {};
    for (const { name, read } of columns) cells[name] = read(row, names);
    return cells;
  });
}

/** RFC 4180, UTF-8, with a header; null is an empty cell, which differs from 0. */
export const toCsv = (rows: readonly Record<string, Cell>[], columns: readonly string[]): string =>
  stringify(rows as Record<string, Cell>[], { header: true, columns: [...columns], cast: { boolean: String } });

function readColumns(cube: Cube, field: string): ReadColumn[] {
  const plain = (type: ColumnType): ReadColumn[] => [{ name: field, type, read: (row) => cellOf(row[field]) }];
  if (field === PERIOD) return plain('text');
  if (isTimeGrain(field)) return plain('day');
  if (isDerived(field)) return derivedColumns(cube, field, plain);
  const measure = cube.measures[field];
  if (measure?.kind === 'rate') {
    const year = yearOfRate(field);
    return [...plain('number'), { name: year, type: 'integer', read: (row) => cellOf(row[year]) }];
  }
  if (measure) return plain(valueTypeOf(measure));
  if (field === 'account') return accountColumns;

  const { type, members: table } = cube.dimensions[field]!;
  if (type === 'integer') return plain('integer');
  if (type === 'month') return plain('day');
  if (type !== 'object' || table === undefined) return plain('text');
  const nameOf = (row: Row, { members }: Names): Cell =>
    (members[table] as ReadonlyMap<string, Member>).get(String(cellOf(row[field])))?.name ?? null;
  return [...plain('text'), { name: `${field}Name`, type: 'text', read: nameOf }];
}

const accountOf = (row: Row, { accountName }: Names): ReturnType<Names['accountName']> => accountName(row['account'] as number);
const accountColumns: ReadColumn[] = [
  { name: 'account', type: 'text', read: (row, names) => accountOf(row, names)?.id ?? null },
  { name: 'accountName', type: 'text', read: (row, names) => accountOf(row, names)?.screenName ?? null },
];

/** The parts of an estimate beside its value, each in a column of its own: `estimate.95.commentsPerPost.lower`. */
const COMPANIONS = { lower: 'number', upper: 'number', n: 'count', method: 'text' } as const satisfies Record<string, ColumnType>;

/** Columns of `share.posts`, `rank.posts`, `previous.YEAR.posts`, `change.YEAR.posts`, `cumulative.posts`, `rolling.3.MEAN.posts`, `why.likes` and `estimate.95.commentsPerPost`. */
function derivedColumns(cube: Cube, field: string, plain: (type: ColumnType) => ReadColumn[]): ReadColumn[] {
  const kind = field.slice(0, field.indexOf('.'));
  if (kind === 'rank' || kind === 'cumulative') return plain('count');
  if (kind === 'previous') return plain(valueTypeOf(cube.measures[field.slice(field.lastIndexOf('.') + 1)]!));
  if (kind === 'why') return plain('text');
  if (kind !== 'estimate') return plain('number');
  const part =
    (key: string): ReadColumn['read'] =>
    (row) =>
      cellOf((row[field] as Readonly<Record<string, Cell>> | undefined)?.[key]);
  return [
    { name: field, type: 'number', read: part('value') },
    ...Object.entries(COMPANIONS).map(([key, type]) => ({ name: `${field}.${key}`, type, read: part(key) })),
  ];
}

const cellOf = (value: Value | undefined): Cell => (value === undefined ? null : (value as Cell));
