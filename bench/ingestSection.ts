import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asText, bareRows, fingerprintSql } from './bareRows';
import { BARE_TABLE, freshDatabase, insertBareMysql } from './bareMysql';
import { openBareSqlite } from './bareSqlite';
import { peakMb, rate, type Figure, type SectionResult } from './figures';
import { duel, mustEqual, timed, type Duel } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { postingAccounts, postRecords } from './records';

/** The store that the last round leaves for the next section. */
export const loadedStore = ({ folder }: Options): string => join(folder, 'loaded');

/** Loading posts into SQLite, against a bare prepared insert of the same rows. */
export async function ingestSqlite(options: Options): Promise<SectionResult> {
  const posts = postRecords(options.posts);
  const rows = bareRows(posts);
  const result = await duel(options.rounds, async () => {
    const dataDir = loadedStore(options);
    const bareFile = join(options.folder, 'bare.sqlite');
    remove(dataDir, ...['', '-wal', '-shm'].map((ending) => bareFile + ending));
    const app = await openAt(dataDir);
    await load(app, await postingAccounts(app.store));
    const bare = await openBareSqlite(bareFile, app.store);
    return {
      ours: () => timed(() => load(app, posts)),
      base: () => bare.insert(rows),
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
  const rows = bareRows(posts);
  const result = await duel(options.rounds, async () => {
    const url = await freshDatabase(options.mysqlUrl, run);
    const app = await openAt(join(options.folder, 'mysql'), url);
    await load(app, await postingAccounts(app.store));
    return {
      ours: () => timed(() => load(app, posts)),
      base: () => insertBareMysql(url, rows),
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
