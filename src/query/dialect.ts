import type { TimeGrain } from '../model/define';

// Everything that depends on the SQL of the engine (DuckDB) is in this file.

/** First day of the bucket of a day; weeks begin on Monday. DATE in, DATE out: a cast to timestamp costs a factor of six. */
export const bucket = (grain: TimeGrain): string => (grain === 'day' ? 'day' : `date_trunc('${grain}', day)::date`);

/** Dates alone, without intervals: those would make a timestamp of every row. 62 days after its first, a quarter is in its last month. */
const END: Readonly<Record<TimeGrain, string>> = {
  day: 'day',
  week: 'day + (7 - isodow(day))::integer',
  month: 'last_day(day)',
  quarter: "last_day(date_trunc('quarter', day)::date + 62)",
  year: 'make_date(year(day), 12, 31)',
};
/** Last day of the bucket of a day. */
export const bucketEnd = (grain: TimeGrain): string => END[grain];

/** First day of the bucket that lies so many months later. */
export const monthsLater = (column: string, months: number): string => `(${column} + interval ${months} month)::date`;
export const same = (one: string, other: string): string => `${one} is not distinct from ${other}`;
export const containsText = (column: string, text: string): string => `contains(lower(${column}), ${text})`;
export const over = (aggregate: string, partition: readonly string[], order = ''): string =>
  `${aggregate} over (${[partition.length > 0 ? `partition by ${partition.join(', ')}` : '', order].filter((part) => part !== '').join(' ')})`;

export const asDate = (sql: string): string => `${sql}::date`;
export const least = (...parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `least(${parts.join(', ')})`);
/** Sums of 32-bit columns are 128 bits wide in the engine; counts travel as 64 bits. */
export const asCount = (sql: string): string => `(${sql})::bigint`;
export const filtered = (aggregate: string, conditions: readonly string[]): string =>
  conditions.length === 0 ? aggregate : `${aggregate} filter (where ${conditions.join(' and ')})`;
/** Quantile with linear interpolation between neighbours; nulls are left out. */
export const quantile = (column: string, q: number): string => `quantile_cont(${column}, ${q})::double`;
export const divided = (numerator: string, denominator: string): string => `${numerator}::double / nullif(${denominator}, 0)`;
export const parameter = (number: number): string => `$${number}`;
export const name = (text: string): string => `"${text}"`;
/** A table made of Parquet files, for a with clause. */
export const filesAs = (table: string, paths: readonly string[]): string =>
  `${table} as (select * from read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}]))`;
