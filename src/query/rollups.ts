import { createHash } from 'node:crypto';
import { GovblogError } from '../errors';
import type { Cube, Dimension, Measure, RollupShape, TimeGrain } from '../model/define';
import type { PeriodGrain } from '../model/periods';
import type { Day } from '../model/time';
import { Writer } from './writer';
import { asDate, bucketEnd, filesAs, least, name } from './dialect';
import type { Value } from './filters';
import type { Plan } from './plan';

/** Where rollups lie in the warehouse, apart from facts and dimensions. */
const FOLDER = 'rollups';
/** Whether a file of a snapshot is a rollup: made of other files of the snapshot, and of nothing else. */
export const isRollup = ({ uri }: { readonly uri: string }): boolean => uri.startsWith(`${FOLDER}/`);

export const ACCOUNT = 'account_key';
/** The account, where it stands in several rows of one bucket because it changed; null where it stands in one. */
export const SEVERAL = 'several_key';

/**
 * Facts summed in advance. A row is what a cube answers for one bucket of time, one combination of the dimensions and one
 * account: every measure that can be made of such rows again is kept in a column of its name. `day` is the last day of the
 * bucket that the snapshot knows. A rollup that is not by account has the rows of all accounts with one combination in the
 * bucket added up; an account that changed within the bucket keeps rows of its own, or distinct counts would count it twice.
 */
export interface Rollup {
  /** Table of the snapshot: `activity_month`. */
  readonly name: string;
  readonly cube: Cube;
  readonly grain: TimeGrain;
  /** Fact columns of its dimensions, without the account. */
  readonly columns: readonly string[];
  readonly byAccount: boolean;
  /** Days that one file covers. */
  readonly period: PeriodGrain;
  /** The rollup it is made of; null: the facts. */
  readonly source: Rollup | null;
  /** Measures that it keeps, as its rows are made of those of its source. */
  readonly kept: Readonly<Record<string, Measure>>;
  /** Its files lie here. The last part is the fingerprint of what they hold: a changed model does not read old sums. */
  readonly folder: string;
}

const known = new WeakMap<Cube, readonly Rollup[]>();

/** The rollups of a cube, each after the one it is made of. */
export function rollupsOf(cube: Cube): readonly Rollup[] {
  let rollups = known.get(cube);
  if (!rollups) {
    const made: Rollup[] = [];
    for (const shape of cube.rollups ?? []) made.push(rollupOf(cube, shape, made));
    known.set(cube, (rollups = made));
  }
  return rollups;
}

function rollupOf(cube: Cube, { name: word, grain, dimensions }: RollupShape, before: readonly Rollup[]): Rollup {
  const columns = [...new Set(dimensions.map((dimension) => cube.dimensions[dimension]!.column))].filter((one) => one !== ACCOUNT);
  const byAccount = dimensions.some((dimension) => cube.dimensions[dimension]!.column === ACCOUNT);
  if (grain === 'week') throw new GovblogError('BAD_MODEL', `Rollup ${word} of ${cube.name}: weeks cross the files of months.`);
  const period = grain === 'day' ? 'month' : grain;
  // The coarsest that is fine enough: a month of accounts for a quarter, a quarter for a year.
  const source = before.findLast(
    (one) => one.byAccount && nests(one.grain, grain) && columns.every((column) => one.columns.includes(column)),
  );
  const kept = source ? kinds(source, 'across') : keptOf(cube);
  const clash = Object.keys(kept).find((measure) => ['day', ACCOUNT, SEVERAL, ...columns].includes(measure));
  if (clash !== undefined) throw new GovblogError('BAD_MODEL', `Rollup ${word} of ${cube.name}: "${clash}" is a measure and a column.`);
  const rollup = { name: `${cube.fact}_${word}`, cube, grain, columns, byAccount, period, source: source ?? null, kept, folder: '' };
  const { sql } = compileRollup(rollup, [], '', '');
  const print = createHash('sha256')
    .update(`${source?.folder ?? ''}\n${sql}\n${orderOf(rollup)}`)
    .digest('hex')
    .slice(0, 12);
  return { ...rollup, folder: `${FOLDER}/${rollup.name}/${print}` };
}

const COARSER: Readonly<Record<TimeGrain, readonly TimeGrain[]>> = {
  day: ['day', 'week', 'month', 'quarter', 'year'],
  week: ['week'],
  month: ['month', 'quarter', 'year'],
  quarter: ['quarter', 'year'],
  year: ['year'],
};
/** Whether every bucket of the finer grain lies in one of the coarser. */
export const nests = (finer: TimeGrain, coarser: TimeGrain): boolean => COARSER[finer].includes(coarser);

const SILENT = { label: '', labelZh: '', description: '' } as const;
const ofColumn = (column: string): string => `of_${column}`;

/** The measures of a cube that rows of accounts in buckets can be made into again. What is not listed here is left to the grain. */
function keptOf({ measures }: Cube): Record<string, Measure> {
  const kept: Record<string, Measure> = {};
  for (const [measure, definition] of Object.entries(measures)) {
    const { kind } = definition;
    if (kind === 'sum' || kind === 'count' || kind === 'stock' || (kind === 'distinct' && definition.column === ACCOUNT))
      kept[measure] = definition;
    if (kind === 'sum' && definition.of !== undefined) kept[ofColumn(definition.of)] = { ...SILENT, kind: 'sum', column: definition.of };
  }
  return kept;
}

/**
 * How accounts are counted once each over rows of a rollup: `across` buckets by their keys; `within` one bucket by the counts
 * of the rows, and by keys only where an account stands in several; `rows`: where each row is an account's.
 */
export type Distinct = 'across' | 'within' | 'rows';

/** The measures that a rollup keeps, of its columns instead of those of the facts. */
export function kinds({ kept, cube }: Pick<Rollup, 'kept' | 'cube'>, distinct: Distinct): Record<string, Measure> {
  return Object.fromEntries(
    Object.entries(kept).map(([measure, { label, labelZh, description }]): [string, Measure] => {
      const doc = { label, labelZh, description };
      const original = cube.measures[measure];
      switch (original?.kind) {
        case 'count':
          return [measure, { ...doc, kind: 'count', counted: measure }];
        case 'stock':
          return [measure, { ...doc, kind: 'stock', column: measure }];
        case 'distinct':
          if (distinct === 'rows') return [measure, { ...doc, kind: 'count', counted: measure }];
          if (distinct === 'within') return [measure, { ...doc, kind: 'distinct', column: SEVERAL, counted: measure }];
          return [measure, { ...doc, kind: 'distinct', column: ACCOUNT, where: { column: measure, is: '>', value: 0 } }];
        default: {
          const of = original?.kind === 'sum' ? original.of : undefined;
          return [measure, { ...doc, kind: 'sum', column: measure, ...(of !== undefined && { of: ofColumn(of) }) }];
        }
      }
    }),
  );
}

/**
 * The statement that makes the rows of a rollup out of files of its source that hold whole buckets, up to the last day that
 * counts. Rows of a bucket follow from the files of that bucket alone, whatever others are read beside them.
 */
export function compileRollup(
  rollup: Omit<Rollup, 'folder'>,
  paths: readonly string[],
  from: Day,
  to: Day,
): { readonly sql: string; readonly params: readonly Value[] } {
  const { cube, grain, columns, byAccount, source, kept } = rollup;
  const table = source?.name ?? cube.fact;
  if (grain === 'day' && cube.onceADay && !byAccount) return compileDays(rollup, paths, from, to);
  const each = new Writer(planOf({ ...cube, fact: table, measures: kept }, grain, [...columns, ACCOUNT], kept, from, to));
  const perAccount = each.groups().join('\n');
  // Rows are named by the last day of their bucket, so that a question finds the stocks of its own last day on it.
  const lastDay = (): string =>
    `select ${least(bucketEnd(grain), asDate(each.bind(to)))} as day, * exclude (day, ${name(grain)}) from (select *, ${name(grain)} as day from (${perAccount}))`;
  const summedUp = (): string => {
    const rows = kinds(rollup, 'rows');
    return each
      .beside(planOf({ ...cube, fact: 'kept', measures: rows }, 'day', [...columns, SEVERAL], rows, from, to))
      .groups()
      .join('\n');
  };
  const sql = `with ${filesAs(table, paths)},
each_account as (${grain === 'day' ? perAccount : lastDay()}),
kept as (select *, case when count(*) over (partition by day, ${ACCOUNT}) > 1 then ${ACCOUNT} end as ${SEVERAL} from each_account)
${byAccount ? `select ${['day', ...columns, ACCOUNT, SEVERAL, ...Object.keys(kept).map(name)].join(', ')} from kept` : summedUp()}`;
  return { sql, params: each.statement([]).params };
}

/** The same where every row is of another account: nobody stands in several, and rows are counted for accounts. An audit counts accounts. */
function compileDays(
  { cube, columns, kept }: Omit<Rollup, 'folder'>,
  paths: readonly string[],
  from: Day,
  to: Day,
): { readonly sql: string; readonly params: readonly Value[] } {
  const counted = (measure: Measure): Measure =>
    measure.kind === 'distinct' ? { ...SILENT, kind: 'count', ...(measure.where && { where: measure.where }) } : measure;
  const rows = Object.fromEntries(Object.entries(kept).map(([measure, definition]) => [measure, counted(definition)]));
  const days = new Writer(planOf({ ...cube, measures: rows }, 'day', columns, rows, from, to));
  const sql = `with ${filesAs(cube.fact, paths)} select *, null::bigint as ${SEVERAL} from (${days.groups().join('\n')})`;
  return { sql, params: days.statement([]).params };
}

/** The order of the rows of a file: no two are alike in these columns, and a filter by region reads few of them. */
export const orderOf = ({ columns, byAccount }: Pick<Rollup, 'columns' | 'byAccount'>): string =>
  [...columns, byAccount ? ACCOUNT : SEVERAL, 'day'].join(', ');

/** A plan that groups by columns of the facts. */
function planOf(
  cube: Cube,
  grain: TimeGrain,
  columns: readonly string[],
  measures: Readonly<Record<string, Measure>>,
  from: Day,
  to: Day,
): Plan {
  const asDimension = (column: string): Dimension => ({ ...SILENT, column, type: 'text' });
  return {
    cube, grains: [grain], dimensions: columns.map((column) => [column, asDimension(column)] as const), measures: Object.entries(measures),
    from, to, readsFrom: from, dataFrom: from, where: [], orderBy: [], derived: [], having: [], hidden: [], limit: 0, offset: 0,
    isLimited: true, calendar: [], isCurrent: false, isFilled: false, rates: [],
  }; // prettier-ignore
}
