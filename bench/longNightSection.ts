import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../src/model/time';
import { compare } from './compareNight';
import { ms, peakMb, rate, slowness, type Figure, type SectionResult } from './figures';
import { multiplyPosts } from './multiply';
import { runNight } from './nightProcess';
import type { Options } from './options';
import { load, openAt } from './place';
import { rawCopy, rawGroupBy } from './rawNight';
import { accountRecords, FIRST_POST_DAY, postRecords } from './records';

/** Copies that lie close enough to leave no gap, as the audits of volume would find. */
const COPIES = 100;

/**
 * One night over millions of posts, in a process of its own, so that its highest memory is known; then DuckDB alone making the
 * same facts from the same rows, and a night that has nothing to do. Once: minutes, not seconds.
 */
export async function longNight(options: Options): Promise<SectionResult> {
  const { nightPosts, accounts, months, folder } = options;
  if (nightPosts === 0) return { figures: [figure('a night over millions of posts', 'skipped: no --night-posts')], peaks: {} };
  const dataDir = join(folder, 'long-night');
  const days = Math.round(months * 30.4);
  const store = await openAt(dataDir);
  await load(store, await accountRecords(store.store, accounts, addDays(FIRST_POST_DAY, -days)));
  await load(store, postRecords(Math.ceil(nightPosts / COPIES), accounts));
  await store.close();
  const posts = multiplyPosts(join(dataDir, 'govblog.sqlite'), nightPosts, days);

  // Both sides find the file in the memory of the system, as far as it goes.
  for await (const _ of createReadStream(join(dataDir, 'govblog.sqlite'), { highWaterMark: 1 << 20 }));

  const night = await runNight(dataDir);
  const idle = await runNight(dataDir);
  const app = await openAt(dataDir);
  const raw = join(folder, 'raw.parquet');
  const grouping = await rawGroupBy(app, raw);
  const copying = await rawCopy(app, join(folder, 'copy.parquet'));
  const { accountDays, partitions } = await compare(app, raw, posts);
  await app.close();
  return {
    figures: [
      figure('posts, account-days, partitions', [posts, accountDays, partitions].map((count) => count.toLocaleString('en')).join(', ')),
      {
        ...slowness('all jobs and the snapshot', 'night / raw facts', { ours: night.milliseconds, base: grouping + copying }),
        ours: `${ms(night.milliseconds)}, ${rate(posts, night.milliseconds, 'posts')}`,
      },
      slowness('job accountDay alone', 'job / raw group-by', { ours: night.jobs['accountDay']!, base: grouping }),
      slowness('job posts alone', 'job / raw copy', { ours: night.jobs['posts']!, base: copying }),
      figure('rollups and the snapshot', ms(night.milliseconds - Object.values(night.jobs).reduce((sum, time) => sum + time, 0))),
      figure('second night, nothing to do', ms(idle.milliseconds)),
    ],
    peaks: { night: night.peakMb, 'night with nothing to do': idle.peakMb, 'raw DuckDB': peakMb() },
  };
}

const figure = (measure: string, ours: string): Figure => ({ measure, of: '', ratio: null, ours, base: '' });
