import type { Change } from '../access/audit';
import type { Backfill, BackfillFilter, BackfillRequest } from './backfillTypes';

interface Asked {
  readonly job: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly filter?: { readonly platform?: readonly string[] | null; readonly account?: readonly string[] | null } | null | undefined;
}

/** A request without the parts that were left out. */
export function requestOf({ job, from, to, reason, filter }: Asked): BackfillRequest {
  const { platform, account } = filter ?? {};
  const kept: BackfillFilter = { ...(platform && { platform }), ...(account && { account }) };
  return { job, from, to, reason, ...(Object.keys(kept).length > 0 && { filter: kept }) };
}

/** How the audit log tells that a backfill was planned. */
export function changeOfPlan({ job, from, to, filter, reason }: BackfillRequest): Change {
  return { action: 'planBackfill', subject: `${job} ${from} to ${to}${filter ? ` ${JSON.stringify(filter)}` : ''}`, reason };
}

/** How the audit log tells that a plan was applied: in the words and with the reason of the plan, where there is one. */
export function changeOfApply(token: string, plan: BackfillRequest | null): Change {
  const { subject, reason } = plan ? changeOfPlan(plan) : { subject: '', reason: null };
  return { action: 'applyBackfill', subject: `plan ${token}${subject && `: ${subject}`}`, reason };
}

/** What to add where somebody looks at a backfill that has begun and that no process is at work on; else an empty string. */
export function idleNote({ status, partitions }: Pick<Backfill, 'status' | 'partitions'>): string {
  const isIdle = status === 'running' && !partitions.some((one) => one.status === 'running');
  const waits = partitions.some((one) => one.status === 'queued' && one.nextAttemptAt === null);
  return isIdle && waits ? ' Nobody builds it at this moment: a running server or `govblog work` goes on with it.' : '';
}
