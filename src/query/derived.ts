import { GovblogError } from '../errors';
import { isOfAllRows, TIME_GRAINS, type Cube, type Measure, type TimeGrain } from '../model/define';
import { didYouMean } from '../suggest';
import { LIMITS } from './limits';

/** By how much a comparison goes back. */
export const SHIFTS = ['MONTH', 'QUARTER', 'YEAR'] as const;
export type Shift = (typeof SHIFTS)[number];

/**
 * A value that follows from a measure of the whole answer, as a field of the question: `share.posts`, `rank.posts`,
 * `previous.YEAR.posts`, `change.YEAR.posts`, `cumulative.posts`, `rolling.3.MEAN.posts`, `estimate.95.commentsPerPost`,
 * `estimate.95.share.posts`, `why.likes`.
 */
export type Derived =
  | { readonly field: string; readonly kind: 'share' | 'rank' | 'cumulative' | 'why'; readonly of: string }
  | { readonly field: string; readonly kind: 'rolling'; readonly of: string; readonly window: number; readonly as: RollingAs }
  | { readonly field: string; readonly kind: 'previous' | 'change'; readonly of: string; readonly over: Shift }
  | { readonly field: string; readonly kind: 'estimate'; readonly of: string; readonly level: number; readonly as: EstimateAs };

/** What an interval is put around: the value of the measure, or the group's share of it. */
export const ESTIMATED = ['VALUE', 'SHARE'] as const;
export type EstimateAs = (typeof ESTIMATED)[number];

/** What a rolling value is of the buckets of its window. */
export const ROLLING = ['MEAN', 'SUM'] as const;
export type RollingAs = (typeof ROLLING)[number];

export const cumulativeOf = (measure: string): string => `cumulative.${measure}`;
export const rollingOf = (measure: string, window: number, as: RollingAs): string => `rolling.${window}.${as}.${measure}`;
export const shareOf = (measure: string): string => `share.${measure}`;
export const rankBy = (measure: string): string => `rank.${measure}`;
export const whyOf = (measure: string): string => `why.${measure}`;
export const previousOf = (measure: string, over: Shift): string => `previous.${over}.${measure}`;
export const changeOf = (measure: string, over: Shift): string => `change.${over}.${measure}`;
/** Confidence level in percent, as it stands in fields: 95, 99.5. */
export const estimateOf = (measure: string, level: number, as: EstimateAs): string =>
  `estimate.${Number((level * 100).toFixed(6))}.${as === 'SHARE' ? shareOf(measure) : measure}`;

/** Kinds of derived fields, with how many words stand between the kind and the measure. */
const WORDS: Readonly<Record<Derived['kind'], number>> = {
  share: 0,
  rank: 0,
  cumulative: 0,
  why: 0,
  rolling: 2,
  previous: 1,
  change: 1,
  estimate: 1,
};
export const DERIVED_KINDS: readonly string[] = Object.keys(WORDS);
const EXAMPLES =
  'share.posts, rank.posts, cumulative.posts, rolling.3.MEAN.posts, previous.YEAR.posts, change.YEAR.posts, why.posts, estimate.95.commentsPerPost or estimate.95.share.posts';
export const isDerived = (field: string): boolean => field.includes('.') && field.slice(0, field.indexOf('.')) in WORDS;

/** Reads a derived field and checks that it has a meaning with the grains of the question. */
export function derivedOf(field: string, cube: Cube, grains: readonly TimeGrain[]): Derived {
  const [kind = '', ...words] = field.split('.');
  const of = words.pop() ?? '';
  const as = kind === 'estimate' && words.at(-1) === 'share' ? 'SHARE' : 'VALUE';
  if (as === 'SHARE') words.pop();
  // A level may have a point of its own: estimate.99.5.commentsPerPost.
  const given = kind === 'estimate' && words.length > 0 ? [words.join('.')] : words;
  if (of === '' || given.length !== WORDS[kind as Derived['kind']] || (kind === 'estimate' && !/^\d+(\.\d+)?$/.test(given[0]!)))
    bad(`"${field}" is not of the form ${EXAMPLES}.`);
  const measure = cube.measures[of];
  if (!measure) bad(`"${field}": ${cube.name} has no measure "${of}".${didYouMean(of, Object.keys(cube.measures))}`);
  switch (kind) {
    case 'share':
      if (!addsUp(measure))
        bad(`"${field}": ${of} does not add up over groups, so no group has a share of it. Shares work on sums, counts and stocks.`);
      return { field, kind, of };
    case 'rank':
    case 'why':
      return { field, kind, of };
    case 'cumulative':
      if (!isAdditive(measure)) bad(`"${field}": ${of} does not add up over time. What is cumulated are sums and counts.`);
      if (grains.length === 0) bad(`"${field}": select day, week, month, quarter or year to cumulate along.`);
      return { field, kind, of };
    case 'rolling':
      return rolling(field, of, given, cube, grains);
    case 'estimate':
      return estimate(field, of, Number(given[0]), as, cube);
  }
  const over = given[0] as Shift;
  if (!SHIFTS.includes(over)) bad(`"${field}": a comparison goes back by ${SHIFTS.join(', ')}, not by ${over}.`);
  const grain = finest(grains);
  if (grain && !COMPARABLE[over].includes(grain))
    bad(
      `"${field}": a ${grain} has no counterpart a ${over.toLowerCase()} earlier. Group by ${COMPARABLE[over].join(' or ')}, or by no time at all.`,
    );
  return { field, kind: kind as 'previous' | 'change', of, over };
}

/** Ways in which a measure can be rolled: sums and counts as both, stocks and ratios of sums as a mean, others not at all. */
export function rollingWays(cube: Cube, of: string): readonly RollingAs[] {
  const measure = cube.measures[of]!;
  if (isAdditive(measure)) return ROLLING;
  return measure.kind === 'stock' || isRatioOfSums(cube, measure) ? ['MEAN'] : [];
}

const isRatioOfSums = (cube: Cube, measure: Measure): boolean =>
  measure.kind === 'ratio' && [measure.numerator, measure.denominator].every((part) => isAdditive(cube.measures[part]!));

/** What of a measure can have an interval: its own value, or the group's share of it. */
export function estimateWays(cube: Cube, of: string): readonly EstimateAs[] {
  const measure = cube.measures[of]!;
  if (addsUp(measure)) return ['SHARE'];
  return hasInterval(measure, cube) ? ['VALUE'] : [];
}

/** Whether a measure is made of what accounts have, each by itself: different citizens are not, for one may write to several accounts. */
function hasInterval(measure: Measure, cube: Cube): boolean {
  if (measure.kind === 'quantile') return true;
  if (measure.kind !== 'ratio') return false;
  return [measure.numerator, measure.denominator].every((part) => {
    const one = cube.measures[part]!;
    return addsUp(one) || (one.kind === 'distinct' && one.column === 'account_key');
  });
}

/** Kinds of derived fields that a measure takes, with grains that suit them. */
export function derivedFrom(cube: Cube, of: string): Derived['kind'][] {
  const measure = cube.measures[of]!;
  const takes: Readonly<Record<Derived['kind'], boolean>> = {
    share: addsUp(measure),
    rank: true,
    cumulative: isAdditive(measure),
    rolling: rollingWays(cube, of).length > 0,
    previous: true,
    change: true,
    why: true,
    estimate: estimateWays(cube, of).length > 0,
  };
  return (Object.keys(takes) as Derived['kind'][]).filter((kind) => takes[kind]);
}

function rolling(field: string, of: string, given: readonly string[], cube: Cube, grains: readonly TimeGrain[]): Derived {
  const [window, as] = [Number(given[0]), given[1] as RollingAs];
  if (!ROLLING.includes(as)) bad(`"${field}": a rolling value is a ${ROLLING.join(' or a ')}, not ${as}.`);
  if (!Number.isInteger(window) || window < 2 || window > LIMITS.maxWindow.value)
    bad(`"${field}": the window is ${given[0]}; it takes 2 to ${LIMITS.maxWindow.value} buckets.`);
  if (grains.length !== 1) bad(`"${field}": select one of day, week, month, quarter, year for the window to move along.`);
  if (!rollingWays(cube, of).includes(as))
    bad(
      `"${field}": ${of} cannot be rolled as ${as}. Sums and counts roll as MEAN or SUM, stocks and ratios of sums as MEAN; distinct counts, quantiles and whatever else all rows tell together need a longer grain.`,
    );
  return { field, kind: 'rolling', of, window, as };
}

/** The grain that decides the rows: a month lies in one year, so beside months years decide nothing. */
export const finest = (grains: readonly TimeGrain[]): TimeGrain | undefined => TIME_GRAINS.find((grain) => grains.includes(grain));

/** Finest grains that have a counterpart so far back. */
export const COMPARABLE: Readonly<Record<Shift, readonly TimeGrain[]>> = {
  MONTH: ['month'],
  QUARTER: ['month', 'quarter'],
  YEAR: ['month', 'quarter', 'year'],
};

const isAdditive = ({ kind }: Measure): boolean => kind === 'sum' || kind === 'count';
const addsUp = (measure: Measure): boolean => isAdditive(measure) || measure.kind === 'stock';

function estimate(field: string, of: string, percent: number, as: EstimateAs, cube: Cube): Derived {
  if (!estimateWays(cube, of).includes(as))
    bad(
      as === 'SHARE'
        ? `"${field}": ${of} does not add up over groups, so no group has a share of it. Shares work on sums, counts and stocks.`
        : `"${field}": estimates are made of ratios (of sums, counts, stocks and accounts), of quantiles and of shares, with accounts as clusters; ${of} is none. ${whyNoEstimate(cube.measures[of]!)}`,
    );
  if (!(percent >= 50 && percent < 100))
    bad(
      `"${field}": the level is ${percent}%; it takes 50 to 99.99.${percent > 0 && percent < 1 ? ` In fields it is written in percent: ${Number((percent * 100).toFixed(6))}.` : ''}`,
    );
  return { field, kind: 'estimate', of, level: percent / 100, as };
}

const whyNoEstimate = (measure: Measure): string =>
  isOfAllRows(measure)
    ? 'There is no method here for the interval of such a figure; compare it over groups or time.'
    : 'A count of all posts there are has no sampling error.';

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
