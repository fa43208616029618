import { extname } from 'node:path';
import { GovblogError } from '../../errors';
import { isDay, startOfDay, type Instant } from '../../model/time';
import { didYouMean } from '../../suggest';
import { filesOf, readCsv, readHeader, sizeOf, type Meter } from '../files';
import { readJsonLines, textAt, type Json } from '../json';
import type { ParsedRow } from '../outcome';
import { concatenate, parseRow, type Reading } from '../reading';
import type { AccountRecord } from '../records';
import { readBoolean, readCount, readId, readText, readTime, ValueError } from '../values';

/** The canonical columns of an account registry. */
export const ACCOUNT_COLUMNS = [
  'platform', 'account_id', 'screen_name', 'account_type', 'region', 'prefecture', 'sector', 'level', 'verified', 'verified_type', 'verified_reason',
  'opened_on', 'valid_from', 'valid_to', 'followers', 'following', 'posts_total', 'observed_at',
] as const; // prettier-ignore
const NEEDED = ['platform', 'account_id'];

/** Accounts in the canonical columns, as CSV or JSON Lines. */
export async function accountsFile(pattern: string, zones: ReadonlyMap<string, string>, observedAt: Instant | null): Promise<Reading> {
  const files = filesOf(pattern);
  for (const file of files) if (extname(file) !== '.jsonl') checkHeader(file, await readHeader(file, 'utf-8'));
  const meter: Meter = { total: sizeOf(files), done: 0 };
  return {
    format: 'accounts',
    source: pattern,
    files,
    skipped: [],
    meter,
    rows: () => concatenate(files, (file) => readAccounts(file, zones, observedAt, meter)),
  };
}

function checkHeader(file: string, header: readonly string[]): void {
  const known = ACCOUNT_COLUMNS as readonly string[];
  for (const column of NEEDED)
    if (!header.includes(column))
      throw new GovblogError(
        'BAD_INPUT',
        `${file} has no column "${column}".${didYouMean(column, header)} The columns of an account registry: ${known.join(', ')}.`,
      );
  for (const column of header)
    if (!known.includes(column))
      throw new GovblogError(
        'BAD_INPUT',
        `${file} has a column "${column}" that is not one of an account registry.${didYouMean(column, known)} Rename or remove it; the columns: ${known.join(', ')}.`,
      );
}

/** A line of JSON Lines has its own names; a misspelled one must not pass for a value that nobody knows. */
function checkNames(value: Json): void {
  const known = ACCOUNT_COLUMNS as readonly string[];
  const names = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  for (const name of names)
    if (!known.includes(name))
      throw new ValueError(name, `This is not one of the columns of an account registry.${didYouMean(name, known)}`);
}

async function* readAccounts(
  file: string,
  zones: ReadonlyMap<string, string>,
  observedAt: Instant | null,
  meter: Meter,
): AsyncGenerator<ParsedRow> {
  if (extname(file) === '.jsonl')
    for await (const row of readJsonLines(file, 'utf-8', meter)) {
      if ('error' in row) yield { reject: { origin: row.origin, field: null, reason: row.error, raw: row.raw } };
      else
        yield parseRow(row.origin, JSON.stringify(row.value), () => {
          checkNames(row.value);
          return account((name) => textAt(row.value, name), zones, observedAt);
        });
    }
  else
    for await (const row of readCsv(file, 'utf-8', meter))
      yield parseRow(row.origin, row.raw, () => account((name) => row.cells.get(name), zones, observedAt));
}

function account(cell: (name: string) => string | undefined, zones: ReadonlyMap<string, string>, fallback: Instant | null): AccountRecord {
  const text = (name: (typeof ACCOUNT_COLUMNS)[number]): string | null => readText(cell(name));
  const platform = readId('platform', cell('platform'));
  const zone = zones.get(platform) ?? 'UTC';
  const since = text('valid_from');
  if (since !== null && !isDay(since)) throw new ValueError('valid_from', `"${since}" is not a day; write 2011-12-31.`);
  const observedAt =
    text('observed_at') !== null
      ? readTime('observed_at', cell('observed_at'), zone)
      : (fallback ?? (since === null ? null : startOfDay(since, zone)));
  if (observedAt === null)
    throw new ValueError(
      'observed_at',
      'Nothing tells when this was so: fill observed_at or valid_from (2011-12-31), or give --observed-at.',
    );
  return {
    kind: 'account',
    platform,
    accountId: readId('account_id', cell('account_id')),
    observedAt,
    screenName: text('screen_name'),
    accountType: text('account_type'),
    region: text('region'),
    prefecture: text('prefecture'),
    sector: text('sector'),
    level: text('level'),
    verified: readBoolean('verified', cell('verified')),
    verifiedType: text('verified_type'),
    verifiedReason: text('verified_reason'),
    openedOn: text('opened_on'),
    validFrom: since,
    validTo: text('valid_to'),
    followers: readCount('followers', cell('followers')),
    following: readCount('following', cell('following')),
    postsTotal: readCount('posts_total', cell('posts_total')),
  };
}
