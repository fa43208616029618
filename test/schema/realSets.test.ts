import { groupBy } from '../../src/collections';
import { sum, tableOf, truthOf, withData, withRealSet } from '../numbers/realSet';
import { DIALECTS_ABOVE } from '../stores';

// From the real file to the answer over HTTP, against figures that were published or counted from the raw files.

interface Posts {
  readonly distinct_ids: number;
  readonly likes_sum_last_row_per_id: number;
  readonly reposts_sum_last_row_per_id: number;
  readonly comments_sum_last_row_per_id: number;
  readonly by_month_distinct: Readonly<Record<string, number>>;
  readonly top5_likes: readonly [string, number][];
}
interface Weibo {
  readonly weibo_crawler_org: {
    readonly followers_top10: readonly [string, number][];
    readonly by_account_top: readonly [string, Readonly<Record<'posts' | 'likes' | 'comments' | 'reposts', number>>][];
  };
  readonly renminribao_2021: Posts;
  readonly gqt_2020: Posts;
}
interface Tweets {
  readonly rows: number;
  readonly by_year_file_time: Readonly<Record<string, number>>;
  readonly [figure: string]: unknown;
}

const COUNTERS = 'posts likes reposts comments';

describe.each(DIALECTS_ABOVE)('real sets over HTTP, on %s (needs ../shared/data)', (dialect) => {
  withData('weibo_crawlers')("People's Daily 2021: 2,197 rows are 2,130 posts, 67 of them seen twice", () =>
    withRealSet(dialect, async ({ load, night, rows, test_ }) => {
      const file = 'weibo_crawlers/raw_weiboSpider_renminribao_2021/2803301701.csv';
      expect(await load('crawler', file)).toEqual([2197, 2130, 67, 0, 0]);
      await night();
      const truth = truthOf<Weibo>('weibo_crawlers').renminribao_2021;
      expect(await rows('posts', ['2021-01-01', '2021-05-31'], COUNTERS)).toEqual([[2130, 68_770_981, 69_162_991, 3_944_356]]);
      expect([truth.likes_sum_last_row_per_id, truth.reposts_sum_last_row_per_id, truth.comments_sum_last_row_per_id]).toEqual([68_770_981, 69_162_991, 3_944_356]); // prettier-ignore

      // By month, straight from the table: its header stands in it twice more, and of a post the last row counts.
      const table = tableOf(file).filter((row) => row['微博id'] !== '微博id');
      const last = [...new Map(table.map((row) => [row['微博id'], row])).values()];
      const months = [...groupBy(last, (row) => row['发布时间']!.slice(0, 7))].map(([month, some]) => [
        `${month}-01`, some.length, ...['点赞数', '转发数', '评论数'].map((name) => sum(some.map((row) => Number(row[name])))),
      ]); // prettier-ignore
      const monthly = await rows('posts', ['2021-01-01', '2021-05-31'], `month ${COUNTERS}`);
      expect(monthly).toEqual(months.sort());
      expect(Object.fromEntries(monthly.map(([month, posts]) => [(month as string).slice(0, 7), posts]))).toEqual(truth.by_month_distinct);
      expect(await rows('activity', ['2021-01-01', '2021-05-01'], `month ${COUNTERS}`)).toEqual(monthly);

      // Every row is an observation: 67 posts have two, and those of 52 differ.
      const seen = await test_.app.store.query<{ before: string; now: string }>(
        `SELECT o.likes AS likes, o.reposts AS reposts, o.comments AS comments, p.likes AS likesNow, p.reposts AS repostsNow, p.comments AS commentsNow
         FROM post_observation o JOIN post p ON p.platform = o.platform AND p.post_id = o.post_id AND o.observed_at < p.observed_at`,
      );
      const twice = [...groupBy(table, (row) => row['微博id']).values()].filter((all) => all.length > 1);
      const countersOf = (row: Record<string, string>): number[] => ['点赞数', '转发数', '评论数'].map((name) => Number(row[name]));
      expect(seen.map((row) => Object.values(row).join()).sort()).toEqual(twice.map(([one, two]) => [...countersOf(one!), ...countersOf(two!)].join()).sort()); // prettier-ignore
      expect(seen.filter((row) => Object.values(row).slice(0, 3).join() !== Object.values(row).slice(3).join())).toHaveLength(52);
      const top = await test_.app.store.query('SELECT likes FROM post ORDER BY likes DESC LIMIT 5');
      expect(top.map(({ likes }) => likes)).toEqual(truth.top5_likes.map(([, likes]) => likes));
    }),
  );

  withData('weibo_crawlers')('the Communist Youth League 2020: 23 posts of two days', () =>
    withRealSet(dialect, async ({ load, night, rows }) => {
      expect(await load('crawler', 'weibo_crawlers/raw_weiboSpider_gqt_2020')).toEqual([23, 23, 0, 0, 0]);
      await night();
      expect(await rows('posts', ['2020-01-01', '2020-01-31'], COUNTERS)).toEqual([[23, 44_619, 6_136, 5_161]]);
      const truth = truthOf<Weibo>('weibo_crawlers').gqt_2020;
      expect([truth.distinct_ids, truth.likes_sum_last_row_per_id, truth.reposts_sum_last_row_per_id, truth.comments_sum_last_row_per_id]).toEqual([23, 44_619, 6_136, 5_161]); // prettier-ignore
      const table = tableOf('weibo_crawlers/raw_weiboSpider_gqt_2020/3937348351.csv');
      const days = [...groupBy(table, (row) => row['发布时间']!.slice(0, 10))].map(([day, some]) => [
        day, some.length, some.filter((row) => row['是否为原创微博'] === 'True').length, ...['点赞数', '转发数', '评论数'].map((name) => sum(some.map((row) => Number(row[name])))),
      ]); // prettier-ignore
      expect(await rows('posts', ['2020-01-01', '2020-01-31'], 'day posts originalPosts likes reposts comments')).toEqual(days.sort());
    }),
  );

  withData('weibo_crawlers')('CCTV News 2020: 8,632 rows of a browser are 7,951 posts', () =>
    withRealSet(dialect, async ({ load, night, rows }) => {
      const folder = 'weibo_crawlers/raw_webscraper_cctv_2020/dataset/sina_cctv_raw_data';
      expect(await load('posts', `${folder}/*.csv`, { profile: 'cctv-webscraper.json' })).toEqual([8632, 7951, 231, 450, 0]);
      await night();
      const months = await rows('posts', ['2020-01-01', '2020-05-31'], 'month posts');
      expect(months.map(([, posts]) => posts)).toEqual([1640, 1793, 1870, 1386, 1262]);

      // A file counts as collected at its newest post, and of one moment the larger counters are the later ones. (By the order
      // of the names of the files, list_10 before list_2, the sums would be 4 likes more and 9 reposts less.)
      const scraped = Array.from({ length: 11 }, (_, index) => {
        const posts = tableOf(`${folder}/sina_cctv_list_${index + 1}.csv`)
          .filter((row) => row['weibo_url'] !== '')
          .map((row) => ({
            id: /\d\/(\w+)/.exec(row['weibo_url']!)![1]!,
            at: /(\d+)月(\d+)日 (\d+):(\d+)/.exec(row['WB_from']!)!.slice(1).map((part) => part.padStart(2, '0')).join(), // prettier-ignore
            counters: ['like', 'comment', 'forward'].map((name) => Number(row[name] || 0)),
          }));
        const collected = posts.map(({ at }) => at).sort().at(-1)!; // prettier-ignore
        return posts.map((post) => ({ ...post, order: [collected, ...post.counters.map((one) => String(one).padStart(9, '0'))].join() }));
      }).flat();
      const last = [...groupBy(scraped, ({ id }) => id).values()].map((all) => all.reduce((a, b) => (b.order > a.order ? b : a)));
      const totals = [0, 1, 2].map((index) => sum(last.map(({ counters }) => counters[index]!)));
      expect([last.length, ...totals]).toEqual([7951, 413_535_094, 26_673_983, 78_175_558]);
      expect(await rows('posts', ['2020-01-01', '2020-05-31'], 'posts likes comments reposts')).toEqual([[last.length, ...totals]]);
    }),
  );

  withData('weibo_crawlers')('weibo-crawler 2024: the largest accounts by posts and by followers, and what was rounded', () =>
    withRealSet(dialect, async ({ load, night, rows, ask }) => {
      expect(await load('crawler', 'weibo_crawlers/raw/weibo')).toEqual([4870, 2447, 0, 2423, 0]);
      await night();
      const truth = truthOf<Weibo>('weibo_crawlers').weibo_crawler_org;
      const largest = async (cube: string, fields: string, by: string, first: number): Promise<Record<string, unknown>[]> => {
        const answer = await ask<Record<string, { rows: { account: { screenName: string } }[] }>>(
          `{ ${cube}(period: { from: "2024-11-01", to: "2024-11-29" }, orderBy: [{ field: ${by}, direction: DESC }], limit: ${first}) { rows { account { screenName } ${fields} } } }`,
        );
        return answer[cube]!.rows.map(({ account, ...numbers }) => ({ name: account.screenName, ...numbers }));
      };
      const top = truth.by_account_top.map(([name, numbers]) => ({ name, ...numbers }));
      const found = await largest('posts', 'posts likes comments reposts', 'posts', top.length);
      expect(new Set(found)).toEqual(new Set(top));
      expect(await largest('activity', 'followers', 'followers', 10)).toEqual(
        truth.followers_top10.map(([name, followers]) => ({ name, followers })),
      );

      // m.weibo.cn writes 27.1万 from 10,000 on, and the crawler 271000.
      const rounded = (cell: string | undefined): boolean => Number(cell) >= 10_000;
      const users = tableOf('weibo_crawlers/raw/weibo/users_org_only.csv');
      expect(await rows('activity', ['2024-11-29', '2024-11-29'], 'verifiedType accounts roundedFollowerAccounts')).toEqual(
        [...groupBy(users, (row) => row['认证类型']!)].map(([type, all]) => [type, all.length, all.filter((row) => rounded(row['粉丝数'])).length]).sort(), // prettier-ignore
      );
    }),
  );

  withData('twitter_ratio_538')('Obama and Trump, 2014 to 2017: every tweet, every sum, every year', () =>
    withRealSet(dialect, async ({ load, night, rows }) => {
      expect(await load('posts', 'twitter_ratio_538/raw/*.csv', { profile: 'twitter-ratio.json' })).toEqual([6439, 6439, 0, 0, 0]);
      await night();
      const truth = truthOf<Readonly<Record<string, Tweets>>>('twitter_ratio_538');
      const fields = 'account posts comments reposts likes meanComments meanReposts meanLikes';
      const totals = new Map((await rows('posts', ['2014-01-01', '2017-12-31'], fields)).map(([account, ...rest]) => [account, rest]));
      const yearly = await rows('posts', ['2014-01-01', '2017-12-31'], 'account year posts');
      for (const name of ['BarackObama', 'realDonaldTrump']) {
        const of = truth[`${name}.csv`]!;
        const means = ['mean_replies', 'mean_retweets', 'mean_favorites'].map(
          (figure) => expect.closeTo(of[figure] as number, 8) as unknown,
        );
        expect(totals.get(`twitter:${name}`)).toEqual([of.rows, of['replies'], of['retweets'], of['favorites'], ...means]);
        expect(Object.fromEntries(yearly.filter(([account]) => account === `twitter:${name}`).map(([, year, posts]) => [(year as string).slice(0, 4), posts]))).toEqual(of.by_year_file_time); // prettier-ignore
      }
      expect(totals.size).toBe(2);
    }),
  );
});
