import type { Day } from '../model/time';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import type { EngineValue } from './duckdb';

/** `block`: a partition that fails is not published. `warn`: it is published, and the finding goes with it. */
export type Severity = 'block' | 'warn';
/** `overridden`: it failed, and somebody took responsibility for publishing all the same. */
export type Outcome = 'passed' | 'failed' | 'overridden';

/** One offending row, or a line of numbers that should agree. */
export type SampleRow = Readonly<Record<string, EngineValue>>;

/** What one audit found in the file of one run. */
export interface AuditResult {
  readonly audit: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  /** What is wrong, with numbers; null when nothing is. */
  readonly message: string | null;
  readonly sample: readonly SampleRow[];
  /** Who let it through and why; null unless it was overridden. */
  readonly override: Pick<Override, 'id' | 'reason' | 'madeBy' | 'madeAt'> | null;
}

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

/** What the readers of a snapshot should know of its audits: what failed and was published all the same. */
export interface AuditNote {
  readonly job: string;
  readonly partition: string;
  readonly audit: string;
  readonly severity: Severity;
  readonly message: string;
  /** Why it was let through, by whom and when; null for a warning. */
  readonly reason: string | null;
  readonly by: string | null;
  readonly at: Date | null;
}

/** Most offending rows that are kept of one finding. */
export const SAMPLE_ROWS = 10;
const MOST = { message: 2_000, cell: 200, sample: 16_000 } as const;

/** Keeps what the audits of a run found. */
export async function recordResults(store: Store, run: number, results: readonly AuditResult[]): Promise<void> {
  if (results.length === 0) return;
  await store.write((tx) =>
    tx.insert(
      'audit_result',
      ['run_id', 'audit', 'severity', 'outcome', 'message', 'sample', 'override_id'],
      results.map(({ audit, severity, outcome, message, sample, override }) => [
        run,
        audit,
        severity,
        outcome,
        message === null ? null : message.slice(0, MOST.message),
        sample.length === 0 ? null : sampleJson(sample),
        override?.id ?? null,
      ]),
    ),
  );
}

/** Some rows as JSON that fits its column: long texts are cut, and rows that do not fit are left out. */
export function sampleJson(rows: readonly SampleRow[]): string {
  const cut = rows
    .slice(0, SAMPLE_ROWS)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' && value.length > MOST.cell ? `${value.slice(0, MOST.cell)}…` : value,
        ]),
      ),
    );
  while (cut.length > 1 && Buffer.byteLength(JSON.stringify(cut)) > MOST.sample) cut.pop();
  return JSON.stringify(cut);
}

interface ResultRow {
  run_id: number;
  job: string;
  partition_key: string;
  audit: string;
  severity: Severity;
  outcome: Outcome;
  message: string | null;
  sample: string | null;
  override_id: number | null;
  reason: string | null;
  made_by: string | null;
  made_at: string | null;
}

const RESULTS = `SELECT a.run_id, r.job, r.partition_key, a.audit, a.severity, a.outcome, a.message, a.sample, a.override_id, o.reason, o.made_by, o.made_at
  FROM audit_result a JOIN partition_run r ON r.id = a.run_id LEFT JOIN audit_override o ON o.id = a.override_id`;

/** What the audits of a run found, in the order in which they were asked. */
export async function resultsOf(store: Store, run: number): Promise<AuditResult[]> {
  return (await store.query<ResultRow>(`${RESULTS} WHERE a.run_id = ? ORDER BY a.id`, [run])).map(asResult);
}

/** A finding with the run that it is about. */
export interface Finding extends AuditResult {
  readonly run: number;
  readonly job: string;
  readonly partition: string;
}

/** What audits found wrong in the newest run of each partition, newest run first. */
export async function openFindings(store: Store, most = 200): Promise<Finding[]> {
  const rows = await store.query<ResultRow>(
    `${RESULTS} WHERE a.outcome IN ('failed', 'overridden') AND NOT EXISTS (
       SELECT 1 FROM partition_run later WHERE later.job = r.job AND later.partition_key = r.partition_key AND later.id > r.id AND later.status IN ('published', 'failed')
     ) ORDER BY a.run_id DESC, a.id LIMIT ?`,
    [most],
  );
  return rows.map((row) => ({ ...asResult(row), run: row.run_id, job: row.job, partition: row.partition_key }));
}

/**
 * What failed in runs whose files a snapshot holds and was published all the same. The run that counts is the
 * last that made the file before the snapshot was published, so that what is said of a snapshot never changes.
 */
export async function notesOf(store: Store, snapshot: string): Promise<AuditNote[]> {
  const [imported] = await store.query<{ audit_notes: string }>('SELECT audit_notes FROM snapshot_import WHERE snapshot_id = ?', [
    snapshot,
  ]);
  if (imported) return notesFromJson(JSON.parse(imported.audit_notes));
  const rows = await store.query<ResultRow>(
    `SELECT r.job, r.partition_key, a.audit, a.severity, a.message, o.reason, o.made_by, o.made_at
     FROM audit_result a JOIN partition_run r ON r.id = a.run_id AND r.status = 'published'
     JOIN snapshot_file f ON f.snapshot_id = ? AND f.uri = r.uri JOIN snapshot s ON s.id = f.snapshot_id AND r.finished_at <= s.published_at
     LEFT JOIN audit_override o ON o.id = a.override_id
     WHERE a.outcome IN ('failed', 'overridden') AND NOT EXISTS (
       SELECT 1 FROM partition_run later WHERE later.job = r.job AND later.partition_key = r.partition_key AND later.status = 'published'
       AND later.uri = r.uri AND later.id > r.id AND later.finished_at <= s.published_at
     ) ORDER BY r.job, r.partition_key, a.id`,
    [snapshot],
  );
  return rows.map((row) => ({
    job: row.job,
    partition: row.partition_key,
    audit: row.audit,
    severity: row.severity,
    message: row.message ?? '',
    reason: row.reason,
    by: row.made_by,
    at: asDate(row.made_at),
  }));
}

/** Notes as an archive carries them. */
export const notesFromJson = (json: unknown): AuditNote[] =>
  (json as (Omit<AuditNote, 'at'> & { at: string | null })[]).map(({ at, ...note }) => ({
    ...note,
    at: at === null ? null : new Date(at),
  }));

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

const asResult = (row: ResultRow): AuditResult => ({
  audit: row.audit,
  severity: row.severity,
  outcome: row.outcome,
  message: row.message,
  sample: row.sample === null ? [] : (JSON.parse(row.sample) as SampleRow[]),
  override:
    row.override_id === null
      ? null
      : { id: row.override_id, reason: row.reason!, madeBy: row.made_by!, madeAt: new Date(fromSqlInstant(row.made_at!)) },
});

const asDate = (text: string | null): Date | null => (text === null ? null : new Date(fromSqlInstant(text)));
