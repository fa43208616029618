import { GovblogError, messageOf } from '../errors';
import { maskUrl } from '../store/mysqlUrl';

/** What can be wrong around a process: each heals when its cause is gone. */
export type Trouble = 'full' | 'closed' | 'away' | 'busy' | 'broken';

/** Codes of disks, networks and databases, and what their libraries say where they give no code (libsql names SQLITE_CANTOPEN by its number, 14). */
const SIGNS: readonly (readonly [Trouble, ReadonlySet<string>, RegExp])[] = [
  [
    'full',
    new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL']),
    /No space left|File too large|Disk quota exceeded|database or disk is full/i,
  ],
  [
    'closed',
    new Set(['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'ER_OPTION_PREVENTS_STATEMENT', 'ER_READ_ONLY_MODE', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'ER_TABLEACCESS_DENIED_ERROR']), // prettier-ignore
    /Read-only file system|Permission denied|readonly database|unable to open database file|Unable to open connection to local database .*: 14\b|--read-only option/i,
  ],
  [
    'away',
    new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ER_SERVER_SHUTDOWN']), // prettier-ignore
    /Connection lost|server has gone away|closed state|connection was killed/i,
  ],
  ['busy', new Set(['EMFILE', 'ENFILE', 'ER_CON_COUNT_ERROR', 'ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY']), /database is locked/i],
  ['broken', new Set(['EIO', 'SQLITE_IOERR']), /IO Error|disk I\/O error/i],
];

/** What is wrong around the process, when that is why something failed; null when it is something else. */
export function troubleOf(error: unknown): Trouble | null {
  // SQLite's codes are extended: SQLITE_IOERR_WRITE, SQLITE_READONLY_DIRECTORY.
  const code = ((error as { code?: string } | null)?.code ?? '').replace(/^(SQLITE_[A-Z]+)_.*$/, '$1');
  const text = messageOf(error);
  return SIGNS.find(([, codes, words]) => codes.has(code) || words.test(text))?.[0] ?? null;
}

/**
 * Whether something failed by its surroundings (disk full, folder read-only, database away) and not by the data. Such
 * failures heal when their cause is gone, so they never make a partition poisoned.
 */
export const isOfSurroundings = (error: unknown): boolean => troubleOf(error) !== null;

const ADVICE: Readonly<Record<Trouble, string>> = {
  full: 'The disk is full, or a limit of file sizes or a quota is reached: make room',
  closed:
    'This user may not write there: give the folder and its files back to it (or the right to write to the database), or run as their owner',
  away: 'The database does not answer: start it, or wait until it is back',
  busy: 'Too much is going on at once: wait, or raise the limit that is named',
  broken: 'The disk refused: look whether it is full, mounted and sound',
};

/** What failed by its surroundings, with what to do about it, as one text; any other message as it is. */
export function toldWithAdvice(error: unknown): string {
  const trouble = troubleOf(error);
  return trouble === null ? messageOf(error) : `${messageOf(error)} (${ADVICE[trouble]}.)`;
}

/**
 * What an error is about, for those that say that the store cannot be opened: a folder or a database that is closed is no wrong
 * setting. One that does not answer may be, so that stays what it is.
 */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof GovblogError) || error.code !== 'BAD_SETTING') return error;
  const trouble = troubleOf(error.cause);
  return trouble === null || trouble === 'away' ? error : error.cause;
}

/** An error that names the places and says what to do, when something failed by its surroundings; else the same as it was. */
export function explained(thrown: unknown, { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string }): unknown {
  const error = reasonOf(thrown);
  const trouble = troubleOf(error);
  if (trouble === null || error instanceof GovblogError) return error;
  const database = databaseUrl === '' ? 'its govblog.sqlite' : `the database ${maskUrl(databaseUrl)}`;
  return new GovblogError(
    'UNAVAILABLE',
    `${messageOf(error)}\n${ADVICE[trouble]} (data folder ${dataDir}, ${database}). Nothing half-done was published; do the same again and it goes on where it stopped.`,
    { cause: error },
  );
}
