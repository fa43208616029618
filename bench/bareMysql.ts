import { createConnection, createPool } from 'mysql2/promise';
import { POST_COLUMNS, ROWS_PER_TRANSACTION, type BareRow } from './bareRows';
import { timed } from './measure';

/** Rows of one statement: past it the driver gets no faster. */
const ROWS_PER_STATEMENT = 1_000;
export const BARE_TABLE = 'bare_post';

/** The database of a run; the tests' server lets its user create databases of this prefix. */
const nameOf = (run: number): string => `govblog_test_bench_${run}`;

/** An empty database, in place of an earlier one of the same run. */
export async function freshDatabase(serverUrl: string, run: number): Promise<string> {
  await dropDatabase(serverUrl, run);
  await admin(serverUrl, `CREATE DATABASE ${nameOf(run)}`);
  return serverUrl.replace(/\/[^/]*$/, `/${nameOf(run)}`);
}

export const dropDatabase = (serverUrl: string, run: number): Promise<void> => admin(serverUrl, `DROP DATABASE IF EXISTS ${nameOf(run)}`);

async function admin(url: string, sql: string): Promise<void> {
  const pool = createPool(url.replace(/^mariadb:/, 'mysql:'));
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}

/** Inserts the rows with the driver alone into a table like `post`, in the same database. */
export async function insertBareMysql(url: string, rows: readonly BareRow[]): Promise<number> {
  const connection = await createConnection({ uri: url.replace(/^mariadb:/, 'mysql:'), charset: 'utf8mb4_bin', timezone: 'Z' });
  try {
    await connection.query(`CREATE TABLE ${BARE_TABLE} LIKE post`);
    return await timed(async () => {
      for (let start = 0; start < rows.length; start += ROWS_PER_TRANSACTION) {
        await connection.beginTransaction();
        for (let part = start; part < start + ROWS_PER_TRANSACTION && part < rows.length; part += ROWS_PER_STATEMENT)
          await connection.query(`INSERT INTO ${BARE_TABLE} (${POST_COLUMNS.join(', ')}) VALUES ?`, [
            rows.slice(part, Math.min(part + ROWS_PER_STATEMENT, start + ROWS_PER_TRANSACTION)),
          ]);
        await connection.commit();
      }
    });
  } finally {
    await connection.end();
  }
}
