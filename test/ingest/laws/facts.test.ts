import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { IngestRecord } from '../../../src/ingest/records';
import { currentSnapshot } from '../../../src/warehouse/snapshots';
import { openTestApp } from '../../app';
import { DIALECTS, type Dialect } from '../../stores';
import { recordsTwoWays } from './anyRecords';
import { PRESENT } from './lawfulStore';

const KEY = 'citizen.key';

interface Nights {
  readonly content: string | undefined;
  readonly published: number;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** Loads parts one after the other, with a night after each: later nights rebuild what the marks say, and nothing else. */
async function nightAfterEach(dialect: Dialect, parts: readonly (readonly IngestRecord[])[], key?: string): Promise<Nights> {
  const { app, place, load, close } = await openTestApp(dialect, { clock: PRESENT });
  if (key !== undefined && existsSync(key)) copyFileSync(key, join(place.dataDir, KEY));
  let published = 0;
  for (const part of parts) {
    await load(part);
    const night = await app.night();
    expect(night.jobs.every(({ failed }) => failed === 0)).toBe(true);
    published += night.jobs.reduce((sum, { published: some }) => sum + some, 0);
  }
  const snapshot = await currentSnapshot(app.store);
  return { content: snapshot?.contentHash, published, dataDir: place.dataDir, close };
}

test.each(DIALECTS)('facts built night after night are those of one load of everything, on %s', async (dialect) => {
  let some = 0;
  await fc.assert(
    fc.asyncProperty(recordsTwoWays(40), async ({ records, parts }) => {
      const whole = await nightAfterEach('sqlite', [records]);
      const byParts = await nightAfterEach(dialect, parts, join(whole.dataDir, KEY));
      try {
        expect(byParts.content).toBe(whole.content);
        if (whole.published > 0) some += 1;
      } finally {
        await whole.close();
        await byParts.close();
      }
    }),
    { numRuns: Number(process.env['LAW_NIGHTS'] ?? (dialect === 'sqlite' ? 5 : 1)), endOnFailure: true },
  );
  expect(some).toBeGreaterThan(0);
}); // prettier-ignore
