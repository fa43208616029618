import type { Instant } from '../../src/model/time';
import type { DemoAccount } from './account';
import { CRAWLED_AT, HOUR_MS } from './constants';
import type { FollowerPath } from './followers';
import type { Random } from './random';

/** Mean comments under a post of an account with 1,000 followers; they grow with the square root of the followers. */
const COMMENTS_AT_1000 = 1.05;
const REPOSTS_PER_COMMENT = 2.1;
/** Spread of the logarithm of the counters of one account's posts; an account with published means is kept closer to them. */
const SIGMA = 1.2;
const LEADING_SIGMA = 0.8;
/** Half of what a post will ever get, it gets in four hours. */
const HALF_LIFE_MS = 4 * HOUR_MS;

/** Of the accounts: so many never reply. */
const NEVER_REPLIES = 0.45;

export interface Counters {
  readonly reposts: number;
  readonly comments: number;
}

/** What a post has got when it is crawled. */
export function counters({ leading }: DemoAccount, path: FollowerPath, postedAt: Instant, random: Random): Counters {
  const usual = COMMENTS_AT_1000 * Math.sqrt(path(postedAt) / 1000);
  const comments = leading?.commentsPerPost ?? usual;
  const reposts = leading?.repostsPerPost ?? comments * REPOSTS_PER_COMMENT;
  const sigma = leading?.commentsPerPost ? LEADING_SIGMA : SIGMA;
  const arrived = 1 - 2 ** (-(CRAWLED_AT - postedAt) / HALF_LIFE_MS);
  const interest = random.normal();
  const spread = () => arrived * Math.exp(sigma * (0.8 * interest + 0.6 * random.normal()) - sigma ** 2 / 2);
  return { reposts: random.rounded(reposts * spread()), comments: random.rounded(comments * spread()) };
}

/** The share of comments that an account answers. */
export function replyRate({ leading }: DemoAccount, random: Random): number {
  return leading?.replyRate ?? (random.chance(NEVER_REPLIES) ? 0 : random.beta(1.2, 8));
}
