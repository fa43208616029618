import iconv from 'iconv-lite';
import type { SourceOptions } from '../../../src/ingest/open';

// Small files of every format, all about the same few accounts, posts and comments, so that they have something to say
// of each other. The contents are invented.

export interface Sample {
  readonly name: string;
  readonly content: Buffer;
  readonly kind: SourceOptions['kind'];
  readonly profile?: object;
}

const [A, B] = ['1234567890', '1234567891'];
const [P1, P2, P3] = ['5106121943814622', '5106110912270184', '5106110912270190'];
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const lines = (...values: readonly object[]): Buffer => Buffer.from(values.map((one) => JSON.stringify(one)).join('\n') + '\n');
const csv = (...rows: readonly string[]): Buffer => Buffer.from('\uFEFF' + rows.join('\n') + '\n');

/** What a crawl finds; `seen` is added to the counters, as the days go by. */
export function crawlerSamples(seen = 0): Sample[] {
  const likes = 271 + seen;
  const tweet = {
    _id: P3, mblogid: 'P2yYj9wzS', created_at: '2025-12-05 10:20:54', reposts_count: 7, comments_count: likes, attitudes_count: 9, content: '【通报】1 &lt; 2\n第二行',
    url: `https://weibo.com/${B}/P2yYj9wzS`, crawl_time: 1_765_600_000 + 86_400 * seen,
    user: { _id: B, nick_name: '乙报', verified: true, verified_type: 3, followers_count: 30_000 + seen },
  }; // prettier-ignore
  const user = {
    id: 1234567890, idstr: A, screen_name: '平安甲市', location: '广东 广州', description: '警察叔叔', followers_count: 1204 + seen, friends_count: 447, statuses_count: 2908,
    created_at: 'Fri Aug 28 00:00:00 +0800 2009', verified: true, verified_type: 1, verified_reason: '甲市公安局官方微博',
  }; // prettier-ignore
  const answer = {
    created_at: 'Mon Dec 01 17:46:55 +0800 2025', id: 1, mid: P1, idstr: P1, text: '早安，甲市', reposts_count: 3, comments_count: 2, attitudes_count: likes, user,
    retweeted_status: { created_at: 'Mon Dec 01 17:46:55 +0800 2025', id: 2, mid: '5106110912270199', text: '抱歉，此微博已被作者删除。', deleted: '1' },
  }; // prettier-ignore
  const table = 'id,bid,正文,头条文章url,日期,工具,点赞数,评论数,转发数,完整日期,是否原创,源用户id,源微博id,源微博正文';
  const files: Record<string, Buffer> = {
    [`甲/${A}.csv`]: csv(
      table,
      `${P1}\t,P2zg6g0ma,"第一行\n第二行，""引号""",,2025-12-01T17:46:55,微博视频号,${likes},100000,9999,2025-12-01 17:46:55,True,,,`,
      `${P2}\t,P2yYj9wzS,转发微博,,2025-12-04T18:56:41,iPhone,1,${2 + seen},3,2025-12-04 18:56:41,False,,5105307355713030,抱歉，此微博已被作者删除。`,
      table,
      `${P2}\t,P2yYj9wzS,转发微博,,2025-12-04T18:56:41,iPhone,5,${3 + seen},3,2025-12-04 18:56:41,False,,5105307355713030,抱歉，此微博已被作者删除。`,
      `${P2}9\t,P2yYj9wzT,坏,,昨天不知道,iPhone,5,many,3,,False,,,`,
    ),
    'users.csv': csv(
      '用户id,昵称,性别,所在地,注册时间,粉丝数,关注数,微博数,是否认证,认证类型,认证信息,简介',
      `${A},平安甲市,m,广东,2009-08-28,${271_000 + seen},12,2908,True,1,甲市公安局官方微博,警察叔叔`,
      `${B},乙报,m,北京,2010-01-01,30000,1,5,True,3,乙报官方微博,`,
    ),
    'json/weibo.json': json({
      user: { id: B, screen_name: '乙报', follow_count: 1, followers_count: 30_000 + seen, statuses_count: 5, verified: true, verified_type: 3 },
      weibo: [
        { user_id: 1234567891, screen_name: '乙报', id: P3, bid: 'P2yYj9wzS', text: '早安', created_at: '2025-12-05T10:20:54', attitudes_count: likes, comments_count: 2, reposts_count: 7, retweet: { id: P1, bid: 'x', user_id: 1234567890, text: '早安' } },
      ],
    }),
    '文明.csv': iconv.encode(
      `id,bid,user_id,用户昵称,微博正文,发布位置,转发数,评论数,点赞数,发布时间,retweet_id,user_authentication\r\n${P1},P2zg6g0ma,${A},平安甲市,早安甲市今天天气很好,,3万,7,10万+,2025-12-01 17:46:55,,蓝V\r\n${P3},P2yYj9wzS,${B},乙报,早安大家好,,${seen},7,9,2025-12-05 10:20:54,${P1},蓝V\r\n`,
      'gb18030',
    ),
    [`spider/${A}.csv`]: csv(
      '微博id,微博正文,是否为原创微博,发布位置,发布时间,发布工具,点赞数,转发数,评论数',
      `${P1},早安甲市,True,无,2025-12-01 17:46,微博视频号,${likes},61,142`,
      `KdqXvEvK7,"转发理由:说得好\n原始用户: 乙报\n转发内容: 原文",False,无,2021-05-01 12:20,无,735,61,142`,
    ),
    [`spider/${B}.json`]: json({
      user: { id: B, nickname: '乙报', weibo_num: 5, following: 1, followers: 30_000, location: '无', verified_reason: '乙报官方微博' },
      weibo: [{ id: P3, content: '早安', publish_time: '2025-12-05 10:20', original: true, up_num: likes, retweet_num: 7, comment_num: 2 }],
    }),
    'tweet.jsonl': lines(
      tweet,
      { _id: A, nick_name: '平安甲市', followers_count: 1204, friends_count: 447, statuses_count: 2908 + seen, verified: true, verified_type: 1, crawl_time: 1_765_600_000 },
      { _id: '9001', content: '好', created_at: '2025-12-05 11:00:00', comment_user: { _id: '77', nick_name: '某人' }, like_counts: seen, weibo_id: P3 },
      { _id: '9002', content: '好', created_at: '2025-12-05 11:00:00', comment_user: { _id: A }, like_counts: 1 },
      { fan_id: '77', follower_id: A, crawl_time: 1_765_600_000 + seen },
    ),
    'wbuser.csv': csv('id,uid,name,location,description,register_time,verify_type,verify_info,follows_num,fans_num,wb_num', `7,${A},平安甲市,广东 广州,警察叔叔,2009-08-28,2,甲市公安局官方微博,12,${1204 + seen},4`),
    'weibo_data.csv': csv('id,weibo_id,weibo_cont,weibo_img,repost_num,comment_num,praise_num,uid,is_origin,create_time', `1,${P1},早安,,3,2,${likes},${A},1,2025-12-01 17:46`),
    'weibo_comment.csv': csv('id,comment_id,comment_cont,comment_screen_name,weibo_id,user_id,create_time', `1,9001,某人：好,某人,${P3},77,2025-12-05 11:00`, `2,9003,好的,,${P1},${B},2025-12-05 11:00`),
    'weibo_repost.csv': csv('id,user_id,user_name,weibo_id,parent_weibo_id,repost_time,repost_cont,root_weibo_id', `1,78,某人,9100,,2025-12-06 08:00,转发,${P1}`),
    'user_relation.csv': csv('id,user_id,follow_or_fans_id,type', `1,${A},77,1`, `2,${A},${B},2`, `3,${A},${B},9`),
    'timeline.json': json({ statuses: [answer, { ...answer, mid: P2, text: '转发微博', created_at: 'Thu Dec 04 18:56:41 +0800 2025' }], total_number: 2 }),
    'comments.json': json({ comments: [{ created_at: 'Fri Dec 05 11:00:00 +0800 2025', id: 9003, text: '好', user: { id: 1234567891 }, status: { mid: P1, user: { id: 1234567890 } }, like_count: seen }], total_number: 1 }),
    'error.json': json({ error: 'target weibo does not exist!', error_code: 20101, request: `/2/statuses/show.json?id=${P2}` }),
    'weibo-data-甲.json': json({
      weibo: [
        { id: P1, mblogid: 'P2zg6g0ma', userId: A, text: '早安<br />甲市 <img alt="[微笑]" src="//x"> 1 &lt; 2', createdAt: 'Mon Dec 01 17:46:55 +0800 2025', repostsCount: 8, commentsCount: 9, likesCount: likes,
          comments: [{ id: '9003', text: '好', createdAt: 'Fri Dec 05 11:00:00 +0800 2025', likesCount: seen, user: { uid: B, name: '乙报' } }] },
      ],
      user: { uid: A, name: '平安甲市', followers: 271_000, followings: 12, bio: '甲市公安局', createdAt: '' },
      followings: [{ uid: B, name: '乙报', avatar: 'x', bio: '' }],
    }),
  }; // prettier-ignore
  return Object.entries(files).map(([name, content]) => ({ name, content, kind: 'crawler' }));
}

const POSTS_PROFILE = { platform: 'twitter', timeZone: 'UTC' };

/** Files in the canonical columns, and in columns that profiles describe. */
export const otherSamples = (seen = 0): Sample[] => [
  {
    name: 'posts.csv',
    kind: 'posts',
    content: csv('platform,post_id,account_id,screen_name,posted_at,observed_at,text,likes,deleted,deleted_by', `weibo,${P1},${A},平安甲市,2025-12-01T17:46:55+08:00,2025-12-12 08:00,早安,${9 + seen},,`, `weibo,${P2},${A},,,2025-12-12 08:00,,,true,author`),
  },
  { name: 'posts.jsonl', kind: 'posts', content: lines({ platform: 'weibo', post_id: P3, account_id: B, posted_at: '2025-12-05 10:20:54', text: '早安', likes: `${seen}万` }, { platform: 'weibo', post_id: P3 }) },
  {
    name: 'accounts.csv',
    kind: 'accounts',
    content: csv('platform,account_id,screen_name,account_type,region,sector,level,verified,opened_on,valid_from,valid_to,followers,observed_at', `weibo,${A},平安甲市,AGENCY,44,PS-POLICE,L3,1,2009-08-28,2025-12-01,,${seen},2025-12-10`, `weibo,${B},"乙\n报",MEDIA,99,,,,,,2025-12-20,,2025-12-11T00:00:00Z`),
  },
  {
    name: 'interactions.jsonl',
    kind: 'interactions',
    content: lines({ platform: 'weibo', interaction_id: '9001', post_id: P3, citizen_id: '77', created_at: '2025-12-05 11:00:00', text: '好', likes: seen }, { platform: 'weibo', interaction_id: '9009', post_id: P3, account_id: B, by_account_id: A, parent_id: '9001', created_at: '2025-12-05 12:00:00' }),
  },
  {
    name: 'mayor.csv',
    kind: 'posts',
    content: Buffer.from(`Tweet ID,Text,Date,Favorites,Retweets\n42,"Hello, ""all""",2025-12-03 23:59:59,${seen},2\n43,,2025-12-04 00:00:00,1.2,\n`),
    profile: { ...POSTS_PROFILE, format: 'csv', encoding: 'auto', post: { id: 'Tweet ID', text: 'Text', postedAt: { column: 'Date', format: 'yyyy-MM-dd HH:mm:ss' }, likes: 'Favorites', reposts: 'Retweets', account: { from: 'fileName' } } },
  },
  {
    name: 'nested.json',
    kind: 'posts',
    content: json({ data: { users: [{ name: 'mayor', tweets: [{ id: 42, t: 'Hello &amp; <b>all</b>', at: '2025-12-03T23:59:59Z', seen: 1_765_700_000 + seen, likes: seen }, { id: '44', t: 'x', at: '1764900000', seen: 1_765_700_000, gone: 'yes' }] }] } }),
    profile: { ...POSTS_PROFILE, format: 'json', items: 'data.users', each: 'tweets', post: { id: 'id', text: { column: 't', html: true }, postedAt: 'at', observedAt: 'seen', account: { column: 'name', outer: true }, likes: 'likes', deleted: 'gone' } },
  },
  {
    name: 'registry.jsonl',
    kind: 'accounts',
    content: lines({ id: 'mayor', name: 'Mayor', party: 'A', before: ['The Mayor', { name: 'Mayor-elect' }], old: [{ reason: 'candidate', until: '2025-12-02' }], followers: seen, seen: '2025-12-10T00:00:00Z' }),
    profile: { ...POSTS_PROFILE, format: 'jsonl', account: { id: 'id', screenName: 'name', observedAt: 'seen', followers: 'followers', verifiedReason: 'party', previousNames: 'before', history: { column: 'old', until: 'until', values: { verifiedReason: 'reason' } } } },
  },
]; // prettier-ignore
