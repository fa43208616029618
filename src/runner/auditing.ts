import type { Clock } from '../clock';
import { GovblogError } from '../errors';
import type { Log } from '../log';
import type { Store } from '../store/store';
import { recordResults, resultsOf, type AuditResult, type Severity } from '../warehouse/auditLog';
import { hasMarksSince, keepOverride, lastRunOf, overrideFor, type Audited, type Override } from '../warehouse/overrides';
import type { Job, Problem } from './job';

/** A check of the file of one run, given as an SQL literal. */
export interface FileAudit {
  readonly name: string;
  /** `block` unless given. */
  readonly severity?: Severity;
  readonly check: (file: string) => Promise<Problem>;
}

/**
 * Asks every audit about a written file and records what each found. Throws AUDIT_FAILED when one that blocks failed and nobody
 * has overridden it; the file must then not be published.
 */
export async function passAudits(
  subject: Audited,
  audits: readonly FileAudit[],
  file: string,
  { store, log }: { readonly store: Store; readonly log: Log },
): Promise<void> {
  const results: AuditResult[] = [];
  for (const { name, severity = 'block', check } of audits) {
    const problem = await check(file).catch((error: unknown) => {
      // A file that is known to be wrong may break the checks after it; alone, what broke is the failure of the run.
      if (results.some(blocks)) return null;
      throw error;
    });
    const passed = { audit: name, severity, outcome: 'passed', message: null, sample: [], override: null } as const;
    if (problem === null) {
      results.push(passed);
      continue;
    }
    const { message, sample = [] } = typeof problem === 'string' ? { message: problem } : problem;
    const override = severity === 'block' ? await overrideFor(store, subject, name) : null;
    results.push({ ...passed, outcome: override ? 'overridden' : 'failed', message, sample, override });
    log(override ? 'audit.overridden' : severity === 'warn' ? 'audit.warned' : 'audit.failed', {
      job: subject.job,
      partition: subject.partition,
      run: subject.run,
      audit: name,
      problem: message,
    });
  }
  await recordResults(store, subject.run, results);
  const blocking = results.filter(blocks);
  if (blocking.length > 0) throw refusal(subject, blocking);
}

const blocks = ({ severity, outcome }: AuditResult): boolean => severity === 'block' && outcome === 'failed';

function refusal({ run, job, partition }: Audited, blocking: readonly AuditResult[]): GovblogError {
  const [first, ...others] = blocking.map(({ audit, message }) => ({ audit, message }));
  const also = others.map(({ audit, message }) => ` Audit "${audit}": ${message}.`).join('');
  return new GovblogError(
    'AUDIT_FAILED',
    `Audit "${first!.audit}" of ${job} ${partition}: ${first!.message}.${also} Nothing was published. \`govblog runs show ${run}\` shows the rows.`,
  );
}

/** What is asked for by an override. */
export interface OverrideRequest {
  readonly job: string;
  readonly partition: string;
  readonly audit: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * Lets one audit of one partition fail once. It holds for the definition, the days and the inputs of the run that failed: when a
 * later mark touches them, it does not. The next run publishes the partition, and the snapshot says so to its readers.
 *
 * @throws GovblogError USAGE without a reason, NOT_FOUND when no run failed that audit, CONFLICT when the data changed since, or an override waits already.
 */
export async function overrideAudit(
  { job, partition, audit, reason, by }: OverrideRequest,
  jobs: readonly Pick<Job, 'name' | 'fact'>[],
  { store, clock }: { readonly store: Store; readonly clock: Clock },
): Promise<Override> {
  const why = reason.trim();
  if (why === '' || why.length > 400)
    throw new GovblogError('USAGE', 'An override needs a reason of 1 to 400 characters: those who read the figures will be shown it.');
  const run = await lastRunOf(store, job, partition);
  if (!run) throw new GovblogError('NOT_FOUND', `No run of ${job} ${partition} is known. \`govblog status\` lists the jobs.`);
  const failed = (await resultsOf(store, run.id)).filter(blocks).map((result) => result.audit);
  if (!failed.includes(audit))
    throw new GovblogError(
      'NOT_FOUND',
      `The last run of ${job} ${partition} (${run.id}, ${run.status}) did not fail the audit "${audit}". ${failed.length === 0 ? 'It failed none that blocks.' : `It failed: ${failed.join(', ')}.`}`,
    );
  const fact = jobs.find(({ name }) => name === job)?.fact ?? 'rollups';
  if (await hasMarksSince(store, fact, run.mark, run.from, run.to))
    throw new GovblogError(
      'CONFLICT',
      `The data of ${job} ${partition} changed since run ${run.id} failed. Run it again (\`govblog run\`) and look at what is found then.`,
    );
  const unused = await overrideFor(store, { ...run, run: run.id, fact }, audit);
  if (unused)
    throw new GovblogError(
      'CONFLICT',
      `${unused.madeBy} has overridden this audit of ${job} ${partition} already (override ${unused.id}: ${unused.reason}), and no run has used it yet. \`govblog run\` does.`,
    );
  const madeAt = clock.now();
  const id = await keepOverride(store, run, { audit, reason: why, madeBy: by, madeAt });
  return { id, job, partition, audit, reason: why, madeBy: by, madeAt, run: run.id };
}
