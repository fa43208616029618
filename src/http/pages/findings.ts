import { markup, type Markup } from '../../export/markup';
import type { Finding, SampleRow } from '../../warehouse/auditLog';
import { table } from './tables';

/** What audits found wrong, with the rows that show it, and a form for whoever takes responsibility for publishing all the same. */
export const findingsSection = (findings: readonly Finding[]): Markup =>
  findings.length === 0
    ? markup`<p>Every audit of the newest runs passed.</p>`
    : table(
        ['Run', 'Job', 'Partition', 'Audit', 'Outcome', 'Found', ''],
        findings.map((finding) => [
          finding.run,
          finding.job,
          finding.partition,
          finding.audit,
          outcomeOf(finding),
          markup`${finding.message}${rowsOf(finding.sample)}`,
          finding.severity === 'block' && finding.outcome === 'failed' ? overrideForm(finding) : null,
        ]),
      );

const outcomeOf = ({ outcome, severity, override }: Finding): string =>
  override === null ? (severity === 'block' ? 'not published' : `${outcome}, published with a warning`) : `let through by ${override.madeBy}: ${override.reason}`; // prettier-ignore

function rowsOf(sample: readonly SampleRow[]): Markup {
  if (sample.length === 0) return markup``;
  const columns = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  const cells = sample.map((row) => columns.map((column) => (row[column] == null ? null : String(row[column]))));
  return markup`<details><summary>rows</summary>${table(columns, cells)}</details>`;
}

const overrideForm = ({ job, partition, audit }: Finding): Markup => markup`<form method="post" action="/operations/override">
<input type="hidden" name="job" value="${job}"><input type="hidden" name="partition" value="${partition}">
<input type="hidden" name="audit" value="${audit}"><input name="reason" required aria-label="Why" placeholder="why" size="12">
<button title="The next night may fail this audit once, for these data, and readers are told why">Let through</button></form>`;
