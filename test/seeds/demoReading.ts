import type { AccountRecord, InteractionRecord, PostRecord } from '../../src/ingest/records';
import { DEMO_DEFAULTS, demoRecords } from '../../seeds/demo';

export const END = Date.parse('2011-12-31T23:59:59+08:00');
const HOUR = 3_600_000;
/** Local time in China, written as if it were UTC. */
export const local = (instant: number) => new Date(instant + 8 * HOUR).toISOString();

/** What was read of one account. */
export interface Life {
  readonly seen: AccountRecord[];
  posts: number;
  lastPost: number;
  lastPostId: string;
  /** Posts until the last observation of the account. */
  postsSeen: number;
  reposts: number;
  comments: number;
  heard: number;
  answered: number;
}
interface SeenPost {
  readonly postedAt: number;
  readonly comments: number;
  said: number;
}

const NOTHING = { posts: 0, lastPost: 0, lastPostId: '', postsSeen: 0, reposts: 0, comments: 0, heard: 0, answered: 0 };

const TEXTS: Readonly<Record<string, RegExp>> = {
  rumour: /谣/,
  question: /？/,
  emoticon: /\[.+?\]/,
  slang: /给力|亲，|亲们|有木有|伤不起|你懂的/,
  hashtag: /#.+?#/,
};

/** Reads the demo once and keeps what the tests count, and every rule that a record breaks. */
export class DemoReading {
  readonly lives = new Map<string, Life>();
  readonly totals = { account: 0, post: 0, interaction: 0 };
  readonly hours = new Array<number>(24).fill(0);
  /** Sunday first. */
  readonly weekdays = new Array<number>(7).fill(0);
  readonly texts: Record<string, number> = {};
  readonly lengths: number[] = [];
  readonly sums = { original: 0, reposts: 0, comments: 0 };
  /** Hours from a comment to its reply. */
  readonly latencies: number[] = [];
  readonly citizens = new Set<string>();
  /** The first few breaches of each rule. */
  readonly faults: Record<string, string[]> = {};
  private readonly posts = new Map<string, SeenPost>();
  private readonly interactions = new Map<string, number>();

  constructor() {
    for (const record of demoRecords(DEMO_DEFAULTS)) {
      if (record.kind === 'status' || record.kind === 'follow') throw new Error(`the demo holds no ${record.kind}`);
      this.totals[record.kind]++;
      if (record.kind === 'account') this.takeAccount(record);
      else if (record.kind === 'post') this.takePost(record);
      else this.takeInteraction(record);
    }
    for (const [id, { said, comments }] of this.posts) this.fault('fewer comments counted than listed', said > comments, id);
    for (const [id, life] of this.lives) this.fault('posts miscounted', last(life).postsTotal !== life.postsSeen, id);
  }

  ofType(type: string): Life[] {
    return [...this.lives.values()].filter(({ seen }) => seen[0]?.accountType === type);
  }

  named(name: string): Life {
    const found = [...this.lives.values()].find((life) => last(life).screenName === name);
    if (!found) throw new Error(`no account is called ${name}`);
    return found;
  }

  private fault(rule: string, broken: boolean, id: string): void {
    if (broken && (this.faults[rule] ??= []).length < 3) this.faults[rule].push(id);
  }

  private takeAccount(record: AccountRecord): void {
    const life = this.lives.get(record.accountId);
    const openedAt = Date.parse(`${record.openedOn}T00:00:00+08:00`);
    this.fault('observed before opening or after the end', record.observedAt < openedAt || record.observedAt > END, record.accountId);
    this.fault('account observed out of order', life !== undefined && record.observedAt <= last(life).observedAt, record.accountId);
    this.fault('opening day changed', life !== undefined && record.openedOn !== last(life).openedOn, record.accountId);
    this.fault('account type changed', life !== undefined && record.accountType !== last(life).accountType, record.accountId);
    this.fault('posts taken back', life !== undefined && Number(record.postsTotal) < Number(last(life).postsTotal), record.accountId);
    this.fault(
      'not verified as its type is',
      record.verifiedType !== (record.accountType === 'AGENCY' ? '1' : '0') || !record.verified,
      record.accountId,
    );
    this.fault('nameless organ', !record.verifiedReason || !record.screenName, record.accountId);
    if (life) life.seen.push(record);
    else this.lives.set(record.accountId, { seen: [record], ...NOTHING });
  }

  private takePost(post: PostRecord): void {
    const life = this.lives.get(post.accountId);
    if (!life) return this.fault('post before its account', true, post.postId);
    this.fault('post id used twice', this.posts.has(post.postId), post.postId);
    this.fault('post id not of 16 digits', !/^[1-9]\d{15}$/.test(post.postId), post.postId);
    this.fault('post ids do not follow time', post.postedAt <= life.lastPost || post.postId <= life.lastPostId, post.postId);
    this.fault('post before the opening or after the end', post.postedAt < first(life).observedAt || post.postedAt > END, post.postId);
    this.fault('post not observed at the crawl', post.observedAt !== END, post.postId);
    this.fault('likes before there were likes', post.likes !== null, post.postId);
    this.fault('counter missing', !Number.isInteger(post.reposts) || !Number.isInteger(post.comments), post.postId);
    this.fault('counter below 0', Number(post.reposts) < 0 || Number(post.comments) < 0, post.postId);
    this.fault('repost without an original, or the reverse', post.original !== (post.repostOfId === null), post.postId);
    this.fault('unfilled text', /[{}]|undefined/.test(post.text), post.text);
    this.posts.set(post.postId, { postedAt: post.postedAt, comments: Number(post.comments), said: 0 });

    life.posts++;
    life.lastPost = post.postedAt;
    life.lastPostId = post.postId;
    if (post.postedAt <= last(life).observedAt) life.postsSeen++;
    life.reposts += Number(post.reposts);
    life.comments += Number(post.comments);
    this.sums.original += post.original ? 1 : 0;
    this.sums.reposts += Number(post.reposts);
    this.sums.comments += Number(post.comments);
    this.lengths.push(post.text.length);
    for (const [kind, pattern] of Object.entries(TEXTS)) this.texts[kind] = (this.texts[kind] ?? 0) + (pattern.test(post.text) ? 1 : 0);
    const hour = Number(local(post.postedAt).slice(11, 13));
    const weekday = new Date(post.postedAt + 8 * HOUR).getUTCDay();
    this.hours[hour] = (this.hours[hour] ?? 0) + 1;
    this.weekdays[weekday] = (this.weekdays[weekday] ?? 0) + 1;
  }

  private takeInteraction(said: InteractionRecord): void {
    const post = this.posts.get(said.postId);
    const life = this.lives.get(said.accountId ?? '');
    if (!post || !life) return this.fault('interaction before its post', true, said.interactionId);
    post.said++;
    this.fault('interaction id used twice', this.interactions.has(said.interactionId), said.interactionId);
    this.fault('interaction before its post was written', said.createdAt < post.postedAt, said.interactionId);
    this.fault('interaction after the end', said.createdAt > END, said.interactionId);
    this.interactions.set(said.interactionId, said.createdAt);
    if (said.parentId === null) {
      life.heard++;
      this.citizens.add(String(said.citizenHash));
      this.fault('comment by nobody', said.byAccountId !== null || !/^[0-9a-f]{16}$/.test(String(said.citizenHash)), said.interactionId);
      return;
    }
    const asked = this.interactions.get(said.parentId);
    life.answered++;
    this.fault('reply by another', said.byAccountId !== said.accountId || said.citizenHash !== null, said.interactionId);
    if (asked === undefined) return this.fault('reply before what it answers', true, said.interactionId);
    this.fault('reply not later than what it answers', said.createdAt <= asked, said.interactionId);
    this.latencies.push((said.createdAt - asked) / HOUR);
  }
}

export const first = ({ seen }: Life) => seen[0] as AccountRecord;
export const last = ({ seen }: Life) => seen.at(-1) as AccountRecord;
