import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREPARED_FOLDER } from './preparedFolder';

/** Before the first suite: a folder in which the workers find what others have prepared. */
export default function setup(): void {
  process.env[PREPARED_FOLDER] = mkdtempSync(join(tmpdir(), 'govblog-prepared-'));
}
