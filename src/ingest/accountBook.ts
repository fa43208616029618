import { groupBy } from '../collections';
import { accountKey } from '../model/accountKey';
import { DORMANCY_DAYS, FOREVER } from '../model/facts';
import { addDays, localTime, maxDay, minDay, type Day, type Instant } from '../model/time';
import { BEGINNING, UNKNOWN, VERSIONED } from './versions';
import type { Tx } from '../store/store';
import { mergeRanges, type StaleRange } from './ranges';
import type { CitizenHash } from './citizens';
import type { Rules } from './judge';

export interface AccountRow {
  readonly account_key: number;
  readonly platform: string;
  readonly account_id: string;
  opened_on: Day | null;
  first_post_on: Day | null;
  last_post_on: Day | null;
  first_observed_on: Day | null;
  last_observed_on: Day | null;
}

export interface AccountId {
  readonly platform: string;
  readonly accountId: string;
}

const COLUMNS = [
  'account_key',
  'platform',
  'account_id',
  'opened_on',
  'first_post_on',
  'last_post_on',
  'first_observed_on',
  'last_observed_on',
] as const;

/** The first day an account is known to exist. */
const firstDay = (row: AccountRow): Day | null => minDay(row.opened_on, row.first_post_on, row.first_observed_on);

/**
 * The accounts that one batch touches: read once, changed in memory, written once.
 * It also gathers which days of which facts the batch makes stale.
 */
export class AccountBook {
  private readonly rows = new Map<number, AccountRow>();
  private readonly before = new Map<number, AccountRow>();
  private readonly described = new Set<number>();
  private readonly met = new Set<number>();
  private readonly printedNames = new Map<number, string>();
  private readonly newPosts: { readonly platform: string; readonly postId: string; readonly account: AccountRow }[] = [];
  private readonly stalePostDays = new Set<Day>();
  private readonly movedPostDays = new Set<Day>();
  private readonly stale: StaleRange[] = [];

  private constructor(private readonly rules: Rules) {}

  static async read(tx: Tx, ids: readonly AccountId[], rules: Rules): Promise<AccountBook> {
    const book = new AccountBook(rules);
    const wanted = new Map(ids.map((id) => [accountKey(id.platform, id.accountId), id]));
    const keys = [...wanted.keys()];
    if (keys.length === 0) return book;
    const known = await tx.query<AccountRow>(
      `SELECT ${COLUMNS.join(', ')} FROM account WHERE account_key IN (${keys.map(() => '?').join(', ')})`,
      keys,
    );
    for (const row of known) {
      book.rows.set(row.account_key, { ...row });
      book.before.set(row.account_key, row);
    }
    for (const [key, { platform, accountId }] of wanted) {
      const row = book.rows.get(key);
      if (row && (row.platform !== platform || row.account_id !== accountId))
        throw new Error(`Accounts ${platform}:${accountId} and ${row.platform}:${row.account_id} share the key ${key}`);
      if (row) continue;
      book.rows.set(key, {
        account_key: key, platform, account_id: accountId,
        opened_on: null, first_post_on: null, last_post_on: null, first_observed_on: null, last_observed_on: null,
      }); // prettier-ignore
    }
    return book;
  }

  of(platform: string, accountId: string): AccountRow {
    return this.rows.get(accountKey(platform, accountId))!;
  }
  zoneOf(platform: string): string {
    return this.rules.zones.get(platform)!;
  }
  dayOf(platform: string, at: Instant): Day {
    return localTime(at, this.zoneOf(platform)).day;
  }
  /** Whether an id is that of an account: in the store already, or named by a row of this batch that was taken. */
  isKnown(platform: string, accountId: string): boolean {
    const row = this.of(platform, accountId);
    return !this.isNew(row) || this.met.has(row.account_key);
  }
  isNew(row: AccountRow): boolean {
    return !this.before.has(row.account_key);
  }

  /** A row that was taken names it. What rejected rows alone name is not written. */
  meet(row: AccountRow): void {
    this.met.add(row.account_key);
  }
  /** An account record speaks of it, so its history comes from there. */
  describe(row: AccountRow): void {
    this.described.add(row.account_key);
  }
  /**
   * The name printed beside a post: all that is known of an account no record describes. Of several the first in the
   * alphabet counts, so that the order of loading does not.
   */
  printedName(row: AccountRow, name: string): void {
    const known = this.printedNames.get(row.account_key);
    if (known === undefined || name < known) this.printedNames.set(row.account_key, name);
  }

  sawPost(row: AccountRow, postedDay: Day, observedDay: Day): void {
    row.first_post_on = minDay(row.first_post_on, postedDay);
    row.last_post_on = maxDay(row.last_post_on, postedDay);
    this.sawOn(row, postedDay);
    this.sawOn(row, observedDay);
  }
  sawOn(row: AccountRow, day: Day): void {
    this.meet(row);
    row.first_observed_on = minDay(row.first_observed_on, day);
    row.last_observed_on = maxDay(row.last_observed_on, day);
  }
  opened(row: AccountRow, day: Day): void {
    row.opened_on = minDay(row.opened_on, day);
  }

  /** A post that was not known before: its comments may have come first. */
  newPost(platform: string, postId: string, account: AccountRow): void {
    this.newPosts.push({ platform, postId, account });
  }

  /** Something of a post changed, and not when it was written. */
  stalePost(day: Day): void {
    this.stalePostDays.add(day);
  }
  /** A post of a day was seen earlier, or longer after it was written, than was known. */
  followedPost(day: Day): void {
    this.stale.push({ fact: 'posts', from: day, to: day });
  }
  /** A post appeared on a day, or was written at another time: for the next post of its account the silence before it is another. */
  movedPost(...days: readonly Day[]): void {
    for (const day of days) this.movedPostDays.add(day);
  }
  staleActivity(from: Day, to: Day): void {
    this.stale.push({ fact: 'activity', from, to });
  }
  /**
   * A number of followers stands beside every day that it holds for, and beside the posts of those days. On the day after
   * the last of them the change is another one.
   */
  staleFollowers(row: AccountRow, from: Day, to: Day): void {
    this.staleActivity(from, to === FOREVER ? to : addDays(to, 1));
    // Posts that come later mark their own days.
    const last = row.last_post_on === null ? null : minDay(row.last_post_on, to)!;
    if (last !== null && last >= from) this.stale.push({ fact: 'posts', from, to: last });
  }
  /** What the account was on some days: every fact carries it. */
  staleAttributes(from: Day, to: Day): void {
    this.stale.push({ fact: 'posts', from, to }, { fact: 'activity', from, to }, { fact: 'interactions', from, to });
  }
  /** A citizen's comment of the day appeared, vanished or changed, or its replies did. */
  staleComments(...days: readonly Day[]): void {
    for (const day of days) this.stale.push({ fact: 'interactions', from: day, to: day });
  }

  /** The days that became stale, of a book that writes nothing itself. */
  stales(): StaleRange[] {
    return mergeRanges(this.stale);
  }

  /** Writes what changed and returns the days that became stale. */
  async write(tx: Tx, hash: CitizenHash): Promise<StaleRange[]> {
    const changed = [...this.rows.values()].filter((row) => {
      if (!this.met.has(row.account_key)) return false;
      const before = this.before.get(row.account_key);
      return !before || COLUMNS.some((column) => before[column] !== row[column]);
    });
    for (const row of changed) this.staleSpan(row);
    await tx.upsert(
      'account',
      ['account_key'],
      COLUMNS,
      changed.map((row) => COLUMNS.map((column) => row[column])),
    );
    await this.writeBareVersions(
      tx,
      changed.filter((row) => this.isNew(row) && !this.described.has(row.account_key)),
    );
    await this.renameBareVersions(tx);
    await this.claimInteractions(
      tx,
      changed.filter((row) => this.isNew(row)),
      hash,
    );
    await this.ownInteractions(tx);
    for (const day of this.stalePostDays) this.stale.push({ fact: 'posts', from: day, to: day });
    for (const day of this.movedPostDays) this.stale.push({ fact: 'posts', from: day, to: addDays(day, DORMANCY_DAYS) });
    for (const day of [...this.stalePostDays, ...this.movedPostDays])
      this.stale.push({ fact: 'activity', from: day, to: addDays(day, DORMANCY_DAYS) });
    return mergeRanges(this.stale);
  }

  /** An account known from its posts alone has one version that knows nothing but its name. */
  private async writeBareVersions(tx: Tx, bare: readonly AccountRow[]): Promise<void> {
    await tx.insert(
      'account_version',
      ['account_key', 'valid_from', ...VERSIONED],
      bare.map(({ account_key: key }) => [
        key,
        BEGINNING,
        ...VERSIONED.map((name) => (name === 'screen_name' ? (this.printedNames.get(key) ?? null) : UNKNOWN[name])),
      ]),
    );
  }

  /** A later load may print a name where the first printed none, or another one. Facts do not hold names. */
  private async renameBareVersions(tx: Tx): Promise<void> {
    const printed = [...this.printedNames.keys()].filter((key) => this.before.has(key) && !this.described.has(key));
    if (printed.length === 0) return;
    const bare = await tx.query<{ account_key: number; screen_name: string | null }>(
      `SELECT account_key, screen_name FROM account_version v WHERE account_key IN (${printed.map(() => '?').join(', ')})
       AND NOT EXISTS (SELECT 1 FROM account_observation o WHERE o.account_key = v.account_key)`,
      printed,
    );
    for (const { account_key: key, screen_name: known } of bare) {
      const name = this.printedNames.get(key)!;
      if (known === null || name < known) await tx.run('UPDATE account_version SET screen_name = ? WHERE account_key = ?', [name, key]);
    }
  }

  /** Comments that an account wrote before anybody knew that it is one: no longer a citizen's. */
  private async claimInteractions(tx: Tx, fresh: readonly AccountRow[], hash: CitizenHash): Promise<void> {
    for (const [platform, rows] of groupBy(fresh, (row) => row.platform)) {
      const [any] = await tx.query('SELECT 1 AS one FROM interaction WHERE platform = ? LIMIT 1', [platform]);
      if (!any) continue;
      const keys = new Map(rows.map((row) => [hash(platform, row.account_id), row.account_key]));
      const written = await tx.query<{ citizen_hash: string; created_day: Day; counted_day: Day | null; answered_day: Day | null }>(
        `SELECT DISTINCT i.citizen_hash, i.created_day, CASE WHEN i.form = 'COMMENT' AND i.account_key IS NOT NULL THEN i.created_day END AS counted_day,
                CASE WHEN i.form = 'COMMENT' THEN c.created_day END AS answered_day
         FROM interaction i LEFT JOIN interaction c ON c.platform = i.platform AND c.interaction_id = i.parent_id
                            AND c.form = 'COMMENT' AND c.by_account_key IS NULL AND c.account_key IS NOT NULL
         WHERE i.platform = ? AND i.citizen_hash IN (${rows.map(() => '?').join(', ')})`,
        [platform, ...keys.keys()],
      );
      for (const { created_day, counted_day, answered_day } of written) {
        this.staleActivity(created_day, created_day);
        // It was a citizen's comment, and is a reply to another one now.
        this.staleComments(...[counted_day, answered_day].filter((day) => day !== null));
      }
      for (const citizen of new Set(written.map(({ citizen_hash }) => citizen_hash)))
        await tx.run('UPDATE interaction SET by_account_key = ?, citizen_hash = NULL WHERE platform = ? AND citizen_hash = ?', [
          keys.get(citizen)!,
          platform,
          citizen,
        ]);
    }
  }

  /** Comments that came before the post they stand under learn whose post it is. */
  private async ownInteractions(tx: Tx): Promise<void> {
    for (const [platform, posts] of groupBy(this.newPosts, (post) => post.platform)) {
      const [any] = await tx.query('SELECT 1 AS one FROM interaction WHERE platform = ? LIMIT 1', [platform]);
      if (!any) continue;
      const owners = new Map(posts.map(({ postId, account }) => [postId, account.account_key]));
      const orphans = await tx.query<{ post_id: string; counted_day: Day | null }>(
        `SELECT DISTINCT post_id, CASE WHEN form = 'COMMENT' AND by_account_key IS NULL THEN created_day END AS counted_day
         FROM interaction WHERE platform = ? AND post_id IN (${posts.map(() => '?').join(', ')}) AND account_key IS NULL`,
        [platform, ...owners.keys()],
      );
      this.staleComments(...orphans.flatMap(({ counted_day }) => counted_day ?? []));
      for (const post_id of new Set(orphans.map((one) => one.post_id)))
        await tx.run('UPDATE interaction SET account_key = ? WHERE platform = ? AND post_id = ? AND account_key IS NULL', [
          owners.get(post_id)!,
          platform,
          post_id,
        ]);
    }
  }

  /** Days whose rows of this account appear, vanish or change because its dates did. */
  private staleSpan(row: AccountRow): void {
    const before = this.before.get(row.account_key);
    const first = firstDay(row);
    if (first === null) return;
    if (!before) return this.staleActivity(first, FOREVER);
    const was = firstDay(before);
    if (was !== first) this.staleActivity(minDay(first, was)!, was ?? FOREVER);
    // The month of opening stands beside every day and every post.
    if (before.opened_on !== row.opened_on) {
      this.staleAttributes(first, FOREVER);
      // Under a post that nobody loaded there may be comments older than all else that is known of the account.
      this.stale.push({ fact: 'interactions', from: BEGINNING, to: first });
    }
    // "Has never posted" holds up to the first post.
    if (before.first_post_on !== row.first_post_on)
      this.staleActivity(minDay(row.first_post_on, before.first_post_on)!, before.first_post_on ?? FOREVER);
    // The age of an account is counted from its first observation, on every later day.
    if (before.first_observed_on !== row.first_observed_on) this.staleActivity(row.first_observed_on!, FOREVER);
    if (before.last_observed_on !== row.last_observed_on)
      this.staleActivity(before.last_observed_on ?? row.first_observed_on!, row.last_observed_on!);
  }
}
