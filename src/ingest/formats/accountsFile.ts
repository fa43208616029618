import { isDay, startOfDay, type Instant } from '../../model/time';
import { sizeOf, type Meter } from '../files';
import { concatenate, type Reading } from '../reading';
import type { AccountRecord } from '../records';
import { readBoolean, readCounts, readId, readText, readTime, ValueError } from '../values';
import { canonicalFiles, canonicalRows, type Canonical, type CanonicalCell } from './canonical';

/** The canonical columns of an account registry. */
export const ACCOUNT_COLUMNS = [
  'platform', 'account_id', 'screen_name', 'account_type', 'region', 'prefecture', 'sector', 'level', 'verified', 'verified_type', 'verified_reason',
  'opened_on', 'valid_from', 'valid_to', 'followers', 'following', 'posts_total', 'observed_at', 'deleted',
] as const; // prettier-ignore
const REGISTRY: Canonical = { what: 'an account registry', columns: ACCOUNT_COLUMNS, needed: ['platform', 'account_id'] };

/** Accounts in the canonical columns, as CSV or JSON Lines. */
export async function accountsFile(pattern: string, zones: ReadonlyMap<string, string>, observedAt: Instant | null): Promise<Reading> {
  const files = await canonicalFiles(pattern, REGISTRY);
  const meter: Meter = { total: sizeOf(files), done: 0 };
  return {
    format: 'accounts',
    source: pattern,
    files,
    skipped: [],
    meter,
    rows: () => concatenate(files, (file) => canonicalRows(file, REGISTRY, meter, (cell) => [account(cell, zones, observedAt)])),
  };
}

function account(cell: CanonicalCell, zones: ReadonlyMap<string, string>, fallback: Instant | null): AccountRecord {
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
    ...readCounts({ followers: cell('followers'), following: cell('following'), postsTotal: cell('posts_total') }),
    ...(readBoolean('deleted', cell('deleted')) === true && { deleted: true }),
  };
}
