import { Random } from '../../../seeds/demo/random';
import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from '../../../src/ingest/records';
import { addDays, startOfDay, type Day } from '../../../src/model/time';

// Accounts of which nobody chose what happens to them: they move, are renamed, fall silent and close at random, at midnight
// more often than life would have it.

const ZONES: Readonly<Record<string, string>> = { weibo: 'Asia/Shanghai', twitter: 'UTC' };
const PLACES: readonly Partial<AccountRecord>[] = [
  { region: '11' },
  { region: '44', prefecture: '440100' },
  { region: '32', prefecture: '320100' },
  { region: '65' },
  { region: '22' },
  { region: '00' },
  { region: '71' },
  {},
];
const SECTORS = ['PS-POLICE', 'PS', 'JU-COURT', 'TO-TOUR', 'GO', null];
const TYPES = ['AGENCY', 'OFFICIAL', 'MEDIA', null];
const LEVELS = ['L1', 'L2', 'L3', 'L5', null];
const VERIFIED = ['1', '0', '3', '-1', null];
const TEXTS = [
  '辟谣：这是谣言', '通知：明天停水', '大家好[哈哈]😀', '请问怎么办理？', '@平安北京 转发', '#天气# 今天下雨 http://t.cn/abc', '给力！围观', '', 'Mixed CASE 100%',
  '。'.repeat(69), '字'.repeat(70), '特此通知，严禁酒后驾车', 'O\'Reilly "quoted"; drop table -- %_',
]; // prettier-ignore

/** Counters: unknown, none, some, or more than 32 bits hold. */
const counter = (random: Random): number | null =>
  random.weighted([
    { weight: 2, of: null },
    { weight: 3, of: 0 },
    { weight: 10, of: random.int(60) },
    { weight: 1, of: 2 ** 31 + random.int(2 ** 31) },
  ]).of;

export interface Era {
  readonly from: Day;
  readonly days: number;
  readonly accounts: number;
  readonly seed: number;
}

/** Everything that is said of some accounts, their posts and the comments under them in some years. */
export function population({ from, days, accounts, seed }: Era): IngestRecord[] {
  const end = addDays(from, days);
  return Array.from({ length: accounts }, (_, index) => {
    const random = new Random(seed, index);
    const accountId = String(3001 + Math.floor(index / 2));
    // Every other id is that of an account of each platform.
    return accountOf(random, index % 2 === 0 ? 'weibo' : 'twitter', accountId, from, end, seed * 1_000 + index);
  }).flat();
}

function accountOf(random: Random, platform: string, accountId: string, from: Day, end: Day, number: number): IngestRecord[] {
  const zone = ZONES[platform]!;
  const length = daysFrom(from, end);
  const anyDay = (after = 0): Day => addDays(from, after + random.int(Math.max(1, length - after)));
  // The first of all is there from the first day on, in the last week of its year.
  const opened = number % 1_000 === 0 ? 0 : random.int(Math.floor(length / 2));
  const said = (day: Day, rest: Partial<AccountRecord>): AccountRecord => ({
    kind: 'account', platform, accountId, observedAt: instant(random, day, zone), ...rest,
  }); // prettier-ignore
  const followers = (): Partial<AccountRecord> => {
    const count = counter(random);
    return { followers: count, ...(count !== null && random.chance(0.2) && { approximate: { followers: `${count}+` } }) };
  };
  const attributes = (): Partial<AccountRecord> => ({
    ...random.pick(PLACES), sector: random.pick(SECTORS), accountType: random.pick(TYPES), level: random.pick(LEVELS), verifiedType: random.pick(VERIFIED),
  }); // prettier-ignore
  const closes = random.chance(0.25) ? anyDay(opened + 40) : null;
  const records: IngestRecord[] = [
    said(addDays(from, opened), {
      ...attributes(), ...followers(), screenName: `账号${number}`, ...(random.chance(0.8) && { openedOn: addDays(from, opened - random.int(9)) }),
    }), // prettier-ignore
    ...Array.from({ length: random.int(4) }, () => said(anyDay(opened + 1), { ...attributes(), screenName: `改名${random.int(100)}` })),
    ...Array.from({ length: random.int(5) }, () => said(anyDay(opened + 1), followers())),
    ...(closes === null ? [] : [said(closes, random.chance(0.5) ? { deleted: true } : { validTo: closes })]),
  ];
  // Some months of its own for each account, so that most are silent for long.
  const busyFrom = number % 1_000 < 4 ? opened : opened + random.int(Math.max(1, length - opened));
  const posts = Array.from({ length: random.int(90) }, (_, index) =>
    postOf(random, platform, accountId, anyDayBetween(random, from, busyFrom, Math.min(length, busyFrom + 200)), `${9_007_199_254_740_993n + BigInt(number) * 1_000n + BigInt(index)}`),
  ); // prettier-ignore
  return [...records, ...posts, ...posts.flatMap((post) => [...fateOf(random, post), ...talkUnder(random, post)])];
}

const daysFrom = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
const anyDayBetween = (random: Random, origin: Day, first: number, last: number): Day =>
  addDays(origin, first + random.int(Math.max(1, last - first)));

/** Some moment of a local day: its first, its last second, or another. */
function instant(random: Random, day: Day, zone: string): number {
  const [start, next] = [startOfDay(day, zone), startOfDay(addDays(day, 1), zone)];
  return random.weighted([
    { weight: 1, of: start },
    { weight: 1, of: next - 1000 },
    { weight: 4, of: start + 1000 * random.int((next - start) / 1000) },
  ]).of;
}

function postOf(random: Random, platform: string, accountId: string, day: Day, postId: string): PostRecord {
  const postedAt = instant(random, day, ZONES[platform]!);
  const [reposts, comments, likes] = [counter(random), counter(random), counter(random)];
  return {
    kind: 'post', platform, postId, accountId, postedAt, observedAt: postedAt + 1000 * random.int(86_400 * 3), text: random.pick(TEXTS),
    original: random.chance(0.7), reposts, comments, likes,
    ...(reposts !== null && random.chance(0.1) && { approximate: { reposts: `${reposts}+` } }),
  }; // prettier-ignore
}

function fateOf(random: Random, { platform, postId, observedAt }: PostRecord): StatusRecord[] {
  if (!random.chance(0.1)) return [];
  const [status, actor] = [random.pick(['DELETED', 'HIDDEN'] as const), random.pick(['AUTHOR', 'PLATFORM', 'UNKNOWN'] as const)];
  return [{ kind: 'status', platform, postId, observedAt: observedAt + 1000, status, actor, evidence: null }];
}

function talkUnder(random: Random, { platform, postId, accountId, postedAt }: PostRecord): InteractionRecord[] {
  return Array.from({ length: random.int(3) }, (_, index) => {
    const createdAt = postedAt + 1000 * random.int(86_400 * 2);
    const comment: InteractionRecord = {
      kind: 'interaction', platform, interactionId: `i${postId}-${index}`, postId, accountId, parentId: null, byAccountId: null,
      citizenHash: random.pick(['aa', 'bb', 'cc', 'dd']), createdAt, text: random.pick(TEXTS), likes: counter(random),
    }; // prettier-ignore
    const reply = (waits: number): InteractionRecord => ({
      ...comment, interactionId: `r${postId}-${index}-${waits}`, parentId: comment.interactionId, byAccountId: accountId, citizenHash: null, createdAt: createdAt + waits, text: '您好',
    }); // prettier-ignore
    return random.chance(0.5) ? [comment] : [comment, reply(random.pick([0, 60_000, 86_400_000, 86_400_001, 1000 * random.int(9_999)]))];
  }).flat();
}
