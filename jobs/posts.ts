import { DORMANCY_DAYS, FOLLOWED_MINUTES } from '../src/model/facts';
import { addDays } from '../src/model/time';
import type { Job } from '../src/runner/job';
import { stageAccounts, stageFollowers, stageLastPostTimes, stagePosts } from '../src/runner/staging';
import type { Partition } from '../src/warehouse/missing';
import { countersReconcile, keysUnique, nothingNegative } from './audits';
import { codesKnown } from './references';
import { rowsNotLost, volumeWithinHistory } from './volume';

/** Fewer characters than this make a post short: half of the 140 that Weibo allowed (claim C07a). */
const SHORT = 70;

/** Whole minutes from publication to an instant, no fewer than 0; what lies further off than is followed is one minute more. */
const minutesTo = (instant: string, round: 'down' | 'up'): string =>
  `least(${FOLLOWED_MINUTES + 1}, (greatest(0, epoch_ms(${instant}::timestamp) - g.posted_ms)${round === 'up' ? ' + 59999' : ''}) // 60000)::integer`;

const sql = ({ from, to }: Partition): string => `
with moment as (
  select t.rowid as post_row, t.post_id, t.account_key, t.day::date as day, epoch_ms(t.posted_at::timestamp) as posted_ms,
         b.day::date as last_day, epoch_ms(b.posted_at::timestamp) as last_ms
  from post t left join last_post_time b on b.account_key = t.account_key
),
gap as (
  select post_row, posted_ms, coalesce(lag(day) over of_account, last_day) as day_before,
         coalesce(lag(posted_ms) over of_account, last_ms) as ms_before
  from moment window of_account as (partition by account_key order by posted_ms, post_id)
)
select t.day::date as day, t.platform, t.post_id, t.account_key, coalesce(v.region, 'UNKNOWN') as region,
       coalesce(v.prefecture, 'UNKNOWN') as prefecture, coalesce(v.sector, 'UNKNOWN') as sector,
       coalesce(v.account_type, 'UNKNOWN') as account_type, coalesce(v.verified_type, 'UNKNOWN') as verified_type,
       coalesce(v.level, 'LX') as level, date_trunc('month', a.opened_on::date)::date as opened_month,
       isodow(t.day::date)::utinyint as weekday, t.hour::utinyint as hour, t.original, t.text, t.text_length,
       t.text_length < ${SHORT} as short, t.questions, t.mentions, t.links, t.hashtags, t.slang, t.emoticons, t.formal, t.informal, t.tokens,
       -- a longer silence is not measured: the partition would depend on all that was posted before
       case when g.day_before >= t.day::date - ${DORMANCY_DAYS} then (g.posted_ms - g.ms_before) // 60000 end::integer as gap_minutes,
       t.formal - t.informal as formal_balance, t.category as content_category, t.reposts, t.comments, t.approximate,
       ${minutesTo('t.first_seen_at', 'down')} as first_seen_minutes,
       -- a post that is gone is known until it was missed, any other until it was last seen
       case when t.status in ('DELETED', 'MISSING') then ${minutesTo('t.missed_at', 'up')} else ${minutesTo('t.last_seen_at', 'down')} end as known_minutes,
       t.status in ('DELETED', 'MISSING') as deleted, t.status in ('DELETED', 'MISSING') and t.status_actor = 'AUTHOR' as deleted_by_author,
       t.status in ('DELETED', 'MISSING') and t.status_actor = 'PLATFORM' as deleted_by_platform, t.status = 'HIDDEN' as hidden,
       case when t.day::date >= coalesce(p.likes_since, date '0001-01-01') then t.likes end as likes, f.followers,
       -- null where one of them was not collected; a like that could not be given yet is none
       t.reposts + t.comments + case when t.day::date >= coalesce(p.likes_since, date '0001-01-01') then t.likes else 0 end as engagements
from post t join gap g on g.post_row = t.rowid join account a using (account_key) join platform p on p.code = t.platform
left join version v on v.account_key = t.account_key and t.day::date >= v.valid_from and t.day::date < v.valid_to
asof left join followers f on f.account_key = t.account_key and f.day <= t.day::date
where t.day::date between date '${from}' and date '${to}' and t.day::date <= p.horizon
order by t.day, t.platform, t.post_id`;

/** The `posts` facts: one row per post. */
export const posts: Job = {
  name: 'posts',
  fact: 'posts',
  description: 'One row per post with the counters of its last observation and the attributes its account had on that day.',
  source: { table: 'post', day: 'posted_day' },
  prepare: async (bench) => {
    await stageAccounts(bench);
    await stageFollowers(bench);
  },
  extract: async (bench, partition) => {
    await stageLastPostTimes(bench, addDays(partition.from, -DORMANCY_DAYS), partition.from);
    return stagePosts(bench, partition);
  },
  sql: (partition) => sql(partition),
  audits: [
    countersReconcile('count(*)', 'original', 'reposts', 'comments'),
    keysUnique('platform', 'post_id'),
    nothingNegative(
      'reposts',
      'comments',
      'likes',
      'followers',
      'engagements',
      'gap_minutes',
      'first_seen_minutes',
      'known_minutes',
      'text_length',
      'tokens',
      'slang',
      'emoticons',
    ),
    codesKnown('region', 'prefecture', 'sector', 'account_type', 'verified_type', 'level', 'platform', 'content_category'),
    rowsNotLost('posts'),
    volumeWithinHistory('posts', 'below', 'block'),
    volumeWithinHistory('posts', 'above', 'warn'),
  ],
  definition: sql({ key: '', from: '', to: '' }),
};
