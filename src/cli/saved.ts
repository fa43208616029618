import type { Command } from 'commander';
import { openSavedQueries, type SavedQueries } from '../answer/saved';
import { messageOf } from '../errors';
import { savedPath, savedText, savedTitle } from '../export/savedQuery';
import { permalinkOf } from '../query/permalink';
import type { SavedQuery } from '../warehouse/savedQueries';
import { withApp, type CommonOptions } from './context';
import { say, show, table } from './output';

/** Questions that are saved to be cited. */
export function savedCommand(program: Command): void {
  const saved = program
    .command('saved')
    .description('Questions that are saved to be cited, each with its snapshot and the hash of its rows.');
  saved
    .command('add <permalink>')
    .description('Save a question by its permalink; without a snapshot it is pinned to the newest.')
    .option('--title <text>', 'what it shall be called in citations')
    .option('--by <name>', 'who saves it')
    .option('--json', 'print JSON')
    .action((permalink: string, { title, by, json = false }: CommonOptions & { title?: string; by?: string }) =>
      withSaved(async (queries) =>
        show(viewOf(await queries.save({ permalink, title, by })), json, ({ id, url }) => `Saved as ${id}: ${url}`),
      ),
    );
  saved
    .command('list')
    .description('All saved questions, newest first.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      withSaved(async (queries) =>
        show((await queries.list()).map(viewOf), json, (all) =>
          table(
            ['id', 'snapshot', 'saved', 'by', 'title'],
            all.map(({ id, snapshot, savedAt, savedBy, title }) => [id, snapshot, savedAt.toISOString(), savedBy, title]),
          ),
        ),
      ),
    );
  saved
    .command('show <id>')
    .description('One saved question: its words, its snapshot, its hash, its addresses.')
    .option('--json', 'print JSON')
    .action((id: string, { json = false }: CommonOptions) =>
      withSaved(async (queries) =>
        show(viewOf(await queries.find(id)), json, (view) =>
          table(
            ['', id],
            Object.entries(view).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : textOf(value)]),
          ),
        ),
      ),
    );
  saved
    .command('verify [id]')
    .description('Run saved questions again (all unless one is named) and compare the hashes of their rows; ends with 1 when one differs.')
    .option('--json', 'print JSON')
    .action((id: string | undefined, { json = false }: CommonOptions) => withSaved((queries) => verify(queries, id, json)));
}

const withSaved = <T>(work: (queries: SavedQueries) => Promise<T>): Promise<T> =>
  withApp(async (app) => work(openSavedQueries(app.store, await app.reader(), null, app.clock)));

const viewOf = (saved: SavedQuery) => ({
  id: saved.id,
  title: savedTitle(saved),
  text: savedText(saved),
  snapshot: saved.snapshot,
  resultHash: saved.resultHash,
  savedAt: saved.savedAt,
  savedBy: saved.savedBy,
  url: savedPath(saved.id),
  permalink: permalinkOf(saved.question, saved.snapshot),
  question: saved.question,
});

const textOf = (value: string | object | null): string | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

async function verify(queries: SavedQueries, id: string | undefined, json: boolean): Promise<void> {
  const all = id === undefined ? await queries.list() : [await queries.find(id)];
  const checked = [];
  for (const saved of all) checked.push(await check(queries, saved));
  show(checked, json, (rows) =>
    rows.length === 0
      ? 'No question is saved yet.'
      : table(
          ['id', 'verified', 'title', ''],
          rows.map((row) => [row.id, row.verified, row.title, row.problem]),
        ),
  );
  const failed = checked.filter(({ verified }) => !verified).length;
  if (failed === 0) return;
  if (!json) say(`${failed} of ${checked.length} saved questions do not have the rows they had.`);
  process.exitCode = 1;
}

/** One that cannot be run must not keep the others from being verified. */
async function check(queries: SavedQueries, saved: SavedQuery) {
  const about = { id: saved.id, title: savedTitle(saved), resultHash: saved.resultHash };
  try {
    const { verified, resultHash } = await queries.verify(saved);
    return { ...about, verified, resultHashNow: resultHash, problem: verified ? null : `its rows now have the hash ${resultHash}` };
  } catch (error) {
    return { ...about, verified: false, resultHashNow: null, problem: messageOf(error) };
  }
}
