import type { Store } from '../../src/store/store';

/** Whether a post was there when it was last looked for, and who is said to have removed it. */
export interface Existence {
  readonly deleted: boolean;
  readonly hidden: boolean;
  readonly by: string | null;
  /** When it was first found gone or hidden; null: it is there. */
  readonly missedAt: string | null;
}

export interface SeenPost {
  readonly platform: string | number | null;
  readonly postId: string;
  readonly account: string | number | null;
  readonly postedAt: string;
  readonly lastSeenAt: string;
}

/** The last word on a post since it was last seen; without one, whether a later exhaustive crawl of those days lacks it. */
export async function existences(store: Store): Promise<(post: SeenPost) => Existence> {
  const words = await store.query<Record<'platform' | 'post_id' | 'observed_at' | 'status' | 'actor', string>>(
    'SELECT platform, post_id, observed_at, status, actor FROM post_status ORDER BY observed_at DESC',
  );
  const crawls = await store.query<Record<'observed_at' | 'from_at' | 'to_at', string> & { account_key: number }>(
    'SELECT account_key, observed_at, from_at, to_at FROM crawl_span',
  );
  return ({ platform, postId, account, postedAt, lastSeenAt }) => {
    const said = words.filter((one) => one.platform === platform && one.post_id === postId && one.observed_at >= lastSeenAt);
    const lacking = crawls.filter(
      (one) => one.account_key === account && one.observed_at > lastSeenAt && one.from_at <= postedAt && postedAt <= one.to_at,
    );
    const missedAt = [...said, ...lacking].map((one) => one.observed_at).sort()[0] ?? null;
    const [word] = said;
    if (word) return { deleted: word.status === 'DELETED', hidden: word.status === 'HIDDEN', by: word.actor, missedAt };
    const lacked = lacking.length > 0;
    return { deleted: lacked, hidden: false, by: lacked ? 'UNKNOWN' : null, missedAt };
  };
}
