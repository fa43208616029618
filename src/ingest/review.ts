import { GovblogError } from '../errors';
import { accountKey } from '../model/accountKey';
import type { Store } from '../store/store';
import { didYouMean } from '../suggest';
import { ASSIGNED, type AssignedAttribute } from './assignment/statement';
import { insertDecisions, readDecisions, type Decision } from './decisions';
import type { Rules } from './judge';
import { rederive } from './refresh';

/** Columns of a review file: who the account is, what it was taken for and why, and room for what it should be. */
export const REVIEW_COLUMNS = [
  'platform', 'account_id', 'screen_name', 'verified_type', 'verified_reason', 'description', 'location', 'followers',
  ...ASSIGNED.flatMap((name) => [name, `${name}_by`, `${name}_confidence`] as const),
  ...ASSIGNED.map((name) => `decide_${name}` as const), 'note',
] as const; // prettier-ignore
export type ReviewRow = Readonly<Record<(typeof REVIEW_COLUMNS)[number], string>>;

/** In a `decide_` column: earlier decisions no longer hold, sources and rules decide again. */
export const WITHDRAW = '-';

interface AccountRow extends Readonly<Record<string, string | number | null>> {
  readonly account_key: number;
}

/**
 * Accounts of which an attribute is unknown or was assigned with a confidence below a bound, those with the most
 * followers first. What a source stated or a person decided is certain.
 */
export async function uncertainAccounts(
  store: Store,
  rules: Rules,
  { below, attributes, limit }: { readonly below: number; readonly attributes: readonly AssignedAttribute[]; readonly limit: number },
): Promise<ReviewRow[]> {
  const uncertain = attributes.map((name) => `v.${name}_by IS NULL OR v.${name}_by IN (${doubtful(rules, name, below)})`).join(' OR ');
  const rows = await store.query<AccountRow>(
    `SELECT a.account_key, a.platform, a.account_id, v.screen_name, v.verified_type, v.verified_reason, ${ASSIGNED.flatMap((name) => [`v.${name}`, `v.${name}_by`]).join(', ')},
            (SELECT o.description FROM account_observation o WHERE o.account_key = a.account_key AND o.description IS NOT NULL ORDER BY o.observed_at DESC, o.seq DESC LIMIT 1) AS description,
            (SELECT o.location FROM account_observation o WHERE o.account_key = a.account_key AND o.location IS NOT NULL ORDER BY o.observed_at DESC, o.seq DESC LIMIT 1) AS location,
            (SELECT o.followers FROM account_observation o WHERE o.account_key = a.account_key AND o.followers IS NOT NULL ORDER BY o.observed_at DESC, o.seq DESC LIMIT 1) AS followers
     FROM account a JOIN account_version v ON v.account_key = a.account_key
     WHERE NOT EXISTS (SELECT 1 FROM account_version w WHERE w.account_key = v.account_key AND w.valid_from > v.valid_from) AND (${uncertain})
     ORDER BY COALESCE((SELECT MAX(o.followers) FROM account_observation o WHERE o.account_key = a.account_key), 0) DESC, a.platform, a.account_id
     LIMIT ${Math.trunc(limit)}`,
  );
  return rows.map(
    (row) =>
      Object.fromEntries(
        REVIEW_COLUMNS.map((name) => {
          const of = /^(\w+)_confidence$/.exec(name)?.[1];
          const value = of === undefined ? row[name] : rules.assignment.byId.get(String(row[`${of}_by`]))?.confidence;
          return [name, value === undefined || value === null ? '' : String(value)];
        }),
      ) as unknown as ReviewRow,
  );
}

/** Ids of the rules of an attribute that are less sure than a bound, as SQL texts. Ids come from the rule table, never from a user. */
function doubtful({ assignment }: Rules, attribute: AssignedAttribute, below: number): string {
  const ids = assignment.rules
    .filter((rule) => rule.attribute === attribute && rule.confidence < below)
    .map(({ id }) => `'${id.replaceAll("'", "''")}'`);
  return ids.length === 0 ? "''" : ids.join(', ');
}

export interface Reviewed {
  /** Accounts with a decision that was not there before. */
  readonly accounts: number;
  readonly decisions: number;
  readonly unchanged: number;
}

/**
 * Takes the decisions of a review file, all or none: writes them, derives the accounts anew and marks the days that change.
 * The same file again changes nothing. `lines` are the line numbers of the rows, for what is wrong.
 */
export async function applyReview(
  store: Store,
  rules: Rules,
  rows: readonly { readonly line: number; readonly cells: Readonly<Record<string, string>> }[],
  by: string,
  file: string,
  now: Date,
): Promise<Reviewed> {
  const wanted = rows.flatMap(({ line, cells }) => decisionsOf(cells, rules, by, `${file}:${line}`));
  return store.write(async (tx) => {
    const keys = [...new Set(wanted.map(({ accountKey: key }) => key))];
    if (keys.length === 0) return { accounts: 0, decisions: 0, unchanged: 0 };
    const known = new Set(
      (
        await tx.query<{ account_key: number }>(
          `SELECT account_key FROM account WHERE account_key IN (${keys.map(() => '?').join(', ')})`,
          keys,
        )
      ).map(({ account_key }) => account_key),
    );
    const stranger = wanted.find(({ accountKey: key }) => !known.has(key));
    if (stranger) throw new GovblogError('BAD_INPUT', `${stranger.where}: there is no account ${stranger.id}.`);
    const standing = await readDecisions(tx, keys);
    const fresh = wanted.filter(({ accountKey: key, attribute, value }) => (standing.get(key)?.[attribute] ?? null) !== value);
    await insertDecisions(tx, fresh, now);
    const touched = [...new Set(fresh.map(({ accountKey: key }) => key))];
    if (touched.length > 0) await rederive(store, tx, touched, rules, `review by ${by}`, now);
    return { accounts: touched.length, decisions: fresh.length, unchanged: wanted.length - fresh.length };
  });
}

type PlacedDecision = Decision & { readonly where: string; readonly id: string };

function decisionsOf(cells: Readonly<Record<string, string>>, rules: Rules, by: string, where: string): PlacedDecision[] {
  const [platform, id] = [(cells['platform'] ?? '').trim(), (cells['account_id'] ?? '').trim()];
  if (platform === '' || id === '')
    throw new GovblogError('BAD_INPUT', `${where}: platform and account_id must say which account is meant.`);
  return ASSIGNED.flatMap((attribute) => {
    const value = (cells[`decide_${attribute}`] ?? '').trim();
    if (value === '') return [];
    const codes = rules.codes[CODES[attribute]];
    if (value !== WITHDRAW && !codes.has(value))
      throw new GovblogError(
        'BAD_INPUT',
        `${where}: decide_${attribute}: there is no ${attribute} "${value}".${didYouMean(value, [...codes])}`,
      );
    const note = (cells['note'] ?? '').trim().slice(0, 400);
    return [
      {
        accountKey: accountKey(platform, id),
        attribute,
        value: value === WITHDRAW ? null : value,
        decidedBy: by.slice(0, 80),
        note: note === '' ? null : note,
        where,
        id: `${platform}:${id}`,
      },
    ];
  });
}

const CODES = { account_type: 'accountType', region: 'region', prefecture: 'prefecture', sector: 'sector', level: 'level' } as const;
