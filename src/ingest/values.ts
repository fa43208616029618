import { DateTime } from 'luxon';
import type { Instant } from '../model/time';

/** A value that cannot be read. It rejects its row, not its file. */
export class ValueError extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

/** `27.1万` → 271000, `1.36亿` → 136000000, `10万+` → 100000, `1,234` → 1234; empty → null (not collected). */
export function readCount(field: string, text: string | undefined): number | null {
  const plain = (text ?? '').trim();
  if (plain === '') return null;
  const match = /^(\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+)\s*([万亿])?\+?$/.exec(plain);
  if (!match) throw new ValueError(field, `"${plain}" is not a count.`);
  const [integer = '', fraction = ''] = match[1]!.replaceAll(',', '').split('.');
  // Tables with gaps are often written with their counts as 12.0.
  const decimals = fraction.replace(/0+$/, '');
  const zeros = match[2] === '亿' ? 8 : match[2] === '万' ? 4 : 0;
  if (decimals.length > zeros) throw new ValueError(field, `"${plain}" is not a whole number.`);
  // The decimal point is moved as text, so that 27.1万 is exactly 271000.
  return Number(integer + decimals.padEnd(zeros, '0'));
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

/**
 * Reads a time. Without a format: ISO 8601 or SQL form (`2011-12-31 23:59:59`), Weibo's API form
 * (`Tue May 31 17:46:55 +0800 2011`), or seconds or milliseconds since 1970. With one: luxon's tokens.
 * A time without an offset is local time of `zone`.
 */
export function readTime(field: string, text: string | undefined, zone: string, format?: string): Instant {
  const plain = (text ?? '').trim();
  if (plain === '') throw new ValueError(field, 'The time is empty.');
  const time = format === undefined ? readUsualTime(plain, zone) : DateTime.fromFormat(plain, format, { zone, locale: 'en' });
  if (!time.isValid) throw new ValueError(field, `"${plain}" is not a time${format === undefined ? '' : ` of the form ${format}`}.`);
  return time.toMillis();
}

function readUsualTime(plain: string, zone: string): DateTime {
  if (/^\d{10}$/.test(plain)) return DateTime.fromSeconds(Number(plain));
  if (/^\d{13}$/.test(plain)) return DateTime.fromMillis(Number(plain));
  if (/^[A-Z][a-z]{2} /.test(plain)) return DateTime.fromFormat(plain, 'EEE MMM dd HH:mm:ss ZZZ yyyy', { locale: 'en' });
  // ISO 8601 also knows bare times, years and weeks: they name no moment, or the day of reading.
  if (!/^\d{4}-?\d{2}-?\d{2}(?!\d)/.test(plain)) return DateTime.invalid('no day');
  return DateTime.fromISO(plain.replace(' ', 'T'), { zone });
}
