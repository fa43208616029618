import { groupBy } from '../collections';
import type { Param, Tx } from '../store/store';
import type { AccountBook } from './accountBook';
import { readDecisions, type Decisions } from './decisions';
import type { Rules } from './judge';
import {
  differingDays,
  NO_REASONS,
  REASONS,
  UNKNOWN,
  VERSIONED,
  versionsOf,
  type AttributeObservation,
  type Attributes,
  type Derive,
  type Reasons,
  type Statement,
  type Version,
} from './versions';
import { statementOf, type StoredObservation } from './writeAccounts';
import { assign } from './assignment/assign';

const COLUMNS = ['account_key', 'valid_from', 'valid_to', ...VERSIONED, ...REASONS] as const;
type StoredVersion = { account_key: number; valid_from: string; valid_to: string | null } & Attributes & Reasons;

/** Derives the type-2 history of accounts from all that is known of them, and marks the days on which it differs from before. */
export async function deriveVersions(
  tx: Tx,
  history: ReadonlyMap<number, readonly StoredObservation[]>,
  rules: Rules,
  book: AccountBook,
): Promise<void> {
  const keys = [...history.keys()];
  if (keys.length === 0) return;
  const places = keys.map(() => '?').join(', ');
  const stored = groupBy(
    await tx.query<StoredVersion>(
      `SELECT ${COLUMNS.join(', ')} FROM account_version WHERE account_key IN (${places}) ORDER BY valid_from`,
      keys,
    ),
    ({ account_key }) => account_key,
  );
  const decisions = await readDecisions(tx, keys);
  const rows: Param[][] = [];
  const replaced: number[] = [];
  for (const [key, observations] of history) {
    const before = (stored.get(key) ?? []).map(asVersion);
    const after =
      observations.length > 0
        ? versionsOf(observations.map(asAttributeObservation), deriver(rules, decisions.get(key)))
        : before.map((version) => decidedOnly(version, decisions.get(key)));
    const difference = differingDays(before, after);
    if (difference === null && JSON.stringify(before) === JSON.stringify(after)) continue;
    if (difference !== null && before.length > 0) book.staleAttributes(difference.from, difference.to);
    if (before.length > 0) replaced.push(key);
    for (const { valid_from, valid_to, attributes, reasons } of after)
      rows.push([key, valid_from, valid_to, ...VERSIONED.map((name) => attributes[name]), ...REASONS.map((name) => reasons[name])]);
  }
  if (replaced.length > 0)
    await tx.run(`DELETE FROM account_version WHERE account_key IN (${replaced.map(() => '?').join(', ')})`, replaced);
  await tx.insert('account_version', COLUMNS, rows);
}

/** What a reviewer decided counts before what sources state, and that before what rules say. */
const deriver =
  (rules: Rules, decisions: Decisions | undefined): Derive =>
  (statement: Statement) => {
    const decided = decisions ? { ...statement, ...decisions } : statement;
    const assigned = assign(decided as never, rules.assignment);
    const reasons = decisions ? Object.fromEntries(Object.keys(decisions).map((name) => [`${name}_by`, 'REVIEW'])) : {};
    const { screen_name, verified, verified_type, verified_reason } = statement;
    return { screen_name, verified, verified_type: verified_type ?? 'UNKNOWN', verified_reason, ...assigned, ...decisions, ...reasons };
  };

/** An account known from its posts alone, of which no source states anything: what a reviewer decided, and its printed name. */
const decidedOnly = ({ valid_from, valid_to, attributes: { screen_name } }: Version, decisions: Decisions = {}): Version => ({
  valid_from,
  valid_to,
  attributes: { ...UNKNOWN, screen_name, ...decisions },
  reasons: { ...NO_REASONS, ...Object.fromEntries(Object.keys(decisions).map((name) => [`${name}_by`, 'REVIEW'])) },
});

const asVersion = (row: StoredVersion): Version => ({
  valid_from: row.valid_from,
  valid_to: row.valid_to,
  attributes: Object.fromEntries(VERSIONED.map((name) => [name, row[name]])) as Attributes,
  reasons: Object.fromEntries(REASONS.map((name) => [name, row[name]])) as Reasons,
});

const asAttributeObservation = (one: StoredObservation): AttributeObservation => ({
  observedAt: one.observed_at,
  seq: one.seq,
  from: (one.valid_from ?? one.observed_day) as string,
  to: one.valid_to as string | null,
  ends: one.deleted === 1 || one.deleted === true,
  statement: statementOf(one),
});
