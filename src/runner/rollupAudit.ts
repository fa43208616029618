import type { Condition, Measure } from '../model/define';
import type { Day } from '../model/time';
import { bucketEnd } from '../query/dialect';
import { ACCOUNT, SEVERAL, type Rollup } from '../query/rollups';
import type { EngineValue, Workshop } from '../warehouse/duckdb';
import type { Problem } from './job';

/** Totals of a rollup by measure. */
export type Totals = Readonly<Record<string, EngineValue>>;

/**
 * What the files of a rollup must add up to, by their last days, from the source by another statement than the one that makes
 * them. The source is read from its beginning, so that rows from before the data are said to begin would be seen.
 */
export async function totalsOfSource(workshop: Workshop, rollup: Rollup, source: string, to: Day): Promise<ReadonlyMap<Day, Totals>> {
  const last = `least(${bucketEnd(rollup.period)}, date '${to}')`;
  const { columns, rows } = await workshop.query(
    `select (${last})::varchar, ${each(rollup, (name) => ofSource(rollup, name, last))} from ${source} where day <= date '${to}' group by 1`,
  );
  return new Map(rows.map(([day, ...values]) => [String(day), asTotals(columns.slice(1), values)]));
}

/** Sums, counts, stocks and distinct accounts of a written file equal those of what it was made of. */
export async function auditRollup(
  workshop: Workshop,
  rollup: Rollup,
  expected: Totals | undefined,
  file: string,
): Promise<Exclude<Problem, string>> {
  const { columns, rows } = await workshop.query(`select ${each(rollup, (name) => ofFile(rollup, name))} from ${file}`);
  const found = asTotals(columns, rows[0]!);
  const wrong = columns.filter((name) => (expected?.[name] ?? 0) !== found[name]);
  if (wrong.length === 0) return null;
  const sample = wrong.map((measure) => ({ measure, source: expected?.[measure] ?? 0, rollup: found[measure]! }));
  return { message: sample.map(({ measure, source, rollup: sum }) => `${measure}: source ${source}, rollup ${sum}`).join('; '), sample };
}

const each = ({ kept }: Rollup, expression: (name: string) => string): string =>
  Object.keys(kept)
    .map((name) => `${expression(name)} as "${name}"`)
    .join(', ');
const asTotals = (names: readonly string[], values: readonly EngineValue[]): Totals =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));

const total = (column: string, where?: string): string => `sum(${column})${where === undefined ? '' : ` filter (where ${where})`}`;

/** Accounts of a month are counted once a month, those of a day once a day. */
const unit = ({ grain }: Rollup, key: string): string => (grain === 'day' ? `case when ${key} is not null then (day, ${key}) end` : key);

function ofSource(rollup: Rollup, name: string, last: string): string {
  const measure = rollup.kept[name] as Measure;
  switch (measure.kind) {
    case 'sum':
      return total(measure.column, measure.where && meets(measure.where));
    case 'count':
      return measure.counted === undefined ? `count(*) filter (where ${meets(measure.where)})` : total(measure.counted);
    case 'stock':
      return total(
        measure.column ?? '1',
        [rollup.grain === 'day' ? 'true' : `day = ${last}`, ...(measure.where ?? []).map(meets)].join(' and '),
      );
    case 'distinct':
      return `count(distinct ${unit(rollup, ACCOUNT)}) filter (where ${meets(measure.where)})`;
    default:
      return '0';
  }
}

function ofFile(rollup: Rollup, name: string): string {
  if (rollup.kept[name]!.kind !== 'distinct') return total(`"${name}"`);
  if (rollup.byAccount) return `count(distinct ${unit(rollup, ACCOUNT)}) filter (where "${name}" > 0)`;
  return `coalesce(${total(`"${name}"`, `${SEVERAL} is null`)}, 0) + count(distinct ${unit(rollup, SEVERAL)}) filter (where "${name}" > 0)`;
}

const meets = (where: Condition | undefined): string => {
  if (where === undefined) return 'true';
  const { column, is, value } = where;
  return is === 'true' ? column : is === 'null' ? `${column} is null` : `${column} ${is} ${String(value)}`;
};
