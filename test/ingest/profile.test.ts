import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProfile } from '../../src/ingest/formats/profile';
import { profiledPosts } from '../../src/ingest/formats/profiledPosts';
import type { PostRecord } from '../../src/ingest/records';
import { projectPath } from '../../src/paths';
import { DIALECTS } from '../stores';
import { CLOCK, contentsOf, folderOf, openLoading, REAL_DATA } from './loading';

const PLAIN = { platform: 'twitter', timeZone: 'UTC', format: 'csv', post: { id: 'id', text: 'text', postedAt: 'at', account: 'who' } };
/** The plain profile with some keys, and some places, changed. */
const profile = (keys: object = {}, places: object = {}) =>
  readProfile(join(folderOf({ 'p.json': JSON.stringify({ ...PLAIN, ...keys, post: { ...PLAIN.post, ...places } }) }), 'p.json'));
const refusal = (content: string): string => {
  try {
    readProfile(join(folderOf({ 'p.json': content }), 'p.json'));
  } catch (error) {
    return (error as Error).message.replace(/.*p\.json /, '');
  }
  return 'no refusal';
};
const example = (name: string) => readProfile(projectPath('seeds', 'examples', name));

/** The posts and rejects of one file. */
async function read(content: string | Buffer, described = profile(), name = 'a.csv', observedAt: number | null = null) {
  const { records, rejects } = await contentsOf(
    await profiledPosts(join(folderOf({ [name]: content }), name), described, observedAt, CLOCK),
  );
  return { posts: records as PostRecord[], rejects };
}

describe('a profile', () => {
  test.each([
    ['that is no JSON', '{', /^cannot be read: /],
    ['with an unknown key', JSON.stringify({ ...PLAIN, htmlEntitys: true }), /profile: Unrecognized key: "htmlEntitys"/],
    ['with an unknown field', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, retweets: 'x' } }), /post: Unrecognized key: "retweets"/],
    ['with an unknown key of a place', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { colum: 'x' } } }), /post\.id: Unrecognized key: "colum"/],
    ['without what is needed', JSON.stringify({ ...PLAIN, post: { text: 'x' } }), /post\.id: must be the name of a column.*post\.postedAt: .*post\.account: /],
    ['with two places for one value', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { column: 'x', from: 'fileName' } } }), /post\.id: needs exactly one of "column", "from" and "value"/],
    ['with a pattern that is none', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { column: 'x', match: '(' } } }), /post\.id\.match: is not a regular expression/],
    ['with a zone that is none', JSON.stringify({ ...PLAIN, timeZone: 'Peking' }), /timeZone: is not an IANA time zone such as Asia\/Shanghai/],
    ['of an unknown format', JSON.stringify({ ...PLAIN, format: 'xml' }), /format: .*"csv"\|"json"\|"jsonl"/],
  ])('%s is refused with the place of the mistake', (_, content, message) => expect(refusal(content)).toMatch(message)); // prettier-ignore

  test('that is not there is an error that names it', () => {
    expect(() => readProfile('/nowhere/p.json')).toThrow(/^The profile \/nowhere\/p\.json cannot be read: .*ENOENT/);
  });
});

describe('a value', () => {
  test('stands in a column, in the name of the file, or is one for all, and a pattern cuts it out', async () => {
    const places = {
      id: { column: 'url', match: 'status/(\\d+)' },
      account: { from: 'fileName', match: '^[^_]+' },
      screenName: { value: 'Somebody' },
      repostOf: { column: 'of', match: 'status/(\\d+)' },
    };
    const { posts, rejects } = await read(
      'url,text,at,of\nhttps://x.com/a/status/9007199254740993,t,2011-01-01,\nhttps://x.com/a/status/2?s=20,t,2011-01-01,https://x.com/b/status/1\nhttps://x.com/a,t,2011-01-01,\n',
      profile({}, places),
      'SenSmith_2011.csv',
    );
    expect(
      posts.map(({ postId, accountId, screenName, original, repostOfId }) => [postId, accountId, screenName, original, repostOfId]),
    ).toEqual([
      ['9007199254740993', 'SenSmith', 'Somebody', true, null],
      ['2', 'SenSmith', 'Somebody', false, '1'],
    ]);
    expect(rejects).toMatchObject([{ origin: { line: 4 }, field: 'id', reason: '"https://x.com/a" does not match status/(\\d+).' }]);
  });

  test('of a counter without a place, and of an empty cell, is not known, which is not 0', async () => {
    const { posts } = await read('id,text,at,who,likes\n1,t,2011-01-01,7,\n2,t,2011-01-01,7,0\n', profile({}, { likes: 'likes' }));
    expect(posts.map(({ likes, reposts, comments }) => [likes, reposts, comments])).toEqual([[null, null, null], [0, null, null]]); // prettier-ignore
  });

  test('of a text has its entities decoded where the profile says so, and only there', async () => {
    const row = 'id,text,at,who\n1,&lt;a&gt; &amp;amp; &quot;b&quot; &#39;&#x5FAE;&#21338; &unknown; &#0; &#1114112;,2011-01-01,7\n';
    expect((await read(row, profile({ htmlEntities: true }))).posts[0]!.text).toBe('<a> &amp; "b" \'微博 &unknown; &#0; &#1114112;');
    expect((await read(row)).posts[0]!.text).toContain('&lt;a&gt;');
  });

  test('that cannot be read is one reject with its field and line, and the other rows stand', async () => {
    const { posts, rejects } = await read('id,text,at,who,n\n1,t,2011-01-01,7,5\n2,"t\nt",tomorrow,7,5\n3,t,2011-01-01,7,x\n,t,2011-01-01,7,5\n5,t,2011-01-01,,5\n', profile({}, { likes: 'n' })); // prettier-ignore
    expect(posts.map(({ postId }) => postId)).toEqual(['1']);
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[3, 'postedAt'], [5, 'likes'], [6, 'id'], [7, 'account']]); // prettier-ignore
  });
});

describe('the time of observation', () => {
  const rows =
    'id,text,at,who,seen\n1,t,2011-01-01 00:00:00,7,2011-03-01\n2,t,2011-02-01 00:00:00,7,2011-03-02\n3,t,2091-02-01 00:00:00,7,2011-03-03\n';
  const times = async (observedAt: number | null, places: object = {}): Promise<string[]> =>
    (await read(rows, profile({}, places), 'a.csv', observedAt)).posts.map((post) => new Date(post.observedAt).toISOString().slice(0, 10));

  test('is what its column says, else what is given, else that of the newest post, unless that lies in the future', async () => {
    expect(await times(Date.parse('2011-05-01'), { observedAt: 'seen' })).toEqual(['2011-03-01', '2011-03-02', '2011-03-03']);
    expect(await times(Date.parse('2011-05-01'))).toEqual(['2011-05-01', '2011-05-01', '2011-05-01']);
    expect(await times(null)).toEqual(['2011-02-01', '2011-02-01', '2011-02-01']);
  });
});

describe('a file', () => {
  const ids = ['9007199254740993', '18446744073709551615'];
  const item = (id: string): string =>
    `{"id": ${id}, "text": "t", "at": "2011-01-01 00:00:00", "user": {"id": ${id}}, "likes": 4000000001}`;
  const places = { account: 'user.id', likes: 'likes' };

  test.each([
    ['CSV', 'csv', '', `id,text,at,user.id,likes\n${ids.map((id) => `${id},t,2011-01-01 00:00:00,${id},4000000001\n`).join('')}`],
    ['JSON', 'json', '', `[${ids.map(item).join()}]`],
    ['JSON with a path to the list', 'json', 'data.posts', `{"data": {"count": 2, "posts": [${ids.map(item).join()}]}}`],
    ['JSON Lines', 'jsonl', '', `${ids.map(item).join('\n')}\n`],
  ])('of %s keeps every digit of ids and counts', async (_, format, items, content) => {
    const { posts, rejects } = await read(content, profile({ format, items }, places));
    expect(rejects).toEqual([]);
    expect(posts.map(({ postId, accountId, likes }) => [postId, accountId, likes])).toEqual(ids.map((id) => [id, id, 4_000_000_001]));
  });

  test('without a column that the profile names is refused before anything is read', async () => {
    await expect(read('ID,text,at,who\n1,t,2011-01-01,7\n')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(
        /a\.csv has no column "id", which the profile names\. Did you mean "ID"\? Its columns: ID, text, at, who\.$/,
      ),
    });
    await expect(read('id,text,at,who\n', profile({}, { likes: { column: 'favorites' } }))).rejects.toThrow('has no column "favorites"');
  });

  test('of JSON without the list that the profile names is refused, an empty list is not', async () => {
    await expect(read('{"posts": []}', profile({ format: 'json', items: 'tweets' }))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/has nothing at "tweets", where the profile looks for the list of posts \("items"\)\.$/),
    });
    expect(await read('{"posts": []}', profile({ format: 'json', items: 'posts' }))).toEqual({ posts: [], rejects: [] });
  });

  test.each([
    ['CSV', 'csv', '', 'id,text,at,who\n1,t,2011-01-01,7\n2,t,2011-01-02,7\n3,"never closed,2011-01-01,7\n4,t,2011-01-01,7\n', 4],
    ['JSON', 'json', 'posts', '{"posts": [{"id":1,"at":"2011-01-01","who":7},{"id":2,"at":"2011-01-02","who":7},{"id":3,"at', 3],
    ['JSON Lines', 'jsonl', '', '{"id":1,"at":"2011-01-01","who":7}\n{"id":2,"at":"2011-01-02","who":7}\n{"id":3,"at', 3],
  ])('of %s that breaks off gives its rows up to there and one reject', async (_, format, items, content, line) => {
    const { posts, rejects } = await read(content, profile({ format, items }));
    expect(posts.map(({ postId, observedAt }) => [postId, observedAt])).toEqual(['1', '2'].map((id) => [id, Date.parse('2011-01-02')]));
    expect(rejects).toMatchObject([{ origin: { line }, field: null }]);
  });

  test('after one that breaks off is read all the same', async () => {
    const folder = folderOf({ 'a.csv': 'id,text,at,who\n1,"t', 'b.csv': 'id,text,at,who\n2,t,2011-01-01,7\n' });
    const { records, rejects } = await contentsOf(await profiledPosts(`${folder}/*.csv`, profile(), null, CLOCK));
    expect([records.length, rejects.length]).toEqual([1, 1]);
  });

  test('in another encoding, with CR inside quoted cells and with broken bytes, is read to the end', async () => {
    const gb = Buffer.concat([
      Buffer.from('id,text,at,who\n1,"'),
      Buffer.from([0xce, 0xa2, 0xb2, 0xa9]),
      Buffer.from('\ra",2011-01-01,7\n2,t,2011-01-01,7\n'),
    ]);
    expect((await read(gb, profile({ encoding: 'gb18030' }))).posts.map(({ text }) => text)).toEqual(['微博\ra', 't']);
    expect((await read(gb)).posts.map(({ text }) => text.endsWith('\ra'))).toEqual([true, false]);
    await expect(read(gb, profile({ encoding: 'klingon' }))).rejects.toThrow('There is no encoding "klingon"; use utf-8');
  });

  test('that is empty, a pattern that matches nothing, and a folder are errors that say what to do', async () => {
    const folder = folderOf({ 'a/empty.csv': '', 'a/more.csv': 'id\n' });
    const open = (pattern: string) => profiledPosts(join(folder, pattern), profile(), null);
    await expect(open('a/empty.csv')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/empty\.csv is empty\. Remove it/),
    });
    await expect(open('a/*.csv')).rejects.toThrow('empty.csv is empty');
    await expect(open('a/*.tsv')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/^No file matches .*quote a pattern/),
    });
    await expect(open('nowhere.csv')).rejects.toThrow('No file matches');
    await expect(open('a')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/a is a folder; name its files, for instance ".*\*\*\/\*\.csv"/),
    });
  });

  test('is found by a pattern, in the order of names, and by a name that looks like a pattern', async () => {
    const row = (id: number): string => `id,text,at,who\n${id},t,2011-01-01,7\n`;
    const folder = folderOf({ 'b/2.csv': row(2), 'a/1.csv': row(1), 'a/deep/3.csv': row(3), 'a/[x].csv': row(4), 'a/5.txt': row(5) });
    const found = async (pattern: string) =>
      (await profiledPosts(`${folder}/${pattern}`, profile(), null)).files.map((file) => file.slice(folder.length + 1));
    expect(await found('**/*.csv')).toEqual(['a/1.csv', 'a/[x].csv', 'a/deep/3.csv', 'b/2.csv']);
    expect(await found('a/[x].csv')).toEqual(['a/[x].csv']);
  });
});

describe('the examples', () => {
  test('congress.json reads an archive of one file an account', async () => {
    const { posts, rejects } = await read(
      'Tweet ID,Date,Text,Favorites,Retweets,Link\n1206012345678901234,2017-01-20 23:59:59,"Hello, &amp; welcome",12,3,x\n',
      example('congress.json'),
      'SenSmith.csv',
    );
    expect(rejects).toEqual([]);
    expect(posts).toEqual([
      {
        kind: 'post', platform: 'twitter', postId: '1206012345678901234', accountId: 'SenSmith', screenName: null,
        postedAt: Date.parse('2017-01-20T23:59:59Z'), observedAt: Date.parse('2017-01-20T23:59:59Z'), text: 'Hello, &amp; welcome',
        original: true, repostOfId: null, reposts: 3, comments: null, likes: 12,
      },
    ]); // prettier-ignore
  });

  test('twitter-ratio.json finds the id in the address', async () => {
    const { posts, rejects } = await read(
      'created_at,text,url,replies,retweets,favorites,user\n10/2/17 12:41,A &amp; B,https://twitter.com/Who/status/914832655170011137,1,2,3,Who\n',
      example('twitter-ratio.json'),
    );
    expect(rejects).toEqual([]);
    expect(posts).toMatchObject([
      {
        postId: '914832655170011137',
        accountId: 'Who',
        text: 'A & B',
        postedAt: Date.parse('2017-10-02T12:41:00Z'),
        comments: 1,
        reposts: 2,
        likes: 3,
      },
    ]);
  });

  const raw = join(REAL_DATA, 'twitter_ratio_538');
  const testWhereTheDataAre = existsSync(raw) ? test.each(DIALECTS) : test.skip.each(DIALECTS);
  type Sums = Record<'rows' | 'replies' | 'retweets' | 'favorites' | 'max_favorites', number> & {
    by_year_file_time: Record<string, number>;
  };

  testWhereTheDataAre('6,439 real posts of two presidents add up as counted elsewhere, on %s (needs ../shared/data)', async (dialect) => {
    const truth = JSON.parse(readFileSync(join(raw, 'truth.json'), 'utf8')) as Record<string, Sums>;
    const loading = await openLoading(dialect);
    const open = () => profiledPosts(`${raw}/raw/*.csv`, example('twitter-ratio.json'), null);
    expect(await loading.load(await open())).toMatchObject({ rowsRead: 3207 + 3232, accepted: 6439, rejected: 0, files: 2 });
    for (const name of ['BarackObama', 'realDonaldTrump']) {
      const { rows, replies, retweets, favorites, max_favorites: most, by_year_file_time: years } = truth[`${name}.csv`]!;
      const of = `FROM post JOIN account USING (account_key) WHERE account_id = '${name}'`;
      const [sums] = await loading.store.query(
        `SELECT COUNT(*) AS n, SUM(comments) AS replies, SUM(reposts) AS retweets, SUM(likes) AS favorites, MAX(likes) AS most ${of}`,
      );
      expect(Object.values(sums!).map(Number)).toEqual([rows, replies, retweets, favorites, most]);
      const byYear = await loading.store.query<{ year: string; n: number }>(
        `SELECT SUBSTR(posted_day, 1, 4) AS year, COUNT(*) AS n ${of} GROUP BY SUBSTR(posted_day, 1, 4)`,
      );
      expect(Object.fromEntries(byYear.map(({ year, n }) => [year, n]))).toEqual(years);
    }
    expect(await loading.load(await open())).toMatchObject({ unchanged: 6439, accepted: 0, updated: 0 });
    await loading.close();
  });
});
