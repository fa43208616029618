import { DateTime, IANAZone } from 'luxon';

/** A calendar day `YYYY-MM-DD` in the local time of its platform. Days compare and sort as text. */
export type Day = string;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** True for a day that exists in the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(text);
  return !Number.isNaN(instant) && dayText(instant / DAY_MS) === text;
}

export const addDays = (day: Day, days: number): Day => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
export const monthOf = (day: Day): string => day.slice(0, 7);
export const monthStart = (month: string): Day => `${month}-01`;
export const monthEnd = (month: string): Day => addDays(monthStart(nextMonth(month)), -1);

export function nextMonth(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return number === 12 ? `${String(year + 1).padStart(4, '0')}-01` : `${month.slice(0, 4)}-${String(number + 1).padStart(2, '0')}`;
}

/** The day so many months earlier: the same day of the month, or its last day; the last day of a month stays one. */
export function monthsEarlier(day: Day, months: number): Day {
  const date = DateTime.fromISO(day, { zone: 'UTC' });
  const earlier = date.minus({ months });
  return (date.day === date.daysInMonth ? earlier.endOf('month') : earlier).toISODate()!;
}

/** Every month that a range of days touches, in order; none when the range is empty. */
export function monthsOf(from: Day, to: Day): string[] {
  const months: string[] = [];
  for (let month = monthOf(from); from <= to && month <= monthOf(to); month = nextMonth(month)) months.push(month);
  return months;
}

/** First day of the bucket of a day; weeks begin on Monday. */
export const bucketStart = (grain: 'day' | 'week' | 'month' | 'quarter' | 'year', day: Day): Day =>
  DateTime.fromISO(day, { zone: 'utc' }).startOf(grain).toISODate()!;
/** The last day of the bucket of a day. */
export const bucketLast = (grain: 'day' | 'week' | 'month' | 'quarter' | 'year', day: Day): Day =>
  DateTime.fromISO(day, { zone: 'utc' }).endOf(grain).toISODate()!;
export const minDay = <D extends Day | null | undefined>(...days: readonly D[]): Day | null =>
  days.reduce<Day | null>((least, day) => (day && (least === null || day < least) ? day : least), null);
export const maxDay = <D extends Day | null | undefined>(...days: readonly D[]): Day | null =>
  days.reduce<Day | null>((most, day) => (day && (most === null || day > most) ? day : most), null);

/**
 * Offset of a zone from UTC in milliseconds at an instant, remembered per hour: no zone in the IANA database
 * has changed its offset within a UTC quarter hour since microblogs exist, and luxon costs 5 µs a call.
 */
const zones = new Map<string, Map<number, number>>();
export function offsetMs(zone: string, instant: Instant): number {
  let offsets = zones.get(zone);
  if (!offsets) zones.set(zone, (offsets = new Map<number, number>()));
  const quarter = Math.floor(instant / (HOUR_MS / 4));
  let offset = offsets.get(quarter);
  if (offset === undefined) {
    if (offsets.size > 200_000) offsets.clear();
    offset = IANAZone.create(zone).offset(instant) * 60_000;
    offsets.set(quarter, offset);
  }
  return offset;
}

/** Days since 1970 as text, remembered: a load writes the same few thousand days millions of times. */
const days = new Map<number, Day>();
function dayText(number: number): Day {
  let day = days.get(number);
  if (day === undefined) {
    if (days.size > 50_000) days.clear();
    days.set(number, (day = new Date(number * DAY_MS).toISOString().slice(0, 10)));
  }
  return day;
}

/** The local day and hour of an instant in a zone. */
export function localTime(instant: Instant, zone: string): { day: Day; hour: number } {
  const local = instant + offsetMs(zone, instant);
  const number = Math.floor(local / DAY_MS);
  return { day: dayText(number), hour: Math.floor((local - number * DAY_MS) / HOUR_MS) };
}

/** The first instant of a local day. */
export const startOfDay = (day: Day, zone: string): Instant => DateTime.fromISO(day, { zone }).startOf('day').toMillis();

/** `2011-12-31 15:59:59.000`: how both stores write an instant (UTC, milliseconds). */
export function toSqlInstant(instant: Instant): string {
  const number = Math.floor(instant / DAY_MS);
  const rest = instant - number * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${dayText(number)} ${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${String(Math.floor(rest - seconds * 1000)).padStart(3, '0')}`;
}
/** `00` to `59`. */
const TWO = Array.from({ length: 60 }, (_, index) => String(index).padStart(2, '0'));

/** Reads what `toSqlInstant` wrote. */
export const fromSqlInstant = (text: string): Instant => Date.parse(`${text.slice(0, 10)}T${text.slice(11)}Z`);
