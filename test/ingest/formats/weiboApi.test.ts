import { DOCUMENTS, SHAPES } from '../../../src/ingest/formats/weiboApi';
import { fits, type RowContext, type Shape } from '../../../src/ingest/formats/shape';
import { namesOf, parseJson, textAt, type Json } from '../../../src/ingest/json';
import type { IngestRecord } from '../../../src/ingest/records';
import { ValueError } from '../../../src/ingest/values';

const AT = Date.parse('2011-06-01T00:00:00Z');
const CONTEXT: RowContext = { file: 'answer.json', observedAt: AT, owner: null, undated: false };

const readAs = (shape: Shape, value: Json, context: Partial<RowContext>): readonly IngestRecord[] =>
  shape.read((name) => textAt(value, name), { ...CONTEXT, ...context });

/** A line of its own: the one shape that it has. */
function read(line: object | string, context: Partial<RowContext> = {}): readonly IngestRecord[] {
  const value = parseJson(typeof line === 'string' ? line : JSON.stringify(line));
  const fitting = SHAPES.filter((shape) => fits(shape, namesOf(value)));
  expect(fitting).toHaveLength(1);
  return readAs(fitting[0]!, value, context);
}

/** An answer as a file: the one document that it is. */
function readDocument(answer: object): readonly (readonly IngestRecord[])[] {
  const root = parseJson(JSON.stringify(answer)) as Record<string, Json>;
  const rowsOf = (path: string, list: boolean): readonly Json[] =>
    path === '' ? [root] : list ? ((root[path] ?? []) as Json[]) : [root[path]!];
  const known = DOCUMENTS.flatMap(({ parts }) => parts).filter(({ path, list, shape }) => {
    const [first] = rowsOf(path, list);
    return first !== undefined && fits(shape, namesOf(first));
  });
  expect(known).toHaveLength(1);
  const { path, list, shape } = known[0]!;
  return rowsOf(path, list).map((row) => readAs(shape, row, {}));
}
const refusal = (line: object, context: Partial<RowContext> = {}): unknown => {
  try {
    return read(line, context);
  } catch (error) {
    return error;
  }
};

const USER = {
  id: 1001, idstr: '1001', screen_name: '平安甲市', name: '平安甲市', province: '44', city: '1', location: '广东 广州', description: '警察叔叔', url: '', gender: 'm',
  followers_count: 1204, friends_count: 447, statuses_count: 2908, favourites_count: 0, created_at: 'Fri Aug 28 00:00:00 +0800 2009', following: false, verified: true,
  verified_type: 1, verified_reason: '甲市公安局官方微博', bi_followers_count: 215,
}; // prettier-ignore
const ACCOUNT = {
  kind: 'account', platform: 'weibo', accountId: '1001', observedAt: AT, screenName: '平安甲市', openedOn: '2009-08-28', location: '广东 广州', description: '警察叔叔',
  verified: true, verifiedType: '1', verifiedReason: '甲市公安局官方微博', followers: 1204, following: 447, postsTotal: 2908,
}; // prettier-ignore
const STATUS = {
  created_at: 'Tue May 31 17:46:55 +0800 2011', id: 11488058246, text: '求关注。\n1 < 2', source: '<a href="http://weibo.com" rel="nofollow">新浪微博</a>', favorited: false,
  truncated: false, mid: '5612814510546515491', reposts_count: 8, comments_count: 9, attitudes_count: 0, annotations: [], user: USER,
}; // prettier-ignore
const POST = {
  kind: 'post', platform: 'weibo', postId: '5612814510546515491', accountId: '1001', screenName: '平安甲市', postedAt: Date.parse('2011-05-31T09:46:55Z'), observedAt: AT,
  text: '求关注。\n1 < 2', original: true, repostOfId: null, reposts: 8, comments: 9, likes: 0,
}; // prettier-ignore
const GONE = {
  created_at: 'Tue May 31 17:46:55 +0800 2011', id: 3342405123456789, idstr: '3342405123456789', mid: '3342405123456789', deleted: '1',
  text: '抱歉，此微博已被作者删除。查看帮助：http://t.cn/x',
}; // prettier-ignore
const LOSS = {
  kind: 'status', platform: 'weibo', postId: '3342405123456789', observedAt: AT, status: 'DELETED', actor: 'AUTHOR',
  evidence: '抱歉，此微博已被作者删除。查看帮助：http://t.cn/x',
}; // prettier-ignore

describe('a post', () => {
  test('of a timeline, of a file of its own, and of a line, with its author', () => {
    expect(readDocument({ statuses: [STATUS], total_number: 1 })).toEqual([[POST, ACCOUNT]]);
    expect(readDocument(STATUS)).toEqual([[POST, ACCOUNT]]);
    expect(read(STATUS)).toEqual([POST, ACCOUNT]);
  });

  test('is known by its mid, which may be beyond 2^53, else by its id, digit by digit', () => {
    const line = JSON.stringify({ ...STATUS, mid: 0 });
    expect(read(line.replace('"mid":0', '"mid":5612814510546515491'))).toMatchObject([{ postId: '5612814510546515491' }, {}]);
    expect(read(line.replace('"mid":0', '"mid":"","idstr":"90071992547409931"'))).toMatchObject([{ postId: '90071992547409931' }, {}]);
    expect(read(line.replace('"mid":0', '"mid":null').replace('11488058246', '90071992547409931'))).toMatchObject([
      { postId: '90071992547409931' },
      {},
    ]);
  });

  test('of somebody who is not verified brings the profile only when the file is about that account', () => {
    const { verified_type: _, ...user } = { ...USER, verified: false, verified_reason: '' };
    expect(read({ ...STATUS, user })).toEqual([POST]);
    expect(read({ ...STATUS, user }, { owner: '1001' })).toEqual([
      POST,
      { ...ACCOUNT, verified: false, verifiedType: '-1', verifiedReason: null },
    ]);
  });

  test('with its author trimmed is of the account whose id is left', () => {
    const { user: _, ...trimmed } = STATUS;
    expect(read({ ...trimmed, uid: 1001 })).toEqual([{ ...POST, screenName: null }]);
    expect(read(trimmed, { owner: '1003' })).toEqual([{ ...POST, accountId: '1003', screenName: null }]);
    expect(refusal(trimmed)).toEqual(new ValueError('user', 'Neither "user" nor "uid" says whose post it is.'));
  });

  test.each([
    [{ reposts_count: -1 }, 'reposts', '"-1" is not a count.'],
    [{ created_at: '昨天' }, 'created_at', '"昨天" says no time of day.'],
    [{ user: { ...USER, created_at: 'long ago' } }, 'user.created_at', '"long ago" is not a time.'],
    [{ id: '', mid: '' }, 'mid', 'The id is empty.'],
  ])('with %j is refused', (wrong, field, reason) => expect(refusal({ ...STATUS, ...wrong })).toEqual(new ValueError(field, reason)));
});

describe('a post that is gone', () => {
  test('is a loss and no post, wherever it stands in a timeline', () => {
    expect(readDocument({ statuses: [GONE, STATUS] })).toEqual([[LOSS], [POST, ACCOUNT]]);
    expect(readDocument({ statuses: [STATUS, GONE] })).toEqual([[POST, ACCOUNT], [LOSS]]);
  });

  test.each([
    ['该微博因被多人投诉，根据《微博社区公约》，已被删除。', 'DELETED', 'PLATFORM'],
    ['', 'DELETED', 'UNKNOWN'],
    ['此时此地', 'DELETED', 'UNKNOWN'],
  ])('by whom, the notice tells: %j', (text, status, actor) =>
    expect(read({ ...GONE, text })).toEqual([{ ...LOSS, status, actor, evidence: text === '' ? null : text }]),
  );

  test('is told with the repost that has lost it', () => {
    const repost = { ...POST, original: false, repostOfId: '3342405123456789' };
    expect(read({ ...STATUS, retweeted_status: GONE })).toEqual([repost, ACCOUNT, LOSS]);
    const { deleted: _, ...unmarked } = GONE;
    expect(read({ ...STATUS, retweeted_status: unmarked })).toEqual([repost, ACCOUNT, LOSS]);
    // Somebody wrote these words: the original has an author.
    expect(read({ ...STATUS, retweeted_status: { ...unmarked, user: USER } })).toEqual([repost, ACCOUNT]);
    expect(read({ ...STATUS, retweeted_status: { ...STATUS, id: 3342405123456789, mid: '3342405123456789' } })).toEqual([repost, ACCOUNT]);
  });
});

test('an account, as a file and as a line, with the type it has or has not', () => {
  expect(readDocument({ ...USER, status: STATUS })).toEqual([[ACCOUNT]]);
  expect(read(USER)).toEqual([ACCOUNT]);
  const { verified_type: _, ...early } = USER;
  expect(read(early)).toEqual([{ ...ACCOUNT, verifiedType: null }]);
  expect(read({ ...USER, verified: false, verified_type: -1, verified_reason: '' })).toEqual([
    { ...ACCOUNT, verified: false, verifiedType: '-1', verifiedReason: null },
  ]);
});

describe('a comment', () => {
  const COMMENT = {
    created_at: 'Wed Jun 01 00:50:25 +0800 2011', id: 12438492184, text: '回复@某人:九点', source: '', mid: '202110601896455629', idstr: '12438492184',
    user: { ...USER, id: 2002, idstr: '2002', screen_name: '某人', verified: false }, status: STATUS,
  }; // prettier-ignore
  const RECORD = {
    kind: 'interaction', platform: 'weibo', interactionId: '12438492184', form: 'COMMENT', postId: '5612814510546515491', accountId: '1001', parentId: null, writerId: '2002',
    byAccountId: null, citizenHash: null, createdAt: Date.parse('2011-05-31T16:50:25Z'), text: '回复@某人:九点', likes: null,
  }; // prettier-ignore

  test('stands under the post inside it; of its writer only the id is taken', () => {
    expect(readDocument({ comments: [COMMENT], total_number: 1 })).toEqual([[RECORD]]);
    expect(read(COMMENT)).toEqual([RECORD]);
  });

  test('answers another, and may outlive its post', () => {
    expect(read({ ...COMMENT, reply_comment: { ...COMMENT, id: 1, idstr: '12438492000' } })).toEqual([
      { ...RECORD, parentId: '12438492000' },
    ]);
    expect(read({ ...COMMENT, status: GONE })).toEqual([{ ...RECORD, postId: '3342405123456789', accountId: null }, LOSS]);
  });

  test('without its post is refused with what to do', () => {
    const { status: _, ...alone } = COMMENT;
    expect(() => readDocument({ comments: [alone] })).toThrow(
      new ValueError('status', 'The comment does not say under which post it stands; keep the "status" that the API puts inside it.'),
    );
  });
});

describe('an error of the API', () => {
  const ERROR = {
    error: 'target weibo does not exist!',
    error_code: 20101,
    request: '/2/statuses/show.json?access_token=x&id=3342405123456789',
  };
  const loss = { kind: 'status', platform: 'weibo', postId: '3342405123456789', observedAt: AT };

  test('for one post says what became of it', () => {
    const gone = { ...loss, status: 'DELETED', actor: 'UNKNOWN', evidence: 'target weibo does not exist!' };
    expect(readDocument(ERROR)).toEqual([[gone]]);
    expect(read(ERROR)).toEqual([gone]);
    expect(read({ ...ERROR, error: 'Permission Denied!', error_code: 20112 })).toEqual([
      { ...loss, status: 'HIDDEN', actor: 'PLATFORM', evidence: 'Permission Denied!' },
    ]);
  });

  test('that says nothing of a post is refused', () => {
    expect(refusal({ ...ERROR, error: 'User requests out of rate limit!', error_code: 10023 })).toEqual(
      new ValueError('error', 'The API answered "User requests out of rate limit!" (10023), which says nothing of a post.'),
    );
    for (const request of ['/2/statuses/show.json', '/2/users/show.json?id=1001', '/2/statuses/user_timeline.json?uid=1001'])
      expect(refusal({ ...ERROR, request })).toEqual(
        new ValueError('request', 'The request does not say which post was asked for; keep its "id" in the answer.'),
      );
  });
});
