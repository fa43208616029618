import type { Change } from '../access/audit';
import type { BackfillFilter, BackfillRequest } from './backfillTypes';

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
