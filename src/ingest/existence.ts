/** What a source said about the existence of a post; instants are the texts of the store, which sort as they should. */
export interface StatusStatement {
  readonly observed_at: string;
  readonly status: string;
  readonly actor: string;
}

/** An exhaustive crawl saw every post of an account that was posted within it. */
export interface CrawlSpan {
  readonly observed_at: string;
  readonly from_at: string;
  readonly to_at: string;
}

export interface Existence {
  readonly status: 'VISIBLE' | 'DELETED' | 'HIDDEN' | 'MISSING';
  /** Who made it vanish: AUTHOR, PLATFORM, UNKNOWN; null while it is visible. */
  readonly status_actor: string | null;
  /** When it was first found gone after it was last seen. */
  readonly missed_at: string | null;
}

export const VISIBLE: Existence = { status: 'VISIBLE', status_actor: null, missed_at: null };

/**
 * Whether a post still exists, from everything known: a pure function of the sets, so the order of loading cannot matter.
 * What was said after (or when) the post was last seen counts; a post seen again is visible again. A source that says so
 * outweighs an exhaustive crawl that merely no longer has it (MISSING, actor unknown).
 */
export function existenceOf(
  postedAt: string,
  lastSeenAt: string,
  statuses: readonly StatusStatement[],
  spans: readonly CrawlSpan[],
): Existence {
  const said = statuses.filter(({ observed_at }) => observed_at >= lastSeenAt);
  const missing = spans.filter(({ observed_at, from_at, to_at }) => observed_at > lastSeenAt && from_at <= postedAt && postedAt <= to_at);
  const missedAt = [...said, ...missing].reduce<string | null>(
    (first, { observed_at }) => (first === null || observed_at < first ? observed_at : first),
    null,
  );
  if (missedAt === null) return VISIBLE;
  const word = said.reduce<StatusStatement | null>((best, one) => (best === null || outweighs(one, best) ? one : best), null);
  return { status: (word?.status ?? 'MISSING') as Existence['status'], status_actor: word?.actor ?? 'UNKNOWN', missed_at: missedAt };
}

/** The later word counts; of two at one moment deletion, and whoever names the actor. */
function outweighs(one: StatusStatement, other: StatusStatement): boolean {
  if (one.observed_at !== other.observed_at) return one.observed_at > other.observed_at;
  if (one.status !== other.status) return one.status === 'DELETED';
  return (
    (one.actor === 'UNKNOWN' ? 2 : one.actor === 'PLATFORM' ? 1 : 0) < (other.actor === 'UNKNOWN' ? 2 : other.actor === 'PLATFORM' ? 1 : 0)
  );
}
