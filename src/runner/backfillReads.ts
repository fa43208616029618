import { GovblogError } from '../errors';
import { fromSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { etaSeconds, statusOf } from './backfillProgress';
import type {
  Backfill,
  BackfillById,
  BackfillEvent,
  BackfillFilter,
  BackfillPartitionStatus,
  BackfillTools,
  ListBackfills,
} from './backfillTypes';

interface BackfillRow {
  id: number;
  job: string;
  from_day: string;
  to_day: string;
  filter_json: string;
  reason: string;
  requested_by: string;
  requested_at: string;
  state: string;
}
interface PartitionRow {
  partition_key: string;
  status: BackfillPartitionStatus;
  attempts: number;
  error: string | null;
  run_id: number | null;
  next_attempt_at: string | null;
  expected_rows: number;
  expected_ms: number | null;
  started_at: string | null;
  finished_at: string | null;
}
interface EventRow {
  event: BackfillEvent['event'];
  made_by: string;
  made_at: string;
  note: string | null;
}

const instant = (text: string): Date => new Date(fromSqlInstant(text));

/** Throws NOT_FOUND. */
export const backfillById: BackfillById = async (tools, id) => {
  const [row] = await tools.store.query<BackfillRow>('SELECT * FROM backfill WHERE id = ?', [id]);
  if (!row) throw new GovblogError('NOT_FOUND', `There is no backfill ${id}. \`govblog backfill list\` names them.`);
  return withPartitions(tools.store, row, await presentOf(tools));
};

/** Newest first; `live` leaves out what is over. */
export const listBackfills: ListBackfills = async (tools: BackfillTools, { live = false, limit = 100 } = {}) => {
  const open = "WHERE EXISTS (SELECT 1 FROM backfill_partition p WHERE p.backfill_id = b.id AND p.status IN ('queued', 'running'))";
  const rows = await tools.store.query<BackfillRow>(`SELECT b.* FROM backfill b ${live ? open : ''} ORDER BY b.id DESC LIMIT ?`, [limit]);
  const present = await presentOf(tools);
  return Promise.all(rows.map((row) => withPartitions(tools.store, row, present)));
};

interface Present {
  readonly now: number;
  /** Runs whose process is gone. What they were building is queued, though nobody has buried them yet. */
  readonly dead: readonly number[];
}
const presentOf = async ({ ledger, clock }: BackfillTools): Promise<Present> => ({ now: clock.now().getTime(), dead: await ledger.dead() });

async function withPartitions(store: Store, row: BackfillRow, { now, dead }: Present): Promise<Backfill> {
  const stored = await store.query<PartitionRow>(
    `SELECT p.*, r.started_at AS started_at, r.finished_at AS finished_at FROM backfill_partition p LEFT JOIN partition_run r ON r.id = p.run_id
     WHERE p.backfill_id = ? ORDER BY p.partition_key`,
    [row.id],
  );
  const partitions = stored.map((one) =>
    one.status === 'running' && dead.includes(one.run_id!) ? { ...one, status: 'queued' as const } : one,
  );
  const events = await store.query<EventRow>('SELECT event, made_by, made_at, note FROM backfill_event WHERE backfill_id = ? ORDER BY id', [
    row.id,
  ]);
  const count = (status: BackfillPartitionStatus): number => partitions.filter((one) => one.status === status).length;
  const status = statusOf(row.state, partitions);
  return {
    ...{ id: row.id, job: row.job, from: row.from_day, to: row.to_day, filter: JSON.parse(row.filter_json) as BackfillFilter },
    ...{ status, reason: row.reason, requestedBy: row.requested_by, requestedAt: instant(row.requested_at) },
    ...{ done: count('published'), failed: count('failed'), total: partitions.length },
    etaSeconds: etaSeconds(
      partitions.map((one) => ({
        status: one.status,
        rows: one.expected_rows,
        expectedMs: one.expected_ms,
        tookMs:
          one.status === 'published' && one.started_at !== null && one.finished_at !== null
            ? fromSqlInstant(one.finished_at) - fromSqlInstant(one.started_at)
            : null,
        atWorkMs: one.status === 'running' && one.started_at !== null ? now - fromSqlInstant(one.started_at) : 0,
        waitMs: one.next_attempt_at === null ? 0 : Math.max(0, fromSqlInstant(one.next_attempt_at) - now),
      })),
    ),
    partitions: partitions.map((one) => ({
      ...{ partition: one.partition_key, status: one.status, attempts: one.attempts, error: one.error, run: one.run_id },
      nextAttemptAt: one.next_attempt_at === null ? null : instant(one.next_attempt_at),
    })),
    history: events.map(({ event, made_by, made_at, note }) => ({ event, by: made_by, at: instant(made_at), note })),
  };
}

/** Partitions of a job that some backfill has yet to build, or is building, oldest backfill first. */
export async function openPartitions(
  store: Store,
  job: string,
): Promise<{ backfill: number; key: string; status: BackfillPartitionStatus; state: string }[]> {
  const rows = await store.query<{ backfill_id: number; partition_key: string; status: BackfillPartitionStatus; state: string }>(
    `SELECT p.backfill_id AS backfill_id, p.partition_key AS partition_key, p.status AS status, b.state AS state
     FROM backfill_partition p JOIN backfill b ON b.id = p.backfill_id
     WHERE p.job = ? AND p.status IN ('queued', 'running') ORDER BY p.backfill_id, p.partition_key`,
    [job],
  );
  return rows.map(({ backfill_id, partition_key, status, state }) => ({ backfill: backfill_id, key: partition_key, status, state }));
}
