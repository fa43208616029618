import type { Store } from '../../../src/store/store';
import { grouped, days, naiveAccounts, type NaiveAccount, type NaivePost } from '../../oracle';
import { addDays } from '../../../src/model/time';

/** An account on one of its days, with what it wrote on it. */
export interface NaiveAccountDay extends NaiveAccount {
  readonly day: string;
  readonly opening: boolean;
  /** Days since it opened; null: nobody knows when, or it has not yet. */
  readonly sinceOpening: number | null;
  /** Followers as last told by the end of the day before. */
  readonly followersBefore: number | null;
  readonly age: number;
  readonly posts: readonly NaivePost[];
  /** Null where nobody collected the comments of the platform, or nobody looked at the account. */
  readonly replies: number | null;
}

/** Every account on every day on which it exists, one day after the other. */
export async function naiveAccountDays(store: Store, from: string, to: string, posts: readonly NaivePost[]): Promise<NaiveAccountDay[]> {
  const openings = await store.query<{ account_key: number; opened_on: string | null }>('SELECT account_key, opened_on FROM account');
  const openedOn = new Map(openings.map(({ account_key, opened_on }) => [account_key, opened_on]));
  const written = await store.query<{ account: number; day: string; platform: string; isReply: number }>(
    `SELECT by_account_key AS account, created_day AS day, platform,
            CASE WHEN by_account_key IS NOT NULL AND parent_id IS NOT NULL AND form = 'COMMENT' THEN 1 ELSE 0 END AS isReply FROM interaction`,
  );
  const collected = new Set(written.map(({ platform }) => platform));
  const replies = grouped(written.filter(({ isReply }) => Number(isReply) === 1), ({ account, day }) => [account, day]); // prettier-ignore
  const told = await store.query<{ account: number; day: string; followers: number }>(
    `SELECT account_key AS account, observed_day AS day, followers FROM account_observation
     WHERE followers IS NOT NULL ORDER BY observed_at DESC, seq DESC`,
  );
  const tellings = grouped(told, ({ account }) => [account]);
  const toldBefore = (account: unknown, day: string): number | null =>
    tellings.get(JSON.stringify([account]))?.find((one) => one.day < day)?.followers ?? null;
  const byDay = grouped(posts, ({ account, day }) => [account, day]);
  const found: NaiveAccountDay[] = [];
  for (let day = from; day <= to; day = addDays(day, 1))
    for (const account of await naiveAccounts(store, day)) {
      const made = replies.get(JSON.stringify([account.account, day]))?.length;
      const opened = openedOn.get(account.account as number) ?? null;
      found.push({
        ...account,
        day,
        sinceOpening: opened === null || opened > day ? null : days(opened, day),
        followersBefore: toldBefore(account.account, day),
        opening: opened === day,
        age: days(account.observedFrom, day),
        posts: byDay.get(JSON.stringify([account.account, day])) ?? [],
        replies: made ?? (collected.has(account.platform as string) && account.observed ? 0 : null),
      });
    }
  return found;
}
