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
const STEP: Readonly<Record<TimeGrain, string>> = { day: '1 day', week: '7 day', month: '1 month', quarter: '3 month', year: '1 year' };
/** First day of the bucket that lies so many buckets earlier. */
export const bucketsEarlier = (grain: TimeGrain, column: string, buckets: number): string =>
  `(${column} - ${buckets} * interval ${STEP[grain]})::date`;
/** A frame of so many buckets up to the row's own. */
export const frame = (grain: TimeGrain, column: string, buckets: number): string =>
  `order by ${column} range between ${buckets - 1} * interval ${STEP[grain]} preceding and current row`;
/** First day of the bucket of a given day. */
export const bucketOfDay = (grain: TimeGrain, day: string): string => `date_trunc('${grain}', ${day})::date`;
/** Every day of a period, as a table. */
export const daysOf = (from: string, to: string): string => `(select unnest(generate_series(${from}, ${to}, interval 1 day))::date as day)`;
/** Whether a condition holds for every row. */
export const everyRow = (condition: string): string => `bool_and(${condition})`;
export const isNotTrue = (sql: string): string => `(${sql}) is not true`;
/** Position of a value in a list, for an order that is not that of the alphabet. */
export const positionIn = (values: readonly string[], column: string): string => `list_position([${values.join(', ')}], ${column})`;

const CHANGING = ['region', 'prefecture', 'sector', 'account_type', 'verified_type', 'level'];
export const HISTORY_TABLE = 'dim_account_version';
/** A fact table with the attributes that each account has now, in the place of those of the day. */
export const withCurrentAttributes = (fact: string): string =>
  [
    `(select f.* replace (${CHANGING.map((column) => `coalesce(n.${column}, f.${column}) as ${column}`).join(', ')}) from ${fact} as f`,
    `left join (select * from ${HISTORY_TABLE} qualify row_number() over (partition by account_key order by valid_from desc) = 1) as n`,
    `on n.account_key = f.account_key) as ${fact}`,
  ].join(' ');
export const same = (one: string, other: string): string => `${one} is not distinct from ${other}`;
/** Whether a text column contains a text, in any case. `caseless`: the text has no letters with cases, so no letter of the column need be changed. */
export const containsText = (column: string, text: string, caseless: boolean): string =>
  `contains(${caseless ? column : `lower(${column})`}, ${text})`;
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
/**
 * -Σ p ln p over the values of a column; nulls are left out, and of nothing it is null. The counts come in the order of the
 * values, so that the same rows have the same sum to the last bit; the engine's own entropy adds in the order it met them.
 */
export const entropy = (column: string): string =>
  `list_sum(list_transform(map_values(histogram(${column})), lambda n: n / count(${column}) * ln(count(${column}) / n)))`;
/**
 * The largest h with h values of at least h; null of nothing. Different values from the largest down, with how many there are
 * of each: at each of them h is the smaller of the value and of how many are no smaller. Memory holds different values, not rows.
 */
export const hIndex = (column: string): string => {
  const values = `list_reverse(map_entries(${filtered(`histogram(${column})`, [`${column} >= 1`])}))`;
  const pairs = `list_transform(${values}, lambda e: [e.key::bigint, e.value::bigint])`;
  const largest = `list_reduce(${pairs}, lambda a, e: [greatest(a[1], least(e[1], a[2] + e[2])), a[2] + e[2]], [0::bigint, 0::bigint])[1]`;
  return `coalesce(${largest}, case when count(${column}) > 0 then 0 end)`;
};
/**
 * The share of rows that last longer than `within` by Kaplan and Meier, with delayed entry: Π (1 - d / n) over the moments up to
 * `within` at which rows end, d how many end there and n how many were at risk, from after `entry` up to `exit`. Null where none is
 * at risk at `within` and some have not ended. Memory holds different moments, not rows.
 */
export const survival = (exit: string, entry: string, event: string, within: number): string => {
  const risked = `${entry} < ${exit}`;
  const counted = (moment: string, ...conditions: string[]): string =>
    `map_entries(${filtered(`histogram(least(${moment}, ${within + 1}))`, [risked, ...conditions])})`;
  const from = (moment: string, at: string): string =>
    `coalesce(list_sum(list_transform(list_filter(${counted(moment)}, lambda e: e.key >= ${at}), lambda e: e.value)), 0)`;
  const ended = counted(exit, event, `${exit} <= ${within}`);
  const left = `coalesce(list_product(list_transform(${ended}, lambda d: 1 - d.value / (${from(exit, 'd.key')} - ${from(entry, 'd.key')}))), 1)::double`;
  const followed = filtered('count(*)', [risked, `${entry} < ${within}`, `${exit} >= ${within}`]);
  return `case when ${followed} > 0 or ${left} = 0 then ${left} end`;
};
const mean = (column: string): string => `sum(${column})::double / nullif(count(${column}), 0)`;
/** Of a sample, by n - 1: made of whole sums, which are the same in whatever order the engine comes by the rows. */
const deviation = (column: string): string =>
  `sqrt((count(${column})::hugeint * sum(${column}::bigint * ${column}::bigint) - sum(${column})::hugeint * sum(${column})::hugeint)::double / nullif(count(${column})::double * (count(${column}) - 1), 0))`;
/** σ / μ of a column of whole numbers; null of fewer than two values, and where all are 0. */
export const variation = (column: string): string => `${deviation(column)} / nullif(${mean(column)}, 0)`;
/** (σ - μ) / (σ + μ): -1 when all values are equal, 0 when they come as at random, towards 1 in bursts. */
export const burstiness = (column: string): string =>
  `(${deviation(column)} - ${mean(column)}) / nullif(${deviation(column)} + ${mean(column)}, 0)`;
/** The value at a position between neighbours of a sorted group: each counts by how near it is. */
export const interpolated = (value: string, position: string, at: string): string =>
  `sum(${value}::double * greatest(0, 1 - abs(${position} - ${at})))::double`;
export const divided = (numerator: string, denominator: string): string => `${numerator}::double / nullif(${denominator}, 0)`;
export const parameter = (number: number): string => `$${number}`;
export const name = (text: string): string => `"${text}"`;
/** A table made of Parquet files, for a with clause. */
export const filesAs = (table: string, paths: readonly string[]): string =>
  `${table} as (select * from read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}]))`;
/** Values as a table; without any, a table without rows. */
export const valuesAs = (table: string, columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? `(select ${columns.map((column) => `null as ${column}`).join(', ')} where false) as ${table}`
    : `(values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) as ${table}(${columns.join(', ')})`;
export const yearOf = (day: string): string => `year(${day})`;
