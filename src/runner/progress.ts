import type { Backfill } from './backfillTypes';
import type { Operations } from './operations';

/** What is going on, in all processes that share the store: small enough to be sent every second. */
export interface Progress {
  readonly jobs: readonly {
    readonly name: string;
    readonly watermark: string | null;
    /** Partitions that should exist, and those of them that are not up to date. */
    readonly expected: number;
    readonly missing: number;
    readonly failed: number;
    readonly poisoned: number;
  }[];
  /** The newest night. */
  readonly night: {
    readonly outcome: string;
    readonly reason: string;
    readonly startedAt: string;
    readonly snapshot: string | null;
  } | null;
  readonly overdueSince: string | null;
  /** What is being built. */
  readonly running: readonly { readonly run: number; readonly job: string; readonly partition: string; readonly startedAt: string }[];
  /** Backfills that are not over, and those that ended while somebody watched. */
  readonly backfills: readonly Pick<Backfill, 'id' | 'job' | 'status' | 'done' | 'failed' | 'total' | 'etaSeconds'>[];
}

/** `ended`: backfills to tell of though they are over. */
export async function progressOf(operations: Operations, ended: readonly number[] = []): Promise<Progress> {
  const jobs = await operations.jobs();
  const live = await operations.backfills({ live: true });
  const over = await Promise.all(ended.filter((id) => live.every((one) => one.id !== id)).map((id) => operations.backfill(id)));
  const [night] = await operations.nights(1);
  return {
    jobs: jobs.map(({ name, watermark, expected, missing, failing, poisoned }) => ({
      ...{ name, watermark, expected, missing: missing.length, failed: failing.length, poisoned: poisoned.length },
    })),
    night: night ? { ...night, startedAt: night.startedAt.toISOString() } : null,
    overdueSince: jobs.find(({ overdueSince }) => overdueSince !== null)?.overdueSince?.toISOString() ?? null,
    running: jobs.flatMap(({ running }) =>
      running.map(({ id, job, partition, startedAt }) => ({ run: id, job, partition, startedAt: startedAt.toISOString() })),
    ),
    backfills: [...live, ...over].map(({ id, job, status, done, failed, total, etaSeconds }) => ({
      id,
      job,
      status,
      done,
      failed,
      total,
      etaSeconds,
    })),
  };
}
