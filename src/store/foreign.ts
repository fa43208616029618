import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { systemClock, type Clock } from '../clock';
import { GovblogError } from '../errors';
import { openForeignMysql } from './foreignMysql';
import { openForeignSqlite } from './foreignSqlite';
import { maskUrl, readMysqlUrl } from './mysqlUrl';

/** A table or view of somebody else's database. */
export interface ForeignTable {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'virtual table';
  /** In the order of the table. */
  readonly columns: readonly string[];
  /** An estimate: the server's statistics, or the highest row number. */
  readonly approximateRows: number;
  /** The column by whose ranges rows can be read; null where there is none that orders them exactly. */
  readonly key: ForeignKey | null;
}

export interface ForeignKey {
  readonly column: string;
  /** Whole numbers; otherwise text, in the order of the column's collation. */
  readonly numeric: boolean;
}

export interface Selection {
  readonly table: ForeignTable;
  /** Whether rows carry their values; without them only checksums and keys travel. */
  readonly values: boolean;
  readonly checksums: boolean;
  /** First and last key of the rows that are wanted. */
  readonly between?: readonly [string, string];
}

export interface ForeignRow {
  /** Value of the key column; null where the table has none. */
  readonly key: string | null;
  /** 64 bits over names and values of all columns, NULL distinct from empty text; 0 when it was not asked for. */
  readonly checksum: bigint;
  /** In the order of the table's columns; empty when they were not asked for. */
  readonly values: readonly (string | null)[];
}

/**
 * A database that somebody else writes, opened for reading alone. Everything is read as of one moment: rows that are
 * written meanwhile are not seen. All values are text as the database prints it, so that ids beyond 2^53 are exact, a
 * DATETIME is `2024-11-29 18:56:41` and no zone is applied. Bytes are text where they are UTF-8, else hexadecimal digits.
 */
export interface Foreign {
  /** What was opened, without a password. */
  readonly source: string;
  tables(): Promise<ForeignTable[]>;
  count(table: ForeignTable): Promise<number>;
  /** Streams rows in the order of the key, `chunkRows` at a time, in bounded memory. One stream at a time. */
  stream(selection: Selection, chunkRows: number): AsyncIterable<ForeignRow[]>;
  close(): Promise<void>;
}

const isUrl = (source: string): boolean => /^[a-z]+:\/\//i.test(source);

export interface ForeignOptions {
  /** Folder for a private copy of a SQLite file that a crawler may be writing; removed by `close`. */
  readonly scratch?: string;
  readonly clock?: Clock;
}

/**
 * Opens `mysql://user:password@host:port/database` (special characters percent-encoded), or the SQLite file at a path,
 * whatever its name. What is wrong with the source is BAD_INPUT; a file that changes under the reading is CONFLICT.
 */
export async function openForeign(source: string, { scratch = tmpdir(), clock = systemClock }: ForeignOptions = {}): Promise<Foreign> {
  return isUrl(source) ? openForeignMysql(readMysqlUrl(source)) : openForeignSqlite(source, scratch, clock);
}

/** What names a source without user and password: its hash stays the same when they change. */
export function sourceHash(source: string): string {
  return createHash('sha256').update(identityOf(source)).digest('hex');
}

function identityOf(source: string): string {
  if (isUrl(source)) {
    const { host, port, database } = readMysqlUrl(source);
    return `mysql://${host.toLowerCase()}:${port}/${database}`;
  }
  try {
    return `sqlite:${realpathSync(source)}`;
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `There is no file ${source}.`, { cause: error });
  }
}

/** The source as it may be shown: a password in a URL becomes `…`. */
export const maskSource = (source: string): string => (isUrl(source) ? maskUrl(source) : source);

/** Bytes as text: themselves where they are UTF-8, else hexadecimal. */
export const textOfBytes = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString() : bytes.toString('hex'));
