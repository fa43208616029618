import { isOfAllRows, type Measure } from '../model/define';
import { aggregate, type Aggregates } from './aggregates';
import { finest, whyOf } from './derived';
import {
  asDate,
  bucket,
  bucketEnd,
  containsText,
  daysOf,
  divided,
  HISTORY_TABLE,
  isNotTrue,
  least,
  name,
  parameter,
  positionIn,
  same,
  valuesAs,
  withCurrentAttributes,
  yearOf,
} from './dialect';
import type { Predicate, Value } from './filters';
import type { Plan } from './plan';
import { PERIOD, type NamedPeriod } from './question';
import { EVERYWHERE } from './rates';
import type { Criterion } from './where';
import { reason, whyNull } from './whyNull';

/** A statement over tables named by the model: the fact table and, where a grouping needs it, a dimension table. */
export interface Compiled {
  readonly sql: string;
  readonly params: readonly Value[];
  /** Tables the statement reads. */
  readonly tables: readonly string[];
}

/** Column of the year that a rate is divided by. */
export const yearOfRate = (field: string): string => `${field}.year`;

/** Column that tells a group with rows from one that only fills a gap. */
export const HERE = 'here';

export interface Column {
  readonly sql: string;
  readonly as: string;
}

/** Writes the parts of a statement over one fact table, and counts its parameters. */
export class Writer {
  private readonly joins = new Map<string, string>();
  private readonly from: string;
  private readonly to: string;

  constructor(
    private readonly plan: Plan,
    private readonly params: Value[] = [],
    private readonly others: Writer[] = [],
  ) {
    this.from = asDate(this.bind(plan.from));
    this.to = asDate(this.bind(plan.to));
  }

  bind(value: Value): string {
    return parameter(this.params.push(value));
  }

  /** A writer of another part of the same statement: parameters are counted through. */
  beside(plan: Plan): Writer {
    const other = new Writer(plan, this.params);
    this.others.push(other);
    return other;
  }

  /** What a field is ordered by: named periods come in the order of time. */
  sorted(field: string): string {
    if (field !== PERIOD) return name(field);
    return positionIn(
      this.plan.calendar.map((one) => this.bind(one.name)),
      name(field),
    );
  }

  /** The groups with their measures; without gaps where the question asks for that. With `withHere`, HERE tells which have rows. */
  series(withHere = false): string[] {
    const rows = this.plan.isFilled ? this.filled(withHere) : this.groups(withHere ? [{ sql: 'true', as: HERE }] : []);
    return this.plan.rates.length === 0 ? rows : this.rated(rows);
  }

  /** Rates are made of groups: their numerators stand in the rows, and what they are divided by follows from the question. */
  private rated(rows: readonly string[]): string[] {
    const { rates, grains, dimensions } = this.plan;
    const isNamed = dimensions.some(([as]) => as === PERIOD);
    const year =
      grains.length > 0
        ? // A week may lie in two years; beside a month, quarter or year it is the part of it that lies there.
          yearOf(`s.${name(finest(grains.filter((grain) => grain !== 'week')) ?? 'week')}`)
        : isNamed
          ? this.yearOfPeriod()
          : this.bind(Number(this.plan.to.slice(0, 4)));
    const tables = rates.map(({ denominators, placedBy }, index) => {
      const values = denominators.map((one) =>
        typed([this.bind(one.place), this.bind(one.year), this.bind(one.knownYear), this.bind(one.value)]),
      );
      const place = placedBy === null ? this.bind(EVERYWHERE) : `s.${name(placedBy)}`;
      return `left join ${valuesAs(`rate${index}`, ['place', 'year', 'known_year', 'value'], values)} on rate${index}.place = ${place} and rate${index}.year = ${year}`;
    });
    const columns = rates.flatMap(({ field, numerator, per }, index) => [
      `${divided(`s.${name(numerator)}`, `rate${index}.value`)} * ${per} as ${name(field)}`,
      `rate${index}.known_year as ${name(yearOfRate(field))}`,
      ...(this.whys().includes(field) ? [whyNoRate(index, numerator, field)] : []),
    ]);
    return [`select s.*, ${columns.join(',\n       ')}`, `from (${rows.join('\n')}) as s`, ...tables];
  }

  private yearOfPeriod(): string {
    const years = this.plan.calendar.map((one) => `when ${this.bind(one.name)} then ${this.bind(Number(one.to.slice(0, 4)))}`);
    return `case s.${name(PERIOD)} ${years.join(' ')} end`;
  }

  private filled(withHere: boolean): string[] {
    const buckets = [...this.grains(), ...this.dimensions().filter(({ as }) => as === PERIOD)];
    const others = this.plan.dimensions.flatMap(([as]) => (as === PERIOD ? [] : [name(as)]));
    const days = daysOf(this.from, this.to);
    return [
      `select * from (select ${[...buckets.map(({ as }) => `b.${name(as)}`), ...others.map((as) => `d.${as}`), ...(withHere ? [`coalesce(g.${HERE}, false) as ${HERE}`] : [])].join(', ')},`,
      this.plan.measures
        .filter(([, { kind }]) => kind !== 'rate')
        .map(([as, measure]) => `case when g.${HERE} then g.${name(as)} else ${absentValue(measure)} end as ${name(as)}`)
        .concat(
          this.whyColumns().map(
            ({ as, measure }) => `case when g.${HERE} then g.${name(as)} else ${whyAbsent(measure)} end as ${name(as)}`,
          ),
        )
        .join(',\n       '),
      `from (select distinct ${buckets.map(({ sql, as }) => `${sql} as ${name(as)}`).join(', ')} from ${days} where ${this.inCalendar()}) as b`,
      ...(others.length > 0 ? [`cross join (select distinct ${others.join(', ')} from (${this.groups().join('\n')}) as found) as d`] : []),
      `left join (${this.groups([{ sql: 'true', as: HERE }]).join('\n')}) as g on ${[
        ...buckets.map(({ as }) => `g.${name(as)} = b.${name(as)}`),
        ...others.map((as) => same(`g.${as}`, `d.${as}`)),
      ].join(' and ')}) as series`,
    ];
  }

  /** The groups with their measures, as they are found. */
  groups(more: readonly Column[] = []): string[] {
    const groups = [...this.grains(), ...this.dimensions()];
    return [
      `select ${[...groups, ...this.measures(true), ...this.whyColumns(), ...more].map(({ sql, as }) => `${sql} as ${name(as)}`).join(',\n       ')}`,
      ...this.body(),
      ...(groups.length > 0 ? [`group by ${groups.map((_, index) => index + 1).join(', ')}`] : []),
    ];
  }

  grains(): Column[] {
    return this.plan.grains.map((grain) => ({ sql: bucket(grain), as: grain }));
  }

  dimensions(): Column[] {
    return this.plan.dimensions.map(([as, dimension]) => {
      if (as === PERIOD) return { sql: this.named(({ name: one }) => this.bind(one)), as };
      const { column, attribute } = dimension;
      if (attribute === 'nbsRegion') return { sql: `${this.join('dim_region', column)}.nbs_region`, as };
      if (attribute === 'geoRegion') return { sql: `${this.join('dim_region', column)}.geo_region`, as };
      if (attribute === 'groupCode') {
        const sector = this.join('dim_sector', column);
        return { sql: `coalesce(${sector}.parent_code, ${sector}.code)`, as };
      }
      return { sql: `${this.plan.cube.fact}.${column}`, as };
    });
  }

  measures(withHidden: boolean): Column[] {
    return this.plan.measures
      .filter(([, { kind }]) => kind !== 'rate')
      .filter(([as]) => withHidden || !this.plan.hidden.includes(as))
      .map(([as, measure]) => ({ sql: this.aggregate(measure), as }));
  }

  /** Measures of which the question asks why they are null. */
  private whys(): string[] {
    return this.plan.derived.flatMap(({ kind, of }) => (kind === 'why' ? [of] : []));
  }

  /** Reasons are found among the rows of the groups; a rate takes that of its numerator. */
  private whyColumns(): (Column & { readonly measure: Measure })[] {
    const ofRate = (of: string): string => {
      const measure = this.plan.cube.measures[of]!;
      return measure.kind === 'rate' ? measure.numerator : of;
    };
    const { measures } = this.plan.cube;
    return [...new Set(this.whys().map(ofRate))].map((of) => ({
      sql: whyNull(measures[of]!, this.aggregates()),
      as: whyOf(of),
      measure: measures[of]!,
    }));
  }

  body(): string[] {
    return [
      `from ${this.plan.isCurrent ? withCurrentAttributes(this.plan.cube.fact) : this.plan.cube.fact}`,
      ...this.joins.values(),
      `where ${[`day between ${this.from} and ${this.to}`, ...(this.plan.calendar.length > 0 ? [this.inCalendar()] : []), ...this.plan.where.map((one) => this.criterion(one))].join('\n  and ')}`,
    ];
  }

  statement(lines: readonly string[]): Compiled {
    const joined = [this, ...this.others].flatMap(({ joins }) => [...joins.keys()]);
    if (this.plan.isCurrent) joined.push(HISTORY_TABLE);
    return { sql: lines.join('\n'), params: this.params, tables: [this.plan.cube.fact, ...new Set(joined)] };
  }

  private join(table: string, column: string): string {
    this.joins.set(table, `left join ${table} on ${table}.code = ${this.plan.cube.fact}.${column}`);
    return table;
  }

  aggregate(measure: Measure): string {
    return aggregate(measure, this.aggregates());
  }

  private aggregates(): Aggregates {
    return { measures: this.plan.cube.measures, lastDay: () => this.lastDay() };
  }

  /** The condition of the rows that count for stocks. */
  private lastDay(): string {
    const isNamed = this.plan.dimensions.some(([as]) => as === PERIOD);
    const ends = isNamed ? [this.named(({ to }) => asDate(this.bind(to)))] : [];
    return `day = ${least(...this.plan.grains.map(bucketEnd), ...ends, this.to)}`;
  }

  /** Something of the named period of a day. */
  private named(valueOf: (period: NamedPeriod) => string): string {
    return `case ${this.plan.calendar.map((one) => `when ${this.within(one)} then ${valueOf(one)}`).join(' ')} end`;
  }

  private within({ from, to }: NamedPeriod): string {
    return `day between ${asDate(this.bind(from))} and ${asDate(this.bind(to))}`;
  }

  private inCalendar(): string {
    const { calendar } = this.plan;
    return calendar.length === 0 ? 'true' : `(${calendar.map((one) => `(${this.within(one)})`).join(' or ')})`;
  }

  private criterion(one: Criterion): string {
    if ('is' in one) return this.predicate(one);
    const joined = (all: readonly Criterion[], by: string): string => all.map((part) => `(${this.criterion(part)})`).join(by);
    if ('all' in one) return joined(one.all, ' and ');
    if ('any' in one) return `(${joined(one.any, ' or ')})`;
    // What is unknown meets no condition, so it meets the opposite of each.
    return isNotTrue(joined(one.not, ' and '));
  }

  private predicate({ column, type, is, values }: Predicate): string {
    const target = `${this.plan.cube.fact}.${column}`;
    const bound = values.map((value) => (type === 'month' ? asDate(this.bind(value)) : this.bind(value)));
    if (is === 'gte') return `${target} >= ${bound[0]}`;
    if (is === 'lte') return `${target} <= ${bound[0]}`;
    if (is === 'contains') return containsText(target, bound[0]!, CASELESS.test(String(values[0])));
    if (is === 'in') return `${target} in (${bound.join(', ')})`;
    // What is unknown is not one of the values: `in` and `notIn` of the same list part the rows in two.
    return `(${target} not in (${bound.join(', ')}) or ${target} is null)`;
  }
}

/** Characters without cases, which no other becomes when its case is changed: most of what a Chinese text is searched for. */
const CASELESS = /^[\p{Script=Han}\p{Nd}\p{P}\p{Zs}]*$/u;

/** What a group has in a bucket in which it has no rows: nothing happened, so counts are 0; what needs something to be measured on is null. */
function absentValue(measure: Measure): string {
  if (measure.kind === 'ratio' || measure.kind === 'rate' || isOfAllRows(measure)) return 'null';
  if (measure.kind === 'stock') return measure.column === undefined ? '0' : 'null';
  // Before a quantity existed it is not 0.
  return measure.existsSince ? 'null' : '0';
}

const whyAbsent = (measure: Measure): string => (absentValue(measure) === 'null' ? reason('NO_ROWS') : 'null');

const whyNoRate = (index: number, numerator: string, field: string): string =>
  `case when s.${name(numerator)} is null then s.${name(whyOf(numerator))} when rate${index}.value is null then ${reason('NO_INDICATOR')} when rate${index}.value = 0 then ${reason('NOTHING_TO_MEASURE')} end as ${name(whyOf(field))}`;

const typed = ([place, year, knownYear, value]: readonly string[]): string[] => [
  `${place}::varchar`,
  `${year}::integer`,
  `${knownYear}::integer`,
  `${value}::double`,
];
