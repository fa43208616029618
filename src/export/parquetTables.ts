import type { Condition, Cube, Measure } from '../model/define';
import type { FileColumn } from '../warehouse/export';
import type { Snapshot, SnapshotFile } from '../warehouse/snapshots';
import { DIMENSION_TABLES, FACT_COLUMNS, FACT_KEYS, SHARED_COLUMNS } from './parquetDocs';

/** IANA's name for Parquet. */
export const PARQUET_TYPE = 'application/vnd.apache.parquet';

/** What a column of a file holds, apart from how the engine stores it. */
export type ColumnKind = 'day' | 'text' | 'boolean' | 'integer' | 'number';
export interface ColumnEntry {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly title: string;
  readonly description: string | null;
}

/** One Parquet file of a snapshot with what its columns mean: data packages and Croissant are views of it. */
export interface TableEntry {
  /** `activity-2011-12-01` for the partition that begins on that day, `dim_region` for a dimension file. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly file: SnapshotFile;
  readonly columns: readonly ColumnEntry[];
  /** Columns whose values together are never repeated. */
  readonly key: readonly string[];
}

/** The files of a snapshot in the order of the snapshot, described by the model. */
export const tablesOf = (snapshot: Snapshot, columns: ReadonlyMap<string, readonly FileColumn[]>, cubes: readonly Cube[]): TableEntry[] =>
  snapshot.files.map((file) => tableOf(file, columns.get(file.uri) ?? [], cubes));

function tableOf(file: SnapshotFile, columns: readonly FileColumn[], cubes: readonly Cube[]): TableEntry {
  const { table, from, to } = file;
  const cube = cubes.find(({ fact }) => fact === table);
  const known = DIMENSION_TABLES[table];
  const describe = (name: string): Pick<ColumnEntry, 'title' | 'description'> =>
    cube ? factColumn(name, cube) : { title: titled(name), description: known?.columns[name] ?? SHARED_COLUMNS[name] ?? null };
  return {
    name: from === null ? table : `${table}-${from}`,
    title: cube ? `${cube.label}, ${from} to ${to}` : (known?.title ?? titled(table)),
    description: cube ? `${cube.description} Grain: ${cube.grain}.` : (known?.description ?? ''),
    file,
    columns: columns.map(({ name, type }) => ({ name, kind: kindOf(type), ...describe(name) })),
    key: cube ? (FACT_KEYS[table] ?? []) : (known?.key ?? []),
  };
}

/** A column of a fact table: a dimension, something to filter by, what only files have, or what measures are made of. */
function factColumn(name: string, cube: Cube): Pick<ColumnEntry, 'title' | 'description'> {
  const dimension = Object.values(cube.dimensions).find(({ column, attribute }) => column === name && attribute === undefined);
  const own = FACT_COLUMNS[name];
  if (own) return { title: titled(name), description: own };
  if (dimension) return { title: dimension.label, description: dimension.description };
  const condition = Object.values(cube.conditions ?? {}).find(({ column }) => column === name);
  const uses = Object.entries(cube.measures).flatMap(([measure, definition]) => useOf(name, measure, definition));
  const summed = Object.values(cube.measures).find((one) => one.kind === 'sum' && one.column === name);
  return {
    title: condition?.label ?? summed?.label ?? titled(name),
    description: uses.length > 0 ? uses.join(' ') : (condition?.description ?? null),
  };
}

const VERBS = {
  sum: 'Summed',
  stock: 'Taken on the last day',
  count: 'Counted',
  distinct: 'Counted once each',
  quantile: 'Ranked',
  hIndex: 'Ranked',
  survival: 'Followed',
  variation: 'Compared with its mean',
  entropy: 'Its values counted',
} as const;

/** How a measure uses a column, as a sentence. */
function useOf(column: string, name: string, measure: Measure): string[] {
  if (measure.kind === 'ratio') return [];
  const conditions: readonly Condition[] = 'where' in measure && measure.where !== undefined ? [measure.where].flat() : [];
  if ('column' in measure && measure.column === column) return [`${VERBS[measure.kind]} by \`${name}\`: ${measure.description}`];
  if (measure.kind === 'survival' && [measure.from, measure.event].includes(column))
    return [`A part of \`${name}\`: ${measure.description}`];
  return conditions.some((condition) => condition.column === column) ? [`A condition of \`${name}\`: ${measure.description}`] : [];
}

/** `days_since_post` → `Days since post`. */
const titled = (name: string): string => (name[0]!.toUpperCase() + name.slice(1)).replaceAll('_', ' ');

function kindOf(type: string): ColumnKind {
  if (type === 'DATE') return 'day';
  if (type === 'BOOLEAN') return 'boolean';
  if (/INT/.test(type)) return 'integer';
  return /^(DOUBLE|FLOAT|DECIMAL)/.test(type) ? 'number' : 'text';
}
