import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { posts } from '../../jobs/posts';
import { applyBackfill, cancelBackfill, planBackfill } from '../../src/runner/backfills';
import { workBackfills } from '../../src/runner/backfillWork';
import type { RunnerTools } from '../../src/runner/runDue';
import { NEWEST_PUBLISHED } from '../../src/warehouse/collect';
import type { Adopted, Files } from '../../src/warehouse/files';
import { retract } from '../../src/warehouse/retract';
import { openTestApp, type TestApp } from '../app';
import { SMALL } from '../hardship/records';
import { DIALECTS } from '../stores';

const REQUEST = { job: 'posts', from: '2012-02-01', to: '2012-02-29' };

describe.each(DIALECTS)('cancelled at the last moment, on %s', (dialect) => {
  let test_: TestApp;
  const events: string[] = [];
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { log: (event) => events.push(event) });
    await test_.load(SMALL);
    await test_.app.night();
  });
  afterAll(() => test_.close());

  const uris = (): string[] => test_.app.files.list().map(({ uri }) => uri).sort(); // prettier-ignore
  const named = async (): Promise<string[]> =>
    (
      await test_.app.store.query<{ uri: string }>(
        `SELECT uri FROM snapshot_file UNION SELECT r.uri FROM partition_run r WHERE ${NEWEST_PUBLISHED}`,
      )
    ).map(({ uri }) => uri).sort(); // prettier-ignore
  let asked = 0;
  /** A backfill of one partition; another reason makes it another one. */
  const apply = async (): Promise<number> => {
    const { backfills } = test_.app;
    const plan = await planBackfill(backfills, { ...REQUEST, reason: `too late ${(asked += 1)}` }, 'Ada');
    return (await applyBackfill(backfills, plan.token, 'Ada')).id;
  };
  /** Works off a backfill that is cancelled by somebody else right after its file has got its name. */
  const cancelledAfterTheRename = async () => {
    const { store, backfills, files } = test_.app;
    const id = await apply();
    let adopted: Adopted | undefined;
    const late: Files = {
      ...files,
      adopt: async (...args) => {
        adopted = await files.adopt(...args);
        await cancelBackfill(backfills, id, 'Ada');
        return adopted;
      },
    };
    events.length = 0;
    const tools: RunnerTools = { ...test_.app, files: late, buildMemoryMb: 256, tempDir: join(test_.place.dataDir, 'tmp') };
    const outcome = await workBackfills([posts], tools, 'Asia/Shanghai');
    expect(outcome.backfills).toEqual([{ job: 'posts', published: 0, failed: 0, elsewhere: 0, cancelled: 1, backfill: id }]);
    expect(events.filter((event) => event.startsWith('partition.'))).toEqual(['partition.cancelled']);
    expect(await store.query('SELECT status FROM partition_run WHERE backfill_id = ?', [id])).toEqual([{ status: 'cancelled' }]);
    return adopted!;
  };

  test('its file is removed when nothing names it', async () => {
    await test_.app.store.write((tx) => tx.run("UPDATE post SET reposts = 77 WHERE post_id = '101'"));
    const before = uris();
    const { uri, writtenAt } = await cancelledAfterTheRename();
    expect([before.includes(uri), writtenAt !== null]).toEqual([false, true]);
    expect(uris()).toEqual(before);
    expect(uris()).toEqual(await named());
  });

  test('its file stays when it is the one that is published', async () => {
    await test_.app.store.write((tx) => tx.run("UPDATE post SET reposts = 1 WHERE post_id = '101'"));
    const before = uris();
    const { uri, writtenAt } = await cancelledAfterTheRename();
    expect([before.includes(uri), writtenAt]).toEqual([true, null]);
    expect(uris()).toEqual(before);
  });

  test('a failure after the cancel is a cancel, not a failure', async () => {
    const { backfills } = test_.app;
    const id = await apply();
    events.length = 0;
    const job = { ...posts, audits: [{ name: 'late', check: () => cancelBackfill(backfills, id, 'Ada').then(() => 'wrong') }] };
    const { backfills: worked } = await workBackfills([job], { ...test_.app, buildMemoryMb: 256, tempDir: join(test_.place.dataDir, 'tmp') }, 'UTC'); // prettier-ignore
    expect(worked).toMatchObject([{ failed: 0, cancelled: 1 }]);
    expect(events.filter((event) => event.startsWith('partition.'))).toEqual(['partition.cancelled']);
  });

  describe('what was adopted is left to collecting', () => {
    const adopt = async (content: string): Promise<Adopted> => {
      const path = test_.app.files.temporary('made');
      writeFileSync(path, content);
      return test_.app.files.adopt(path, 'posts/2012-02');
    };
    const isThere = async (file: Adopted): Promise<boolean> => {
      const { store, files } = test_.app;
      await retract(store, files, 'posts', '2012-02', file);
      return files.find(file.uri) !== null;
    };
    test('when a ledger row or a snapshot names it, when it was there before, when somebody adopted it again, and when its partition is claimed', async () => {
      const { store, files, ledger } = test_.app;
      expect(await isThere(await adopt('nobody wants it'))).toBe(false);

      const old = await adopt('published once');
      await store.write((tx) => tx.run("UPDATE partition_run SET uri = ? WHERE job = 'posts' AND status = 'cancelled'", [old.uri]));
      expect(await isThere(old)).toBe(true);
      const kept = await adopt('of a snapshot');
      await store.write((tx) =>
        tx.run("UPDATE snapshot_file SET uri = ? WHERE table_name = 'posts' AND from_day = '2012-02-01'", [kept.uri]),
      );
      expect(await isThere(kept)).toBe(true);

      const first = await adopt('twice');
      expect(await isThere(await adopt('twice'))).toBe(true);
      const later = new Date(Date.now() + 5_000);
      utimesSync(files.pathOf(first.uri), later, later);
      expect(await isThere(first)).toBe(true);

      const claimed = await adopt('somebody builds it again');
      const partition = { key: '2012-02', from: '2012-02-01', to: '2012-02-29' };
      const before = (await ledger.published('posts')).get('2012-02')!.run.id;
      const run = await ledger.claim({ job: 'posts', partition, definition: 'd', inputMark: 9, reason: 'again', before, attempt: 1, requestedBy: null, backfill: null }); // prettier-ignore
      expect(await isThere(claimed)).toBe(true);
      await ledger.abandon(run as number);
      ledger.release(run as number);
      expect(await isThere(claimed)).toBe(false);
    });
  });
});
