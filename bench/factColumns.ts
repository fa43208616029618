import type { Day } from '../src/model/time';

/** An expression for every column of the `activity` facts over the rows of `rowsOf`. Types come from a built partition. */
const ACTIVITY_COLUMNS: Readonly<Record<string, string>> = {
  day: 'day',
  account_key: 'account_key',
  platform: "'demo'",
  region: 'region',
  prefecture: 'prefecture',
  sector: 'sector',
  account_type: 'account_type',
  verified_type: 'verified_type',
  level: 'level',
  opened_month: "date '2010-12-01'",
  is_opening_day: 'false',
  observed: 'true',
  posts: 'posts',
  original_posts: 'posts * 6 // 10',
  reposts: 'posts * (h // 10000 % 40)',
  comments: 'posts * (h // 100000 % 15)',
  likes: 'null',
  posts_with_likes: '0',
  replies: 'h // 1000000 % 3',
  messages: 'posts + h // 1000000 % 3',
  messages_to_others: 'posts // 4 + h // 1000000 % 3',
  followers: 'base_followers + age * (k % 50)',
  followers_rounded: 'false',
  follower_change: 'k % 50',
  days_since_post: 'case when posts > 0 then 0 else 1 + h // 10000000 % 91 end',
  age_days: 'age',
  days_since_opening: 'age',
  has_posted: '1',
};

/**
 * One row per account of the dimension table and day, with a number `h` that looks random. Accounts differ in how often
 * they post: between a tenth and four fifths of the days. One whole number is hashed: several at once make columns that
 * depend on each other.
 */
const factSource = (version: string, from: Day, to: Day): string => `
  with account as (
    select *, row_number() over (order by account_key) as k from read_parquet(${version})
  ),
  account_day as (
    select account.*, day::date as day, day::date - date '2010-12-01' as age, (hash(k) % 10000)::bigint as base_followers,
           (hash(k * 100000 + (day::date - date '2010-12-01')) >> 16)::bigint as h
    from account, unnest(generate_series(date '${from}', date '${to}', interval 1 day)) as calendar (day)
  )
  select *, case when h % 100 < 20 + hash(k + 7) % 70 then 0 else 1 + h // 100 % 12 end as posts from account_day`;

/** The rows a fact table is made of: account-days, and of posts one on every third of them. */
export const rowsOf = (fact: GeneratedFact, version: string, from: Day, to: Day): string =>
  fact === 'activity' ? factSource(version, from, to) : `select * from (${factSource(version, from, to)}) where h // 3 % 3 = 0`;

/** What a text may say: each takes three of these, as many as a post of some 100 characters has sentences. */
const SENTENCES = [
  '今日起本市部分路段实行交通管制，请广大市民提前规划出行路线，注意安全。', '【提醒】近日气温骤降，请大家及时添加衣物，预防感冒，关爱老人和儿童。',
  '警方提示：谨防电信诈骗，不轻信陌生来电，不透露银行卡信息，不向陌生账户转账。', '市民朋友您好，您反映的问题我们已转交相关部门处理，请耐心等候答复。',
  '感谢大家一直以来对我们工作的支持与理解，欢迎提出宝贵意见和建议。', '我局召开年度工作会议，总结全年工作成绩，部署下一阶段重点任务。',
  '网传消息不实，请勿轻信谣言，一切以官方发布为准，转发请注明出处。', '周末愉快，今天天气晴好，适合和家人一起到公园走一走，看一看红叶。',
]; // prettier-ignore

/** An expression for every column of the `posts` facts over the rows of `rowsOf`. */
const POSTS_COLUMNS: Readonly<Record<string, string>> = {
  ...pick('day', 'account_key', 'platform', 'region', 'prefecture', 'sector', 'account_type', 'verified_type', 'level', 'opened_month'),
  post_id: "'3' || (k * 1000 + age)",
  weekday: 'isodow(day)',
  hour: 'h // 7 % 24',
  original: 'h // 11 % 10 < 6',
  text: `[${SENTENCES.map((text) => `'${text}'`).join(', ')}][1 + h // 13 % 8] || [${SENTENCES.map((text) => `'${text}'`).join(', ')}][1 + h // 130 % 8] || (h % 100000)`,
  text_length: '60 + h // 17 % 80',
  short: 'h // 17 % 80 < 10',
  questions: 'h // 19 % 2',
  mentions: 'h // 23 % 3',
  links: 'h // 29 % 2',
  hashtags: 'h // 31 % 2',
  slang: 'h // 37 % 2',
  emoticons: 'h // 41 % 3',
  formal: 'h // 43 % 9',
  informal: 'h // 47 % 9',
  tokens: '30 + h // 53 % 40',
  formal_balance: 'h // 43 % 9 - h // 47 % 9',
  content_category: "['NEWS', 'SERVICE', 'CHAT', 'OTHER'][1 + h // 59 % 4]",
  reposts: 'h // 10000 % 40',
  comments: 'h // 100000 % 15',
  approximate: 'false',
  deleted: 'h // 61 % 100 = 0',
  deleted_by_author: 'h // 61 % 200 = 0',
  deleted_by_platform: 'false',
  hidden: 'false',
  likes: 'null',
  gap_minutes: 'h // 67 % 20000',
  first_seen_minutes: '1441',
  known_minutes: '1441',
  followers: 'base_followers + age * (k % 50)',
  engagements: 'null',
};

/** The columns of each fact table that is generated. */
export const FACT_COLUMNS = { activity: ACTIVITY_COLUMNS, posts: POSTS_COLUMNS } as const;
export type GeneratedFact = keyof typeof FACT_COLUMNS;

function pick(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ACTIVITY_COLUMNS[name]!]));
}
