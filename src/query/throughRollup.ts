import type { Cube, Measure } from '../model/define';
import { periodOf } from '../model/periods';
import { minDay, monthsEarlier, type Day } from '../model/time';
import { finest } from './derived';
import { MONTHS, type Plan } from './plan';
import { predicatesIn } from './where';
import { ACCOUNT, kinds, nests, rollupsOf, type Distinct, type Rollup } from './rollups';

/** A file of a snapshot, as far as choosing among them needs to know it. */
export interface DatedFile {
  readonly table: string;
  readonly uri: string;
  readonly rows: number;
  readonly from: Day | null;
  readonly to: Day | null;
}

/** What answers a question: the plan to compile, and the rollup that it reads. */
export interface Choice {
  readonly plan: Plan;
  /** Null when the rows of the grain are read. */
  readonly rollup: string | null;
}

/**
 * The smallest rollup of the snapshot that gives exactly the answer of the grain: it has the columns of every grouping and
 * filter, every measure can be made of what it keeps, and the period, with those it is compared with, is whole buckets of it.
 * A snapshot from before a rollup existed, or from before the model changed, is answered from the grain.
 */
export function throughRollup(plan: Plan, files: readonly DatedFile[]): Choice {
  let best: { readonly rows: number; readonly rollup: Rollup; readonly cube: Cube } | undefined;
  for (const rollup of rollupsOf(plan.cube)) {
    const cube = rolled(rollup, plan);
    const rows = cube && rowsFor(rollup, plan, files);
    if (cube && rows !== null && rows !== undefined && (best === undefined || rows < best.rows)) best = { rows, rollup, cube };
  }
  if (best === undefined) return { plan, rollup: null };
  const { rollup, cube } = best;
  return { rollup: rollup.name, plan: { ...plan, cube, measures: plan.measures.map(([as]) => [as, cube.measures[as]!] as const) } };
}

/** The cube over the rollup instead of the facts; null when the rollup does not hold what the question needs. */
function rolled(rollup: Rollup, plan: Plan): Cube | null {
  const { grain, columns, byAccount, kept } = rollup;
  const asked = [...plan.dimensions.map(([, { column }]) => column), ...predicatesIn(plan.where).map(({ column }) => column)];
  // Days of a calendar are no buckets; attributes of now, and rows where there is nothing, are made of the grain.
  if (plan.calendar.length > 0 || plan.isCurrent || plan.isFilled) return null;
  if (!plan.grains.every((one) => nests(grain, one))) return null;
  if (!asked.every((column) => columns.includes(column) || (byAccount && column === ACCOUNT))) return null;
  if (!plan.derived.every(({ kind }) => DERIVED.includes(kind) || (kind === 'estimate' && byAccount))) return null;
  const parts = plan.measures.flatMap(([as, measure]) => partsOf(as, measure));
  if (!parts.every((part) => part in kept)) return null;
  const distinct = distinctIn(rollup, plan);
  if (distinct === null && parts.some((part) => plan.cube.measures[part]!.kind === 'distinct')) return null;
  return { ...plan.cube, fact: rollup.name, measures: { ...plan.cube.measures, ...kinds(rollup, distinct ?? 'across') } };
}

/** What follows from the groups of an answer, wherever those come from. */
const DERIVED: readonly string[] = ['share', 'rank', 'cumulative', 'previous', 'change'];

/** Measures that must be kept for one: a rate is made of groups, by a numerator that is a measure of the plan itself. */
function partsOf(as: string, measure: Measure): readonly string[] {
  if (measure.kind === 'rate') return [];
  return measure.kind === 'ratio' ? [measure.numerator, measure.denominator] : [as];
}

/** How accounts are counted once: by their counts when every row of the answer is of one bucket, else by their keys, if there are any. */
function distinctIn({ grain, period, byAccount }: Rollup, plan: Plan): Distinct | null {
  const single = ({ from, to }: Span): boolean => (grain === 'day' ? from === to : periodOf(from, period).key === periodOf(to, period).key);
  if (finest(plan.grains) === grain || spansOf(plan).every(single)) return 'within';
  return byAccount ? 'across' : null;
}

interface Span {
  readonly from: Day;
  readonly to: Day;
}

/** The period of the question and those it is compared with. */
const spansOf = ({ from, to, derived }: Plan): Span[] => [
  { from, to },
  ...derived.flatMap((one) =>
    'over' in one ? [{ from: monthsEarlier(from, MONTHS[one.over]), to: monthsEarlier(to, MONTHS[one.over]) }] : [],
  ),
];

/** How many rows of the rollup are read; null when its files do not cover the question exactly. */
function rowsFor(rollup: Rollup, plan: Plan, files: readonly DatedFile[]): number | null {
  const tables = byTable(files);
  const touching = (table: string, { from, to }: Span): DatedFile[] =>
    (tables.get(table) ?? []).filter((file) => file.from! <= to && file.to! >= from);
  const isExact = (span: Span): boolean => {
    const own = touching(rollup.name, span);
    const isCovered = ({ from, to, rows }: DatedFile): boolean => {
      if (rows === 0) return true;
      // Of days before the data begin no file has rows: an audit of each rollup.
      const asked = [from!, span.from, plan.dataFrom].reduce((last, day) => (day > last ? day : last));
      return asked > minDay(to, span.to)! || own.some((file) => file.from! <= asked && file.to! >= minDay(to, span.to)!);
    };
    return (
      own.every((file) => file.uri.startsWith(`${rollup.folder}/`) && (rollup.grain === 'day' || isWhole(rollup, file, span))) &&
      touching(plan.cube.fact, span).every(isCovered)
    );
  };
  const read = touching(rollup.name, { from: plan.readsFrom, to: plan.to });
  // Months without facts have no rollup; where there is none at all, the grain says so.
  if (read.length === 0 || !spansOf(plan).every(isExact)) return null;
  return read.reduce((sum, { rows }) => sum + rows, 0);
}

/** The files of a snapshot by their tables: sorted out once for all its questions. */
const sorted = new WeakMap<readonly DatedFile[], ReadonlyMap<string, readonly DatedFile[]>>();
function byTable(files: readonly DatedFile[]): ReadonlyMap<string, readonly DatedFile[]> {
  let tables = sorted.get(files);
  if (!tables) {
    const made = new Map<string, DatedFile[]>();
    for (const file of files) made.set(file.table, [...(made.get(file.table) ?? []), file]);
    sorted.set(files, (tables = made));
  }
  return tables;
}

/** Whether a bucket lies in the period up to its own end, or to that of the period: the day whose stocks count. */
const isWhole = ({ period }: Rollup, { from, to }: DatedFile, span: Span): boolean =>
  from! >= span.from && to! === minDay(periodOf(to!, period).to, span.to)!;
