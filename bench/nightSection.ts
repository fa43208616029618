import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../src/app';
import { compare } from './compareNight';
import { ms, peakMb, rate, slowness, type SectionResult } from './figures';
import { loadedStore } from './ingestSection';
import { duel, median, timed } from './measure';
import type { Options } from './options';
import { openAt } from './place';
import { rawCopy, rawGroupBy } from './rawNight';
import { stopwatch } from './stopwatch';

/**
 * A whole night over everything that was loaded, against DuckDB alone making the two facts: posts grouped by account and
 * day, and the posts themselves. Then each job against its own, and a second night.
 */
export async function night(options: Options): Promise<SectionResult> {
  const watch = stopwatch();
  const idle: number[] = [];
  const grouping: number[] = [];
  const copying: number[] = [];
  const whole = await duel(options.rounds, async () => {
    const dataDir = join(options.folder, 'night');
    cpSync(loadedStore(options), dataDir, { recursive: true });
    const app = await openAt(dataDir, '', watch.log);
    const file = join(options.folder, 'raw.parquet');
    return {
      ours: () => timed(() => runWholeNight(app)),
      base: async () => {
        grouping.push(await rawGroupBy(app, file));
        copying.push(await rawCopy(app, join(options.folder, 'copy.parquet')));
        return grouping.at(-1)! + copying.at(-1)!;
      },
      end: async () => {
        await compare(app, file, options.posts);
        idle.push(await timed(() => app.night()));
        await app.close();
        rmSync(dataDir, { recursive: true });
      },
    };
  });
  const job = (name: string): number => median(watch.times(name));
  const posts = (time: number): string => `${ms(time)}, ${rate(options.posts, time, 'posts')}`;
  return {
    figures: [
      { ...slowness('all jobs and the snapshot', 'night / raw facts', whole), ours: posts(whole.ours), base: posts(whole.base) },
      slowness('job accountDay alone', 'job / raw group-by', { ours: job('accountDay'), base: median(grouping) }),
      slowness('job posts alone', 'job / raw copy', { ours: job('posts'), base: median(copying) }),
      slowness('the whole against one fact', 'night / raw group-by', { ours: whole.ours, base: median(grouping) }),
      { measure: 'second night, nothing to do', of: '', ratio: null, ours: ms(median(idle)), base: '' },
    ],
    peaks: { 'night and raw DuckDB': peakMb() },
  };
}

async function runWholeNight(app: App): Promise<void> {
  const { jobs, changed } = await app.night();
  const failed = jobs.filter((outcome) => outcome.failed + outcome.elsewhere > 0 || outcome.published === 0);
  if (failed.length > 0 || !changed) throw new Error(`The night did not build everything: ${JSON.stringify(jobs)}`);
}
