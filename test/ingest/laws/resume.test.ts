import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beginBatch } from '../../../src/ingest/batches';
import { ingest, type IngestSummary } from '../../../src/ingest/ingest';
import type { ParsedRow } from '../../../src/ingest/outcome';
import type { Reading } from '../../../src/ingest/reading';
import { silentLog } from '../../../src/log';
import type { Store } from '../../../src/store/store';
import { DIALECTS, freshPlace, type Dialect, type Place } from '../../stores';
import { dumpOf, openLawfulStore, PRESENT, wrongBooks } from './lawfulStore';
import { killWhen, startLoading } from './processes';
import { open } from './reading';

const ROWS = 14_000;
const LAST = '2025-12-28T00:00:00Z';

/** Posts of which some come again later in the file, with other counters or as they were, and some cannot be read. */
const posts = (): string => {
  const lines = ['platform,post_id,account_id,screen_name,posted_at,observed_at,text,likes'];
  for (let row = 0; row < ROWS; row += 1) {
    const id = row % 10_000;
    const again = row >= 10_000 && row % 2 === 1;
    const likes = row % 997 === 0 ? 'many' : again ? row : id % 7;
    lines.push(`weibo,p${id},${id % 40},名${id % 3},2025-12-0${1 + (id % 9)}T0${id % 10}:00:00Z,${again ? '2025-12-21' : '2025-12-20'},微博 ${id},${likes}`); // prettier-ignore
  }
  return lines.join('\n') + '\n';
};

const batches = (store: Store) =>
  store.query<Record<'id' | 'rows_read' | 'accepted' | 'updated' | 'unchanged' | 'rejected', number> & { status: string }>(
    'SELECT id, status, rows_read, accepted, updated, unchanged, rejected FROM ingest_batch ORDER BY id',
  );

interface Resumed {
  readonly place: Place;
  readonly store: Store;
  /** Rows that were settled when the last load began. */
  readonly before: number;
  readonly last: IngestSummary;
}

/**
 * Kills a load up to three times and lets it go on to its end. A kill that comes when all is written, and only the
 * summary was not yet printed, leaves nothing to go on with: then another store is taken.
 */
async function killedInTheMiddle(dialect: Dialect, command: readonly string[]): Promise<Resumed> {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const place = await freshPlace(dialect);
    const store = await place.open();
    const settled = async (): Promise<number> => (await batches(store))[0]?.rows_read ?? 0;
    for (let kills = 0; ; kills += 1) {
      const before = await settled();
      const until = kills === 3 ? Infinity : before + randomInt(1, 5_000);
      const last = await killWhen(startLoading(place, ...command), async () => (await settled()) >= until);
      expect(await wrongBooks(store)).toEqual([]);
      if (last !== null && before > 0) return { place, store, before, last };
      if (last !== null || (await batches(store))[0]?.status === 'complete') break;
    }
    await store.close();
    await place.remove();
  }
  throw new Error('no kill fell into the middle of a load');
}

describe.each(DIALECTS)('a load that is killed with -9, on %s', (dialect) => {
  test('goes on after the last row that was committed, as one batch whose books are those of an undisturbed load', async () => {
    const undisturbed = await freshPlace(dialect);
    const file = join(undisturbed.dataDir, 'posts.csv');
    writeFileSync(file, posts());
    const command = ['posts', file, '--observed-at', LAST];
    const whole = (await startLoading(undisturbed, ...command).ended)!;
    expect(whole).toMatchObject({ rowsRead: ROWS, resumedAt: 0 });
    expect([whole.accepted, whole.updated, whole.unchanged, whole.rejected].every((part) => part > 0)).toBe(true);

    const { place, store, before, last } = await killedInTheMiddle(dialect, command);
    expect(last).toMatchObject({ resumedAt: before, rowsRead: ROWS });
    expect(before).toBeGreaterThan(0);
    const { accepted, updated, unchanged, rejected } = whole;
    expect(last).toMatchObject({ accepted, updated, unchanged, rejected });
    expect(await batches(store)).toMatchObject([{ status: 'complete', rows_read: ROWS, accepted, updated, unchanged, rejected }]);

    const reference = await undisturbed.open();
    expect(await dumpOf(store)).toEqual(await dumpOf(reference));
    // A file that has changed since is another one.
    appendFileSync(file, 'weibo,p99999,1,甲,2025-12-01T00:00:00Z,2025-12-21,新,1\n');
    const changed = await startLoading(place, ...command).ended;
    expect(changed).toMatchObject({
      batch: last.batch + 1,
      resumedAt: 0,
      rowsRead: ROWS + 1,
      accepted: 1,
    });
    for (const one of [store, reference]) await one.close();
    for (const one of [place, undisturbed]) await one.remove();
  });

  test('is not taken over while its process is alive, and by one alone when it is not', async () => {
    const lawful = await openLawfulStore(dialect);
    const file = join(lawful.place.dataDir, 'posts.csv');
    writeFileSync(file, posts());
    const reading = (): Promise<Reading> => open(file, { kind: 'posts' }, Date.parse(LAST));
    const tools = { store: lawful.store, clock: PRESENT, log: silentLog, dataDir: lawful.place.dataDir };
    const stopped = { ...(await reading()), rows: () => firstOf(reading, 5_000) };
    await expect(ingest(stopped, tools)).rejects.toThrow('the disk is gone');
    const [left] = await batches(lawful.store);
    expect(left).toMatchObject({ status: 'failed', rows_read: 4_000 });

    const somebody = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    await lawful.store.write((tx) =>
      tx.run("UPDATE ingest_batch SET status = 'running', owner = ? WHERE id = ?", [`${hostname()}/${somebody.pid}/sometoken`, left!.id]),
    );
    expect(await ingest(await reading(), tools)).toMatchObject({ resumedAt: 0, rowsRead: ROWS, batch: left!.id + 1 });
    const gone = new Promise((resolve) => somebody.once('close', resolve));
    somebody.kill('SIGKILL');
    await gone;

    const stores = await Promise.all([0, 1, 2].map(() => lawful.place.open()));
    const begun = await Promise.all(stores.map(async (store) => beginBatch(store, PRESENT, await reading(), { exhaustive: false })));
    expect(begun.map(({ id, done }) => [id === left!.id, done]).sort()).toEqual([[false, 0], [false, 0], [true, 4_000]]); // prettier-ignore
    for (const store of stores) await store.close();
    await lawful.close();
  });
});

/** The first rows of a reading, and then the end of the world. */
async function* firstOf(reading: () => Promise<Reading>, rows: number): AsyncGenerator<ParsedRow> {
  let read = 0;
  for await (const row of (await reading()).rows()) {
    if ((read += 1) > rows) throw new Error('the disk is gone');
    yield row;
  }
}
