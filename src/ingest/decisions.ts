import { toSqlInstant } from '../model/time';
import type { Tx } from '../store/store';
import { ASSIGNED, type AssignedAttribute } from './assignment/statement';

/** What reviewers decided about one account: the latest decision on each attribute. */
export type Decisions = Readonly<Partial<Record<AssignedAttribute, string>>>;

/** One decision of a reviewer; a value of null withdraws the earlier ones. */
export interface Decision {
  readonly accountKey: number;
  readonly attribute: AssignedAttribute;
  readonly value: string | null;
  readonly decidedBy: string;
  readonly note: string | null;
}

const COLUMNS = ['account_key', 'attribute', 'value', 'decided_by', 'note', 'decided_at'] as const;

/** The decisions that hold for some accounts, by account. */
export async function readDecisions(tx: Pick<Tx, 'query'>, keys: readonly number[]): Promise<Map<number, Decisions>> {
  if ((await tx.query('SELECT 1 AS one FROM account_decision LIMIT 1')).length === 0) return new Map();
  const rows = await tx.query<{ account_key: number; attribute: AssignedAttribute; value: string | null }>(
    `SELECT account_key, attribute, value FROM account_decision WHERE account_key IN (${keys.map(() => '?').join(', ')}) ORDER BY id`,
    keys,
  );
  const latest = new Map<number, Record<string, string>>();
  for (const { account_key, attribute, value } of rows) {
    if (!ASSIGNED.includes(attribute)) continue;
    const one = latest.get(account_key) ?? {};
    if (value === null) delete one[attribute];
    else one[attribute] = value;
    latest.set(account_key, one);
  }
  return latest;
}

export const insertDecisions = (tx: Tx, decisions: readonly Decision[], at: Date): Promise<void> =>
  tx.insert(
    'account_decision',
    COLUMNS,
    decisions.map(({ accountKey, attribute, value, decidedBy, note }) => [
      accountKey,
      attribute,
      value,
      decidedBy,
      note,
      toSqlInstant(at.getTime()),
    ]),
  );
