import type { AccountRecord } from '../../src/ingest/records';
import { type Instant, monthEnd, monthsOf } from '../../src/model/time';
import type { DemoAccount } from './account';
import { at, DEMO_PERIOD, DEMO_PLATFORM } from './constants';
import type { FollowerPath } from './followers';
import type { Random } from './random';
import { subSector } from './subsectors';

/** Of the month ends: so many find fewer followers than the path says, as when false accounts are cleared away. */
const DIP = 0.03;

const MONTH_ENDS = monthsOf(DEMO_PERIOD.from, DEMO_PERIOD.to).map((month) => at(monthEnd(month), 23));
const LAST = at(DEMO_PERIOD.to, 23);

/** What was seen of an account at its opening, when it changed, and at every month end. */
export function* accountRecords(
  account: DemoAccount,
  path: FollowerPath,
  posts: readonly Instant[],
  random: Random,
): Generator<AccountRecord> {
  const { earlier, openedOn } = account;
  const opening = at(openedOn, 12);
  const change = earlier ? at(earlier.until, 12) : opening;
  const moments = [opening, ...MONTH_ENDS.filter((moment) => moment > opening)];
  if (change !== opening) moments.splice(1 + moments.findLastIndex((moment) => moment < change), 0, change);
  const follows = random.lognormal(120, 1);

  let written = 0;
  for (const observedAt of moments) {
    while (written < posts.length && (posts[written] ?? 0) <= observedAt) written++;
    const { screenName, region, prefecture, sector, level } = earlier && observedAt < change ? earlier.attributes : account.attributes;
    const dip = observedAt !== LAST && observedAt !== opening && random.chance(DIP) ? 0.9 + 0.08 * random.float() : 1;
    yield {
      kind: 'account',
      platform: DEMO_PLATFORM,
      accountId: account.accountId,
      observedAt,
      openedOn,
      screenName,
      accountType: account.type,
      region,
      prefecture,
      sector,
      level,
      verified: true,
      verifiedType: account.type === 'AGENCY' ? '1' : '0',
      verifiedReason: account.verifiedReason,
      description: `${screenName}，发布${subSector(sector).noun}信息，倾听网友声音。`,
      location: account.location,
      followers: Math.round(path(observedAt) * dip),
      following: Math.round((follows * (observedAt - opening)) / (LAST - opening)),
      postsTotal: written,
    };
  }
}
