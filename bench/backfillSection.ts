import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../src/app';
import type { PostRecord } from '../src/ingest/records';
import { addDays, fromSqlInstant, monthEnd, nextMonth, type Day } from '../src/model/time';
import {
  applyBackfill,
  backfillById,
  cancelBackfill,
  pauseBackfill,
  planBackfill,
  resumeBackfill,
  retryBackfill,
} from '../src/runner/backfills';
import type { Backfill } from '../src/runner/backfillTypes';
import { currentSnapshot } from '../src/warehouse/snapshots';
import { ms, peakMb, type Figure, type SectionResult } from './figures';
import { mustEqual, timed } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { accountRecords, PLATFORM } from './records';
import { startWorker, type WorkerProcess } from './workerProcess';

const OPENED: Day = '2010-12-31';
const FIRST: Day = '2011-01-01';
const LOOK_MS = 50;
const MOST_MS = 1_800_000;

/**
 * A backfill of every account-day, worked off by a process of its own and watched from here: when progress is seen, how long
 * cancelling takes, whether it goes on after a pause and tries again what failed alone, and what its estimate was worth.
 */
export async function backfill(options: Options): Promise<SectionResult> {
  const dataDir = join(options.folder, 'backfill');
  const app = await openAt(dataDir);
  let worker: WorkerProcess | undefined;
  try {
    const last = lastDay(options.months);
    await load(app, await accountRecords(app.store, options.accounts, OPENED));
    await load(app, onePostEach(options.accounts, await accountIds(app), last));
    const nightMs = await timed(() => app.night());
    const { contentHash } = (await currentSnapshot(app.store))!;
    const [{ rows }] = (await app.store.query<{ rows: number }>(
      "SELECT SUM(fact_rows) AS rows FROM partition_run WHERE job = 'accountDay' AND status = 'published'",
    )) as [{ rows: number }];
    const begin = performance.now();
    worker = startWorker(dataDir);
    const cancelled = await cancelInTheMiddle(app, worker, last, begin);
    const went = await pauseFailAndRetry(app, last);
    mustEqual('the exit code of the worker', await worker.stop(), 0);
    mustEqual('the content after the backfill', (await currentSnapshot(app.store))!.contentHash, contentHash);
    mustEqual('what is left of files in the making', readdirSync(join(dataDir, 'tmp')), []);
    return {
      figures: [
        fact('account-days', rows.toLocaleString('en')),
        fact('the first night, with rollups', ms(nightMs)),
        fact('from the start of the worker to progress that is seen', ms(cancelled.seenMs)),
        fact('from cancelling to the engine at rest', ms(cancelled.restMs)),
        fact('the whole backfill, with a pause', ms(went.wholeMs)),
        {
          measure: 'its estimate after a tenth',
          of: 'estimate / what it took',
          ratio: went.estimateMs / went.tookMs,
          ours: ms(went.estimateMs),
          base: ms(went.tookMs),
        },
        fact('of what it took, building by the ledger', ms(went.builtMs)),
        fact('partitions built by a retry, of those', `${went.retried} of ${went.total}`),
      ],
      peaks: { 'loading, the night and watching': peakMb() },
    };
  } finally {
    worker?.kill();
    await app.close();
  }
}

/** The last day of so many months from the first on. */
function lastDay(months: number): Day {
  let month = FIRST.slice(0, 7);
  for (let number = 1; number < months; number += 1) month = nextMonth(month);
  return monthEnd(month);
}

const accountIds = async ({ store }: App): Promise<string[]> =>
  (await store.query<{ id: string }>('SELECT account_id AS id FROM account ORDER BY account_id')).map(({ id }) => id);

/** A post of each account, spread over all days, seen on the day after the last. */
const onePostEach = (count: number, ids: readonly string[], last: Day): PostRecord[] => {
  const days = (Date.parse(last) - Date.parse(FIRST)) / 86_400_000;
  return ids.map((accountId, index) => ({
    kind: 'post',
    platform: PLATFORM,
    postId: String(3_300_000_000 + index),
    accountId,
    postedAt: Date.parse(`${addDays(FIRST, Math.floor((index * days) / count))}T04:00:00Z`),
    observedAt: Date.parse(`${addDays(last, 1)}T04:00:00Z`),
    text: '通知',
    original: true,
    reposts: index % 50,
    comments: index % 7,
    likes: null,
  }));
};

async function apply({ backfills }: App, to: Day): Promise<number> {
  const { token } = await planBackfill(backfills, { job: 'accountDay', from: FIRST, to, reason: 'bench' }, 'bench');
  return (await applyBackfill(backfills, token, 'bench')).id;
}

/** Waits until a backfill is so. */
async function until({ backfills }: App, id: number, isSo: (one: Backfill) => boolean): Promise<Backfill> {
  const end = Date.now() + MOST_MS;
  for (;;) {
    const one = await backfillById(backfills, id);
    if (isSo(one)) return one;
    if (Date.now() > end) throw new Error(`Backfill ${id} is ${one.status} after half an hour, with ${one.done} of ${one.total} published`);
    await wait(LOOK_MS);
  }
}

const isBuilding = ({ partitions }: Backfill): boolean => partitions.some(({ status }) => status === 'running');

async function cancelInTheMiddle(app: App, worker: WorkerProcess, to: Day, begin: number): Promise<{ seenMs: number; restMs: number }> {
  const id = await apply(app, to);
  await until(app, id, isBuilding);
  const seenMs = performance.now() - begin;
  await until(app, id, (one) => one.done >= 1 && isBuilding(one));
  const rest = worker.heard('job.finished');
  const restMs = await timed(async () => {
    await cancelBackfill(app.backfills, id, 'bench');
    await rest;
  });
  const { done, total, partitions } = await backfillById(app.backfills, id);
  mustEqual('the partitions of a cancelled backfill', partitions.filter(({ status }) => status === 'cancelled').length, total - done);
  return { seenMs, restMs };
}

interface Went {
  readonly wholeMs: number;
  readonly estimateMs: number;
  readonly tookMs: number;
  /** Of that, what the runs took by the ledger; the rest lies between them. */
  readonly builtMs: number;
  readonly retried: number;
  readonly total: number;
}

async function pauseFailAndRetry(app: App, to: Day): Promise<Went> {
  const { store, backfills } = app;
  // A number that no audit lets pass, in the last of the months but two.
  const broken = await store.query<{ post_id: string; reposts: number }>(
    'SELECT post_id, reposts FROM post WHERE posted_day <= ? ORDER BY posted_day DESC, post_id LIMIT 1',
    [addDays(to, -75)],
  );
  const [{ post_id: post, reposts }] = broken as [{ post_id: string; reposts: number }];
  const setReposts = (value: number): Promise<number> =>
    store.write((tx) => tx.run('UPDATE post SET reposts = ? WHERE platform = ? AND post_id = ?', [value, PLATFORM, post]));
  await setReposts(-1);

  const begin = performance.now();
  const id = await apply(app, to);
  await until(app, id, (one) => one.done >= 1);
  await pauseBackfill(backfills, id, 'bench');
  const paused = await until(app, id, (one) => !isBuilding(one));
  await wait(1_500);
  mustEqual('what is done in a pause', (await backfillById(backfills, id)).done, paused.done);
  await resumeBackfill(backfills, id, 'bench');
  const tenth = await until(app, id, (one) => one.done >= Math.ceil(one.total / 10) && isBuilding(one));
  const since = performance.now();
  const over = await until(app, id, ({ status }) => status === 'failed' || status === 'published');
  const tookMs = performance.now() - since;
  const wholeMs = performance.now() - begin;
  const builtMs = await buildingSince(app, id, tenth);
  mustEqual('the partitions that failed', [over.failed, over.done], [1, over.total - 1]);

  await setReposts(reposts);
  const [{ newest }] = (await store.query<{ newest: number }>('SELECT MAX(id) AS newest FROM partition_run')) as [{ newest: number }];
  await retryBackfill(backfills, id, 'bench');
  await until(app, id, ({ status }) => status === 'published');
  const again = await store.query("SELECT id FROM partition_run WHERE id > ? AND job = 'accountDay'", [newest]);
  return { wholeMs, estimateMs: tenth.etaSeconds! * 1_000, tookMs, builtMs, retried: again.length, total: over.total };
}

/** What the partitions took that were not done then. */
async function buildingSince({ store }: App, id: number, then: Backfill): Promise<number> {
  const done = new Set(then.partitions.filter(({ status }) => status === 'published').map(({ partition }) => partition));
  const runs = await store.query<Record<'partition_key' | 'started_at' | 'finished_at', string>>(
    'SELECT partition_key, started_at, finished_at FROM partition_run WHERE backfill_id = ? AND finished_at IS NOT NULL',
    [id],
  );
  return runs
    .filter(({ partition_key }) => !done.has(partition_key))
    .reduce((sum, { started_at, finished_at }) => sum + fromSqlInstant(finished_at) - fromSqlInstant(started_at), 0);
}

const fact = (measure: string, ours: string): Figure => ({ measure, of: '', ratio: null, ours, base: '' });
