import type { Instant } from '../../src/model/time';
import type { DemoAccount } from './account';
import { at, CRAWLED_AT, DAY_MS, DEMO_THINNING, HOUR_MS, isWeekend, midnightOf } from './constants';
import type { Random } from './random';

const WEEKEND = 0.45;
/** Office hours, with peaks at 9 to 11 and 15 to 17 o'clock, and a tenth of an ordinary hour at night. */
const HOURS = [
  0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15, 0.35, 0.8, 1.35, 1.4, 0.95, 0.55, 0.6, 0.9, 1.3, 1.3, 0.8, 0.5, 0.45, 0.45, 0.4, 0.3, 0.15,
];
const HOUR_WEIGHTS = HOURS.map((weight, hour) => ({ weight, hour }));
/** The first post follows the opening within two days. */
const FIRST_POST_MS = 2 * DAY_MS;
const LONGEST_GAP_MS = DEMO_THINNING.longestGapDays * DAY_MS;

/** When an account posts, in order and never twice in a second. */
export function postTimes(account: DemoAccount, random: Random): Instant[] {
  const { openedOn, silentFrom, postsPerDay } = account;
  if (silentFrom === openedOn) return [];
  const start = at(openedOn, 13);
  const end = silentFrom === null ? CRAWLED_AT : at(silentFrom) - 1000;
  const first = start + random.float() * Math.min(FIRST_POST_MS, end - start);
  const count = random.poisson((postsPerDay / DEMO_THINNING.posts) * ((end - first) / DAY_MS));
  const times = [first, ...Array.from({ length: count }, () => officeTime(first, end, random))].sort((a, b) => a - b);
  return inWholeSeconds(withoutLongGaps(times, end, random));
}

function withoutLongGaps(times: readonly Instant[], end: Instant, random: Random): Instant[] {
  const filled: Instant[] = [];
  for (const time of [...times, end]) {
    for (let last = filled.at(-1); last !== undefined && time - last > LONGEST_GAP_MS; last = filled.at(-1)) {
      filled.push(officeTime(last + 0.7 * LONGEST_GAP_MS, last + LONGEST_GAP_MS, random));
    }
    if (time !== end) filled.push(time);
  }
  return filled;
}

/** A moment of a span at which an office is likely to post. */
function officeTime(from: Instant, to: Instant, random: Random): Instant {
  for (let attempt = 0; attempt < 200; attempt++) {
    const day = midnightOf(from + random.float() * (to - from));
    if (isWeekend(day) && !random.chance(WEEKEND)) continue;
    const time = day + (random.weighted(HOUR_WEIGHTS).hour + random.float()) * HOUR_MS;
    if (time >= from && time <= to) return time;
  }
  return from + random.float() * (to - from);
}

function inWholeSeconds(times: readonly Instant[]): Instant[] {
  let last = 0;
  return times.map((time) => (last = Math.max(Math.floor(time / 1000) * 1000, last + 1000))).filter((time) => time <= CRAWLED_AT);
}
