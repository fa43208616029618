import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises';
import Database from 'libsql';
import { DataSource } from 'typeorm';
import { messageOf } from '../errors';
import { ENTITIES } from './entities';
import { MIGRATIONS } from './migrations';
import { quietLogger } from './quietLogger';
import type { Param, Store, Tx } from './store';

/** The part of the better-sqlite3 interface that TypeORM's connection gives us and we use. */
interface Connection {
  prepare(sql: string): Statement;
  pragma(text: string): unknown;
}
interface Statement {
  readonly reader: boolean;
  all(...params: unknown[]): unknown[];
  run(...params: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  raw(): Statement;
  iterate(...params: unknown[]): Iterable<unknown[]>;
}

/** Values in one multi-row statement: a call into the driver costs as much as some ten values. */
const VALUES_PER_STATEMENT = 500;
/** Prepared statements that are kept. */
const MOST_STATEMENTS = 100;

const connectionOf = (source: DataSource): Connection =>
  (source.driver as unknown as { databaseConnection: Connection }).databaseConnection;
const bindableOne = (param: Param): string | number | null => (typeof param === 'boolean' ? Number(param) : param);
const bindable = (params: readonly Param[]): unknown[] => params.map(bindableOne);

/** The columns that have one value in all rows. A value costs the driver a sixth of a microsecond, and a load has many that never change. */
const sharedColumns = (rows: readonly (readonly Param[])[], width: number): number[] =>
  Array.from({ length: width }, (_, column) => column).filter((column) => rows.every((row) => row[column] === rows[0]![column]));

/** The places of the values of some rows: first come the shared ones, once, then the others row by row. */
function placesOf(count: number, width: number, shared: readonly number[]): string {
  let last = shared.length;
  const place = (_: unknown, column: number): string => `?${shared.includes(column) ? shared.indexOf(column) + 1 : (last += 1)}`;
  return Array.from({ length: count }, () => `(${Array.from({ length: width }, place).join(', ')})`).join(', ');
}

/**
 * SQLite through libsql. Two connections: one writer behind a queue, one reader that may only read.
 * TypeORM shares one SQLite connection among all requests; without the queue an insert that reported success
 * could vanish with someone else's rollback.
 */
export async function openSqlite(dataDir: string): Promise<Store> {
  mkdirSync(dataDir, { recursive: true });
  const connect = (prepare: (db: Connection) => void): Promise<DataSource> =>
    new DataSource({
      type: 'better-sqlite3',
      driver: Database as unknown,
      database: join(dataDir, 'govblog.sqlite'),
      entities: ENTITIES,
      migrations: MIGRATIONS,
      logger: quietLogger,
      enableWAL: true,
      prepareDatabase: (db) => prepare(db as Connection),
    }).initialize();

  const writer = await connect((db) => {
    // Another process (an ingest beside the server) may hold the write lock for as long as one batch takes.
    db.pragma('busy_timeout = 60000');
    db.pragma('synchronous = NORMAL');
    // More makes a load of millions of posts no quicker, and it is memory of every process that writes.
    db.pragma('cache_size = -65536');
    db.pragma('wal_autocheckpoint = 16384');
  });
  await migrate(writer);
  const reader = await connect((db) => {
    db.pragma('busy_timeout = 60000');
    db.pragma('query_only = ON');
    // Posts of one day lie far apart: with the 2 MB of SQLite a month of 840,000 is added up in 2.1 s, with 16 in 1.5, with 64 no sooner.
    db.pragma('cache_size = -16384');
  });
  const [write, read] = [connectionOf(writer), connectionOf(reader)];
  const statements = new Map<string, Statement>();
  /** A load asks the same few things for every batch, and some of them have thousands of parameters. */
  const prepared = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (!statement) {
      if (statements.size === MOST_STATEMENTS) statements.clear();
      statements.set(sql, (statement = write.prepare(sql)));
    }
    return statement;
  };

  const insertAll = (head: string, tail: string, width: number, rows: readonly (readonly Param[])[]): void => {
    const step = Math.max(1, Math.floor(VALUES_PER_STATEMENT / width));
    const shared = rows.length > step ? sharedColumns(rows, width) : [];
    const others = Array.from({ length: width }, (_, column) => column).filter((column) => !shared.includes(column));
    const sqlOf = (count: number): string => `${head} VALUES ${placesOf(count, width, shared)}${tail}`;
    // Full-sized statements come again and again; the odd last one does not.
    let full: Statement | undefined;
    for (let start = 0; start < rows.length; start += step) {
      const end = Math.min(start + step, rows.length);
      const values = new Array<unknown>(shared.length + (end - start) * others.length);
      let at = 0;
      for (const column of shared) values[at++] = bindableOne(rows[start]![column]!);
      for (let row = start; row < end; row += 1) for (const column of others) values[at++] = bindableOne(rows[row]![column]!);
      if (end - start === step) (full ??= prepared(sqlOf(step))).run(values);
      else write.prepare(sqlOf(end - start)).run(values);
    }
  };
  const tx: Tx = {
    query: async <T>(sql: string, params: readonly Param[] = []) => prepared(sql).all(...bindable(params)) as T[],
    run: async (sql, params = []) => prepared(sql).run(...bindable(params)).changes,
    insert: async (table, columns, rows) => insertAll(insertInto(table, columns), '', columns.length, rows),
    upsert: async (table, keys, columns, rows) => {
      const others = columns.filter((column) => !keys.includes(column));
      const action = others.length === 0 ? 'NOTHING' : `UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`;
      insertAll(insertInto(table, columns), ` ON CONFLICT (${keys.join(', ')}) DO ${action}`, columns.length, rows);
    },
    insertOne: async (table, row) =>
      Number(
        write
          .prepare(
            `${insertInto(table, Object.keys(row))} VALUES (${Object.keys(row)
              .map(() => '?')
              .join(', ')})`,
          )
          .run(...bindable(Object.values(row))).lastInsertRowid,
      ),
  };

  /** What went wrong first is what the caller must hear of: of a full disk SQLite has undone the transaction by itself. */
  const undo = (): void => {
    try {
      prepared('ROLLBACK').run();
    } catch (error) {
      if (!/no transaction is active/i.test(messageOf(error))) throw error;
    }
  };

  let tail: Promise<unknown> = Promise.resolve();
  return {
    dialect: 'sqlite',
    query: async <T>(sql: string, params: readonly Param[] = []) => read.prepare(sql).all(...bindable(params)) as T[],
    async *stream(sql, params, chunkRows) {
      let chunk: unknown[][] = [];
      for (const row of read
        .prepare(sql)
        .raw()
        .iterate(...bindable(params))) {
        chunk.push(row);
        if (chunk.length < chunkRows) continue;
        yield chunk;
        chunk = [];
        // The driver is synchronous: let requests be answered between chunks.
        await breathe();
      }
      if (chunk.length > 0) yield chunk;
    },
    write: (work) => {
      const turn = tail.then(async () => {
        // IMMEDIATE takes the lock at once: a deferred transaction that reads first cannot be upgraded after another process wrote.
        prepared('BEGIN IMMEDIATE').run();
        try {
          const result = await work(tx);
          prepared('COMMIT').run();
          return result;
        } catch (error) {
          undo();
          throw error;
        }
      });
      tail = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await tail;
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** Attempts at the tables of a new store, a moment apart, when several processes open it at once. */
const ATTEMPTS = 40;
const MOMENT_MS = 250;

/** Brings the tables up to date. Of several processes that do so at once one succeeds; the others find it done. */
async function migrate(source: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await source.runMigrations({ transaction: 'all' });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !/already exists|locked|busy|UNIQUE constraint failed: migrations/i.test(messageOf(error))) throw error;
      await wait(MOMENT_MS);
    }
  }
}

const insertInto = (table: string, columns: readonly string[]): string => `INSERT INTO ${table} (${columns.join(', ')})`;
