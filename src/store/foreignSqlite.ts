import { hash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../clock';
import { GovblogError, messageOf } from '../errors';
import { textOfBytes, type Foreign, type ForeignKey, type ForeignRow, type ForeignTable, type Selection } from './foreign';
import { openFile, type FileConnection } from './foreignFile';

/** What one row of a stream is before it is taken apart: its number, and all values in one piece. */
type Packed = readonly [key: string | null, row: Buffer];

/** A SQLite file, as of the moment it was opened. */
export async function openForeignSqlite(file: string, scratch: string, clock: Clock): Promise<Foreign> {
  const failed = (error: unknown): GovblogError =>
    error instanceof GovblogError ? error : new GovblogError('BAD_INPUT', sentence(file, error), { cause: error });
  const opened = await openFile(file, scratch, clock).catch((error: unknown) => {
    throw failed(error);
  });
  const { db } = opened;
  const all = (sql: string, ...params: string[]): unknown[][] => {
    try {
      const rows = db
        .prepare(sql)
        .raw()
        .all(...params) as unknown[][];
      opened.assertUnchanged();
      return rows;
    } catch (error) {
      throw failed(error);
    }
  };
  return {
    source: file,
    tables: async () => tablesOf(all),
    count: async ({ name }) => Number(all(`SELECT COUNT(*) FROM ${quote(name)}`)[0]![0]),
    async *stream(selection, chunkRows) {
      let rows: Iterator<Packed> | undefined;
      let finished = false;
      try {
        rows = db.prepare(statementOf(selection)).raw().iterate() as Iterator<Packed>;
        const names = hash('md5', JSON.stringify(selection.table.columns));
        while (!finished) {
          const chunk: ForeignRow[] = [];
          while (chunk.length < chunkRows) {
            const next = rows.next();
            if ((finished = next.done === true)) break;
            chunk.push(rowOf(next.value, selection, names));
          }
          opened.assertUnchanged();
          if (chunk.length > 0) yield chunk;
          // The driver is synchronous: others get their turn between chunks.
          await breathe();
        }
      } catch (error) {
        throw failed(error);
      } finally {
        if (rows !== undefined && !finished) abandon(db, rows);
      }
    },
    close: async () => opened.close(),
  };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names of tables and columns as bytes: the driver ends the process where a text is not UTF-8. */
const TABLES = `SELECT CAST(name AS BLOB), type, wr FROM pragma_table_list
  WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;
const COLUMNS = 'SELECT CAST(name AS BLOB) FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid';
/** Names of the row number; a column of the same name takes its place. */
const ROW_NUMBERS = ['rowid', '_rowid_', 'oid'];

function tablesOf(all: (sql: string, ...params: string[]) => unknown[][]): ForeignTable[] {
  return (all(TABLES) as [Buffer, string, number][]).map(([bytes, type, withoutRowid]) => {
    const name = bytes.toString();
    const kind = type === 'table' || type === 'view' ? type : 'virtual table';
    const columns = (all(COLUMNS, name) as [Buffer][]).map(([column]) => column.toString());
    const free = ROW_NUMBERS.find((alias) => !columns.some((column) => column.toLowerCase() === alias));
    const key: ForeignKey | null = kind === 'table' && withoutRowid === 0 && free !== undefined ? { column: free, numeric: true } : null;
    const approximateRows = key === null ? 0 : Number(all(`SELECT IFNULL(MAX(${key.column}), 0) FROM ${quote(name)}`)[0]![0]);
    return { name, kind, columns, approximateRows, key };
  });
}

function statementOf({ table: { name, columns, key }, between }: Selection): string {
  const row = key === null ? 'NULL' : `CAST(${key.column} AS TEXT)`;
  const where = between === undefined ? '' : ` WHERE ${key!.column} BETWEEN ${between.map((number) => BigInt(number)).join(' AND ')}`;
  return `SELECT ${row}, ${packed(columns)} FROM ${quote(name)}${where}${key === null ? '' : ` ORDER BY ${key.column}`}`;
}

/**
 * A whole row in one piece of bytes, `5,N,b3;` and the values one after the other: their lengths, N for NULL, b before
 * the length of bytes. As a text of its own each value that is not UTF-8 would end the process, as bytes of its own
 * each would cost ten times as much.
 */
function packed(columns: readonly string[]): string {
  const lengths = columns.map(
    (name) =>
      `CASE typeof(${quote(name)}) WHEN 'null' THEN 'N' WHEN 'blob' THEN 'b' || length(${quote(name)}) ELSE length(CAST(${plain(name)} AS BLOB)) END`,
  );
  return `CAST(${lengths.join(" || ',' || ")} || ';' || ${columns.map((name) => `IFNULL(${plain(name)}, '')`).join(' || ')} AS BLOB)`;
}

/** Tables with gaps often hold their whole numbers as floating-point ones, whose text would lose the last digits of an id. */
const plain = (name: string): string =>
  `CASE WHEN typeof(${quote(name)}) = 'real' AND ${quote(name)} = CAST(${quote(name)} AS INTEGER) THEN CAST(${quote(name)} AS INTEGER) ELSE ${quote(name)} END`;

const SEMICOLON = 0x3b;

function rowOf([key, row]: Packed, { values, checksums }: Selection, names: string): ForeignRow {
  return {
    key,
    checksum: checksums ? BigInt(`0x${hash('md5', Buffer.concat([Buffer.from(names), row])).slice(0, 16)}`) : 0n,
    values: values ? valuesOf(row) : [],
  };
}

function valuesOf(row: Buffer): (string | null)[] {
  const start = row.indexOf(SEMICOLON);
  let at = start + 1;
  return row
    .toString('latin1', 0, start)
    .split(',')
    .map((length) => {
      if (length === 'N') return null;
      const from = at;
      if (!length.startsWith('b')) return row.toString('utf8', from, (at += Number(length)));
      return textOfBytes(row.subarray(from, (at += Number(length.slice(1)))));
    });
}

/** Ends a statement that was not read to its end: it would hold its lock until it is collected as garbage. */
function abandon(db: FileConnection, rows: Iterator<unknown>): void {
  db.interrupt();
  try {
    while (rows.next().done !== true);
  } catch {
    // Interrupted, as it should be.
  }
}

/** Why a file cannot be read, and what to do. */
function sentence(file: string, error: unknown): string {
  const { code = '' } = error as { code?: string };
  const message = messageOf(error);
  if (code === 'ENOENT') return `There is no file ${file}.`;
  if (code === 'EACCES') return `${file} may not be read by this user.`;
  if (code === 'EISDIR') return `${file} is a folder, not a SQLite file.`;
  if (code === 'ENOSPC')
    return `${file} cannot be copied for reading: there is no room. Set TMPDIR to a folder with more, or stop the crawler and wait an hour: then no copy is made.`;
  if (code === 'SQLITE_NOTADB') return `${file} is not a SQLite database, or it is encrypted.`;
  if (code.startsWith('SQLITE_CORRUPT')) return `${file} is damaged (${message}). "sqlite3 ${file} .recover" may save what is left.`;
  if (code.startsWith('SQLITE_BUSY')) return `${file} is locked by its writer; run it again when the writer rests.`;
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return `${file} cannot be opened for reading alone (${message}): its writer stopped in the middle of a write, or the files -wal, -shm or -journal beside it may not be read. Let the crawler open it once.`;
  return `${file} cannot be read: ${message}`;
}
