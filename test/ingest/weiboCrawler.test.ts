import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crawlerFiles } from '../../src/ingest/formats/crawlers';
import type { Reading } from '../../src/ingest/reading';
import { DIALECTS, type Dialect } from '../stores';
import { CLOCK, contentsOf, folderOf, openLoading, REAL_DATA, type Loading } from './loading';

const OWN = 'id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期';
const HEADER = `${OWN},是否原创,源用户id,源用户昵称,${OWN.split(',')
  .map((name) => `源微博${name}`)
  .join()}`;
const USERS = '用户id,昵称,性别,所在地,注册时间,微博数,粉丝数,关注数,简介,是否认证,认证类型,认证信息';

interface Row {
  readonly id: string;
  readonly at: string;
  readonly text?: string;
  readonly counts?: string;
}
/** An original post: as many cells as the crawler has for it, which is fewer than the header has names. */
const original = ({ id, at, text = '早安', counts = '1,2,3' }: Row): string =>
  `${id}\t,b${id},"${text.replaceAll('"', '""')}",,无,,,${at.replace(' ', 'T')},微博网页版,${counts},话题,,${at},True`;
/** A repost with the cells of the post it repeats. */
const repost = ({ id, at, text = '转发微博', counts = '0,0,0' }: Row, ofUser: string, ofPost: string): string =>
  `${id}\t,b${id},${text},,,,,${at.replace(' ', 'T')},iPhone,${counts},,,${at},False,${ofUser},某人,${ofPost}\t,bx,抱歉，由于作者设置，你暂时没有这条微博的查看权限哦,,,,,,,0,0,0,,,`;
const csv = (...lines: readonly string[]): string => `\uFEFF${lines.join('\n')}\n`;

/** Four posts of account 1001, the second of many lines, the third a repost, the fourth the repost of a hidden one. */
const POSTS = csv(
  HEADER,
  original({ id: '9007199254740993', at: '2011-12-31 23:59:59', counts: '271000,100000,1234' }),
  original({ id: '9007199254740995', at: '2011-12-30 08:00:00', text: '第一行\n第二行，"引号"\n\n第四行' }),
  HEADER,
  repost({ id: '9007199254740997', at: '2011-12-29 08:00:00' }, '2656274875', '9007199254740901'),
  repost({ id: '9007199254740999', at: '2012-01-01 00:00:00' }, '', '9007199254740902'),
);
const USERS_FILE = csv(
  USERS,
  '2020-12-25 01:06:53',
  '1001,平安甲市,m,广东 广州,2010-08-01,4,1.36亿,7,"警察,叔叔",True,1,甲市公安局官方微博',
  '2020-12-26 01:06:53',
  '1002,甲报,m,北京,,0,271000,0,,True,3,甲报官方微博',
);
/** The same account and the same first post as JSON, and a post more. Numbers are written as numbers. */
const JSON_FILE = `{"user": {"id": "1001", "screen_name": "平安甲市", "statuses_count": 4, "verified": true, "verified_type": 1}, "weibo": [
  {"user_id": 1001, "screen_name": "平安甲市", "id": 9007199254740993, "text": "早安", "created_at": "2011-12-31T23:59:59", "full_created_at": "2011-12-31 23:59:59",
   "attitudes_count": 271000, "comments_count": 100000, "reposts_count": 1234},
  {"user_id": 1001, "screen_name": "平安甲市", "id": 9007199254740991, "text": "转发微博", "created_at": "2011-12-28T00:00:00",
   "attitudes_count": 1, "comments_count": 2, "reposts_count": 3, "retweet": {"user_id": "", "id": 9007199254740903, "text": "抱歉"}}]}`;

const weiboCrawler = (folder: string, observedAt: number | null = null): Promise<Reading> =>
  crawlerFiles(folder, { observedAt, encoding: null }, CLOCK);

async function withLoading(dialect: Dialect, work: (loading: Loading) => Promise<void>): Promise<void> {
  const loading = await openLoading(dialect);
  try {
    await work(loading);
  } finally {
    await loading.close();
  }
}

test.each(DIALECTS)('a folder with all the oddities of the crawler is loaded to the last row, on %s', (dialect) =>
  withLoading(dialect, async (loading) => {
    const folder = folderOf({ 'users.csv': USERS_FILE, '平安甲市/1001.csv': POSTS, '平安甲市/1001.json': JSON_FILE });
    const reading = await weiboCrawler(folder);
    expect(reading.skipped).toEqual([]);
    // Two accounts and five posts are new. JSON repeats a post, and says nothing of the account that users.csv does not.
    const summary = await loading.load(reading);
    expect(summary).toMatchObject({ rowsRead: 9, accepted: 7, updated: 0, unchanged: 2, rejected: 0, files: 3 });
    expect(reading.meter.done).toBeGreaterThanOrEqual(reading.meter.total);

    const columns = 'post_id, posted_day, posted_hour, text, original, repost_of_id, likes, comments, reposts';
    expect((await loading.store.query(`SELECT ${columns} FROM post ORDER BY post_id`)).map((row) => Object.values(row))).toEqual([
      ['9007199254740991', '2011-12-28', 0, '转发微博', 0, '9007199254740903', 1, 2, 3],
      ['9007199254740993', '2011-12-31', 23, '早安', 1, null, 271_000, 100_000, 1234],
      ['9007199254740995', '2011-12-30', 8, '第一行\n第二行，"引号"\n\n第四行', 1, null, 1, 2, 3],
      ['9007199254740997', '2011-12-29', 8, '转发微博', 0, '9007199254740901', 0, 0, 0],
      ['9007199254740999', '2012-01-01', 0, '转发微博', 0, '9007199254740902', 0, 0, 0],
    ]);
    expect(
      await loading.store.query(
        'SELECT account_id, opened_on, screen_name, account_type, region, prefecture, verified, verified_type, verified_reason FROM account JOIN account_version USING (account_key) ORDER BY account_id',
      ),
    ).toEqual([
      {
        account_id: '1001', opened_on: '2010-08-01', screen_name: '平安甲市', account_type: 'AGENCY', region: '44', prefecture: '440100',
        verified: 1, verified_type: '1', verified_reason: '甲市公安局官方微博',
      },
      {
        account_id: '1002', opened_on: null, screen_name: '甲报', account_type: 'MEDIA', region: '11', prefecture: 'UNKNOWN',
        verified: 1, verified_type: '3', verified_reason: '甲报官方微博',
      },
    ]); // prettier-ignore
    expect(await loading.store.query('SELECT MAX(followers) AS followers, MAX(description) AS about FROM account_observation')).toEqual([
      { followers: 136_000_000, about: '警察,叔叔' },
    ]);
    // The newest post, of 00:00 on 1 January in Beijing, is the latest moment that the files prove; the second run came after it.
    expect(await loading.store.query('SELECT DISTINCT observed_at FROM post UNION SELECT observed_at FROM account_observation')).toEqual([
      { observed_at: '2011-12-31 16:00:00.000' },
      { observed_at: '2011-12-31 16:00:00.001' },
    ]);

    const before = await loading.dump();
    expect(await loading.load(await weiboCrawler(folder))).toMatchObject({ rowsRead: 9, unchanged: 9 });
    expect(await loading.dump()).toEqual(before);
  }),
);

test('columns are found by name: builds with more, fewer or other columns are read alike', async () => {
  const newer = csv(
    'id,bid,正文,头条文章url,原始图片url,视频url,Live Photo视频url,位置,日期,工具,转发数,点赞数,评论数,话题,@用户,完整日期,是否编辑过,编辑次数',
    '77\t,b77,早安,,,,,,2011-12-30T08:00:00,iPhone,3,1,2,,,2011-12-30 08:00:00,True,2',
  );
  const older = csv('id,bid,正文,日期,点赞数,评论数,转发数', '77\t,b77,早安,2011-12-30T08:00:00,1,2,3');
  for (const content of [newer, older]) {
    const { records, rejects } = await contentsOf(await weiboCrawler(folderOf({ 'a/1001.csv': content })));
    expect(rejects).toEqual([]);
    expect(records).toEqual([
      {
        kind: 'post', platform: 'weibo', postId: '77', accountId: '1001', postedAt: Date.parse('2011-12-30T00:00:00Z'),
        observedAt: Date.parse('2011-12-30T00:00:00Z'), text: '早安', original: true, repostOfId: null, likes: 1, comments: 2, reposts: 3,
      },
    ]); // prettier-ignore
  }
});

test('a post of a JSON file is of the account that it names, else of the one whose file it is', async () => {
  const item = (rest: object): object => ({ id: '77', text: '早安', created_at: '2011-12-30T08:00:00', ...rest });
  const content = { user: { id: '1001', screen_name: '甲' }, weibo: [item({ user_id: 1002, screen_name: '乙' }), item({ id: '78' })] };
  const { records } = await contentsOf(await weiboCrawler(folderOf({ 'a/1001.json': JSON.stringify(content) }), null));
  expect(records).toMatchObject([
    { kind: 'account', accountId: '1001', screenName: '甲' },
    { kind: 'post', accountId: '1002', screenName: '乙', original: true },
    { kind: 'post', accountId: '1001', screenName: null },
  ]);
});

test('a row that cannot be read is one reject with its file, its line and its text, and the rows around it stand', () =>
  withLoading('sqlite', async (loading) => {
    const folder = folderOf({
      'users.csv': csv(USERS, '1001,甲,m,,昨天,1,1,1,,True,1,', '1002,乙,m,,,,许多,,,,,'),
      'a/1001.csv': csv(
        HEADER,
        original({ id: '1', at: '2011-12-31 10:00:00', text: '一\n二' }),
        original({ id: '2', at: '2011-12-31 10:00:00', counts: '1,许多,3' }),
        original({ id: '3', at: '昨天 23:54' }),
        original({ id: '', at: '2011-12-31 10:00:00' }),
        original({ id: '5', at: '2011-12-31 12:00:00' }),
      ),
    });
    const summary = await loading.load(await weiboCrawler(folder));
    expect(summary).toMatchObject({ rowsRead: 7, accepted: 2, rejected: 5 });
    const rejects = await loading.rejects(summary.batch);
    expect(rejects.map(({ file, line, field, reason }) => [file.split('/').at(-1), line, field, reason])).toEqual(
      expect.arrayContaining([
        ['1001.csv', 4, '评论数', '"许多" is not a count.'],
        ['1001.csv', 5, null, expect.stringMatching(/^The time counts from when the source was collected, .*--observed-at\.$/)],
        ['1001.csv', 6, 'id', 'The id is empty.'],
        ['users.csv', 2, 'openedOn', '"昨天" is not a day; write 2011-12-31.'],
        ['users.csv', 3, '粉丝数', '"许多" is not a count.'],
      ]),
    );
    expect(rejects.find(({ line, field }) => line === 4 && field === '评论数')!.raw).toContain('1,许多,3');
    expect(await loading.store.query('SELECT post_id FROM post ORDER BY post_id')).toEqual([{ post_id: '1' }, { post_id: '5' }]);
  }));

test('a misread date in the future is one reject, and does not pass for the time of the crawl', () =>
  withLoading('sqlite', async (loading) => {
    const folder = folderOf({
      'users.csv': USERS_FILE,
      'a/1001.csv': csv(HEADER, original({ id: '1', at: '2011-12-31 10:00:00' }), original({ id: '2', at: '2099-12-31 10:00:00' })),
    });
    expect(await loading.load(await weiboCrawler(folder))).toMatchObject({ accepted: 3, rejected: 1 });
    expect(await loading.store.query('SELECT MAX(last_observed_on) AS last FROM account')).toEqual([{ last: '2011-12-31' }]);
  }));

test('the time of the crawl can be given, and must be where no post tells it', async () => {
  const users = folderOf({ 'users.csv': USERS_FILE });
  await expect(weiboCrawler(users)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: `Nothing in ${users} tells when it was collected. Give the time with --observed-at 2024-11-29T20:00:00+08:00.`,
  });
  const given = Date.parse('2012-02-01T00:00:00Z');
  // Behind the header that comes again stand the rows of a later run.
  for (const [folder, times] of [
    [users, new Set([given])],
    [folderOf({ 'a/1001.csv': POSTS }), new Set([given, given + 1])],
  ] as const) {
    const { records } = await contentsOf(await weiboCrawler(folder, given));
    expect(new Set(records.map((record) => ('observedAt' in record ? record.observedAt : null)))).toEqual(times);
  }
});

test('files that are not of the crawler are passed over with the reason', async () => {
  const folder = folderOf({
    'a/1001.csv': POSTS,
    'a/notes.csv': 'when,who,what\n1,2,3\n',
    'a/posts.csv': POSTS,
    'a/nothing.csv': '',
    'a/bom.csv': '\uFEFF',
    'a/quote.csv': '"never closed\n',
    'a/list.json': '[1, 2]',
    'a/broken.json': '{"us',
    'a/readme.txt': 'hello',
  });
  const { files, skipped } = await weiboCrawler(folder);
  expect(files).toEqual([join(folder, 'a/1001.csv')]);
  const reasons = Object.fromEntries(skipped.map(({ file, reason }) => [file.slice(folder.length + 3), reason]));
  expect(reasons).toEqual({
    'notes.csv': 'unknown header: when, who, what …',
    'posts.csv': 'a post table is named by its user id: 1234567890.csv',
    'nothing.csv': 'the file is empty',
    'bom.csv': expect.stringContaining('has no header line'),
    'quote.csv': expect.stringContaining('no header line that can be read'),
    'list.json': 'no "user" and "weibo" inside',
    'broken.json': 'no "user" and "weibo" inside',
    'readme.txt': 'texts are not read: the .csv or .json of the crawler holds the same',
  });
});

test('a file that breaks off gives its rows up to there and one reject', async () => {
  const whole = JSON_FILE.replace('"weibo": [', '"weibo": [{"id": 1, "text": "", "created_at": "2011-12-28T00:00:00"},');
  const folder = folderOf({
    'a/1001.json': whole.slice(0, whole.indexOf('"full_created_at"')),
    'b/1002.csv': `${POSTS}1\t,b1,"never closed`,
  });
  const { records, rejects } = await contentsOf(await weiboCrawler(folder));
  expect(records.map((record) => record.kind)).toEqual(['account', 'post', 'post', 'post', 'post', 'post']);
  expect(rejects.map(({ origin, reason }) => [origin.file.split('/').at(-1), origin.line, reason])).toEqual([
    ['1001.json', 2, expect.stringContaining('The JSON cannot be read on from here')],
    ['1002.csv', 10, expect.stringContaining('The file cannot be read on from here')],
  ]);
});

test.each([
  ['is not there', undefined, /^There is no folder .*nowhere\. Name the folder that weibo-crawler wrote, usually "weibo"\.$/],
  ['is empty', {}, /holds no file of weibo-crawler or another crawler \(no \.csv or \.json\)\.$/],
  ['holds other things', { 'x/readme.txt': 'hello' }, /\(no \.csv or \.json\)\.$/],
  [
    'holds other tables',
    { 'x/a.csv': 'a,b\n' },
    /holds no file of weibo-crawler or another crawler \(x\/a\.csv: unknown header: a, b …\)\.$/,
  ],
])('a folder that %s is an error that says so', async (_, files, message) => {
  const folder = files === undefined ? '/tmp/nowhere' : folderOf(files);
  await expect(weiboCrawler(folder)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
});

describe('2,364 real posts of 59 accounts', () => {
  const folder = join(REAL_DATA, 'weibo_crawlers', 'raw', 'weibo');
  const testWhereTheDataAre = existsSync(folder) ? test : test.skip;
  type Sums = Record<'posts' | 'likes' | 'comments' | 'reposts', number>;
  interface Truth {
    readonly weibo_crawler_org: {
      readonly posts: number;
      readonly reposts_of_others: number;
      readonly users_rows: number;
      readonly by_verified_type: Record<string, Sums>;
      readonly by_day_local: Record<string, Sums>;
      readonly by_account_top: readonly [string, Sums][];
      readonly followers_top10: readonly [string, number][];
    };
  }

  testWhereTheDataAre('add up as counted elsewhere, day by day and type by type (needs ../shared/data)', () =>
    withLoading('sqlite', async (loading) => {
      const truth = (JSON.parse(readFileSync(join(REAL_DATA, 'weibo_crawlers', 'truth.json'), 'utf8')) as Truth).weibo_crawler_org;
      const summary = await loading.load(await weiboCrawler(folder));
      expect(summary).toMatchObject({ rejected: 0, files: 119, skipped: [] });
      const sums = async (by: string): Promise<Record<string, Sums>> => {
        const rows = await loading.store.query<Sums & { by: string }>(
          `SELECT ${by} AS "by", COUNT(*) AS posts, SUM(likes) AS likes, SUM(comments) AS comments, SUM(reposts) AS reposts
           FROM post JOIN account_version USING (account_key) GROUP BY ${by}`,
        );
        return Object.fromEntries(rows.map(({ by: key, ...rest }) => [key, rest]));
      };
      expect(await sums('verified_type')).toEqual(truth.by_verified_type);
      expect(await sums('posted_day')).toEqual(truth.by_day_local);
      expect(await sums('screen_name')).toMatchObject(Object.fromEntries(truth.by_account_top));
      const one = async (sql: string): Promise<unknown> => Object.values((await loading.store.query(sql))[0]!)[0];
      expect(await one('SELECT COUNT(*) FROM post')).toBe(2364);
      expect(await one('SELECT COUNT(DISTINCT account_key) FROM post')).toBe(59);
      expect(await one('SELECT COUNT(*) FROM account')).toBe(truth.users_rows);
      expect(await one('SELECT COUNT(*) FROM account_version')).toBe(truth.users_rows);
      expect(await one('SELECT COUNT(*) FROM post WHERE original = 0')).toBe(truth.reposts_of_others);
      const followers = await loading.store.query<{ name: string; followers: number }>(
        'SELECT screen_name AS name, MAX(followers) AS followers FROM account_observation GROUP BY account_key ORDER BY followers DESC LIMIT 10',
      );
      expect(followers.map(({ name, followers: count }) => [name, count])).toEqual(truth.followers_top10);

      const before = await loading.dump();
      const again = await loading.load(await weiboCrawler(folder));
      expect(again).toMatchObject({ accepted: 0, updated: 0, rejected: 0, unchanged: summary.rowsRead });
      expect(await loading.dump()).toEqual(before);
    }),
  );
});
