import type { InteractionRecord, PostRecord } from '../../src/ingest/records';
import type { Instant } from '../../src/model/time';
import type { DemoAccount } from './account';
import { CRAWLED_AT, DAY_MS, DEMO_PLATFORM, DEMO_THINNING } from './constants';
import { counters, replyRate } from './engagement';
import type { FollowerPath } from './followers';
import { citizenHash, interactionIds, messageId, OUTSIDE } from './ids';
import { postText, repostText } from './postText';
import type { Random } from './random';
import { commentText, replyText } from './talk';

const ORIGINAL = 0.92;
const CITIZENS = 300_000;
/** Most comments come from the few who comment often. */
const CITIZEN_SKEW = 2;

/** The posts of an account, each followed by what was said under it. */
export function* postRecords(
  account: DemoAccount,
  path: FollowerPath,
  times: readonly Instant[],
  random: Random,
): Generator<PostRecord | InteractionRecord> {
  const talk = new Talk(account, random);
  for (const [index, postedAt] of times.entries()) {
    const postId = messageId(postedAt, account.index);
    const original = index === 0 || random.chance(ORIGINAL);
    const { reposts, comments } = counters(account, path, postedAt, random);
    const said = [...talk.under(postId, postedAt, comments)];
    yield {
      kind: 'post',
      platform: DEMO_PLATFORM,
      postId,
      accountId: account.accountId,
      postedAt,
      observedAt: CRAWLED_AT,
      text: original ? postText(account, random, index === 0) : repostText(account, random),
      original,
      repostOfId: original ? null : messageId(postedAt - random.exponential() * DAY_MS, OUTSIDE, random.int(128)),
      reposts,
      comments: Math.max(comments, said.length),
      likes: null,
    };
    yield* said;
  }
}

/** Comments under the posts of one account, and the account's replies to them. */
class Talk {
  private readonly newId: (instant: Instant) => string;
  private readonly replyRate: number;

  constructor(
    private readonly account: DemoAccount,
    private readonly random: Random,
  ) {
    this.newId = interactionIds(account.index);
    this.replyRate = replyRate(account, random);
  }

  *under(postId: string, postedAt: Instant, comments: number): Generator<InteractionRecord> {
    const { random, account } = this;
    const common = { kind: 'interaction', platform: DEMO_PLATFORM, postId, accountId: account.accountId } as const;
    for (let left = random.binomial(comments, 1 / DEMO_THINNING.comments); left > 0; left--) {
      const createdAt = this.later(postedAt, 1.5, 1.5) ?? postedAt + Math.floor((random.float() * (CRAWLED_AT - postedAt)) / 1000) * 1000;
      const interactionId = this.newId(createdAt);
      const citizen = 1 + Math.floor(CITIZENS * random.float() ** CITIZEN_SKEW);
      const text = commentText(account, random);
      yield { ...common, interactionId, parentId: null, byAccountId: null, citizenHash: citizenHash(citizen), createdAt, text };

      const repliedAt = random.chance(this.replyRate) ? this.later(createdAt, 4, 1.6) : null;
      if (repliedAt === null) continue;
      yield {
        ...common,
        interactionId: this.newId(repliedAt),
        parentId: interactionId,
        byAccountId: account.accountId,
        citizenHash: null,
        createdAt: repliedAt,
        text: replyText(account, random),
      };
    }
  }

  /** A lognormal number of hours later, or null where that would be after the crawl. */
  private later(instant: Instant, medianHours: number, sigma: number): Instant | null {
    const later = instant + Math.ceil(this.random.lognormal(medianHours, sigma) * 3600) * 1000;
    return later <= CRAWLED_AT ? later : null;
  }
}
