import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { ownerOf } from '../../../src/ingest/formats/recognise';
import type { AccountRecord } from '../../../src/ingest/records';
import { folderOf, REAL_DATA } from '../loading';
import { AT, beijing, BOM, contents, read } from './crawling';

const POSTS = 'id,bid,正文,日期,点赞数,评论数,转发数,完整日期';
const post = (id: string, at = '2024-11-29 18:56:41', text = '早安'): string => `${id}\t,,${text},${at.replace(' ', 'T')},1,2,3,${at}\n`;
const USERS = '用户id,昵称,粉丝数\n1234567890,甲,5\n';
const TWEET = (id: string, crawled = 1_732_881_600): string =>
  JSON.stringify({ _id: id, mblogid: 'LqlZNhJFm', created_at: '2024-11-29 18:56:41', reposts_count: 1, comments_count: 2, attitudes_count: 3, content: '早安', user: { _id: '1234567890', nick_name: '甲', verified: true, verified_type: 1 }, crawl_time: crawled }); // prettier-ignore
const FAN = '{"fan_id": "5555555555", "follower_id": "1234567890", "crawl_time": 1732881600}';

describe('files', () => {
  test('of several crawlers in one folder are each known by their header or keys, and read in the order of their names', async () => {
    const { rows, skipped, reading } = await read({
      'a/1234567890.csv': BOM + POSTS + '\n' + post('1'),
      'a/USERS.CSV': USERS,
      'b/tweets.jsonl': `${TWEET('2')}\n`,
      'c/search.csv': 'id,user_id,用户昵称,微博正文,发布时间\n3,1234567890,甲,早安,2024-11-29 18:56\n',
      'd/1234567891.txt': '微博正文',
      'd/picture.jpg': 'not looked at',
    });
    expect(rows.map(([first]) => (first?.kind === 'post' ? first.postId : first?.kind))).toEqual(['1', 'account', '2', '3']);
    expect(skipped).toEqual({ '1234567891.txt': 'texts are not read: the .csv or .json of the crawler holds the same' });
    expect(reading.format).toBe('several crawlers');
    expect(reading.meter.done).toBe(reading.meter.total);
  });

  test('are found as one file, and by a pattern', async () => {
    const folder = folderOf({
      'a/1234567890.csv': `${POSTS}\n${post('1')}`,
      'b/1234567891.csv': `${POSTS}\n${post('2')}`,
      'b/empty.csv': '',
    });
    expect((await contents(join(folder, 'a/1234567890.csv'))).posts).toMatchObject([{ postId: '1', accountId: '1234567890' }]);
    const { posts, skipped } = await contents(`${folder}/*/*.csv`);
    expect(posts.map(({ postId }) => postId)).toEqual(['1', '2']);
    expect(skipped).toEqual({ 'empty.csv': 'the file is empty' });
    await expect(contents(`${folder}/*/*.tsv`)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/^No file matches /),
    });
    await expect(contents(join(folder, 'b/empty.csv'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/holds no file of weibo-crawler or another crawler \(empty\.csv: the file is empty\)\.$/),
    });
  });

  test.each([
    ['in UTF-8 with broken bytes', Buffer.concat([Buffer.from(`${POSTS}\n${post('1')}2,,早`), Buffer.from([0xe5, 0xae]), Buffer.from(`,,1,2,3,2024-11-29 18:56:41\n`)]), ['早安', '早\uFFFD']],
    ['in GB 18030', iconv.encode(`${POSTS}\n${post('1')}${post('2', undefined, '晚安')}`, 'gb18030'), ['早安', '晚安']],
    ['in UTF-16', iconv.encode(`${POSTS}\r\n${post('1')}${post('2', undefined, '晚安')}`, 'utf-16le', { addBOM: true }), ['早安', '晚安']],
  ])('%s are read without being told', async (_, content, texts) => {
    const { posts, rejects } = await read({ '1234567890.csv': content });
    expect([posts.map(({ text }) => text), rejects]).toEqual([texts, []]);
  }); // prettier-ignore

  test('are read in the encoding that is given, whatever they look like', async () => {
    const { posts } = await read({ 'a.csv': 'id,bid,text,user_id,created_at,attitudes_count,comments_count,reposts_count\n1,,\xe9t\xe9,7,2024-11-29,1,2,3\n' }, { encoding: 'latin1' });
    expect(posts.map(({ text }) => text)).toEqual(['Ã©tÃ©']);
    await expect(read({ '1.csv': `${POSTS}\n` }, { encoding: 'klingon' })).rejects.toThrow('There is no encoding "klingon"');
  }); // prettier-ignore

  test('that are none of a crawler are passed over with what was found in them, and with what is missing when it is little', async () => {
    const { skipped } = await read({
      '1234567890.csv': `${POSTS}\n`,
      'other.csv': 'when,who,what,why,where\n',
      'near.csv': 'id,bid,正文,点赞数,评论数,转发数\n',
      'twice.csv': 'id,bid,正文,日期,点赞数,评论数,转发数,id\n',
      'posts.csv': `${POSTS}\n`,
      'quote.csv': '"never closed\n',
      'other.json': '{"when": 1, "who": {"name": 2}}',
      'numbers.json': '[1, 2]',
      'broken.json': '{"us',
      'near.json': '[{"_id": "1", "mblogid": "a", "content": "b", "created_at": "c", "reposts_count": 1, "comments_count": 2}]',
      'other.jsonl': '{"a": 1}\n',
      'broken.jsonl': 'nonsense\n',
    });
    expect(skipped).toEqual({
      'other.csv': 'unknown header: when, who, what, why …',
      'near.csv': 'unknown header: id, bid, 正文, 点赞数 …; weibo-crawler has "日期" too in its posts',
      'twice.csv': expect.stringMatching(/has two columns named "id"/),
      'posts.csv': 'a post table is named by its user id: 1234567890.csv',
      'quote.csv': expect.stringMatching(/has no header line that can be read/),
      'other.json': 'no "user" and "weibo" inside; its keys: when, who, who.name …',
      'numbers.json': 'no "user" and "weibo" inside',
      'broken.json': 'no "user" and "weibo" inside',
      'near.json': expect.stringMatching(/^no "user" and "weibo" inside; its keys: _id, mblogid, content, created_at …; \S+ has "attitudes_count" too in its posts$/),
      'other.jsonl': 'unknown keys: a …',
      'broken.jsonl': 'no line is JSON',
    }); // prettier-ignore
  });

  test('of a post table tell their account by their names, where these say anything', () => {
    const owners = { '1234567890': '1234567890', '1001': '1001', '2803301701_2021': '2803301701', '2803301701-copy': '2803301701', rmrb: 'rmrb', pinganjia2: 'pinganjia2' }; // prettier-ignore
    for (const [name, owner] of Object.entries(owners)) expect(ownerOf(`/a/${name}.csv`)).toBe(owner);
    for (const name of ['posts', 'weibo', 'data2', '20210501_posts', '2021_12', '12345678901a', '人民日报', 'a-b', 'abc']) expect(ownerOf(`/a/${name}.csv`)).toBeNull();
  }); // prettier-ignore

  test('with a header alone, and documents without posts, have no rows and are no mistake', async () => {
    const { rows, rejects } = await read({ '1234567890.csv': `${BOM}${POSTS}\n`, 'a.json': '{"statuses": []}', 'b/1.json': '{"user": {"id": "1", "screen_name": "甲"}, "weibo": []}' }); // prettier-ignore
    expect([rows.length, rejects]).toEqual([1, []]);
  });
});

describe('rows', () => {
  test('with more in them than the header has names for are rejects, and short and blank ones are read', async () => {
    const { posts, rejects } = await read({
      '1234567890.csv': `${POSTS}\n${post('1').trimEnd()},surplus\n\n${post('2').trimEnd()},,\n3,,早安,2024-11-29T18:56:41\n`,
    });
    expect(posts.map(({ postId, likes }) => [postId, likes])).toEqual([['2', 1], ['3', null]]); // prettier-ignore
    expect(rejects).toMatchObject([
      {
        origin: { line: 2 },
        field: null,
        reason: 'The row has 9 cells and the header 8 names: nothing tells what "surplus" is.',
        raw: `${post('1').trimEnd()},surplus`,
      },
    ]);
  });

  test('of JSON Lines tell each by its keys what it is, also flattened ones; one that tells nothing is a reject', async () => {
    const flat = '{"_id": "3", "mblogid": "x", "created_at": "2024-11-29 18:56:41", "reposts_count": 1, "comments_count": 2, "attitudes_count": 3, "content": "早安", "user._id": "7", "user.verified": true, "crawl_time": 1732881600}';
    const lines = [TWEET('9007199254740993'), FAN, '', '{oops', '{"a": 9007199254740993}', flat];
    const { rows, rejects } = await read({ 'x.ndjson': lines.join('\n'), 'y.json': `${lines.join('\n')}\n` }, { observedAt: null });
    for (const file of [rows.slice(0, 3), rows.slice(3)])
      expect(file.map(([first]) => first)).toMatchObject([
        { kind: 'post', postId: '9007199254740993', accountId: '1234567890', observedAt: 1_732_881_600_000 },
        { kind: 'follow', accountId: '1234567890', writerId: '5555555555', observedAt: 1_732_881_600_000 },
        { kind: 'post', postId: '3', accountId: '7' },
      ]);
    expect(rejects.map(({ origin, reason, raw }) => [origin.line, reason, raw])).toEqual(
      [0, 1].flatMap(() => [
        [4, expect.stringMatching(/^The line is not JSON/), '{oops'],
        [5, 'Unknown keys: a ….', '{"a": 9007199254740993}'],
      ]),
    );
  }); // prettier-ignore

  test('of a bare list tell each by its keys; documents of the API are known by their parts, wherever these stand', async () => {
    const list = await read({ 'x.json': `[${TWEET('1')}, {"a": 9007199254740993}, ${FAN}]` });
    expect(list.rows.map(([first]) => first!.kind)).toEqual(['post', 'follow']);
    expect(list.rejects).toMatchObject([{ origin: { line: 2 }, reason: 'Unknown keys: a ….', raw: '{"a":9007199254740993}' }]);
    const status = '{"created_at": "Fri Nov 29 18:56:41 +0800 2024", "id": 1, "mid": "5106121943814622", "text": "早安", "user": {"id": 1234567890, "screen_name": "甲", "verified": true}}';
    const api = await read({ 'a.json': `{"total_number": 1, "statuses": [${status}]}`, 'b.json': status });
    expect(api.posts.map(({ postId, accountId }) => [postId, accountId])).toEqual([['5106121943814622', '1234567890'], ['5106121943814622', '1234567890']]);
    expect(api.reading.format).toBe('weibo-api');
  }); // prettier-ignore

  test('of Weibo-archiver stand before the user whose they are', async () => {
    const { rows, rejects } = await read({
      'weibo-data.json': '{"weibo": [{"id": "5106121943814622", "mblogid": "P2zg6g0ma", "text": "早安", "createdAt": "Fri Nov 29 18:56:41 +0800 2024", "repostsCount": 1, "commentsCount": 2, "likesCount": 3}], "followings": [{"uid": "7", "name": "乙", "bio": ""}], "user": {"uid": "1234567890", "name": "甲", "followers": 5, "followings": 6}, "favorites": []}',
    });
    expect(rejects).toEqual([]);
    expect(rows.flat()).toMatchObject([
      { kind: 'account', accountId: '1234567890' },
      { kind: 'post', accountId: '1234567890', postId: '5106121943814622' },
      { kind: 'follow', accountId: '7', writerId: '1234567890' },
    ]);
  }); // prettier-ignore

  test('of a file that breaks off are read up to there, and the rest is one reject', async () => {
    const { rows, rejects } = await read({
      'a/1234567890.csv': `${POSTS}\n${post('1')}2,,"never closed`,
      'b/1234567891.json': '{"user": {"id": "1234567891", "screen_name": "甲"}, "weibo": [{"id": "3", "text": "", "created_at": "2024-11-29 18:56:41"}, {"id": ',
      'c/x.jsonl': `${TWEET('4')}\n{"_id": `,
    });
    expect(rows.map(([first]) => first!.kind)).toEqual(['post', 'account', 'post', 'post']);
    expect(rejects.map(({ origin, field }) => [origin.file.split('/').at(-1), origin.line, field])).toEqual([
      ['1234567890.csv', 3, null],
      ['1234567891.json', 2, null],
      ['x.jsonl', 2, null],
    ]);
  }); // prettier-ignore
});

describe('the time of the crawl', () => {
  const NOW_KNOWN = { observedAt: null };

  test('is the newest post among all files, unless it lies in the future; rows that know their own keep it', async () => {
    const { rows } = await read(
      {
        'a/1234567890.csv': `${POSTS}\n${post('1', '2024-11-28 00:00:00')}${post('2', '2099-01-01 00:00:00')}`,
        'b/1234567891.csv': `${POSTS}\n${post('3', '2024-11-29 00:00:00')}`,
        'c/x.jsonl': TWEET('4', 1_600_000_000).replace('2024-11-29', '2020-01-01'),
        'users.csv': USERS,
      },
      NOW_KNOWN,
    );
    const times = rows.map(([first]) => ('observedAt' in first! ? first.observedAt : null));
    const newest = beijing('2024-11-29 00:00:00');
    expect(times).toEqual([newest, newest, newest, 1_600_000_000_000, newest]);
  });

  test('must be given where rows need it and no post tells it, and need not where no row does', async () => {
    const refusal = { code: 'BAD_INPUT', message: expect.stringMatching(/^Nothing in \S+ tells when it was collected\. Give the time with --observed-at 2024-/) };
    await expect(read({ 'users.csv': USERS }, NOW_KNOWN)).rejects.toMatchObject(refusal);
    await expect(read({ '1234567890.csv': `${POSTS}\n${post('1', '5分钟前')}` }, NOW_KNOWN)).rejects.toMatchObject(refusal);
    expect((await read({ 'x.jsonl': FAN }, NOW_KNOWN)).rows).toMatchObject([[{ observedAt: 1_732_881_600_000 }]]);
    expect((await read({ '1234567890.csv': `${POSTS}\n` }, NOW_KNOWN)).rows).toEqual([]);
  }); // prettier-ignore

  test('that is only proven dates no time that counts from it; one that is given does', async () => {
    const files = { '1234567890.csv': `${POSTS}\n${post('1')}${post('2', '5分钟前')}${post('3', '05月31日 23:54')}` };
    const proven = await read(files, NOW_KNOWN);
    expect(proven.posts.map(({ postId }) => postId)).toEqual(['1']);
    expect(proven.rejects.map(({ origin, reason }) => [origin.line, /give that with --observed-at\.$/.test(reason)])).toEqual([[3, true], [4, true]]); // prettier-ignore
    const given = await read(files);
    expect(given.rejects).toEqual([]);
    expect(given.posts.map(({ postedAt }) => postedAt)).toEqual([
      beijing('2024-11-29 18:56:41'),
      AT - 300_000,
      beijing('2024-05-31 23:54:00'),
    ]);
  });
});

describe('2,364 real posts of 59 accounts', () => {
  const folder = join(REAL_DATA, 'weibo_crawlers');
  const testWhereTheDataAre = existsSync(folder) ? test : test.skip;
  type Sums = Record<'posts' | 'likes' | 'comments' | 'reposts', number>;
  interface Truth {
    readonly posts: number;
    readonly reposts_of_others: number;
    readonly users_rows: number;
    readonly by_day_local: Record<string, Sums>;
    readonly by_verified_type: Record<string, Sums>;
    readonly followers_top10: readonly [string, number][];
  }

  testWhereTheDataAre('add up as counted elsewhere, in CSV and in JSON (needs ../shared/data)', async () => {
    const truth = (JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as { weibo_crawler_org: Truth }).weibo_crawler_org;
    const { rows, posts, rejects, skipped, reading } = await contents(join(folder, 'raw', 'weibo'), { observedAt: null });
    expect([rejects, skipped, reading.files.length, reading.format]).toEqual([[], {}, 119, 'weibo-crawler']);
    const csv = posts.filter(({ screenName }) => screenName === undefined);
    const json = posts.filter(({ screenName }) => screenName !== undefined);
    // Both hold the same posts with the same counters; JSON also prints the name.
    const plain = (some: typeof posts): unknown[] =>
      some.map(({ screenName: _, ...rest }) => rest).sort((a, b) => (a.postId < b.postId ? -1 : 1));
    expect(plain(json)).toEqual(plain(csv));
    expect(csv).toHaveLength(truth.posts);
    expect(csv.filter(({ original }) => !original)).toHaveLength(truth.reposts_of_others);
    expect(csv.filter(({ original, repostOfId }) => original !== (repostOfId === null))).toEqual([]);

    const users = await contents(join(folder, 'raw', 'weibo', 'users_org_only.csv'));
    const inUsers = users.rows.map(([first]) => first as AccountRecord);
    const typeOf = new Map(inUsers.map(({ accountId, verifiedType }) => [accountId, verifiedType!]));
    expect(typeOf.size).toBe(truth.users_rows);
    const sums = (keyOf: (post: (typeof posts)[number]) => string): Record<string, Sums> => {
      const byKey: Record<string, Sums> = {};
      for (const one of csv) {
        const sum = (byKey[keyOf(one)] ??= { posts: 0, likes: 0, comments: 0, reposts: 0 });
        sum.posts += 1;
        for (const counter of ['likes', 'comments', 'reposts'] as const) sum[counter] += one[counter]!;
      }
      return byKey;
    };
    expect(sums(({ postedAt }) => new Date(postedAt + 8 * 3_600_000).toISOString().slice(0, 10))).toEqual(truth.by_day_local);
    expect(sums(({ accountId }) => typeOf.get(accountId)!)).toEqual(truth.by_verified_type);
    const most = [...inUsers].sort((a, b) => b.followers! - a.followers!).slice(0, 10);
    expect(most.map(({ screenName, followers }) => [screenName, followers])).toEqual(truth.followers_top10);
    expect(most.map(({ approximate }) => approximate?.followers)).toEqual(truth.followers_top10.map(([, followers]) => String(followers)));
    // One original is hidden by its author; both files say so.
    expect(rows.flat().filter(({ kind }) => kind === 'status')).toMatchObject(
      [0, 1].map(() => ({ postId: '5105307355713029', status: 'HIDDEN', actor: 'AUTHOR' })),
    );
  });
});
