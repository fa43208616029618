import type { Measure } from '../model/define';
import { compileBounds, compileClusters, compileQuantiles, compileShares } from '../query/clusters';
import type { Derived } from '../query/derived';
import type { Plan } from '../query/plan';
import type { Compiled } from '../query/writer';
import { levelsAround, WOODRUFF } from '../stats/quantile';
import { estimateRatio, NOTHING, SINGLE, type Clusters, type Estimate, type Range } from '../stats/ratio';
import type { EngineValue } from '../warehouse/duckdb';
import type { AnswerRow } from './answer';

type Row = Readonly<Record<string, EngineValue>>;
type Run = (compiled: Compiled) => Promise<Row[]>;
type Wanted = Extract<Derived, { readonly kind: 'estimate' }>;

/** The rows with their estimates: one statement for each measure that is estimated, two for a quantile. */
export async function withEstimates(plan: Plan, rows: readonly Row[], run: Run): Promise<AnswerRow[]> {
  const groups = [...plan.grains, ...plan.dimensions.map(([field]) => field)];
  const keyOf = (row: Row): string => JSON.stringify(groups.map((group) => row[group]));
  const answers: AnswerRow[] = rows.map((row) => ({ ...row }));
  for (const one of plan.derived) {
    if (one.kind !== 'estimate') continue;
    const shown = new Set(rows.map(keyOf));
    const estimates = await estimatesOf(one, plan, run, (row) => shown.has(keyOf(row)));
    const byKey = new Map(estimates.map(([row, estimate]) => [keyOf(row), estimate]));
    rows.forEach((row, index) => {
      answers[index] = { ...answers[index], [one.field]: byKey.get(keyOf(row)) ?? NOTHING };
    });
  }
  return answers;
}

async function estimatesOf(
  { of, as, level }: Wanted,
  plan: Plan,
  run: Run,
  isShown: (row: Row) => boolean,
): Promise<(readonly [Row, Estimate])[]> {
  const measure = plan.cube.measures[of]!;
  const found = async (compiled: Compiled): Promise<(Row & Clusters)[]> =>
    ((await run(compiled)) as (Row & Clusters & { known: number })[]).filter((row) => row.known > 0 && isShown(row));
  if (as === 'SHARE') return (await found(compileShares(plan, measure))).map((row) => [row, estimateRatio(row, level, 'share')]);
  if (measure.kind === 'quantile') {
    const groups = await found(compileQuantiles(plan, measure));
    return quantiles(groups as Quantile[], measure.q, level, (positions) => run(compileBounds(plan, measure, positions)));
  }
  const ratio = measure as Measure & { kind: 'ratio' };
  return (await found(compileClusters(plan, ratio))).map((row) => [
    row,
    estimateRatio(row, level, rangeOf(ratio, plan), ratio.factor ?? 1),
  ]);
}

function rangeOf({ unit, numerator }: Measure & { kind: 'ratio' }, { cube }: Plan): Range {
  const counted = cube.measures[numerator]!;
  if (unit === 'share') return 'share';
  return counted.kind === 'sum' && counted.signed === true ? 'any' : 'positive';
}

type Quantile = Row & Clusters & { readonly number: number; readonly value: number };
type Bounds = (positions: { number: number; lower: number; upper: number }[]) => Promise<Row[]>;

async function quantiles(groups: readonly Quantile[], q: number, level: number, boundsAt: Bounds): Promise<(readonly [Row, Estimate])[]> {
  const levels = groups.map((group) => levelsAround(group, q, level));
  const positions = groups.map(({ number, x }, index) => ({
    number,
    lower: (x - 1) * (levels[index]!.lower ?? q),
    upper: (x - 1) * (levels[index]!.upper ?? q),
  }));
  const bounds = new Map((positions.length === 0 ? [] : await boundsAt(positions)).map((row) => [row['number'], row]));
  return groups.map((group, index) => {
    const { lower, upper } = levels[index]!;
    const at = bounds.get(group.number)!;
    const value = group['value'];
    if (group.n === 1) return [group, { value, lower: null, upper: null, n: 1, method: SINGLE }];
    const estimate: Estimate = {
      value,
      lower: lower === null ? null : (at['lower'] as number),
      upper: upper === null ? null : (at['upper'] as number),
      n: group.n,
      method: WOODRUFF,
    };
    return [group, estimate];
  });
}
