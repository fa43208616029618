import type { Pool, PoolConnection } from 'mysql2';
import { DataSource, type QueryRunner } from 'typeorm';
import { ENTITIES } from './entities';
import { MIGRATIONS } from './migrations';
import { quietLogger } from './quietLogger';
import { GovblogError } from '../errors';
import type { Param, Store, Tx } from './store';

/** Values in one multi-row statement: far below max_allowed_packet for our row widths, and past it nothing gets faster. */
const VALUES_PER_STATEMENT = 20_000;
const DEADLOCKS = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT']);
const ATTEMPTS = 5;
/** As long as this a process waits for another one that makes the tables. */
const TURN_S = 300;
/** Instants are UTC whatever zone the server runs in, and a value that does not fit is an error, never cut. */
const SESSION = "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO'";

/** MySQL 8 or MariaDB 10.11 through mysql2's pool, which isolates transactions by connection. */
export async function openMysql(url: string): Promise<Store> {
  const source = await new DataSource({
    type: 'mysql',
    url: url.replace(/^mariadb:/, 'mysql:'),
    entities: ENTITIES,
    migrations: MIGRATIONS,
    logger: quietLogger,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    extra: { connectionLimit: 8 },
  }).initialize();
  const pool = (source.driver as unknown as { pool: Pool }).pool;
  pool.on('connection', (connection: PoolConnection) => {
    connection.query(SESSION);
  });
  // The connection that the pool opened before the handler was there.
  await source.query(SESSION);
  await migrate(source);

  const txOf = (runner: QueryRunner): Tx => {
    const insertAll = async (head: string, tail: string, width: number, rows: readonly (readonly Param[])[]): Promise<void> => {
      const step = Math.max(1, Math.floor(VALUES_PER_STATEMENT / width));
      const one = `(${Array.from({ length: width }, () => '?').join(', ')})`;
      for (let start = 0; start < rows.length; start += step) {
        const part = rows.slice(start, start + step);
        await runner.query(`${head} VALUES ${part.map(() => one).join(', ')}${tail}`, part.flat());
      }
    };
    return {
      query: async <T>(sql: string, params: readonly Param[] = []) => (await runner.query(sql, [...params])) as T[],
      run: async (sql, params = []) => ((await runner.query(sql, [...params])) as { affectedRows: number }).affectedRows,
      insert: (table, columns, rows) => insertAll(`INSERT INTO ${table} (${columns.join(', ')})`, '', columns.length, rows),
      upsert: (table, keys, columns, rows) => {
        const others = columns.filter((column) => !keys.includes(column));
        const set = (others.length === 0 ? keys.slice(0, 1) : others).map((column) => `${column} = VALUES(${column})`).join(', ');
        return insertAll(`INSERT INTO ${table} (${columns.join(', ')})`, ` ON DUPLICATE KEY UPDATE ${set}`, columns.length, rows);
      },
      insertOne: async (table, row) => {
        const columns = Object.keys(row);
        const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
        return ((await runner.query(sql, Object.values(row))) as { insertId: number }).insertId;
      },
    };
  };

  const attempt = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const runner = source.createQueryRunner();
    try {
      await runner.startTransaction('READ COMMITTED');
      try {
        const result = await work(txOf(runner));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  };

  return {
    dialect: 'mysql',
    query: <T>(sql: string, params: readonly Param[] = []) => source.query<T[]>(sql, [...params]),
    async *stream(sql, params, chunkRows) {
      const connection = await new Promise<PoolConnection>((resolve, reject) =>
        pool.getConnection((error, ready) => (error ? reject(error) : resolve(ready))),
      );
      let finished = false;
      const rows = connection.query({ sql, rowsAsArray: true }, [...params]).stream({ highWaterMark: chunkRows });
      // A lost connection is told to the connection alone; the stream would wait for ever.
      const lost = (error: Error): void => void rows.destroy(error);
      connection.on('error', lost);
      try {
        let chunk: unknown[][] = [];
        for await (const row of rows) {
          chunk.push(row as unknown[]);
          if (chunk.length < chunkRows) continue;
          yield chunk;
          chunk = [];
        }
        finished = true;
        if (chunk.length > 0) yield chunk;
      } finally {
        connection.off('error', lost);
        // A connection with unread rows cannot serve the next query.
        if (finished) connection.release();
        else connection.destroy();
      }
    },
    write: async (work) => {
      for (let number = 1; ; number += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (number === ATTEMPTS || !DEADLOCKS.has((error as { code?: string }).code ?? '')) throw error;
        }
      }
    },
    close: () => source.destroy(),
  };
}

/** Makes or changes the tables. Statements that do cannot be undone here, so processes that open a new store at once take turns. */
async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  const name = "CONCAT('govblog ', MD5(DATABASE()))";
  try {
    // The lock belongs to this one connection, and to one database of the server.
    const [row] = (await runner.query(`SELECT GET_LOCK(${name}, ?) AS got`, [TURN_S])) as [{ got: number | null }];
    if (row.got !== 1)
      throw new GovblogError(
        'CONFLICT',
        `Another process has been making the tables of this database for ${TURN_S} s; try again when it is done.`,
      );
    try {
      await source.runMigrations();
    } finally {
      await runner.query(`SELECT RELEASE_LOCK(${name})`);
    }
  } finally {
    await runner.release();
  }
}
