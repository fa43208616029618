import { messageOf } from '../errors';

/** Codes of disks, networks and databases that are full, closed or away. */
const CODES = new Set([
  'EACCES', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOSPC', 'EPERM', 'EROFS', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR', 'ER_LOCK_WAIT_TIMEOUT',
  'ER_RECORD_FILE_FULL', 'ER_DISK_FULL', 'SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN',
]); // prettier-ignore
const WORDS =
  /IO Error|No space left|Read-only file system|Permission denied|Connection lost|server has gone away|closed state|disk I\/O error|database or disk is full/i;

/**
 * Whether something failed by its surroundings (disk full, folder read-only, database away) and not by the data. Such
 * failures heal when their cause is gone, so they never make a partition poisoned.
 */
export const isOfSurroundings = (error: unknown): boolean =>
  CODES.has((error as { code?: string } | null)?.code ?? '') || WORDS.test(messageOf(error));
