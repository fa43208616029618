import type { Day } from '../../src/model/time';
import type { Leading, LeadingFigures } from './leading';
import type { AccountType } from './targets';

/** What an account is called and where it belongs: what may change once in its life. */
export interface Attributes {
  readonly screenName: string;
  readonly region: string;
  readonly prefecture: string | null;
  readonly sector: string;
  readonly level: string;
}

/** Everything that is settled about an account before its records and posts are written. */
export interface DemoAccount {
  /** Place in the order of opening; also the number of the account's own stream of random numbers. */
  readonly index: number;
  readonly accountId: string;
  readonly type: AccountType;
  readonly openedOn: Day;
  readonly attributes: Attributes;
  /** Other attributes, which held until the day before `until`. */
  readonly earlier: { readonly attributes: Attributes; readonly until: Day } | null;
  readonly verifiedReason: string;
  readonly location: string;
  /** Name of the place as its posts mention it. */
  readonly place: string;
  /** Posts a day while it posts at all, before thinning. */
  readonly postsPerDay: number;
  /** The first day of the silence that lasts to the end: the day of opening if it has never posted, null if it goes on. */
  readonly silentFrom: Day | null;
  /** Followers at the end of 2011. */
  readonly followers: number;
  readonly leading: (Leading & { readonly figures: LeadingFigures }) | null;
}

/** An account before it is known how many follow it, which depends on all the others. */
export type Draft = Omit<DemoAccount, 'followers'>;
