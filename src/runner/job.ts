import type { Fact } from '../model/facts';
import type { Store } from '../store/store';
import type { Workshop } from '../warehouse/duckdb';
import type { SampleRow, Severity } from '../warehouse/auditLog';
import type { Coverage, Partition } from '../warehouse/missing';
import type { SourceRows } from './sourceRows';

/** What a job works with while it builds: the source, and the engine with the staged rows. */
export interface Bench {
  readonly store: Store;
  readonly workshop: Workshop;
  readonly coverage: readonly Coverage[];
}

/** What is wrong, with numbers and perhaps some of the rows; null: nothing. */
export type Problem = string | { readonly message: string; readonly sample?: readonly SampleRow[] } | null;

/** A check of a written file (given as an SQL literal) against the source. */
export interface Audit {
  readonly name: string;
  /** `block` unless given: what fails is not published. `warn`: it is, and the finding is shown with it. */
  readonly severity?: Severity;
  check(bench: Bench, partition: Partition, file: string): Promise<Problem>;
}

/** One fact table's nightly work. A statistician can read it: which source rows, which SQL, which checks. */
export interface Job {
  readonly name: string;
  readonly fact: Fact;
  /** One sentence for the codebook and `jobs`. */
  readonly description: string;
  /** Where its source rows are counted, for plans. */
  readonly source: SourceRows;
  /** Stages the rows that all partitions share; called once for a run over several partitions. */
  prepare(bench: Bench): Promise<void>;
  /** Stages the source rows of one partition and tells how many there are. */
  extract(bench: Bench, partition: Partition): Promise<number>;
  /** Select that yields the fact rows of the partition, sorted, from the staged tables. */
  sql(partition: Partition): string;
  readonly audits: readonly Audit[];
  /** Text of everything that shapes the facts; its hash is the definition in the ledger. Labels are not part of it. */
  readonly definition: string;
}
