import type { Measure } from '../model/define';
import { compileClusters } from '../query/compile';
import type { Compiled } from '../query/writer';
import type { Plan } from '../query/plan';
import { estimateRatio, NOTHING, type Clusters } from '../stats/ratio';
import type { EngineValue } from '../warehouse/duckdb';
import type { AnswerRow } from './answer';

type Run = (compiled: Compiled) => Promise<Record<string, EngineValue>[]>;

/** The rows with their estimates, one statement for each measure that is estimated. */
export async function withEstimates(plan: Plan, rows: readonly Record<string, EngineValue>[], run: Run): Promise<AnswerRow[]> {
  const groups = [...plan.grains, ...plan.dimensions.map(([field]) => field)];
  const keyOf = (row: Record<string, EngineValue>): string => JSON.stringify(groups.map((group) => row[group]));
  const answers: AnswerRow[] = rows.map((row) => ({ ...row }));
  for (const one of plan.derived) {
    if (one.kind !== 'estimate') continue;
    const measure = plan.cube.measures[one.of] as Measure & { kind: 'ratio' };
    const clusters = new Map((await run(compileClusters(plan, measure))).map((row) => [keyOf(row), row as unknown as Clusters]));
    const numerator = plan.cube.measures[measure.numerator]!;
    const isSigned = numerator.kind === 'sum' && numerator.signed === true;
    const range = measure.unit === 'share' ? 'share' : isSigned ? 'any' : 'positive';
    rows.forEach((row, index) => {
      const found = clusters.get(keyOf(row));
      const estimate = found ? estimateRatio(found, one.level, range, measure.factor ?? 1) : NOTHING;
      answers[index] = { ...answers[index], [one.field]: estimate };
    });
  }
  return answers;
}
