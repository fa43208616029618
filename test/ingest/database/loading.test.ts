import { crawlerDatabase, type DatabaseReading } from '../../../src/ingest/database/crawlerDatabase';
import { readSourceMarks } from '../../../src/ingest/database/marks';
import { SHAPES } from '../../../src/ingest/formats/recognise';
import { DIALECTS, type Dialect } from '../../stores';
import { CLOCK, openLoading, type Loading } from '../loading';
import { freshCrawl, type Crawl } from './crawls';

const WEIBO = `id varchar(20) NOT NULL, bid varchar(12) NOT NULL, user_id varchar(20), screen_name varchar(30), text varchar(2000), article_url varchar(100),
  topics varchar(200), at_users varchar(1000), pics varchar(3000), video_url varchar(1000), live_photo_url varchar(1000), location varchar(100), created_at DATETIME,
  source varchar(30), attitudes_count INT, comments_count INT, reposts_count INT, retweet_id varchar(20), PRIMARY KEY (id)`;
const weibo = (index: number, likes: number): (string | number | null)[] => [
  String(4_900_000_000_000_000 + index), `b${index}`, '2656274875', '央视新闻', `新闻 ${index} 🇨🇳`, '', '', '', '', '', '', '',
  `2024-11-${String(1 + (index % 28)).padStart(2, '0')} 18:56:41`, '微博视频号', likes, 2, 3, '',
]; // prettier-ignore

/** The tables of the crawlers as they make them, with few rows. */
const WRITTEN: Readonly<Record<string, { readonly dialects: readonly Dialect[]; fill(crawl: Crawl): Promise<void>; readonly records: Readonly<Record<string, number>> }>> = {
  'weibo-crawler in MySQL': {
    dialects: ['mysql'],
    fill: async (crawl) => {
      await crawl.write(
        `CREATE TABLE user (id varchar(20) NOT NULL, screen_name varchar(30), gender varchar(10), statuses_count INT, followers_count INT, follow_count INT,
          registration_time varchar(20), sunshine varchar(20), birthday varchar(40), location varchar(200), education varchar(200), company varchar(200),
          description varchar(400), profile_url varchar(200), profile_image_url varchar(200), avatar_hd varchar(200), urank INT, mbrank INT,
          verified BOOLEAN DEFAULT 0, verified_type INT, verified_reason varchar(140), PRIMARY KEY (id))`,
        `CREATE TABLE weibo (${WEIBO}) DEFAULT CHARSET=utf8mb4`,
        `INSERT INTO user (id, screen_name, followers_count, follow_count, statuses_count, registration_time, verified, verified_type, location, verified_reason)
          VALUES ('2656274875', '央视新闻', 132000000, 4, 180000, '2012-03-20', 1, 3, '北京', '央视新闻官方账号')`,
      );
      await crawl.insert('weibo', [weibo(1, 5), weibo(2, 6)]);
    },
    records: { account: 1, post: 2 },
  },
  'weibo-crawler in SQLite': {
    dialects: ['sqlite'],
    fill: async (crawl) => {
      await crawl.write(
        `CREATE TABLE user (id varchar(64) NOT NULL, nick_name varchar(64), gender varchar(6), follower_count integer, follow_count integer, birthday varchar(10),
          location varchar(32), edu varchar(32), company varchar(32), reg_date DATETIME, main_page_url text, avatar_url text, bio text, PRIMARY KEY (id))`,
        `CREATE TABLE weibo (${WEIBO})`,
        `CREATE TABLE comments (id varchar(20) NOT NULL, bid varchar(20) NOT NULL, weibo_id varchar(32) NOT NULL, root_id varchar(20), user_id varchar(20) NOT NULL,
          created_at varchar(20), user_screen_name varchar(64) NOT NULL, user_avatar_url text, text varchar(1000), pic_url text, like_count integer, PRIMARY KEY (id))`,
        `CREATE TABLE reposts (id varchar(20) NOT NULL, bid varchar(20) NOT NULL, weibo_id varchar(32) NOT NULL, user_id varchar(20) NOT NULL, created_at varchar(20),
          user_screen_name varchar(64) NOT NULL, user_avatar_url text, text varchar(1000), like_count integer, PRIMARY KEY (id))`,
        'CREATE TABLE bins (id integer PRIMARY KEY AUTOINCREMENT, ext varchar(10) NOT NULL, data blob NOT NULL, weibo_id varchar(20), comment_id varchar(20), path text, url text)',
        "INSERT INTO user (id, nick_name, follower_count, follow_count, location) VALUES ('2656274875', '央视新闻', 132000000, 4, '北京')",
        `INSERT INTO comments VALUES ('5001', 'x', '4900000000000001', '5001', '77', '2024-11-29 20:00', '某人', '', '好', '', 3)`,
        `INSERT INTO reposts VALUES ('6001', 'x', '4900000000000001', '78', '2024-11-29 20:00', '某人', '', '转', 0)`,
        "INSERT INTO bins VALUES (1, 'jpg', x'ffd8ffe0', '4900000000000001', NULL, '', '')",
      );
      await crawl.insert('weibo', [weibo(1, 5), weibo(2, 6)]);
    },
    records: { account: 1, post: 2, interaction: 2 },
  },
  'weibo-search': {
    dialects: ['sqlite', 'mysql'],
    fill: async (crawl) => {
      await crawl.write(
        `CREATE TABLE weibo (id varchar(20) NOT NULL, bid varchar(12) NOT NULL, user_id varchar(20), screen_name varchar(30), text varchar(2000), article_url varchar(100),
          topics varchar(200), at_users varchar(1000), pics varchar(3000), video_url varchar(1000), location varchar(100), created_at DATETIME, source varchar(30),
          attitudes_count INT, comments_count INT, reposts_count INT, retweet_id varchar(20), ip varchar(100), user_authentication varchar(100), vip_type varchar(50), vip_level INT, PRIMARY KEY (id))`,
        `INSERT INTO weibo VALUES ('4900000000000009', 'x', '1001', '平安甲市', '早安', '', '', '', '', '', '', '2024-11-29 20:00:00', 'iPhone', 1, 2, 3, '', '', '蓝V', '', 0)`,
      );
    },
    records: { post: 1 },
  },
  weiboSpider: {
    dialects: ['sqlite', 'mysql'],
    fill: async (crawl) => {
      await crawl.write(
        `CREATE TABLE user (id varchar(20) NOT NULL, nickname varchar(30), gender varchar(10), location varchar(200), birthday varchar(40), description varchar(400),
          verified_reason varchar(140), talent varchar(200), education varchar(200), work varchar(200), weibo_num INT, following INT, followers INT, PRIMARY KEY (id))`,
        `CREATE TABLE weibo (id varchar(10) NOT NULL, user_id varchar(12), content varchar(5000), article_url varchar(200), original_pictures varchar(3000),
          retweet_pictures varchar(3000), original BOOLEAN NOT NULL DEFAULT 1, video_url varchar(300), publish_place varchar(100), publish_time DATETIME NOT NULL,
          publish_tool varchar(30), up_num INT NOT NULL, retweet_num INT NOT NULL, comment_num INT NOT NULL, PRIMARY KEY (id))`,
        "INSERT INTO user (id, nickname, weibo_num, following, followers) VALUES ('1001', '平安甲市', 3, 4, 5)",
        "INSERT INTO weibo VALUES ('KdqXvEvK7', '1001', '早安', '无', '无', '', 1, '无', '无', '2021-05-01 12:20:00', 'iPhone', 735, 61, 142)",
      );
    },
    records: { account: 1, post: 1 },
  },
  'SpiderClub in MySQL': {
    dialects: ['mysql'],
    fill: async (crawl) => {
      await crawl.write(
        `CREATE TABLE wbuser (id int AUTO_INCREMENT PRIMARY KEY, uid varchar(20), name varchar(200) DEFAULT '', gender int DEFAULT 0, birthday varchar(200), location varchar(100),
          description varchar(500), register_time varchar(200), verify_type int, verify_info varchar(2500), follows_num int, fans_num int, wb_num int, level int,
          tags varchar(500), work_info varchar(500), contact_info varchar(300), education_info varchar(300), head_img varchar(500))`,
        `CREATE TABLE weibo_data (id int AUTO_INCREMENT PRIMARY KEY, weibo_id varchar(200), weibo_cont varchar(6000), weibo_img varchar(1000), weibo_img_path varchar(1000) DEFAULT '',
          weibo_video varchar(1000), repost_num int, comment_num int, praise_num int, uid varchar(20), is_origin int, device varchar(200), weibo_url varchar(300),
          create_time varchar(200), comment_crawled int DEFAULT 0, repost_crawled int DEFAULT 0)`,
        `CREATE TABLE login_info (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100), password varchar(200), enable int)`,
        "INSERT INTO wbuser (uid, name, location, register_time, verify_type, follows_num, fans_num, wb_num) VALUES ('1001', '平安甲市', '广东 广州', '2010-08-01', 2, 1, 2, 3)",
        "INSERT INTO weibo_data (weibo_id, weibo_cont, repost_num, comment_num, praise_num, uid, is_origin, create_time) VALUES ('4104776358979351', '早安', 1, 2, 3, '1001', 1, '2017-05-06 10:00')",
      );
    },
    records: { account: 1, post: 1 },
  },
}; // prettier-ignore

async function withBoth(dialect: Dialect, work: (crawl: Crawl, loading: Loading) => Promise<void>): Promise<void> {
  const [crawl, loading] = [await freshCrawl(dialect), await openLoading(dialect)];
  try {
    await loading.store.write((tx) =>
      tx.run(
        'CREATE TABLE IF NOT EXISTS source_bucket (source_hash varchar(64) NOT NULL, bucket integer NOT NULL, table_name varchar(200) NOT NULL, row_count bigint NOT NULL, checksum varchar(16) NOT NULL, PRIMARY KEY (source_hash, bucket))',
      ),
    );
    await work(crawl, loading);
  } finally {
    await loading.close();
    await crawl.remove();
  }
}
const open = async (crawl: Crawl, loading: Loading): Promise<DatabaseReading> =>
  crawlerDatabase(
    crawl.source,
    SHAPES,
    { observedAt: null, full: false, known: await readSourceMarks(loading.store, crawl.source) },
    CLOCK,
  );

describe.each(DIALECTS)('loading a crawler’s database on %s', (dialect) => {
  test.each(Object.entries(WRITTEN).filter(([, { dialects }]) => dialects.includes(dialect)))(
    '%s: every row is taken',
    (_, { fill, records }) =>
      withBoth(dialect, async (crawl, loading) => {
        await fill(crawl);
        const reading = await open(crawl, loading);
        const counts: Record<string, number> = {};
        for await (const row of reading.rows()) {
          const kind = 'record' in row ? row.record.kind : `reject: ${row.reject.reason}`;
          counts[kind] = (counts[kind] ?? 0) + 1;
        }
        expect(counts).toEqual(records);
        const summary = await loading.load(await open(crawl, loading));
        expect(summary).toMatchObject({ accepted: Object.values(records).reduce((sum, count) => sum + count), rejected: 0 });
      }),
  );

  test('what is loaded and remembered is not read again, and a changed counter is one more observation', () =>
    withBoth(dialect, async (crawl, loading) => {
      await crawl.write(`CREATE TABLE weibo (${WEIBO})`);
      await crawl.insert('weibo', Array.from({ length: 3_000 }, (_, index) => weibo(index, index % 9))); // prettier-ignore
      const load = async (): Promise<{
        rowsRead: number;
        accepted: number;
        updated: number;
        unchanged: number;
        rejected: number;
        unread: number;
      }> => {
        const reading = await open(crawl, loading);
        const { rowsRead, accepted, updated, unchanged, rejected } = await loading.load(reading);
        return { rowsRead, accepted, updated, unchanged, rejected, unread: reading.unread() };
      };
      expect(await load()).toEqual({ rowsRead: 3_000, accepted: 3_000, updated: 0, unchanged: 0, rejected: 0, unread: 0 });
      expect(await load()).toEqual({ rowsRead: 0, accepted: 0, updated: 0, unchanged: 0, rejected: 0, unread: 3_000 });
      await crawl.write("UPDATE weibo SET attitudes_count = 99 WHERE id = '4900000000001500'");
      const third = await load();
      expect(third).toMatchObject({ accepted: 0, rejected: 0 });
      expect(third.rowsRead + third.unread).toBe(3_000);
      expect(third.unread).toBeGreaterThan(0);
      expect(await loading.store.query("SELECT likes FROM post WHERE post_id = '4900000000001500'")).toEqual([{ likes: 99 }]);
      // Without the marks, as after a crash before they were stored, all rows are read and nothing changes.
      const before = await loading.dump();
      await loading.store.write((tx) => tx.run('DELETE FROM source_bucket'));
      expect(await load()).toMatchObject({ rowsRead: 3_000, accepted: 0, rejected: 0, unread: 0 });
      expect((await loading.dump()).post.map(({ post_id, likes }) => [post_id, likes])).toEqual(before.post.map(({ post_id, likes }) => [post_id, likes])); // prettier-ignore
    }));

  test('the password is in no place that is stored or shown', () =>
    withBoth(dialect, async (crawl, loading) => {
      await crawl.write(`CREATE TABLE weibo (${WEIBO})`, 'CREATE TABLE other (x INT)');
      await crawl.insert('weibo', [weibo(1, 5), [...weibo(2, 5).slice(0, 12), '2099-01-01 00:00:00', ...weibo(2, 5).slice(13)]]);
      const reading = await open(crawl, loading);
      const summary = await loading.load(reading);
      expect(summary.rejected).toBe(1);
      const stored = [await loading.store.query('SELECT * FROM ingest_batch'), await loading.rejects(summary.batch), await loading.store.query('SELECT * FROM source_bucket')]; // prettier-ignore
      const shown = JSON.stringify([stored, reading, reading.marks(), summary]);
      expect(shown).toContain('#weibo');
      const password = /:([^:@/]+)@/.exec(crawl.source)?.[1];
      expect(password === undefined).toBe(dialect === 'sqlite');
      if (password !== undefined) expect(shown).not.toContain(password);
    }));
});
