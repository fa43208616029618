import type { Plan } from './plan';
import { MONTHS } from './plan';
import { finest, type Shift } from './derived';
import { monthsEarlier } from '../model/time';
import { divided, monthsLater, name, over, same } from './dialect';
import type { Value } from './filters';

/** How a wrapped statement gets at what the period before has: a select of the groups of the period shifted back. */
export type GroupsBefore = (over: Shift) => string;

const ROWS = 'g';
const COMPARED = 'answer';
const SIGNS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * Puts what follows from the whole answer around its groups: shares and ranks among all groups of one time bucket, the
 * same group a month, quarter or year before, then the conditions on measures. Shares and ranks are taken before the
 * conditions leave groups out.
 */
export function wrap(plan: Plan, grouped: string, before: GroupsBefore): string {
  const at = (field: string): string => `${ROWS}.${name(field)}`;
  const buckets = plan.grains.map(at);
  const shifts = [...new Set(plan.derived.flatMap((one) => ('over' in one ? [one.over] : [])))];
  const columns = plan.derived.flatMap((one) => {
    const value = at(one.of);
    switch (one.kind) {
      case 'share':
        return [`${divided(value, over(`sum(${value})`, buckets))} as ${name(one.field)}`];
      case 'rank':
        return [
          `case when ${value} is null then null else ${over('rank()', buckets, `order by ${value} desc nulls last`)} end as ${name(one.field)}`,
        ];
      case 'previous':
        return [`${one.over}.${name(one.of)} as ${name(one.field)}`];
      case 'change':
        return [`${divided(`(${value} - ${one.over}.${name(one.of)})`, `${one.over}.${name(one.of)}`)} as ${name(one.field)}`];
      case 'estimate':
        return [];
    }
  });
  return [
    `select ${[`${ROWS}.*`, ...columns].join(',\n       ')}`,
    `from (${grouped}) as ${ROWS}`,
    ...shifts.map((shift) => `left join (${before(shift)}) as ${shift} on ${matches(plan, shift)}`),
  ].join('\n');
}

/** The conditions on measures, as a where over the wrapped groups. */
export const conditions = ({ having }: Plan, bind: (value: Value) => string): string[] =>
  having.map(({ measure, is, value }) => `${COMPARED}.${name(measure)} ${SIGNS[is]} ${bind(value)}`);

export const asAnswer = (sql: string): string => `(${sql}) as ${COMPARED}`;

/** The same group, in the bucket that many months before; of time before the data begin nothing is known. */
function matches(plan: Plan, shift: Shift): string {
  const grain = finest(plan.grains);
  const isKnown = monthsEarlier(plan.from, MONTHS[shift]) >= plan.dataFrom;
  return [
    grain ? `${ROWS}.${name(grain)} = ${monthsLater(`${shift}.${name(grain)}`, MONTHS[shift])}` : String(isKnown),
    ...plan.dimensions.map(([field]) => same(`${ROWS}.${name(field)}`, `${shift}.${name(field)}`)),
  ].join(' and ');
}
