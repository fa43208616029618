import { existsSync, statSync } from 'node:fs';
import { basename, extname, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { systemClock, type Clock } from '../../clock';
import { GovblogError, messageOf } from '../../errors';
import type { Instant } from '../../model/time';
import { readCsv, readHeader, sizeOf, type Meter, type TableRow } from '../files';
import { readJsonArray, readJsonValue, textAt, type Json } from '../json';
import type { ParsedRow } from '../outcome';
import { concatenate, latestPost, parseRow, type Reading } from '../reading';
import type { AccountRecord, PostRecord } from '../records';
import { readBoolean, readCount, readId, readText, readTime } from '../values';

// Output of dataabc/weibo-crawler: users.csv, and for each account a folder with <user id>.csv and <user id>.json.
// Columns are found by name: their order and number changed between versions.
const ZONE = 'Asia/Shanghai';
const PLATFORM = 'weibo';
const UTF8 = 'utf-8';
type Kind = 'users' | 'posts-csv' | 'posts-json';

/** Recognises the files of a crawler folder and makes them ready to read. */
export async function weiboCrawler(folder: string, observedAt: Instant | null, clock: Clock = systemClock): Promise<Reading> {
  if (!existsSync(folder))
    throw new GovblogError('BAD_INPUT', `There is no folder ${folder}. Name the folder that weibo-crawler wrote, usually "weibo".`);
  const paths = statSync(folder).isDirectory() ? globSync('**/*.{csv,json}', { cwd: folder, absolute: true }).sort() : [folder];
  const kinds = new Map<string, Kind>();
  const skipped: { file: string; reason: string }[] = [];
  for (const path of paths) {
    const kind = await recognise(path);
    if (typeof kind === 'string') kinds.set(path, kind);
    else skipped.push({ file: path, reason: kind.reason });
  }
  if (kinds.size === 0)
    throw new GovblogError(
      'BAD_INPUT',
      `${folder} holds no file of weibo-crawler${skipped[0] ? ` (${relative(folder, skipped[0].file)}: ${skipped[0].reason})` : ' (no .csv or .json)'}.`,
    );

  const files = [...kinds.keys()];
  const nowhere: Meter = { total: 0, done: 0 };
  // The crawler does not say when it ran; the newest post it holds is the latest moment that the files prove.
  const collectedAt =
    observedAt ??
    (await latestPost(
      concatenate(files, (file) => readFile(file, kinds.get(file)!, 0, nowhere)),
      clock.now().getTime(),
    ));
  if (collectedAt === null)
    throw new GovblogError(
      'BAD_INPUT',
      `Nothing in ${folder} tells when it was collected. Give the time with --observed-at 2024-11-29T20:00:00+08:00.`,
    );
  const meter: Meter = { total: sizeOf(files), done: 0 };
  return {
    format: 'weibo-crawler',
    source: folder,
    files,
    skipped,
    meter,
    rows: () => concatenate(files, (file) => readFile(file, kinds.get(file)!, collectedAt, meter)),
  };
}

async function recognise(file: string): Promise<Kind | { reason: string }> {
  if (statSync(file).size === 0) return { reason: 'the file is empty' };
  if (extname(file) === '.json') {
    const user = await readJsonValue(file, UTF8, 'user').catch(() => undefined);
    return user === undefined ? { reason: 'no "user" and "weibo" inside' } : 'posts-json';
  }
  let header: readonly string[];
  try {
    header = await readHeader(file, UTF8);
  } catch (error) {
    return { reason: messageOf(error) };
  }
  if (header.includes('用户id') && header.includes('昵称')) return 'users';
  if (header.includes('正文') && header.includes('bid') && header.includes('id'))
    return /^\d+$/.test(basename(file, '.csv')) ? 'posts-csv' : { reason: 'a post table is named by its user id: 1234567890.csv' };
  return { reason: `unknown header: ${header.slice(0, 4).join(', ')} …` };
}

async function* readFile(file: string, kind: Kind, observedAt: Instant, meter: Meter): AsyncGenerator<ParsedRow> {
  if (kind === 'users') for await (const row of readCsv(file, UTF8, meter)) yield* userRow(row, observedAt);
  if (kind === 'posts-csv') {
    const accountId = basename(file, '.csv');
    for await (const row of readCsv(file, UTF8, meter)) yield parseRow(row.origin, row.raw, () => csvPost(row, accountId, observedAt));
  }
  if (kind === 'posts-json') yield* jsonFile(file, observedAt, meter);
}

function* userRow(row: TableRow, observedAt: Instant): Generator<ParsedRow> {
  const cell = (name: string): string | undefined => row.cells.get(name);
  // Builds of 2020 wrote the bare time of a run between the rows; it is not a row.
  if (row.cells.size === 1 && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(row.raw)) return;
  yield parseRow(row.origin, row.raw, () =>
    account(
      {
        id: cell('用户id'), name: cell('昵称'), location: cell('所在地'), opened: cell('注册时间'), posts: cell('微博数'), followers: cell('粉丝数'),
        following: cell('关注数'), about: cell('简介'), verified: cell('是否认证'), type: cell('认证类型'), reason: cell('认证信息'),
      }, // prettier-ignore
      observedAt,
    ),
  );
}

async function* jsonFile(file: string, observedAt: Instant, meter: Meter): AsyncGenerator<ParsedRow> {
  const user = (await readJsonValue(file, UTF8, 'user')) ?? null;
  const at = (name: string): string | undefined => textAt(user, name);
  const owner = at('id') ?? basename(file, '.json');
  yield parseRow({ file, line: 0 }, JSON.stringify(user), () =>
    account(
      {
        id: owner, name: at('screen_name'), location: at('location'), opened: at('registration_time'), posts: at('statuses_count'), followers: at('followers_count'),
        following: at('follow_count'), about: at('description'), verified: at('verified'), type: at('verified_type'), reason: at('verified_reason'),
      }, // prettier-ignore
      observedAt,
    ),
  );
  for await (const { origin, value } of readJsonArray(file, UTF8, 'weibo', meter))
    yield parseRow(origin, JSON.stringify(value), () => jsonPost(value, owner, observedAt));
}

type UserCells = Record<
  'id' | 'name' | 'location' | 'opened' | 'posts' | 'followers' | 'following' | 'about' | 'verified' | 'type' | 'reason',
  string | undefined
>;

const account = (cells: UserCells, observedAt: Instant): AccountRecord => ({
  kind: 'account',
  platform: PLATFORM,
  accountId: readId('用户id', cells.id),
  observedAt,
  screenName: readText(cells.name),
  location: readText(cells.location),
  openedOn: readText(cells.opened),
  description: readText(cells.about),
  verified: readBoolean('是否认证', cells.verified),
  verifiedType: readText(cells.type),
  verifiedReason: readText(cells.reason),
  followers: readCount('粉丝数', cells.followers),
  following: readCount('关注数', cells.following),
  postsTotal: readCount('微博数', cells.posts),
});

function csvPost(row: TableRow, accountId: string, observedAt: Instant): PostRecord {
  const cell = (name: string): string | undefined => row.cells.get(name);
  return {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('id', cell('id')),
    accountId,
    postedAt: readTime('完整日期', cell('完整日期') ?? cell('日期'), ZONE),
    observedAt,
    text: cell('正文') ?? '',
    original: readBoolean('是否原创', cell('是否原创')) ?? true,
    repostOfId: readText(cell('源微博id')),
    likes: readCount('点赞数', cell('点赞数')),
    comments: readCount('评论数', cell('评论数')),
    reposts: readCount('转发数', cell('转发数')),
  };
}

function jsonPost(value: Json, owner: string, observedAt: Instant): PostRecord {
  const at = (name: string): string | undefined => textAt(value, name);
  return {
    kind: 'post',
    platform: PLATFORM,
    postId: readId('id', at('id')),
    accountId: at('user_id') ?? owner,
    screenName: readText(at('screen_name')),
    postedAt: readTime('full_created_at', at('full_created_at') ?? at('created_at'), ZONE),
    observedAt,
    text: at('text') ?? '',
    original: at('retweet') === undefined,
    repostOfId: readText(at('retweet.id')),
    likes: readCount('attitudes_count', at('attitudes_count')),
    comments: readCount('comments_count', at('comments_count')),
    reposts: readCount('reposts_count', at('reposts_count')),
  };
}
