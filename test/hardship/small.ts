import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IngestRecord, PostRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import { NEWEST_PUBLISHED } from '../../src/warehouse/collect';
import { hashOf } from '../../src/warehouse/files';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import type { Place } from '../stores';

// Four months of one account: what is built is the same work as ever, and soon done.

const observedAt = Date.parse('2012-04-30T12:00:00+08:00');
const post = (postId: string, postedAt: string, reposts: number): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId: '1001', postedAt: Date.parse(postedAt), observedAt, text: `通知${postId}`, original: true,
  reposts, comments: 1, likes: null,
}); // prettier-ignore

export const SMALL: readonly IngestRecord[] = [
  {
    kind: 'account', platform: 'weibo', accountId: '1001', observedAt: Date.parse('2012-01-10T10:00:00+08:00'), openedOn: '2012-01-10', screenName: '平安甲',
    accountType: 'AGENCY', region: '11', sector: 'PS-POLICE', level: 'L3', followers: 50_000,
  }, // prettier-ignore
  ...['01-15', '02-15', '03-15', '04-15'].map((day, index) => post(String(100 + index), `2012-${day}T09:00:00+08:00`, index)),
];
/** Posts of two months that come after the first night: several of them, so that the files are larger than those before. */
export const LATE: readonly IngestRecord[] = Array.from({ length: 40 }, (_, index) =>
  post(String(200 + index), `2012-0${2 + (index % 2)}-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00+08:00`, 10 + index),
);
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

/** A place where the first night is published and late data wait for the next. */
export async function placeWithLate(place: Place): Promise<void> {
  const first = await openTestApp(place.databaseUrl === '' ? 'sqlite' : 'mysql', { place });
  await first.load(SMALL);
  await first.app.night();
  await first.load(LATE);
  await first.close();
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
