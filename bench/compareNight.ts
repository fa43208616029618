import { join } from 'node:path';
import type { App } from '../src/app';
import { openWorkshop, sqlText } from '../src/warehouse/duckdb';
import { pathsOf } from '../src/warehouse/members';
import { currentSnapshot } from '../src/warehouse/snapshots';
import { mustEqual } from './measure';

/**
 * Every account-day with posts must have the same counts in the built partitions as in the raw file.
 * Returns how many account-days and partitions of them the snapshot has.
 */
export async function compare(app: App, file: string, posts: number): Promise<{ accountDays: number; partitions: number }> {
  const paths = pathsOf((await currentSnapshot(app.store))!, app.files, 'activity');
  const built = paths.map(sqlText).join(', ');
  const workshop = await openWorkshop({ memoryMb: app.config.buildMemoryMb, tempDir: join(app.config.dataDir, 'tmp') });
  try {
    const { rows } = await workshop.query(`
      select sum(b.posts), count(*) filter (where b.posts is distinct from r.posts or b.reposts is distinct from r.reposts
                                              or b.comments is distinct from r.comments)
      from (select * from read_parquet([${built}]) where posts > 0) as b
      full join ${sqlText(file)} as r on r.account_key = b.account_key and r.day = b.day`);
    mustEqual('account-days of the night', rows[0], [posts, 0]);
    const { rows: sizes } = await workshop.query(`select count(*) from read_parquet([${built}])`);
    return { accountDays: Number(sizes[0]![0]), partitions: paths.length };
  } finally {
    workshop.close();
  }
}
