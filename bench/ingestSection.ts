import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { App } from '../src/app';
import { ingest } from '../src/ingest/ingest';
import { openSource } from '../src/ingest/open';
import type { PostRecord } from '../src/ingest/records';
import { readTextRules } from '../src/ingest/rules';
import { asText, bareRows, fingerprintSql, type BareRow } from './bareRows';
import { BARE_TABLE, freshDatabase, insertBareMysql } from './bareMysql';
import { openBareSqlite } from './bareSqlite';
import { peakMb, rate, type Figure, type SectionResult } from './figures';
import { duel, mustEqual, timed, type Duel } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { postingAccounts, postRecords } from './records';

/** The store that the last round leaves for the next section. */
export const loadedStore = ({ folder }: Options): string => join(folder, 'loaded');

/** The posts as a file in the canonical columns: loading is measured from the disk on. */
function writeCsv(folder: string, posts: readonly PostRecord[]): string {
  const file = join(folder, 'posts.csv');
  const instant = (at: number): string => new Date(at).toISOString();
  const out = openSync(file, 'w');
  writeSync(out, 'platform,post_id,account_id,posted_at,observed_at,text,original,reposts,comments,likes\n');
  for (let start = 0; start < posts.length; start += 10_000)
    writeSync(
      out,
      stringify(
        posts
          .slice(start, start + 10_000)
          .map((post) => [
            post.platform,
            post.postId,
            post.accountId,
            instant(post.postedAt),
            instant(post.observedAt),
            post.text,
            String(post.original),
            post.reposts,
            post.comments,
            post.likes,
          ]),
      ),
    );
  closeSync(out);
  return file;
}

/** Loads the file the way `govblog ingest posts` does. */
async function loadFile(app: App, file: string, expected: number): Promise<void> {
  const options = { kind: 'posts', observedAt: null, encoding: null, profile: null, full: false } as const;
  const { accepted } = await ingest(await openSource(file, options, app), { ...app, dataDir: app.config.dataDir });
  if (accepted !== expected) throw new Error(`${expected} posts were in the file but ${accepted} accepted`);
}

/** Loading posts into SQLite, against a bare prepared insert of the same rows. */
export async function ingestSqlite(options: Options): Promise<SectionResult> {
  const posts = postRecords(options.posts);
  const file = writeCsv(options.folder, posts);
  let rows: BareRow[] | undefined;
  const result = await duel(options.rounds, async () => {
    const dataDir = loadedStore(options);
    const bareFile = join(options.folder, 'bare.sqlite');
    remove(dataDir, ...['', '-wal', '-shm'].map((ending) => bareFile + ending));
    const app = await openAt(dataDir);
    await load(app, await postingAccounts(app.store));
    const made = (rows ??= bareRows(posts, await readTextRules(app.store)));
    const bare = await openBareSqlite(bareFile, app.store);
    return {
      ours: () => timed(() => loadFile(app, file, posts.length)),
      base: () => bare.insert(made),
      end: async () => {
        const [ours] = await app.store.query(fingerprintSql('post'));
        mustEqual('table post', asText(ours!), bare.fingerprint());
        bare.close();
        await app.close();
      },
    };
  });
  return { figures: [figureOf('SQLite', options.posts, result)], peaks: { 'ingest and bare insert': peakMb() } };
}

/** The same on MySQL or MariaDB, against multi-row inserts. */
export async function ingestMysql(options: Options, run: number): Promise<SectionResult> {
  const measure = `load ${options.posts.toLocaleString('en')} posts, MySQL`;
  if (options.mysqlUrl === '')
    return { figures: [{ measure, of: 'bare / ingest', ratio: null, ours: 'skipped: no --mysql', base: '' }], peaks: {} };
  const posts = postRecords(options.posts);
  const file = writeCsv(options.folder, posts);
  let rows: BareRow[] | undefined;
  const result = await duel(options.rounds, async () => {
    const url = await freshDatabase(options.mysqlUrl, run);
    const app = await openAt(join(options.folder, 'mysql'), url);
    await load(app, await postingAccounts(app.store));
    const made = (rows ??= bareRows(posts, await readTextRules(app.store)));
    return {
      ours: () => timed(() => loadFile(app, file, posts.length)),
      base: () => insertBareMysql(url, made),
      end: async () => {
        const [ours] = await app.store.query(fingerprintSql('post'));
        const [bare] = await app.store.query(fingerprintSql(BARE_TABLE));
        mustEqual('table post', asText(ours!), asText(bare!));
        await app.close();
      },
    };
  });
  return { figures: [figureOf('MySQL', options.posts, result)], peaks: { 'ingest and bare insert': peakMb() } };
}

const figureOf = (store: string, count: number, { ours, base }: Duel): Figure => ({
  measure: `load ${count.toLocaleString('en')} posts, ${store}`,
  of: 'bare / ingest',
  ratio: base / ours,
  ours: rate(count, ours, 'rows'),
  base: rate(count, base, 'rows'),
});

const remove = (...paths: readonly string[]): void => paths.forEach((path) => rmSync(path, { recursive: true, force: true }));
