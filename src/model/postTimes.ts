import { DORMANCY_DAYS } from './facts';
import type { Measure } from './define';

const GAP = `The gap before a post is the time since the previous post of the same account, in whole minutes; longer ones than ${DORMANCY_DAYS} days, and first posts, have none.`;
const POOLED =
  'The gaps of all posts of the group are pooled, so that accounts that differ in how often they post make a group look bursty: of one account it is that of the account.';

/** In what rhythm accounts post. */
export const postTimes = {
  postsWithGap: {
    kind: 'count',
    where: { column: 'gap_minutes', is: '>=', value: 0 },
    label: 'Posts after a known gap',
    labelZh: '间隔已知的微博数',
    description: `Posts before which the same account posted no more than ${DORMANCY_DAYS} days earlier.`,
    unit: 'posts',
    source: 'ACT-05',
  },
  gapMinutes: {
    kind: 'sum',
    column: 'gap_minutes',
    unlessNothing: true,
    label: 'Gaps between posts, summed',
    labelZh: '发博间隔合计（分钟）',
    description: `Minutes of all gaps. ${GAP}`,
    unit: 'minutes',
    source: 'ACT-05',
  },
  meanGapMinutes: {
    kind: 'ratio',
    numerator: 'gapMinutes',
    denominator: 'postsWithGap',
    label: 'Mean gap between posts',
    labelZh: '平均发博间隔',
    description: `Mean of the gaps. ${GAP}`,
    unit: 'minutes',
    source: 'ACT-05',
  },
  medianGapMinutes: {
    kind: 'quantile',
    column: 'gap_minutes',
    q: 0.5,
    unlessNothing: true,
    label: 'Median gap between posts',
    labelZh: '发博间隔中位数',
    description: `Half of the gaps are no longer than this. ${GAP}`,
    unit: 'minutes',
    source: 'ACT-05',
  },
  gapVariation: {
    kind: 'variation',
    column: 'gap_minutes',
    as: 'COEFFICIENT',
    label: 'Variation of gaps',
    labelZh: '发博间隔变异系数',
    description: `Standard deviation (by n - 1) of the gaps divided by their mean: 0 when posts come like clockwork, 1 when they come at random. ${GAP} ${POOLED}`,
    unit: 'ratio',
    source: 'ACT-05',
  },
  burstiness: {
    kind: 'variation',
    column: 'gap_minutes',
    as: 'BURSTINESS',
    label: 'Burstiness',
    labelZh: '阵发性',
    description: `(σ - μ) / (σ + μ) of the gaps: -1 when posts come like clockwork, 0 when they come at random, towards 1 when they come in bursts. ${GAP} ${POOLED}`,
    unit: 'ratio',
    source: 'ACT-06',
  },
} as const satisfies Record<string, Measure>;
