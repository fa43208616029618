import { AT, beijing, BOM, read, tableRow } from './crawling';

const OWN_2024 = [
  'id',
  'bid',
  '正文',
  '头条文章url',
  '原始图片url',
  '视频url',
  '位置',
  '日期',
  '工具',
  '点赞数',
  '评论数',
  '转发数',
  '话题',
  '@用户',
  '完整日期',
];
const OWN_HEAD = [...OWN_2024.slice(0, 6), 'Live Photo视频url', ...OWN_2024.slice(6), '是否编辑过', '编辑次数'];
const header = (own: readonly string[]): string =>
  [...own, '是否原创', '源用户id', '源用户昵称', ...own.map((name) => `源微博${name}`)].join(',');
const HIDDEN = '抱歉，由于作者设置，你暂时没有这条微博的查看权限哦。查看帮助：\n \n网页链接\n ';

/** What every post of the tests has unless said otherwise. */
const POST = {
  kind: 'post', platform: 'weibo', accountId: '1234567890', observedAt: AT, text: '早安', original: true, repostOfId: null, likes: 1, comments: 2,
  reposts: 3, postedAt: beijing('2024-11-29 18:56:41'),
}; // prettier-ignore

describe('a post table of weibo-crawler', () => {
  test('of November 2024: BOM, TAB behind ids, rows of two widths, many lines, rounded counters, no original to be seen', async () => {
    const { rows, rejects, reading } = await read({
      '甲市公安/1234567890.csv':
        BOM +
        [
          header(OWN_2024),
          '5106121943814622\t,P2zg6g0ma,"第一行\n第二行，""引号""",,,,,2024-11-29T18:56:41,微博视频号,271000,100000,9999,"话,题",甲,2024-11-29 18:56:41,True',
          `5106110912270184\t,P2yYj9wzS,转发微博,,,,,2024-11-29T18:56:41,iPhone,1,2,3,,,2024-11-29 18:56:41,False,7654321098,乙,5105307355713029\t,P2e3w5jMp,早安,,,,,2024-11-27T12:59:48,,5,5,5,,,2024-11-27 12:59:48`,
          `5106110912270185\t,P2yYj9wzT,转发微博,,,,,2024-11-29T18:56:41,iPhone,1,2,3,,,2024-11-29 18:56:41,False,,,5105307355713030\t,P2e3w5jMq,"${HIDDEN}",,,,,2024-11-27T12:59:48,,0,0,0,,,2024-11-27 12:59:48`,
          `5106110912270186\t,P2yYj9wzU,转发微博,,,,,2024-11-29T18:56:41,iPhone,1,2,3,,,2024-11-29 18:56:41,False,,,5105307355713031\t,P2e3w5jMr,说不清楚,,,,,2024-11-27T12:59:48,,0,0,0,,,2024-11-27 12:59:48`,
        ].join('\n'),
    });
    expect(rejects).toEqual([]);
    expect(reading.format).toBe('weibo-crawler');
    expect(rows).toEqual([
      [{ ...POST, postId: '5106121943814622', text: '第一行\n第二行，"引号"', likes: 271_000, comments: 100_000, reposts: 9_999, approximate: { likes: '271000', comments: '100000' } }],
      [{ ...POST, postId: '5106110912270184', text: '转发微博', original: false, repostOfId: '5105307355713029' }],
      [
        { ...POST, postId: '5106110912270185', text: '转发微博', original: false, repostOfId: '5105307355713030' },
        { kind: 'status', platform: 'weibo', postId: '5105307355713030', observedAt: AT, status: 'HIDDEN', actor: 'AUTHOR', evidence: HIDDEN.trim() },
      ],
      [
        { ...POST, postId: '5106110912270186', text: '转发微博', original: false, repostOfId: '5105307355713031' },
        { kind: 'status', platform: 'weibo', postId: '5105307355713031', observedAt: AT, status: 'HIDDEN', actor: 'UNKNOWN', evidence: '说不清楚' },
      ],
    ]); // prettier-ignore
  });

  test('of the newest build: other columns in between, edits, and reposts two cells short of the header', async () => {
    const repost = ['5106110912270184\t', 'P2yYj9wzS', '转发微博', '', '', '', '', '', '2024-11-29T18:56:41', 'iPhone', '1', '2', '3', '', '', '2024-11-29 18:56:41', 'True', '2', 'False', '7654321098', '乙', '5105307355713029\t', 'P2e3w5jMp', '早安', '', '', '', '', '', '2024-11-27T12:59:48', '', '5', '5', '5', '', '', '2024-11-27 12:59:48']; // prettier-ignore
    expect(header(OWN_HEAD).split(',')).toHaveLength(repost.length + 2);
    const { rows, rejects } = await read({ 'a/1234567890.csv': `${BOM}${header(OWN_HEAD)}\r\n${repost.join()}\r\n` });
    expect(rejects).toEqual([]);
    expect(rows).toEqual([[{ ...POST, postId: '5106110912270184', text: '转发微博', original: false, repostOfId: '5105307355713029' }]]);
  });

  test('with originals alone has no columns about reposts; the first builds have no bid, and the day instead of the time', async () => {
    const originals = await read({ '1234567890.csv': `${OWN_2024.join()}\n5106121943814622\t,P2zg6g0ma,早安,,,,,2024-11-29T18:56:41,,1,2,3,,,2024-11-29 18:56:41\n` });
    expect(originals.rows).toEqual([[{ ...POST, postId: '5106121943814622' }]]);
    const first = await read({ '1234567890.csv': 'id,正文,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户\n5106121943814622,早安,,,,2024-11-29,,1,2,3,,\n' });
    expect(first.rows).toEqual([[{ ...POST, postId: '5106121943814622', postedAt: beijing('2024-11-29 00:00:00') }]]);
  }); // prettier-ignore

  test('that a spreadsheet has saved: ids that lost their digits are told by the bid, and are rejects where it is gone', async () => {
    const row = (id: string, bid: string): string => `${id},${bid},早安,,,,,2024-11-29T18:56:41,,1,2,3,,,2024-11-29 18:56:41\n`;
    const rows = [
      row('5.10612E+15', 'P2zg6g0ma'),
      row('5106121943814620', 'P2zg6g0ma'),
      row('5106110912270180', 'unknown'),
      row('5.10612E+15', ''),
    ];
    const { posts, rejects } = await read({ '1234567890.csv': `${OWN_2024.join()}\n${rows.join('')}` });
    expect(posts.map(({ postId }) => postId)).toEqual(['5106121943814622', '5106121943814622', '5106110912270180']);
    expect(rejects).toMatchObject([{ origin: { line: 5 }, field: 'id', reason: '"5.10612E+15" is an id that a spreadsheet has rounded.' }]);
  });

  test('with the tags of the page in its texts is read as the page shows it, and other texts are left alone', async () => {
    const texts = ['<a href="/n/甲">@甲</a> 早<br />安 &amp; 好<span class="url-icon"><img alt=[微笑] src="x"></span>', '1 < 2 &amp; 3'];
    const rows = texts.map((text, index) => `51061219438146${index}1,,"${text.replaceAll('"', '""')}",,,,,,,,,,,,2024-11-29 18:56:41\n`);
    const { posts } = await read({ '1234567890.csv': `${OWN_2024.join()}\n${rows.join('')}` });
    expect(posts.map(({ text }) => text)).toEqual(['@甲 早\n安 & 好[微笑]', '1 < 2 &amp; 3']);
    expect(posts.map(({ likes, comments, reposts }) => [likes, comments, reposts])).toEqual([[null, null, null], [null, null, null]]); // prettier-ignore
  });

  test('rejects counters, times and ids that are none, by the name of the column, with the row as it came', async () => {
    const row = (id: string, likes: string, at: string, text = '早安'): string => `${id},,${text},,,,,${at},,${likes},2,3,,,${at}\n`;
    const odd = row('5106121943814622', '许多', '2024-11-29 18:56:41', '"一\n""二"""');
    const { rejects, rows } = await read({
      '1234567890.csv': `${OWN_2024.join()}\n${odd}${row('5106121943814623', '1', '昨天')}${row('\t', '1', '2024-11-29 18:56:41')}`,
    });
    expect(rows).toEqual([]);
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[2, '点赞数'], [4, '完整日期'], [5, 'id']]); // prettier-ignore
    expect(`${rejects[0]!.raw}\n`).toBe(odd);
  });
});

describe('the users of weibo-crawler', () => {
  const USERS = '用户id,昵称,性别,生日,所在地,IP属地,学习经历,公司,注册时间,阳光信用,微博数,粉丝数,关注数,简介,主页,头像,高清头像,微博等级,会员等级,是否认证,认证类型,认证信息,上次记录微博信息'; // prettier-ignore
  const ACCOUNT = { kind: 'account', platform: 'weibo', observedAt: AT };

  test('in users.csv, with the bare times of runs that builds of 2020 wrote between the rows', async () => {
    const { rows, rejects } = await read({
      'users.csv': `${BOM}${USERS}\n2020-12-25 01:06:53\n1234567890,平安甲市,m,,广东 广州,广东,,,2010-08-01,,184712,1.36亿,2759,"警察,\n叔叔",,,,48,2,True,1,甲市公安局官方微博,\n2020-12-26 01:06:53\n1234567891,乙,f,,,,,,,,0,271000,0,,,,,0,0,False,-1,,\n`,
    });
    expect(rejects).toEqual([]);
    expect(rows).toEqual([
      [
        {
          ...ACCOUNT, accountId: '1234567890', screenName: '平安甲市', location: '广东 广州', openedOn: '2010-08-01', description: '警察,\n叔叔', verified: true,
          verifiedType: '1', verifiedReason: '甲市公安局官方微博', followers: 136_000_000, following: 2759, postsTotal: 184_712, approximate: { followers: '1.36亿' },
        },
      ],
      [
        {
          ...ACCOUNT, accountId: '1234567891', screenName: '乙', location: null, openedOn: null, description: null, verified: false,
          verifiedType: '-1', verifiedReason: null, followers: 271_000, following: 0, postsTotal: 0, approximate: { followers: '271000' },
        },
      ],
    ]); // prettier-ignore
  });

  test('in tables of MySQL and SQLite, which have other names; what a table has no column for is not spoken of', () => {
    const mysql = { id: '1234567890', screen_name: '平安甲市', statuses_count: '12', followers_count: '9999', follow_count: '7', location: '', registration_time: null, description: '好', verified: '1', verified_type: '1', verified_reason: '甲市公安局' }; // prettier-ignore
    expect(tableRow(mysql)).toEqual([
      {
        ...ACCOUNT, accountId: '1234567890', screenName: '平安甲市', location: null, description: '好', verified: true, verifiedType: '1',
        verifiedReason: '甲市公安局', followers: 9999, following: 7, postsTotal: 12,
      },
    ]); // prettier-ignore
    const [sqlite] = tableRow({ id: '1234567890', nick_name: '平安甲市', follower_count: '160000000', follow_count: '7', location: '北京', reg_date: '2010-08-01', bio: '' }) as object[]; // prettier-ignore
    expect(sqlite).toEqual({
      ...ACCOUNT, accountId: '1234567890', screenName: '平安甲市', location: '北京', openedOn: '2010-08-01', description: null, followers: 160_000_000,
      following: 7, approximate: { followers: '160000000' },
    }); // prettier-ignore
    expect(Object.keys(sqlite!)).not.toContain('verified');
  });
});

describe('a document of weibo-crawler', () => {
  test('has the account and its posts, numbers with every digit, and what is left of hidden originals', async () => {
    const { rows, rejects } = await read({
      'a/1234567890.json': `{"user": {"id": "1234567890", "screen_name": "平安甲市", "statuses_count": 4, "followers_count": 1360000, "follow_count": 3, "verified": true, "verified_type": 1}, "weibo": [
        {"user_id": 1234567890, "screen_name": "平安甲市", "id": 9007199254740993, "bid": "P2zg6g0ma", "text": "早安", "created_at": "2024-11-29T18:56:41", "full_created_at": "2024-11-29 18:56:41", "attitudes_count": 1, "comments_count": 2, "reposts_count": 3},
        {"user_id": 1234567890, "screen_name": "平安甲市", "id": 9007199254740995, "bid": "", "text": "转发微博", "created_at": "2024-11-29T18:56:41", "attitudes_count": 1, "comments_count": 2, "reposts_count": 3,
         "retweet": {"user_id": "", "screen_name": "", "id": 9007199254740901, "bid": "x", "text": "该微博已被删除"}}]}`,
    });
    expect(rejects).toEqual([]);
    expect(rows).toEqual([
      [{ kind: 'account', platform: 'weibo', accountId: '1234567890', observedAt: AT, screenName: '平安甲市', verified: true, verifiedType: '1', followers: 1_360_000, following: 3, postsTotal: 4, approximate: { followers: '1360000' } }],
      [{ ...POST, postId: '9007199254740993', screenName: '平安甲市' }],
      [
        { ...POST, postId: '9007199254740995', screenName: '平安甲市', text: '转发微博', original: false, repostOfId: '9007199254740901' },
        { kind: 'status', platform: 'weibo', postId: '9007199254740901', observedAt: AT, status: 'DELETED', actor: 'UNKNOWN', evidence: '该微博已被删除' },
      ],
    ]); // prettier-ignore
  });

  test('that has no id of its user is of the account it is named by, and a rejected row keeps its numbers as numbers', async () => {
    const { rows, rejects } = await read({
      'a/pinganjia.json': '{"user": {"id": null, "screen_name": "甲"}, "weibo": [{"id": 9007199254740993, "text": "早安", "created_at": "2024-11-29T18:56:41", "attitudes_count": 1.5e1}]}',
    }); // prettier-ignore
    expect(rows).toMatchObject([[{ kind: 'account', accountId: 'pinganjia', screenName: '甲' }]]);
    expect(rejects).toEqual([
      {
        origin: { file: expect.stringContaining('pinganjia.json'), line: 1 },
        field: 'attitudes_count',
        reason: '"1.5e1" is not a count.',
        raw: '{"id":9007199254740993,"text":"早安","created_at":"2024-11-29T18:56:41","attitudes_count":1.5e1}',
      },
    ]);
  });
});

describe('a row of the tables of weibo-crawler', () => {
  const WEIBO = { id: '5106121943814622', bid: 'P2zg6g0ma', user_id: '1234567890', screen_name: '甲', text: '早安', created_at: '2024-11-29 18:56:41', attitudes_count: '1', comments_count: '2', reposts_count: '3', retweet_id: '' }; // prettier-ignore

  test('weibo is a post, undated, of whoever wrote it; a repost names its original; a vanity id is an id', () => {
    const post = { ...POST, postId: '5106121943814622', screenName: '甲', undated: true };
    expect(tableRow(WEIBO)).toEqual([post]);
    expect(tableRow({ ...WEIBO, user_id: 'pinganjia' })).toEqual([{ ...post, accountId: 'pinganjia' }]);
    expect(tableRow({ ...WEIBO, retweet_id: '5105307355713029' })).toEqual([{ ...post, original: false, repostOfId: '5105307355713029' }]);
  });

  test('weibo without an author is the place of an original that is gone, or a mistake', () => {
    const gone = { ...WEIBO, user_id: '', screen_name: '', text: '该微博因被多人投诉，根据《微博社区公约》，已被删除。' };
    expect(tableRow(gone)).toEqual([
      {
        kind: 'status',
        platform: 'weibo',
        postId: '5106121943814622',
        observedAt: AT,
        status: 'DELETED',
        actor: 'PLATFORM',
        evidence: gone.text,
      },
    ]);
    expect(tableRow({ ...WEIBO, id: '' })).toBe('id: The id is empty.');
  });

  test('comments and reposts are interactions whose writer is given by the platform id', () => {
    const comment = { id: '5106122000000001', bid: '', weibo_id: '5106121943814622', root_id: '5106122000000001', user_id: '5555555555', created_at: 'Fri Nov 29 19:00:00 +0800 2024', user_screen_name: '某人', text: '<a href="x">@甲</a> 好', like_count: '3' }; // prettier-ignore
    const interaction = {
      kind: 'interaction', platform: 'weibo', interactionId: '5106122000000001', form: 'COMMENT', postId: '5106121943814622', accountId: null, parentId: null,
      writerId: '5555555555', byAccountId: null, citizenHash: null, createdAt: beijing('2024-11-29 19:00:00'), text: '@甲 好', likes: 3,
    }; // prettier-ignore
    expect(tableRow(comment)).toEqual([interaction]);
    expect(tableRow({ ...comment, id: '5106122000000002' })).toEqual([
      { ...interaction, interactionId: '5106122000000002', parentId: '5106122000000001' },
    ]);
    expect(tableRow({ ...comment, created_at: '5分钟前' })).toEqual([{ ...interaction, createdAt: AT - 300_000 }]);
    const { root_id: _, ...repost } = comment;
    expect(tableRow({ ...repost, like_count: null })).toEqual([{ ...interaction, form: 'REPOST', likes: null }]);
  });
});
