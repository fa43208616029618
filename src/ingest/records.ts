import type { Day, Instant } from '../model/time';

/** null: the source says there is none or does not know it; a counter that was not collected is null, never 0. */
type Known<T> = T | null;

/** Counters that the source wrote rounded (`10万+`), each as it was written. A counter that is missing here is exact. */
export type Approximate<C extends string> = Readonly<Partial<Record<C, string>>>;

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
  /** Counts that the source rounded, as it wrote them (`27.1万`), by field. */
  readonly approximate?: Approximate<'followers' | 'following' | 'postsTotal'>;
  /** The account no longer exists at `observedAt`: its last version ends there. */
  readonly deleted?: boolean;
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
  readonly approximate?: Approximate<'reposts' | 'comments' | 'likes'>;
  /**
   * The source does not say when it looked, and is read again and again (a crawler's live database): counters equal to
   * the last known ones are then no new observation.
   */
  readonly undated?: boolean;
}

/** What a source says about the existence of a post at one moment. The post itself need not be known. */
export interface StatusRecord {
  readonly kind: 'status';
  readonly platform: string;
  readonly postId: string;
  readonly observedAt: Instant;
  /** DELETED: the source says that it is gone; HIDDEN: it exists, but not for everyone. */
  readonly status: 'DELETED' | 'HIDDEN';
  readonly actor: 'AUTHOR' | 'PLATFORM' | 'UNKNOWN';
  /** The words of the source that say so. */
  readonly evidence: Known<string>;
}

/** Somebody follows an account. Citizens are kept as keyed hashes only. */
export interface FollowRecord {
  readonly kind: 'follow';
  readonly platform: string;
  /** The account that is followed. */
  readonly accountId: string;
  /** Platform id of the follower; it is hashed before it is stored, unless it is a known account. */
  readonly writerId: string;
  readonly observedAt: Instant;
}

/**
 * A comment, a reply, or a repost with its words, under a post. Its writer is given by `writerId`, or by `citizenHash` where
 * the source has hashed it already, or by `byAccountId`.
 */
export interface InteractionRecord {
  readonly kind: 'interaction';
  readonly platform: string;
  readonly interactionId: string;
  /** A comment unless it says REPOST. */
  readonly form?: 'COMMENT' | 'REPOST';
  readonly postId: string;
  /** Account that wrote the post; null where the source does not say: the post tells, when it is known. */
  readonly accountId: Known<string>;
  /** The interaction this one answers, or null for a comment on the post itself. */
  readonly parentId: Known<string>;
  /**
   * Platform id of the writer. It is never stored: an id of a known account becomes `byAccountId`, any other a keyed hash.
   */
  readonly writerId?: Known<string>;
  /** Account that wrote it, when it is a registered (official) account. */
  readonly byAccountId: Known<string>;
  readonly citizenHash: Known<string>;
  readonly createdAt: Instant;
  readonly text: string;
  readonly likes?: Known<number>;
}

export type IngestRecord = AccountRecord | PostRecord | StatusRecord | InteractionRecord | FollowRecord;
