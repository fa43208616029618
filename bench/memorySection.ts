import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostRecord } from '../src/ingest/records';
import { rate, type SectionResult } from './figures';
import { loadFile } from './loadProcess';
import { load, openAt } from './place';
import { writePostsCsv } from './postsCsv';
import { postingAccounts, postRecords } from './records';
import type { Options } from './options';

const DIFFERENT = 20_000;

/** The highest memory of a process that loads one large file of posts: it must not grow with the file. */
export async function memory({ folder, fileGb }: Options): Promise<SectionResult> {
  const file = join(folder, 'large.csv');
  const dataDir = join(folder, 'large');
  let rows = 0;
  let bytes = 0;
  const posts = postRecords(DIFFERENT);
  function* parts(): Generator<readonly PostRecord[]> {
    for (let round = 1; bytes < fileGb * 1e9; round += 1) {
      const part = posts.map((post) => ({ ...post, postId: `${round}-${post.postId}` }));
      rows += part.length;
      bytes += part.reduce((sum, { text }) => sum + 3 * text.length + 100, 0);
      yield part;
    }
  }
  const written = writePostsCsv(file, parts());
  const app = await openAt(dataDir);
  await load(app, await postingAccounts(app.store));
  await app.close();
  const loaded = await loadFile(dataDir, '', file);
  for (const path of [file, dataDir]) rmSync(path, { recursive: true, force: true });
  if (loaded.accepted !== rows) throw new Error(`${rows} posts were in the file but ${loaded.accepted} accepted`);
  const what = `load ${rows.toLocaleString('en')} posts, SQLite`;
  return {
    figures: [{ measure: what, of: '', ratio: null, ours: rate(rows, loaded.milliseconds, 'rows'), base: '' }],
    peaks: { [`loading a file of ${(written / 1e9).toFixed(2)} GB`]: loaded.peakMb },
  };
}
