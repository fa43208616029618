import { groupBy } from '../collections';
import { FOREVER } from '../model/facts';
import { addDays, localTime, toSqlInstant } from '../model/time';
import type { Param, Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import { rawCounters } from './counters';
import { ORDER_ONLY_TO, type Rules } from './judge';
import type { AccountRecord } from './records';
import { STATED, type Statement } from './versions';
import { deriveVersions } from './writeVersions';
import type { Pending } from './writer';

const FACTS_OF = ['opened_on', 'valid_from', 'valid_to', 'followers', 'following', 'posts_total', 'raw_counters', 'deleted'] as const;
const CONTENT = [...STATED, ...FACTS_OF] as const;
const COLUMNS = ['account_key', 'observed_at', 'seq', 'observed_day', ...CONTENT, 'batch_id'] as const;

type Content = Readonly<Record<(typeof CONTENT)[number], Param>>;
export type StoredObservation = Content & {
  readonly account_key: number;
  readonly observed_at: string;
  readonly seq: number;
  readonly observed_day: string;
  readonly batch_id: number;
};

/** Writes account observations and derives the type-2 history of every account they touch. */
export async function writeAccounts(
  tx: Tx,
  records: readonly Pending<AccountRecord>[],
  book: AccountBook,
  rules: Rules,
  batchId: number,
): Promise<void> {
  if (records.length === 0) return;
  const accounts = [...new Set(records.map(({ record }) => book.of(record.platform, record.accountId)))];
  const history = await readHistory(
    tx,
    accounts.map(({ account_key }) => account_key),
  );
  const added: StoredObservation[] = [];
  const crowded = new Map<string, { readonly key: number; readonly at: string }>();

  for (const { record, settle } of records) {
    const account = book.of(record.platform, record.accountId);
    book.describe(account);
    const known = history.get(account.account_key)!;
    const observedAt = toSqlInstant(record.observedAt);
    const content = contentOf(record);
    const sameMoment = known.filter(({ observed_at }) => observed_at === observedAt);
    // A source that says nothing beyond what another said at the same moment adds nothing.
    if (sameMoment.some((one) => isWithin(content, one))) {
      settle('unchanged');
      continue;
    }
    const observedDay = localTime(record.observedAt, book.zoneOf(record.platform)).day;
    const observation = {
      ...content,
      account_key: account.account_key,
      observed_at: observedAt,
      seq: 0,
      observed_day: observedDay,
      batch_id: batchId,
    };
    settle(known.length === 0 ? 'accepted' : 'updated');
    if (sameMoment.length > 0) crowded.set(`${account.account_key}|${observedAt}`, { key: account.account_key, at: observedAt });
    history.set(account.account_key, [...known.filter((one) => one.observed_at !== observedAt || !isWithin(one, content)), observation]);
    added.push(observation);
    if (record.openedOn) book.opened(account, record.openedOn);
    if (record.validFrom && record.validFrom > ORDER_ONLY_TO) book.sawOn(account, record.validFrom);
    book.sawOn(account, observedDay);
    if (content.followers !== null) book.staleFollowers(account, observedDay, nextFollowersDay(known, observedDay));
  }
  const rewritten: StoredObservation[] = [];
  for (const { key, at } of crowded.values()) {
    await tx.run('DELETE FROM account_observation WHERE account_key = ? AND observed_at = ?', [key, at]);
    const ranked = rank(history.get(key)!.filter(({ observed_at }) => observed_at === at));
    history.set(key, [...history.get(key)!.filter(({ observed_at }) => observed_at !== at), ...ranked]);
    rewritten.push(...ranked);
  }
  const rows = [...added.filter((one) => !crowded.has(`${one.account_key}|${one.observed_at}`)), ...rewritten];
  await tx.insert(
    'account_observation',
    COLUMNS,
    rows.map((one) => COLUMNS.map((name) => one[name])),
  );
  await deriveVersions(tx, history, rules, book);
}

/** Whether one says nothing that the other does not say too. */
const isWithin = (one: Content, other: Content): boolean => CONTENT.every((name) => one[name] === null || one[name] === other[name]);

/** Different statements about one moment, numbered by their content, so that the order of loading does not matter. */
const rank = (statements: readonly StoredObservation[]): StoredObservation[] =>
  statements
    .map((one) => ({ one, text: JSON.stringify(CONTENT.map((name) => one[name])) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ one }, seq) => ({ ...one, seq }));

function contentOf(record: AccountRecord): Content {
  return {
    screen_name: record.screenName ?? null,
    account_type: record.accountType ?? null,
    region: record.region ?? null,
    prefecture: record.prefecture ?? null,
    sector: record.sector ?? null,
    level: record.level ?? null,
    verified: record.verified === undefined || record.verified === null ? null : Number(record.verified),
    verified_type: record.verifiedType ?? null,
    verified_reason: record.verifiedReason ?? null,
    description: record.description ?? null,
    location: record.location ?? null,
    opened_on: record.openedOn ?? null,
    valid_from: record.validFrom ?? null,
    valid_to: record.validTo ?? null,
    followers: record.followers ?? null,
    following: record.following ?? null,
    posts_total: record.postsTotal ?? null,
    raw_counters: rawCounters(record.approximate),
    deleted: record.deleted ? 1 : null,
  };
}

/** A number of followers holds until the next observation of followers. */
function nextFollowersDay(known: readonly StoredObservation[], day: string): string {
  const later = known
    .filter(({ followers, observed_day }) => followers !== null && observed_day > day)
    .map(({ observed_day }) => observed_day);
  return later.length === 0 ? FOREVER : addDays(later.sort()[0]!, -1);
}

/** Everything observed of some accounts. */
export async function readHistory(tx: Tx, keys: readonly number[]): Promise<Map<number, StoredObservation[]>> {
  const rows = await tx.query<StoredObservation>(
    `SELECT ${COLUMNS.join(', ')} FROM account_observation WHERE account_key IN (${keys.map(() => '?').join(', ')})`,
    keys,
  );
  const found = groupBy(rows, ({ account_key }) => account_key);
  return new Map(keys.map((key) => [key, found.get(key) ?? []]));
}

/** The part of an observation that states attributes. */
export const statementOf = (one: StoredObservation): Statement => Object.fromEntries(STATED.map((name) => [name, one[name]])) as Statement;
