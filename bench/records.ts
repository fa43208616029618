import type { AccountRecord, PostRecord } from '../src/ingest/records';
import type { Store } from '../src/store/store';
import { addDays, type Day } from '../src/model/time';
import { Random } from '../seeds/demo/random';
import { sentencesOf } from '../seeds/demo/sentences';

export const PLATFORM = 'demo';
const SEED = 20111231;
const DAY_MS = 86_400_000;

/** Posts lie on this many days from the first on, and are all observed on the day after the last. */
const POST_ACCOUNTS = 200;
const POST_DAYS = 60;
export const FIRST_POST_DAY: Day = '2011-10-15';

/** Accounts of the given number, each with a code of every reference table, opened within a month before `observed`. */
export async function accountRecords(store: Store, count: number, observed: Day): Promise<AccountRecord[]> {
  const codes = async (sql: string): Promise<string[]> => (await store.query<{ code: string }>(sql)).map(({ code }) => code);
  const regions = await codes("SELECT code FROM region WHERE kind = 'province' ORDER BY code");
  const sectors = await codes('SELECT code FROM sector WHERE parent_code IS NOT NULL ORDER BY code');
  const types = await codes('SELECT code FROM account_type WHERE parent_code IS NULL ORDER BY code');
  const levels = await codes('SELECT code FROM admin_level ORDER BY code');
  const random = new Random(SEED, 0);
  return Array.from({ length: count }, (_, index) => ({
    kind: 'account',
    platform: PLATFORM,
    accountId: idOf(index),
    observedAt: Date.parse(`${observed}T04:00:00Z`),
    openedOn: addDays(observed, -random.int(28)),
    screenName: `政务微博${index}`,
    region: random.pick(regions),
    sector: random.pick(sectors),
    accountType: random.pick(types),
    level: random.pick(levels),
    followers: random.int(100_000),
  }));
}

/** The accounts of the posts, seen on the first day. */
export const postingAccounts = (store: Store): Promise<AccountRecord[]> => accountRecords(store, POST_ACCOUNTS, FIRST_POST_DAY);

/** Posts of about 100 Chinese characters, account after account as a crawler yields them, each account's in the order of time. */
export function postRecords(count: number, accounts = POST_ACCOUNTS): PostRecord[] {
  const random = new Random(SEED, 1);
  const observedAt = Date.parse(addDays(FIRST_POST_DAY, POST_DAYS)) + DAY_MS / 2;
  const drafts = Array.from({ length: count }, (_, index) => ({
    account: Math.floor((index * accounts) / count),
    postedAt: Date.parse(FIRST_POST_DAY) + Math.floor(random.float() * POST_DAYS * DAY_MS),
  })).sort((a, b) => a.account - b.account || a.postedAt - b.postedAt);
  return drafts.map(({ account, postedAt }, index) => ({
    kind: 'post',
    platform: PLATFORM,
    // As on the real service, an id grows with the time of the post.
    postId: `${3_300_000_000 + Math.floor(postedAt / 1000)}${String(index % 1_000_000).padStart(6, '0')}`,
    accountId: idOf(account),
    screenName: `政务微博${account}`,
    postedAt,
    observedAt,
    text: textOf(random),
    original: random.chance(0.6),
    reposts: Math.floor(random.exponential() * 20),
    comments: Math.floor(random.exponential() * 8),
    // Often not collected.
    likes: random.chance(0.5) ? random.int(10) : null,
  }));
}

const idOf = (index: number): string => String(1_500_000_000 + index * 7919);

const GROUPS = 'PS JU PB GO YL TR TO HE ED EN EC MU FA OT'.split(' ');
const SENTENCES = GROUPS.flatMap((group) => sentencesOf(group).bodies).map((sentence) => sentence.replaceAll('{p}', '海州'));

/** 80 to 120 characters of sentences, of which hardly two are alike: what texts cost to read depends on their words. */
function textOf(random: Random): string {
  const length = 80 + random.int(41);
  const parts: string[] = [];
  for (let characters = 0; characters < length; characters += parts.at(-1)!.length)
    parts.push(random.pick(SENTENCES).replaceAll('{n}', String(random.int(1_000))));
  // One flat text: one made by appending would be flattened by whoever is timed first.
  return parts.join('').slice(0, length);
}
