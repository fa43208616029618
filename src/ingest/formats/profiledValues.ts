import { isDay, localTime, type Day, type Instant } from '../../model/time';
import { decodeEntities, plainText } from '../html';
import { readText, readTime, ValueError } from '../values';
import type { Profile } from './profile';
import { valueAt, type Cells, type Place } from './profiledPlace';

/**
 * The time at a place; times without a year get the one of the place. `now`: when the row was collected, for relative
 * times, where that is known.
 */
export function timeAt(field: string, at: Place, row: Cells, zone: string, now?: Instant): Instant {
  const text = valueAt(field, at, row);
  if (at.year === undefined || at.format === undefined || readText(text) === null) return readTime(field, text, zone, at.format, now);
  return readTime(field, `${at.year} ${text!.trim()}`, zone, `yyyy ${at.format}`);
}

/** The local day at a place, written as a day or as a time; null where there is none. */
export function dayAt(field: string, at: Place | undefined, row: Cells, zone: string): Day | null {
  const text = readText(valueAt(field, at, row));
  if (at === undefined || text === null) return null;
  if (at.format === undefined && isDay(text)) return text;
  if (at.format === undefined && !/\d{4}/.test(text)) throw new ValueError(field, `"${text}" is not a day; write 2011-12-31.`);
  return localTime(timeAt(field, at, row, zone), zone).day;
}

/** A text as people read it, where the profile says that it is HTML or has entities. */
export function textOf(profile: Profile, at: Place | undefined, text: string | undefined): string | undefined {
  if (text === undefined || at === undefined) return text;
  if (at.html) return plainText(text);
  return profile.htmlEntities ? decodeEntities(text) : text;
}
