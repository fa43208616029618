import type { Day, Instant } from '../model/time';

/** null: the source says there is none or does not know it; a counter that was not collected is null, never 0. */
type Known<T> = T | null;

/** What a source says about one account at one moment. A missing field means the source does not speak of it. */
export interface AccountRecord {
  readonly kind: 'account';
  readonly platform: string;
  readonly accountId: string;
  readonly observedAt: Instant;
  readonly openedOn?: Known<Day>;
  readonly screenName?: Known<string>;
  /** AGENCY, OFFICIAL, MEDIA, ENTERPRISE, ORGANISATION, OTHER, UNKNOWN. */
  readonly accountType?: Known<string>;
  /** Two-digit province code, `00` national organs, `99` overseas. */
  readonly region?: Known<string>;
  /** Six-digit prefecture code. */
  readonly prefecture?: Known<string>;
  /** Sub-sector code (`PS-POLICE`), or a group code (`PS`) where no more is known. */
  readonly sector?: Known<string>;
  /** L1 to L5, LX unknown. */
  readonly level?: Known<string>;
  readonly verified?: Known<boolean>;
  readonly verifiedType?: Known<string>;
  readonly verifiedReason?: Known<string>;
  readonly description?: Known<string>;
  readonly location?: Known<string>;
  readonly followers?: Known<number>;
  readonly following?: Known<number>;
  readonly postsTotal?: Known<number>;
  /** The attributes hold from this day on; without it, from the day of observation. */
  readonly validFrom?: Known<Day>;
  /** The attributes no longer hold from this day on (exclusive). */
  readonly validTo?: Known<Day>;
}

/** One post with its counters as they stood when it was observed. */
export interface PostRecord {
  readonly kind: 'post';
  readonly platform: string;
  readonly postId: string;
  readonly accountId: string;
  /** Name of the author as printed beside the post; used only when the account is not known otherwise. */
  readonly screenName?: Known<string>;
  readonly postedAt: Instant;
  readonly observedAt: Instant;
  readonly text: string;
  readonly original: boolean;
  readonly repostOfId?: Known<string>;
  readonly reposts: Known<number>;
  readonly comments: Known<number>;
  readonly likes: Known<number>;
}

/** One comment or reply under a post. Citizens are known by a keyed hash only; official writers by their account. */
export interface InteractionRecord {
  readonly kind: 'interaction';
  readonly platform: string;
  readonly interactionId: string;
  readonly postId: string;
  /** Account that wrote the post. */
  readonly accountId: string;
  /** The interaction this one answers, or null for a comment on the post itself. */
  readonly parentId: Known<string>;
  /** Account that wrote it, when it is a registered (official) account. */
  readonly byAccountId: Known<string>;
  readonly citizenHash: Known<string>;
  readonly createdAt: Instant;
  readonly text: string;
}

export type IngestRecord = AccountRecord | PostRecord | InteractionRecord;
