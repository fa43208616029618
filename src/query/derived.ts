import { GovblogError } from '../errors';
import { TIME_GRAINS, type Cube, type Measure, type TimeGrain } from '../model/define';
import { didYouMean } from '../suggest';

/** By how much a comparison goes back. */
export const SHIFTS = ['MONTH', 'QUARTER', 'YEAR'] as const;
export type Shift = (typeof SHIFTS)[number];

/**
 * A value that follows from a measure of the whole answer, as a field of the question: `share.posts`, `rank.posts`,
 * `previous.YEAR.posts`, `change.YEAR.posts`, `estimate.95.commentsPerPost`.
 */
export type Derived =
  | { readonly field: string; readonly kind: 'share' | 'rank'; readonly of: string }
  | { readonly field: string; readonly kind: 'previous' | 'change'; readonly of: string; readonly over: Shift }
  | { readonly field: string; readonly kind: 'estimate'; readonly of: string; readonly level: number };

export const shareOf = (measure: string): string => `share.${measure}`;
export const rankBy = (measure: string): string => `rank.${measure}`;
export const previousOf = (measure: string, over: Shift): string => `previous.${over}.${measure}`;
export const changeOf = (measure: string, over: Shift): string => `change.${over}.${measure}`;
/** Confidence level in percent, as it stands in fields: 95, 99.5. */
export const estimateOf = (measure: string, level: number): string => `estimate.${Number((level * 100).toFixed(6))}.${measure}`;

const FORM = /^(?:(share|rank)\.(\w+)|(previous|change)\.([A-Za-z]+)\.(\w+)|(estimate)\.(\d+(?:\.\d+)?)\.(\w+))$/;
export const isDerived = (field: string): boolean => /^(share|rank|previous|change|estimate)\./.test(field);

/** Reads a derived field and checks that it has a meaning with the grains of the question. */
export function derivedOf(field: string, cube: Cube, grains: readonly TimeGrain[]): Derived {
  const match = FORM.exec(field);
  if (!match)
    bad(`"${field}" is not of the form share.posts, rank.posts, previous.YEAR.posts, change.YEAR.posts or estimate.95.commentsPerPost.`);
  const of = (match[2] ?? match[5] ?? match[8])!;
  const measure = cube.measures[of];
  if (!measure) bad(`"${field}": ${cube.name} has no measure "${of}".${didYouMean(of, Object.keys(cube.measures))}`);
  if (match[1] === 'share') {
    if (!addsUp(measure))
      bad(`"${field}": ${of} does not add up over groups, so no group has a share of it. Shares work on sums, counts and stocks.`);
    return { field, kind: 'share', of };
  }
  if (match[1] === 'rank') return { field, kind: 'rank', of };
  if (match[6]) return estimate(field, of, Number(match[7]), cube);
  const over = match[4] as Shift;
  if (!SHIFTS.includes(over)) bad(`"${field}": a comparison goes back by ${SHIFTS.join(', ')}, not by ${over}.`);
  const grain = finest(grains);
  if (grain && !COMPARABLE[over].includes(grain))
    bad(
      `"${field}": a ${grain} has no counterpart a ${over.toLowerCase()} earlier. Group by ${COMPARABLE[over].join(' or ')}, or by no time at all.`,
    );
  return { field, kind: match[3] as 'previous' | 'change', of, over };
}

/** The grain that decides the rows: a month lies in one year, so beside months years decide nothing. */
export const finest = (grains: readonly TimeGrain[]): TimeGrain | undefined => TIME_GRAINS.find((grain) => grains.includes(grain));

const COMPARABLE: Readonly<Record<Shift, readonly TimeGrain[]>> = {
  MONTH: ['month'],
  QUARTER: ['month', 'quarter'],
  YEAR: ['month', 'quarter', 'year'],
};

const addsUp = ({ kind }: Measure): boolean => kind === 'sum' || kind === 'count' || kind === 'stock';

function estimate(field: string, of: string, percent: number, cube: Cube): Derived {
  const measure = cube.measures[of]!;
  const parts = measure.kind === 'ratio' ? [measure.numerator, measure.denominator].map((part) => cube.measures[part]!.kind) : [];
  if (parts.length === 0 || parts.some((kind) => kind !== 'sum' && kind !== 'count'))
    bad(`"${field}": estimates are made of ratios of sums and counts, with accounts as clusters; ${of} is none.`);
  if (!(percent >= 50 && percent < 100)) bad(`"${field}": the level is ${percent}%; it takes 50 to 99.99.`);
  return { field, kind: 'estimate', of, level: percent / 100 };
}

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
