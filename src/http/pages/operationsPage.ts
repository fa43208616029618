import { counted } from '../../counted';
import type { AuditEntry } from '../../access/audit';
import { markup, type Markup } from '../../export/markup';
import type { Backfill, BackfillPlan } from '../../runner/backfillTypes';
import type { NightView } from '../../runner/nights';
import type { Steering } from '../../runner/operations';
import type { JobView } from '../../runner/status';
import type { Finding } from '../../warehouse/auditLog';
import type { LedgerRun } from '../../warehouse/ledger';
import { findingsSection } from './findings';
import { table } from './tables';

/** What the page shows. */
export interface Seen {
  readonly jobs: readonly JobView[];
  readonly nights: readonly NightView[];
  readonly findings: readonly Finding[];
  readonly backfills: readonly Backfill[];
  readonly runs: readonly LedgerRun[];
  readonly audit: readonly AuditEntry[];
}

/** The page of operations, without its frame: it works without a script, which only replaces `#live` when something changes. */
export const operationsPage = (seen: Seen): Markup => markup`<main class="codebook">
<h1>Operations</h1>
<div id="live">
<section><h2>Jobs</h2>${jobTable(seen.jobs)}${failures(seen.jobs)}</section>
<section><h2>Audits</h2>${findingsSection(seen.findings)}</section>
<section><h2>Backfills</h2>${backfillTable(seen.backfills)}</section>
<section><h2>Nights</h2>${nightTable(seen.nights)}</section>
<section><h2>Last runs</h2>${runTable(seen.runs)}</section>
<section><h2>Audit log</h2>${auditTable(seen.audit)}</section>
</div>
<section id="plan"><h2>Plan a backfill</h2>${planForm(seen.jobs)}</section>
<section id="night"><h2>Run a night now</h2>
<form method="post" action="/operations/night">${field('reason', 'Why')}<button>Run</button></form></section>
</main>`;

/** What a plan says, with the button that applies it. */
export const planPage = ({
  token,
  expiresAt,
  job,
  reason,
  partitions,
  rows,
  seconds,
  changes,
}: BackfillPlan): Markup => markup`<main class="codebook">
<h1>A backfill of ${job}</h1>
<p>Nothing is done yet. ${counted(partitions.length, 'partition')}, ${counted(rows, 'source row')}, ${seconds === null ? 'no run to tell how long' : `about ${duration(seconds)}`}. Reason: ${reason}</p>
${table(
  ['Partition', 'From', 'To', 'Source rows', 'Missing because'],
  partitions.map(({ partition, from, to, rows: expected, missing }) => [partition, from, to, expected, missing]),
)}
<p>Numbers that may change: ${changes.cubes.map(({ cube }) => cube).join(', ')}, from ${changes.from} to ${changes.to}.
${changes.snapshot === null ? 'Nothing is published yet.' : `Snapshot ${changes.snapshot} stays as it is; changes are in the next.`}</p>
<form method="post" action="/operations/apply"><input type="hidden" name="token" value="${token}"><button>Apply</button>
<a href="/operations">Do nothing</a></form>
<p>The plan is good until ${instant(expiresAt)}, and is refused when something has changed by then.</p>
</main>`;

/** Why something was not done. */
export const refusalPage = (code: string, message: string): Markup => markup`<main class="codebook">
<h1>Not done</h1><p>${message}</p><p><code>${code}</code></p><p><a href="/operations">Back to operations</a></p></main>`;

const instant = (at: Date | null): string | null => at && `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

const took = (from: Date, to: Date | null): string | null => to && duration((to.getTime() - from.getTime()) / 1000);

const jobTable = (jobs: readonly JobView[]): Markup =>
  table(
    ['Job', 'Complete up to', 'Expected', 'Missing', 'Being built', 'Next run', 'Overdue since'],
    jobs.map(({ name, watermark, expected, missing, running, nextRunAt, overdueSince }) => [
      name,
      watermark,
      expected,
      missing.length,
      running.map(({ partition }) => partition).join(', '),
      instant(nextRunAt),
      instant(overdueSince),
    ]),
  );

function failures(jobs: readonly JobView[]): Markup {
  const failed = jobs.flatMap(({ name, failing, poisoned }) => [
    ...failing.map((one) => [name, one.key, one.attempts, instant(one.nextAttemptAt) ?? 'next night', one.error]),
    ...poisoned.map((one) => [name, one.key, one.attempts, 'left alone', one.error]),
  ]);
  return failed.length === 0 ? markup`` : markup`<h3>Failed</h3>${table(['Job', 'Partition', 'Attempts', 'Again', 'Error'], failed)}`;
}

/** What can be done to a backfill of this status. */
const STEPS: Readonly<Record<Backfill['status'], readonly Steering[]>> = {
  queued: ['pause', 'cancel'],
  running: ['pause', 'retry', 'cancel'],
  paused: ['resume', 'cancel'],
  failed: ['retry', 'cancel'],
  published: [],
  cancelled: [],
};

const backfillTable = (backfills: readonly Backfill[]): Markup =>
  table(
    ['Id', 'Job', 'Days', 'Reason', 'By', 'Status', 'Done', 'Left', ''],
    backfills.map(({ id, job, from, to, reason, requestedBy, status, done, failed, total, etaSeconds, partitions }) => [
      id,
      job,
      `${from} to ${to}`,
      reason,
      requestedBy,
      status,
      markup`<progress value="${done}" max="${total}"></progress> ${done} of ${total}${failed > 0 ? `, ${failed} failed` : ''}${partitions
        .filter(({ error, status: state }) => error !== null && state !== 'published')
        .map(({ partition, error }) => markup`<br>${partition}: ${error}`)}`,
      etaSeconds === null || STEPS[status].length === 0 ? null : duration(etaSeconds),
      STEPS[status].length === 0 ? null : steps(id, STEPS[status]),
    ]),
  );

const steps = (id: number, names: readonly Steering[]): Markup => markup`<form method="post" action="/operations/steer">
<input type="hidden" name="id" value="${id}"><input name="reason" aria-label="Why" placeholder="why" size="8">
${names.map((name) => markup`<button name="what" value="${name}">${name}</button>\n`)}</form>`;

const nightTable = (nights: readonly NightView[]): Markup =>
  table(
    ['Planned for', 'Why', 'Outcome', 'Began', 'Took', 'Snapshot', 'Error'],
    nights.map(({ plannedFor, reason, outcome, startedAt, finishedAt, snapshot, error }) => [
      instant(plannedFor),
      reason,
      outcome,
      instant(startedAt),
      took(startedAt, finishedAt),
      snapshot,
      error,
    ]),
  );

const runTable = (runs: readonly LedgerRun[]): Markup =>
  table(
    ['Run', 'Job', 'Partition', 'Status', 'Why', 'Began', 'Took', 'Source rows', 'Fact rows', 'Error'],
    runs.map(({ id, job, partition, status, reason, startedAt, finishedAt, sourceRows, factRows, error }) => [
      id,
      job,
      partition,
      status,
      reason,
      instant(startedAt),
      took(startedAt, finishedAt),
      sourceRows,
      factRows,
      error,
    ]),
  );

const auditTable = (entries: readonly AuditEntry[]): Markup =>
  table(
    ['At', 'Who', 'What', 'To what', 'Why', 'Outcome'],
    entries.map(({ at, caller, action, subject, reason, outcome }) => [instant(at), caller, action, subject, reason, outcome]),
  );

const field = (name: string, label: string, attributes: Markup = markup``): Markup =>
  markup`<label>${label} <input name="${name}" ${attributes}></label>\n`;

const planForm = (
  jobs: readonly JobView[],
): Markup => markup`<p>A plan does nothing: it lists what would be built, and has the button that does it.</p>
<form method="post" action="/operations/plan">
<label>Job <select name="job">${jobs.map(({ name }) => markup`<option>${name}</option>`)}</select></label>
${field('from', 'From', markup`required placeholder="2011-01-01" pattern="\\d{4}-\\d{2}-\\d{2}" size="10"`)}
${field('to', 'To', markup`required placeholder="2011-03-31" pattern="\\d{4}-\\d{2}-\\d{2}" size="10"`)}
${field('platform', 'Platform (all unless given)', markup`size="8"`)}
${field('account', 'Account (all unless given)', markup`placeholder="weibo:1234567890" size="16"`)}
${field('reason', 'Why', markup`required size="30"`)}
<button>Plan</button></form>`;
