import { daysBetween, type Instant } from '../../src/model/time';
import type { DemoAccount, Draft } from './account';
import { at, DEMO_PERIOD } from './constants';
import type { Random } from './random';
import { ACCOUNT_TYPES, type AccountType } from './targets';

/** Followers by rank r: top * r^-0.488 for the first ten, and the tenth's * 10/r below (calib_activity_engagement.csv). */
const TOP: Readonly<Record<AccountType, number>> = { AGENCY: 2_020_000, OFFICIAL: (2_020_000 * 10.8) / 10.3 };
const HEAD = 10;
const HEAD_EXPONENT = 0.488;

const LEVEL_BONUS: Readonly<Record<string, number>> = { L1: 2, L2: 1.6, L3: 1, L4: 0.4 };

/** Followers at the end of 2011 for each account: the older, higher and busier stand before the others, with much chance. */
export function followersByRank(accounts: readonly Draft[], random: Random): number[] {
  const followers = new Array<number>(accounts.length).fill(0);
  const scores = accounts.map(
    ({ openedOn, postsPerDay, silentFrom, attributes }) =>
      0.9 * random.normal() +
      0.9 * Math.log(daysBetween(openedOn, DEMO_PERIOD.to) + 5) +
      0.35 * Math.log(postsPerDay) +
      (LEVEL_BONUS[attributes.level] ?? 0) -
      (silentFrom === openedOn ? 2 : silentFrom ? 0.8 : 0),
  );
  for (const type of ACCOUNT_TYPES) {
    const ofType = accounts.filter((account) => account.type === type);
    const taken = new Set(ofType.flatMap(({ leading }) => (leading ? [leading.rank] : [])));
    for (const { index, leading } of ofType) if (leading) followers[index] = atRank(leading.rank, type);
    let rank = 0;
    for (const { index } of ofType.filter(({ leading }) => !leading).sort((a, b) => (scores[b.index] ?? 0) - (scores[a.index] ?? 0))) {
      do rank++;
      while (taken.has(rank));
      followers[index] = atRank(rank, type);
    }
  }
  return followers;
}

function atRank(rank: number, type: AccountType): number {
  const head = TOP[type] * Math.min(rank, HEAD) ** -HEAD_EXPONENT;
  return Math.round(rank > HEAD ? (head * HEAD) / rank : head);
}

/** Followers over the life of an account. */
export type FollowerPath = (instant: Instant) => number;

/** From a handful at opening to the count at the end: bent either way, or straight through the published counts. */
export function followerPath(account: DemoAccount, random: Random): FollowerPath {
  const points = [
    { instant: at(account.openedOn, 12), count: Math.min(random.int(40), account.followers) },
    ...(account.leading?.figures.followers.map(({ day, count }) => ({ instant: at(day, 23), count })) ?? []),
    { instant: at(DEMO_PERIOD.to, 23), count: account.followers },
  ].filter(({ count }, index) => index === 0 || count > 0);
  const bend = points.length > 2 ? 1 : Math.exp(Math.max(-0.7, Math.min(0.7, 0.35 * random.normal())));
  return (instant) => {
    const next = points.findIndex((point) => point.instant > instant);
    const [from, to] = [points[next - 1], points[next]];
    if (!from || !to) return next === 0 ? (points[0]?.count ?? 0) : account.followers;
    const share = ((instant - from.instant) / (to.instant - from.instant)) ** bend;
    return Math.round(from.count + share * (to.count - from.count));
  };
}
