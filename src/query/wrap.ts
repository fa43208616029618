import type { Plan } from './plan';
import { MONTHS } from './plan';
import { finest, type Derived, type Shift } from './derived';
import { monthsEarlier } from '../model/time';
import { bucketOfDay, bucketsEarlier, divided, filtered, frame, monthsLater, name, over, same } from './dialect';
import type { Value } from './filters';
import { PERIOD } from './question';
import { HERE } from './writer';

/** How a wrapped statement gets at what the period before has: a select of the groups of the period shifted back. */
export type GroupsBefore = (over: Shift) => string;

export type Rolling = Extract<Derived, { readonly kind: 'rolling' }>;
/** A select of the groups from so many buckets before the period on. */
export type GroupsAround = (rolling: Rolling) => string;

const ROWS = 'g';
const COMPARED = 'answer';
const SIGNS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * Puts what follows from the whole answer around its groups: shares and ranks among all groups of one time bucket and named period, the
 * same group a month, quarter or year before, then the conditions on measures. Shares and ranks are taken before the
 * conditions leave groups out.
 */
export function wrap(plan: Plan, grouped: string, before: GroupsBefore, around: GroupsAround): string {
  const at = (field: string): string => `${ROWS}.${name(field)}`;
  const buckets = plan.grains.map(at);
  const dimensions = plan.dimensions.map(([field]) => field);
  // A stock of one named period and that of the next are no parts of a whole.
  const together = [...buckets, ...dimensions.filter((field) => field === PERIOD).map(at)];
  const shifts = [...new Set(plan.derived.flatMap((one) => ('over' in one ? [one.over] : [])))];
  const rolling = plan.derived.filter((one) => one.kind === 'rolling');
  const columns = plan.derived.flatMap((one) => {
    const value = at(one.of);
    switch (one.kind) {
      case 'cumulative':
        return [`${over(`sum(${value})`, dimensions.map(at), `order by ${buckets.join(', ')}`)}::bigint as ${name(one.field)}`];
      case 'rolling':
        return [`r${rolling.indexOf(one)}.rolled as ${name(one.field)}`];
      case 'share':
        return [`${divided(value, over(`sum(${value})`, together))} as ${name(one.field)}`];
      case 'rank':
        return [
          `case when ${value} is null then null else ${over('rank()', together, `order by ${value} desc nulls last`)} end as ${name(one.field)}`,
        ];
      case 'previous':
        return [`${earlier(one.over)}.${name(one.of)} as ${name(one.field)}`];
      case 'change':
        return [
          `${divided(`(${value} - ${earlier(one.over)}.${name(one.of)})`, `${earlier(one.over)}.${name(one.of)}`)} as ${name(one.field)}`,
        ];
      case 'estimate':
      case 'why':
        return [];
    }
  });
  return [
    `select ${[`${ROWS}.*`, ...columns].join(',\n       ')}`,
    `from (${grouped}) as ${ROWS}`,
    ...shifts.map((shift) => `left join (${before(shift)}) as ${earlier(shift)} on ${matches(plan, shift)}`),
    ...rolling.map((one, index) => {
      const keys = [plan.grains[0]!, ...dimensions].map((field) => same(at(field), `r${index}.${name(field)}`));
      return `left join (${rolled(plan, one, around(one))}) as r${index} on ${keys.join(' and ')}`;
    }),
  ].join('\n');
}

/**
 * A value over the window of each group. A bucket without rows counts as 0, whether a row fills it or not; one whose value is
 * unknown is left out of a mean. A window of which nothing is known, or that reaches back before the data begin, has no value.
 */
function rolled(plan: Plan, { of, window, as }: Rolling, around: string): string {
  const measure = plan.cube.measures[of]!;
  const grain = plan.grains[0]!;
  const bucket = `e.${name(grain)}`;
  const others = plan.dimensions.map(([field]) => `e.${name(field)}`);
  const inWindow = (aggregate: string): string => over(aggregate, others, frame(grain, bucket, window));
  const total = (part: string): string => inWindow(filtered(`sum(e.${name(part)})`, [`e.${HERE}`]));
  const isWhole = `${bucketsEarlier(grain, bucket, window - 1)} >= ${bucketOfDay(grain, `date '${plan.dataFrom}'`)}`;
  const unknown = inWindow(filtered('count(*)', [`e.${HERE}`, `e.${name(of)} is null`]));
  const sum = `case when ${inWindow(filtered('count(*)', [`e.${HERE}`]))} = 0 then 0 else ${total(of)} end`;
  const value =
    measure.kind === 'ratio'
      ? `${divided(total(measure.numerator), total(measure.denominator))}${measure.factor ? ` * ${measure.factor}` : ''}`
      : as === 'SUM'
        ? `(${sum})::double`
        : divided(`(${sum})`, `(${window} - ${unknown})`);
  return `select ${[bucket, ...others].join(', ')}, case when ${isWhole} then ${value} end as rolled from (${around}) as e`;
}

/** The conditions on measures, as a where over the wrapped groups. */
export const conditions = ({ having }: Plan, bind: (value: Value) => string): string[] =>
  having.map(({ measure, is, value }) => `${COMPARED}.${name(measure)} ${SIGNS[is]} ${bind(value)}`);

export const asAnswer = (sql: string): string => `(${sql}) as ${COMPARED}`;

/** No name of a column: `year` would be one. */
const earlier = (shift: Shift): string => `before_${shift.toLowerCase()}`;

/** The same group, in the bucket that many months before; of time before the data begin nothing is known. */
function matches(plan: Plan, shift: Shift): string {
  const grain = finest(plan.grains);
  const isKnown = monthsEarlier(plan.from, MONTHS[shift]) >= plan.dataFrom;
  return [
    grain ? `${ROWS}.${name(grain)} = ${monthsLater(`${earlier(shift)}.${name(grain)}`, MONTHS[shift])}` : String(isKnown),
    ...plan.dimensions.map(([field]) => same(`${ROWS}.${name(field)}`, `${earlier(shift)}.${name(field)}`)),
  ].join(' and ');
}
