import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIALECTS, freshPlace } from '../../stores';
import { dumpOf, wrongBooks } from './lawfulStore';
import { startLoading } from './processes';

const ROWS = 4_500;
const KEY = 'citizen.key';

type Written = Readonly<Record<'posts' | 'comments' | 'accounts', string>>;

/** Files of posts and of comments that have most of their rows in common with those of the next. */
function write(folder: string, number: number): Written {
  const posts = ['platform,post_id,account_id,screen_name,posted_at,observed_at,text,likes'];
  const comments = ['platform,interaction_id,post_id,citizen_id,created_at,text,likes'];
  const accounts = ['platform,account_id,screen_name,followers,observed_at'];
  for (let row = 0; row < ROWS; row += 1) {
    // Each file begins elsewhere, so that the processes meet on the same rows at all times of their work.
    const id = (row * 7 + number * 1_700) % (ROWS + 500 * number);
    posts.push(`weibo,p${id},${id % 40},名${number},2025-12-0${1 + (id % 9)}T0${id % 10}:00:00Z,2025-12-2${(id + number) % 3}T00:00:00Z,微博 ${id},${(id + number) % 4}`); // prettier-ignore
    if (row % 3 === 0) comments.push(`weibo,c${id},p${id},${id % 60},2025-12-10T0${id % 10}:00:00Z,好 ${(id + number) % 5},${number}`);
    if (row % 50 === 0) accounts.push(`weibo,${id % 40},名${id % 5},${id + number},2025-12-1${(id + number) % 9}T00:00:00Z`);
  }
  const written = { posts: join(folder, `posts${number}.csv`), comments: join(folder, `comments${number}.csv`), accounts: join(folder, `accounts${number}.csv`) }; // prettier-ignore
  writeFileSync(written.posts, posts.join('\n') + '\n');
  writeFileSync(written.comments, comments.join('\n') + '\n');
  writeFileSync(written.accounts, accounts.join('\n') + '\n');
  return written;
}

/** What is loaded at once: the same kind of file twice, or what speaks of the same posts in three ways. */
const CASES = {
  'two files of posts': ({ posts }: Written, more: Written) => [
    ['posts', posts],
    ['posts', more.posts],
  ],
  'posts, comments and accounts': ({ posts, comments, accounts }: Written) => [
    ['posts', posts],
    ['interactions', comments],
    ['accounts', accounts],
  ],
} as const;

describe.each(DIALECTS)('loaded at once on %s,', (dialect) => {
  test.each(Object.entries(CASES))('%s make the store that loading one after the other makes', async (_, commandsOf) => {
    const [together, alone] = [await freshPlace(dialect), await freshPlace(dialect)];
    const commands = commandsOf(write(together.dataDir, 0), write(together.dataDir, 1));
    const loaders = commands.map((command) => startLoading(together, ...command));
    for (const { ended } of loaders) expect(await ended).toMatchObject({ resumedAt: 0, rejected: 0 });

    // Hashes of citizens are the same with the same key.
    copyFileSync(join(together.dataDir, KEY), join(alone.dataDir, KEY));
    for (const command of [...commands].reverse()) await startLoading(alone, ...command).ended;
    const [store, reference] = [await together.open(), await alone.open()];
    expect(await wrongBooks(store)).toEqual([]);
    expect(await store.query('SELECT DISTINCT status FROM ingest_batch')).toEqual([{ status: 'complete' }]);
    expect(await dumpOf(store)).toEqual(await dumpOf(reference));
    for (const one of [store, reference]) await one.close();
    for (const one of [together, alone]) await one.remove();
  });
});
