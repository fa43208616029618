import type { Clock } from '../clock';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import { isOwnerAlive, OWNER } from '../owner';
import type { Store, Tx } from '../store/store';
import { giveBack, takeQueued } from './backfillRows';
import type { Claim, RunRow } from './ledgerRows';

/** How many partitions may be built at once, by all processes that share the store. */
export interface BuildLimits {
  /** Of all jobs and rollups together. */
  readonly overall: number;
  /** Of one job, or of one rollup. */
  readonly perJob: number;
}

export const NO_LIMITS: BuildLimits = { overall: Infinity, perJob: Infinity };

/** The run that was begun; null when another live process has the partition or has built it; `full` when the limits leave no room. */
export type Claimed = number | null | 'full';

/** Runs that this process is at work on: what it holds and has forgotten (the store was away when it ended) is dead. */
const HELD = new Set<number>();

/** The process has stopped working on a run, whatever became of it. */
export const releaseRun = (id: number): void => void HELD.delete(id);

type RunningRow = Pick<RunRow, 'id' | 'job' | 'partition_key' | 'owner' | 'heartbeat_at'>;

export const isRunAlive = ({ id, owner, heartbeat_at }: Pick<RunRow, 'id' | 'owner' | 'heartbeat_at'>, clock: Clock): boolean =>
  owner === OWNER ? HELD.has(id) : isOwnerAlive(owner, fromSqlInstant(heartbeat_at), clock.now());

const RUNNING = 'SELECT id, job, partition_key, owner, heartbeat_at FROM partition_run WHERE running = 1';

const leavesRoom = (runs: readonly RunningRow[], job: string, { overall, perJob }: BuildLimits): boolean =>
  runs.length < overall && runs.filter((run) => run.job === job).length < perJob;

/** Whether one more partition of a job might be begun now. Nothing is promised: a claim may be quicker. */
export async function hasRoom(store: Store, clock: Clock, limits: BuildLimits, job: string): Promise<boolean> {
  const runs = (await store.query<RunningRow>(RUNNING)).filter((run) => isRunAlive(run, clock));
  return leavesRoom(runs, job, limits);
}

/** Until commit nobody else begins a run: what is counted stays so. SQLite's write transaction is already alone. */
export async function lockClaims(store: Store, tx: Tx): Promise<void> {
  if (store.dialect === 'mysql') await tx.upsert('store_property', ['name'], ['name', 'value'], [['claims', 'one at a time']]);
}

/** Takes a partition for this process, unless somebody alive has it or the limits are reached. The unique key decides races. */
export async function claimPartition(store: Store, clock: Clock, limits: BuildLimits, claim: Claim): Promise<Claimed> {
  const { job, partition, definition, inputMark, reason, before, attempt, requestedBy, backfill } = claim;
  let mine: number | null = null;
  return store
    .write(async (tx): Promise<Claimed> => {
      mine = null;
      await lockClaims(store, tx);
      // Not before the lock: whoever had it until now may have ended a run later than this process asked.
      const now = toSqlInstant(clock.now().getTime());
      const running = await tx.query<RunningRow>(RUNNING);
      const holder = running.find((run) => run.job === job && run.partition_key === partition.key);
      if (holder) {
        if (isRunAlive(holder, clock)) return null;
        await buryRun(tx, holder.id, now);
      }
      const live = running.filter((run) => isRunAlive(run, clock));
      if (!leavesRoom(live, job, limits)) return 'full';
      const id = await tx.insertOne('partition_run', {
        job,
        partition_key: partition.key,
        running: 1,
        status: 'running',
        from_day: partition.from,
        to_day: partition.to,
        definition,
        input_mark: inputMark,
        reason: reason.slice(0, 400),
        owner: OWNER,
        started_at: now,
        heartbeat_at: now,
        attempt,
        requested_by: requestedBy?.slice(0, 120) ?? null,
        backfill_id: backfill,
      });
      // Before the commit: as soon as others can see the row, it must be known to be alive.
      HELD.add((mine = id));
      // From here on nobody else can publish this partition: what was published until now decides.
      const [newest] = await tx.query<{ id: number | null }>(
        "SELECT MAX(id) AS id FROM partition_run WHERE job = ? AND partition_key = ? AND status = 'published'",
        [job, partition.key],
      );
      if ((newest?.id ?? null) !== before) throw new NotOurs();
      if (backfill !== null && !(await takeQueued(tx, backfill, partition.key, { id, inputMark }))) throw new NotOurs();
      await tx.run('UPDATE partition_run SET next_attempt_at = NULL WHERE job = ? AND partition_key = ? AND next_attempt_at IS NOT NULL', [
        job,
        partition.key,
      ]);
      return id;
    })
    .catch((error: unknown) => {
      if (mine !== null) HELD.delete(mine);
      if (error instanceof NotOurs || isDuplicate(error)) return null;
      throw error;
    });
}

/** Ends a run whose process is gone; what it held for a backfill is queued again, and the attempt does not count. */
export async function buryRun(tx: Tx, id: number, now: string, error = 'The process that built it ended without a word.'): Promise<void> {
  await tx.run("UPDATE partition_run SET running = NULL, status = 'abandoned', finished_at = ?, error = ? WHERE id = ?", [now, error, id]);
  await giveBack(tx, id);
}

/** Thrown inside a transaction to undo a claim. */
class NotOurs extends Error {}

/** Both stores' ways to say that a unique key exists. */
const isDuplicate = (error: unknown): boolean => {
  const { code } = error as { code?: string };
  return code === 'ER_DUP_ENTRY' || (code ?? '').startsWith('SQLITE_CONSTRAINT');
};
