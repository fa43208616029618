import { fromSqlInstant, toSqlInstant } from '../model/time';
import { currentMark } from '../store/marks';
import type { Store } from '../store/store';
import { backfillReason } from '../warehouse/backfillRows';
import { expectedPartitions } from '../warehouse/missing';
import type { Job } from './job';
import { publishNight } from './night';
import { someNightRuns } from './nights';
import { stateOf } from './jobState';
import { buildAll, type RunnerTools, type RunOutcome } from './runDue';

export interface WorkOutcome {
  /** What became of the partitions, by backfill. */
  readonly backfills: readonly (RunOutcome & { readonly backfill: number })[];
  /** The newest snapshot, and whether the work changed it. */
  readonly snapshot: string | null;
  readonly changed: boolean;
}

interface QueuedRow {
  backfill_id: number;
  partition_key: string;
  job: string;
  reason: string;
  requested_by: string;
  attempts: number;
}

/**
 * Partitions of open backfills that may be begun now, oldest backfill first. Also those whose run has lost its process:
 * the claim buries it, and the next look finds them queued.
 */
async function queued(store: Store, now: Date, dead: readonly number[]): Promise<QueuedRow[]> {
  const rows = await store.query<QueuedRow & { status: string; run_id: number | null }>(
    `SELECT p.backfill_id AS backfill_id, p.partition_key AS partition_key, p.job AS job, b.reason AS reason, b.requested_by AS requested_by, p.attempts AS attempts,
            p.status AS status, p.run_id AS run_id
     FROM backfill_partition p JOIN backfill b ON b.id = p.backfill_id
     WHERE p.status IN ('queued', 'running') AND b.state = 'open' AND (p.next_attempt_at IS NULL OR p.next_attempt_at <= ?)
     ORDER BY p.backfill_id, p.partition_key`,
    [toSqlInstant(now.getTime())],
  );
  return rows.filter(({ status, run_id }) => status === 'queued' || dead.includes(run_id!));
}

/** Whether a backfill has a partition that may be begun now. */
export const backfillsWait = async ({ store, ledger, clock }: RunnerTools): Promise<boolean> =>
  (await queued(store, clock.now(), await ledger.dead())).length > 0;

/** When the next failed partition of a backfill is tried again; null when none waits. */
export async function nextRetryAt({ store }: Pick<RunnerTools, 'store'>): Promise<Date | null> {
  const [row] = await store.query<{ at: string | null }>(
    `SELECT MIN(p.next_attempt_at) AS at FROM backfill_partition p JOIN backfill b ON b.id = p.backfill_id
     WHERE p.status = 'queued' AND b.state = 'open'`,
  );
  return row?.at ? new Date(fromSqlInstant(row.at)) : null;
}

/**
 * Works off what backfills have queued: the oldest backfill first, its oldest partition first. Stops when nothing is left that
 * may be begun, and before the next partition when a night runs or `isNightDue` says so: nights come first. What was
 * published is then published as a snapshot.
 */
export async function workBackfills(
  jobs: readonly Job[],
  tools: RunnerTools,
  zone: string,
  isNightDue: () => Promise<boolean> = async () => false,
): Promise<WorkOutcome> {
  const { store, ledger, clock } = tools;
  const mayGoOn = async (): Promise<boolean> => !(await someNightRuns(store, clock)) && !(await isNightDue());
  const outcomes: (RunOutcome & { backfill: number })[] = [];
  while (!tools.signal?.aborted && (await mayGoOn())) {
    const dead = await ledger.dead();
    await ledger.buryAll(dead);
    const [first, ...rest] = await queued(store, clock.now(), []);
    if (first === undefined) break;
    const outcome = await buildQueued(
      first.backfill_id,
      [first, ...rest.filter(({ backfill_id }) => backfill_id === first.backfill_id)],
      mayGoOn,
      jobs,
      tools,
    );
    outcomes.push({ ...outcome, backfill: first.backfill_id });
    // What is left is in other hands: they will end it, or their death will be noticed.
    if (outcome.published + outcome.failed + (outcome.cancelled ?? 0) === 0) break;
  }
  const published = outcomes.some((one) => one.published > 0);
  const newest = published && !tools.signal?.aborted ? await publishNight(jobs, tools, zone) : null;
  return { backfills: outcomes, snapshot: newest?.snapshot ?? null, changed: newest?.changed ?? false };
}

async function buildQueued(
  id: number,
  rows: readonly QueuedRow[],
  mayGoOn: () => Promise<boolean>,
  jobs: readonly Job[],
  tools: RunnerTools,
): Promise<RunOutcome> {
  const { store, ledger } = tools;
  const job = jobs.find(({ name }) => name === rows[0]!.job);
  const coverage = await ledger.coverage();
  const expected = job === undefined ? [] : expectedPartitions(coverage);
  const byKey = new Map(rows.map((row) => [row.partition_key, row]));
  // What nobody can build must not be tried for ever.
  for (const { partition_key } of rows.filter((row) => !expected.some(({ key }) => key === row.partition_key)))
    await ledger.giveUp(
      id,
      partition_key,
      job === undefined ? `There is no job "${rows[0]!.job}" any more.` : 'There are no days to build any more.',
    );
  if (job === undefined) return { job: rows[0]!.job, published: 0, failed: rows.length, elsewhere: 0 };
  const mark = await currentMark(store);
  const state = await stateOf(job, ledger, coverage);
  const due = expected
    .filter(({ key }) => byKey.has(key))
    .map((partition) => ({ ...partition, reason: backfillReason(id, byKey.get(partition.key)!.reason), backfill: id }));
  // Paused or cancelled meanwhile: no claim would succeed.
  const isOpen = async (): Promise<boolean> =>
    (await store.query("SELECT id FROM backfill WHERE id = ? AND state = 'open'", [id])).length > 0;
  const backfill = { id, attempts: ({ key }: { readonly key: string }) => byKey.get(key)?.attempts ?? 0 };
  return buildAll(
    job,
    due,
    { mark, coverage, state, backfill, mayGoOn: async () => (await isOpen()) && (await mayGoOn()) },
    { ...tools, requestedBy: rows[0]!.requested_by },
  );
}
