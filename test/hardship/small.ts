import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IngestRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import { NEWEST_PUBLISHED } from '../../src/warehouse/collect';
import { hashOf } from '../../src/warehouse/files';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import type { Place } from '../stores';

/** Posts and reposts of each month: everything above is in the answer. */
export const MONTHS: Question = { cube: 'activity', fields: ['month', 'posts', 'reposts'], from: '2012-01-01', to: '2012-04-29' };

/** The content of an undisturbed store with these records. */
export async function undisturbed(...loads: readonly (readonly IngestRecord[])[]): Promise<{ contentHash: string; rows: unknown }> {
  const twin = await openTestApp('sqlite');
  for (const records of loads) await twin.load(records);
  await twin.app.night();
  const { contentHash } = (await currentSnapshot(twin.app.store))!;
  const rows = await (await twin.ask(MONTHS)).rows();
  await twin.close();
  return { contentHash, rows };
}

/** Files that are being written, or were. */
export const temporaries = ({ dataDir }: Place): string[] => readdirSync(join(dataDir, 'tmp'));

/** What the ledger says is published is there, whole; and every file of the warehouse is what its name says. */
export async function expectNothingHalf({ app }: TestApp): Promise<void> {
  const runs = await app.store.query<{ uri: string; sha256: string }>(
    `SELECT r.uri, r.sha256 FROM partition_run r WHERE ${NEWEST_PUBLISHED}`,
  );
  for (const { uri, sha256 } of [...runs, ...((await currentSnapshot(app.store))?.files ?? [])]) {
    const path = app.files.pathOf(uri);
    expect({ uri, whole: existsSync(path) && (await hashOf(path)) === sha256 }).toEqual({ uri, whole: true });
  }
  for (const { uri } of app.files.list())
    expect({ uri, named: uri.endsWith(`/${(await hashOf(app.files.pathOf(uri))).slice(0, 32)}.parquet`) }).toEqual({ uri, named: true });
}
