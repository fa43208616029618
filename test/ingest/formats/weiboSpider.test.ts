import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { midOf } from '../../../src/ingest/weiboIds';
import type { PostRecord } from '../../../src/ingest/records';
import { REAL_DATA } from '../loading';
import { AT, beijing, BOM, contents, read, tableRow } from './crawling';

const HEADER = '微博id,微博正文,头条文章url,原始图片url,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数';
const WITH_REPOSTS =
  '微博id,微博正文,头条文章url,原始图片url,被转发微博原始图片url,是否为原创微博,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数';
const OF_2020 =
  '微博id,微博正文,原始图片url,被转发微博原始图片url,是否为原创微博,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数';
const POST = {
  kind: 'post', platform: 'weibo', postId: '4632018979655143', accountId: '1234567890', postedAt: beijing('2021-05-01 12:20:00'), observedAt: AT, text: '早安',
  original: true, repostOfId: null, likes: 735, comments: 142, reposts: 61,
}; // prettier-ignore

describe('a post table of weiboSpider', () => {
  test('has bids for ids, 无 for nothing, times to the minute, and counters of another order, exact at any size', async () => {
    expect(midOf('id', 'KdqXvEvK7')).toBe(POST.postId);
    const { rows, rejects, reading } = await read({
      '甲/1234567890.csv': `${BOM}${HEADER}\nKdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,微博视频号,735,61,142\n4632018979655144,早安,,"http://a.jpg,http://b.jpg",无,无,2021-05-01 12:20,无,40000,61,142\n`,
    });
    expect(rejects).toEqual([]);
    expect(reading.format).toBe('weiboSpider');
    expect(rows).toEqual([[POST], [{ ...POST, postId: '4632018979655144', likes: 40_000 }]]);
  });

  test('of builds with reposts: the words of the original are not those of the account', async () => {
    const { rows, rejects } = await read({
      'a/1234567890.csv': `${BOM}${OF_2020}\nKdqXvEvK7,早安,无,无,True,无,无,2021-05-01 12:20,无,735,61,142\nKdqXvEvK7,"转发理由:说得好\n再说一遍。\u00a0\u00a0\n原始用户: 乙报\n转发内容: 【原文】\n转发内容: 原文",无,无,False,无,无,2021-05-01 12:20,无,735,61,142\n`,
      'b/1234567891.csv': `${BOM}${WITH_REPOSTS}\nKdqXvEvK7,"转发理由:转发微博\n转发内容: 抱歉，此微博已被作者删除。",,无,无,False,无,无,2021-05-01 12:20,无,735,61,142\n`,
    });
    expect(rejects).toEqual([]);
    expect(rows).toEqual([
      [POST],
      [{ ...POST, text: '说得好\n再说一遍。', original: false }],
      [{ ...POST, accountId: '1234567891', text: '转发微博', original: false }],
    ]);
  });

  test('with the header again for each run: the last counters of a post come last, whatever builds wrote them', async () => {
    const row = (likes: number): string => `KdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,无,${likes},61,142\n`;
    const { posts } = await read({
      '1234567890.csv': `${BOM}${HEADER}\n${row(9)}${HEADER}\n${row(7)}${BOM}${WITH_REPOSTS}\nKdqXvEvK7,早安,,无,无,True,无,无,2021-05-01 12:20,无,8,61,142\n`,
    });
    expect(posts.map(({ likes, observedAt }) => [likes, observedAt - AT])).toEqual([[9, 0], [7, 1], [8, 2]]); // prettier-ignore
  });

  test('rejects ids, times and counters that are none, and a row cut off at the end', async () => {
    const { posts, rejects } = await read({
      '1234567890.csv': `${HEADER}\n不是,早安,,无,无,无,2021-05-01 12:20,无,1,1,1\nKdqXvEvK7,早安,,无,无,无,05月01日,无,1,1,1\nKdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,无,无,1,1\nKdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,无,1,1,1\nKdqXvEvK7,"早`,
    });
    expect(posts).toHaveLength(1);
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[2, '微博id'], [3, '发布时间'], [4, '点赞数'], [6, null]]); // prettier-ignore
  });
});

describe('a document or a database of weiboSpider', () => {
  const USER = {
    id: '1234567890',
    nickname: '甲',
    gender: '男',
    location: '广东 广州',
    birthday: '',
    description: '无',
    verified_reason: '甲市公安局',
    talent: '',
    education: '',
    work: '',
    weibo_num: 12,
    following: 7,
    followers: 271000,
  };
  const WEIBO = { id: 'KdqXvEvK7', user_id: '', content: '早安', article_url: '', original_pictures: '无', retweet_pictures: '无', original: true, video_url: '无', publish_place: '无', publish_time: '2021-05-01 12:20', publish_tool: '无', up_num: 735, retweet_num: 61, comment_num: 142 }; // prettier-ignore
  const ACCOUNT = {
    kind: 'account', platform: 'weibo', accountId: '1234567890', observedAt: AT, screenName: '甲', location: '广东 广州', description: null,
    verifiedReason: '甲市公安局', verified: true, followers: 271_000, following: 7, postsTotal: 12, approximate: { followers: '271000' },
  }; // prettier-ignore

  test('gives the account and its posts; a table beside it that is named by a word is of the same account', async () => {
    const { rows, rejects } = await read({
      '甲/pinganjia.json': JSON.stringify({
        user: USER,
        weibo: [WEIBO, { ...WEIBO, original: false, content: '转发理由:好\n原始用户: 乙\n转发内容: 原文' }],
      }),
      '甲/pinganjia.csv': `${HEADER}\nKdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,无,735,61,142\n`,
      '乙/pinganyi.csv': `${HEADER}\nKdqXvEvK7,早安,,无,无,无,2021-05-01 12:20,无,735,61,142\n`,
    });
    expect(rejects).toEqual([]);
    expect(rows).toEqual([[{ ...POST, accountId: 'pinganyi' }], [POST], [ACCOUNT], [POST], [{ ...POST, text: '好', original: false }]]);
  });

  test('as rows of tables, where original is 1 or 0', () => {
    const texts = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === true ? '1' : String(value)]));
    expect(tableRow(texts(USER))).toEqual([ACCOUNT]);
    expect(tableRow({ ...texts(WEIBO), user_id: '1234567890' })).toEqual([{ ...POST, undated: true }]);
    expect(tableRow({ ...texts(WEIBO), user_id: '1234567890', original: '0' })).toEqual([{ ...POST, original: false, undated: true }]);
    expect(tableRow(texts(WEIBO))).toBe('user_id: The id is empty.');
    expect(tableRow({ ...texts(USER), verified_reason: '', followers: '许多' })).toBe('followers: "许多" is not a count.');
  });
});

describe('real files', () => {
  const folder = join(REAL_DATA, 'weibo_crawlers');
  const testWhereTheDataAre = existsSync(folder) ? test : test.skip;
  type Truth = Record<string, Record<'data_rows' | 'distinct_ids' | 'ids_with_changed_counters' | 'likes_sum_all_rows' | 'likes_sum_last_row_per_id' | 'reposts_sum_last_row_per_id' | 'comments_sum_last_row_per_id', number> & { by_month_distinct: Record<string, number>; min: string; max: string; top5_likes: [string, number][] }>; // prettier-ignore
  const sum = (numbers: Iterable<number | null>): number => [...numbers].reduce<number>((total, one) => total + one!, 0);

  testWhereTheDataAre.each([
    ['People’s Daily, 2021', 'renminribao_2021', 'raw_weiboSpider_renminribao_2021/2803301701.csv', '2803301701', 0],
    ['Communist Youth League, 2020', 'gqt_2020', 'raw_weiboSpider_gqt_2020/3937348351.csv', '3937348351', 1],
  ])('of %s add up as counted elsewhere (needs ../shared/data)', async (_, name, file, account, reposts) => {
    const truth = (JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth)[name]!;
    const { posts, rejects } = await contents(join(folder, file));
    expect(rejects).toEqual([]);
    expect(posts).toHaveLength(truth.data_rows);
    const observations = new Map<string, PostRecord[]>();
    for (const post of posts) observations.set(post.postId, [...(observations.get(post.postId) ?? []), post]);
    expect(observations.size).toBe(truth.distinct_ids);
    const counters = (post: PostRecord): string => [post.likes, post.reposts, post.comments].join();
    const changed = [...observations.values()].filter((some) => new Set(some.map(counters)).size > 1);
    expect(changed).toHaveLength(truth.ids_with_changed_counters);
    // By the moment of observation, and not by the order of rows: that is what the store goes by.
    const last = [...observations.values()].map((some) => some.reduce((a, b) => (b.observedAt > a.observedAt ? b : a)));
    expect(sum(posts.map(({ likes }) => likes))).toBe(truth.likes_sum_all_rows);
    expect(sum(last.map(({ likes }) => likes))).toBe(truth.likes_sum_last_row_per_id);
    expect(sum(last.map((post) => post.reposts))).toBe(truth.reposts_sum_last_row_per_id);
    expect(sum(last.map(({ comments }) => comments))).toBe(truth.comments_sum_last_row_per_id);
    for (const [bid, likes] of truth.top5_likes) expect(last.find(({ postId }) => postId === midOf('bid', bid))!.likes).toBe(likes);
    const months: Record<string, number> = {};
    for (const { postedAt } of last) {
      const month = new Date(postedAt + 8 * 3_600_000).toISOString().slice(0, 7);
      months[month] = (months[month] ?? 0) + 1;
    }
    expect(months).toEqual(truth.by_month_distinct);
    expect(Math.min(...last.map(({ postedAt }) => postedAt))).toBe(beijing(`${truth.min}:00`));
    expect(Math.max(...last.map(({ postedAt }) => postedAt))).toBe(beijing(`${truth.max}:00`));
    expect(new Set(posts.map(({ accountId }) => accountId))).toEqual(new Set([account]));
    expect(last.filter(({ original }) => !original)).toHaveLength(reposts);
    expect(posts.filter(({ approximate }) => approximate !== undefined)).toEqual([]);
  });
});
