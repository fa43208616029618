import { GovblogError } from '../errors';

/** What a reader of a figure needs to know. Becomes GraphQL description, codebook line and column header. */
export interface Doc {
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  readonly unit?: string;
  /** Where the definition comes from: an id of the sources table, a measure id of the literature, or "by definition". */
  readonly source?: string;
}

/** A comparison on one fact column. Values are constants of the definition, never a user's. */
export interface Condition {
  readonly column: string;
  readonly is: '=' | '>' | '>=' | 'true' | 'null';
  readonly value?: number;
}

/**
 * Kimball's additivity decides the SQL of a measure, so it is declared and never guessed.
 * - `sum`: a column summed over every dimension (additive). With `of`, the column counts what those things received:
 *   where there are some but nothing was collected about any, the sum is null and not the 0 of the days without them.
 * - `count`: rows that meet a condition, additive.
 * - `stock`: a column, or rows that meet a condition, on the last day of the time bucket (semi-additive: not over time).
 * - `distinct`: different accounts among the rows that meet a condition (recomputed from the grain).
 * - `ratio`: one measure by another after aggregation, times a factor.
 * - `rate`: a count by an indicator of the region and year (people, internet users, GDP), times `per`.
 * - `quantile`: recomputed from the grain, with linear interpolation between neighbours.
 * - `entropy`: how evenly rows spread over the values of a column, -Σ p ln p, from the grain.
 * - `variation`: the standard deviation σ of a column against its mean μ, from the grain: the coefficient of variation σ / μ, or
 *   the burstiness (σ - μ) / (σ + μ) of Goh and Barabási 2008.
 * - `survival`: the share of rows that are there `within` minutes (Kaplan and Meier 1958, with delayed entry), from the grain.
 * - `hIndex`: the largest h with h rows of at least h, from the grain (Hirsch 2005).
 */
export type Measure = Doc & {
  /** First day the quantity existed on a platform (`platform: day`); before it the value is null. */
  readonly existsSince?: Readonly<Record<string, string>>;
} & (
    | {
        readonly kind: 'sum';
        readonly column: string;
        readonly of?: string;
        /** Only rows that meet it are summed. */
        readonly where?: Condition;
        /** The column may be negative. */
        readonly signed?: true;
        /** As of quantiles. */
        readonly unlessNothing?: true;
      }
    /** `counted` is of rollups: the column that holds the counts of their rows. */
    | { readonly kind: 'count'; readonly where?: Condition; readonly counted?: string }
    | { readonly kind: 'stock'; readonly column?: string; readonly where?: readonly Condition[] }
    /** `counted` is of rollups: `column` names what stands in several rows of a bucket, `counted` holds how many stand in one. */
    | { readonly kind: 'distinct'; readonly column: string; readonly where?: Condition; readonly counted?: string }
    | { readonly kind: 'ratio'; readonly numerator: string; readonly denominator: string; readonly factor?: number }
    /** `unlessNothing`: rows without a value are those where nothing happened, not those of which nothing is known. */
    | { readonly kind: 'quantile'; readonly column: string; readonly q: number; readonly unlessNothing?: true }
    | { readonly kind: 'entropy' | 'hIndex'; readonly column: string }
    | { readonly kind: 'variation'; readonly column: string; readonly as: 'COEFFICIENT' | 'BURSTINESS' }
    /** A row is at risk after minute `from`, up to minute `column`, at which `event` says whether it ended. */
    | { readonly kind: 'survival'; readonly column: string; readonly from: string; readonly event: string; readonly within: number }
    | { readonly kind: 'rate'; readonly numerator: string; readonly indicator: string; readonly per: number }
  );

export type Additivity = 'ADDITIVE' | 'SEMI_ADDITIVE' | 'NON_ADDITIVE';

/** How a measure may be added up, as the codebook says it. */
export function additivityOf(measure: Measure): Additivity {
  if (measure.kind === 'sum' || measure.kind === 'count') return 'ADDITIVE';
  return measure.kind === 'stock' ? 'SEMI_ADDITIVE' : 'NON_ADDITIVE';
}

/** Counts are exact integers; the rest are numbers with decimals. */
export const valueTypeOf = (measure: Measure): 'count' | 'number' =>
  ['ratio', 'quantile', 'entropy', 'variation', 'survival', 'rate'].includes(measure.kind) ? 'number' : 'count';

/** What is told by all rows of a group together: nothing smaller can be added up to it, and of no rows there is none. */
export const isOfAllRows = ({ kind }: Measure): boolean => ['quantile', 'entropy', 'variation', 'survival', 'hIndex'].includes(kind);

/** Tables of members that a dimension's codes refer to. Each is a dimension file of the snapshot. */
export type MemberTable = 'region' | 'sector' | 'level' | 'accountType' | 'verifiedType' | 'platform' | 'contentCategory';

export type Dimension = Doc & {
  /** Fact column that holds the code. */
  readonly column: string;
  /**
   * - `object`: a code with a name and attributes, answered as an object (region, sector, account);
   * - `enum`: a code from a closed list; `text`: an open list; `integer`: a number; `month`: a first day of a month.
   */
  readonly type: 'object' | 'enum' | 'text' | 'integer' | 'month';
  readonly members?: MemberTable;
  /** The answer is this attribute of the member, not the code itself: regions by NBS grouping, sectors by group. */
  readonly attribute?: string;
  /** Codes form a tree that `under` can use. */
  readonly hierarchy?: boolean;
};

/** A fact column that one can filter by and not group by: the text of a post, the followers of an account on its day. */
export type RowCondition = Doc & { readonly column: string; readonly type: 'text' | 'integer' };

/** Facts summed in advance, by bucket of time and by some dimensions. The nightly jobs build each from its cube's facts. */
export interface RollupShape {
  /** Name after that of the fact table: `month` of `activity` is the rollup `activity_month`. */
  readonly name: string;
  readonly grain: TimeGrain;
  /** With `account` among them there is a row for each account; without, accounts are summed up. */
  readonly dimensions: readonly string[];
}

export interface Cube {
  readonly name: string;
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  /** One sentence: what one row of the fact table is. */
  readonly grain: string;
  /** Fact table, which is also the folder of its partitions. */
  readonly fact: string;
  readonly dimensions: Readonly<Record<string, Dimension>>;
  /** What one can filter rows of the grain by, beside the dimensions. */
  readonly conditions?: Readonly<Record<string, RowCondition>>;
  readonly measures: Readonly<Record<string, Measure>>;
  /** An account has at most one row a day: counting rows of a day counts accounts. */
  readonly onceADay?: true;
  /** What is summed in advance, each after those it can be made of. */
  readonly rollups?: readonly RollupShape[];
}

/** Buckets every cube can be cut by. A bucket is named by its first day; weeks are ISO weeks and begin on Monday. */
export const TIME_GRAINS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type TimeGrain = (typeof TIME_GRAINS)[number];
export const isTimeGrain = (name: string): name is TimeGrain => (TIME_GRAINS as readonly string[]).includes(name);

const NAME = /^[a-z][a-zA-Z0-9]*$/;

/** Checks a cube when the module loads, so that a wrong model never starts. */
export function defineCube<const C extends Cube>(cube: C): C {
  const fail = (problem: string): never => {
    throw new GovblogError('BAD_MODEL', `Cube ${cube.name}: ${problem}`);
  };
  const names = [...TIME_GRAINS, ...Object.keys(cube.dimensions), ...Object.keys(cube.measures)];
  for (const name of names) {
    if (!NAME.test(name)) fail(`"${name}" is not a camelCase name`);
    if (names.indexOf(name) !== names.lastIndexOf(name)) fail(`"${name}" is declared twice`);
  }
  for (const { name, dimensions } of cube.rollups ?? [])
    for (const dimension of dimensions)
      if (!(dimension in cube.dimensions)) fail(`rollup "${name}" is by "${dimension}", which is not a dimension`);
  for (const [name, measure] of Object.entries<Measure>(cube.measures)) {
    if (measure.kind !== 'ratio' && measure.kind !== 'rate') continue;
    for (const part of measure.kind === 'rate' ? [measure.numerator] : [measure.numerator, measure.denominator]) {
      const of = (cube.measures as Record<string, Measure>)[part];
      if (!of) fail(`${measure.kind} "${name}" uses "${part}", which is not a measure`);
      else if (valueTypeOf(of) !== 'count') fail(`${measure.kind} "${name}" uses "${part}", which is not a count`);
    }
  }
  return Object.freeze(cube);
}

/** The written formula of a measure, for the codebook: the same data that the SQL comes from. */
export function formulaOf(measure: Measure): string {
  const on = (where: Condition | readonly Condition[] | undefined): string => {
    const all = where === undefined ? [] : Array.isArray(where) ? (where as readonly Condition[]) : [where as Condition];
    return all
      .map(({ column, is, value }) => (is === 'true' ? column : is === 'null' ? `${column} is null` : `${column} ${is} ${value}`))
      .join(' and ');
  };
  switch (measure.kind) {
    case 'sum':
      return measure.of
        ? `sum(${measure.column}); null where there are ${measure.of} but none with a collected number`
        : `sum(${measure.column})${measure.where ? ` where ${on(measure.where)}` : ''}`;
    case 'count':
      return measure.where ? `count of rows where ${on(measure.where)}` : 'count of rows';
    case 'stock': {
      const what = measure.column ? `sum(${measure.column})` : 'count of rows';
      return `${what}${measure.where ? ` where ${on(measure.where)}` : ''} on the last published day of the bucket`;
    }
    case 'distinct':
      return `count(distinct ${measure.column})${measure.where ? ` where ${on(measure.where)}` : ''}`;
    case 'ratio':
      return `${measure.numerator} / ${measure.denominator}${measure.factor ? ` × ${measure.factor}` : ''}`;
    case 'rate':
      return `${measure.numerator} / ${measure.indicator} of the places in question × ${measure.per}, ${measure.indicator} of the year of the bucket or the nearest year before it that is known`;
    case 'quantile':
      return `quantile(${measure.column}, ${measure.q}), linear interpolation`;
    case 'entropy':
      return `-Σ p ln p over the values of ${measure.column}, p the share of rows that have one`;
    case 'variation': {
      const [sd, mean] = [`stddev_samp(${measure.column})`, `avg(${measure.column})`];
      return measure.as === 'COEFFICIENT' ? `${sd} / ${mean}` : `(${sd} - ${mean}) / (${sd} + ${mean})`;
    }
    case 'survival':
      return `Π (1 - d / n) over the minutes up to ${measure.within}: d rows that are ${measure.event} at the minute ${measure.column}, n rows where ${measure.from} < minute <= ${measure.column}`;
    case 'hIndex':
      return `the largest h with h rows where ${measure.column} >= h`;
  }
}
