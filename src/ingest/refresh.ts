import type { Log } from '../log';
import type { Fact } from '../model/facts';
import { addMarks, lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import { featuresOf } from '../text/features';
import type { TextRules } from '../text/rules';
import { AccountBook } from './accountBook';
import type { Rules } from './judge';
import type { StaleRange } from './ranges';
import { readRules } from './rules';
import { readHistory } from './writeAccounts';
import { FEATURES } from './writePosts';
import { deriveVersions } from './writeVersions';

/** Accounts or posts of one transaction. */
const CHUNK = 2_000;
const PROPERTY = 'account_rules';

export interface Refreshed {
  readonly accounts: number;
  readonly posts: number;
}

/**
 * Makes anew what rules derive, where the rules have changed since: versions of accounts, features of texts. The days of
 * which something changed are marked in the same transactions, so the next run rebuilds those and no others. What is
 * interrupted goes on the next time.
 */
export async function refreshDerived(store: Store, now: Date, log: Log): Promise<Refreshed> {
  const rules = await readRules(store, now);
  const refreshed = { accounts: await refreshAccounts(store, rules, now), posts: await refreshTexts(store, rules.text, now) };
  if (refreshed.accounts + refreshed.posts > 0) log('rules.applied', { ...refreshed });
  return refreshed;
}

/** Notes that the versions of all accounts follow the present rules: of an empty store they do. */
export async function noteRules(store: Store, now: Date): Promise<void> {
  const [any] = await store.query('SELECT 1 AS one FROM account LIMIT 1');
  if (any) return;
  const { assignment } = await readRules(store, now);
  if ((await appliedRules(store)) !== assignment.version) await store.write((tx) => setApplied(tx, assignment.version));
}

async function refreshAccounts(store: Store, rules: Rules, now: Date): Promise<number> {
  if ((await appliedRules(store)) === rules.assignment.version) return 0;
  const keys = (
    await store.query<{ account_key: number }>('SELECT DISTINCT account_key FROM account_observation ORDER BY account_key')
  ).map(({ account_key }) => account_key);
  for (let start = 0; start < keys.length; start += CHUNK) {
    const part = keys.slice(start, start + CHUNK);
    await store.write((tx) => rederive(store, tx, part, rules, `rules of accounts ${rules.assignment.version}`, now));
  }
  await store.write((tx) => setApplied(tx, rules.assignment.version));
  return keys.length;
}

/** Derives the versions of some accounts anew, and marks the days that differ, in the transaction of the caller. */
export async function rederive(store: Store, tx: Tx, keys: readonly number[], rules: Rules, reason: string, now: Date): Promise<void> {
  await lockMarks(store, tx);
  const book = await AccountBook.read(tx, [], rules);
  await deriveVersions(tx, await readHistory(tx, keys), rules, book);
  await addMarks(tx, book.stales(), reason, now);
}

const appliedRules = async (store: Store): Promise<string | undefined> =>
  (await store.query<{ value: string }>('SELECT value FROM store_property WHERE name = ?', [PROPERTY]))[0]?.value;
const setApplied = (tx: Tx, version: string): Promise<void> =>
  tx.upsert('store_property', ['name'], ['name', 'value'], [[PROPERTY, version]]);

interface TextRow {
  readonly platform: string;
  readonly post_id: string;
  readonly posted_day: string;
  readonly text: string;
}

const markOf =
  (fact: Fact) =>
  (day: string): StaleRange => ({ fact, from: day, to: day });

async function refreshTexts(store: Store, rules: TextRules, now: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const done = await store.write(async (tx) => {
      await lockMarks(store, tx);
      const rows = await tx.query<TextRow & Record<string, unknown>>(
        `SELECT platform, post_id, posted_day, text, ${FEATURES.join(', ')} FROM post
         WHERE text_rules IS NULL OR text_rules < ? OR text_rules > ? LIMIT ${CHUNK}`,
        [rules.version, rules.version],
      );
      const days = new Set<string>();
      // Days of accounts count mentions, and no other feature.
      const mentionDays = new Set<string>();
      for (const row of rows) {
        const features = featuresOf(row.text, row.posted_day, rules);
        if (FEATURES.some((name) => features[name] !== row[name])) days.add(row.posted_day);
        if (features.mentions !== row['mentions']) mentionDays.add(row.posted_day);
        await tx.run(
          `UPDATE post SET text_rules = ?, ${FEATURES.map((name) => `${name} = ?`).join(', ')} WHERE platform = ? AND post_id = ?`,
          [rules.version, ...FEATURES.map((name) => features[name]), row.platform, row.post_id],
        );
      }
      await addMarks(
        tx,
        [...[...days].sort().map(markOf('posts')), ...[...mentionDays].sort().map(markOf('activity'))],
        `rules of texts ${rules.version}`,
        now,
      );
      return rows.length;
    });
    count += done;
    if (done < CHUNK) return count;
  }
}
