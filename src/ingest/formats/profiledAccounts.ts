import { GovblogError } from '../../errors';
import { startOfDay, type Instant } from '../../model/time';
import { textAt, type Json } from '../json';
import { sizeOf, type Meter } from '../files';
import { concatenate, type Reading } from '../reading';
import type { AccountRecord } from '../records';
import { readBoolean, readCounts, readId, readText, ValueError } from '../values';
import type { AccountPlaces, Profile } from './profile';
import { statementsOf, type Former, type Historical } from './profiledHistory';
import { flagAt, valueAt, type Cells } from './profiledPlace';
import { namesAt, profiledFiles, profiledRows, type ProfiledRow } from './profiledRows';
import { dayAt, textOf, timeAt } from './profiledValues';

/**
 * Accounts in anybody's CSV, JSON or JSON Lines, described by a profile. A row is one account: what it is, what it was
 * before, and whether it still exists. The time of observation is that of the row's place, else `observedAt`, else the
 * day from which the row says that it holds.
 */
export async function profiledAccounts(pattern: string, profile: Profile, observedAt: Instant | null): Promise<Reading> {
  const places = profile.account;
  if (places === undefined)
    throw new GovblogError('BAD_INPUT', 'The profile describes posts ("post"); to load accounts, it needs a part "account".');
  if (places.observedAt === undefined && places.validFrom === undefined && observedAt === null)
    throw new GovblogError(
      'BAD_INPUT',
      'Nothing tells when this was so: the profile names neither "observedAt" nor "validFrom". Give the time with --observed-at 2024-11-29T20:00:00+08:00.',
    );
  const files = await profiledFiles(pattern, profile);
  const meter: Meter = { total: sizeOf(files), done: 0 };
  return {
    format: `accounts:${profile.format}`,
    source: pattern,
    files,
    skipped: [],
    meter,
    rows: () => concatenate(files, (file) => profiledRows(file, profile, meter, (row) => account(profile, places, row, observedAt))),
  };
}

type Field = Exclude<keyof AccountPlaces, 'history'>;

function account(profile: Profile, places: AccountPlaces, row: ProfiledRow, told: Instant | null): AccountRecord[] {
  const zone = profile.timeZone;
  const at = (field: Field): string | undefined => valueAt(field, places[field], row);
  const text = (field: Field): string | null => readText(at(field));
  const validFrom = dayAt('validFrom', places.validFrom, row, zone);
  const gone = flagAt('deleted', places.deleted, row) !== null;
  const current: AccountRecord = {
    kind: 'account',
    platform: profile.platform,
    accountId: readId('id', at('id')),
    observedAt: observedAtOf(places, row, zone, told) ?? since(validFrom, zone),
    screenName: text('screenName'),
    accountType: text('accountType'),
    region: text('region'),
    prefecture: text('prefecture'),
    sector: text('sector'),
    level: text('level'),
    verified: readBoolean('verified', at('verified')),
    verifiedType: text('verifiedType'),
    verifiedReason: text('verifiedReason'),
    description: readText(textOf(profile, places.description, at('description'))),
    location: text('location'),
    openedOn: dayAt('openedOn', places.openedOn, row, zone),
    validFrom,
    validTo: dayAt('validTo', places.validTo, row, zone),
    ...readCounts({ followers: at('followers'), following: at('following'), postsTotal: at('postsTotal') }),
    ...(gone && { deleted: true }),
  };
  const names = namesAt('previousNames', places.previousNames, row, () => at('previousNames'));
  return statementsOf(current, names, formerOf(places.history, row, zone));
}

function observedAtOf(places: AccountPlaces, row: ProfiledRow, zone: string, told: Instant | null): Instant | null {
  const written = places.observedAt !== undefined && readText(valueAt('observedAt', places.observedAt, row)) !== null;
  return written ? timeAt('observedAt', places.observedAt!, row, zone) : told;
}

function since(validFrom: string | null, zone: string): Instant {
  if (validFrom !== null) return startOfDay(validFrom, zone);
  throw new ValueError(
    'observedAt',
    'Nothing tells when this was so: the row has neither a time of observation nor a validFrom; give --observed-at.',
  );
}

/** The entries of the list of former values. */
function formerOf(places: AccountPlaces['history'], row: ProfiledRow, zone: string): Former[] {
  if (places === undefined) return [];
  return (row.list(places.column, places.outer) ?? []).map((entry): Former => {
    const cells = entryOf(row.file, entry);
    const values: Partial<Record<Historical, string | null>> = {};
    for (const [name, where] of Object.entries(places.values)) {
      const value = where && valueAt(`history.${name}`, where, cells);
      // An entry speaks of the attributes that it has, not of the others.
      if (value !== undefined) values[name as Historical] = readText(value);
    }
    return { values, until: dayAt('history.until', places.until, cells, zone) };
  });
}

const entryOf = (file: string, entry: Json): Cells => ({ file, cell: (column) => textAt(entry, column), outer: () => undefined });
