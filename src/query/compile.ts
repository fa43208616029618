import type { Condition, Measure } from '../model/define';
import { asCount, asDate, bucket, bucketEnd, divided, filtered, least, name, parameter, quantile } from './dialect';
import type { Predicate, Value } from './filters';
import type { Plan } from './plan';

/** A statement over tables named by the model: the fact table and, where a grouping needs it, a dimension table. */
export interface Compiled {
  readonly sql: string;
  readonly params: readonly Value[];
  /** Tables the statement reads. */
  readonly tables: readonly string[];
}

/** The rows of an answer. Names come from the model; every value of the question is a parameter. */
export function compileRows(plan: Plan): Compiled {
  const writer = new Writer(plan);
  const groups = [...writer.grains(), ...writer.dimensions()];
  const select = [...groups, ...writer.measures(true)];
  const order = plan.orderBy.map(({ field, descending }) => `${name(field)} ${descending ? 'desc' : 'asc'} nulls last`);
  return writer.statement([
    `select ${select.map(({ sql, as }) => `${sql} as ${name(as)}`).join(',\n       ')}`,
    ...writer.body(),
    ...(groups.length > 0 ? [`group by ${groups.map((_, index) => index + 1).join(', ')}`] : []),
    ...(order.length > 0 ? [`order by ${order.join(', ')}`] : []),
    `limit ${writer.bind(plan.limit)} offset ${writer.bind(plan.offset)}`,
  ]);
}

/** How many rows the answer has without limit and offset. */
export function compileRowCount(plan: Plan): Compiled {
  const writer = new Writer(plan);
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

/** The measures over everything the question covers, not over one page. */
export function compileTotals(plan: Plan): Compiled {
  const writer = new Writer({ ...plan, grains: [], dimensions: [] });
  return writer.statement([
    `select ${writer
      .measures(false)
      .map(({ sql, as }) => `${sql} as ${name(as)}`)
      .join(',\n       ')}`,
    ...writer.body(),
  ]);
}

interface Column {
  readonly sql: string;
  readonly as: string;
}

class Writer {
  private readonly params: Value[] = [];
  private readonly joins = new Map<string, string>();
  private readonly from: string;
  private readonly to: string;

  constructor(private readonly plan: Plan) {
    this.from = asDate(this.bind(plan.from));
    this.to = asDate(this.bind(plan.to));
  }

  bind(value: Value): string {
    return parameter(this.params.push(value));
  }

  grains(): Column[] {
    return this.plan.grains.map((grain) => ({ sql: bucket(grain), as: grain }));
  }

  dimensions(): Column[] {
    return this.plan.dimensions.map(([as, dimension]) => {
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
      .filter(([as]) => withHidden || !this.plan.hidden.includes(as))
      .map(([as, measure]) => ({ sql: this.aggregate(measure), as }));
  }

  body(): string[] {
    return [
      `from ${this.plan.cube.fact}`,
      ...this.joins.values(),
      `where ${[`day between ${this.from} and ${this.to}`, ...this.plan.where.map((predicate) => this.predicate(predicate))].join('\n  and ')}`,
    ];
  }

  statement(lines: readonly string[]): Compiled {
    return { sql: lines.join('\n'), params: this.params, tables: [this.plan.cube.fact, ...this.joins.keys()] };
  }

  private join(table: string, column: string): string {
    this.joins.set(table, `left join ${table} on ${table}.code = ${this.plan.cube.fact}.${column}`);
    return table;
  }

  private aggregate(measure: Measure): string {
    const part = (of: string): string => this.aggregate(this.plan.cube.measures[of]!);
    switch (measure.kind) {
      case 'sum': {
        const total = asCount(`sum(${measure.column})`);
        if (measure.of === undefined) return total;
        return `case when sum(${measure.of}) > 0 then ${asCount(filtered(`sum(${measure.column})`, [`${measure.of} > 0`]))} else ${total} end`;
      }
      case 'count':
        return filtered('count(*)', measure.where ? [condition(measure.where)] : []);
      case 'stock':
        return this.stock(measure.column, measure.where ?? []);
      case 'distinct':
        return filtered(`count(distinct ${measure.column})`, measure.where ? [condition(measure.where)] : []);
      case 'ratio': {
        const ratio = divided(part(measure.numerator), part(measure.denominator));
        return measure.factor ? `${ratio} * ${measure.factor}` : ratio;
      }
      case 'quantile':
        return quantile(measure.column, measure.q);
    }
  }

  /** A stock is what there is on the last day of its bucket; null, not 0, when nobody was counted on that day. */
  private stock(column: string | undefined, where: readonly Condition[]): string {
    const last = `day = ${least(...this.plan.grains.map(bucketEnd), this.to)}`;
    if (column !== undefined) return asCount(filtered(`sum(${column})`, [last, ...where.map(condition)]));
    const counted = where.length === 0 ? '1' : `case when ${where.map(condition).join(' and ')} then 1 else 0 end`;
    return asCount(filtered(`sum(${counted})`, [last]));
  }

  private predicate({ column, type, is, values }: Predicate): string {
    const target = `${this.plan.cube.fact}.${column}`;
    const bound = values.map((value) => (type === 'month' ? asDate(this.bind(value)) : this.bind(value)));
    if (is === 'gte') return `${target} >= ${bound[0]}`;
    if (is === 'lte') return `${target} <= ${bound[0]}`;
    if (is === 'in') return `${target} in (${bound.join(', ')})`;
    // What is unknown is not one of the values: `in` and `notIn` of the same list part the rows in two.
    return `(${target} not in (${bound.join(', ')}) or ${target} is null)`;
  }
}

function condition({ column, is, value }: Condition): string {
  if (is === 'true') return column;
  return is === 'null' ? `${column} is null` : `${column} ${is} ${value}`;
}
