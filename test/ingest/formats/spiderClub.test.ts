import { SHAPES } from '../../../src/ingest/formats/spiderClub';
import { fits, type RowContext } from '../../../src/ingest/formats/shape';
import type { IngestRecord } from '../../../src/ingest/records';
import { ValueError } from '../../../src/ingest/values';

/** 1 May 2017, 10:00 in Beijing. */
const AT = Date.parse('2017-05-01T02:00:00Z');
const CONTEXT: RowContext = { file: 'mysql', observedAt: AT, owner: null, undated: false };
type Row = Readonly<Record<string, string>>;

function read(table: string, row: Row, context: Partial<RowContext> = {}): readonly IngestRecord[] {
  const fitting = SHAPES.filter((shape) => fits(shape, new Set(Object.keys(row))));
  expect(fitting.map((shape) => shape.table)).toEqual([table]);
  return fitting[0]!.read((name) => row[name], { ...CONTEXT, ...context });
}
const refusal = (table: string, row: Row, context: Partial<RowContext> = {}): unknown => {
  try {
    return read(table, row, context);
  } catch (error) {
    return error;
  }
};

describe('wbuser', () => {
  const USER: Row = {
    id: '7', uid: '1001', name: '平安甲市', gender: '0', birthday: '', location: '广东 广州', description: '警察叔叔', register_time: '\r\n 2010-08-01 \r\n', verify_type: '2',
    verify_info: '甲市公安局官方微博', follows_num: '12', fans_num: '271043', wb_num: '4', level: '30', tags: '', work_info: '', contact_info: '', education_info: '', head_img: '',
  }; // prettier-ignore
  const RECORD = {
    kind: 'account', platform: 'weibo', accountId: '1001', observedAt: AT, screenName: '平安甲市', openedOn: '2010-08-01', location: '广东 广州', description: '警察叔叔',
    verified: true, verifiedType: null, verifiedReason: '甲市公安局官方微博', followers: 271_043, following: 12, postsTotal: 4,
  }; // prettier-ignore

  test('an account by its uid, not by the number of its row', () => expect(read('wbuser', USER)).toEqual([RECORD]));

  test('its own codes of verification are not those of Weibo: 1 is a person, and 2 any blue V', () => {
    expect(read('wbuser', { ...USER, verify_type: '1' })).toEqual([{ ...RECORD, verifiedType: '0' }]);
    expect(refusal('wbuser', { ...USER, verify_type: '3' })).toEqual(
      new ValueError('verify_type', '"3" is not 0 (not verified), 1 (a person) or 2 (an organisation).'),
    );
  });

  test('one that is not verified is passed over, as a private person, unless the file is about it', () => {
    const unverified = { ...USER, verify_type: '0', verify_info: '' };
    expect(read('wbuser', unverified)).toEqual([]);
    expect(read('wbuser', unverified, { owner: '1001' })).toEqual([
      { ...RECORD, verified: false, verifiedType: '-1', verifiedReason: null },
    ]);
  });

  test('three zeros are a page that could not be read; one zero is a count', () => {
    const nothing = { ...USER, follows_num: '0', fans_num: '0', wb_num: '0', register_time: '' };
    expect(read('wbuser', nothing)).toEqual([{ ...RECORD, openedOn: null, followers: null, following: null, postsTotal: null }]);
    expect(read('wbuser', { ...USER, follows_num: '0' })).toEqual([{ ...RECORD, following: 0 }]);
  });
});

describe('weibo_data', () => {
  const POST: Row = {
    id: '3', weibo_id: '4102345678901234', weibo_cont: '早安\n甲市', weibo_img: '', weibo_img_path: '', weibo_video: '', repost_num: '8', comment_num: '0', praise_num: '12',
    uid: '1001', is_origin: '1', device: 'iPhone', weibo_url: 'http://weibo.com/1001/F0abc', create_time: '2017-4-30 9:05', comment_crawled: '0', repost_crawled: '0',
  }; // prettier-ignore
  const RECORD = {
    kind: 'post', platform: 'weibo', postId: '4102345678901234', accountId: '1001', postedAt: Date.parse('2017-04-30T01:05:00Z'), observedAt: AT, text: '早安\n甲市',
    original: true, repostOfId: null, reposts: 8, comments: 0, likes: 12,
  }; // prettier-ignore

  test('a post', () => expect(read('weibo_data', POST)).toEqual([RECORD]));
  test('a repost does not say of what', () => {
    expect(read('weibo_data', { ...POST, is_origin: '0' })).toEqual([{ ...RECORD, original: false }]);
  });

  test.each([
    ['2017-04-30 09:05', '2017-04-30T01:05:00Z'],
    ['今天 09:05', '2017-05-01T01:05:00Z'],
    ['昨天 23:54', '2017-04-30T15:54:00Z'],
    ['5分钟前', '2017-05-01T01:55:00Z'],
    ['4月30日 23:54', '2017-04-30T15:54:00Z'],
    ['12月31日 23:54', '2016-12-31T15:54:00Z'],
  ])('its time may be as the page showed it: %s', (create_time, iso) =>
    expect(read('weibo_data', { ...POST, create_time })).toEqual([{ ...RECORD, postedAt: Date.parse(iso) }]),
  );

  test('a database that does not say when it was filled gives posts without a date of observation, and reads no relative time', () => {
    expect(read('weibo_data', POST, { undated: true })).toEqual([{ ...RECORD, undated: true }]);
    expect(refusal('weibo_data', { ...POST, create_time: '5分钟前' }, { undated: true })).toEqual(
      new ValueError('create_time', '"5分钟前" needs the time of crawling: give it with --observed-at.'),
    );
  });

  test.each([
    [{ create_time: '' }, 'create_time', 'The time is empty.'],
    [{ create_time: '3天前' }, 'create_time', '"3天前" says no time of day.'],
    [{ repost_num: '-3' }, 'repost_num', '"-3" is not a count.'],
    [{ uid: '' }, 'uid', 'The id is empty.'],
  ])('%j is refused', (wrong, field, reason) =>
    expect(refusal('weibo_data', { ...POST, ...wrong })).toEqual(new ValueError(field, reason)),
  );
});

describe('weibo_comment', () => {
  const COMMENT: Row = {
    id: '1',
    comment_id: '4102',
    comment_cont: '某人：请问几点开门：九点？',
    weibo_id: '4101',
    user_id: '2002',
    create_time: '4月30日 23:54',
  };
  const RECORD = {
    kind: 'interaction', platform: 'weibo', interactionId: '4102', form: 'COMMENT', postId: '4101', accountId: null, parentId: null, writerId: '2002', byAccountId: null,
    citizenHash: null, createdAt: Date.parse('2017-04-30T15:54:00Z'), text: '请问几点开门：九点？',
  }; // prettier-ignore

  test('a comment without the name of its writer, which the crawler puts before it', () => {
    expect(read('weibo_comment', COMMENT)).toEqual([RECORD]);
    expect(read('weibo_comment', { ...COMMENT, comment_cont: '回复@甲:好的：明天' })).toEqual([{ ...RECORD, text: '回复@甲:好的：明天' }]);
  });

  test('newer builds name the writer in a column', () => {
    expect(read('weibo_comment', { ...COMMENT, comment_screen_name: '某人' })).toEqual([RECORD]);
    expect(read('weibo_comment', { ...COMMENT, comment_screen_name: '某人', comment_cont: '通知：好' })).toEqual([
      { ...RECORD, text: '通知：好' },
    ]);
  });
});

describe('weibo_repost', () => {
  const REPOST: Row = {
    id: '1', user_id: '2002', user_name: '某人', weibo_id: '4103', parent_user_id: '', repost_time: '2017-4-30 23:54', repost_cont: '转发微博', weibo_url: 'http://weibo.com/x',
    parent_user_name: '他人', root_weibo_id: '4101',
  }; // prettier-ignore

  test('a repost under the post at its root', () => {
    expect(read('weibo_repost', REPOST)).toEqual([
      {
        kind: 'interaction', platform: 'weibo', interactionId: '4103', form: 'REPOST', postId: '4101', accountId: null, parentId: null, writerId: '2002', byAccountId: null,
        citizenHash: null, createdAt: Date.parse('2017-04-30T15:54:00Z'), text: '转发微博',
      },
    ]); // prettier-ignore
    expect(refusal('weibo_repost', { ...REPOST, root_weibo_id: '' })).toEqual(new ValueError('root_weibo_id', 'The id is empty.'));
  });
});

test('user_relation: 1 is a fan of the user, 2 one whom the user follows', () => {
  const row = { id: '1', user_id: '1001', follow_or_fans_id: '2002' };
  const follow = (accountId: string, writerId: string): object => ({
    kind: 'follow',
    platform: 'weibo',
    accountId,
    writerId,
    observedAt: AT,
  });
  expect(read('user_relation', { ...row, type: '1' })).toEqual([follow('1001', '2002')]);
  expect(read('user_relation', { ...row, type: '2' })).toEqual([follow('2002', '1001')]);
  expect(refusal('user_relation', { ...row, type: '0' })).toEqual(
    new ValueError('type', '"0" is neither 1 (the other is a fan) nor 2 (the other is followed).'),
  );
});
