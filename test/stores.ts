import { cpSync, mkdtempSync, rmSync } from 'node:fs';
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
/** A place on the server of the tests, which can be copied. */
export interface OwnPlace extends Place {
  readonly dialect: Dialect;
  /** Name of the database; on SQLite it names nothing. */
  readonly database: string;
}

let counter = 0;
const freshName = (): string => `govblog_test_${process.pid}_${Date.now().toString(36)}_${(counter += 1)}`;

async function withAdmin<T>(work: (run: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>): Promise<T> {
  const pool = createPool({ uri: MYSQL_URL, connectionLimit: 1 });
  try {
    return await work(async (sql) => (await pool.query(sql))[0] as Record<string, unknown>[]);
  } finally {
    await pool.end();
  }
}

/** A folder, and for MySQL a database, that are there or are yet to be made. */
export function placeAt(dialect: Dialect, dataDir: string, database: string): OwnPlace {
  const databaseUrl = dialect === 'mysql' ? `${MYSQL_URL.replace(/\/[^/]*$/, '')}/${database}` : '';
  return {
    dialect,
    dataDir,
    database,
    databaseUrl,
    open: () => openStore({ dataDir, databaseUrl }),
    remove: async () => {
      if (dialect === 'mysql') await withAdmin((run) => run(`DROP DATABASE ${database}`));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function freshPlace(dialect: Dialect): Promise<OwnPlace> {
  const place = placeAt(dialect, mkdtempSync(join(tmpdir(), 'govblog-test-')), freshName());
  if (dialect === 'mysql') await withAdmin((run) => run(`CREATE DATABASE ${place.database}`));
  return place;
}

/** Another place with the same content. Nobody may have the store of the original open. */
export async function copyOf({ dialect, dataDir, database }: OwnPlace): Promise<OwnPlace> {
  const place = await freshPlace(dialect);
  cpSync(dataDir, place.dataDir, { recursive: true, preserveTimestamps: true });
  if (dialect === 'mysql')
    await withAdmin(async (run) => {
      const tables = await run(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${database}'`);
      // A table may refer to one that comes later.
      await run('SET foreign_key_checks = 0');
      await run(`USE ${place.database}`);
      for (const { name } of tables as { name: string }[]) {
        const [shown] = await run(`SHOW CREATE TABLE ${database}.\`${name}\``);
        await run(shown!['Create Table'] as string);
        await run(`INSERT INTO \`${name}\` SELECT * FROM ${database}.\`${name}\``);
      }
    });
  return place;
}
