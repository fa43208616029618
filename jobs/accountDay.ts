import { DORMANCY_DAYS } from '../src/model/facts';
import { addDays } from '../src/model/time';
import type { Job } from '../src/runner/job';
import { stageAccounts, stageFollowers, stageLastPosts, stagePostDays, stageReplies } from '../src/runner/staging';
import type { Partition } from '../src/warehouse/missing';
import { accountDaysReconcile, countersReconcile, keysUnique, nothingNegative } from './audits';
import { codesKnown } from './references';
import { coverageAboveFloor, rowsNotLost } from './volume';

/** Days of silence are counted no further than one past the longest dormancy window. */
const SILENCE_CAP = DORMANCY_DAYS + 1;

const sql = ({ from, to }: Partition): string => `
with calendar as (
  -- the day before tells how many followers there were; it has no row of its own
  select unnest(generate_series(date '${from}' - 1, date '${to}', interval 1 day))::date as day
),
daily as (
  select account_key, day::date as day, posts, original_posts, original_mentions, reposts, comments,
         case when day::date >= coalesce(p.likes_since, date '0001-01-01') then likes end as likes,
         case when day::date >= coalesce(p.likes_since, date '0001-01-01') then posts_with_likes end as posts_with_likes
  from post_day join account using (account_key) join platform p on p.code = platform
),
spine as (
  -- an account exists from the first day anything proves it, up to the last day its platform was observed
  select c.day, a.account_key, a.platform, a.opened_on::date as opened_on, a.first_post_on::date as first_post_on,
         a.first_observed_on::date as observed_from,
         c.day between a.first_observed_on::date and a.last_observed_on::date as observed, p.replies_collected
  from account a join platform p on p.code = a.platform
  join calendar c on c.day between least(a.opened_on::date, a.first_post_on::date, a.first_observed_on::date) and p.horizon
),
facts as (
  select s.*, d.posts, d.original_posts, d.original_mentions, d.reposts, d.comments, d.likes, d.posts_with_likes, r.replies, f.followers, f.rounded,
         v.account_key is not null as registered, v.region, v.prefecture, v.sector, v.account_type, v.verified_type, v.level,
         coalesce(max(d.day) over of_account, l.day::date) as last_post_on, lag(f.followers) over of_account as followers_before
  from spine s
  left join version v on v.account_key = s.account_key and s.day >= v.valid_from and s.day < v.valid_to
  left join daily d on d.account_key = s.account_key and d.day = s.day
  left join reply r on r.account_key = s.account_key and r.day::date = s.day
  left join last_post l on l.account_key = s.account_key
  asof left join followers f on f.account_key = s.account_key and f.day <= s.day
  window of_account as (partition by s.account_key order by s.day)
),
days as (
  select *, case when observed then coalesce(posts, 0) else posts end as known_posts,
         case when replies_collected and observed then coalesce(replies, 0) else replies end as known_replies
  from facts where day >= date '${from}'
)
select day, account_key, platform, coalesce(region, 'UNKNOWN') as region, coalesce(prefecture, 'UNKNOWN') as prefecture,
       coalesce(sector, 'UNKNOWN') as sector, coalesce(account_type, 'UNKNOWN') as account_type,
       coalesce(verified_type, 'UNKNOWN') as verified_type, coalesce(level, 'LX') as level,
       date_trunc('month', opened_on)::date as opened_month, coalesce(day = opened_on, false) as is_opening_day, observed,
       known_posts as posts,
       case when observed then coalesce(original_posts, 0) else original_posts end as original_posts,
       case when observed and posts is null then 0 else reposts end as reposts,
       case when observed and posts is null then 0 else comments end as comments,
       likes, coalesce(posts_with_likes, 0) as posts_with_likes,
       known_replies as replies, known_posts + known_replies as messages,
       case when known_posts is not null then known_replies + coalesce(original_mentions, 0) end as messages_to_others,
       followers, coalesce(rounded, false) as followers_rounded, followers - followers_before as follower_change,
       case when observed then least(${SILENCE_CAP}, day - coalesce(last_post_on, case when first_post_on < day then day - ${SILENCE_CAP} end, observed_from)) end::smallint as days_since_post,
       case when observed then day - observed_from end::integer as age_days,
       case when day >= opened_on then day - opened_on end::integer as days_since_opening,
       coalesce(first_post_on <= day, false)::utinyint as has_posted
from days
-- outside its versions an account is not in the registry; a post of such a day is kept all the same
where registered or posts is not null
order by account_key, day`;

/** The `activity` facts: one row per account per local day since it opened. */
export const accountDay: Job = {
  name: 'accountDay',
  fact: 'activity',
  description: 'One row per account per local day since it opened: posts, counters received, replies made, followers, days of silence.',
  source: { table: 'post', day: 'posted_day', everyDay: true },
  prepare: async (bench) => {
    await stageAccounts(bench);
    await stageFollowers(bench);
  },
  extract: async (bench, partition) => {
    // Before the days of this partition take the place of those of the one before.
    await stageLastPosts(bench, addDays(partition.from, -DORMANCY_DAYS), partition.from);
    const posts = await stagePostDays(bench, partition);
    await stageReplies(bench, partition);
    return posts;
  },
  sql,
  audits: [
    accountDaysReconcile,
    countersReconcile('posts', 'original_posts', 'reposts', 'comments'),
    keysUnique('account_key', 'day'),
    nothingNegative(
      'posts',
      'original_posts',
      'reposts',
      'comments',
      'likes',
      'replies',
      'followers',
      'days_since_post',
      'age_days',
      'days_since_opening',
      'messages',
      'messages_to_others',
    ),
    codesKnown('region', 'prefecture', 'sector', 'account_type', 'verified_type', 'level', 'platform'),
    rowsNotLost('accountDay'),
    coverageAboveFloor,
  ],
  definition: sql({ key: '', from: '', to: '' }),
};
