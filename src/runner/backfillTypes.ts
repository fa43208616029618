import type { Clock } from '../clock';
import type { Day } from '../model/time';
import type { Store } from '../store/store';
import type { Ledger } from '../warehouse/ledger';
import type { Job } from './job';

/** What planning and steering backfills needs; the tools of a runner have it all but the jobs. */
export interface BackfillTools {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly jobs: readonly Job[];
}

/** Which partitions of a range: those in which one of the platforms, and one of the accounts, has rows. */
export interface BackfillFilter {
  /** Codes of platforms. */
  readonly platform?: readonly string[];
  /** Accounts as `platform:id`. */
  readonly account?: readonly string[];
}

export interface BackfillRequest {
  /** Name of a job, such as `accountDay`. */
  readonly job: string;
  /** First and last day, inclusive; every partition that they touch is rebuilt as a whole. */
  readonly from: Day;
  readonly to: Day;
  readonly filter?: BackfillFilter;
  /** Why, for whoever reads the ledger. */
  readonly reason: string;
}

/** One partition that a backfill would build. */
export interface PlannedPartition {
  readonly partition: string;
  readonly from: Day;
  readonly to: Day;
  /** Source rows: those of the run that is published, else counted in the store. */
  readonly rows: number;
  /** Expected milliseconds of building; null when no run of the job is there to measure by. */
  readonly ms: number | null;
  /** Run that is published now; null when there is none. */
  readonly publishedRun: number | null;
  /** Newest mark that covers it; 0 when there is none. */
  readonly mark: number;
  /** Why it is missing anyway; null when it is up to date. */
  readonly missing: string | null;
}

/** Which published numbers may be others after the backfill. */
export interface PlannedChanges {
  readonly cubes: readonly { readonly cube: string; readonly measures: readonly string[] }[];
  readonly from: Day;
  readonly to: Day;
  /** The newest snapshot, and those of its months of these cubes that would be made anew. */
  readonly snapshot: string | null;
  readonly months: readonly string[];
}

/** What a backfill would do. Nothing is done yet. */
export interface BackfillPlan {
  /** Hash of everything below: applying it builds exactly this, or is refused. */
  readonly token: string;
  readonly expiresAt: Date;
  readonly job: string;
  readonly from: Day;
  readonly to: Day;
  readonly filter: BackfillFilter;
  readonly reason: string;
  /** Fingerprint of what shapes the job's facts. */
  readonly definition: string;
  readonly partitions: readonly PlannedPartition[];
  /** Source rows of all partitions. */
  readonly rows: number;
  /** Expected seconds for one builder; null when no run of the job is there to measure by. */
  readonly seconds: number | null;
  readonly changes: PlannedChanges;
}

export const BACKFILL_STATUSES = ['queued', 'running', 'paused', 'published', 'failed', 'cancelled'] as const;
/** `published`: all of it; `failed`: all is over and some partitions are poisoned, or failed for good. */
export type BackfillStatus = (typeof BACKFILL_STATUSES)[number];

export const BACKFILL_PARTITION_STATUSES = ['queued', 'running', 'published', 'failed', 'cancelled'] as const;
export type BackfillPartitionStatus = (typeof BACKFILL_PARTITION_STATUSES)[number];

export interface BackfillPartition {
  readonly partition: string;
  readonly status: BackfillPartitionStatus;
  /** Attempts since it was asked for, or asked for again. */
  readonly attempts: number;
  /** What the last attempt failed with. */
  readonly error: string | null;
  /** When a failed one that is queued again is tried next. */
  readonly nextAttemptAt: Date | null;
  /** The run that holds it or built it. */
  readonly run: number | null;
}

/** What was done to a backfill, and by whom. */
export interface BackfillEvent {
  readonly event: 'applied' | 'joined' | 'paused' | 'resumed' | 'cancelled' | 'retried';
  readonly by: string;
  readonly at: Date;
  readonly note: string | null;
}

export interface Backfill {
  readonly id: number;
  readonly job: string;
  readonly from: Day;
  readonly to: Day;
  readonly filter: BackfillFilter;
  readonly status: BackfillStatus;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** Partitions that are published, failed for good, and all of them. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Seconds until no partition is left, by the pace so far; null when nothing tells, 0 when all is over. The snapshot follows. */
  readonly etaSeconds: number | null;
  readonly partitions: readonly BackfillPartition[];
  readonly history: readonly BackfillEvent[];
}

/** Plans a backfill and keeps the plan for an hour. Throws BAD_QUERY or NOT_FOUND for what cannot be meant. */
export type PlanBackfill = (tools: BackfillTools, request: BackfillRequest, by: string) => Promise<BackfillPlan>;
/**
 * Queues what a plan says. The same token again returns the same backfill. Throws UNKNOWN_PLAN, PLAN_EXPIRED, PLAN_DRIFTED
 * (saying what changed since), or CONFLICT when another backfill has some of its partitions in hand.
 */
export type ApplyBackfill = (tools: BackfillTools, token: string, by: string) => Promise<Backfill>;
/** Throws NOT_FOUND. */
export type BackfillById = (tools: BackfillTools, id: number) => Promise<Backfill>;
/** Newest first; `live` leaves out what is over. */
export type ListBackfills = (tools: BackfillTools, options?: { readonly live?: boolean; readonly limit?: number }) => Promise<Backfill[]>;
/** Cancels, pauses, resumes, or queues the failed partitions again. Throws NOT_FOUND, and CONFLICT where there is nothing to do it to. */
export type SteerBackfill = (tools: BackfillTools, id: number, by: string, reason?: string | null) => Promise<Backfill>;
