import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { createPool } from 'mysql2/promise';
import type { Dialect } from '../../stores';

/** A crawler's database that a test fills and changes as the crawler would. */
export interface Crawl {
  /** What `openForeign` opens. */
  readonly source: string;
  /** Runs statements one after the other, each committed by itself. */
  write(...statements: readonly string[]): Promise<void>;
  insert(table: string, rows: readonly (readonly (string | number | null | Buffer)[])[]): Promise<void>;
  remove(): Promise<void>;
}

export const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? '';
let counter = 0;
export const freshName = (): string => `govblog_test_crawl_${process.pid}_${Date.now().toString(36)}_${(counter += 1)}`;

/** An empty database of its own; `journal` is how a SQLite file is written. */
export async function freshCrawl(dialect: Dialect, journal: 'WAL' | 'DELETE' = 'WAL'): Promise<Crawl> {
  return dialect === 'sqlite' ? sqliteCrawl(journal) : mysqlCrawl();
}

function sqliteCrawl(journal: string): Crawl {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-crawl-'));
  const source = join(folder, 'weibodata.db');
  const db = new Database(source);
  db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = OFF`);
  return {
    source,
    write: async (...statements) => {
      for (const sql of statements) db.exec(sql);
    },
    insert: async (table, rows) => {
      db.exec('BEGIN');
      const statement = db.prepare(`INSERT INTO ${table} VALUES (${rows[0]!.map(() => '?').join(', ')})`);
      for (const row of rows) statement.run(...row);
      db.exec('COMMIT');
    },
    remove: async () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function mysqlCrawl(): Promise<Crawl> {
  const name = freshName();
  const admin = createPool(MYSQL_URL);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const source = MYSQL_URL.replace(/\/[^/]*$/, `/${name}`);
  const pool = createPool({ uri: source, connectionLimit: 2, charset: 'utf8mb4_bin' });
  return {
    source,
    write: async (...statements) => {
      for (const sql of statements) await pool.query(sql);
    },
    insert: async (table, rows) => {
      for (let start = 0; start < rows.length; start += 2_000)
        await pool.query(`INSERT INTO ${table} VALUES ?`, [rows.slice(start, start + 2_000)]);
    },
    remove: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}
