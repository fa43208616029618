import { groupBy } from '../collections';
import { FOREVER } from '../model/facts';
import { addDays, localTime, toSqlInstant } from '../model/time';
import type { Param, Tx } from '../store/store';
import type { AccountBook, AccountRow } from './accountBook';
import { attributesOf } from './assign';
import type { Rules } from './judge';
import type { AccountRecord } from './records';
import { differingDays, VERSIONED, versionsOf, type AttributeObservation, type Attributes, type Version, type Versioned } from './versions';
import type { Pending } from './writer';

const FACTS_OF = ['opened_on', 'valid_from', 'valid_to', 'description', 'location', 'followers', 'following', 'posts_total'] as const;
const CONTENT = [...VERSIONED, ...FACTS_OF] as const;
const COLUMNS = ['account_key', 'observed_at', 'seq', 'observed_day', ...CONTENT, 'batch_id'] as const;
const VERSION_COLUMNS = ['account_key', 'valid_from', 'valid_to', ...VERSIONED] as const;

type Content = Readonly<Record<(typeof CONTENT)[number], Param>>;
type StoredObservation = Content & {
  readonly account_key: number;
  readonly observed_at: string;
  readonly seq: number;
  readonly observed_day: string;
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
  const history = await readHistory(tx, accounts);
  const added: StoredObservation[] = [];

  for (const { record, settle } of records) {
    const account = book.of(record.platform, record.accountId);
    book.describe(account);
    const known = history.get(account.account_key)!;
    const observedAt = toSqlInstant(record.observedAt);
    const content = contentOf(record, attributesOf(record, rules));
    const sameMoment = known.filter(({ observed_at }) => observed_at === observedAt);
    // A source that says nothing beyond what another said at the same moment adds nothing.
    if (sameMoment.some((one) => CONTENT.every((name) => content[name] === null || content[name] === one[name]))) {
      settle('unchanged');
      continue;
    }
    const observedDay = localTime(record.observedAt, book.zoneOf(record.platform)).day;
    const observation = {
      ...content,
      account_key: account.account_key,
      observed_at: observedAt,
      seq: sameMoment.length,
      observed_day: observedDay,
    };
    settle(known.length === 0 ? 'accepted' : 'updated');
    known.push(observation);
    added.push(observation);
    if (record.openedOn) book.opened(account, record.openedOn);
    book.sawOn(account, record.validFrom ?? observedDay);
    book.sawOn(account, observedDay);
    if (content.followers !== null) book.staleActivity(observedDay, nextFollowersDay(known, observedDay));
  }
  await tx.insert(
    'account_observation',
    COLUMNS,
    added.map((one) => [...COLUMNS.slice(0, -1).map((name) => one[name as keyof StoredObservation]), batchId]),
  );
  await writeVersions(tx, accounts, history, book);
}

function contentOf(record: AccountRecord, attributes: Attributes): Content {
  return {
    ...attributes,
    opened_on: record.openedOn ?? null,
    valid_from: record.validFrom ?? null,
    valid_to: record.validTo ?? null,
    description: record.description ?? null,
    location: record.location ?? null,
    followers: record.followers ?? null,
    following: record.following ?? null,
    posts_total: record.postsTotal ?? null,
  };
}

/** A number of followers holds until the next observation of followers. */
function nextFollowersDay(known: readonly StoredObservation[], day: string): string {
  const later = known
    .filter(({ followers, observed_day }) => followers !== null && observed_day > day)
    .map(({ observed_day }) => observed_day);
  return later.length === 0 ? FOREVER : addDays(later.sort()[0]!, -1);
}

async function readHistory(tx: Tx, accounts: readonly AccountRow[]): Promise<Map<number, StoredObservation[]>> {
  const history = new Map<number, StoredObservation[]>(accounts.map(({ account_key }) => [account_key, []]));
  const rows = await tx.query<StoredObservation>(
    `SELECT ${COLUMNS.slice(0, -1).join(', ')} FROM account_observation WHERE account_key IN (${accounts.map(() => '?').join(', ')})`,
    accounts.map(({ account_key }) => account_key),
  );
  for (const row of rows) history.get(row.account_key)!.push(row);
  return history;
}

async function writeVersions(
  tx: Tx,
  accounts: readonly AccountRow[],
  history: ReadonlyMap<number, StoredObservation[]>,
  book: AccountBook,
): Promise<void> {
  const keys = accounts.map(({ account_key }) => account_key);
  const places = keys.map(() => '?').join(', ');
  const stored = groupBy(
    await tx.query<{ account_key: number; valid_from: string; valid_to: string | null } & Record<Versioned, string | number | null>>(
      `SELECT ${VERSION_COLUMNS.join(', ')} FROM account_version WHERE account_key IN (${places}) ORDER BY valid_from`,
      keys,
    ),
    ({ account_key }) => account_key,
  );
  const rows: Param[][] = [];
  const replaced: number[] = [];
  for (const { account_key } of accounts) {
    const before: Version[] = (stored.get(account_key) ?? []).map(({ valid_from, valid_to, ...attributes }) => ({
      valid_from,
      valid_to,
      attributes,
    }));
    const after = versionsOf(history.get(account_key)!.map(asAttributeObservation));
    const difference = differingDays(before, after);
    if (difference === null && before.length === after.length) continue;
    if (difference !== null && before.length > 0) book.staleBoth(difference.from, difference.to);
    if (before.length > 0) replaced.push(account_key);
    for (const { valid_from, valid_to, attributes } of after)
      rows.push([account_key, valid_from, valid_to, ...VERSIONED.map((name) => attributes[name])]);
  }
  if (replaced.length > 0)
    await tx.run(`DELETE FROM account_version WHERE account_key IN (${replaced.map(() => '?').join(', ')})`, replaced);
  await tx.insert('account_version', VERSION_COLUMNS, rows);
}

const asAttributeObservation = (one: StoredObservation): AttributeObservation => ({
  observedAt: one.observed_at,
  seq: one.seq,
  from: (one.valid_from ?? one.observed_day) as string,
  to: one.valid_to as string | null,
  attributes: Object.fromEntries(VERSIONED.map((name) => [name, one[name]])) as Attributes,
});
