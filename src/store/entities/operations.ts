import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** One call of ingest: what was read and what became of every row. */
@Entity({ name: 'ingest_batch' })
export class IngestBatch {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'varchar', length: 40 }) format!: string;
  @Column({ type: 'varchar', length: 600 }) source!: string;
  @Column({ type: 'varchar', length: 16 }) status!: string;
  @Column({ type: 'datetime', precision: 3 }) started_at!: string;
  @Column({ type: 'datetime', precision: 3, nullable: true }) finished_at!: string | null;
  @Column({ type: 'bigint' }) rows_read!: number;
  @Column({ type: 'bigint' }) accepted!: number;
  @Column({ type: 'bigint' }) updated!: number;
  @Column({ type: 'bigint' }) unchanged!: number;
  @Column({ type: 'bigint' }) rejected!: number;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  /** How the load was asked for, as JSON: what reading its rejects again needs. */
  @Column({ type: 'text', nullable: true }) options!: string | null;
  /** Hash of the names, sizes and times of the files: a load of the same files that broke off is continued. */
  @Column({ type: 'varchar', length: 64, nullable: true }) fingerprint!: string | null;
  @Column({ type: 'varchar', length: 120, nullable: true }) owner!: string | null;
  @Column({ type: 'datetime', precision: 3, nullable: true }) heartbeat_at!: string | null;
  /** When the source was collected, where one moment holds for all its rows. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) observed_at!: string | null;
}

/** Quarantine: an input row that could not be read, with where it stands and why. */
@Entity({ name: 'ingest_reject' })
@Index('ix_reject_batch', ['batch_id'])
export class IngestReject {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'integer' }) batch_id!: number;
  @Column({ type: 'varchar', length: 600 }) file!: string;
  @Column({ type: 'integer' }) line!: number;
  @Column({ type: 'varchar', length: 120, nullable: true }) field!: string | null;
  @Column({ type: 'varchar', length: 600 }) reason!: string;
  @Column({ type: 'text' }) raw!: string;
  /** The batch that read the mended row. */
  @Column({ type: 'integer', nullable: true }) repaired_by!: number | null;
  /** Header of the table that the row stands in. */
  @Column({ type: 'text', nullable: true }) header!: string | null;
  /** When the row was taken to be collected. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) observed_at!: string | null;
}

/** Days of one fact table that must be rebuilt, and why: late data, a changed reference table, an admin's wish. Met by any run that began later. */
@Entity({ name: 'stale_range' })
export class StaleRange {
  @PrimaryColumn({ type: 'integer' }) mark!: number;
  @Column({ type: 'varchar', length: 40 }) fact!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) to_day!: string;
  @Column({ type: 'varchar', length: 200 }) reason!: string;
  @Column({ type: 'datetime', precision: 3 }) created_at!: string;
}

/** One row, locked by whoever writes facts' inputs: it hands out marks in the order of their commits. */
@Entity({ name: 'mark_sequence' })
export class MarkSequence {
  @PrimaryColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'integer' }) value!: number;
}

/** The ledger: one attempt at one partition. A published row names the file that readers may use. */
@Entity({ name: 'partition_run' })
@Unique('uq_partition_running', ['job', 'partition_key', 'running'])
@Index('ix_run_partition', ['job', 'partition_key', 'status'])
@Index('ix_run_next_attempt', ['next_attempt_at'])
@Index('ix_run_backfill', ['backfill_id'])
export class PartitionRun {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'varchar', length: 40 }) job!: string;
  @Column({ type: 'varchar', length: 16 }) partition_key!: string;
  /** 1 while running, null afterwards: the unique key lets one runner hold a partition at a time. */
  @Column({ type: 'integer', nullable: true }) running!: number | null;
  @Column({ type: 'varchar', length: 16 }) status!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) to_day!: string;
  @Column({ type: 'varchar', length: 64 }) definition!: string;
  @Column({ type: 'integer' }) input_mark!: number;
  @Column({ type: 'varchar', length: 400 }) reason!: string;
  @Column({ type: 'varchar', length: 120 }) owner!: string;
  @Column({ type: 'datetime', precision: 3 }) started_at!: string;
  @Column({ type: 'datetime', precision: 3 }) heartbeat_at!: string;
  @Column({ type: 'datetime', precision: 3, nullable: true }) finished_at!: string | null;
  @Column({ type: 'bigint', nullable: true }) source_rows!: number | null;
  @Column({ type: 'bigint', nullable: true }) fact_rows!: number | null;
  @Column({ type: 'varchar', length: 200, nullable: true }) uri!: string | null;
  @Column({ type: 'bigint', nullable: true }) bytes!: number | null;
  @Column({ type: 'varchar', length: 64, nullable: true }) sha256!: string | null;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  /** Which attempt since the partition became missing as it is: failures of the surroundings are not counted. */
  @Column({ type: 'integer', default: 1 }) attempt!: number;
  /** True when it failed by disk or database, not by the data. */
  @Column({ type: 'boolean', default: false }) transient!: boolean;
  /** The backfill that it was begun for. */
  @Column({ type: 'integer', nullable: true }) backfill_id!: number | null;
  /** Who or what asked for it. */
  @Column({ type: 'varchar', length: 120, nullable: true }) requested_by!: string | null;
  /** When a failed partition is tried again before the next night; null when it is not. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) next_attempt_at!: string | null;
}

/** A frozen set of files: what readers answer from and what a citation names. */
@Entity({ name: 'snapshot' })
@Unique('uq_snapshot_content', ['content_hash'])
export class Snapshot {
  @PrimaryColumn({ type: 'varchar', length: 40 }) id!: string;
  /** Rises by one with each snapshot; the newest is the one that is served. */
  @Column({ type: 'integer' }) sequence!: number;
  @Column({ type: 'datetime', precision: 3 }) published_at!: string;
  @Column({ type: 'varchar', length: 64 }) content_hash!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) watermark!: string;
  @Column({ type: 'boolean' }) synthetic!: boolean;
}

@Entity({ name: 'snapshot_file' })
export class SnapshotFile {
  @PrimaryColumn({ type: 'varchar', length: 40 }) snapshot_id!: string;
  @PrimaryColumn({ type: 'varchar', length: 200 }) uri!: string;
  @Column({ type: 'varchar', length: 40 }) table_name!: string;
  @Column({ type: 'varchar', length: 10, nullable: true }) from_day!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) to_day!: string | null;
  @Column({ type: 'bigint' }) fact_rows!: number;
  @Column({ type: 'bigint' }) bytes!: number;
  @Column({ type: 'varchar', length: 64 }) sha256!: string;
}

/** A fact about the store as a whole. */
@Entity({ name: 'store_property' })
export class StoreProperty {
  @PrimaryColumn({ type: 'varchar', length: 40 }) name!: string;
  @Column({ type: 'varchar', length: 200 }) value!: string;
}
