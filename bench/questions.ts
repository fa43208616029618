import { addDays, type Day } from '../src/model/time';
import type { Question } from '../src/query/question';

/** A question and what a practised hand would write for it. Columns are named as the fields. */
export interface Contest {
  readonly name: string;
  readonly question: Question;
  /** The statement over `activity`, with a placeholder for its files. */
  readonly sql: string;
}

const LIMIT = 50_000;

/** The questions with their upper bound moved back by some days, so that no round repeats another. */
export function contests(watermark: Day, back: number): Contest[] {
  const span = (from: Day, last: Day): { from: Day; to: Day } => ({ from, to: addDays(last, -back) });
  const growth = span('2011-01-01', watermark);
  const year = span('2011-01-01', '2011-12-31');
  const quarter = span('2011-04-01', '2011-06-30');
  return [
    {
      name: 'month × accountType: 4 measures',
      question: {
        cube: 'activity',
        fields: ['month', 'accountType', 'accounts', 'posts', 'activeAccounts', 'postsPerAccount'],
        ...growth,
        limit: LIMIT,
      },
      sql: `
        select date_trunc('month', day)::date as month, account_type as accountType,
               count(*) filter (day = least(last_day(day), date '${growth.to}')) as accounts,
               count(distinct account_key) filter (posts > 0) as activeAccounts,
               sum(posts) as posts,
               sum(posts)::double / count(*) filter (day = least(last_day(day), date '${growth.to}')) as postsPerAccount
        from FILES where day between date '${growth.from}' and date '${growth.to}'
        group by 1, 2 order by 1, 2`,
    },
    {
      name: 'region × sector of one year: 3 measures',
      question: { cube: 'activity', fields: ['region', 'sector', 'posts', 'reposts', 'followers'], ...year, limit: LIMIT },
      sql: `
        select region, sector, sum(posts) as posts, sum(reposts) as reposts, sum(followers) filter (day = date '${year.to}') as followers
        from FILES where day between date '${year.from}' and date '${year.to}'
        group by 1, 2 order by 1, 2`,
    },
    {
      name: 'days of one region and quarter: 2 measures',
      question: {
        cube: 'activity',
        fields: ['day', 'posts', 'dormantAccounts'],
        ...quarter,
        where: { region: { eq: '44' } },
        limit: LIMIT,
      },
      sql: `
        select day, sum(posts) as posts, count(*) filter (days_since_post >= 30 and age_days >= 30) as dormantAccounts
        from FILES where day between date '${quarter.from}' and date '${quarter.to}' and region = '44'
        group by 1 order by 1`,
    },
  ];
}
