import { TIME_GRAINS, type Cube } from '../../../src/model/define';
import { estimateWays } from '../../../src/query/derived';
import type { Question } from '../../../src/query/question';
import { Random } from '../../../seeds/demo/random';
import { grouped } from '../../oracle';
import { RATIOS } from './derivedValues';
import { groupsOf, scopeOf, type Group } from './naiveAnswer';
import { randomQuestion } from './randomQuestion';
import type { World } from './world';

// Intervals by loops: every account of every group is a group of its own, and Student's t is integrated.

/** What a group has of an estimate. */
export interface NaiveEstimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly n: number;
}

/** Ratios whose parts cannot be added up over time, which is what RATIOS is for. */
const OF_ACCOUNTS: Readonly<Record<string, readonly [part: string, whole: string, times?: number]>> = {
  'activity.postsPerAccount': ['posts', 'accounts'],
  'posts.postsPerAccount': ['posts', 'postingAccounts'],
  activeShare: ['activeAccounts', 'accounts'],
  dormantShare: ['dormantAccounts', 'accounts'],
  followersPerAccount: ['followers', 'accounts'],
  meanAccountAgeDays: ['accountAgeDays', 'accountsOfKnownAge'],
};
export const partsOf = (cube: string, of: string): readonly [part: string, whole: string, times?: number] | undefined =>
  OF_ACCOUNTS[`${cube}.${of}`] ?? OF_ACCOUNTS[of] ?? RATIOS[`${cube}.${of}`] ?? RATIOS[of];

/** A random question with one estimate of a ratio or of a share. */
export function randomEstimate(
  seed: number,
  cube: Cube,
  world: World,
): { question: Question; of: string; level: number; isShare: boolean } {
  const random = new Random(seed, 19_770_101);
  const { from, to, where, calendar, attribution, fields } = randomQuestion(seed, cube, world);
  const isShare = random.chance(0.25);
  const of = random.pick(
    Object.keys(cube.measures).filter((name) => {
      if (isShare) return estimateWays(cube, name).includes('SHARE');
      return estimateWays(cube, name).includes('VALUE') && cube.measures[name]!.kind === 'ratio';
    }),
  );
  const percent = random.pick([50, 90, 95, 99.5]);
  const groups = fields.filter((field) => field === 'period' || TIME_GRAINS.includes(field as never) || field in cube.dimensions);
  const plain = isShare ? `share.${of}` : of;
  return {
    of,
    level: percent / 100,
    isShare,
    question: { cube: cube.name, fields: [...groups, plain, `estimate.${percent}.${plain}`], from, to, limit: 50_000, ...(where && { where }), ...(calendar && { calendar }), ...(attribution && { attribution }) },
  }; // prettier-ignore
}

/** Estimates of all groups of a question, by the text of their keys. */
export function naiveEstimates(question: Question, of: string, level: number, isShare: boolean, world: World): Map<string, NaiveEstimate> {
  const scope = scopeOf(question, world);
  const byAccount = { ...scope, others: [...scope.others.filter((name) => name !== 'account'), 'account'] };
  const keyOf = (group: Group): unknown[] => [...scope.grains, ...scope.others].map((name) => group.key[name]);
  const bucketOf = (group: Group): unknown[] => [...scope.grains, ...scope.others.filter((name) => name === 'period')].map((name) => group.key[name]); // prettier-ignore
  const single = groupsOf(byAccount);
  const buckets = grouped(single, bucketOf);
  const estimates = new Map<string, NaiveEstimate>();
  for (const [key, own] of grouped(single, keyOf)) {
    if (isShare) {
      const clusters = [...grouped(buckets.get(JSON.stringify(bucketOf(own[0]!)))!, (one) => [one.key['account']]).entries()].map(([account, all]) => ({
        x: total(all.map((one) => one.value(of))),
        y: total(own.filter((one) => JSON.stringify([one.key['account']]) === account).map((one) => one.value(of))),
      })); // prettier-ignore
      estimates.set(key, interval(clusters.filter(({ x }) => x !== 0), level, 'share', own.some((one) => one.value(of) !== null))); // prettier-ignore
      continue;
    }
    const [part, whole, times = 1] = partsOf(question.cube, of)!;
    const values = own.map((one) => ({ y: one.value(part), x: one.value(whole) }));
    const clusters = values.map(({ x, y }) => ({ x: x ?? 0, y: y ?? 0 })).filter(({ x, y }) => x !== 0 || y !== 0);
    const isKnown = values.some(({ x, y }) => y !== null && (x !== null && x !== 0 || y !== 0)); // prettier-ignore
    const range = /Share$|Rate$|coverage|Ratio$/.test(of) ? 'share' : of === 'formality' ? 'any' : 'positive';
    estimates.set(key, interval(clusters, level, range, isKnown, times));
  }
  return estimates;
}

const total = (values: readonly (number | null)[]): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);
const NONE: NaiveEstimate = { value: null, lower: null, upper: null, n: 0 };

/** As docs/questions.md has it: linearised variance and Student's t; what occurred never, or always, is bounded on one side. */
function interval(
  clusters: readonly { readonly x: number; readonly y: number }[],
  level: number,
  kind: 'share' | 'positive' | 'any',
  isKnown: boolean,
  times = 1,
): NaiveEstimate {
  const n = clusters.length;
  const [x, y] = [total(clusters.map((one) => one.x)), total(clusters.map((one) => one.y))];
  if (n === 0 || x === 0 || !isKnown) return NONE;
  const value = (y / x) * times;
  const range = kind === 'share' && y > x ? 'positive' : kind;
  const rest = 1 - level;
  if (y === 0 && range === 'share') return { value: 0, lower: 0, upper: 1 - rest ** (1 / n), n };
  if (y === 0 && range === 'positive') return { value: 0, lower: 0, upper: (-Math.log(rest) / x) * times, n };
  if (range === 'share' && clusters.every((one) => one.x === one.y)) return { value: 1, lower: rest ** (1 / n), upper: 1, n };
  if (n === 1) return { value, lower: null, upper: null, n };
  const squares = total(clusters.map((one) => (one.y - (y / x) * one.x) ** 2));
  const reach = studentT(1 - rest / 2, n - 1) * Math.sqrt((n / (n - 1)) * squares) / x; // prettier-ignore
  const [lower, upper] = [y / x - reach, y / x + reach];
  if (range === 'any') return { value, lower: lower * times, upper: upper * times, n };
  return { value, lower: Math.max(0, lower) * times, upper: (range === 'share' ? Math.min(1, upper) : upper) * times, n };
}

const quantiles = new Map<string, number>();
/** Quantile of Student's t: with x = √ν tan θ its density is that of cos^(ν-1) θ, which Simpson's rule adds up. */
export function studentT(p: number, freedom: number): number {
  const known = quantiles.get(`${p} ${freedom}`);
  if (known !== undefined) return known;
  const area = (to: number): number => {
    const steps = 4_000;
    const at = (step: number): number => Math.max(0, Math.cos((to * step) / steps)) ** (freedom - 1);
    let all = at(0) + at(steps);
    for (let step = 1; step < steps; step += 1) all += (step % 2 === 1 ? 4 : 2) * at(step);
    return (all * to) / steps / 3;
  };
  const half = area(Math.PI / 2);
  let [low, high] = [0, Math.PI / 2];
  for (let tries = 0; tries < 60; tries += 1) {
    const middle = (low + high) / 2;
    if (0.5 + area(middle) / half / 2 < p) low = middle;
    else high = middle;
  }
  const quantile = Math.sqrt(freedom) * Math.tan(low);
  quantiles.set(`${p} ${freedom}`, quantile);
  return quantile;
}
