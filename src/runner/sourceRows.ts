import { GovblogError } from '../errors';
import { minDay, monthsOf, type Day } from '../model/time';
import type { Param, Store } from '../store/store';
import type { Coverage } from '../warehouse/missing';
import type { BackfillFilter } from './backfillTypes';

/** Where the source rows of a job are counted. */
export interface SourceRows {
  readonly table: 'post' | 'interaction';
  readonly day: 'posted_day' | 'created_day';
  /** Which of them are the job's. */
  readonly where?: string;
  /** True when an account has facts on every day since it opened, and not only where it has source rows. */
  readonly everyDay?: boolean;
}

interface Scope {
  readonly platforms: readonly string[];
  /** Null for every account. */
  readonly accounts: readonly number[] | null;
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Source rows by month, of the days from first to last; months without rows are absent. */
export async function countByMonth(
  store: Store,
  { table, day, where = '1 = 1' }: SourceRows,
  from: Day,
  to: Day,
): Promise<Map<string, number>> {
  const rows = await store.query<{ month: string; n: number }>(
    `SELECT SUBSTR(${day}, 1, 7) AS month, COUNT(*) AS n FROM ${table} WHERE ${day} BETWEEN ? AND ? AND ${where} GROUP BY SUBSTR(${day}, 1, 7)`,
    [from, to],
  );
  return new Map(rows.map(({ month, n }) => [month, Number(n)]));
}

/** The months in which the accounts and platforms of a filter have rows; null when the filter lets everything through. */
export async function monthsWithin(
  store: Store,
  source: SourceRows,
  filter: BackfillFilter,
  coverage: readonly Coverage[],
): Promise<ReadonlySet<string> | null> {
  if (filter.platform === undefined && filter.account === undefined) return null;
  const scope = await scopeOf(store, filter);
  return source.everyDay ? everyMonth(store, scope, coverage) : monthsOfRows(store, source, scope);
}

/** Throws NOT_FOUND for a platform or an account that is not there, naming it. */
async function scopeOf(store: Store, { platform, account }: BackfillFilter): Promise<Scope> {
  const known = (await store.query<{ code: string }>('SELECT code FROM platform ORDER BY code')).map(({ code }) => code);
  for (const code of platform ?? [])
    if (!known.includes(code)) throw new GovblogError('NOT_FOUND', `There is no platform "${code}"; there are ${known.join(', ')}.`);
  const platforms = platform ?? known;
  if (account === undefined) return { platforms, accounts: null };
  const keys: number[] = [];
  for (const one of account) {
    const cut = one.indexOf(':');
    if (cut < 1) throw new GovblogError('BAD_QUERY', `"${one}" is no account; write platform:id, such as weibo:1234567890.`);
    const [row] = await store.query<{ account_key: number }>('SELECT account_key FROM account WHERE platform = ? AND account_id = ?', [
      one.slice(0, cut),
      one.slice(cut + 1),
    ]);
    if (!row) throw new GovblogError('NOT_FOUND', `There is no account "${one}".`);
    if (platforms.includes(one.slice(0, cut))) keys.push(row.account_key);
  }
  return { platforms, accounts: keys };
}

async function monthsOfRows(store: Store, { table, day, where = '1 = 1' }: SourceRows, scope: Scope): Promise<ReadonlySet<string>> {
  if (scope.accounts?.length === 0) return new Set();
  const params: Param[] = [...scope.platforms, ...(scope.accounts ?? [])];
  const accounts = scope.accounts === null ? '' : ` AND account_key IN (${marks(scope.accounts)})`;
  const rows = await store.query<{ month: string }>(
    `SELECT DISTINCT SUBSTR(${day}, 1, 7) AS month FROM ${table} WHERE platform IN (${marks(scope.platforms)})${accounts} AND ${where}`,
    params,
  );
  return new Set(rows.map(({ month }) => month));
}

/** From the first that is known of each account to the last day of its platform. */
async function everyMonth(store: Store, { platforms, accounts }: Scope, coverage: readonly Coverage[]): Promise<ReadonlySet<string>> {
  if (accounts?.length === 0) return new Set();
  const rows = await store.query<Record<'platform' | 'opened' | 'posted' | 'seen', string | null>>(
    `SELECT platform, MIN(opened_on) AS opened, MIN(first_post_on) AS posted, MIN(first_observed_on) AS seen FROM account
     WHERE platform IN (${marks(platforms)})${accounts === null ? '' : ` AND account_key IN (${marks(accounts)})`} GROUP BY platform`,
    [...platforms, ...(accounts ?? [])],
  );
  return new Set(
    rows.flatMap(({ platform, opened, posted, seen }) => {
      const from = minDay(opened, posted, seen);
      const to = coverage.find((one) => one.platform === platform)?.to;
      return from === null || to === undefined ? [] : monthsOf(from, to);
    }),
  );
}
