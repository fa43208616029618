import { fromSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import type { EngineValue } from './duckdb';
import type { Override } from './overrides';

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
