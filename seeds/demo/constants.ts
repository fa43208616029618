import { type Day, daysBetween, type Instant, startOfDay } from '../../src/model/time';

export interface DemoOptions {
  readonly seed: number;
  /** Share of the accounts: 1 is the full set, 0.01 about one in a hundred (the accounts known by name always stay in). */
  readonly scale: number;
}

export const DEMO_DEFAULTS: DemoOptions = { seed: 20111212, scale: 1 };
export const DEMO_PERIOD = { from: '2009-11-01', to: '2011-12-31' } as const;
export const DEMO_PLATFORM = 'demo';

/** What the demo leaves out of the volumes that the sources report. */
export const DEMO_THINNING = {
  /** One post in so many is generated; with the next rule, about one in 23 of all. */
  posts: 35,
  /** An account that has not fallen silent posts at least this often all the same, so that dormancy is not thinned too. */
  longestGapDays: 27,
  /** One in so many of the comments that a post's counter counts is generated. */
  comments: 8,
} as const;

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

const START = startOfDay(DEMO_PERIOD.from, 'Asia/Shanghai');

/** The instant so many hours after midnight in China, which has kept UTC+8 without summer time since 1992. */
export const at = (day: Day, hours = 0): Instant => START + daysBetween(DEMO_PERIOD.from, day) * DAY_MS + hours * HOUR_MS;

/** The one moment at which every post and its counters were read: the last second of the period. */
export const CRAWLED_AT: Instant = at(DEMO_PERIOD.to, 24) - 1000;

/** Midnight of the local day that holds an instant. */
export const midnightOf = (instant: Instant): Instant => instant - ((instant - START) % DAY_MS);
export const isWeekend = (instant: Instant): boolean => [0, 6].includes(new Date(instant + 8 * HOUR_MS).getUTCDay());
