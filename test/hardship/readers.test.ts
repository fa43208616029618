import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fixedClock } from '../../src/clock';
import { NEWEST_PUBLISHED } from '../../src/warehouse/collect';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS, freshPlace, type Place } from '../stores';
import { startNode } from './processes';
import { LATE, SMALL } from './records';
import { expectNothingHalf, MONTHS, temporaries, undisturbed } from './small';

const ROUNDS = Number(process.env['TEST_SEEDS'] ?? 1);
/** Steps of the night that replaces the old snapshot, and of the collecting that follows it, in order. */
const NIGHT = [
  'after the claim', 'before the rename', 'after the rename', 'after the ledger row', 'before the snapshot is committed', 'after the snapshot row',
  'before the deletion is committed', 'after a snapshot is deleted', 'after files are condemned',
]; // prettier-ignore
/** Steps of the night after the grace period, which has nothing to build. */
const COLLECTING = ['before a file is removed', 'after a file is removed'];

/** Noon of the fifth day of a month that is not yet: files of today are older than the grace period, and no month ends in between. */
function soon(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 5, 12);
}
const DAY_MS = 86_400_000;

describe.each(DIALECTS)('readers while nights and collections are killed with -9, on %s', (dialect) => {
  let before: Awaited<ReturnType<typeof undisturbed>>;
  let after: Awaited<ReturnType<typeof undisturbed>>;
  beforeAll(async () => {
    before = await undisturbed(SMALL);
    after = await undisturbed(SMALL, LATE);
  });

  /** Runs a night in a process that dies at a step; whether it died. */
  const dies = async (place: Place, step: string, count: number, at: number): Promise<boolean> => {
    const { signal, out, err } = await startNode(
      place,
      [join(__dirname, 'killedNight.cjs'), step, String(count), new Date(at).toISOString()],
      {
        env: { GOVBLOG_KEEP_DAYS: '0', GOVBLOG_COLLECT_GRACE_HOURS: '24' },
      },
    ).ended;
    if (signal === 'SIGKILL') return true;
    expect({ out, err }).toEqual({ out: '{"failed":0}', err: '' });
    return false;
  };

  /** Asks all the while until it is stopped; how often each snapshot answered. */
  const startReading = (reading: TestApp): { stop(): Promise<{ old: number; fresh: number }> } => {
    let stopped = false;
    const reads = { old: 0, fresh: 0 };
    const loop = (async () => {
      while (!stopped) {
        const answer = await reading.ask(MONTHS);
        const rows = await answer.rows();
        const { contentHash } = answer.open.snapshot;
        expect({ contentHash, rows }).toEqual(contentHash === before.contentHash ? before : after);
        reads[contentHash === before.contentHash ? 'old' : 'fresh'] += 1;
        // The processes that are to die need the machine too.
        await wait(10);
      }
    })();
    // It is awaited when it is stopped, and must not be taken for unheard until then.
    loop.catch(() => undefined);
    return {
      stop: async () => {
        stopped = true;
        await loop;
        return reads;
      },
    };
  };

  test.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    'round %d: every answer is that of the old snapshot or of the new one, and nothing is left over',
    async (round) => {
      const place = await freshPlace(dialect);
      const base = soon();
      const reading = await openTestApp(dialect, { place, clock: fixedClock(new Date(base).toISOString()) });
      await reading.load(SMALL);
      await reading.app.night();
      await reading.load(LATE);
      const reader = startReading(reading);
      const deaths: string[] = [];
      for (const step of NIGHT) if (await dies(place, step, 1 + ((round - 1) % 2), base + DAY_MS)) deaths.push(step);
      for (const step of COLLECTING) if (await dies(place, step, round, base + 3 * DAY_MS)) deaths.push(step);
      // What was being collected when the process died is collected by the next.
      expect(await dies(place, 'never', 1, base + 3 * DAY_MS)).toBe(false);
      expect(await dies(place, 'never', 1, base + 5 * DAY_MS)).toBe(false);
      const { old, fresh } = await reader.stop();
      expect({ old: old > 0, fresh: fresh > 0 }).toEqual({ old: true, fresh: true });
      if (round === 1) expect(deaths).toEqual([...NIGHT, ...COLLECTING]);

      const { store, files } = reading.app;
      await expectNothingHalf(reading);
      expect((await currentSnapshot(store))!.contentHash).toBe(after.contentHash);
      expect(await store.query("SELECT id FROM partition_run WHERE status IN ('running', 'failed')")).toEqual([]);
      const named = await store.query<{ uri: string }>(
        `SELECT uri FROM snapshot_file UNION SELECT r.uri FROM partition_run r WHERE ${NEWEST_PUBLISHED}`,
      );
      expect(
        files
          .list()
          .map(({ uri }) => uri)
          .sort(),
      ).toEqual(named.map(({ uri }) => uri).sort());
      expect(await store.query('SELECT uri FROM condemned_file')).toEqual([]);
      // A file that its process died in is kept for ten minutes, in case another machine shares the folder.
      files.sweep(new Date(Date.now() + DAY_MS));
      expect(temporaries(place)).toEqual([]);
      await reading.close();
      await place.remove();
    },
  );
});
