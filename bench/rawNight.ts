import { join } from 'node:path';
import type { App } from '../src/app';
import { CHUNK_ROWS, openWorkshop, sqlText, type StageType, type Workshop } from '../src/warehouse/duckdb';
import { timed } from './measure';

/** Columns that counting needs, and all that the facts of the posts are made of. */
const COUNTED: Readonly<Record<string, StageType>> = {
  account_key: 'count', posted_day: 'text', reposts: 'count', comments: 'count', likes: 'count',
}; // prettier-ignore
const COPIED: Readonly<Record<string, StageType>> = {
  platform: 'text', post_id: 'text', ...COUNTED, posted_hour: 'integer', text: 'text', text_length: 'integer', original: 'boolean',
  raw_counters: 'text', status: 'text', status_actor: 'text', questions: 'integer', mentions: 'integer', links: 'integer', hashtags: 'integer',
  slang: 'integer', emoticons: 'integer', formal: 'integer', informal: 'integer', tokens: 'integer', category: 'text',
}; // prettier-ignore

const stage = (app: App, workshop: Workshop, columns: Readonly<Record<string, StageType>>): Promise<number> =>
  workshop.stage('raw_post', columns, app.store.stream(`SELECT ${Object.keys(columns).join(', ')} FROM post`, [], CHUNK_ROWS));

/** What DuckDB alone needs: the rows of the store grouped by account and day, as one Parquet file. */
export const rawGroupBy = (app: App, file: string): Promise<number> =>
  withWorkshop(app, async (workshop) => {
    await stage(app, workshop, COUNTED);
    await workshop.run(`
      copy (select account_key, posted_day::date as day, count(*) as posts, sum(reposts) as reposts, sum(comments) as comments,
                   sum(likes) as likes
            from raw_post group by account_key, posted_day) to ${sqlText(file)} (format parquet, compression zstd)`);
  });

/** The same for the posts themselves: all columns with their texts, in order. */
export const rawCopy = (app: App, file: string): Promise<number> =>
  withWorkshop(app, async (workshop) => {
    await stage(app, workshop, COPIED);
    await workshop.run(
      `copy (select * from raw_post order by posted_day, platform, post_id) to ${sqlText(file)} (format parquet, compression zstd)`,
    );
  });

const withWorkshop = ({ config }: App, work: (workshop: Workshop) => Promise<void>): Promise<number> =>
  timed(async () => {
    const workshop = await openWorkshop({ memoryMb: config.buildMemoryMb, tempDir: join(config.dataDir, 'tmp') });
    try {
      await work(workshop);
    } finally {
      workshop.close();
    }
  });
