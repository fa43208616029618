import { isTimeGrain, type Measure } from '../model/define';
import { interpolated, name, quantile, same, valuesAs } from './dialect';
import type { Plan } from './plan';
import { PERIOD } from './question';
import { Writer, type Column, type Compiled } from './writer';

// What intervals are made of. Accounts are the clusters: posts of one account are not independent of each other. With y the
// numerator and x the denominator of each account, every statement gives for each group the number n of accounts that have
// either, and the sums of x, y, x², y² and xy over them. Whole numbers are added exactly, in whatever order the engine comes
// by them; doubles would not be.

const TERMS = ['x', 'y', 'x * x', 'y * y', 'x * y'] as const;
const sumOf = (term: (typeof TERMS)[number]): string => `coalesce(sum(${term}), 0)::double as ${term.replace(' * ', '')}`;
const SUMS = TERMS.map(sumOf).join(', ');
const KEY = 'account_key';

interface Grouped {
  readonly writer: Writer;
  readonly groups: readonly Column[];
  /** Quoted names of the groups. */
  readonly names: readonly string[];
}

function grouped(plan: Plan): Grouped {
  const writer = new Writer(plan);
  const groups = [...writer.grains(), ...writer.dimensions()];
  return { writer, groups, names: groups.map(({ as }) => name(as)) };
}

const groupBy = (names: readonly string[]): string[] => (names.length > 0 ? [`group by ${names.join(', ')}`] : []);
const on = (names: readonly string[], one: string, other: string): string =>
  names.length === 0 ? 'true' : names.map((field) => same(`${one}.${field}`, `${other}.${field}`)).join(' and ');

/** A select of values of each account in each group; what a value is needs the account's rows alone. */
const ofAccounts = ({ writer, groups }: Grouped, fact: string, values: readonly string[]): string =>
  [
    `select ${[...groups.map(({ sql, as }) => `${sql} as ${name(as)}`), `${fact}.${KEY} as ${KEY}`, ...values].join(', ')}`,
    ...writer.body(),
    `group by ${[...groups.map((_, index) => index + 1), `${fact}.${KEY}`].join(', ')}`,
  ].join('\n');

/** Of a ratio: x and y are its parts. `known` is how many accounts have a numerator at all: without any the ratio is null. */
export function compileClusters(plan: Plan, measure: Measure & { kind: 'ratio' }): Compiled {
  const all = grouped(plan);
  const [y, x] = [measure.numerator, measure.denominator].map((part) => all.writer.aggregate(plan.cube.measures[part]!));
  const accounts = ofAccounts(all, plan.cube.fact, [`(${y})::hugeint as y`, `(${x})::hugeint as x`]);
  return all.writer.statement([
    `select ${[...all.names, 'count(*) as n', 'count(*) filter (is_known) as known', SUMS].join(', ')}`,
    `from (select * replace (coalesce(x, 0) as x, coalesce(y, 0) as y), y is not null as is_known from (${accounts})) as clusters`,
    `where x <> 0 or y <> 0`,
    ...groupBy(all.names),
  ]);
}

/** Of a share: y is what the account has in the group, x what it has in all groups of the time bucket. */
export function compileShares(plan: Plan, measure: Measure): Compiled {
  const all = grouped(plan);
  // As in shares themselves: named periods are buckets too.
  const buckets = all.groups.filter(({ as }) => as === PERIOD || isTimeGrain(as)).map(({ as }) => name(as));
  const accounts = ofAccounts(all, plan.cube.fact, [`(${all.writer.aggregate(measure)})::hugeint as y`]);
  return all.writer.statement([
    `select * from (with c as (${accounts}),`,
    `t as (select ${[...buckets, KEY, 'sum(y) as x'].join(', ')} from c ${groupBy([...buckets, KEY]).join('')} having sum(y) <> 0),`,
    `b as (select ${[...buckets, 'count(*) as n', 'sum(x)::double as x', 'sum(x * x)::double as xx'].join(', ')} from t ${groupBy(buckets).join('')})`,
    `select ${[...all.names.map((field) => `c.${field}`), 'any_value(b.n) as n', 'count(c.y) as known', 'any_value(b.x) as x', 'any_value(b.xx) as xx'].join(', ')},`,
    `  ${['coalesce(sum(c.y), 0)::double as y', 'coalesce(sum(c.y * c.y), 0)::double as yy', 'coalesce(sum(c.y * t.x), 0)::double as xy'].join(', ')}`,
    `from c join b on ${on(buckets, 'c', 'b')} left join t on ${on([...buckets, KEY], 'c', 't')}`,
    ...groupBy(all.names.map((field) => `c.${field}`)),
    ') as shares',
  ]);
}

const rows = ({ writer, groups }: Grouped, fact: string, column: string): string =>
  [
    `select ${[...groups.map(({ sql, as }) => `${sql} as ${name(as)}`), `${fact}.${KEY} as ${KEY}`, `${fact}.${column} as value`].join(', ')}`,
    ...writer.body(),
    `and ${fact}.${column} is not null`,
  ].join('\n');

/** Groups are numbered in their own order, so that a second statement can be told of them. */
const numbered = (names: readonly string[]): string => (names.length === 0 ? '1' : `dense_rank() over (order by ${names.join(', ')})`);

/** Of a quantile: x counts the account's values, y those that are not above the quantile of the group, which is `value`. */
export function compileQuantiles(plan: Plan, measure: Measure & { kind: 'quantile' }): Compiled {
  const all = grouped(plan);
  return all.writer.statement([
    `select * from (with v as (${rows(all, plan.cube.fact, measure.column)}),`,
    `q as (select ${[...all.names, `${quantile('value', measure.q)} as value`].join(', ')} from v ${groupBy(all.names).join('')}),`,
    `c as (select ${[...all.names.map((field) => `v.${field}`), `v.${KEY}`, 'any_value(q.value) as value', 'count(*)::hugeint as x', '(count(*) filter (v.value <= q.value))::hugeint as y'].join(', ')}`,
    `  from v join q on ${on(all.names, 'v', 'q')} ${groupBy([...all.names.map((field) => `v.${field}`), `v.${KEY}`]).join('')})`,
    `select ${[...all.names, `${numbered(all.names)} as number`, 'any_value(value) as value', 'count(*) as n', 'count(*) as known', SUMS].join(', ')} from c`,
    ...groupBy(all.names),
    ') as quantiles',
  ]);
}

/** Where a value is looked up: the position, counted from 0, may lie between two values of the sorted group. */
export interface Position {
  readonly number: number;
  readonly lower: number;
  readonly upper: number;
}

/** Of a quantile: the values at two positions of each group, by linear interpolation. */
export function compileBounds(plan: Plan, measure: Measure & { kind: 'quantile' }, positions: readonly Position[]): Compiled {
  const all = grouped(plan);
  const wanted = positions.map(({ number, lower, upper }) => [
    `${all.writer.bind(number)}::bigint`,
    `${all.writer.bind(lower)}::double`,
    `${all.writer.bind(upper)}::double`,
  ]);
  return all.writer.statement([
    `select * from (with v as (${rows(all, plan.cube.fact, measure.column)}),`,
    `r as (select value, ${numbered(all.names)} as number, row_number() over (${[...(all.names.length > 0 ? [`partition by ${all.names.join(', ')}`] : []), 'order by value'].join(' ')}) - 1 as position from v)`,
    `select r.number as number, ${interpolated('r.value', 'r.position', 'w.lower_at')} as lower, ${interpolated('r.value', 'r.position', 'w.upper_at')} as upper`,
    `from r join ${valuesAs('w', ['number', 'lower_at', 'upper_at'], wanted)} on w.number = r.number`,
    'where r.position between floor(w.lower_at) and ceil(w.lower_at) or r.position between floor(w.upper_at) and ceil(w.upper_at)',
    'group by r.number) as bounds',
  ]);
}
