import { DOCUMENTS, SHAPES } from '../../../src/ingest/formats/chilfish';
import { fits, type DocumentFormat, type RowContext } from '../../../src/ingest/formats/shape';
import { namesOf, parseJson, textAt, type Json } from '../../../src/ingest/json';
import type { IngestRecord } from '../../../src/ingest/records';
import { ValueError } from '../../../src/ingest/values';

const AT = Date.parse('2025-08-01T00:00:00Z');
const [WITH_USER, WITHOUT_USER] = DOCUMENTS as [DocumentFormat, DocumentFormat];

/** What the parts of a document say, part by part. */
function read(document: object, format = WITH_USER): Record<string, (readonly IngestRecord[])[]> {
  const root = parseJson(JSON.stringify(document)) as Record<string, Json>;
  const owner = format.owner === undefined ? null : (textAt(root, format.owner) ?? null);
  const context: RowContext = { file: 'weibo-data-x.json', observedAt: AT, owner, undated: false };
  return Object.fromEntries(
    format.parts.map(({ path, list, shape }) => {
      const rows = (list ? (root[path] ?? []) : [root[path]!]) as readonly Json[];
      for (const row of rows) expect([path, fits(shape, namesOf(row))]).toEqual([path, true]);
      return [path, rows.map((row) => shape.read((name) => textAt(row, name), context))];
    }),
  );
}
const refusal = (post: object): unknown => {
  try {
    return read({ ...DOCUMENT, weibo: [{ ...POST, ...post }] });
  } catch (error) {
    return error;
  }
};

const POST = {
  id: '5106121943814622', mblogid: 'P2zg6g0ma', userId: '1001', text: '早安<br />甲市 <a href="//s.weibo.com">#通报#</a><img alt="[微笑]" src="//x"> 1 &lt; 2 &amp;amp;',
  imgs: [], regionName: '发布于 广东', createdAt: 'Sat May 31 17:46:55 +0800 2025', source: '微博网页版', repostsCount: 8, commentsCount: 9, likesCount: 10, isShowBulletIn: '2', comments: [],
}; // prettier-ignore
const USER = {
  uid: '1001',
  name: '平安甲市',
  avatar: 'x',
  followers: 271000,
  followings: 12,
  bio: '甲市公安局',
  createdAt: '',
  birthday: '',
};
const DOCUMENT = {
  weibo: [POST],
  user: USER,
  followings: [{ uid: '1004', name: '乙报', avatar: 'x', bio: '' }],
  favorites: [{ ...POST, id: '1' }],
};
const RECORD = {
  kind: 'post', platform: 'weibo', postId: '5106121943814622', accountId: '1001', postedAt: Date.parse('2025-05-31T09:46:55Z'), observedAt: AT,
  text: '早安\n甲市 #通报#[微笑] 1 < 2 &amp;', original: true, repostOfId: null, reposts: 8, comments: 9, likes: 10,
}; // prettier-ignore

test('a document: posts as text, the account, whom it follows, and not its favourites', () => {
  expect(read(DOCUMENT)).toEqual({
    weibo: [[RECORD]],
    user: [
      [
        {
          kind: 'account', platform: 'weibo', accountId: '1001', observedAt: AT, screenName: '平安甲市', openedOn: null, description: '甲市公安局', followers: 271_000,
          following: 12, postsTotal: null,
        },
      ],
    ],
    followings: [[{ kind: 'follow', platform: 'weibo', accountId: '1004', writerId: '1001', observedAt: AT }]],
  }); // prettier-ignore
});

test('a document of the command line without a user says itself whose posts and lists they are, or is refused', () => {
  const followings = [{ ...DOCUMENT.followings[0]!, followBy: '1001' }];
  expect(read({ weibo: [POST], followings }, WITHOUT_USER)).toMatchObject({ weibo: [[RECORD]], followings: [[{ writerId: '1001' }]] });
  expect(() => read({ weibo: [], followings: DOCUMENT.followings }, WITHOUT_USER)).toThrow(
    new ValueError('followBy', 'The file does not say whose list it is: it has no "user".'),
  );
});

test('posts stand in a list of their own too, but favourites are none', () => {
  const [posts] = SHAPES;
  expect(fits(posts!, new Set(Object.keys(POST)))).toBe(true);
  expect(fits(posts!, new Set([...Object.keys(POST), 'favBy']))).toBe(false);
});

test('text without markup, numbers for ids, and times without an offset are read as well', () => {
  const post = { ...POST, id: 5106121943814622, text: '1 < 2 & 3\n第二行\u200b', createdAt: '2025-05-31 17:46', userId: undefined };
  expect(read({ ...DOCUMENT, weibo: [post] }).weibo).toEqual([
    [{ ...RECORD, text: '1 < 2 & 3\n第二行\u200b', postedAt: Date.parse('2025-05-31T09:46:00Z') }],
  ]);
});

describe('a repost', () => {
  const original = {
    id: '5106121943810000',
    mblogid: 'P2zg6a',
    text: '原文',
    imgs: [],
    createdAt: POST.createdAt,
    user: { uid: '1004', name: '乙报', avatar: 'x' },
  };
  const repost = { ...RECORD, original: false, repostOfId: '5106121943810000' };
  const readRepost = (retweet: object): unknown => read({ ...DOCUMENT, weibo: [{ ...POST, retweet }] }).weibo![0];

  test('names its original and does not take it for a post', () => expect(readRepost(original)).toEqual([repost]));

  test.each([
    ['抱歉，该微博已被作者删除。查看帮助：<a href="x">网页链接</a>', 'DELETED', 'AUTHOR', '抱歉，该微博已被作者删除。查看帮助：网页链接'],
    ['抱歉，由于作者设置，你暂时没有这条微博的查看权限哦。', 'HIDDEN', 'AUTHOR', '抱歉，由于作者设置，你暂时没有这条微博的查看权限哦。'],
  ])('of what is gone tells so: %s', (text, status, actor, evidence) =>
    expect(readRepost({ ...original, text, user: undefined })).toEqual([
      repost,
      { kind: 'status', platform: 'weibo', postId: '5106121943810000', observedAt: AT, status, actor, evidence },
    ]),
  );

  test('of somebody who writes such words is nothing but a repost', () => {
    expect(readRepost({ ...original, text: '该微博已被作者删除' })).toEqual([repost]);
    expect(readRepost({ ...original, user: undefined })).toEqual([repost]);
  });
});

describe('comments inside a post', () => {
  const COMMENT = {
    id: '5106200000000001', text: '请问<img alt="[疑问]">', createdAt: 'Sat May 31 18:00:00 +0800 2025', regionName: '来自河南', likesCount: 3, commentsCount: 0, floor: 1,
    user: { uid: '2002', name: '某人', avatar: 'x' },
  }; // prettier-ignore

  test('are interactions under it, with the id of their writer only', () => {
    const reply = { ...COMMENT, id: 5106200000000002, user: { uid: '1001', name: '平安甲市', avatar: 'x' }, text: '九点' };
    const gone = { ...COMMENT, id: '5106200000000003', user: undefined };
    const interaction = {
      kind: 'interaction', platform: 'weibo', interactionId: '5106200000000001', form: 'COMMENT', postId: '5106121943814622', accountId: '1001', parentId: null,
      writerId: '2002', byAccountId: null, citizenHash: null, createdAt: Date.parse('2025-05-31T10:00:00Z'), text: '请问[疑问]', likes: 3,
    }; // prettier-ignore
    expect(read({ ...DOCUMENT, weibo: [{ ...POST, comments: [COMMENT, reply, gone] }] }).weibo).toEqual([
      [RECORD, interaction, { ...interaction, interactionId: '5106200000000002', writerId: '1001', text: '九点' }],
    ]);
  });

  test('that cannot be read are refused with their place', () => {
    expect(refusal({ comments: [COMMENT, { ...COMMENT, createdAt: '' }] })).toEqual(
      new ValueError('comments.1.createdAt', 'The time is empty.'),
    );
    expect(refusal({ comments: { first: COMMENT } })).toEqual(new ValueError('comments', 'The comments are no list.'));
  });
});

test.each([
  [{ likesCount: '许多' }, 'likes', '"许多" is not a count.'],
  [{ createdAt: 'Sun May 31 17:46:55 +0800 2025' }, 'createdAt', '"Sun May 31 17:46:55 +0800 2025" is not a time.'],
  [{ id: '' }, 'id', 'The id is empty.'],
])('a post with %j is refused', (wrong, field, reason) => expect(refusal(wrong)).toEqual(new ValueError(field, reason)));
