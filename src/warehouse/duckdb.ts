import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { GovblogError, messageOf } from '../errors';
import { spillFolder } from './spills';

export type EngineParam = string | number | boolean | null;
export type EngineValue = string | number | boolean | null;

export interface EngineResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly EngineValue[])[];
}
export interface EngineLimits {
  readonly timeoutMs: number;
}
/** The part of an engine that the read path needs: any engine that reads the same Parquet can take its place. */
export interface Engine {
  query(sql: string, params: readonly EngineParam[], limits: EngineLimits): Promise<EngineResult>;
  close(): void;
}

/** Column types of staged source rows; days are staged as text and cast where they are used. */
export type StageType = 'text' | 'integer' | 'count' | 'number' | 'boolean';
const STAGE_TYPES: Readonly<Record<StageType, DuckDBType>> = {
  text: VARCHAR,
  integer: INTEGER,
  count: BIGINT,
  number: DOUBLE,
  boolean: BOOLEAN,
};

export interface EngineOptions {
  readonly memoryMb: number;
  readonly tempDir: string;
}

const create = (options: EngineOptions, settings: Readonly<Record<string, string>> = {}): Promise<DuckDBInstance> =>
  DuckDBInstance.create(':memory:', {
    ...settings,
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: spillFolder(options.tempDir),
    // Nothing may be fetched at run time.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });

/** DuckDB for questions: many at a time, each on a connection of its own, each with a time limit. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const instance = await create(options);
  const setup = await instance.connect();
  // Footers of immutable files are read once.
  await setup.run('SET enable_object_cache = true');
  setup.closeSync();
  return {
    query: async (sql, params, { timeoutMs }) => {
      const connection = await instance.connect();
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        connection.interrupt();
      }, timeoutMs);
      try {
        return await read(connection, sql, params);
      } catch (error) {
        if (late)
          throw new GovblogError(
            'TIMEOUT',
            `The question took longer than ${timeoutMs} ms and was cancelled. Ask for a shorter period or fewer dimensions.`,
            {
              cause: error,
            },
          );
        if (/out of memory/i.test(messageOf(error)))
          throw new GovblogError(
            'LIMIT_EXCEEDED',
            `The question needs more than ${options.memoryMb} MB. Ask for a shorter period or fewer dimensions.`,
            {
              cause: error,
            },
          );
        throw error;
      } finally {
        clearTimeout(timer);
        connection.closeSync();
      }
    },
    close: () => instance.closeSync(),
  };
}

/** DuckDB for building partitions: one connection with temporary tables of staged source rows. */
export interface Workshop {
  /** Creates or replaces a table and fills it from chunks of rows. Returns the number of rows. */
  stage(table: string, columns: Readonly<Record<string, StageType>>, chunks: AsyncIterable<unknown[][]>): Promise<number>;
  run(sql: string, params?: readonly EngineParam[]): Promise<void>;
  query(sql: string): Promise<EngineResult>;
  /** From now on everything is broken off, within a moment, when the signal is given. Null: nothing is. */
  heed(signal: AbortSignal | null): void;
  close(): void;
}

export async function openWorkshop(options: EngineOptions): Promise<Workshop> {
  // One stretch of memory whose blocks are used again: the peak of the process varies less than with blocks that the system gives one by one.
  const instance = await create(options, { block_allocator_memory: `${options.memoryMb}MB` });
  const connection = await instance.connect();
  let signal: AbortSignal | null = null;
  /** A statement is interrupted again and again: the first time it may not have begun. */
  const heeding = async <T>(work: () => Promise<T>): Promise<T> => {
    const heard = signal;
    heard?.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      connection.interrupt();
      timer = setTimeout(stop, INTERRUPT_MS);
    };
    heard?.addEventListener('abort', stop);
    try {
      return await work();
    } catch (error) {
      heard?.throwIfAborted();
      throw error;
    } finally {
      heard?.removeEventListener('abort', stop);
      clearTimeout(timer);
    }
  };
  return {
    stage: (table, columns, chunks) =>
      heeding(async () => {
        const heard = signal;
        const names = Object.keys(columns);
        const types = Object.values(columns).map((type) => STAGE_TYPES[type]);
        await connection.run(
          `CREATE OR REPLACE TEMP TABLE ${table} (${names.map((name, index) => `${name} ${types[index]!.toString()}`).join(', ')})`,
        );
        const appender = await connection.createAppender(table);
        let rows = 0;
        for await (const chunk of chunks) {
          heard?.throwIfAborted();
          appender.appendDataChunk(toChunk(types, chunk));
          rows += chunk.length;
        }
        appender.closeSync();
        return rows;
      }),
    run: (sql, params = []) => heeding(async () => void (await connection.run(sql, [...params]))),
    query: (sql) => heeding(() => read(connection, sql, [])),
    heed: (given) => {
      signal = given;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Pause between two interrupts of one statement. */
const INTERRUPT_MS = 50;

/** A text as a literal of SQL: for file names, which no statement takes as a parameter. Never for a user's value. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Rows DuckDB takes in one chunk. */
export const CHUNK_ROWS = 2_048;

function toChunk(types: readonly DuckDBType[], rows: readonly unknown[][]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create([...types], rows.length);
  types.forEach((type, column) => {
    const convert =
      type === BIGINT
        ? (value: unknown) => (value === null ? null : BigInt(value as number | string))
        : type === BOOLEAN
          ? (value: unknown) => (value === null ? null : Boolean(Number(value)))
          : type === VARCHAR
            ? (value: unknown) => value as string | null
            : (value: unknown) => (value === null ? null : Number(value));
    const values = new Array<DuckDBValue>(rows.length);
    for (let row = 0; row < rows.length; row += 1) values[row] = convert(rows[row]![column]);
    chunk.setColumnValues(column, values);
  });
  return chunk;
}

async function read(connection: DuckDBConnection, sql: string, params: readonly EngineParam[]): Promise<EngineResult> {
  const reader = await connection.runAndReadAll(sql, [...params]);
  return { columns: reader.columnNames(), rows: reader.getRows().map((row) => row.map(plain)) };
}

/** Counts are exact numbers, days are text: the only place where the engine's values are converted. */
function plain(value: DuckDBValue): EngineValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new GovblogError('LIMIT_EXCEEDED', `The count ${value} is beyond 2^53 and cannot be given exactly.`);
    return number;
  }
  return String(value);
}
