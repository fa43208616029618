import { FirstTables1700000000000 } from './1700000000000-firstTables';

export const MIGRATIONS = [FirstTables1700000000000];
