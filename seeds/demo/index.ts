import type { IngestRecord } from '../../src/ingest/records';
import type { DemoAccount } from './account';
import { accountRecords } from './accountRecords';
import { type DemoOptions } from './constants';
import { followerPath } from './followers';
import { postTimes } from './postTimes';
import { postRecords } from './posts';
import { Random } from './random';
import { roster } from './roster';
import { ACCOUNT_TYPES } from './targets';

export { DEMO_DEFAULTS, DEMO_PERIOD, DEMO_PLATFORM, DEMO_THINNING, type DemoOptions } from './constants';

/**
 * Invented records, the same for the same options at any time: account after account in the order of opening; of each account its
 * observations, then its posts in the order of time, each with what was said under it.
 */
export function* demoRecords({ seed, scale }: DemoOptions): Generator<IngestRecord> {
  for (const account of sample(roster(seed), scale)) {
    const random = new Random(seed, account.index + 1);
    const path = followerPath(account, random);
    const times = postTimes(account, random);
    yield* accountRecords(account, path, times, random);
    yield* postRecords(account, path, times, random);
  }
}

/** That share of each type, evenly over the time of opening, and all that are known by name. */
function sample(accounts: readonly DemoAccount[], scale: number): DemoAccount[] {
  const kept = new Set(
    ACCOUNT_TYPES.flatMap((type) =>
      accounts
        .filter((account) => account.type === type)
        .filter(({ leading }, index) => leading !== null || Math.floor((index + 1) * scale) > Math.floor(index * scale)),
    ),
  );
  return accounts.filter((account) => kept.has(account));
}
