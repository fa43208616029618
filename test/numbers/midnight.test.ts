import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../../src/paths';
import { freshPlace } from '../stores';

// What weibo-crawler writes: local times of Beijing, and nowhere a word of the zone.
const HEADER = 'id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期';
const row = (id: number, at: string): string => `${id}\t,b${id},早安,,,,,${at.replace(' ', 'T')},微博网页版,1,2,3,,,${at}`;
const POSTS = [
  ['2012-02-28 23:59:59', '2012-02-28', 23],
  ['2012-02-29 00:00:00', '2012-02-29', 0],
  ['2012-03-11 02:30:00', '2012-03-11', 2],
  ['2012-12-31 23:59:59', '2012-12-31', 23],
  ['2013-01-01 00:00:00', '2013-01-01', 0],
] as const;
const CSV = `\uFEFF${[HEADER, ...POSTS.map(([at], index) => row(9001 + index, at))].join('\n')}\n`;
/** The same moments as the interface of Weibo writes them, with their offset. */
const WORDS = ['Tue Feb 28 23:59:59 +0800 2012', 'Wed Feb 29 00:00:00 +0800 2012', 'Sun Mar 11 02:30:00 +0800 2012', 'Mon Dec 31 23:59:59 +0800 2012', 'Tue Jan 01 00:00:00 +0800 2013']; // prettier-ignore
const JSON_FILE = JSON.stringify({
  user: { id: '1002', screen_name: '乙' },
  weibo: WORDS.map((created_at, index) => ({
    user_id: 1002, screen_name: '乙', id: 9101 + index, text: '早安', created_at, attitudes_count: 1, comments_count: 2, reposts_count: 3,
  })),
}); // prettier-ignore

test.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])(
  'midnight is that of Beijing on a machine whose zone is %s: from the file of a crawler to the answer',
  async (zone) => {
    const place = await freshPlace('sqlite');
    const folder = join(place.dataDir, 'crawl');
    mkdirSync(join(folder, '甲'), { recursive: true });
    writeFileSync(join(folder, '甲', '1001.csv'), CSV);
    writeFileSync(join(folder, '乙.json'), JSON_FILE);
    const govblog = async (...args: string[]): Promise<string> =>
      (
        await promisify(execFile)(process.execPath, [projectPath('bin', 'govblog.cjs'), ...args], {
          env: { PATH: process.env['PATH'], TZ: zone, GOVBLOG_DATA_DIR: place.dataDir },
        })
      ).stdout;
    const summary = JSON.parse(await govblog('ingest', 'weibo-crawler', folder, '--json')) as object;
    expect(summary).toMatchObject({ rowsRead: 11, accepted: 11, rejected: 0 });

    const store = await place.open();
    for (const first of ['90', '91'])
      expect(
        (await store.query('SELECT posted_at, posted_day, posted_hour FROM post WHERE post_id LIKE ? ORDER BY post_id', [`${first}%`])).map(
          Object.values,
        ),
      ).toEqual(
        POSTS.map(([at, day, hour]) => [new Date(`${at.replace(' ', 'T')}+08:00`).toISOString().replace('T', ' ').slice(0, -1), day, hour]),
      );
    await store.close();

    await govblog('run', '--json');
    const question = join(place.dataDir, 'days.graphql');
    writeFileSync(question, '{ posts(period: { from: "2012-02-01", to: "2013-01-31" }) { rows { day month hour posts } } }');
    expect(await govblog('query', question, '--format', 'csv')).toBe(
      ['day,month,hour,posts', ...POSTS.map(([, day, hour]) => `${day},${day.slice(0, 7)}-01,${hour},2`), ''].join('\n'),
    );
    await place.remove();
  },
);
