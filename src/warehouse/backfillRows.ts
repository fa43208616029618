import type { Store, Tx } from '../store/store';
import type { Mark } from './missing';

// What runs do to the partitions of backfills, each within the transaction that changes the run.

/** How a run's reason names the backfill that asked for it. */
export const backfillReason = (id: number, reason: string): string => `backfill ${id}: ${reason}`;

/** Partitions of backfills that are not over: each is a mark of exactly its days. */
export async function backfillMarks(store: Store): Promise<Mark[]> {
  const rows = await store.query<Record<'fact' | 'from_day' | 'to_day' | 'reason', string> & { mark: number; id: number }>(
    `SELECT p.mark AS mark, b.fact AS fact, p.from_day AS from_day, p.to_day AS to_day, b.reason AS reason, b.id AS id
     FROM backfill_partition p JOIN backfill b ON b.id = p.backfill_id WHERE p.status IN ('queued', 'running', 'failed')`,
  );
  return rows.map(({ mark, fact, from_day, to_day, reason, id }) => ({
    mark,
    fact,
    from: from_day,
    to: to_day,
    reason: backfillReason(id, reason),
    backfill: id,
  }));
}

/** The queued partition becomes this run's, unless the backfill was paused or cancelled, or asks for more than the run has seen. */
export async function takeQueued(
  tx: Tx,
  backfill: number,
  key: string,
  run: { readonly id: number; readonly inputMark: number },
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE backfill_partition SET status = 'running', run_id = ?, attempts = attempts + 1, next_attempt_at = NULL
     WHERE backfill_id = ? AND partition_key = ? AND status = 'queued' AND mark <= ?
       AND EXISTS (SELECT 1 FROM backfill b WHERE b.id = backfill_id AND b.state = 'open')`,
    [run.id, backfill, key, run.inputMark],
  );
  return changed === 1;
}

/** Every backfill that asked for the partition, and whose mark the published run has seen, has it. */
export async function satisfy(
  tx: Tx,
  run: { readonly id: number; readonly job: string; readonly key: string; readonly inputMark: number },
): Promise<void> {
  await tx.run(
    `UPDATE backfill_partition SET status = 'published', run_id = ?, error = NULL, next_attempt_at = NULL
     WHERE job = ? AND partition_key = ? AND mark <= ? AND status IN ('queued', 'running', 'failed')`,
    [run.id, run.job, run.key, run.inputMark],
  );
  // Asked for again while it was built: its turn comes again.
  await tx.run("UPDATE backfill_partition SET status = 'queued', run_id = NULL WHERE run_id = ? AND status = 'running'", [run.id]);
}

/** The partition is queued for its next attempt, or has failed for good. A failure of the surroundings is not counted. */
export async function noteFailure(tx: Tx, run: number, error: string, transient: boolean, nextAttemptAt: string | null): Promise<void> {
  await tx.run(
    `UPDATE backfill_partition SET status = ?, error = ?, next_attempt_at = ?, attempts = attempts - ?
     WHERE run_id = ? AND status = 'running'`,
    [nextAttemptAt === null ? 'failed' : 'queued', error, nextAttemptAt, transient ? 1 : 0, run],
  );
}

/** What a run held that ended without result is queued again, and the attempt does not count. */
export async function giveBack(tx: Tx, run: number): Promise<void> {
  await tx.run(
    "UPDATE backfill_partition SET status = 'queued', run_id = NULL, attempts = attempts - 1 WHERE run_id = ? AND status = 'running'",
    [run],
  );
}
