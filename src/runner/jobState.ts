import { createHash } from 'node:crypto';
import type { Day } from '../model/time';
import { standingOf, type PoisonedPartition, type Standing } from '../warehouse/attempts';
import type { Ledger, LedgerRun } from '../warehouse/ledger';
import {
  expectedPartitions,
  missingPartitions,
  type Coverage,
  type MissingPartition,
  type Partition,
  type PublishedRun,
} from '../warehouse/missing';
import type { Job } from './job';
import { MAX_ATTEMPTS } from './runnerTools';

/** The fingerprint of what shapes a job's facts. */
export const definitionOf = (job: Job): string => createHash('sha256').update(job.definition).digest('hex');

/** What a job misses, and what it has failed at. */
export interface JobState {
  readonly published: ReadonlyMap<string, PublishedRun & { readonly run: LedgerRun }>;
  /** What is to be built, without what is poisoned. */
  readonly missing: readonly MissingPartition[];
  readonly poisoned: readonly PoisonedPartition[];
  /** How often a partition has failed as it is to be built now. */
  standing(partition: Partition): Standing;
}

/** The state of a job by the ledger. */
export async function stateOf(
  job: Job,
  ledger: Ledger,
  coverage: readonly Coverage[],
  { until, maxAttempts = MAX_ATTEMPTS }: { readonly until?: Day | undefined; readonly maxAttempts?: number | undefined } = {},
): Promise<JobState> {
  const definition = definitionOf(job);
  const published = await ledger.published(job.name);
  const marks = (await ledger.marks()).filter(({ fact }) => fact === job.fact);
  const failures = await ledger.failures(job.name);
  const standing = (partition: Partition): Standing => standingOf(partition, failures, definition, marks);
  const all = missingPartitions(job.fact, expectedPartitions(coverage, until), published, definition, marks);
  const isPoisoned = (partition: Partition): boolean => standing(partition).attempts >= maxAttempts;
  return {
    published,
    standing,
    missing: all.filter((partition) => !isPoisoned(partition)),
    poisoned: all.filter(isPoisoned).map((partition) => {
      const { attempts, last } = standing(partition);
      return { ...partition, run: last!.id, attempts, error: last!.error };
    }),
  };
}
