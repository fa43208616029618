import { GovblogError, messageOf } from '../errors';
import { openMysql } from './mysql';
import { openSqlite } from './sqlite';
import type { Store, StoreOptions } from './store';

/** Opens the operational store and brings its tables up to date. */
export async function openStore({ dataDir, databaseUrl }: StoreOptions): Promise<Store> {
  try {
    return databaseUrl === '' ? await openSqlite(dataDir) : await openMysql(databaseUrl);
  } catch (error) {
    const where = databaseUrl === '' ? `SQLite in ${dataDir}` : databaseUrl.replace(/\/\/([^:@/]*):[^@]*@/, '//$1:…@');
    throw new GovblogError('BAD_SETTING', `The operational store (${where}) cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}
