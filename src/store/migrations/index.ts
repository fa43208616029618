import { FirstTables1700000000000 } from './1700000000000-firstTables';
import { NothingLost1763800000000 } from './1763800000000-nothingLost';
import { SavedQueries1763900100000 } from './1763900100000-savedQueries';
import { Backfills1764000100000 } from './1764000100000-backfills';
import { Keys1764000200000 } from './1764000200000-keys';
import { Retention1764000300000 } from './1764000300000-retention';
import { PostCounts1764000400000 } from './1764000400000-postCounts';

export const MIGRATIONS = [
  FirstTables1700000000000,
  NothingLost1763800000000,
  SavedQueries1763900100000,
  Backfills1764000100000,
  Keys1764000200000,
  Retention1764000300000,
  PostCounts1764000400000,
];
