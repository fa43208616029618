import { GovblogError } from '../errors';
import { isTimeGrain, TIME_GRAINS, type Cube, type Dimension, type Measure, type TimeGrain } from '../model/define';
import type { Indicator, Members } from '../model/members';
import { addDays, bucketStart, isDay, minDay, monthsEarlier, type Day } from '../model/time';
import { didYouMean } from '../suggest';
import { calendarOf, PERIOD_DIMENSION } from './calendar';
import { LIMITS } from './limits';
import { derivedOf, isDerived, type Derived, type Shift } from './derived';
import { BOUNDS, fieldsOf, isGrouping, isMeasure, PERIOD, type Bounds, type NamedPeriod, type Question } from './question';
import { ratesOf, type Rate } from './rates';
import { orderSlipIn, slipIn } from './slips';
import { resolveWhere, type Criterion } from './where';

/** What a plan must know of the snapshot it asks. */
export interface Ground {
  readonly members: Members;
  /** What rates are divided by. */
  readonly indicators: readonly Indicator[];
  readonly from: Day;
  readonly watermark: Day;
}

/** A question that is known to be answerable: names resolved, codes checked, days clamped, order total. */
export interface Plan {
  readonly cube: Cube;
  readonly grains: readonly TimeGrain[];
  readonly dimensions: readonly (readonly [name: string, dimension: Dimension])[];
  readonly measures: readonly (readonly [name: string, measure: Measure])[];
  readonly from: Day;
  readonly to: Day;
  readonly where: readonly Criterion[];
  readonly rates: readonly Rate[];
  /** The calendar of the question in the order of time; empty: it has none. */
  readonly calendar: readonly NamedPeriod[];
  readonly isCurrent: boolean;
  /** A row for each bucket of each group. */
  readonly isFilled: boolean;
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
  /** Values that follow from the measures of the whole answer. */
  readonly derived: readonly Derived[];
  readonly having: readonly { readonly measure: string; readonly is: keyof Bounds; readonly value: number }[];
  /** First day that is read: comparisons go back before the period. */
  readonly readsFrom: Day;
  /** First day of which the snapshot knows anything. */
  readonly dataFrom: Day;
  /** Measures that only the order, a condition or something derived needs. */
  readonly hidden: readonly string[];
  readonly limit: number;
  /** The question gives a limit; otherwise the answer is whole or refused. */
  readonly isLimited: boolean;
  readonly offset: number;
}

/** Resolves a question against its cube; every refusal of a question is here or in its filters, with a sentence. */
export function plan(cube: Cube, question: Question, ground: Ground): Plan {
  const known = fieldsOf(cube);
  for (const field of question.fields)
    if (!known.includes(field) && !isDerived(field)) bad(`${cube.name} has no field "${field}".${slipIn(field, known)}`);
  if (question.fields.length === 0) bad(`Ask ${cube.name} for at least one field: ${known.slice(0, 8).join(', ')} …`);
  if (question.fields.length > LIMITS.maxFields.value)
    refuse(`${question.fields.length} fields are asked for; the limit is ${LIMITS.maxFields.value}.`);

  const asked = period(question, ground);
  const calendar = question.calendar ? calendarOf(question.calendar, asked.from, asked.to) : [];
  // What lies before the first and after the last named period is left out anyway; a stock is that of a day which counts.
  const { from, to } = calendar.length > 0 ? { from: calendar[0]!.from, to: calendar.at(-1)!.to } : asked;
  if (question.fields.includes(PERIOD) && calendar.length === 0)
    bad(`"${PERIOD}" groups by the periods of a calendar; give one: calendar: [{ name: "before", from: "2011-01-01", to: "2011-03-31" }].`);
  const fields = new Set(question.fields);
  const orders = question.orderBy ?? [];
  const grains = TIME_GRAINS.filter((grain) => fields.has(grain));
  const derived = [...new Set([...question.fields, ...orders.map(({ field }) => field)])]
    .filter(isDerived)
    .map((field) => derivedOf(field, cube, grains));
  for (const { field } of orders) {
    if (isDerived(field)) {
      if (field.startsWith('estimate.')) bad(`"${field}" has several values; order by ${field.split('.').at(-1)}.`);
      continue;
    }
    if (!known.includes(field)) bad(`${cube.name} has no field "${field}" to order by.${orderSlipIn(field, known)}`);
    if (isGrouping(cube, field) && !fields.has(field)) bad(`Select "${field}" to order by it: the rows are not grouped by it.`);
  }
  for (const one of derived) if (one.kind === 'rolling') checkRolling(one.field, grains[0]!, asked.from, ground);
  const isFilled = question.fill === 'ZERO';
  if (isFilled && grains.length === 0 && !fields.has(PERIOD))
    bad('fill: ZERO makes series without gaps; select day, week, month, quarter, year or period.');
  const grouping = known.filter((field) => fields.has(field) && isGrouping(cube, field));
  const having = conditionsOn(cube, question.having);
  const named = [...fields, ...orders.map(({ field }) => field), ...having.map(({ measure }) => measure), ...derived.map(({ of }) => of)];
  const needed = named.flatMap((field) => {
    const measure = cube.measures[field];
    return measure?.kind === 'rate' ? [field, measure.numerator] : [field];
  });
  const earliest = minDay(from, ...derived.map((one) => readsFrom(one, from, grains)))!;
  const where = resolveWhere(cube, question.where, ground.members);
  const hidden = [...new Set(needed)].filter((field) => isMeasure(cube, field) && !fields.has(field));

  return {
    cube,
    grains,
    dimensions: grouping
      .filter((field) => !isTimeGrain(field))
      .map((field) => [field, field === PERIOD ? PERIOD_DIMENSION : cube.dimensions[field]!] as const),
    measures: known
      .filter((field) => isMeasure(cube, field) && (fields.has(field) || hidden.includes(field)))
      .map((field) => [field, cube.measures[field]!] as const),
    from,
    to,
    calendar,
    isCurrent: question.attribution === 'CURRENT',
    isFilled,
    where,
    rates: ratesOf(
      [...new Set(needed)].filter((field) => isMeasure(cube, field)),
      // A week is of the year of its Monday, which may lie before the period.
      { cube, dimensions: grouping, where, from: grains.includes('week') ? bucketStart('week', earliest) : earliest, to },
      ground.members,
      ground.indicators,
    ),
    // Ties are broken by the group itself, so the same question always has the same rows in the same order.
    orderBy: [
      ...orders.map(({ field, direction }) => ({ field, descending: direction === 'DESC' })),
      ...grouping.filter((field) => !orders.some((order) => order.field === field)).map((field) => ({ field, descending: false })),
    ],
    hidden,
    derived,
    having,
    readsFrom: earliest,
    dataFrom: ground.from,
    // One more than may be shows that there are too many.
    limit: isGiven(question.limit) ? whole('limit', question.limit, LIMITS.maxRows.value) : LIMITS.defaultRows.value + 1,
    isLimited: isGiven(question.limit),
    offset: whole('offset', question.offset ?? 0, LIMITS.maxOffset.value),
  };
}

/** Months in each step back. */
export const MONTHS: Readonly<Record<Shift, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** First day that a derived value looks at. */
function readsFrom(one: Derived, from: Day, grains: readonly TimeGrain[]): Day {
  if ('over' in one) return monthsEarlier(from, MONTHS[one.over]);
  return one.kind === 'rolling' ? bucketsBefore(from, grains[0]!, one.window - 1) : from;
}

/** The first day of a bucket, so many buckets earlier. */
export function bucketsBefore(day: Day, grain: TimeGrain, buckets: number): Day {
  if (grain === 'day' || grain === 'week') return addDays(day, -buckets * (grain === 'week' ? 7 : 1));
  return monthsEarlier(day, buckets * (grain === 'month' ? 1 : MONTHS[grain.toUpperCase() as Shift]));
}

/** A window of whole buckets needs a period that begins with one; before the data begin there is nothing to cut. */
function checkRolling(field: string, grain: TimeGrain, from: Day, ground: Ground): void {
  const start = bucketStart(grain, from);
  if (from !== start && from !== ground.from)
    bad(
      `"${field}": the period begins on ${from}, within a ${grain}. Begin it on ${start}, so that every ${grain} of the window is whole.`,
    );
}

function conditionsOn(cube: Cube, having: Question['having']): Plan['having'] {
  return Object.entries(having ?? {}).flatMap(([measure, bounds]) => {
    if (!isMeasure(cube, measure))
      bad(`${cube.name} has no measure "${measure}" to put a condition on.${didYouMean(measure, Object.keys(cube.measures))}`);
    return BOUNDS.flatMap((is) => {
      const value = bounds?.[is];
      if (value === undefined || value === null) return [];
      if (!Number.isFinite(value)) bad(`having.${measure}.${is} takes a number.`);
      return [{ measure, is, value }];
    });
  });
}

function period({ from, to }: Question, ground: Ground): { from: Day; to: Day } {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    // prettier-ignore
    if (!isDay(day)) bad(`The period's "${name}" is "${day}", which is not a day. Write 2011-12-31.`);
  if (from > to) bad(`The period ends before it starts: "from" ${from} is after "to" ${to}. Swap them.`);
  if (from > ground.watermark)
    throw new GovblogError(
      'NOT_PUBLISHED',
      `Data are published up to ${ground.watermark}; the period starts on ${from}. Ask for an earlier one.`,
    );
  if (to < ground.from)
    throw new GovblogError('NOT_PUBLISHED', `Data begin on ${ground.from}; the period ends on ${to}. Ask for a later one.`);
  return { from: from < ground.from ? ground.from : from, to: to > ground.watermark ? ground.watermark : to };
}

const isGiven = (value: number | null | undefined): value is number => value !== undefined && value !== null;

function whole(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0) bad(`"${name}" is ${value}; it takes a whole number from 0 to ${most}.`);
  if (value > most) refuse(`"${name}" is ${value}; the limit is ${most}.`);
  return value;
}

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
function refuse(message: string): never {
  throw new GovblogError('LIMIT_EXCEEDED', `${message} \`dataset { limits { name value help } }\` lists all limits.`);
}
