import { accountsFile } from '../../../src/ingest/formats/accountsFile';
import { crawlerFiles } from '../../../src/ingest/formats/crawlers';
import { interactionsFile } from '../../../src/ingest/formats/interactionsFile';
import { postsFile } from '../../../src/ingest/formats/postsFile';
import { profileOf } from '../../../src/ingest/formats/profile';
import { profiledAccounts } from '../../../src/ingest/formats/profiledAccounts';
import { profiledPosts } from '../../../src/ingest/formats/profiledPosts';
import type { Reading } from '../../../src/ingest/reading';
import { PRESENT } from './lawfulStore';
import type { Sample } from './samples';

const ZONES = new Map([
  ['weibo', 'Asia/Shanghai'],
  ['twitter', 'UTC'],
]);

/** Opens a file, or a folder of them, as `govblog ingest` would, collected at a moment; null: nobody says when. */
export async function open(path: string, { kind, profile }: Pick<Sample, 'kind' | 'profile'>, observedAt: number | null): Promise<Reading> {
  if (kind === 'crawler') return crawlerFiles(path, { observedAt, encoding: null }, PRESENT);
  if (profile !== undefined) {
    const checked = profileOf({ file: 'profile of a test', data: profile });
    return kind === 'posts' ? profiledPosts(path, checked, observedAt, PRESENT) : profiledAccounts(path, checked, observedAt);
  }
  if (kind === 'posts') return postsFile(path, ZONES, observedAt, PRESENT);
  return kind === 'accounts' ? accountsFile(path, ZONES, observedAt) : interactionsFile(path, ZONES, observedAt);
}
