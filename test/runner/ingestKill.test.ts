import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectPath } from '../../src/paths';
import type { Store } from '../../src/store/store';
import { DIALECTS, freshPlace, type Place } from '../stores';

const ROWS = 40_000;
const PROFILE = {
  platform: 'weibo',
  timeZone: 'Asia/Shanghai',
  format: 'csv',
  post: { id: 'id', text: 'text', postedAt: 'at', account: 'account', reposts: 'reposts' },
};

/** Rows of which every thousandth cannot be read. */
const csv = (): string => {
  const lines = ['id,account,at,reposts,text'];
  for (let row = 0; row < ROWS; row += 1)
    lines.push(
      `p${row},${row % 50},2011-0${1 + (row % 9)}-1${row % 10} 0${row % 10}:00:00,${row % 1000 === 999 ? 'many' : row % 77},微博 ${row}`,
    );
  return lines.join('\n');
};

interface Ended {
  readonly out: string;
  readonly killed: boolean;
}

async function load(place: Place, folder: string, killWhen?: () => Promise<boolean>): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [projectPath('bin', 'govblog.cjs'), 'ingest', 'posts', join(folder, 'posts.csv'), '--profile', join(folder, 'profile.json'), '--json'],
    {
      env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  const ended = new Promise<boolean>((resolve) => child.once('close', (code) => resolve(code === null)));
  let over = false;
  void ended.then(() => (over = true));
  while (killWhen && !over) {
    if (await killWhen()) child.kill('SIGKILL');
    await wait(5);
  }
  const killed = await ended;
  return { out, killed };
}

/** Everything that loads write, without the numbers of loads. */
async function dump(store: Store): Promise<unknown> {
  return {
    accounts: await store.query('SELECT * FROM account ORDER BY account_key'),
    versions: await store.query('SELECT * FROM account_version ORDER BY account_key, valid_from'),
    posts: (await store.query('SELECT * FROM post ORDER BY platform, post_id')).map(({ batch_id: _, ...post }) => post),
    observations: await store.query(
      'SELECT platform, post_id, observed_at, seq FROM post_observation ORDER BY platform, post_id, observed_at, seq',
    ),
  };
}

test.each(DIALECTS)('a load that is killed with -9 keeps its books, and loading again completes it, on %s', async (dialect) => {
  const places = [await freshPlace(dialect), await freshPlace(dialect)] as const;
  const [place, undisturbed] = places;
  writeFileSync(join(place.dataDir, 'posts.csv'), csv());
  writeFileSync(join(place.dataDir, 'profile.json'), JSON.stringify(PROFILE));

  const rowsAfter: number[] = [];
  const store = await place.open();
  const count = async (): Promise<number> => Number((await store.query<{ n: number }>('SELECT COUNT(*) AS n FROM post'))[0]!.n);
  for (const threshold of [1, 15_000, 30_000]) {
    await load(place, place.dataDir, async () => (await count()) >= threshold);
    const posts = await count();
    const [books] = await store.query<Record<'read_' | 'parts' | 'accepted' | 'rejected', number | string>>(
      'SELECT SUM(rows_read) AS read_, SUM(accepted + updated + unchanged + rejected) AS parts, SUM(accepted) AS accepted, SUM(rejected) AS rejected FROM ingest_batch',
    );
    const [rejects] = await store.query<{ n: number }>('SELECT COUNT(*) AS n FROM ingest_reject');
    // The books agree with the store at whatever moment it was.
    expect(Number(books!.parts ?? 0)).toBe(Number(books!.read_ ?? 0));
    expect(Number(books!.accepted ?? 0)).toBe(posts);
    expect(Number(books!.rejected ?? 0)).toBe(Number(rejects!.n));
    rowsAfter.push(posts);
  }
  expect(rowsAfter).toEqual([...rowsAfter].sort((a, b) => a - b));
  expect(rowsAfter.some((rows) => rows > 0 && rows < ROWS - ROWS / 1000)).toBe(true);

  await store.close();

  const last = await load(place, place.dataDir);
  expect(last.killed).toBe(false);
  const summary = JSON.parse(last.out) as Record<'rowsRead' | 'accepted' | 'updated' | 'unchanged' | 'rejected', number>;
  expect(summary).toMatchObject({ rowsRead: ROWS, updated: 0, rejected: ROWS / 1000 });
  expect(summary.accepted + summary.unchanged).toBe(ROWS - ROWS / 1000);
  await load(undisturbed, place.dataDir);
  const [mended, whole] = await Promise.all(places.map((one) => one.open()));
  expect(await dump(mended!)).toEqual(await dump(whole!));
  for (const opened of [mended!, whole!]) await opened.close();
  for (const one of places) await one.remove();
}, 240_000); // prettier-ignore
