import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accountsFile } from '../../src/ingest/formats/accountsFile';
import { readProfile } from '../../src/ingest/formats/profile';
import { profiledPosts } from '../../src/ingest/formats/profiledPosts';
import { weiboCrawler } from '../../src/ingest/formats/weiboCrawler';
import { ingest, type IngestSummary } from '../../src/ingest/ingest';
import type { Reading } from '../../src/ingest/reading';
import { projectPath } from '../../src/paths';
import { openTestApp, type TestApp } from '../app';
import { TRAPS } from '../traps';

let folder: string;
let test_: TestApp;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'govblog-formats-'));
  test_ = await openTestApp();
});
afterEach(async () => {
  await test_.close();
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};
const load = (reading: Reading): Promise<IngestSummary> => ingest(reading, test_.app);
const rows = (sql: string): Promise<Record<string, unknown>[]> => test_.app.store.query(sql);
const adds = ({ rowsRead, accepted, updated, unchanged, rejected }: IngestSummary): void =>
  expect(accepted + updated + unchanged + rejected).toBe(rowsRead);

describe('weibo-crawler folders', () => {
  const HEADER =
    'id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期,是否原创,源用户id,源用户昵称,源微博id,源微博正文';
  const original = (id: string, text: string, at: string, counts = '1,2,3'): string =>
    `${id}\t,b${id},"${text}",,,,,${at.replace(' ', 'T')},微博网页版,${counts},,,${at},True`;

  test('BOM, padded ids, ragged rows, lines inside texts, a repeated header, a hidden original, an unreadable count', async () => {
    const repost = `900000000000000005\t,b5,转发微博,,,,,2011-12-30T10:00:00,iPhone,0,0,0,,,2011-12-30 10:00:00,False,,,900000000000000001\t,抱歉`;
    file(
      '平安甲市/1000000001.csv',
      `\uFEFF${[HEADER, original('900000000000000001', '第一行\n第二行，“引号”', '2011-12-31 23:59:59', '27.1万,10万+,5'), HEADER, repost, original('900000000000000002', '坏', '2011-12-30 09:00:00', 'x,1,1'), original('900000000000000003', '时', '昨天 23:54')].join('\n')}`,
    );
    file(
      'users.csv',
      '\uFEFF用户id,昵称,所在地,注册时间,微博数,粉丝数,关注数,简介,是否认证,认证类型,认证信息\n2020-12-25 01:06:53\n1000000001,平安甲市,广东 广州,2010-08-01,3,1.36亿,7,警察,True,1,甲市公安局官方微博\n',
    );
    file('else.csv', 'a,b\n1,2\n');
    file('平安甲市/1000000001.json', JSON.stringify({ user: { id: '1000000001', screen_name: '平安甲市', verified: true, verified_type: 1 }, weibo: [] }).replace('"weibo":[]', '"weibo":[{"user_id":1000000001,"screen_name":"平安甲市","id":900000000000000001,"text":"第一行\\n第二行，“引号”","full_created_at":"2011-12-31 23:59:59","attitudes_count":271000,"comments_count":100000,"reposts_count":5}]')); // prettier-ignore

    const summary = await load(await weiboCrawler(folder, null));
    adds(summary);
    // One account and two posts are new; the account and the post again in JSON say nothing more; two rows cannot be read.
    expect(summary).toMatchObject({
      rowsRead: 7,
      accepted: 3,
      unchanged: 2,
      updated: 0,
      rejected: 2,
      skipped: [{ reason: expect.stringContaining('unknown header') }],
    });
    expect(await rows('SELECT post_id, posted_day, posted_hour, original, repost_of_id, likes, comments, reposts FROM post ORDER BY post_id')).toEqual([
      { post_id: '900000000000000001', posted_day: '2011-12-31', posted_hour: 23, original: 1, repost_of_id: null, likes: 271_000, comments: 100_000, reposts: 5 },
      { post_id: '900000000000000005', posted_day: '2011-12-30', posted_hour: 10, original: 0, repost_of_id: '900000000000000001', likes: 0, comments: 0, reposts: 0 },
    ]); // prettier-ignore
    expect(await rows('SELECT line, field, reason FROM ingest_reject ORDER BY line')).toEqual([
      { line: 6, field: '点赞数', reason: '"x" is not a count.' },
      { line: 7, field: '完整日期', reason: expect.stringContaining('昨天 23:54') },
    ]);
    expect(await rows('SELECT screen_name, account_type, region, prefecture, verified_type FROM account_version')).toEqual([
      { screen_name: '平安甲市', account_type: 'AGENCY', region: '44', prefecture: '440100', verified_type: '1' },
    ]);
    expect(await load(await weiboCrawler(folder, null))).toMatchObject({ rowsRead: 7, unchanged: 5, accepted: 0, updated: 0, rejected: 2 });
  });

  test('a folder that holds nothing of the crawler says what it holds', async () => {
    await expect(weiboCrawler(join(folder, 'nowhere'), null)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('There is no folder'),
    });
    await expect(weiboCrawler(folder, null)).rejects.toMatchObject({ message: expect.stringContaining('no .csv or .json') });
    file('a.csv', 'x,y\n');
    await expect(weiboCrawler(folder, null)).rejects.toMatchObject({ message: expect.stringContaining('unknown header: x, y') });
    rmSync(join(folder, 'a.csv'));
    file('users.csv', '用户id,昵称\n1,甲\n');
    await expect(weiboCrawler(folder, null)).rejects.toMatchObject({ message: expect.stringContaining('--observed-at') });
    expect(await load(await weiboCrawler(folder, Date.parse('2011-12-31T00:00:00Z')))).toMatchObject({ accepted: 1 });
  });
});

describe('posts by profile', () => {
  const profile = (some: object, post: object = {}): string =>
    file(
      'profile.json',
      JSON.stringify({
        platform: 'twitter',
        timeZone: 'UTC',
        format: 'csv',
        post: { id: 'id', text: 'text', postedAt: 'at', account: 'who', likes: 'likes', ...post },
        ...some,
      }),
    );

  test('ids beyond 2^53 are exact in CSV, JSON and JSON Lines, and counters that a source lacks stay null', async () => {
    const ids = ['9007199254740993', '18446744073709551615'];
    file('a.csv', `id,text,at,who,likes\n${ids.map((id) => `${id},t,2011-01-01 00:00:00,7,4000000001`).join('\n')}\n`);
    file(
      'a.json',
      `{"posts": [${ids.map((id) => `{"id": ${id}, "text": "t", "at": "2011-01-01 00:00:00", "who": 7, "likes": 4000000001}`).join()}]}`,
    );
    file(
      'a.jsonl',
      ids.map((id) => `{"id": ${id}, "text": "t", "at": "2011-01-01 00:00:00", "who": 7, "likes": 4000000001}`).join('\n') + '\n{broken\n',
    );
    expect(await load(await profiledPosts(join(folder, 'a.csv'), readProfile(profile({})), null))).toMatchObject({
      accepted: 2,
      rejected: 0,
    });
    expect(
      await load(await profiledPosts(join(folder, 'a.json'), readProfile(profile({ format: 'json', items: 'posts' })), null)),
    ).toMatchObject({ unchanged: 2, accepted: 0, rejected: 0 });
    expect(await load(await profiledPosts(join(folder, 'a.jsonl'), readProfile(profile({ format: 'jsonl' })), null))).toMatchObject({
      unchanged: 2,
      accepted: 0,
      rejected: 1,
    });
    expect(await rows('SELECT post_id, likes, reposts, comments FROM post ORDER BY post_id')).toEqual(
      ids.toReversed().map((post_id) => ({ post_id, likes: 4_000_000_001, reposts: null, comments: null })),
    );
    expect(await rows('SELECT line, reason FROM ingest_reject')).toEqual([{ line: 3, reason: expect.stringContaining('not JSON') }]);
  });

  test('a second crawl keeps every observation; an older one arriving late overwrites nothing', async () => {
    const crawl = async (at: string, likes: number): Promise<IngestSummary> => {
      file('c.csv', `id,text,at,who,likes\n1,t,2011-01-01 00:00:00,7,${likes}\n`);
      return load(await profiledPosts(join(folder, 'c.csv'), readProfile(profile({})), Date.parse(at)));
    };
    expect(await crawl('2011-01-05T00:00:00Z', 10)).toMatchObject({ accepted: 1 });
    expect(await crawl('2011-01-09T00:00:00Z', 30)).toMatchObject({ updated: 1 });
    expect(await crawl('2011-01-07T00:00:00Z', 20)).toMatchObject({ updated: 1 });
    expect(await crawl('2011-01-07T00:00:00Z', 20)).toMatchObject({ unchanged: 1 });
    expect(await rows('SELECT likes, observed_at FROM post')).toEqual([{ likes: 30, observed_at: '2011-01-09 00:00:00.000' }]);
    expect(await rows('SELECT likes, observed_at FROM post_observation ORDER BY observed_at')).toEqual([
      { likes: 10, observed_at: '2011-01-05 00:00:00.000' },
      { likes: 20, observed_at: '2011-01-07 00:00:00.000' },
    ]);
  });

  test('a post of another account, an unknown platform, a future time, a broken end: each is a reject with its place', async () => {
    file(
      'p.csv',
      'id,text,at,who,likes\n1,t,2011-01-01 00:00:00,7,1\n1,t,2011-01-01 00:00:00,8,1\n2,t,2031-01-01 00:00:00,7,1\n3,t,1999-01-01 00:00:00,7,1\n4,"never closed,2011-01-01 00:00:00,7,1\n',
    );
    const summary = await load(await profiledPosts(join(folder, 'p.csv'), readProfile(profile({})), Date.parse('2011-02-01T00:00:00Z')));
    adds(summary);
    expect(summary).toMatchObject({ accepted: 1, rejected: 4 });
    expect((await rows('SELECT line, field FROM ingest_reject ORDER BY line')).map(({ line, field }) => [line, field])).toEqual([[3, 'accountId'], [4, 'postedAt'], [5, 'postedAt'], [6, null]]); // prettier-ignore
    file('q.csv', 'id,text,at,who,likes\n1,t,2011-01-01 00:00:00,7,1\n');
    await load(await profiledPosts(join(folder, 'q.csv'), readProfile(profile({ platform: 'twiter' })), null));
    expect((await rows('SELECT reason FROM ingest_reject ORDER BY id DESC LIMIT 1'))[0]).toEqual({
      reason: expect.stringContaining('Did you mean "twitter"?'),
    });
  });

  test('a wrong profile or file is refused with a sentence before anything is read', async () => {
    const wrong = file('p.csv', 'ID,text,at,who,likes\n');
    await expect(profiledPosts(wrong, readProfile(profile({})), null)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/has no column "id".* Did you mean "ID"\?/),
    });
    await expect(profiledPosts(join(folder, 'none*.csv'), readProfile(profile({})), null)).rejects.toMatchObject({
      message: expect.stringContaining('No file matches'),
    });
    await expect(profiledPosts(folder, readProfile(profile({})), null)).rejects.toMatchObject({
      message: expect.stringContaining('is a folder'),
    });
    await expect(profiledPosts(file('e.csv', ''), readProfile(profile({})), null)).rejects.toMatchObject({
      message: expect.stringContaining('is empty'),
    });
    expect(() => readProfile(file('x.json', '{'))).toThrow('cannot be read');
    expect(() => readProfile(profile({ timeZone: 'Peking' }))).toThrow('timeZone: is not an IANA time zone');
    expect(() => readProfile(profile({ plattform: 'x' }))).toThrow('plattform');
    expect(() => readProfile(profile({}, { id: { column: 'a', value: 'b' } }))).toThrow('exactly one');
    expect(await rows('SELECT * FROM ingest_batch')).toEqual([]);
  });

  test('the example profiles are valid; real archives of two presidents add up to the published sums', async () => {
    readProfile(projectPath('seeds', 'examples', 'congress.json'));
    const raw = projectPath('..', 'shared', 'data', 'twitter_ratio_538');
    const ratio = readProfile(projectPath('seeds', 'examples', 'twitter-ratio.json'));
    if (!existsSync(raw)) {
      process.stderr.write(`skipped: ${raw} is not there\n`);
      return;
    }
    const truth = JSON.parse(readFileSync(join(raw, 'truth.json'), 'utf8')) as Record<
      string,
      Record<'rows' | 'replies' | 'retweets' | 'favorites', number>
    >;
    expect(await load(await profiledPosts(`${raw}/raw/*.csv`, ratio, null))).toMatchObject({ rowsRead: 6439, accepted: 6439, rejected: 0 });
    for (const name of ['BarackObama', 'realDonaldTrump']) {
      const { rows: posts, replies, retweets, favorites } = truth[`${name}.csv`]!;
      const [found] = await rows(
        `SELECT COUNT(*) AS posts, SUM(comments) AS replies, SUM(reposts) AS retweets, SUM(likes) AS favorites FROM post JOIN account USING (account_key) WHERE account_id = '${name}'`,
      );
      expect(found).toEqual({ posts, replies, retweets, favorites });
    }
  });
});

describe('account registries', () => {
  const zones = new Map([['weibo', 'Asia/Shanghai']]);
  test('rows with valid_from are a history; cells that say nothing change nothing; wrong codes are rejects', async () => {
    const registry = file(
      'r.csv',
      'platform,account_id,screen_name,region,sector,valid_from,valid_to,observed_at\nweibo,1,甲,44,PS-POLICE,2010-08-01,,\nweibo,1,乙,,,2011-06-01,2011-12-01,\nweibo,2,丙,4x,,2011-01-01,,\nweibo,3,丁,11,,,,\nweibo,,戊,11,,2011-01-01,,\n',
    );
    const summary = await load(await accountsFile(registry, zones, null));
    adds(summary);
    expect(summary).toMatchObject({ rowsRead: 5, accepted: 1, updated: 1, rejected: 3 });
    expect(await rows('SELECT valid_from, valid_to, screen_name, region, sector FROM account_version ORDER BY valid_from')).toEqual([
      { valid_from: '0001-01-01', valid_to: '2011-06-01', screen_name: '甲', region: '44', sector: 'PS-POLICE' },
      { valid_from: '2011-06-01', valid_to: '2011-12-01', screen_name: '乙', region: '44', sector: 'PS-POLICE' },
    ]);
    expect((await rows('SELECT line, field FROM ingest_reject ORDER BY line')).map(({ line, field }) => [line, field])).toEqual([[4, 'region'], [5, 'observed_at'], [6, 'account_id']]); // prettier-ignore
    expect(await load(await accountsFile(registry, zones, null))).toMatchObject({ unchanged: 2, rejected: 3 });
  });

  test('JSON Lines is the same; an unknown column is refused', async () => {
    const lines = file('r.jsonl', '{"platform":"weibo","account_id":9007199254740993,"followers":"1.36亿","observed_at":"2011-12-01"}\n');
    expect(await load(await accountsFile(lines, zones, null))).toMatchObject({ accepted: 1 });
    expect(
      await rows('SELECT a.account_id, o.followers FROM account a JOIN account_observation o ON o.account_key = a.account_key'),
    ).toEqual([{ account_id: '9007199254740993', followers: 136_000_000 }]);
    await expect(accountsFile(file('u.csv', 'platform,account_id,regoin\n'), zones, null)).rejects.toMatchObject({
      message: expect.stringContaining('"regoin" that is not one of an account registry. Did you mean "region"?'),
    });
  });
});

test('any order and any split of the same records give the same store', async () => {
  const dump = async (app: TestApp): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        ['account', 'account_version', 'post', 'post_observation', 'interaction', 'account_observation'].map(async (table) =>
          (await app.app.store.query(`SELECT * FROM ${table}`)).map(({ batch_id: _, ...row }) => JSON.stringify(row)).sort(),
        ),
      ),
    );
  await test_.load(TRAPS);
  const wanted = await dump(test_);
  for (const order of [[...TRAPS].reverse(), [...TRAPS].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))]) {
    const other = await openTestApp();
    // One load a record: the hardest split.
    for (const record of order) await other.load([record]);
    expect(await dump(other)).toBe(wanted);
    await other.close();
  }
});
