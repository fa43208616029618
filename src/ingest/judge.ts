import { didYouMean } from '../suggest';
import type { TextRules } from '../text/rules';
import type { AssignmentRules } from './assignment/assign';
import { isDay, type Instant } from '../model/time';
import type { AccountRecord, FollowRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from './records';

type Coded = (typeof CODED)[number];

/** What a record is judged against: the codes of the reference tables, and the present. */
export interface Rules {
  readonly zones: ReadonlyMap<string, string>;
  readonly codes: Readonly<Record<Coded, ReadonlySet<string>>>;
  /** Codes by their names in either language, in lower case. */
  readonly named: Readonly<Record<Coded, ReadonlyMap<string, string>>>;
  readonly now: number;
  /** How attributes of accounts follow from verification, names and location. */
  readonly assignment: AssignmentRules;
  /** How features are made of texts. */
  readonly text: TextRules;
}

const DAY_MS = 86_400_000;
/** The first micro-blog service opened in 2006; an earlier instant is a misread date. */
const EARLIEST_DAY = '2006-01-01';
const EARLIEST = Date.parse(EARLIEST_DAY);
/** Days that stand for "earlier than anything known, in this order". */
const ORDER_ONLY_FROM = '0001-01-01';
export const ORDER_ONLY_TO = '0001-01-31';
const CODED = ['region', 'prefecture', 'sector', 'level', 'accountType'] as const;
/** Characters that the store has room for, and bytes of a text of any length. */
const ROOM = { screenName: 120, verifiedType: 16, verifiedReason: 400, location: 120 } as const;
const TEXT_BYTES = 65_535;
const HASH_LENGTH = 64;

/** Whether something of a micro-blog can have happened at an instant: not before there were any, not after tomorrow. */
export const isPlausible = (at: Instant, now: Instant): boolean => at >= EARLIEST && at <= now + DAY_MS;

type Wrong = { readonly field: string; readonly reason: string } | null;
const wrong = (field: string, reason: string): Wrong => ({ field, reason });

/** The first thing wrong with a record, as field and sentence; null when it can be taken. */
export function judge(record: IngestRecord, rules: Rules): Wrong {
  if (!rules.zones.has(record.platform))
    return wrong(
      'platform',
      `There is no platform "${record.platform}".${didYouMean(record.platform, [...rules.zones.keys()])} Add it to seeds/reference/platforms.csv.`,
    );
  switch (record.kind) {
    case 'account':
      return wrongAccountId('accountId', record.accountId) ?? judgeAccount(record, rules);
    case 'post':
      return wrongAccountId('accountId', record.accountId) ?? judgePost(record, rules.now);
    case 'status':
      return judgeStatus(record, rules.now);
    case 'interaction':
      return judgeInteraction(record, rules.now);
    case 'follow':
      return judgeFollow(record, rules.now);
  }
}

const wrongAccountId = (field: string, id: string | null | undefined): Wrong =>
  id === null || id === undefined || /^[^\s:]{1,64}$/.test(id)
    ? null
    : wrong(field, `"${id}" is not an account id: 1 to 64 characters without space or colon.`);

/** A name given for a code is the likeliest slip. */
const codeFor = (word: string, field: Coded, { codes, named }: Rules): string => {
  const code = named[field].get(word.toLowerCase());
  return code === undefined ? didYouMean(word, [...codes[field]]) : ` The code of ${word} is "${code}".`;
};

function judgeAccount(record: AccountRecord, rules: Rules): Wrong {
  for (const field of CODED) {
    const code = record[field];
    if (code !== undefined && code !== null && !rules.codes[field].has(code))
      return wrong(field, `There is no ${field} "${code}".${codeFor(code, field, rules)}`);
  }
  for (const field of ['openedOn', 'validFrom', 'validTo'] as const) {
    const day = record[field];
    if (day !== undefined && day !== null && !isDay(day)) return wrong(field, `"${day}" is not a day; write 2011-12-31.`);
  }
  const tomorrow = new Date(rules.now + DAY_MS).toISOString().slice(0, 10);
  for (const field of ['openedOn', 'validFrom'] as const) {
    const day = record[field] ?? EARLIEST_DAY;
    // Former names of which only the order is known stand in the first days of year 1.
    if (field === 'validFrom' && day >= ORDER_ONLY_FROM && day <= ORDER_ONLY_TO) continue;
    if (day < EARLIEST_DAY) return wrong(field, `${day} is before 2006, when there were no micro-blogs; leave it out if it is not known.`);
    if (day > tomorrow) return wrong(field, `${day} lies in the future.`);
  }
  if (record.validFrom && record.validTo && record.validTo <= record.validFrom)
    return wrong('validTo', `${record.validTo} is the first day without these attributes; it must come after ${record.validFrom}.`);
  for (const field of Object.keys(ROOM) as (keyof typeof ROOM)[])
    if ([...(record[field] ?? '')].length > ROOM[field]) return wrong(field, `The text is longer than ${ROOM[field]} characters.`);
  return (
    wrongText('description', record.description ?? '') ??
    wrongCount(record, 'followers', 'following', 'postsTotal') ??
    wrongTime('observedAt', record.observedAt, rules.now)
  );
}

const judgePost = (record: PostRecord, now: Instant): Wrong =>
  wrongTime('postedAt', record.postedAt, now) ??
  wrongTime('observedAt', record.observedAt, now) ??
  wrongPostId('postId', record.postId) ??
  wrongPostId('repostOfId', record.repostOfId) ??
  wrongText('text', record.text) ??
  wrongCount(record, 'reposts', 'comments', 'likes');

const judgeStatus = (record: StatusRecord, now: Instant): Wrong =>
  wrongTime('observedAt', record.observedAt, now) ?? wrongPostId('postId', record.postId);

const judgeFollow = (record: FollowRecord, now: Instant): Wrong =>
  wrongAccountId('accountId', record.accountId) ??
  wrongAccountId('writerId', record.writerId) ??
  wrongTime('observedAt', record.observedAt, now);

const judgeInteraction = (record: InteractionRecord, now: Instant): Wrong =>
  wrongAccountId('accountId', record.accountId) ??
  wrongAccountId('writerId', record.writerId) ??
  wrongAccountId('byAccountId', record.byAccountId) ??
  wrongTime('createdAt', record.createdAt, now) ??
  wrongPostId('postId', record.postId) ??
  wrongPostId('interactionId', record.interactionId) ??
  wrongPostId('parentId', record.parentId) ??
  wrongText('text', record.text) ??
  wrongCount(record, 'likes') ??
  ((record.writerId ?? record.byAccountId ?? record.citizenHash) === null
    ? wrong('citizenHash', 'An interaction needs the account or the citizen who wrote it.')
    : (record.citizenHash ?? '').length > HASH_LENGTH
      ? wrong('citizenHash', `The hash is longer than ${HASH_LENGTH} characters.`)
      : null);

function wrongTime(field: string, at: Instant, now: Instant): Wrong {
  if (isPlausible(at, now)) return null;
  return wrong(field, at > now ? 'The time lies in the future.' : 'The time is before 2006, when there were no micro-blogs.');
}

const wrongPostId = (field: string, id: string | null | undefined): Wrong =>
  id === null || id === undefined || /^\S{1,40}$/.test(id)
    ? null
    : wrong(field, `"${id}" is not an id of a post or comment: 1 to 40 characters without space.`);

const wrongText = (field: string, text: string): Wrong =>
  Buffer.byteLength(text) > TEXT_BYTES ? wrong(field, `The text is longer than ${TEXT_BYTES} bytes.`) : null;

function wrongCount<F extends string>(record: Readonly<Partial<Record<F, number | null>>>, ...fields: readonly F[]): Wrong {
  for (const field of fields) {
    const count = record[field] ?? 0;
    if (!Number.isSafeInteger(count) || count < 0) return wrong(field, `${String(count)} is not a count.`);
  }
  return null;
}
