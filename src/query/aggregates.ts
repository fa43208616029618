import { GovblogError } from '../errors';
import type { Condition, Measure } from '../model/define';
import { asCount, burstiness, divided, entropy, filtered, hIndex, quantile, survival, variation } from './dialect';

/** What the aggregate of a measure needs of the statement that it stands in. */
export interface Aggregates {
  readonly measures: Readonly<Record<string, Measure>>;
  /** Condition of the rows that count for stocks. */
  readonly lastDay: () => string;
}

/** A measure over the rows of a group. */
export function aggregate(measure: Measure, within: Aggregates): string {
  const part = (of: string): string => aggregate(within.measures[of]!, within);
  switch (measure.kind) {
    case 'sum': {
      const total = asCount(filtered(`sum(${measure.column})`, measure.where ? [condition(measure.where)] : []));
      if (measure.of === undefined) return total;
      return `case when sum(${measure.of}) > 0 then ${asCount(filtered(`sum(${measure.column})`, [`${measure.of} > 0`]))} else ${total} end`;
    }
    case 'count':
      if (measure.counted !== undefined) return asCount(`coalesce(sum(${measure.counted}), 0)`);
      return filtered('count(*)', measure.where ? [condition(measure.where)] : []);
    case 'stock':
      return stock(measure, within);
    case 'distinct':
      if (measure.counted !== undefined) return distinctInBucket(measure.column, measure.counted);
      return filtered(`count(distinct ${measure.column})`, measure.where ? [condition(measure.where)] : []);
    case 'ratio': {
      const ratio = divided(part(measure.numerator), part(measure.denominator));
      return measure.factor ? `${ratio} * ${measure.factor}` : ratio;
    }
    case 'quantile':
      return quantile(measure.column, measure.q);
    case 'entropy':
      return entropy(measure.column);
    case 'variation':
      return measure.as === 'COEFFICIENT' ? variation(measure.column) : burstiness(measure.column);
    case 'survival':
      return survival(measure.column, measure.from, measure.event, measure.within);
    case 'hIndex':
      return hIndex(measure.column);
    case 'rate':
      throw new GovblogError('BAD_MODEL', 'A rate is no aggregate of rows: it is made of groups.');
  }
}

/** A stock is what there is on the last day of its bucket; null, not 0, when nobody was counted on that day. */
function stock({ column, where = [] }: Measure & { kind: 'stock' }, { lastDay }: Aggregates): string {
  if (column !== undefined) return asCount(filtered(`sum(${column})`, [lastDay(), ...where.map(condition)]));
  const counted = where.length === 0 ? '1' : `case when ${where.map(condition).join(' and ')} then 1 else 0 end`;
  return asCount(filtered(`sum(${counted})`, [lastDay()]));
}

/** Who stands in one row of the bucket is counted there already; who stands in several is counted once. */
const distinctInBucket = (several: string, counted: string): string =>
  `(${asCount(`coalesce(${filtered(`sum(${counted})`, [`${several} is null`])}, 0)`)} + ${filtered(`count(distinct ${several})`, [`${counted} > 0`])})`;

function condition({ column, is, value }: Condition): string {
  if (is === 'true') return column;
  return is === 'null' ? `${column} is null` : `${column} ${is} ${value}`;
}
