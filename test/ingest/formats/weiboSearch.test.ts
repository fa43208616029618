import { AT, beijing, BOM, read, tableRow } from './crawling';

const HEADER =
  'id,bid,user_id,用户昵称,微博正文,头条文章url,发布位置,艾特用户,话题,转发数,评论数,点赞数,发布时间,发布工具,微博图片url,微博视频url,retweet_id,ip,user_authentication,会员类型,会员等级';
const OLD_HEADER =
  'id,bid,user_id,用户昵称,微博正文,发布位置,艾特用户,话题,转发数,评论数,点赞数,发布时间,发布工具,微博图片url,微博视频url,retweet_id';
const POST = {
  kind: 'post', platform: 'weibo', postId: '5106121943814622', accountId: '1234567890', screenName: '平安甲市', postedAt: beijing('2024-11-29 18:56:00'),
  observedAt: AT, text: '早安', original: true, repostOfId: null, likes: 100_000, comments: 7, reposts: 30_000, approximate: { likes: '10万+', reposts: '3万' },
}; // prettier-ignore
const AUTHOR = { kind: 'account', platform: 'weibo', accountId: '1234567890', observedAt: AT, screenName: '平安甲市' };

test('a file of weibo-search has posts of many accounts, each with its author; counters as the page shows them', async () => {
  const { rows, rejects, reading } = await read({
    '结果文件/文明/文明.csv': `${BOM}${HEADER}
5106121943814622,P2zg6g0ma,1234567890,平安甲市,早安,,,,文明,3万,7,10万+,2024-11-29 18:56,微博网页版,,,,发布于 广东,蓝V,,
5106121943814623\t,P2zg6g0mb,pinganyi,乙,"多行
文字",,,,,1234,0,,2024-11-29 18:56,,,,5106121943814622,,黄V,,
5106121943814624,P2zg6g0mc,1234567892,丙,早安,,,,,1,2,3,2024-11-29 18:56,,,,,,普通用户,,
5106121943814625,P2zg6g0md,1234567893,丁,早安,,,,,1,2,3,2024-11-29 18:56
`,
  });
  expect(rejects).toEqual([]);
  expect(reading.format).toBe('weibo-search');
  const plain = { ...POST, likes: 3, comments: 2, reposts: 1, approximate: undefined };
  expect(rows).toEqual([
    [POST, { ...AUTHOR, verified: true }],
    [
      { ...plain, postId: '5106121943814623', accountId: 'pinganyi', screenName: '乙', text: '多行\n文字', original: false, repostOfId: '5106121943814622', likes: null, comments: 0, reposts: 1234 },
      { ...AUTHOR, accountId: 'pinganyi', screenName: '乙', verified: true },
    ],
    [{ ...plain, postId: '5106121943814624', accountId: '1234567892', screenName: '丙' }, { ...AUTHOR, accountId: '1234567892', screenName: '丙', verified: false }],
    [{ ...plain, postId: '5106121943814625', accountId: '1234567893', screenName: '丁' }, { ...AUTHOR, accountId: '1234567893', screenName: '丁' }],
  ]); // prettier-ignore
  expect(rows.flat().some((record) => record.kind === 'account' && 'verifiedType' in record)).toBe(false);
});

test('builds without the columns for articles and authors, in GB 18030 as a spreadsheet saves them, are read alike', async () => {
  const { default: iconv } = await import('iconv-lite');
  const text = `${OLD_HEADER}\r\n5106121943814622,P2zg6g0ma,1234567890,平安甲市,早安,,,,3万,7,10万+,2024-11-29 18:56,,,,\r\n`;
  const { rows, rejects } = await read({ '文明.csv': iconv.encode(text, 'gb18030') });
  expect(rejects).toEqual([]);
  expect(rows).toEqual([[POST, AUTHOR]]);
});

test('what cannot be read is a reject by the name of its column', async () => {
  const row = (id: string, user: string, likes: string, at: string): string => `${id},,${user},甲,早安,,,,1,1,${likes},${at},,,,\n`;
  const { rows, rejects } = await read({
    'a.csv': `${OLD_HEADER}\n${row('5106121943814622', '', '1', '2024-11-29 18:56')}${row('5106121943814622', '1234567890', '好多', '2024-11-29 18:56')}${row('5106121943814622', '1234567890', '1', '昨天')}`,
  });
  expect(rows).toEqual([]);
  expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[2, 'user_id'], [3, '点赞数'], [4, '发布时间']]); // prettier-ignore
});

test('a row of its table is known by the column for the kind of author, which weibo-crawler does not have', () => {
  const row = { id: '5106121943814622', bid: 'P2zg6g0ma', user_id: '1234567890', screen_name: '平安甲市', text: '早安', article_url: '', topics: '', at_users: '', pics: '', video_url: '', location: '', created_at: '2024-11-29 18:56:00', source: '', attitudes_count: '10万+', comments_count: '7', reposts_count: '3万', retweet_id: '', ip: '', user_authentication: '蓝V', vip_type: '', vip_level: '0' }; // prettier-ignore
  expect(tableRow(row)).toEqual([
    { ...POST, undated: true },
    { ...AUTHOR, verified: true },
  ]);
  expect(tableRow({ ...row, user_authentication: '其他' })).toEqual([{ ...POST, undated: true }, AUTHOR]);
});
