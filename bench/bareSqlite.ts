import Database from 'libsql';
import type { Store } from '../src/store/store';
import { asText, fingerprintSql, POST_COLUMNS, ROWS_PER_TRANSACTION, type BareRow } from './bareRows';
import { timed } from './measure';

/** A database of nothing but table `post`, written with the driver alone. */
export interface BareSqlite {
  insert(rows: readonly BareRow[]): Promise<number>;
  fingerprint(): string[];
  close(): void;
}

/** Copies the definition of the real table with its keys, and the settings of the real connection. */
export async function openBareSqlite(file: string, store: Store): Promise<BareSqlite> {
  const definitions = await store.query<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE tbl_name = 'post' AND sql IS NOT NULL ORDER BY type DESC",
  );
  const db = new Database(file);
  for (const setting of ['journal_mode = WAL', 'synchronous = NORMAL', 'cache_size = -65536', 'wal_autocheckpoint = 16384'])
    db.pragma(setting);
  for (const { sql } of definitions) db.exec(sql);
  const insert = db.prepare(`INSERT INTO post (${POST_COLUMNS.join(', ')}) VALUES (${POST_COLUMNS.map(() => '?').join(', ')})`);
  return {
    insert: (rows) =>
      timed(() => {
        for (let start = 0; start < rows.length; start += ROWS_PER_TRANSACTION) {
          db.exec('BEGIN IMMEDIATE');
          for (const row of rows.slice(start, start + ROWS_PER_TRANSACTION)) insert.run(row);
          db.exec('COMMIT');
        }
      }),
    fingerprint: () => asText(db.prepare(fingerprintSql('post')).all()[0] as object),
    close: () => void db.close(),
  };
}
