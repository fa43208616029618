import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from 'mysql2/promise';
import { openStore } from '../src/store/open';
import type { Store } from '../src/store/store';

/** URL of a MySQL or MariaDB that tests may create databases in; without it the suites run on SQLite alone. */
const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? '';

export type Dialect = 'sqlite' | 'mysql';
export const DIALECTS: readonly Dialect[] = MYSQL_URL === '' ? ['sqlite'] : ['sqlite', 'mysql'];

/** With TEST_THOROUGH=1 every suite runs on every store and tries more; without it the whole stays under half an hour on two cores. */
export const THOROUGH = process.env['TEST_THOROUGH'] === '1';
/** For long suites of what stands above the store: SQLite, and MySQL too when everything is asked for. */
export const DIALECTS_ABOVE: readonly Dialect[] = THOROUGH ? DIALECTS : DIALECTS.slice(0, 1);

/** A fresh data folder, and for MySQL a fresh database of its own. */
export interface Place {
  readonly dataDir: string;
  readonly databaseUrl: string;
  open(): Promise<Store>;
  remove(): Promise<void>;
}

let counter = 0;

export async function freshPlace(dialect: Dialect): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'govblog-test-'));
  const base = MYSQL_URL.replace(/\/[^/]*$/, '');
  const name = `govblog_test_${process.pid}_${Date.now().toString(36)}_${(counter += 1)}`;
  const admin = async (sql: string): Promise<void> => {
    const pool = createPool(MYSQL_URL);
    await pool.query(sql);
    await pool.end();
  };
  if (dialect === 'mysql') await admin(`CREATE DATABASE ${name}`);
  const databaseUrl = dialect === 'mysql' ? `${base}/${name}` : '';
  return {
    dataDir,
    databaseUrl,
    open: () => openStore({ dataDir, databaseUrl }),
    remove: async () => {
      if (dialect === 'mysql') await admin(`DROP DATABASE ${name}`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
