import { jStat } from 'jstat';

/** Sums over the clusters of one group: y the numerator and x the denominator of each. */
export interface Clusters {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

/** A value with the bounds of its interval; a bound is null where the data do not give it. */
export interface Estimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Clusters (accounts) that the estimate rests on. */
  readonly n: number;
  readonly method: string;
}

/** Half the width of the interval around a ratio, from the sum of the squared residuals y - R x of its clusters. */
export function reachOf(
  { n, x, residuals }: { readonly n: number; readonly x: number; readonly residuals: number },
  level: number,
): number {
  const error = Math.sqrt(((n / (n - 1)) * residuals) / (x * x));
  return jStat.studentt.inv(1 - (1 - level) / 2, n - 1) * error;
}

/** A share lies between 0 and 1; a ratio of counts is not negative; a balance may be anything. */
export type Range = 'share' | 'positive' | 'any';

export const NOTHING: Estimate = { value: null, lower: null, upper: null, n: 0, method: 'no data' };

const LINEAR = "ratio of cluster totals, linearised variance, Student's t with n - 1 degrees of freedom; clusters are accounts";
const ZERO = 'no occurrence in any of n accounts: one-sided upper bound 1 - (1 - level)^(1/n)';
const ALL = 'all of them, in each of n accounts: one-sided lower bound (1 - level)^(1/n)';
const NONE = 'no occurrence: one-sided Poisson upper bound -ln(1 - level) / x, occurrences taken as independent';
/** Method of an estimate that rests on one account. */
export const SINGLE = 'a single account gives no interval';

/**
 * Interval of a ratio R = Σy / Σx over clusters: Var(R) ≈ n/(n-1) · Σ(y - R x)² / (Σx)² (Cochran 1977, Sampling Techniques,
 * sections 6.3 and 9A.1; Taylor linearisation, as in R's survey package with clusters sampled with replacement). A share is
 * kept within 0 and 1, a ratio of what cannot be negative above 0; where nothing occurred only the upper bound is known.
 * @param range what the ratio can be.
 * @param factor what the ratio is multiplied by (1,000 for "per 1,000 characters").
 */
export function estimateRatio({ n, x, y, xx, yy, xy }: Clusters, level: number, range: Range, factor = 1): Estimate {
  if (n === 0 || x === 0) return NOTHING;
  const ratio = y / x;
  // Accounts that were active and have left since are no part of those that are there: such a share may exceed 1.
  if (range === 'share' && y > x) return estimateRatio({ n, x, y, xx, yy, xy }, level, 'positive', factor);
  const isShare = range === 'share';
  const value = ratio * factor;
  if (isShare && y === 0) return { value: 0, lower: 0, upper: 1 - (1 - level) ** (1 / n), n, method: ZERO };
  // Rounding may leave a tiny negative number where all clusters have the same ratio.
  const residuals = Math.max(0, yy - 2 * ratio * xy + ratio * ratio * xx);
  if (isShare && y === x && residuals === 0) return { value: 1, lower: (1 - level) ** (1 / n), upper: 1, n, method: ALL };
  if (range === 'positive' && y === 0) return { value: 0, lower: 0, upper: (-Math.log(1 - level) / x) * factor, n, method: NONE };
  if (n === 1) return { value, lower: null, upper: null, n, method: SINGLE };
  const reach = reachOf({ n, x, residuals }, level);
  const bound = (side: number): number => {
    const raw = ratio + side * reach;
    if (range === 'any') return raw * factor;
    return Math.min(isShare ? 1 : Infinity, Math.max(0, raw)) * factor;
  };
  return { value, lower: bound(-1), upper: bound(1), n, method: LINEAR };
}
