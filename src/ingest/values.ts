import { DateTime } from 'luxon';
import { localTime, type Day, type Instant } from '../model/time';
import { latestWithoutYear, localInstant, relativeTime, wallClock } from './relativeTime';

/** A value that cannot be read. It rejects its row, not its file. */
export class ValueError extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

/** Full-width digits and signs as input methods write them: `１２３`, `１０万＋`, `1，234`. */
const halfWidth = (text: string): string =>
  text.replace(/[０-９．，＋]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).trim();
/** Weibo's pages show the name of a counter in the place of its 0. */
const ZERO = new Set(['转发', '评论', '赞']);

/**
 * `27.1万` → 271000, `1.36亿` → 136000000, `10万+` → 100000, `1,234` → 1234, full-width digits as others, `转发`, `评论`
 * or `赞` alone → 0 (Weibo shows the word in the place of the number); empty → null (not collected). Negative, fractional
 * and other values are a ValueError, and so is a count beyond 2^53, which would not be exact.
 */
export function readCount(field: string, text: string | undefined): number | null {
  const written = (text ?? '').trim();
  if (written === '') return null;
  // Nearly all are of this form, and counts are a large part of what is read.
  if (/^\d{1,15}$/.test(written)) return Number(written);
  const plain = halfWidth(written);
  const match = /^(\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+)\s*([万亿])?\s*\+?$/.exec(plain);
  if (!match) {
    if (ZERO.has(plain)) return 0;
    throw new ValueError(field, `"${written}" is not a count.`);
  }
  const [integer = '', fraction = ''] = match[1]!.replaceAll(',', '').split('.');
  // Tables with gaps are often written with their counts as 12.0.
  const decimals = fraction.replace(/0+$/, '');
  const zeros = match[2] === '亿' ? 8 : match[2] === '万' ? 4 : 0;
  if (decimals.length > zeros) throw new ValueError(field, `"${written}" is not a whole number.`);
  // The decimal point is moved as text, so that 27.1万 is exactly 271000.
  const count = Number(integer + decimals.padEnd(zeros, '0'));
  if (!Number.isSafeInteger(count)) throw new ValueError(field, `"${written}" is beyond 2^53 and would not be exact.`);
  return count;
}

/**
 * Counters by name, with the raw text of those that the source rounded: `10万+`, `27.1万`. Weibo's pages round from 10,000
 * on, so a crawler that converts the text itself leaves whole thousands behind: `roundedFrom` marks those too.
 */
export function readCounts<C extends string>(
  cells: Readonly<Record<C, string | undefined>>,
  roundedFrom = Infinity,
): Record<C, number | null> & { readonly approximate?: Readonly<Partial<Record<C, string>>> } {
  const counts = {} as Record<C, number | null>;
  const approximate: Partial<Record<C, string>> = {};
  let any = false;
  for (const name of Object.keys(cells) as C[]) {
    const text = cells[name];
    const count = (counts[name] = readCount(name, text));
    if (count === null) continue;
    if (/[万亿+＋]/.test(text!) || (count >= roundedFrom && count % 1_000 === 0)) {
      approximate[name] = text!.trim();
      any = true;
    }
  }
  return any ? { ...counts, approximate } : counts;
}

/** Ids are text; some crawlers pad them with a TAB so that spreadsheets leave them alone. */
export function readId(field: string, text: string | undefined): string {
  const id = (text ?? '').trim();
  if (id === '') throw new ValueError(field, 'The id is empty.');
  return id;
}

/** Text or null when there is none. */
export const readText = (text: string | undefined): string | null => ((text ?? '').trim() === '' ? null : text!.trim());

export function readBoolean(field: string, text: string | undefined): boolean | null {
  const plain = (text ?? '').trim().toLowerCase();
  if (plain === '') return null;
  if (['true', '1', 'yes', '是'].includes(plain)) return true;
  if (['false', '0', 'no', '否'].includes(plain)) return false;
  throw new ValueError(field, `"${plain}" is neither true nor false.`);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?`;
const OFFSET = String.raw`\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`;
/** ISO 8601, SQL, `2011/5/31 23:54` and `2011年5月31日 23:54:10`. */
const WRITTEN = new RegExp(String.raw`^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:(?:T|\s+|(?<=日))${CLOCK}${OFFSET})?$`);
const BASIC = new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(?:(\d{2})(?:[.,](\d+))?)?${OFFSET})?$`);
/** `Tue May 31 17:46:55 +0800 2011`. */
const API = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})$/;
const DAY_MS = 86_400_000;

/**
 * Reads a time. Without a format: ISO 8601 or SQL form (`2011-12-31 23:59:59.250`), `2011/5/31 23:54`,
 * `2011年5月31日 23:54`, Weibo's API form (`Tue May 31 17:46:55 +0800 2011`), seconds or milliseconds since 1970, and, when
 * the time of crawling `at` is known, the relative and yearless times of `relativeTime` (`5分钟前`, `昨天 23:54`, `05-31 23:54`).
 * What Weibo's pages put behind a time (` 来自 iPhone客户端`) is cut off. With a format: luxon's tokens; a format without a
 * year means the latest such moment not after `at`.
 *
 * A time without an offset is local time of `zone`: one that the clocks skipped counts from the offset before the change,
 * and of one that they showed twice the first is meant. Placeholders (`0000-00-00 00:00:00`, the beginning of 1970) are
 * errors like everything else that names no moment.
 */
export function readTime(field: string, text: string | undefined, zone: string, format?: string, at?: Instant): Instant {
  const plain = (text ?? '').trim();
  if (plain === '') throw new ValueError(field, 'The time is empty.');
  const time = format === undefined ? usualTime(plain, zone, at) : formattedTime(plain, zone, format, at);
  if (typeof time === 'string') throw new ValueError(field, time);
  if (Math.abs(time) <= DAY_MS) throw new ValueError(field, `"${plain}" stands for an unknown time.`);
  return time;
}

/** The local day of a time, or null when there is none: when an account was opened. Errors as `readTime`. */
export const readDay = (field: string, text: string | undefined, zone: string): Day | null =>
  readText(text) === null ? null : localTime(readTime(field, text, zone), zone).day;

function usualTime(written: string, zone: string, at: Instant | undefined): Instant | string {
  const plain = written.includes('来自') ? written.replace(/\s*来自.*$/s, '') : written;
  const parts = WRITTEN.exec(plain) ?? BASIC.exec(plain);
  if (parts) {
    const [, year, month, day, hour, minute, second, fraction, offset] = parts;
    if (Number(year) < 1900) return `"${written}" stands for an unknown time.`;
    const wall = wallClock(
      Number(year),
      Number(month),
      Number(day),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
      Number((fraction ?? '').slice(0, 3).padEnd(3, '0')),
    );
    const time = offset === undefined ? wall : wall - offsetOf(offset);
    if (Number.isNaN(time)) return `"${written}" is not a time.`;
    return offset === undefined ? localInstant(wall, zone) : time;
  }
  if (/^\d{10}(?:\.\d+)?$/.test(plain)) return Math.round(Number(plain) * 1_000);
  if (/^\d{13}$/.test(plain)) return Number(plain);
  const time = apiTime(plain) ?? relativeTime(plain, zone, at);
  return time === null || Number.isNaN(time) ? `"${written}" is not a time.` : time;
}

/** Null: not of this form; NaN: of this form, but no such day, or another day of the week. */
function apiTime(plain: string): number | null {
  const parts = API.exec(plain);
  if (!parts) return null;
  const [, weekday, month, day, hour, minute, second, offset, year] = parts;
  const wall = wallClock(Number(year), MONTHS.indexOf(month!) + 1, Number(day), Number(hour), Number(minute), Number(second));
  return WEEKDAYS[new Date(wall).getUTCDay()] === weekday ? wall - offsetOf(offset!) : NaN;
}

/** Milliseconds of `Z`, `+08`, `+0800` or `+08:00`; NaN for one that no zone has. */
function offsetOf(text: string): number {
  if (/^[A-Z]/.test(text)) return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', ''))];
  return hours > 14 || minutes > 59 ? NaN : Math.sign(Number(`${text[0]!}1`)) * (hours * 60 + minutes) * 60_000;
}

function formattedTime(plain: string, zone: string, format: string, at: Instant | undefined): Instant | string {
  const wrong = `"${plain}" is not a time of the form ${format}.`;
  const tokens = format.replace(/'[^']*'/g, '');
  // Luxon would fill a missing year or day from the clock, and cut a doubtful local time by the season of reading.
  if (/[yYkGXxDfF]/.test(tokens)) {
    const absolute = /[zZXx]/.test(tokens);
    const time = DateTime.fromFormat(plain, format, { zone: absolute ? zone : 'utc', locale: 'en' });
    if (!time.isValid) return wrong;
    return absolute ? time.toMillis() : localInstant(time.toMillis(), zone);
  }
  const inLeapYear = DateTime.fromFormat(`2000 ${plain}`, `yyyy ${format}`, { zone: 'utc', locale: 'en' });
  if (!inLeapYear.isValid) return wrong;
  if (!/[MLo]/.test(tokens)) return `A time of the form ${format} says no day.`;
  if (at === undefined) return `"${plain}" needs the time of crawling: give it with --observed-at.`;
  const { month, day, hour, minute, second, millisecond } = inLeapYear;
  const time = latestWithoutYear(at, zone, (year) => wallClock(year, month, day, hour, minute, second, millisecond));
  return Number.isNaN(time) ? wrong : time;
}
