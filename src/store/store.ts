export type Sql = string;
export type Param = string | number | boolean | null;
export type Row = Record<string, unknown>;

/** What may be done inside one write transaction. All of it is committed together or not at all. */
export interface Tx {
  /** Rows of a select, or nothing for a statement. Parameters are `?`. */
  query<T = Row>(sql: Sql, params?: readonly Param[]): Promise<T[]>;
  /** Runs a statement and tells how many rows it changed. */
  run(sql: Sql, params?: readonly Param[]): Promise<number>;
  /** Inserts many rows by prepared or multi-row statements; every row is an array in the order of `columns`. */
  insert(table: string, columns: readonly string[], rows: readonly (readonly Param[])[]): Promise<void>;
  /** As insert, but a row whose key exists overwrites the other columns. */
  upsert(table: string, keys: readonly string[], columns: readonly string[], rows: readonly (readonly Param[])[]): Promise<void>;
  /** Inserts one row into a table with a generated id, and returns the id. */
  insertOne(table: string, row: Readonly<Record<string, Param>>): Promise<number>;
}

/**
 * The operational store: SQLite in the data folder, or MySQL / MariaDB.
 * Code above it does not know which. Instants are UTC text with milliseconds (`toSqlInstant`), days are text.
 */
export interface Store {
  readonly dialect: 'sqlite' | 'mysql';
  /** Reads committed rows; never sees a transaction that is still open. */
  query<T = Row>(sql: Sql, params?: readonly Param[]): Promise<T[]>;
  /** Streams a large result as arrays of values, `chunkRows` at a time, in bounded memory. */
  stream(sql: Sql, params: readonly Param[], chunkRows: number): AsyncIterable<unknown[][]>;
  /** Runs `work` in one transaction; on MySQL it is run again after a deadlock, so it must have no effect outside the store. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly dataDir: string;
  /** Empty for SQLite. */
  readonly databaseUrl: string;
}
