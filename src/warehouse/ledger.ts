import type { Clock } from '../clock';
import { localTime, maxDay, minDay, toSqlInstant, addDays, type Day } from '../model/time';
import type { Store } from '../store/store';
import type { FailedRun } from './attempts';
import { backfillMarks, noteFailure, satisfy } from './backfillRows';
import { buryRun, claimPartition, hasRoom, isRunAlive, NO_LIMITS, releaseRun, type BuildLimits, type Claimed } from './claims';
import type { WarehouseFile } from './files';
import { asFailedRun, asRun, type Claim, type Failure, type LedgerRun, type RunRow } from './ledgerRows';
import type { Coverage, Mark, PublishedRun } from './missing';

export type { Claim, Failure, LedgerRun } from './ledgerRows';

/** The record of what was built, by whom, from what, and what may be read. Every change is one row in one transaction. */
export class Ledger {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    readonly limits: BuildLimits = NO_LIMITS,
  ) {}

  /** The days each platform covers: up to its last observation, and never today, which is not over. */
  async coverage(): Promise<Coverage[]> {
    const rows = await this.store.query<Record<'platform' | 'zone' | 'opened' | 'posted' | 'seen' | 'last', string | null>>(
      `SELECT a.platform AS platform, MIN(p.time_zone) AS zone, MIN(a.opened_on) AS opened, MIN(a.first_post_on) AS posted,
              MIN(a.first_observed_on) AS seen, MAX(a.last_observed_on) AS last
       FROM account a JOIN platform p ON p.code = a.platform GROUP BY a.platform`,
    );
    return rows.flatMap(({ platform, zone, opened, posted, seen, last }) => {
      const from = minDay(opened, posted, seen);
      const yesterday = addDays(localTime(this.clock.now().getTime(), zone!).day, -1);
      const to = minDay(last, yesterday);
      return from === null || to === null || from > to ? [] : [{ platform: platform!, from, to }];
    });
  }

  /** The newest published run of each partition of a job. */
  async published(job: string): Promise<Map<string, PublishedRun & { readonly run: LedgerRun }>> {
    const rows = await this.store.query<RunRow>("SELECT * FROM partition_run WHERE job = ? AND status = 'published' ORDER BY id", [job]);
    return new Map(
      rows.map((row) => [
        row.partition_key,
        { key: row.partition_key, to: row.to_day, definition: row.definition, inputMark: row.input_mark, run: asRun(row) },
      ]),
    );
  }

  /** What makes partitions stale, in order: days that were marked, and partitions of backfills that are not over. */
  async marks(): Promise<Mark[]> {
    const days = await this.store.query<Record<'fact' | 'from_day' | 'to_day' | 'reason', string> & { mark: number }>(
      'SELECT mark, fact, from_day, to_day, reason FROM stale_range',
    );
    return [
      ...days.map(({ mark, fact, from_day, to_day, reason }) => ({ mark, fact, from: from_day, to: to_day, reason })),
      ...(await backfillMarks(this.store)),
    ].sort((a, b) => a.mark - b.mark);
  }

  /** Takes a partition for this process, when nobody has it and `limits` leave room. */
  claim(claim: Claim): Promise<Claimed> {
    return claimPartition(this.store, this.clock, this.limits, claim);
  }

  /** Whether one more partition of a job might be begun now. */
  hasRoom(job: string): Promise<boolean> {
    return hasRoom(this.store, this.clock, this.limits, job);
  }

  /** The process has stopped working on a run, whatever became of it. */
  release(id: number): void {
    releaseRun(id);
  }

  async heartbeat(id: number): Promise<void> {
    await this.store.write((tx) =>
      tx.run('UPDATE partition_run SET heartbeat_at = ? WHERE id = ?', [toSqlInstant(this.clock.now().getTime()), id]),
    );
  }

  /** Whether a run was cancelled; false when it lost its partition in another way. */
  async isCancelled(id: number): Promise<boolean> {
    return (await this.store.query("SELECT id FROM partition_run WHERE id = ? AND status = 'cancelled'", [id])).length > 0;
  }

  /** Whether a run still has its partition: not when it was cancelled or taken over. */
  async isHeld(id: number): Promise<boolean> {
    const [row] = await this.store.query<{ running: number | null }>('SELECT running FROM partition_run WHERE id = ?', [id]);
    return row?.running === 1;
  }

  /**
   * The one row by which a partition becomes readable, and with it every backfill that asked for it and whose mark the run
   * has seen is satisfied. Refused when the run was cancelled or taken over in the meantime.
   */
  async publish(id: number, file: WarehouseFile, sourceRows: number, factRows: number): Promise<boolean> {
    return this.store.write(async (tx) => {
      const changed = await tx.run(
        "UPDATE partition_run SET running = NULL, status = 'published', finished_at = ?, uri = ?, bytes = ?, sha256 = ?, source_rows = ?, fact_rows = ? WHERE id = ? AND running = 1",
        [toSqlInstant(this.clock.now().getTime()), file.uri, file.bytes, file.sha256, sourceRows, factRows, id],
      );
      if (changed === 0) return false;
      const [run] = await tx.query<RunRow>('SELECT * FROM partition_run WHERE id = ?', [id]);
      const { job, partition_key, input_mark } = run!;
      await satisfy(tx, { id, job, key: partition_key, inputMark: input_mark });
      return true;
    });
  }

  /**
   * A run that failed. Its partition of a backfill is queued for the next attempt, or has failed for good. False when the run
   * had been cancelled or taken over: then nothing is changed.
   */
  async fail(
    id: number,
    error: string,
    { transient, nextAttemptAt }: Failure = { transient: false, nextAttemptAt: null },
  ): Promise<boolean> {
    const next = nextAttemptAt && toSqlInstant(nextAttemptAt.getTime());
    return this.store.write(async (tx) => {
      const changed = await tx.run(
        `UPDATE partition_run SET running = NULL, status = 'failed', finished_at = ?, error = ?, transient = ?,
           next_attempt_at = CASE WHEN backfill_id IS NULL THEN ? END WHERE id = ? AND running = 1`,
        [toSqlInstant(this.clock.now().getTime()), error.slice(0, 4000), transient, next, id],
      );
      if (changed === 0) return false;
      await noteFailure(tx, id, error.slice(0, 4000), transient, next);
      return true;
    });
  }

  /** A run that its process gave up because it is to stop: nobody's fault, and the next one builds the partition. */
  async abandon(id: number): Promise<void> {
    await this.store.write(async (tx) => {
      const [row] = await tx.query<RunRow>('SELECT * FROM partition_run WHERE id = ? AND running = 1', [id]);
      if (row) await buryRun(tx, id, toSqlInstant(this.clock.now().getTime()), 'The process that built it was stopped.');
    });
  }

  /** Failed runs that nothing published since has made good and that no override answers, oldest first. */
  async failures(job: string): Promise<FailedRun[]> {
    const rows = await this.store.query<RunRow>(
      `SELECT r.* FROM partition_run r WHERE r.job = ? AND r.status = 'failed' AND NOT EXISTS (
         SELECT 1 FROM partition_run p WHERE p.job = r.job AND p.partition_key = r.partition_key AND p.status = 'published' AND p.id > r.id
       ) AND NOT EXISTS (
         SELECT 1 FROM audit_override o WHERE o.job = r.job AND o.partition_key = r.partition_key AND o.run_id >= r.id
       ) ORDER BY r.id`,
      [job],
    );
    return rows.map(asFailedRun);
  }

  /** Whether a failed partition is to be tried again now, between two nights. */
  async retryIsDue(): Promise<boolean> {
    const now = toSqlInstant(this.clock.now().getTime());
    return (await this.store.query('SELECT id FROM partition_run WHERE next_attempt_at <= ? LIMIT 1', [now])).length > 0;
  }

  /** What was due has had its turn, also where it was not missing any more. */
  async retriesDone(until: Date): Promise<void> {
    await this.store.write((tx) =>
      tx.run('UPDATE partition_run SET next_attempt_at = NULL WHERE next_attempt_at <= ?', [toSqlInstant(until.getTime())]),
    );
  }

  /** Runs whose process is gone. */
  async dead(): Promise<number[]> {
    const rows = await this.store.query<RunRow>('SELECT * FROM partition_run WHERE running = 1');
    return rows.filter((row) => !isRunAlive(row, this.clock)).map(({ id }) => id);
  }

  /** Ends runs whose process is gone, so that what they held for backfills is queued again. */
  async buryAll(ids: readonly number[]): Promise<void> {
    const now = toSqlInstant(this.clock.now().getTime());
    for (const id of ids)
      await this.store.write(async (tx) => {
        const [row] = await tx.query<RunRow>('SELECT * FROM partition_run WHERE id = ? AND running = 1', [id]);
        if (row && !isRunAlive(row, this.clock)) await buryRun(tx, id, now);
      });
  }

  /** A partition of a backfill that nobody can build. */
  async giveUp(backfill: number, key: string, error: string): Promise<void> {
    await this.store.write((tx) =>
      tx.run(
        "UPDATE backfill_partition SET status = 'failed', error = ? WHERE backfill_id = ? AND partition_key = ? AND status = 'queued'",
        [error, backfill, key],
      ),
    );
  }

  /** Runs of live processes. */
  async running(): Promise<LedgerRun[]> {
    const rows = await this.store.query<RunRow>('SELECT * FROM partition_run WHERE running = 1 ORDER BY id');
    return rows.filter((row) => isRunAlive(row, this.clock)).map(asRun);
  }

  /** The newest runs of a job, newest first; all, or those of one status. */
  async lastRuns(job: string, count: number, status: LedgerRun['status'] | null = null): Promise<LedgerRun[]> {
    const rows = await this.store.query<RunRow>(
      `SELECT * FROM partition_run WHERE job = ? ${status === null ? '' : 'AND status = ?'} ORDER BY id DESC LIMIT ?`,
      [job, ...(status === null ? [] : [status]), count],
    );
    return rows.map(asRun);
  }
}

/** The widest span of several coverages, or null when there is none. */
export const spanOf = (coverage: readonly Coverage[]): { from: Day; to: Day } | null => {
  const from = minDay(...coverage.map((one) => one.from));
  const to = maxDay(...coverage.map((one) => one.to));
  return from === null || to === null ? null : { from, to };
};
