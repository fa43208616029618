import { existsSync, openSync, readSync, closeSync, statSync } from 'node:fs';
import type { Clock } from '../clock';
import { GovblogError } from '../errors';
import type { Store } from '../store/store';
import { crawlerDatabase } from './database/crawlerDatabase';
import { readSourceMarks } from './database/marks';
import { accountsFile } from './formats/accountsFile';
import { crawlerFiles } from './formats/crawlers';
import { interactionsFile } from './formats/interactionsFile';
import { postsFile } from './formats/postsFile';
import { profileOf, type ProfileText } from './formats/profile';
import { profiledAccounts } from './formats/profiledAccounts';
import { profiledPosts } from './formats/profiledPosts';
import { SHAPES } from './formats/recognise';
import type { Reading } from './reading';
import { readRules } from './rules';

/** How a source is to be read: what `govblog ingest` was told. Kept with the batch, so that its rejects can be read again. */
export interface SourceOptions {
  readonly kind: 'crawler' | 'posts' | 'accounts' | 'interactions';
  /** When the source was collected, in milliseconds; null: it says so itself, or nothing does. */
  readonly observedAt: number | null;
  readonly encoding: string | null;
  readonly profile: ProfileText | null;
  /** Of a database: also what has not changed since it was read last. */
  readonly full: boolean;
}

/** What opening a source needs; a private copy of a crawler's database holds personal data and stays in the data folder. */
export interface SourceTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly config: { readonly dataDir: string };
}

/** Recognises a source and makes it ready to be read. */
export async function openSource(
  source: string,
  { kind, observedAt, encoding, profile: written, full }: SourceOptions,
  { store, clock, config }: SourceTools,
): Promise<Reading> {
  if (kind === 'crawler') {
    if (!isDatabase(source)) return crawlerFiles(source, { observedAt, encoding }, clock);
    return crawlerDatabase(
      source,
      SHAPES,
      { observedAt, full, known: await readSourceMarks(store, source), scratch: config.dataDir },
      clock,
    );
  }
  if (written) {
    const profile = profileOf(written);
    if (kind === 'interactions')
      throw new GovblogError('USAGE', 'A profile describes posts or accounts; interactions have canonical columns (README.md).');
    if ((profile.post === undefined) !== (kind === 'accounts'))
      throw new GovblogError(
        'USAGE',
        `The profile describes ${profile.post ? 'posts' : 'accounts'}: load it with \`govblog ingest ${profile.post ? 'posts' : 'accounts'}\`.`,
      );
    return kind === 'posts' ? profiledPosts(source, profile, observedAt, clock) : profiledAccounts(source, profile, observedAt);
  }
  const { zones } = await readRules(store, clock.now());
  if (kind === 'posts') return postsFile(source, zones, observedAt, clock);
  return kind === 'accounts' ? accountsFile(source, zones, observedAt) : interactionsFile(source, zones, observedAt);
}

const SQLITE = 'SQLite format 3\0';

/** A URL of a server, or a file that begins as those of SQLite do. */
function isDatabase(source: string): boolean {
  if (/^(mysql|mariadb):\/\//.test(source)) return true;
  if (!existsSync(source) || !statSync(source).isFile()) return false;
  const start = Buffer.alloc(SQLITE.length);
  const descriptor = openSync(source, 'r');
  readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  return start.toString('latin1') === SQLITE;
}
