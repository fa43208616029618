import type { Instant } from '../../../model/time';
import { plainText } from '../../html';
import type { StatusRecord } from '../../records';
import { readCounts, readId, readText, readTime, ValueError } from '../../values';
import { midOf } from '../../weiboIds';
import { absenceOf } from '../absence';

// What the crawlers of github.com/dataabc have in common.
export const PLATFORM = 'weibo';
/** Weibo's pages show the time of Beijing, and these crawlers cut the zone off where the API tells it. */
export const ZONE = 'Asia/Shanghai';
/** From here on m.weibo.cn and weibo.cn show 万 and 亿, which weibo-crawler and weiboSpider write out as numbers. */
export const ROUNDED_FROM = 10_000;

/** Counts by field, from the columns that the source has for them. Errors name the column. */
export function countsOf<C extends string>(
  cell: (name: string) => string | undefined,
  columns: Readonly<Record<C, string>>,
  roundedFrom?: number,
): ReturnType<typeof readCounts<C>> {
  const cells = {} as Record<C, string | undefined>;
  for (const name of Object.keys(columns) as C[]) cells[name] = cell(columns[name]);
  try {
    return readCounts(cells, roundedFrom);
  } catch (error) {
    if (error instanceof ValueError && error.field in columns) throw new ValueError(columns[error.field as C], error.reason);
    throw error;
  }
}

/** A name in the address of a post, as Weibo has given them since 2009. */
const BID = /^[0-9A-Za-z]{8,10}$/;
/** A spreadsheet keeps 15 digits of a number. */
const SPREADSHEET_DIGITS = 15;

/**
 * The number of a post. Where a spreadsheet has spoiled it (`5.10612E+15`, or zeros for its last digits), the name of the
 * post in its address, the bid, still tells; without a bid the former is an error.
 */
export function postIdOf(field: string, text: string | undefined, bid: string | undefined): string {
  const id = readId(field, text);
  const name = (bid ?? '').trim();
  const spoiled = /^\d(?:\.\d+)?E\+\d+$/i.test(id);
  if (!spoiled && !(id.length > SPREADSHEET_DIGITS && id.endsWith('0'))) return id;
  const mid = BID.test(name) ? midOf('bid', name) : null;
  if (spoiled && mid === null) throw new ValueError(field, `"${id}" is an id that a spreadsheet has rounded.`);
  const kept = mid?.slice(0, SPREADSHEET_DIGITS).padEnd(mid.length, '0');
  return spoiled || id === kept ? mid! : id;
}

/** A post by its bid (`KdqXvEvK7`), or by its number. */
export function bidOrMid(field: string, text: string | undefined): string {
  const id = readId(field, text);
  return /^\d{13,}$/.test(id) ? id : midOf(field, id);
}

/** The text of a post. The crawlers can be told to leave the tags of the page in it. */
export const bodyOf = (text: string | undefined): string =>
  text === undefined ? '' : /<(?:a|br|span|img)\b[^>]*>/i.test(text) ? plainText(text) : text;

/** The first of some texts that has anything in it. */
export const firstText = (...texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => readText(text) !== null);

/** A time of Beijing; `at` is the time of crawling, from which `5分钟前` counts. */
export const timeOf = (field: string, text: string | undefined, at: Instant): Instant => readTime(field, text, ZONE, undefined, at);

/**
 * What the place of an original says of it that is deleted or hidden: it has no author, and a notice for its text. Nothing
 * when the original is there.
 */
export function absentOriginal(
  id: string | null,
  author: string | undefined,
  text: string | undefined,
  observedAt: Instant,
): readonly StatusRecord[] {
  if (id === null || readText(author) !== null) return [];
  const absence = absenceOf(text ?? '');
  // A source without a column for the author says nothing by leaving it out.
  if (absence === null && author === undefined) return [];
  return [
    {
      kind: 'status',
      platform: PLATFORM,
      postId: id,
      observedAt,
      ...(absence ?? { status: 'HIDDEN', actor: 'UNKNOWN' }),
      evidence: readText(text),
    },
  ];
}
