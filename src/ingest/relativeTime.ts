import { offsetMs, type Instant } from '../model/time';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { 秒: SECOND_MS, 分: 60 * SECOND_MS, 小: 3_600 * SECOND_MS };
const DAYS_AGO: Readonly<Record<string, number>> = { 今: 0, 昨: 1, 前: 2 };

const SPAN = /^(\d{1,9})\s*(秒|分钟|小时)钟?前$/;
const DAY_NAME = /^([今昨前])天\s*(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const NO_YEAR = /^(\d{1,2})(?:月(\d{1,2})日\s*|-(\d{1,2})\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const NO_TIME_OF_DAY = /^(?:\d+\s*天前|[今昨前]天|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2})$/;

/**
 * Milliseconds from 1970 to a wall-clock time as if it were UTC; NaN when the calendar or the clock has no such time.
 * `24:00:00` is the midnight that ends the day.
 */
export function wallClock(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days || minute > 59 || second > 59) return NaN;
  if (hour > 23 && !(hour === 24 && minute + second + ms === 0)) return NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/**
 * The instant of a wall-clock time in a zone. A time that the clocks skipped counts from the offset before the change: it
 * lies as far behind it as it was written behind (02:30 becomes 03:30). Of a time that they showed twice, the first is
 * meant. Neither depends on the day of reading.
 */
export function localInstant(wall: number, zone: string): Instant {
  const before = wall - offsetMs(zone, wall - DAY_MS);
  const after = wall - offsetMs(zone, wall + DAY_MS);
  if (before === after) return before;
  const shows = (instant: Instant): boolean => instant + offsetMs(zone, instant) === wall;
  if (shows(before) && shows(after)) return Math.min(before, after);
  return shows(after) ? after : before;
}

/** The latest moment not after `at` with this month, day and time of day; a 29 February is of a leap year. NaN: there is none. */
export function latestWithoutYear(at: Instant, zone: string, ofYear: (year: number) => number): Instant {
  const thisYear = new Date(at + offsetMs(zone, at)).getUTCFullYear();
  for (let year = thisYear; year >= thisYear - 8; year -= 1) {
    const wall = ofYear(year);
    const instant = Number.isNaN(wall) ? NaN : localInstant(wall, zone);
    if (instant <= at) return instant;
  }
  return NaN;
}

/**
 * Times as Weibo's pages show them, which mean something only together with the time of crawling `at`: `刚刚`, `5秒前`,
 * `5分钟前`, `2小时前`, `今天 10:20`, `昨天 23:54`, `前天 08:00` in the zone, and without a year `05月31日 23:54` and
 * `05-31 23:54`: the latest such moment not after `at`. Spans are as exact as they were written, mostly to the minute.
 * Answers an instant, the reason why the text cannot be read, or null when it is none of these.
 */
export function relativeTime(text: string, zone: string, at: Instant | undefined): Instant | string | null {
  if (NO_TIME_OF_DAY.test(text)) return `"${text}" says no time of day.`;
  const span = SPAN.exec(text);
  const named = DAY_NAME.exec(text);
  const yearless = NO_YEAR.exec(text);
  if (text !== '刚刚' && !span && !named && !yearless) return null;
  if (at === undefined) return `"${text}" needs the time of crawling: give it with --observed-at.`;
  if (span) return at - Number(span[1]) * UNITS[span[2]![0]!]!;
  const wrong = `"${text}" is not a time.`;
  if (named) {
    const today = new Date(at + offsetMs(zone, at) - DAYS_AGO[named[1]!]! * DAY_MS);
    const wall = wallClock(today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate(), ...numbers(named.slice(2)));
    return Number.isNaN(wall) ? wrong : localInstant(wall, zone);
  }
  if (yearless) {
    const [month, ...rest] = numbers([yearless[1], yearless[2] ?? yearless[3], ...yearless.slice(4)]);
    const instant = latestWithoutYear(at, zone, (year) => wallClock(year, month!, ...(rest as [number])));
    return Number.isNaN(instant) ? wrong : instant;
  }
  return at;
}

const numbers = (texts: readonly (string | undefined)[]): number[] => texts.map((text) => Number(text ?? 0));
