import { SHAPES } from '../../../src/ingest/formats/nghuyong';
import { fits, type RowContext, type Shape } from '../../../src/ingest/formats/shape';
import { namesOf, parseJson, textAt, type Json } from '../../../src/ingest/json';
import type { IngestRecord } from '../../../src/ingest/records';
import { ValueError } from '../../../src/ingest/values';

const CONTEXT: RowContext = { file: 'tweet_20221027.jsonl', observedAt: Date.parse('2024-01-01T00:00:00Z'), owner: null, undated: false };
const CRAWLED = 1_666_864_583_000;

/** The one shape that a line has, and what it reads from it. */
function read(line: string, context: Partial<RowContext> = {}): readonly IngestRecord[] {
  const value = parseJson(line);
  const shapes = SHAPES.filter((shape) => fits(shape, namesOf(value)));
  expect(shapes).toHaveLength(1);
  return (shapes[0] as Shape).read((name) => textAt(value, name), { ...CONTEXT, ...context });
}
const shapeOf = (line: object): string[] => SHAPES.filter((shape) => fits(shape, namesOf(line as Json))).map(({ what }) => what);
const refusal = (line: object, context: Partial<RowContext> = {}): unknown => {
  try {
    return read(JSON.stringify(line), context);
  } catch (error) {
    return error;
  }
};

const TWEET = {
  _id: '4762810834227120', mblogid: 'LqlZNhJFm', created_at: '2022-04-27 10:20:54', geo: null, ip_location: '发布于 云南', reposts_count: 1907,
  comments_count: 1924, attitudes_count: 12169, source: '微博网页版', content: '【通报】1 &lt; 2\n第二行\u200b', pic_urls: [], pic_num: 0, isLongText: false,
  url: 'https://weibo.com/1001/LqlZNhJFm', crawl_time: 1666864583,
}; // prettier-ignore
const AGENCY = { _id: '1001', avatar_hd: 'x', nick_name: '平安甲市', verified: true, mbrank: 7, mbtype: 12, verified_type: 1 };
const CITIZEN = { _id: '2002', avatar_hd: 'x', nick_name: '某人', verified: false, followers_count: 3, location: '北京' };
const POST = {
  kind: 'post', platform: 'weibo', postId: '4762810834227120', accountId: '1001', screenName: null, postedAt: Date.parse('2022-04-27T02:20:54Z'),
  observedAt: CRAWLED, text: '【通报】1 &lt; 2\n第二行\u200b', original: true, repostOfId: null, reposts: 1907, comments: 1924, likes: 12169,
}; // prettier-ignore
const AUTHOR = {
  kind: 'account', platform: 'weibo', accountId: '1001', observedAt: CRAWLED, screenName: '平安甲市', openedOn: null, location: null, description: null,
  verified: true, verifiedType: '1', verifiedReason: null, followers: null, following: null, postsTotal: null,
}; // prettier-ignore

describe('a post', () => {
  test('without its author is of the account in its address', () => {
    expect(read(JSON.stringify(TWEET))).toEqual([POST]);
    expect(read(JSON.stringify({ ...TWEET, url: 'https://weibo.com/pingan_jia/LqlZNhJFm' }))).toMatchObject([{ accountId: 'pingan_jia' }]);
    expect(read(JSON.stringify({ ...TWEET, url: null }), { owner: '1003' })).toMatchObject([{ accountId: '1003' }]);
    expect(refusal({ ...TWEET, url: null })).toEqual(new ValueError('user', 'Neither "user._id" nor "url" says whose post it is.'));
  });

  test('brings its author, as far as the line speaks of it', () => {
    expect(read(JSON.stringify({ ...TWEET, user: AGENCY }))).toEqual([{ ...POST, screenName: '平安甲市' }, AUTHOR]);
  });

  test('found by a keyword brings a verified author, and nothing of a private person but the id', () => {
    expect(read(JSON.stringify({ ...TWEET, keyword: '通报', user: AGENCY }))).toHaveLength(2);
    expect(read(JSON.stringify({ ...TWEET, keyword: '通报', user: CITIZEN }))).toEqual([{ ...POST, accountId: '2002' }]);
  });

  test('that was asked for brings an author who is not verified', () => {
    expect(read(JSON.stringify({ ...TWEET, user: CITIZEN }))).toEqual([
      { ...POST, accountId: '2002', screenName: '某人' },
      { ...AUTHOR, accountId: '2002', screenName: '某人', location: '北京', verified: false, verifiedType: '-1', followers: 3 },
    ]);
  });

  test('that reposts another is no original, whether its original is named or not', () => {
    expect(read(JSON.stringify({ ...TWEET, is_retweet: true, retweet_id: '4762810834227000' }))).toEqual([
      { ...POST, original: false, repostOfId: '4762810834227000' },
    ]);
    expect(read(JSON.stringify({ ...TWEET, is_retweet: true }))).toEqual([{ ...POST, original: false }]);
    expect(read(JSON.stringify({ ...TWEET, is_retweet: false }))).toEqual([POST]);
  });

  test('seen twice is two observations, each at its time of crawling; without one, the context tells', () => {
    const again = { ...TWEET, crawl_time: 1682757213, reposts_count: 1890 };
    expect(read(JSON.stringify(again))).toEqual([{ ...POST, observedAt: 1_682_757_213_000, reposts: 1890 }]);
    expect(read(JSON.stringify({ ...TWEET, crawl_time: undefined }))).toEqual([{ ...POST, observedAt: CONTEXT.observedAt }]);
  });

  test('with a number for its id keeps every digit', () => {
    const line = JSON.stringify(TWEET).replace('"4762810834227120"', '90071992547409931');
    expect(read(line)).toMatchObject([{ postId: '90071992547409931' }]);
  });

  test.each([
    [{ reposts_count: '许多' }, 'reposts', '"许多" is not a count.'],
    [{ attitudes_count: -1 }, 'likes', '"-1" is not a count.'],
    [{ created_at: '' }, 'created_at', 'The time is empty.'],
    [{ crawl_time: 'yesterday' }, 'crawl_time', '"yesterday" is not a time.'],
    [{ _id: '' }, '_id', 'The id is empty.'],
  ])('with %j is refused', (wrong, field, reason) => expect(refusal({ ...TWEET, ...wrong })).toEqual(new ValueError(field, reason)));
});

test('posts of the spider for reposts are interactions under the post they repeat, and bring no account', () => {
  const line = { ...TWEET, user: CITIZEN, retweet_id: '4762810834227000', content: '转发微博' };
  const file = '/data/repost_20221027.jsonl';
  expect(read(JSON.stringify(line), { file })).toEqual([
    {
      kind: 'interaction', platform: 'weibo', interactionId: '4762810834227120', form: 'REPOST', postId: '4762810834227000', accountId: null, parentId: null,
      writerId: '2002', byAccountId: null, citizenHash: null, createdAt: Date.parse('2022-04-27T02:20:54Z'), text: '转发微博', likes: 12169,
    },
  ]); // prettier-ignore
  expect(refusal({ ...line, retweet_id: undefined }, { file })).toEqual(
    new ValueError('retweet_id', 'The record does not say which post it reposts; add its number (mid) as "retweet_id".'),
  );
});

test('an account, with all that its page says', () => {
  const line = {
    crawl_time: 1666863485, _id: '1001', avatar_hd: 'x', nick_name: '平安甲市', verified: true, description: '甲市公安局官方微博', followers_count: 22756103,
    friends_count: 1373, statuses_count: 14923, gender: 'm', location: '北京 海淀区', mbrank: 7, mbtype: 12, verified_type: 1, verified_reason: '甲市公安局',
    birthday: '', created_at: '2010-05-31 23:07:59', desc_text: '甲市公安局', ip_location: 'IP属地：北京', sunshine_credit: '信用极好',
    label_desc: ['昨日发博3，阅读数100万+，互动数1.9万'], company: '', education: { school: '' },
  }; // prettier-ignore
  const expected = {
    ...AUTHOR, observedAt: 1_666_863_485_000, openedOn: '2010-05-31', location: '北京 海淀区', description: '甲市公安局官方微博', verifiedReason: '甲市公安局',
    followers: 22_756_103, following: 1373, postsTotal: 14_923,
  }; // prettier-ignore
  expect(read(JSON.stringify(line))).toEqual([expected]);
  const { verified_type: _, verified_reason: __, ...unverified } = line;
  expect(read(JSON.stringify({ ...unverified, verified: false, created_at: '' }))).toEqual([
    { ...expected, verified: false, verifiedType: '-1', verifiedReason: null, openedOn: null },
  ]);
});

describe('a comment', () => {
  const COMMENT = {
    crawl_time: 1666863805, _id: 4826279188108038, created_at: '2022-10-19 13:41:29', like_counts: 1, ip_location: '来自河南', content: '请问几点开门',
    comment_user: CITIZEN,
  }; // prettier-ignore
  const RECORD = {
    kind: 'interaction', platform: 'weibo', interactionId: '4826279188108038', form: 'COMMENT', postId: '4762810834227120', accountId: null, parentId: null,
    writerId: '2002', byAccountId: null, citizenHash: null, createdAt: Date.parse('2022-10-19T05:41:29Z'), text: '请问几点开门', likes: 1,
  }; // prettier-ignore

  test('does not say under which post it stands, and the reason tells how to help', () => {
    expect(refusal(COMMENT)).toEqual(
      new ValueError(
        'weibo_id',
        'The crawler does not write under which post a comment stands; add the number (mid) or the name (bid) of the post as "weibo_id".',
      ),
    );
  });

  test('is read with the number or the name of its post; of its writer only the id is taken', () => {
    for (const weibo_id of ['4762810834227120', 'LqlZNhJFm']) expect(read(JSON.stringify({ ...COMMENT, weibo_id }))).toEqual([RECORD]);
    expect(refusal({ ...COMMENT, weibo_id: '??' })).toEqual(new ValueError('weibo_id', '"??" is not the base-62 name of a Weibo post.'));
  });

  test('that answers another names it', () => {
    const line = { ...COMMENT, weibo_id: 'LqlZNhJFm', reply_comment: { _id: 4826279188108000, text: '请问', user: CITIZEN } };
    expect(read(JSON.stringify(line))).toEqual([{ ...RECORD, parentId: '4826279188108000' }]);
  });

  test('of a build before 2022 has the ids alone', () => {
    const line = {
      _id: 'C_1',
      comment_user_id: '2002',
      weibo_id: 'LqlZNhJFm',
      content: '好',
      created_at: '2020-04-14 08:00:00',
      like_num: 3,
      crawl_time: 1586865000,
    };
    expect(read(JSON.stringify(line))).toEqual([
      { ...RECORD, interactionId: 'C_1', text: '好', likes: 3, createdAt: Date.parse('2020-04-14T00:00:00Z') },
    ]);
  });
});

test('who follows whom: a fan of the crawled account, or one whom it follows', () => {
  const follow = (accountId: string, writerId: string): object => ({
    kind: 'follow',
    platform: 'weibo',
    accountId,
    writerId,
    observedAt: CRAWLED,
  });
  const crawl_time = 1666864583;
  expect(read(JSON.stringify({ crawl_time, _id: '1001_2002', follower_id: '1001', fan_info: CITIZEN }))).toEqual([follow('1001', '2002')]);
  expect(read(JSON.stringify({ crawl_time, _id: '1001_1004', fan_id: '1001', follower_info: { ...AGENCY, _id: '1004' } }))).toEqual([
    follow('1004', '1001'),
  ]);
  expect(read(JSON.stringify({ crawl_time, _id: '2002_1001', fan_id: '2002', follower_id: '1001' }))).toEqual([follow('1001', '2002')]);
});

test('other lines are none of these', () => {
  expect(shapeOf({ id: 1, bid: 'x', text: '' })).toEqual([]);
  expect(shapeOf({ _id: '1', nick_name: '' })).toEqual([]);
});
