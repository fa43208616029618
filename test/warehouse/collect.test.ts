import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { projectPath } from '../../src/paths';
import type { Store } from '../../src/store/store';
import { collect, type Collection } from '../../src/warehouse/collect';
import { openFiles, type Files, type WarehouseFile } from '../../src/warehouse/files';
import { Ledger } from '../../src/warehouse/ledger';
import type { Partition } from '../../src/warehouse/missing';
import { pinSnapshot, unpinSnapshot } from '../../src/warehouse/pins';
import { keepQuery } from '../../src/warehouse/savedQueries';
import { contentHashOf, listSnapshots, publishSnapshot, snapshotById, type SnapshotFile } from '../../src/warehouse/snapshots';
import { listTombstones } from '../../src/warehouse/tombstones';
import { DIALECTS, freshPlace, type Place } from '../stores';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GRACE_HOURS = 24;
const ZONE = 'Asia/Shanghai';

describe.each(DIALECTS)('collecting on %s', (dialect) => {
  let place: Place;
  let store: Store;
  let files: Files;
  let now: Date;
  let ledger: Ledger;
  const start = async (): Promise<void> => {
    place = await freshPlace(dialect);
    store = await place.open();
    files = openFiles(place.dataDir);
    now = new Date('2012-01-10T02:30:00+08:00');
    ledger = new Ledger(store, { now: () => now });
  };
  const end = async (): Promise<void> => {
    await store.close();
    await place.remove();
  };
  beforeEach(start);
  afterEach(end);

  const pass = (ms: number): void => void (now = new Date(now.getTime() + ms));
  /** Writes and adopts a file; its time is that of the test's clock. */
  const adopt = async (folder: string, content: string): Promise<WarehouseFile> => {
    const temporary = files.temporary('made');
    writeFileSync(temporary, content);
    const file = await files.adopt(temporary, folder);
    utimesSync(files.pathOf(file.uri), now, now);
    return file;
  };
  const claim = async (partition: Partition): Promise<number | null> => {
    const run = await ledger.claim({
      job: 'posts',
      partition,
      definition: 'd',
      inputMark: 0,
      reason: 'test',
      before: (await ledger.published('posts')).get(partition.key)?.run.id ?? null,
      backfill: null,
      attempt: 1,
      requestedBy: 'test',
    });
    return run === 'full' ? null : run;
  };
  /** Builds a partition as a run does: claimed, adopted, published. */
  const build = async (key: string, content: string): Promise<SnapshotFile> => {
    const partition = { key, from: `${key}-01`, to: `${key}-28` };
    const run = (await claim(partition))!;
    const file = await adopt(`posts/${key}`, content);
    await ledger.publish(run, file, 1, 1);
    return { ...file, table: 'posts', rows: 1, from: partition.from, to: partition.to };
  };
  const publish = async (all: readonly SnapshotFile[]): Promise<string> => {
    const contentHash = contentHashOf(all);
    const id = `${now.toISOString().slice(0, 10)}-${contentHash.slice(0, 8)}`;
    await publishSnapshot(store, id, now, { contentHash, from: '2011-01-01', watermark: '2012-01-01', synthetic: false, files: all });
    return (await listSnapshots(store))[0]!.id;
  };
  const collected = (apply = true): Promise<Collection> =>
    collect(store, files, { keepDays: 30, zone: ZONE, graceHours: GRACE_HOURS, now, by: 'a test', apply });
  const cite = (snapshot: string, id: string) =>
    keepQuery(store, { id, snapshot, question: { cube: 'posts', fields: ['posts'], from: '2011-01-01', to: '2011-01-02' }, resultHash: 'h', title: null, savedBy: null, savedAt: now }); // prettier-ignore
  const isThere = ({ uri }: { uri: string }): boolean => existsSync(files.pathOf(uri));

  test('a replaced snapshot is deleted after its days, its files a grace later, and it answers with a sentence', async () => {
    const shared = await build('2011-11', 'shared');
    const old = await build('2011-12', 'old');
    const first = await publish([shared, old]);
    pass(DAY);
    const fresh = await build('2011-12', 'fresh');
    const second = await publish([shared, fresh]);
    pass(30 * DAY - 1);
    expect((await collected()).deleted).toEqual([]);
    pass(2);
    const dry = await collected(false);
    expect([dry.deleted.map(({ id }) => id), dry.condemned.map(({ uri }) => uri), dry.removed]).toEqual([[first], [old.uri], []]);
    expect(await listSnapshots(store)).toHaveLength(2);

    const applied = await collected();
    expect([applied.deleted.map(({ id }) => id), applied.condemned.map(({ uri }) => uri), applied.removed]).toEqual([
      [first],
      [old.uri],
      [],
    ]);
    await expect(snapshotById(store, first)).rejects.toMatchObject({ code: 'SNAPSHOT_GONE' });
    await expect(snapshotById(store, first)).rejects.toThrow(
      `Snapshot ${first} was deleted on 2012-02-09 (UTC): it was replaced more than 30 days before, on 2012-01-11, and is not the last of its month. Kept and nearest to it: ${second}.`,
    );
    expect(await listTombstones(store)).toMatchObject([{ id: first, deletedBy: 'a test', deletedAt: now }]);
    // Whoever opened it before can go on reading.
    pass(GRACE_HOURS * HOUR - 1);
    expect((await collected()).removed).toEqual([]);
    expect(isThere(old)).toBe(true);
    pass(2);
    expect((await collected()).removed.map(({ uri }) => uri)).toEqual([old.uri]);
    expect([isThere(old), isThere(shared), isThere(fresh)]).toEqual([false, true, true]);
    expect(await store.query('SELECT * FROM condemned_file')).toEqual([]);
    expect(await collected()).toMatchObject({ deleted: [], condemned: [], removed: [] });
  });

  test('a pin keeps a snapshot until it is taken away; a citation keeps it for ever', async () => {
    const pinned = await publish([await build('2011-12', 'a')]);
    pass(HOUR);
    const cited = await publish([await build('2011-12', 'b')]);
    pass(HOUR);
    await publish([await build('2011-12', 'c')]);
    await pinSnapshot(store, { snapshot: pinned, reason: 'the review', pinnedBy: 'Ada', pinnedAt: now });
    await cite(cited, 'q1');
    pass(400 * DAY);
    expect((await collected()).deleted).toEqual([]);
    await expect(pinSnapshot(store, { snapshot: pinned, reason: ' ', pinnedBy: 'Ada', pinnedAt: now })).rejects.toThrow(/needs a reason/);
    await expect(pinSnapshot(store, { snapshot: 'nope', reason: 'x', pinnedBy: 'Ada', pinnedAt: now })).rejects.toThrow(
      /no snapshot "nope"/,
    );
    expect([await unpinSnapshot(store, pinned), await unpinSnapshot(store, pinned)]).toEqual([true, false]);
    expect((await collected()).deleted.map(({ id }) => id)).toEqual([pinned]);
    await expect(store.write((tx) => tx.run('DELETE FROM snapshot WHERE id = ?', [cited]))).rejects.toThrow(/foreign key/i);
  });

  test('a file that another process adopted and has not written down is left alone, as is one of a partition that is being built', async () => {
    const old = await build('2011-12', 'twice');
    await publish([old]);
    await publish([await build('2011-12', 'other')]);
    pass(40 * DAY);
    await collected();
    pass(2 * DAY);
    // The same content again, by a build whose row is yet to come: its time is now.
    await adopt('posts/2011-12', 'twice');
    expect((await collected()).removed).toEqual([]);
    pass(2 * DAY);
    // The build takes longer than the grace, but it holds its partition.
    const run = await claim({ key: '2011-12', from: '2011-12-01', to: '2011-12-31' });
    await ledger.heartbeat(run!);
    expect((await collected()).removed).toEqual([]);
    expect(isThere(old)).toBe(true);
    await ledger.fail(run!, 'given up');
    expect((await collected()).removed.map(({ uri }) => uri)).toEqual([old.uri]);
  });

  test('a condemned file that is named again, and loses its name again, has the whole grace anew', async () => {
    const again = await build('2011-12', 'again');
    await publish([again]);
    pass(HOUR);
    await publish([await build('2011-12', 'between')]);
    pass(40 * DAY);
    await collected();
    expect(await store.query<{ uri: string }>('SELECT uri FROM condemned_file')).toEqual([{ uri: again.uri }]);
    // No collection sees it named.
    await publish([await build('2011-12', 'again')]);
    pass(HOUR);
    await publish([await build('2011-12', 'last')]);
    pass(40 * DAY);
    const { deleted, removed, condemned } = await collected();
    expect(deleted.length).toBeGreaterThan(0);
    expect([removed, condemned.map(({ uri }) => uri)]).toEqual([[], expect.arrayContaining([again.uri])]);
    pass(2 * DAY);
    expect((await collected()).removed.map(({ uri }) => uri)).toContain(again.uri);
  });

  /** What a history does next. */
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('night' as const), key: fc.integer({ min: 1, max: 4 }), content: fc.integer({ min: 0, max: 5 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('collect' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pin' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unpin' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cite' as const), which: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), key: fc.integer({ min: 1, max: 4 }), content: fc.integer({ min: 6, max: 9 }) }) },
  ); // prettier-ignore

  test('whatever happened before: no file with a name is ever deleted, and no file without one outlives the grace', async () => {
    const RUNS = Number(process.env['COLLECT_SEEDS'] ?? (dialect === 'sqlite' ? 25 : 6));
    let removedInAll = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (history) => {
        await end();
        await start();
        const current = new Map<string, SnapshotFile>();
        let cited = 0;
        for (const event of history) {
          const all = await listSnapshots(store);
          const one = all[('which' in event ? event.which : 0) % Math.max(1, all.length)];
          if (event.do === 'wait') pass(event.hours * HOUR);
          else if (event.do === 'night') {
            const key = `2011-0${event.key}`;
            current.set(key, await build(key, `${key} ${event.content}`));
            await publish([...current.values()]);
            pass(1000);
          } else if (event.do === 'die') await adopt(`posts/2011-0${event.key}`, `dead ${event.content}`);
          else if (event.do === 'pin' && one) await pinSnapshot(store, { snapshot: one.id, reason: 'r', pinnedBy: 'x', pinnedAt: now });
          else if (event.do === 'unpin' && one) await unpinSnapshot(store, one.id);
          else if (event.do === 'cite' && one) await cite(one.id, `q${(cited += 1)}`);
          else if (event.do === 'collect') removedInAll += (await collected()).removed.length;
          // Every file of every snapshot that is there, and every file that the last builds published, is on disk.
          const named = new Set([...current.values()].map(({ uri }) => uri));
          for (const { id } of await listSnapshots(store)) for (const { uri } of (await snapshotById(store, id)).files) named.add(uri);
          for (const uri of named) if (!existsSync(files.pathOf(uri))) throw new Error(`${uri} has a name and is gone`);
        }
        for (let round = 0; round < 2; round += 1) {
          removedInAll += (await collected()).removed.length;
          pass(GRACE_HOURS * HOUR);
        }
        removedInAll += (await collected()).removed.length;
        const named = new Set((await store.query<{ uri: string }>('SELECT uri FROM snapshot_file')).map(({ uri }) => uri));
        for (const { uri } of current.values()) named.add(uri);
        const last = await collected();
        const old = files.list().filter(({ uri }) => !named.has(uri));
        // What just lost its name when the last snapshots were deleted may still be waiting.
        const waiting = new Set(last.condemned.map(({ uri }) => uri));
        if (old.some(({ uri }) => !waiting.has(uri))) throw new Error('a file without a name is not known');
        pass(GRACE_HOURS * HOUR);
        await collected();
        const left = files.list().filter(({ uri }) => !named.has(uri));
        if (left.length > 0) throw new Error(`${left[0]!.uri} has no name and is still there`);
      }),
      { numRuns: RUNS },
    );
    expect(removedInAll).toBeGreaterThan(0);
  });

  test('killed with -9 again and again while it collects, the next collection finishes, and nothing with a name is lost', async () => {
    const kept = await build('2011-01', 'kept');
    for (let number = 0; number < 60; number += 1) {
      await publish([kept, await build('2011-02', `version ${number}`)]);
      pass(1000);
    }
    for (let number = 0; number < 300; number += 1) await adopt('posts/2011-03', `orphan ${number}`);
    const child = projectPath('test', 'warehouse', 'collectChild.cjs');
    const at = (instant: Date) =>
      spawn(process.execPath, [child, place.dataDir, place.databaseUrl, instant.toISOString()], {
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    pass(40 * DAY);
    let kills = 0;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const before = files.list().length;
      const process_ = at(now);
      let ready = false;
      process_.stdout.on('data', () => (ready = true));
      const ended = new Promise<void>((resolve) =>
        process_.once('close', (_code, signal) => ((kills += signal === 'SIGKILL' ? 1 : 0), resolve())),
      );
      const limit = Date.now() + 20_000;
      while (!ready && Date.now() < limit && process_.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, 3 + attempt * 7));
      process_.kill('SIGKILL');
      await ended;
      for (const { id } of await listSnapshots(store))
        for (const file of (await snapshotById(store, id)).files) expect(isThere(file)).toBe(true);
      pass(attempt % 3 === 2 ? 2 * DAY : 0);
      expect(files.list().length).toBeLessThanOrEqual(before);
    }
    expect(kills).toBeGreaterThan(4);
    for (let round = 0; round < 3; round += 1) {
      await collected();
      pass(2 * DAY);
    }
    // The newest is the last of its month as well; everything else is gone with its files.
    const [only, ...others] = await listSnapshots(store);
    expect(others).toEqual([]);
    const uris = (await snapshotById(store, only!.id)).files.map(({ uri }) => uri).sort();
    expect(files.list().map(({ uri }) => uri).sort()).toEqual(uris); // prettier-ignore
    expect(await listTombstones(store)).toHaveLength(59);
    expect(await store.query('SELECT * FROM condemned_file')).toEqual([]);
    expect(await store.query("SELECT * FROM snapshot_file WHERE snapshot_id <> ?", [only!.id])).toEqual([]); // prettier-ignore
  });
});
