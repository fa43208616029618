import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCitizenHash } from '../../src/ingest/citizens';
import { ingest } from '../../src/ingest/ingest';
import { loadReference } from '../../src/ingest/reference';
import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from '../../src/ingest/records';
import { silentLog } from '../../src/log';
import { projectPath } from '../../src/paths';
import type { Store } from '../../src/store/store';
import { DIALECTS, freshPlace, type Place } from '../stores';
import { readingOf } from '../readings';
import { CLOCK } from './loading';

const noon = Date.parse('2011-06-11T12:00:00+08:00');
const comment = (interactionId: string, writerId: string, rest: Partial<InteractionRecord> = {}): InteractionRecord => ({
  kind: 'interaction',
  platform: 'weibo',
  interactionId,
  postId: '3001',
  accountId: null,
  parentId: null,
  writerId,
  byAccountId: null,
  citizenHash: null,
  createdAt: noon,
  text: '?',
  ...rest,
});
const POST: PostRecord = {
  kind: 'post', platform: 'weibo', postId: '3001', accountId: '1001', postedAt: noon, observedAt: noon, text: '微博', original: true, reposts: 1,
  comments: 2, likes: null,
}; // prettier-ignore
const OFFICE: AccountRecord = { kind: 'account', platform: 'weibo', accountId: '1001', observedAt: noon, screenName: '平安甲' };

describe.each(DIALECTS)('people who are no accounts, on %s', (dialect) => {
  let place: Place;
  let store: Store;
  const load = (...records: IngestRecord[]) => ingest(readingOf(records), { store, clock: CLOCK, log: silentLog, dataDir: place.dataDir });
  const said = () =>
    store.query('SELECT interaction_id, account_key, by_account_key, citizen_hash FROM interaction ORDER BY interaction_id');
  beforeEach(async () => {
    place = await freshPlace(dialect);
    store = await place.open();
    await loadReference(store, projectPath('seeds', 'reference'), CLOCK.now());
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  test('are kept as keyed hashes: the same person is the same, and no id stands anywhere in the store', async () => {
    await load(comment('a', '987654321'), comment('b', '987654321'), comment('c', '123456780'));
    await load({ kind: 'follow', platform: 'weibo', accountId: '1001', writerId: '987654321', observedAt: noon });
    const rows = await said();
    expect(rows[0]!['citizen_hash']).toMatch(/^[0-9a-f]{32}$/);
    expect(rows[0]!['citizen_hash']).toBe(rows[1]!['citizen_hash']);
    expect(rows[0]!['citizen_hash']).not.toBe(rows[2]!['citizen_hash']);
    for (const table of ['interaction', 'follow', 'account', 'account_version', 'account_observation', 'ingest_batch'])
      expect(JSON.stringify(await store.query(`SELECT * FROM ${table}`))).not.toContain('987654321');
  });

  test('an account that answers is known openly, whether it is loaded before its answer or after', async () => {
    const answer = comment('r', '1001', { parentId: 'a' });
    await load(comment('a', '987654321'), answer);
    expect((await said())[1]).toMatchObject({ account_key: null, by_account_key: null });
    await load(OFFICE, POST);
    const after = await said();
    expect(after[1]).toMatchObject({ by_account_key: expect.any(Number), citizen_hash: null });
    // The post tells whose it is.
    expect(after.map((row) => row['account_key'])).toEqual([after[1]!['by_account_key'], after[1]!['by_account_key']]);
    const other = await freshPlace(dialect);
    const otherStore = await other.open();
    await loadReference(otherStore, projectPath('seeds', 'reference'), CLOCK.now());
    writeFileSync(join(other.dataDir, 'citizen.key'), readFileSync(join(place.dataDir, 'citizen.key')));
    await ingest(readingOf([OFFICE, POST, comment('a', '987654321'), answer]), {
      store: otherStore,
      clock: CLOCK,
      log: silentLog,
      dataDir: other.dataDir,
    });
    expect(
      await otherStore.query('SELECT interaction_id, account_key, by_account_key, citizen_hash FROM interaction ORDER BY interaction_id'),
    ).toEqual(after);
    await otherStore.close();
    await other.remove();
  });

  test('the key is for the owner alone, and another key is refused instead of giving people a second hash', async () => {
    const hash = await openCitizenHash(store, place.dataDir);
    const file = join(place.dataDir, 'citizen.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await openCitizenHash(store, place.dataDir))('weibo', '1')).toBe(hash('weibo', '1'));
    expect(hash('weibo', '1')).not.toBe(hash('twitter', '1'));
    writeFileSync(file, '00'.repeat(32));
    await expect(openCitizenHash(store, place.dataDir)).rejects.toThrow(
      "is not the key that the store's hashes of citizens were made with",
    );
    writeFileSync(file, 'abc');
    await expect(openCitizenHash(store, place.dataDir)).rejects.toThrow('is not a key of 32 bytes');
    rmSync(file);
    await expect(openCitizenHash(store, place.dataDir)).rejects.toThrow('Copy citizen.key from the data folder');
  });
});
