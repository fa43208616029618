import type { Clock } from '../clock';
import { fromSqlInstant, localTime, maxDay, minDay, toSqlInstant, addDays, type Day } from '../model/time';
import { isOwnerAlive, OWNER } from '../owner';
import type { Store } from '../store/store';
import type { WarehouseFile } from './files';
import type { Coverage, Mark, Partition, PublishedRun } from './missing';

export interface LedgerRun {
  readonly id: number;
  readonly job: string;
  readonly partition: string;
  readonly status: 'running' | 'published' | 'failed' | 'abandoned';
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly sourceRows: number | null;
  readonly factRows: number | null;
  readonly file: WarehouseFile | null;
  readonly error: string | null;
}

interface RunRow {
  id: number;
  job: string;
  partition_key: string;
  status: LedgerRun['status'];
  from_day: string;
  to_day: string;
  definition: string;
  input_mark: number;
  reason: string;
  owner: string;
  started_at: string;
  heartbeat_at: string;
  finished_at: string | null;
  source_rows: number | null;
  fact_rows: number | null;
  uri: string | null;
  bytes: number | null;
  sha256: string | null;
  error: string | null;
}

/** The record of what was built, by whom, from what, and what may be read. Every change is one row in one transaction. */
export class Ledger {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
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

  async marks(): Promise<Mark[]> {
    const rows = await this.store.query<{ mark: number; fact: string; from_day: string; to_day: string; reason: string }>(
      'SELECT mark, fact, from_day, to_day, reason FROM stale_range ORDER BY mark',
    );
    return rows.map(({ mark, fact, from_day, to_day, reason }) => ({ mark, fact, from: from_day, to: to_day, reason }));
  }

  /** Takes a partition for this process; null when another live process has it. The unique key decides races. */
  async claim(job: string, partition: Partition, definition: string, inputMark: number, reason: string): Promise<number | null> {
    const now = toSqlInstant(this.clock.now().getTime());
    return this.store.write(async (tx) => {
      const [holder] = await tx.query<RunRow>('SELECT * FROM partition_run WHERE job = ? AND partition_key = ? AND running = 1', [
        job,
        partition.key,
      ]);
      if (holder) {
        if (this.isAlive(holder)) return null;
        await tx.run("UPDATE partition_run SET running = NULL, status = 'abandoned', finished_at = ?, error = ? WHERE id = ?", [
          now,
          'The process that built it ended without a word.',
          holder.id,
        ]);
      }
      return tx
        .insertOne('partition_run', {
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
        })
        .catch((error: unknown) => {
          if (isDuplicate(error)) return null;
          throw error;
        });
    });
  }

  async heartbeat(id: number): Promise<void> {
    await this.store.write((tx) =>
      tx.run('UPDATE partition_run SET heartbeat_at = ? WHERE id = ?', [toSqlInstant(this.clock.now().getTime()), id]),
    );
  }

  /** The one row by which a partition becomes readable. Refused when the run was taken over in the meantime. */
  async publish(id: number, file: WarehouseFile, sourceRows: number, factRows: number): Promise<boolean> {
    const changed = await this.store.write((tx) =>
      tx.run(
        "UPDATE partition_run SET running = NULL, status = 'published', finished_at = ?, uri = ?, bytes = ?, sha256 = ?, source_rows = ?, fact_rows = ? WHERE id = ? AND running = 1",
        [toSqlInstant(this.clock.now().getTime()), file.uri, file.bytes, file.sha256, sourceRows, factRows, id],
      ),
    );
    return changed === 1;
  }

  async fail(id: number, error: string): Promise<void> {
    await this.store.write((tx) =>
      tx.run("UPDATE partition_run SET running = NULL, status = 'failed', finished_at = ?, error = ? WHERE id = ? AND running = 1", [
        toSqlInstant(this.clock.now().getTime()),
        error.slice(0, 4000),
        id,
      ]),
    );
  }

  /** The newest runs of a job, newest first. */
  async lastRuns(job: string, count: number): Promise<LedgerRun[]> {
    return (await this.store.query<RunRow>('SELECT * FROM partition_run WHERE job = ? ORDER BY id DESC LIMIT ?', [job, count])).map(asRun);
  }

  private isAlive({ owner, heartbeat_at }: RunRow): boolean {
    return isOwnerAlive(owner, fromSqlInstant(heartbeat_at), this.clock.now());
  }
}

const asRun = (row: RunRow): LedgerRun => ({
  id: row.id,
  job: row.job,
  partition: row.partition_key,
  status: row.status,
  from: row.from_day,
  to: row.to_day,
  reason: row.reason,
  startedAt: new Date(fromSqlInstant(row.started_at)),
  finishedAt: row.finished_at === null ? null : new Date(fromSqlInstant(row.finished_at)),
  sourceRows: row.source_rows,
  factRows: row.fact_rows,
  file: row.uri === null ? null : { uri: row.uri, bytes: row.bytes!, sha256: row.sha256! },
  error: row.error,
});

/** Both stores' ways to say that a unique key exists. */
const isDuplicate = (error: unknown): boolean => {
  const { code } = error as { code?: string };
  return code === 'ER_DUP_ENTRY' || (code ?? '').startsWith('SQLITE_CONSTRAINT');
};

/** The widest span of several coverages, or null when there is none. */
export const spanOf = (coverage: readonly Coverage[]): { from: Day; to: Day } | null => {
  const from = minDay(...coverage.map((one) => one.from));
  const to = maxDay(...coverage.map((one) => one.to));
  return from === null || to === null ? null : { from, to };
};
