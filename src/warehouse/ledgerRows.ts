import { fromSqlInstant, type Day } from '../model/time';
import type { FailedRun } from './attempts';
import type { WarehouseFile } from './files';
import type { Partition } from './missing';

export interface LedgerRun {
  readonly id: number;
  readonly job: string;
  readonly partition: string;
  readonly status: 'running' | 'published' | 'failed' | 'abandoned' | 'cancelled';
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly sourceRows: number | null;
  readonly factRows: number | null;
  readonly file: WarehouseFile | null;
  readonly error: string | null;
  readonly attempt: number;
  /** The backfill that it was begun for. */
  readonly backfill: number | null;
  /** Who or what asked for it. */
  readonly requestedBy: string | null;
}

/** What a process says of a partition that it wants to build. */
export interface Claim {
  readonly job: string;
  readonly partition: Partition;
  readonly definition: string;
  /** Everything up to this mark will be in the facts. */
  readonly inputMark: number;
  readonly reason: string;
  /** The run that was published when the partition was found missing: a newer one means that somebody else has built it. */
  readonly before: number | null;
  readonly attempt: number;
  readonly requestedBy: string | null;
  /** Backfill whose queued partition this is. */
  readonly backfill: number | null;
}

/** What to write down of a failure. */
export interface Failure {
  readonly transient: boolean;
  /** When it is tried again; null when it is not. */
  readonly nextAttemptAt: Date | null;
}

/** A row of `partition_run` as both stores give it. */
export interface RunRow {
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
  attempt: number;
  transient: number;
  backfill_id: number | null;
  requested_by: string | null;
  next_attempt_at: string | null;
}

/** A row as a run of the ledger. */
export const asRun = (row: RunRow): LedgerRun => ({
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
  attempt: row.attempt,
  backfill: row.backfill_id,
  requestedBy: row.requested_by,
});

/** A row of a failed run as attempts are counted by. */
export const asFailedRun = (row: RunRow): FailedRun => ({
  id: row.id,
  key: row.partition_key,
  to: row.to_day,
  definition: row.definition,
  inputMark: row.input_mark,
  transient: Boolean(row.transient),
  error: row.error ?? '',
  startedAt: new Date(fromSqlInstant(row.started_at)),
  nextAttemptAt: row.next_attempt_at === null ? null : new Date(fromSqlInstant(row.next_attempt_at)),
});
