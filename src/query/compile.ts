import { monthsEarlier } from '../model/time';
import { finest, type Shift } from './derived';
import { name } from './dialect';
import { bucketsBefore, MONTHS, type Plan } from './plan';
import { asAnswer, conditions, wrap, type Rolling } from './wrap';
import { Writer, type Compiled } from './writer';

/** The rows of an answer. Names come from the model; every value of the question is a parameter. */
export function compileRows(plan: Plan): Compiled {
  const writer = new Writer(plan);
  const wrapped = isWrapped(plan);
  const order = plan.orderBy.map(({ field, descending }) => `${writer.sorted(field)} ${descending ? 'desc' : 'asc'} nulls last`);
  return writer.statement([
    ...(wrapped ? answered(plan, writer) : writer.series()),
    ...(order.length > 0 ? [`order by ${order.join(', ')}`] : []),
    `limit ${writer.bind(plan.limit)} offset ${writer.bind(plan.offset)}`,
  ]);
}

/** How many rows the answer has without limit and offset. */
export function compileRowCount(plan: Plan): Compiled {
  const writer = new Writer(plan);
  if (plan.having.length > 0 || plan.isFilled)
    return writer.statement(['select count(*) as row_count from (', ...answered({ ...plan, derived: [] }, writer), ') as counted']);
  const groups = [...writer.grains(), ...writer.dimensions()];
  if (groups.length === 0) return { sql: 'select 1 as row_count', params: [], tables: [] };
  return writer.statement([
    `select count(*) as row_count from (`,
    `select ${groups.map(({ sql, as }) => `${sql} as ${name(as)}`).join(', ')}`,
    ...writer.body(),
    `group by ${groups.map((_, index) => index + 1).join(', ')}`,
    ') as groups',
  ]);
}

/** The measures that a rolling value is made of: a ratio is rolled by its parts. */
function withParts({ cube }: Plan, of: string): Plan['measures'] {
  const measure = cube.measures[of]!;
  const names = measure.kind === 'ratio' ? [...new Set([measure.numerator, measure.denominator])] : [of];
  return names.map((one) => [one, cube.measures[one]!] as const);
}

const isWrapped = ({ derived, having }: Plan): boolean =>
  having.length > 0 || derived.some(({ kind }) => kind !== 'estimate' && kind !== 'why');

/** The groups with what follows from all of them, and the conditions on measures. */
function answered(plan: Plan, writer: Writer): string[] {
  const rolling = (one: Rolling): string => {
    const grain = plan.grains[0]!;
    const from = bucketsBefore(plan.from, grain, one.window - 1);
    return writer
      .beside({ ...plan, from, readsFrom: from, measures: withParts(plan, one.of), rates: [], derived: [] })
      .series(true)
      .join('\n');
  };
  const before = (shift: Shift): string => {
    const months = MONTHS[shift];
    const grain = finest(plan.grains);
    return writer
      .beside({
        ...plan,
        from: monthsEarlier(plan.from, months),
        to: monthsEarlier(plan.to, months),
        calendar: plan.calendar.map((one) => ({ ...one, from: monthsEarlier(one.from, months), to: monthsEarlier(one.to, months) })),
        grains: grain ? [grain] : [],
        isFilled: false,
        derived: [],
      })
      .series()
      .join('\n');
  };
  const where = conditions(plan, (value) => writer.bind(value));
  return [
    `select * from ${asAnswer(wrap(plan, writer.series().join('\n'), before, rolling))}`,
    ...(where.length > 0 ? [`where ${where.join(' and ')}`] : []),
  ];
}

/** The measures over everything the question covers, not over one page. */
export function compileTotals(plan: Plan): Compiled {
  const writer = new Writer({ ...plan, grains: [], dimensions: [], isFilled: false });
  return writer.statement(writer.series());
}
