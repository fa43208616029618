import { groupBy } from '../collections';
import { GovblogError } from '../errors';
import { accountKey } from '../model/accountKey';
import { filesAs } from '../query/dialect';
import type { Predicate } from '../query/filters';
import { resolveFilter } from '../query/filters';
import type { Filter } from '../query/question';
import { activity } from '../model/activity';
import type { EngineParam, EngineValue } from '../warehouse/duckdb';
import { pathsOf, readAccountRules } from '../warehouse/members';
import type { OpenSnapshot, Reader } from './reader';

/** What an account was or is, as codes. */
interface AttributesView {
  readonly screenName: string | null;
  readonly accountType: string;
  readonly region: string;
  readonly prefecture: string;
  readonly sector: string;
  readonly level: string;
  readonly verified: boolean | null;
  readonly verifiedType: string;
  readonly verifiedReason: string | null;
}

/** An account with its attributes as they are now. */
export interface AccountView extends AttributesView {
  readonly key: number;
  /** `platform:account_id`. */
  readonly id: string;
  readonly platform: string;
  readonly openedOn: string | null;
  readonly firstPostOn: string | null;
  readonly lastPostOn: string | null;
  readonly firstObservedOn: string | null;
  readonly lastObservedOn: string | null;
  /** First day on which it was no longer in the registry: closed, or deleted; null: it still is. */
  readonly closedOn: string | null;
}

/** Attributes of an account from a day on. */
export interface AccountVersionView extends AttributesView {
  /** Null: as far back as anything is known. */
  readonly validFrom: string | null;
  /** First day on which they no longer hold; null: they still do. */
  readonly validTo: string | null;
}

export interface AccountQuestion {
  readonly where?: Readonly<Record<string, Filter | undefined>>;
  /** Text that a screen name or verification text, of any time, must contain. */
  readonly search?: string;
  readonly first: number;
  readonly after?: string;
}

export interface AccountPage {
  readonly accounts: readonly AccountView[];
  readonly total: number;
  readonly hasNext: boolean;
}

/** Accounts one page may have. */
export const MAX_ACCOUNTS = 1_000;
const FILTERS = [
  'region',
  'prefecture',
  'nbsRegion',
  'geoRegion',
  'sector',
  'sectorGroup',
  'accountType',
  'verifiedType',
  'level',
  'platform',
  'account',
];

const ATTRIBUTES = `v.screen_name, v.account_type, v.region, v.prefecture, v.sector, v.level, v.verified, v.verified_type, v.verified_reason`;
const SELECT = `a.account_key, a.platform, a.account_id, a.opened_on, a.first_post_on, a.last_post_on, a.first_observed_on, a.last_observed_on, v.valid_to as closed_on, ${ATTRIBUTES}`;

/** The registry: accounts by their newest attributes, in the order of their ids. */
export async function findAccounts(question: AccountQuestion, open: OpenSnapshot, reader: Reader): Promise<AccountPage> {
  const { first, after, search, where } = question;
  if (!Number.isInteger(first) || first < 1 || first > MAX_ACCOUNTS)
    throw new GovblogError('BAD_QUERY', `"first" is ${first}; it takes a number from 1 to ${MAX_ACCOUNTS}.`);
  const params: EngineParam[] = [];
  const bind = (value: EngineParam): string => `$${params.push(value)}`;
  const conditions = Object.entries(where ?? {}).flatMap(([name, filter]) => {
    if (!FILTERS.includes(name))
      throw new GovblogError('BAD_QUERY', `Accounts cannot be filtered by "${name}"; by: ${FILTERS.join(', ')}.`);
    return filter ? resolveFilter(activity, name, filter, open.members).map((predicate) => conditionOf(predicate, bind)) : [];
  });
  if (search !== undefined && search.trim() !== '') {
    const text = bind(search.trim().toLowerCase());
    conditions.push(
      `a.account_key in (select account_key from dim_account_version where contains(lower(screen_name), ${text}) or contains(lower(verified_reason), ${text}))`,
    );
  }
  const total = await count(conditions, params, open, reader);
  if (after !== undefined) {
    const [platform, id] = readCursor(after);
    conditions.push(`(a.platform, a.account_id) > (${bind(platform)}, ${bind(id)})`);
  }
  const rows = await select(
    `select ${SELECT} from dim_account a join newest v using (account_key) ${whereOf(conditions)} order by a.platform, a.account_id limit ${bind(first + 1)}`,
    params,
    open,
    reader,
  );
  return { accounts: rows.slice(0, first).map(asAccount), total, hasNext: rows.length > first };
}

/** Accounts by key, for rows that are grouped by account. */
export async function accountsByKey(
  keys: readonly number[],
  open: OpenSnapshot,
  reader: Reader,
): Promise<ReadonlyMap<number, AccountView>> {
  if (keys.length === 0) return new Map();
  const sql = `select ${SELECT} from dim_account a join newest v using (account_key) where a.account_key in (${keys.map((_, index) => `$${index + 1}`).join(', ')})`;
  const rows = await select(sql, keys, open, reader);
  return new Map(rows.map(asAccount).map((account) => [account.key, account]));
}

/** The type-2 histories of accounts, each oldest first, in the order of the keys. */
export async function historiesOf(keys: readonly number[], open: OpenSnapshot, reader: Reader): Promise<AccountVersionView[][]> {
  const places = keys.map((_, index) => `$${index + 1}`).join(', ');
  const sql = `select v.account_key, v.valid_from, v.valid_to, ${ATTRIBUTES} from dim_account_version v where v.account_key in (${places}) order by v.valid_from`;
  const versions = groupBy(await select(sql, keys, open, reader), (row) => row['account_key'] as number);
  return keys.map((key) =>
    (versions.get(key) ?? []).map((row) => ({
      validFrom: row['valid_from'] === '0001-01-01' ? null : (row['valid_from'] as string),
      validTo: row['valid_to'] as string | null,
      ...attributes(row),
    })),
  );
}

/** Why an attribute of an account is what it is. */
export interface Reason {
  readonly attribute: string;
  /** STATED by a source, REVIEW by a person, the id of a rule, or null where nothing tells. */
  readonly by: string | null;
  /** Share of accounts the rule is expected to get right; null where no rule was needed. */
  readonly confidence: number | null;
  readonly note: string | null;
}

const ASSIGNED = { accountType: 'account_type', region: 'region', prefecture: 'prefecture', sector: 'sector', level: 'level' } as const;

/** The reasons of the newest attributes of accounts, in the order of the keys; none for a snapshot that did not keep them. */
export async function reasonsOf(keys: readonly number[], open: OpenSnapshot, reader: Reader): Promise<Reason[][]> {
  const rules = await readAccountRules(reader.engine, open.snapshot, reader.files);
  if (rules.size === 0) return keys.map(() => []);
  const columns = Object.values(ASSIGNED).map((name) => `${name}_by`);
  const places = keys.map((_, index) => `$${index + 1}`).join(', ');
  const rows = await select(`select account_key, ${columns.join(', ')} from newest where account_key in (${places})`, keys, open, reader);
  const found = new Map(rows.map((row) => [row['account_key'] as number, row]));
  return keys.map((key) =>
    Object.entries(ASSIGNED).map(([attribute, column]) => {
      const by = (found.get(key)?.[`${column}_by`] ?? null) as string | null;
      const rule = by === null ? undefined : rules.get(by);
      return { attribute, by, confidence: rule?.confidence ?? null, note: rule?.note ?? null };
    }),
  );
}

/** One account by its id `platform:account_id`; null when there is none. */
export async function accountById(id: string, open: OpenSnapshot, reader: Reader): Promise<AccountView | null> {
  const [platform = '', ...rest] = id.split(':');
  const key = accountKey(platform, rest.join(':'));
  return (await accountsByKey([key], open, reader)).get(key) ?? null;
}

export const cursorOf = ({ id }: AccountView): string => Buffer.from(id).toString('base64url');
function readCursor(cursor: string): [platform: string, id: string] {
  const [platform, ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (!platform || rest.length === 0) throw new GovblogError('BAD_QUERY', '"after" is not a cursor of an earlier page.');
  return [platform, rest.join(':')];
}

const whereOf = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`);

function conditionOf({ column, is, values }: Predicate, bind: (value: EngineParam) => string): string {
  const target = column === 'account_key' || column === 'platform' ? `a.${column}` : `v.${column}`;
  const bound = values.map(bind);
  if (is === 'gte') return `${target} >= ${bound[0]}`;
  if (is === 'lte') return `${target} <= ${bound[0]}`;
  return `${target} ${is === 'in' ? 'in' : 'not in'} (${bound.join(', ')})`;
}

type Row = Readonly<Record<string, EngineValue>>;

async function select(
  sql: string,
  params: readonly EngineParam[],
  { snapshot }: OpenSnapshot,
  { engine, files, timeoutMs }: Reader,
): Promise<Row[]> {
  const tables = ['dim_account', 'dim_account_version'].map((table) => filesAs(table, pathsOf(snapshot, files, table)));
  const newest =
    'newest as (select * from dim_account_version qualify row_number() over (partition by account_key order by valid_from desc) = 1)';
  const { columns, rows } = await engine.query(`with ${[...tables, newest].join(', ')} ${sql}`, params, { timeoutMs });
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}

async function count(conditions: readonly string[], params: readonly EngineParam[], open: OpenSnapshot, reader: Reader): Promise<number> {
  const [row] = await select(
    `select count(*) as total from dim_account a join newest v using (account_key) ${whereOf(conditions)}`,
    params,
    open,
    reader,
  );
  return row!['total'] as number;
}

const attributes = (row: Row): AttributesView => ({
  screenName: row['screen_name'] as string | null,
  accountType: row['account_type'] as string,
  region: row['region'] as string,
  prefecture: row['prefecture'] as string,
  sector: row['sector'] as string,
  level: row['level'] as string,
  verified: row['verified'] as boolean | null,
  verifiedType: row['verified_type'] as string,
  verifiedReason: row['verified_reason'] as string | null,
});

const asAccount = (row: Row): AccountView => ({
  key: row['account_key'] as number,
  id: `${String(row['platform'])}:${String(row['account_id'])}`,
  platform: row['platform'] as string,
  openedOn: row['opened_on'] as string | null,
  firstPostOn: row['first_post_on'] as string | null,
  lastPostOn: row['last_post_on'] as string | null,
  firstObservedOn: row['first_observed_on'] as string | null,
  lastObservedOn: row['last_observed_on'] as string | null,
  closedOn: row['closed_on'] as string | null,
  ...attributes(row),
});
