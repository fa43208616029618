import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextRules } from '../src/ingest/rules';
import { asText, bareRows, fingerprintSql, type BareRow } from './bareRows';
import { BARE_TABLE, freshDatabase, insertBareMysql } from './bareMysql';
import { openBareSqlite } from './bareSqlite';
import { rate, type Figure, type SectionResult } from './figures';
import { loadFile } from './loadProcess';
import { duel, mustEqual, type Duel } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { inParts, writePostsCsv } from './postsCsv';
import { postingAccounts, postRecords } from './records';

/** The store that the last round leaves for the next section. */
export const loadedStore = ({ folder }: Options): string => join(folder, 'loaded');

/** Loads the file in another process; of every post this must be the first load. */
async function timedLoad(dataDir: string, url: string, file: string, expected: number, peaks: number[]): Promise<number> {
  const { milliseconds, accepted, peakMb } = await loadFile(dataDir, url, file);
  if (accepted !== expected) throw new Error(`${expected} posts were in the file but ${accepted} accepted`);
  peaks.push(peakMb);
  return milliseconds;
}

/** Loading posts into SQLite, against a bare prepared insert of the same rows. */
export async function ingestSqlite(options: Options): Promise<SectionResult> {
  const posts = postRecords(options.posts);
  const file = join(options.folder, 'posts.csv');
  writePostsCsv(file, inParts(posts));
  const peaks: number[] = [];
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
      ours: () => timedLoad(dataDir, '', file, posts.length, peaks),
      base: () => bare.insert(made),
      end: async () => {
        const [ours] = await app.store.query(fingerprintSql('post'));
        mustEqual('table post', asText(ours!), bare.fingerprint());
        bare.close();
        await app.close();
      },
    };
  });
  return { figures: [figureOf('SQLite', options.posts, result)], peaks: { ingest: Math.max(...peaks) } };
}

/** The same on MySQL or MariaDB, against multi-row inserts. */
export async function ingestMysql(options: Options, run: number): Promise<SectionResult> {
  const measure = `load ${options.posts.toLocaleString('en')} posts, MySQL`;
  if (options.mysqlUrl === '')
    return { figures: [{ measure, of: 'bare / ingest', ratio: null, ours: 'skipped: no --mysql', base: '' }], peaks: {} };
  const posts = postRecords(options.posts);
  const file = join(options.folder, 'posts.csv');
  writePostsCsv(file, inParts(posts));
  const peaks: number[] = [];
  let rows: BareRow[] | undefined;
  const result = await duel(options.rounds, async () => {
    const url = await freshDatabase(options.mysqlUrl, run);
    const dataDir = join(options.folder, 'mysql');
    const app = await openAt(dataDir, url);
    await load(app, await postingAccounts(app.store));
    const made = (rows ??= bareRows(posts, await readTextRules(app.store)));
    return {
      ours: () => timedLoad(dataDir, url, file, posts.length, peaks),
      base: () => insertBareMysql(url, made),
      end: async () => {
        const [ours] = await app.store.query(fingerprintSql('post'));
        const [bare] = await app.store.query(fingerprintSql(BARE_TABLE));
        mustEqual('table post', asText(ours!), asText(bare!));
        await app.close();
      },
    };
  });
  return { figures: [figureOf('MySQL', options.posts, result)], peaks: { ingest: Math.max(...peaks) } };
}

const figureOf = (store: string, count: number, { ours, base }: Duel): Figure => ({
  measure: `load ${count.toLocaleString('en')} posts, ${store}`,
  of: 'bare / ingest',
  ratio: base / ours,
  ours: rate(count, ours, 'rows'),
  base: rate(count, base, 'rows'),
});

const remove = (...paths: readonly string[]): void => paths.forEach((path) => rmSync(path, { recursive: true, force: true }));
