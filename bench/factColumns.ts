import type { Day } from '../src/model/time';

/** An expression for every column of the `activity` facts over `factSource`. Types come from a built partition. */
export const FACT_COLUMNS: Readonly<Record<string, string>> = {
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
  followers: 'base_followers + age * (k % 50)',
  followers_rounded: 'false',
  days_since_post: 'case when posts > 0 then 0 else 1 + h // 10000000 % 91 end',
  age_days: 'age',
  has_posted: '1',
};

/**
 * One row per account of the dimension table and day, with a number `h` that looks random. Accounts differ in how often
 * they post: between a tenth and four fifths of the days. One whole number is hashed: several at once make columns that
 * depend on each other.
 */
export const factSource = (version: string, from: Day, to: Day): string => `
  with account as (
    select *, row_number() over (order by account_key) as k from read_parquet(${version})
  ),
  account_day as (
    select account.*, day::date as day, day::date - date '2010-12-01' as age, (hash(k) % 10000)::bigint as base_followers,
           (hash(k * 100000 + (day::date - date '2010-12-01')) >> 16)::bigint as h
    from account, unnest(generate_series(date '${from}', date '${to}', interval 1 day)) as calendar (day)
  )
  select *, case when h % 100 < 20 + hash(k + 7) % 70 then 0 else 1 + h // 100 % 12 end as posts from account_day`;
