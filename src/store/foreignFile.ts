import { closeSync, existsSync, mkdtempSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import type { Clock } from '../clock';
import { GovblogError } from '../errors';

/** The part of the driver that is used for files of others. */
export interface FileConnection {
  prepare(sql: string): { raw(): { all(...params: unknown[]): unknown[]; iterate(...params: unknown[]): Iterator<unknown> } };
  exec(sql: string): unknown;
  interrupt(): void;
  close(): unknown;
}

export interface OpenedFile {
  readonly db: FileConnection;
  /** Throws CONFLICT when the file is not what it was when it was opened. */
  assertUnchanged(): void;
  close(): void;
}

const MAGIC = 'SQLite format 3\0';
/** Offset and value of the byte that says that the file is read through a write-ahead log. */
const READ_VERSION = 19;
const WAL = 2;
/** Offset and value of the text encoding. */
const ENCODING = 59;
const UTF8 = 1;
const HEADER_BYTES = 100;
/** Nobody is writing a file that nobody wrote for an hour: it is read where it lies, and watched. */
const QUIET_MS = 3_600_000;
const ATTEMPTS = 5;
/** How long a writer that is committing is waited for. */
const BUSY_MS = 60_000;

/**
 * Opens a SQLite file so that neither the file nor what lies beside it changes, and so that its writer never waits:
 *
 * - With a write-ahead log beside it, in place: readers and the writer do not hinder each other.
 * - Untouched for an hour, in place and without locks, watched for changes.
 * - Otherwise a private copy, because a reader of a file with a rollback journal makes its writer wait, and a crawler
 *   that waits for five seconds gives up. A file with a log that nobody has open is copied too: a reader would leave
 *   an empty log behind.
 */
export async function openFile(file: string, scratch: string, clock: Clock): Promise<OpenedFile> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    // Before any connection: closing a file drops the locks that this process holds on it.
    const logged = readHeader(file);
    // SQLite follows links before it looks for the files beside.
    const path = realpathSync(file);
    if (logged && existsSync(`${path}-wal`)) return inPlace(path);
    const before = signature(path);
    if (clock.now().getTime() - before.writtenAt > QUIET_MS && !existsSync(`${path}-journal`)) return watched(file, path, before);
    const copy = await copied(path, scratch, logged);
    if (!logged || (!existsSync(`${path}-wal`) && signature(path).text === before.text)) return copy;
    copy.close();
  }
  throw changed(file);
}

/** Whether the file has a write-ahead log; an error when it is no SQLite file. */
function readHeader(file: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header);
    if (length === 0) throw new GovblogError('BAD_INPUT', `${file} is empty.`);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new GovblogError('BAD_INPUT', `${file} is not a SQLite database, or it is encrypted.`);
  if (header[ENCODING] !== UTF8 && header[ENCODING] !== 0)
    throw new GovblogError(
      'BAD_INPUT',
      `${file} holds its texts in UTF-16. Write it anew in UTF-8: sqlite3 ${file} .dump | sqlite3 new.sqlite`,
    );
  return header[READ_VERSION] === WAL;
}

function connect(path: string, how: 'mode=ro' | 'immutable=1'): FileConnection {
  const db = new Database(`${pathToFileURL(path).href}?${how}`) as unknown as FileConnection;
  // Not by `prepare`: a prepared statement keeps the file open until it is collected as garbage.
  db.exec(`PRAGMA query_only = ON; PRAGMA busy_timeout = ${BUSY_MS}`);
  return db;
}

/** A transaction sees the database as of its first read. */
function beginReading(db: FileConnection): void {
  try {
    db.exec('BEGIN; SELECT COUNT(*) FROM sqlite_master');
  } catch (error) {
    db.close();
    throw error;
  }
}

function inPlace(path: string): OpenedFile {
  const db = connect(path, 'mode=ro');
  beginReading(db);
  return {
    db,
    assertUnchanged: () => undefined,
    close: () => {
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

function watched(file: string, path: string, before: Signature): OpenedFile {
  const db = connect(path, 'immutable=1');
  beginReading(db);
  return {
    db,
    assertUnchanged: () => {
      if (signature(path).text !== before.text) throw changed(file);
    },
    close: () => db.close(),
  };
}

async function copied(path: string, scratch: string, logged: boolean): Promise<OpenedFile> {
  const folder = mkdtempSync(join(scratch, 'govblog-sqlite-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const copy = join(folder, 'copy.sqlite');
    // While the lock is held no writer can be half way through the file. To lock a file with a log would make the log.
    const lock = logged ? null : connect(path, 'mode=ro');
    try {
      if (lock !== null) beginReading(lock);
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
    } finally {
      lock?.close();
    }
    const db = connect(copy, 'immutable=1');
    beginReading(db);
    return {
      db,
      assertUnchanged: () => undefined,
      close: () => {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Signature {
  readonly text: string;
  readonly writtenAt: number;
}

function signature(path: string): Signature {
  const { ino, size, mtimeMs } = statSync(path);
  return { text: `${ino} ${size} ${mtimeMs}`, writtenAt: mtimeMs };
}

const changed = (file: string): GovblogError => new GovblogError('CONFLICT', `${file} was changed while it was read. Run it again.`);
