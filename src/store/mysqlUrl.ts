import { GovblogError } from '../errors';

/** Where a database is, and who asks. */
export interface MysqlTarget {
  /** The address as it may be shown, without the password. */
  readonly source: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The URL as it may be shown. Up to the last @, because a password that is not encoded may hold one too. */
export const maskUrl = (url: string): string => url.replace(/\/\/([^:@/]*):.*@/s, '//$1:…@');

/** Reads `mysql://user:password@host:port/database`; anything else is BAD_INPUT, without the password. */
export function readMysqlUrl(url: string): MysqlTarget {
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
    const database = decodeURIComponent(pathname.slice(1));
    if (/^(mysql|mariadb):$/.test(protocol) && hostname !== '' && /^\/[^/@]+$/.test(pathname) && search === '' && hash === '')
      return {
        source: `mysql://${username}${password === '' ? '' : ':…'}@${hostname}:${port || 3306}${pathname}`,
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 3306),
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
        database,
      };
  } catch {
    // The error of the URL parser holds the whole URL, so it is not passed on.
  }
  throw new GovblogError(
    'BAD_INPUT',
    `${maskUrl(url)} is no address of a database: write mysql://user:password@host:3306/database, with special characters of user and password percent-encoded (@ is %40, / is %2F, # is %23).`,
  );
}
