import { overrideAudit, type OverrideRequest } from './auditing';
import {
  applyBackfill,
  backfillById,
  cancelBackfill,
  listBackfills,
  pauseBackfill,
  planBackfill,
  plannedBackfill,
  resumeBackfill,
  retryBackfill,
} from './backfills';
import type { Backfill, BackfillPlan, BackfillRequest, BackfillTools, SteerBackfill } from './backfillTypes';
import { lastNights, type NightView } from './nights';
import type { JobView } from './status';
import { openFindings, resultsOf, type AuditResult, type Finding } from '../warehouse/auditLog';
import type { LedgerRun } from '../warehouse/ledger';
import type { Override } from '../warehouse/overrides';

/** What an admin sees and does, from wherever: GraphQL, pages, events. `by` is who asks, as the ledger names it. */
export interface Operations {
  jobs(): Promise<JobView[]>;
  /** The newest nights, newest first. */
  nights(count: number): Promise<NightView[]>;
  /** The newest runs of all jobs, newest first. */
  runs(count: number): Promise<LedgerRun[]>;
  /** The newest runs of one job, of one status or all, newest first. */
  runsOf(job: string, count: number, status: LedgerRun['status'] | null): Promise<LedgerRun[]>;
  /** What the audits of a run found, in the order in which they were asked. */
  findings(run: number): Promise<AuditResult[]>;
  /** What is wrong in the newest run of each partition, newest run first. */
  openFindings(): Promise<Finding[]>;
  /** Lets one audit of one partition fail once, for the data on which it failed. */
  override(request: OverrideRequest): Promise<Override>;
  plan(request: BackfillRequest, by: string): Promise<BackfillPlan>;
  /** The plan of a token, or null when there is none. */
  planned(token: string): Promise<BackfillPlan | null>;
  apply(token: string, by: string): Promise<Backfill>;
  backfill(id: number): Promise<Backfill>;
  /** Newest first; `live` leaves out what is over. */
  backfills(options?: { readonly live?: boolean; readonly limit?: number }): Promise<Backfill[]>;
  steer(what: Steering, id: number, by: string, reason?: string | null): Promise<Backfill>;
  /** Begins a night, unless one runs in this process; it goes on after this has returned. False when one was running. */
  runNight(): boolean;
}

const STEERING = { cancel: cancelBackfill, pause: pauseBackfill, resume: resumeBackfill, retry: retryBackfill } satisfies Record<
  string,
  SteerBackfill
>;
export type Steering = keyof typeof STEERING;
export const STEERINGS = Object.keys(STEERING) as Steering[];

/** `night` runs a night to its end and reports its own failures. */
export function openOperations(tools: BackfillTools, jobs: () => Promise<JobView[]>, night: () => Promise<unknown>): Operations {
  let running = false;
  return {
    jobs,
    nights: (count) => lastNights(tools, count),
    runs: async (count) => {
      const runs = await Promise.all(tools.jobs.map(({ name }) => tools.ledger.lastRuns(name, count)));
      return runs
        .flat()
        .sort((a, b) => b.id - a.id)
        .slice(0, count);
    },
    runsOf: (job, count, status) => tools.ledger.lastRuns(job, count, status),
    findings: (run) => resultsOf(tools.store, run),
    openFindings: () => openFindings(tools.store),
    override: (request) => overrideAudit(request, tools.jobs, tools),
    plan: (request, by) => planBackfill(tools, request, by),
    planned: (token) => plannedBackfill(tools, token),
    apply: (token, by) => applyBackfill(tools, token, by),
    backfill: (id) => backfillById(tools, id),
    backfills: (options) => listBackfills(tools, options),
    steer: (what, id, by, reason) => STEERING[what](tools, id, by, reason),
    runNight: () => {
      if (running) return false;
      running = true;
      void night().finally(() => (running = false));
      return true;
    },
  };
}
