import type { Day } from '../model/time';
import { openWorkshop } from '../warehouse/duckdb';
import { snapshotDay, writeDimensions } from '../warehouse/dimensions';
import { spanOf, type LedgerRun } from '../warehouse/ledger';
import { sweepSpills } from '../warehouse/spills';
import { expectedPartitions, watermarkOf } from '../warehouse/missing';
import {
  assertThere,
  contentHashOf,
  currentOwnSnapshot,
  currentSnapshot,
  publishSnapshot,
  SnapshotMoved,
  type SnapshotFile,
} from '../warehouse/snapshots';
import { messageOf } from '../errors';
import type { Job } from './job';
import { disownLostFiles } from './lostFiles';
import { beginNight, type NightReason } from './nights';
import { rollupFiles } from './rollups';
import { stateOf } from './jobState';
import { runDue, type RunnerTools, type RunOutcome } from './runDue';

export interface NightOutcome {
  readonly jobs: readonly RunOutcome[];
  /** What became of the rollups that were not there yet. */
  readonly rollups: RunOutcome;
  /** Id of the snapshot that is newest afterwards; null when there is nothing to publish. */
  readonly snapshot: string | null;
  /** False when the night left the newest snapshot as it was. */
  readonly changed: boolean;
}

/** What kind of night it is; one that is told nothing of this is not written down as one. */
export interface NightKind {
  readonly reason: NightReason;
  /** When the schedule had it; null when it was asked for. */
  readonly plannedFor: Date | null;
}

/**
 * Runs every job over what it misses, then sums the facts up and publishes one snapshot of facts, rollups and dimensions.
 */
export async function runNight(jobs: readonly Job[], tools: RunnerTools, zone: string, until?: Day): Promise<NightOutcome> {
  tools.files.sweep(tools.clock.now());
  sweepSpills(tools.tempDir, tools.clock.now());
  await disownLostFiles(tools);
  const outcomes: RunOutcome[] = [];
  for (const job of jobs) {
    tools.signal?.throwIfAborted();
    outcomes.push(await runDue(job, tools, until));
  }
  tools.signal?.throwIfAborted();
  return { jobs: outcomes, ...(await publishNight(jobs, tools, zone)) };
}

/**
 * A night that the ledger knows of: begun by one process alone when it was planned, and ended with what came of it.
 * Null for a planned night that another process runs, or has run.
 */
export async function recordNight<T extends { readonly snapshot: string | null }>(
  kind: NightKind,
  tools: Pick<RunnerTools, 'store' | 'clock' | 'log'>,
  run: () => Promise<T>,
): Promise<T | null> {
  const begun = await beginNight(tools, kind.reason, kind.plannedFor);
  if (begun === null) return null;
  try {
    const outcome = await run();
    await begun.end('done', { snapshot: outcome.snapshot });
    return outcome;
  } catch (error) {
    await begun
      .end('failed', { error: messageOf(error) })
      .catch((second: unknown) => tools.log('night.failed', { error: messageOf(second) }));
    throw error;
  }
}

/** Times that a snapshot is put together anew, because another process published one meanwhile. */
const PUBLISH_ATTEMPTS = 5;

/** Publishes what the jobs have built: rollups, dimensions, and one snapshot of everything. */
export async function publishNight(jobs: readonly Job[], tools: RunnerTools, zone: string): Promise<Omit<NightOutcome, 'jobs'>> {
  for (let number = 1; ; number += 1) {
    try {
      return await publishOnce(jobs, tools, zone);
    } catch (error) {
      // What was put together from older partitions must not replace what another process has just published.
      if (!(error instanceof SnapshotMoved) || number === PUBLISH_ATTEMPTS) throw error;
    }
  }
}

async function publishOnce(jobs: readonly Job[], tools: RunnerTools, zone: string): Promise<Omit<NightOutcome, 'jobs'>> {
  const { store, ledger, files, clock, log } = tools;
  const coverage = await ledger.coverage();
  const span = spanOf(coverage);
  const previous = await currentSnapshot(store);
  const nothing = { rollups: { job: 'rollups', published: 0, failed: 0, elsewhere: 0 }, snapshot: previous?.id ?? null, changed: false };
  if (span === null) return nothing;

  const facts = await factFiles(jobs, tools, (await currentOwnSnapshot(store))?.files ?? []);
  const expected = expectedPartitions(coverage);
  const whole = watermarkOf(expected, ({ key }) =>
    jobs.every(({ fact }) => facts.some(({ table, from }) => table === fact && from?.slice(0, 7) === key)),
  );
  if (whole === null) return nothing;
  // The last published day of the last file, when an unfinished month ends before the calendar does.
  const reached = facts.filter(({ from }) => from! <= whole).reduce((last, { to }) => (to! > last ? to! : last), span.from);
  const watermark = reached < whole ? reached : whole;
  const rollups = await rollupFiles({ facts, from: span.from, watermark }, tools);

  const workshop = await openWorkshop({ memoryMb: tools.buildMemoryMb, tempDir: tools.tempDir });
  const dimensions: SnapshotFile[] = [];
  try {
    for (const { table, rows, ...file } of await writeDimensions(store, workshop, files))
      dimensions.push({ table, rows, from: null, to: null, ...file });
  } finally {
    workshop.close();
  }
  const synthetic = new Set((await store.query<{ code: string }>('SELECT code FROM platform WHERE synthetic = 1')).map(({ code }) => code));
  const all = [...facts, ...rollups.files, ...dimensions];
  assertThere(all, files);
  const contentHash = contentHashOf(all);
  const snapshot = {
    contentHash,
    from: span.from,
    watermark,
    synthetic: coverage.some(({ platform }) => synthetic.has(platform)),
    files: all,
  };
  const id = `${snapshotDay(clock, zone)}-${contentHash.slice(0, 12)}`;
  const changed = await publishSnapshot(store, id, clock.now(), snapshot, previous?.id ?? null);
  const newest = (await currentSnapshot(store))!.id;
  if (changed) log('snapshot.published', { snapshot: newest, files: all.length, watermark: snapshot.watermark });
  return { rollups: rollups.outcome, snapshot: newest, changed };
}

/**
 * The fact files of the new snapshot. A month is taken only when every job has it up to date; otherwise all cubes keep
 * the month of the previous snapshot, so that no answer mixes two states of the same month.
 */
async function factFiles(jobs: readonly Job[], { ledger }: RunnerTools, previous: readonly SnapshotFile[]): Promise<SnapshotFile[]> {
  const coverage = await ledger.coverage();
  const late = new Set<string>();
  const published = new Map<Job, ReadonlyMap<string, { readonly run: LedgerRun }>>();
  for (const job of jobs) {
    const state = await stateOf(job, ledger, coverage);
    // What only a backfill asks for is right as it is: a backfill that takes days holds back no month.
    for (const { key, backfill } of [...state.missing, ...state.poisoned]) if (backfill === undefined) late.add(key);
    published.set(job, state.published);
  }
  return expectedPartitions(coverage).flatMap(({ key, from }) =>
    jobs.flatMap((job): SnapshotFile[] => {
      const before = previous.find((file) => file.table === job.fact && file.from === from);
      const run = late.has(key) ? undefined : published.get(job)!.get(key)?.run;
      if (!run?.file) return before ? [before] : [];
      return [{ table: job.fact, rows: run.factRows!, from: run.from, to: run.to, ...run.file }];
    }),
  );
}
