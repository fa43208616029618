import { fromSqlInstant, toSqlInstant, type Day } from '../model/time';
import type { Store } from '../store/store';

/** Somebody's word that one audit of one partition may fail for the data that it failed on, until they are published. */
export interface Override {
  readonly id: number;
  readonly job: string;
  readonly partition: string;
  readonly audit: string;
  readonly reason: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** The run that failed. */
  readonly run: number;
}

/** The runs that an override may be for: what it needs to know of a run. */
export interface AuditedRun {
  readonly id: number;
  readonly job: string;
  readonly partition: string;
  readonly status: string;
  readonly definition: string;
  readonly mark: number;
  readonly from: Day;
  readonly to: Day;
}

/** The newest run of a partition that came to an end, or null. */
export async function lastRunOf(store: Store, job: string, partition: string): Promise<AuditedRun | null> {
  const [row] = await store.query<Record<'id' | 'input_mark', number> & Record<'status' | 'definition' | 'from_day' | 'to_day', string>>(
    `SELECT id, status, definition, input_mark, from_day, to_day FROM partition_run
     WHERE job = ? AND partition_key = ? AND status IN ('published', 'failed') ORDER BY id DESC LIMIT 1`,
    [job, partition],
  );
  if (!row) return null;
  const { id, status, definition, input_mark: mark, from_day: from, to_day: to } = row;
  return { id, job, partition, status, definition, mark, from, to };
}

/** Keeps an override of an audit that a run failed. */
export async function keepOverride(
  store: Store,
  run: AuditedRun,
  { audit, reason, madeBy, madeAt }: Pick<Override, 'audit' | 'reason' | 'madeBy' | 'madeAt'>,
): Promise<number> {
  return store.write((tx) =>
    tx.insertOne('audit_override', {
      job: run.job,
      partition_key: run.partition,
      audit,
      definition: run.definition,
      input_mark: run.mark,
      from_day: run.from,
      to_day: run.to,
      run_id: run.id,
      reason,
      made_by: madeBy,
      made_at: toSqlInstant(madeAt.getTime()),
    }),
  );
}

/** Whether days of a fact table were marked stale after a mark. */
export async function hasMarksSince(store: Store, fact: string, mark: number, from: Day, to: Day): Promise<boolean> {
  const rows = await store.query('SELECT mark FROM stale_range WHERE fact = ? AND mark > ? AND from_day <= ? AND to_day >= ? LIMIT 1', [
    fact,
    mark,
    to,
    from,
  ]);
  return rows.length > 0;
}

/** What is about to be published, as an override must match it. */
export interface Audited {
  readonly run: number;
  readonly job: string;
  readonly partition: string;
  readonly fact: string;
  readonly definition: string;
  readonly from: Day;
  readonly to: Day;
}

/**
 * The override that holds for an audit of what is about to be published: of the same definition and the same days, with no mark
 * since that touches them, and not used by a run that was published. Null when there is none.
 */
export async function overrideFor(
  store: Store,
  { job, partition, fact, definition, from, to }: Audited,
  audit: string,
): Promise<Override | null> {
  const rows = await store.query<OverrideRow>(
    `SELECT * FROM audit_override o WHERE job = ? AND partition_key = ? AND audit = ? AND definition = ? AND from_day = ? AND to_day = ?
     AND NOT EXISTS (
       SELECT 1 FROM audit_result a JOIN partition_run r ON r.id = a.run_id WHERE a.override_id = o.id AND r.status = 'published'
     ) ORDER BY id DESC`,
    [job, partition, audit, definition, from, to],
  );
  for (const row of rows) if (!(await hasMarksSince(store, fact, row.input_mark, from, to))) return asOverride(row);
  return null;
}

/** All overrides, newest first. */
export async function listOverrides(store: Store): Promise<Override[]> {
  return (await store.query<OverrideRow>('SELECT * FROM audit_override ORDER BY id DESC')).map(asOverride);
}

interface OverrideRow {
  id: number;
  job: string;
  partition_key: string;
  audit: string;
  input_mark: number;
  run_id: number;
  reason: string;
  made_by: string;
  made_at: string;
}

const asOverride = (row: OverrideRow): Override => ({
  id: row.id,
  job: row.job,
  partition: row.partition_key,
  audit: row.audit,
  reason: row.reason,
  madeBy: row.made_by,
  madeAt: new Date(fromSqlInstant(row.made_at)),
  run: row.run_id,
});
