import { FOREVER, type Fact } from '../model/facts';
import { addDays, minDay, monthEnd, monthsOf, monthStart, type Day } from '../model/time';

/** The days a platform's accounts can have rows for: from the first known account to the last observation before today. */
export interface Coverage {
  readonly platform: string;
  readonly from: Day;
  readonly to: Day;
}

/** One calendar month of a fact table, up to the last day that can be built. */
export interface Partition {
  readonly key: string;
  readonly from: Day;
  readonly to: Day;
}

/** What the ledger says of the newest published run of a partition. */
export interface PublishedRun {
  readonly key: string;
  readonly to: Day;
  readonly definition: string;
  readonly inputMark: number;
}

/** Days of a fact table that were marked stale. */
export interface Mark {
  readonly mark: number;
  readonly fact: string;
  readonly from: Day;
  readonly to: Day;
  readonly reason: string;
  /** The backfill whose partition this is; absent for what happened to the data. */
  readonly backfill?: number;
}

export interface MissingPartition extends Partition {
  /** Why it must be built, as the ledger will say. */
  readonly reason: string;
  /** The backfill that asks for it, when nothing else does: what is published is right as far as the ledger knows. */
  readonly backfill?: number;
}

/** Every partition that should exist, in order. */
export function expectedPartitions(coverage: readonly Coverage[], until: Day = FOREVER): Partition[] {
  const ends = new Map<string, Day>();
  for (const { from, to } of coverage)
    for (const month of monthsOf(from, minDay(to, until)!)) {
      const end = minDay(monthEnd(month), to, until)!;
      if (end > (ends.get(month) ?? '')) ends.set(month, end);
    }
  return [...ends].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, to]) => ({ key, from: monthStart(key), to }));
}

/**
 * The partitions that must be built: never built, built before the month had all its days, built by another definition,
 * or marked stale since. Nightly run, catch-up, late data, changed definition and backfill differ only in the reason.
 * A backfill is named only where nothing else makes the partition missing.
 */
export function missingPartitions(
  fact: Fact,
  expected: readonly Partition[],
  published: ReadonlyMap<string, PublishedRun>,
  definition: string,
  marks: readonly Mark[],
): MissingPartition[] {
  return expected.flatMap((partition) => {
    const run = published.get(partition.key);
    const because = (reason: string): MissingPartition[] => [{ ...partition, reason }];
    if (!run) return because('not built yet');
    if (run.to < partition.to) return because(`days since ${addDays(run.to, 1)}`);
    if (run.definition !== definition) return because('definition changed');
    const stale = marks.filter(
      (one) => one.fact === fact && one.mark > run.inputMark && one.from <= partition.to && one.to >= partition.from,
    );
    const happened = stale.findLast(({ backfill }) => backfill === undefined);
    if (happened) return because(happened.reason);
    const asked = stale.at(-1);
    return asked ? [{ ...partition, reason: asked.reason, backfill: asked.backfill! }] : [];
  });
}

/** The last day with no hole before it: where `to` of the last partition before the first missing one lies. */
export function watermarkOf(expected: readonly Partition[], isPublished: (partition: Partition) => boolean): Day | null {
  const hole = expected.findIndex((partition) => !isPublished(partition));
  return (hole === -1 ? expected.at(-1) : expected[hole - 1])?.to ?? null;
}
