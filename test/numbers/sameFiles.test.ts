import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_DEFAULTS, demoRecords } from '../../seeds/demo';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { DIALECTS, THOROUGH, type Dialect } from '../stores';
import { EXHAUSTIVE_CRAWL, TRAPS } from '../traps';
import { COMMENT_TRAPS, LATE_COMMENTS } from './interactionTraps';
import { loadExhaustive } from './loading';
import { population } from './naive/population';

// Answers are read from files alone. Where the files of two stores are the same bytes, what the long suites of numbers show on
// one store is shown on the other.

async function published(dialect: Dialect) {
  const test_ = await openTestApp(dialect);
  try {
    // The key is random, and what it makes of citizens stands in the files.
    writeFileSync(join(test_.place.dataDir, 'citizen.key'), '5a'.repeat(32));
    await test_.load(demoRecords({ ...DEMO_DEFAULTS, scale: 0.01 }));
    await test_.load(population({ from: '2009-12-10', days: THOROUGH ? 1_190 : 420, accounts: 16, seed: 1 }));
    await test_.load([...TRAPS, ...COMMENT_TRAPS]);
    await loadExhaustive(test_, EXHAUSTIVE_CRAWL);
    await test_.app.night();
    // Found by their marks alone.
    await test_.load(LATE_COMMENTS);
    const { jobs, rollups } = await test_.app.night();
    expect([...jobs, rollups].map(({ failed }) => failed)).toEqual([0, 0, 0, 0]);
    const { contentHash, files } = (await currentSnapshot(test_.app.store))!;
    return { contentHash, files: files.map(({ table, from, to, rows, sha256 }) => ({ table, from, to, rows, sha256 })) };
  } finally {
    await test_.close();
  }
}

if (DIALECTS.length > 1)
  test('every file of a snapshot is the same bytes on every store', async () => {
    const [first, ...others] = await Promise.all(DIALECTS.map(published));
    expect(first!.files.length).toBeGreaterThan(300);
    expect(new Set(first!.files.map(({ table }) => table)).size).toBeGreaterThan(12);
    for (const other of others) expect(other).toEqual(first);
  }, 300_000);
else test.todo('every file of a snapshot is the same bytes on every store: needs TEST_MYSQL_URL');
