import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/clock';
import { GovblogError } from '../../src/errors';
import type { IngestRecord } from '../../src/ingest/records';
import { fromSqlInstant } from '../../src/model/time';
import {
  applyBackfill,
  cancelBackfill,
  listBackfills,
  pauseBackfill,
  planBackfill,
  resumeBackfill,
  retryBackfill,
} from '../../src/runner/backfills';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS, freshPlace, type Place } from '../stores';
import { startGovblog, type Ended, type Running } from './processes';
import { expectNothingHalf, MONTHS } from './small';
import { yearOfPosts } from './year';

// Four processes on one database: SOAK_SECONDS=600 for long, SOAK_SEED=17 for other accidents.

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 12);
const SEED = Number(process.env['SOAK_SEED'] ?? 1);
const PROCESSES = 4;
jest.setTimeout((SECONDS + 240) * 1_000);

/** Small numbers that follow from a seed: from 0 up to below `most`. */
function numbers(seed: number): (most: number) => number {
  let state = seed * 2_654_435_761;
  return (most) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * most);
  };
}

interface RunRow {
  readonly id: number;
  readonly job: string;
  readonly partition_key: string;
  readonly status: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly error: string | null;
}

/** Pairs of runs of one partition of which the later began before the earlier had ended, and by how many milliseconds. */
function overlaps(runs: readonly RunRow[]): string[] {
  const last = new Map<string, RunRow>();
  return runs.flatMap((run) => {
    const key = `${run.job} ${run.partition_key}`;
    const before = last.get(key);
    last.set(key, run);
    if (before === undefined) return [];
    const ms = before.finished_at === null ? Infinity : fromSqlInstant(before.finished_at) - fromSqlInstant(run.started_at);
    return ms > 0 ? [`${key}: ${before.id} (${before.status}) and ${run.id} (${run.status}) by ${ms} ms`] : [];
  });
}

const soaked = DIALECTS.includes('mysql');
if (!soaked) process.stderr.write('Skipped: the soak needs TEST_MYSQL_URL.\n');

(soaked ? test : test.skip)(
  'nights, late data, backfills, pauses, cancels and kill -9: no partition is built twice at once, and none is lost',
  async () => {
    const random = numbers(SEED);
    const records = yearOfPosts(random);
    const loaded: IngestRecord[] = [];
    const place = await freshPlace('mysql');
    const steering = await openTestApp('mysql', { place, clock: systemClock });
    const load = async (count: number): Promise<void> => {
      const some = records.take(count);
      loaded.push(...some);
      await steering.load(some);
    };
    await load(60);

    const end = Date.now() + SECONDS * 1_000;
    const counts = { processes: 0, killed: 0, loads: 0, applied: 0, refused: 0, cancelled: 0, paused: 0, resumed: 0, retried: 0 };
    const wrong: Ended[] = [];
    const slot = async (): Promise<void> => {
      while (Date.now() < end) {
        const child = startGovblog(place, random(2) === 0 ? ['run', '--json'] : ['work']);
        counts.processes += 1;
        const ended = await ending(child, 500 + random(6_000), random(5) === 0 ? 'SIGTERM' : 'SIGKILL');
        if (ended.signal === 'SIGKILL') counts.killed += 1;
        // `govblog run` has no handler: it dies of SIGTERM as it should.
        else if (ended.signal !== 'SIGTERM' && ended.code !== 0) wrong.push(ended);
      }
    };
    const steer = async (): Promise<void> => {
      while (Date.now() < end) {
        await wait(100 + random(500));
        await disturb(steering, random, counts, load);
      }
    };
    await Promise.all([...Array.from({ length: PROCESSES }, slot), steer()]);
    expect(wrong).toEqual([]);

    await makeUp(steering, place);
    const runs = await steering.app.store.query<RunRow>(
      'SELECT id, job, partition_key, status, started_at, finished_at, error FROM partition_run ORDER BY job, partition_key, id',
    );
    if (process.env['SOAK_SECONDS'] !== undefined)
      process.stderr.write(
        `${JSON.stringify({ seconds: SECONDS, ...counts, posts: loaded.length, runs: statuses(runs), failures: failuresOf(runs) })}\n`,
      );
    expect(overlaps(runs)).toEqual([]);
    expect(counts.killed).toBeGreaterThan(SECONDS / 10);

    await expectNothingHalf(steering);
    const jobs = await steering.app.operations({ schedule: null, nextRunAt: () => null }).jobs();
    expect(jobs.map(({ name, missing, running, expected }) => [name, missing.length, running.length, expected])).toEqual(
      ['accountDay', 'posts', 'interactions'].map((name) => [name, 0, 0, 12]),
    );
    const left = (await listBackfills(steering.app.backfills, { limit: 10_000 })).filter(
      ({ status }) => status !== 'published' && status !== 'cancelled',
    );
    expect(left).toEqual([]);

    const twin = await openTestApp('sqlite', { clock: systemClock });
    await twin.load(loaded);
    await twin.app.night();
    expect((await currentSnapshot(steering.app.store))!.contentHash).toBe((await currentSnapshot(twin.app.store))!.contentHash);
    expect(await (await steering.ask(MONTHS)).rows()).toEqual(await (await twin.ask(MONTHS)).rows());
    await twin.close();
    await steering.close();
    await place.remove();
  },
);

/** The end of a process that is given so long to live. */
async function ending(child: Running, ms: number, by: NodeJS.Signals): Promise<Ended> {
  const timer = setTimeout(() => child.kill(by), ms);
  // A worker that was asked to stop must do so.
  const last = setTimeout(() => child.kill('SIGABRT'), ms + 30_000);
  const ended = await child.ended;
  clearTimeout(timer);
  clearTimeout(last);
  return ended;
}

type Counts = Record<'loads' | 'applied' | 'refused' | 'cancelled' | 'paused' | 'resumed' | 'retried', number>;

/** One thing that people and crawlers do. */
async function disturb(
  steering: TestApp,
  random: (most: number) => number,
  counts: Counts,
  load: (count: number) => Promise<void>,
): Promise<void> {
  const tools = steering.app.backfills;
  const month = (): string => `2012-${String(1 + random(12)).padStart(2, '0')}-10`;
  const one = async (): Promise<number | null> => {
    const live = await listBackfills(tools, { live: true });
    return live[random(Math.max(1, live.length))]?.id ?? null;
  };
  const steered = async (name: 'cancelled' | 'paused' | 'resumed' | 'retried', act: typeof cancelBackfill): Promise<void> => {
    const id = await one();
    if (id === null) return;
    await act(tools, id, 'the soak');
    counts[name] += 1;
  };
  try {
    const choice = random(10);
    if (choice < 3) {
      await load(1 + random(5));
      counts.loads += 1;
    } else if (choice < 6) {
      const [from, to] = [month(), month()].sort() as [string, string];
      const job = ['accountDay', 'posts', 'interactions'][random(3)]!;
      const { token } = await planBackfill(tools, { job, from, to, reason: 'the soak' }, 'the soak');
      await applyBackfill(tools, token, 'the soak');
      counts.applied += 1;
    } else if (choice < 7) await steered('cancelled', cancelBackfill);
    else if (choice < 8) await steered('paused', pauseBackfill);
    else if (choice < 9) await steered('resumed', resumeBackfill);
    else await steered('retried', retryBackfill);
  } catch (error) {
    // Others were quicker, which is what these answers are for.
    if (!(error instanceof GovblogError) || !['CONFLICT', 'PLAN_DRIFTED'].includes(error.code)) throw error;
    counts.refused += 1;
  }
}

/** What is left is done in peace: everything that is paused goes on, and one process works off everything. */
async function makeUp({ app }: TestApp, place: Place): Promise<void> {
  for (const { id, status } of await listBackfills(app.backfills, { live: true, limit: 10_000 }))
    if (status === 'paused') await resumeBackfill(app.backfills, id, 'the soak');
  for (let round = 0; round < 2; round += 1)
    expect(await startGovblog(place, ['run', '--json']).ended).toMatchObject({ code: 0, signal: null, err: '' });
}

const failuresOf = (runs: readonly RunRow[]): string[] => [
  ...new Set(runs.filter(({ status }) => status === 'failed').map(({ job, error }) => `${job}: ${error}`)),
];
const statuses = (runs: readonly RunRow[]): Record<string, number> =>
  runs.reduce<Record<string, number>>((sum, { status }) => ({ ...sum, [status]: (sum[status] ?? 0) + 1 }), {});
