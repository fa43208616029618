import { didYouMean } from '../suggest';
import { isDay } from '../model/time';
import type { IngestRecord } from './records';

/** What a record is judged against: the codes of the reference tables, and the present. */
export interface Rules {
  readonly zones: ReadonlyMap<string, string>;
  readonly codes: Readonly<Record<'region' | 'prefecture' | 'sector' | 'level' | 'accountType', ReadonlySet<string>>>;
  readonly now: number;
  /** Account type that a Weibo verification code alone implies. */
  readonly typeOfVerification: ReadonlyMap<string, string>;
  /** Chinese province names to codes, and for each province its prefectures by name. */
  readonly provinces: ReadonlyMap<string, string>;
  readonly prefectures: ReadonlyMap<string, readonly { readonly code: string; readonly name: string }[]>;
}

const DAY_MS = 86_400_000;
/** The first micro-blog service opened in 2006; an earlier instant is a misread date. */
const EARLIEST = Date.parse('2006-01-01');
const CODED = ['region', 'prefecture', 'sector', 'level', 'accountType'] as const;

/** The first thing wrong with a record, as field and sentence; null when it can be taken. */
export function judge(record: IngestRecord, rules: Rules): { field: string; reason: string } | null {
  const wrong = (field: string, reason: string): { field: string; reason: string } => ({ field, reason });
  if (!rules.zones.has(record.platform))
    return wrong(
      'platform',
      `There is no platform "${record.platform}".${didYouMean(record.platform, [...rules.zones.keys()])} Add it to seeds/reference/platforms.csv.`,
    );
  if (!/^[^\s:]{1,64}$/.test(record.accountId))
    return wrong('accountId', `"${record.accountId}" is not an account id: 1 to 64 characters without space or colon.`);

  if (record.kind === 'account') {
    for (const field of CODED) {
      const code = record[field];
      if (code !== undefined && code !== null && !rules.codes[field].has(code))
        return wrong(field, `There is no ${field} "${code}".${didYouMean(code, [...rules.codes[field]])}`);
    }
    for (const field of ['openedOn', 'validFrom', 'validTo'] as const) {
      const day = record[field];
      if (day !== undefined && day !== null && !isDay(day)) return wrong(field, `"${day}" is not a day; write 2011-12-31.`);
    }
    for (const field of ['followers', 'following', 'postsTotal'] as const)
      if (!isCount(record[field])) return wrong(field, `${String(record[field])} is not a count.`);
    return record.observedAt > rules.now + DAY_MS ? wrong('observedAt', 'The observation lies in the future.') : null;
  }
  const [field, at] = record.kind === 'post' ? ['postedAt', record.postedAt] : ['createdAt', record.createdAt];
  if (!(at >= EARLIEST)) return wrong(field, `The time is before 2006, when there were no micro-blogs.`);
  if (at > rules.now + DAY_MS) return wrong(field, 'The time lies in the future.');
  if (record.kind === 'post') {
    if (!/^\S{1,40}$/.test(record.postId)) return wrong('postId', `"${record.postId}" is not a post id: 1 to 40 characters without space.`);
    for (const counter of ['reposts', 'comments', 'likes'] as const)
      if (!isCount(record[counter])) return wrong(counter, `${String(record[counter])} is not a count.`);
  } else if (record.byAccountId === null && record.citizenHash === null)
    return wrong('citizenHash', 'An interaction needs the account or the hashed citizen who wrote it.');
  return null;
}

const isCount = (value: number | null | undefined): boolean =>
  value === undefined || value === null || (Number.isSafeInteger(value) && value >= 0);
