import type { Day } from '../src/model/time';
import type { Question } from '../src/query/question';

/** A question and what a practised hand would write for it over the grain. Columns are named as the fields. */
export interface Contest {
  readonly name: string;
  readonly question: Question;
  /** The rollup that answers it; null: none can. */
  readonly rollup: string | null;
  /** The statement over the facts of the cube, with a placeholder for its files. */
  readonly sql: string;
}

const LIMIT = 50_000;
const YEAR = { from: '2011-01-01', to: '2011-12-31' };
const QUARTER = { from: '2011-04-01', to: '2011-06-30' };
const within = ({ from, to }: { readonly from: Day; readonly to: Day }): string => `day between date '${from}' and date '${to}'`;

/** The questions of the bench: seven that rollups answer, and three that none can. */
export function contests(watermark: Day): Contest[] {
  const all = { from: '2011-01-01', to: watermark };
  const last = `day = least(last_day(day), date '${all.to}')`;
  const asked =
    (cube: 'activity' | 'posts') =>
    (fields: readonly string[], period: object, rest: Partial<Question> = {}): Question =>
      ({ cube, fields, ...period, limit: LIMIT, ...rest }) as Question;
  const [activity, posts] = [asked('activity'), asked('posts')];
  return [
    {
      name: 'months by account type: 4 measures',
      question: activity(['month', 'accountType', 'accounts', 'posts', 'activeAccounts', 'postsPerAccount'], all),
      rollup: 'activity_month_region',
      sql: `
        select date_trunc('month', day)::date as month, account_type as accountType, count(*) filter (${last}) as accounts,
               count(distinct account_key) filter (posts > 0) as activeAccounts, sum(posts) as posts,
               sum(posts)::double / count(*) filter (${last}) as postsPerAccount
        from FILES where ${within(all)} group by 1, 2 order by 1, 2`,
    },
    {
      name: 'region x sector of one year: 3 measures',
      question: activity(['region', 'sector', 'posts', 'reposts', 'followers'], YEAR),
      rollup: 'activity_year',
      sql: `
        select region, sector, sum(posts) as posts, sum(reposts) as reposts, sum(followers) filter (day = date '${YEAR.to}') as followers
        from FILES where ${within(YEAR)} group by 1, 2 order by 1, 2`,
    },
    {
      name: 'active accounts of each month',
      question: activity(['month', 'activeAccounts'], all),
      rollup: 'activity_month_region',
      sql: `
        select date_trunc('month', day)::date as month, count(distinct account_key) filter (posts > 0) as activeAccounts
        from FILES where ${within(all)} group by 1 order by 1`,
    },
    {
      name: 'followers at the end of each month by region',
      question: activity(['month', 'region', 'followers'], all),
      rollup: 'activity_month_region',
      sql: `
        select date_trunc('month', day)::date as month, region, sum(followers) as followers
        from FILES where ${within(all)} and ${last} group by 1, 2 order by 1, 2`,
    },
    {
      name: 'days of one region and quarter: 2 measures',
      question: activity(['day', 'posts', 'dormantAccounts'], QUARTER, { where: { region: { eq: '44' } } }),
      rollup: 'activity_day_region',
      sql: `
        select day, sum(posts) as posts, count(*) filter (days_since_post >= 30 and age_days >= 30) as dormantAccounts
        from FILES where ${within(QUARTER)} and region = '44' group by 1 order by 1`,
    },
    {
      name: 'top ten accounts of a quarter',
      question: activity(['account', 'posts', 'reposts'], QUARTER, { orderBy: [{ field: 'posts', direction: 'DESC' }], limit: 10 }),
      rollup: 'activity_quarter',
      sql: `
        select account_key as account, sum(posts) as posts, sum(reposts) as reposts
        from FILES where ${within(QUARTER)} group by 1 order by 2 desc nulls last, 1 limit 10`,
    },
    {
      name: 'posts of a year by region: 3 measures',
      question: posts(['region', 'posts', 'meanReposts', 'comments'], YEAR),
      rollup: 'posts_year',
      sql: `
        select region, count(*) as posts, sum(reposts)::double / count(*) as meanReposts, sum(comments) as comments
        from FILES where ${within(YEAR)} group by 1 order by 1`,
    },
    {
      name: 'posts with a word, by month: no rollup',
      question: posts(['month', 'posts', 'reposts'], YEAR, { where: { text: { contains: '谣言' } } }),
      rollup: null,
      sql: `
        select date_trunc('month', day)::date as month, count(*) as posts, sum(reposts) as reposts
        from FILES where ${within(YEAR)} and contains(text, '谣言') group by 1 order by 1`,
    },
    {
      name: 'median reposts by sector: no rollup',
      question: posts(['sector', 'medianReposts'], YEAR),
      rollup: null,
      sql: `
        select sector, quantile_cont(reposts, 0.5) as medianReposts from FILES where ${within(YEAR)} group by 1 order by 1`,
    },
    {
      name: 'active accounts of each week by sector: no rollup',
      question: activity(['week', 'sector', 'activeAccounts', 'posts'], YEAR),
      rollup: null,
      sql: `
        select date_trunc('week', day)::date as week, sector, count(distinct account_key) filter (posts > 0) as activeAccounts, sum(posts) as posts
        from FILES where ${within(YEAR)} group by 1, 2 order by 1, 2`,
    },
  ];
}
