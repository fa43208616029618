import { reachOf, type Clusters } from './ratio';

export const WOODRUFF =
  "Woodruff's interval: the quantiles at q ± t · se of the share of values that are not above it, linearised variance, n - 1 degrees of freedom; clusters are accounts";

/**
 * The two quantiles between which an estimated quantile lies (Woodruff 1952, Confidence intervals for medians and other
 * position measures, JASA 47: 635-646): the share of values not above it is a ratio over clusters, whose interval is
 * carried over to the values. A side on which the interval leaves 0 to 1 is null: there are too few accounts to bound it.
 * @param clusters x the values of each account, y those that are not above the quantile.
 */
export function levelsAround({ n, x, y, xx, yy, xy }: Clusters, q: number, level: number): { lower: number | null; upper: number | null } {
  if (n < 2 || x === 0) return { lower: null, upper: null };
  const ratio = y / x;
  const reach = reachOf({ n, x, residuals: Math.max(0, yy - 2 * ratio * xy + ratio * ratio * xx) }, level);
  return { lower: q - reach >= 0 ? q - reach : null, upper: q + reach <= 1 ? q + reach : null };
}
