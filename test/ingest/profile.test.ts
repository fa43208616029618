import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProfile } from '../../src/ingest/formats/profile';
import { profiledPosts } from '../../src/ingest/formats/profiledPosts';
import type { IngestRecord, PostRecord } from '../../src/ingest/records';
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
  const reading = await profiledPosts(join(folderOf({ [name]: content }), name), described, observedAt, CLOCK);
  const { records, rejects } = await contentsOf(reading);
  const also: IngestRecord[] = [];
  for await (const row of reading.rows()) if ('record' in row) also.push(...(row.also ?? []));
  return { posts: records as PostRecord[], rejects, also };
}

describe('a profile', () => {
  test.each([
    ['that is no JSON', '{', /^cannot be read: /],
    ['with an unknown key', JSON.stringify({ ...PLAIN, htmlEntitys: true }), /profile: Unrecognized key: "htmlEntitys"/],
    ['with an unknown field', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, retweets: 'x' } }), /post: Unrecognized key: "retweets"/],
    ['with an unknown key of a place', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { colum: 'x' } } }), /post\.id: Unrecognized key: "colum"/],
    ['without what is needed', JSON.stringify({ ...PLAIN, post: { text: 'x' } }), /post\.id: must be the name of a column.*post\.account: .*post\.postedAt: /],
    ['with two places for one value', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { column: 'x', from: 'fileName' } } }), /post\.id: needs exactly one of "column", "from", "value" and "anyOf"/],
    ['with a pattern that is none', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { column: 'x', match: '(' } } }), /post\.id\.match: is not a regular expression/],
    ['with a zone that is none', JSON.stringify({ ...PLAIN, timeZone: 'Peking' }), /timeZone: is not an IANA time zone such as Asia\/Shanghai/],
    ['with a candidate that is none', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { anyOf: ['x', { anyOf: ['y'] }] } } }), /post\.id\.anyOf\.1: Unrecognized key: "anyOf"/],
    ['with an empty list of candidates', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, id: { anyOf: [] } } }), /post\.id\.anyOf: Too small/],
    ['with a key that is not for this value', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, likes: { column: 'x', html: true } } }), /post\.likes: Unrecognized key: "html"/],
    ['with the number of a text', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, text: { column: 'x', base62: true } } }), /post\.text: Unrecognized key: "base62"/],
    ['with a year for times that have one', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, postedAt: { column: 'x', year: 2020, format: 'yyyy-MM-dd' } } }), /post\.postedAt: has a "year", which needs a "format" without one/],
    ['with a year and no format', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, postedAt: { column: 'x', year: 2020 } } }), /post\.postedAt: has a "year", which needs a "format"/],
    ['that skips rows by half a rule', JSON.stringify({ ...PLAIN, skipRows: { column: 'x' } }), /skipRows: must be \{ "column": …, "empty": true \}/],
    ['with both parts', JSON.stringify({ ...PLAIN, account: { id: 'x' } }), /profile: needs either "post" or "account"/],
    ['with neither part', JSON.stringify({ ...PLAIN, post: undefined }), /profile: needs either "post" or "account"/],
    ['with an outer object and no list in it', JSON.stringify({ ...PLAIN, format: 'json', post: { ...PLAIN.post, likes: { outer: true, column: 'x' } } }), /each: is missing: "outer" reaches/],
    ['with an outer object and no column of it', JSON.stringify({ ...PLAIN, format: 'json', each: 'y', post: { ...PLAIN.post, likes: { outer: true, value: 'x' } } }), /post\.likes: has "outer" without a "column"/],
    ['of tables with a list of rows', JSON.stringify({ ...PLAIN, each: 'x' }), /each: is for the formats json and jsonl/],
    ['of lines with a path of the list', JSON.stringify({ ...PLAIN, format: 'jsonl', items: 'x' }), /items: is for the format json only/],
    ['that knows who deleted and not whether', JSON.stringify({ ...PLAIN, post: { ...PLAIN.post, deletedBy: 'x' } }), /post\.deletedBy: needs "deleted"/],
    ['with a history of nothing', JSON.stringify({ ...PLAIN, format: 'json', post: undefined, account: { id: 'x', history: { column: 'h', values: {} } } }), /account\.history\.values: needs at least one attribute/],
    ['with a history in a table', JSON.stringify({ ...PLAIN, post: undefined, account: { id: 'x', history: { column: 'h', values: { sector: 's' } } } }), /account\.history: is for the formats json and jsonl/],
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
    expect((await read(row, profile({ htmlEntities: true }))).posts[0]!.text).toMatch(/^<a> &amp; "b" '微博 &unknown; /);
    expect((await read(row)).posts[0]!.text).toContain('&lt;a&gt;');
  });

  test('that cannot be read is one reject with its field and line, and the other rows stand', async () => {
    const { posts, rejects } = await read('id,text,at,who,n\n1,t,2011-01-01,7,5\n2,"t\nt",tomorrow,7,5\n3,t,2011-01-01,7,x\n,t,2011-01-01,7,5\n5,t,2011-01-01,,5\n', profile({}, { likes: 'n' })); // prettier-ignore
    expect(posts.map(({ postId }) => postId)).toEqual(['1']);
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[3, 'postedAt'], [5, 'likes'], [6, 'id'], [7, 'account']]); // prettier-ignore
  });
});

describe('a place', () => {
  const first = async (row: string, places: object, keys: object = {}) => {
    const { posts, rejects } = await read(`id,text,at,who,x,y\n1,t,2011-01-01,7,${row}\n`, profile(keys, places));
    return posts[0] ?? rejects[0]!.reason;
  };

  test('of several candidates is the first that has a value: not empty, matched, known', async () => {
    const screenName = { anyOf: [{ column: 'x', match: '^@(.+)' }, { column: 'y', map: { nobody: null } }, { value: 'last' }] };
    expect(await first('@a,b', { screenName })).toMatchObject({ screenName: 'a' });
    expect(await first('a,b', { screenName })).toMatchObject({ screenName: 'b' });
    expect(await first(',b', { screenName })).toMatchObject({ screenName: 'b' });
    expect(await first('a,nobody', { screenName })).toMatchObject({ screenName: 'last' });
  });

  test('of several candidates needs one of their columns in the header', async () => {
    const places = { likes: { anyOf: ['likes', 'favorites'] } };
    expect((await read('id,text,at,who,favorites\n1,t,2011-01-01,7,5\n', profile({}, places))).posts).toMatchObject([{ likes: 5 }]);
    await expect(read('id,text,at,who,favourites\n', profile({}, places))).rejects.toThrow(
      'has no column "likes" or "favorites", which the profile names.',
    );
  });

  test('maps values, names what remains, puts a prefix before them and stands in for nothing', async () => {
    const screenName = { column: 'x', map: { a: 'A', none: null, '*': 'other' }, prefix: 'p-', default: 'd' };
    const names = await Promise.all(['a', ' a ', 'b', 'none', ''].map((cell) => first(`${cell},`, { screenName })));
    expect(names.map((one) => (typeof one === 'string' ? one : 'screenName' in one && one.screenName))).toEqual([
      'p-A',
      'p-A',
      'p-other',
      'd',
      'd',
    ]);
    expect(await first('b,', { screenName: { column: 'x', map: { a: 'A' }, prefix: 'p-' } })).toMatchObject({ screenName: 'p-b' });
    expect(await first(',', { screenName: { column: 'x', prefix: 'p-' } })).toMatchObject({ screenName: null });
    expect(await first('constructor,', { screenName: { column: 'x', map: { a: 'A' } } })).toMatchObject({ screenName: 'constructor' });
  });

  test('reads the base-62 name of a post as its number', async () => {
    const places = { id: { column: 'x', match: '/(\\w+)$', base62: true }, repostOf: { column: 'y', base62: true } };
    expect(await first('https://weibo.com/1234567890/P2zg6g0ma,', places)).toMatchObject({ postId: '5106121943814622', original: true });
    expect(await first('/P2zg6g0ma,P2zg6g0ma', places)).toMatchObject({ repostOfId: '5106121943814622', original: false });
    expect(await first('/P2zg6g_ma,', places)).toBe('"P2zg6g_ma" is not the base-62 name of a Weibo post.');
  });

  test('of a text may hold HTML', async () => {
    expect(await first('<a href="/x">a</a> &amp;amp; b<br/>c,', { text: { column: 'x', html: true } })).toMatchObject({
      text: 'a &amp; b\nc',
    });
    expect(await first('a &amp; b,', { text: { column: 'x' } }, { htmlEntities: true })).toMatchObject({ text: 'a & b' });
  });

  test('of a time adds the year that its form leaves out, leap days included', async () => {
    const postedAt = { column: 'x', match: '^\\s*(\\d+月\\d+日 \\d+:\\d+)', format: 'M月d日 H:mm', year: 2020 };
    const at = async (cell: string) => {
      const post = await first(`"${cell}",`, { postedAt }, { timeZone: 'Asia/Shanghai' });
      return typeof post === 'string' ? post : new Date(post.postedAt).toISOString();
    };
    expect(await at('2月29日 08:05 来自 微博 weibo.com')).toBe('2020-02-29T00:05:00.000Z');
    expect(await at('  12月31日 23:59,1月1日 00:00')).toBe('2020-12-31T15:59:00.000Z');
    expect(await at('2月30日 08:05')).toMatch(/is not a time/);
    expect(await at('昨天 08:05')).toMatch(/^"昨天 08:05" does not match/);
  });

  test('of a relative time is counted from a known time of observation, and from nothing else', async () => {
    const row = 'id,text,at,who,seen\n1,t,昨天 23:54,7,2011-03-01 00:10:00\n';
    const zone = { timeZone: 'Asia/Shanghai' };
    expect((await read(row, profile(zone, { observedAt: 'seen' }))).posts).toMatchObject([
      { postedAt: Date.parse('2011-02-28T15:54:00Z') },
    ]);
    expect((await read(row, profile(zone), 'a.csv', Date.parse('2011-03-09T16:00:00Z'))).posts).toMatchObject([
      { postedAt: Date.parse('2011-03-09T15:54:00Z') },
    ]);
    expect((await read(row, profile(zone))).rejects).toMatchObject([
      { field: 'postedAt', reason: expect.stringContaining('--observed-at') },
    ]);
  });

  test('of a counter keeps what the source rounded as it was written', async () => {
    expect(await first('10万+,12', { likes: 'x', reposts: 'y' })).toMatchObject({
      likes: 100_000,
      reposts: 12,
      approximate: { likes: '10万+' },
    });
    expect(await first('10,12', { likes: 'x', reposts: 'y' })).not.toHaveProperty('approximate');
  });
});

describe('a post that is gone', () => {
  const OBSERVED = Date.parse('2012-01-01');
  const gone = (places: object, rows: string) => read(`id,text,at,who,gone,by\n${rows}`, profile({}, places), 'a.csv', OBSERVED);
  const status = (postId: string, actor: string, evidence: string) => ({
    kind: 'status',
    platform: 'twitter',
    postId,
    observedAt: OBSERVED,
    status: 'DELETED',
    actor,
    evidence,
  });

  test('is said to be by a flag, with who did it where the source says so', async () => {
    const places = { deleted: 'gone', deletedBy: { column: 'by', map: { 作者: 'AUTHOR' } } };
    const { posts, also, rejects } = await gone(
      places,
      '1,t,2011-01-01,7,true,作者\n2,t,2011-01-01,7,true,\n3,t,2011-01-01,7,false,\n4,t,2011-01-01,7,,\n5,t,2011-01-01,7,true,me\n6,t,2011-01-01,7,maybe,\n',
    );
    expect(posts.map(({ postId }) => postId)).toEqual(['1', '2', '3', '4']);
    expect(also).toEqual([status('1', 'AUTHOR', 'true'), status('2', 'UNKNOWN', 'true')]);
    expect(rejects.map(({ field, reason }) => [field, reason])).toEqual([
      ['deletedBy', '"me" is not AUTHOR, PLATFORM or UNKNOWN; a "map" in the profile can make it one.'],
      ['deleted', '"maybe" is neither true nor false.'],
    ]);
  });

  test('is said to be by its words, and is a status alone when nothing else is known of it', async () => {
    const places = { deleted: { column: 'text', match: '此微博已被作者删除' }, deletedBy: { value: 'AUTHOR' } };
    const { posts, also, rejects } = await gone(
      places,
      '1,抱歉，此微博已被作者删除。,,,,\n2,t,2011-01-01,7,,\n3,此微博已被作者删除,2011-01-01,7,,\n4,t,,7,,\n',
    );
    expect(posts[0]).toEqual(status('1', 'AUTHOR', '此微博已被作者删除'));
    expect(posts.slice(1).map(({ kind, postId }) => [kind, postId])).toEqual([['post', '2'], ['post', '3']]); // prettier-ignore
    expect(also).toEqual([status('3', 'AUTHOR', '此微博已被作者删除')]);
    expect(rejects).toMatchObject([{ field: 'postedAt', origin: { line: 5 } }]);
  });
});

describe('rows', () => {
  test('that the profile passes over are no rows', async () => {
    const rows = 'id,text,at,who\n1,t,2011-01-01,7\n,,,\n ,x,,\n2,t,2011-01-01,7\nTotal,,,\n';
    const ids = async (skipRows: object) => {
      const { posts, rejects } = await read(rows, profile({ skipRows }));
      return [posts.map(({ postId }) => postId), rejects.map(({ origin }) => origin.line)];
    };
    expect(await ids({ column: 'id', empty: true })).toEqual([['1', '2'], [6]]);
    expect(await ids({ column: 'id', match: '^(Total|\\s*)$' })).toEqual([['1', '2'], []]);
    await expect(read('ID,text,at,who\n', profile({ skipRows: { column: 'nr', empty: true } }, { id: 'ID' }))).rejects.toThrow(
      'has no column "nr"',
    );
  });

  test('are the members of a list inside each item, which reach the object around them', async () => {
    const places = { account: { outer: true, column: 'user.id' }, screenName: { anyOf: ['name', { outer: true, column: 'user.name' }] } };
    const content = JSON.stringify([
      {
        user: { id: 7, name: 'a' },
        posts: [
          { id: 1, text: 't', at: '2011-01-01' },
          { id: 2, text: 't', at: '2011-01-01', name: 'b' },
        ],
      },
      { user: { id: 8 }, posts: [] },
      { user: { id: 9 } },
    ]);
    for (const [format, text] of [
      ['json', content],
      ['jsonl', (JSON.parse(content) as object[]).map((one) => JSON.stringify(one)).join('\n')],
    ] as const) {
      const { posts, rejects } = await read(text, profile({ format, each: 'posts' }, places));
      expect(posts.map(({ postId, accountId, screenName }) => [postId, accountId, screenName])).toEqual([['1', '7', 'a'], ['2', '7', 'b']]); // prettier-ignore
      expect(rejects).toMatchObject([
        { origin: { line: 3 }, reason: 'There is no list at "posts" ("each" of the profile).', raw: '{"user":{"id":9}}' },
      ]);
    }
  });

  test('are posts only where the profile describes posts', async () => {
    const described = { ...profile(), post: undefined, account: { id: { column: 'id' } } };
    await expect(read('id\n1\n', described)).rejects.toThrow(
      'The profile describes accounts ("account"); to load posts, it needs a part "post".',
    );
  });

  test('say themselves which encoding they are in', async () => {
    const gb = Buffer.concat([Buffer.from('id,text,at,who\n1,'), Buffer.from([0xce, 0xa2, 0xb2, 0xa9]), Buffer.from(',2011-01-01,7\n')]);
    expect((await read(gb, profile({ encoding: 'auto' }))).posts).toMatchObject([{ text: '微博' }]);
    expect((await read('id,text,at,who\n1,微博,2011-01-01,7\n', profile({ encoding: 'auto' }))).posts).toMatchObject([{ text: '微博' }]);
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
    expect(await read('{"posts": []}', profile({ format: 'json', items: 'posts' }))).toEqual({ posts: [], rejects: [], also: [] });
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

  test('cctv-webscraper.json reads blank rows, times without a year, reposts and addresses', async () => {
    const from = 'from=page_100606_profile&wvr=6&mod=weibotime';
    const address = (bid: string): string => `https://weibo.com/1234567890/${bid}?${from}`;
    const { posts, rejects } = await read(
      '\uFEFF头像,WB_from,WB_text,forward,comment,like,缩略图,weibo_url\n' +
        `x,"5月31日 23:54 来自 微博 weibo.com            \t  已编辑","【甲】,乙",120,7,10万+,,${address('P2zg6g0ma')}\n` +
        ',,,,,,,\n' +
        `x,"2月29日 00:05,2月28日 23:16\n   \t  已编辑","own,original",0,0,3,,${address('Q1w2e3r4t')}\n` +
        `x,"1月4日 22:03 来自 微博抽奖平台,2019-12-26 22:47\n 来自 微博 weibo.com","own,original",1,2,3,,${address('Q9z8y7x6w')}\n` +
        `x,12月 来自 微博,t,1,2,3,,${address('Q5a5b5c5d')}\n`,
      example('cctv-webscraper.json'),
    );
    expect(rejects).toMatchObject([{ field: 'postedAt', origin: { line: 8 } }]);
    expect(posts.map(({ postId, original }) => [postId, original])).toEqual([['5106121943814622', true], ['5203614740819049', false], ['5222800221795552', false]]); // prettier-ignore
    expect(posts.map(({ postedAt }) => new Date(postedAt).toISOString())).toEqual(['2020-05-31T15:54:00.000Z', '2020-02-28T16:05:00.000Z', '2020-01-04T14:03:00.000Z']); // prettier-ignore
    expect(posts[0]).toMatchObject({
      accountId: '1234567890',
      text: '【甲】,乙',
      reposts: 120,
      comments: 7,
      likes: 100_000,
      approximate: { likes: '10万+' },
    });
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
