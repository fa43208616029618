import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A plan as it was shown, so that applying it can tell what changed since. */
@Entity({ name: 'backfill_plan' })
export class BackfillPlan {
  @PrimaryColumn({ type: 'varchar', length: 64 }) token!: string;
  /** The plan as JSON. */
  @Column({ type: 'text' }) plan!: string;
  @Column({ type: 'varchar', length: 120 }) planned_by!: string;
  @Column({ type: 'datetime', precision: 3 }) planned_at!: string;
  @Column({ type: 'datetime', precision: 3 }) expires_at!: string;
  /** The backfill that came of it. */
  @Column({ type: 'integer', nullable: true }) backfill_id!: number | null;
}

/** A request to rebuild partitions. What has become of it follows from its partitions. */
@Entity({ name: 'backfill' })
@Unique('uq_backfill_token', ['token'])
@Index('ix_backfill_state', ['state'])
export class Backfill {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'varchar', length: 64 }) token!: string;
  @Column({ type: 'varchar', length: 40 }) job!: string;
  @Column({ type: 'varchar', length: 40 }) fact!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) to_day!: string;
  @Column({ type: 'text' }) filter_json!: string;
  @Column({ type: 'varchar', length: 400 }) reason!: string;
  @Column({ type: 'varchar', length: 120 }) requested_by!: string;
  @Column({ type: 'datetime', precision: 3 }) requested_at!: string;
  /** `open`, `paused` or `cancelled`. */
  @Column({ type: 'varchar', length: 16 }) state!: string;
}

/** One partition of a backfill: while it is queued it is a mark of exactly this partition. */
@Entity({ name: 'backfill_partition' })
@Index('ix_backfill_partition_status', ['status'])
@Index('ix_backfill_partition_job', ['job', 'partition_key'])
export class BackfillPartition {
  @PrimaryColumn({ type: 'integer' }) backfill_id!: number;
  @PrimaryColumn({ type: 'varchar', length: 16 }) partition_key!: string;
  @Column({ type: 'varchar', length: 40 }) job!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) to_day!: string;
  /** Number among the marks: any run that began with a newer one satisfies it. */
  @Column({ type: 'integer' }) mark!: number;
  @Column({ type: 'varchar', length: 16 }) status!: string;
  /** Attempts that count towards the limit. */
  @Column({ type: 'integer' }) attempts!: number;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'integer', nullable: true }) run_id!: number | null;
  @Column({ type: 'datetime', precision: 3, nullable: true }) next_attempt_at!: string | null;
  @Column({ type: 'bigint' }) expected_rows!: number;
  @Column({ type: 'bigint', nullable: true }) expected_ms!: number | null;
}

/** What was done to a backfill, by whom and when. */
@Entity({ name: 'backfill_event' })
@Index('ix_backfill_event', ['backfill_id'])
export class BackfillEvent {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'integer' }) backfill_id!: number;
  @Column({ type: 'varchar', length: 16 }) event!: string;
  @Column({ type: 'varchar', length: 120 }) made_by!: string;
  @Column({ type: 'datetime', precision: 3 }) made_at!: string;
  @Column({ type: 'varchar', length: 400, nullable: true }) note!: string | null;
}

/** A night: when it was planned, whether it ran, what came of it. The unique key lets one process run a planned one. */
@Entity({ name: 'night' })
@Unique('uq_night_planned', ['planned_for'])
@Index('ix_night_outcome', ['outcome'])
export class Night {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  /** Null when it was not planned but asked for. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) planned_for!: string | null;
  @Column({ type: 'varchar', length: 40 }) reason!: string;
  /** `running`, `done`, `failed`, or `skipped` by the policy for catching up. */
  @Column({ type: 'varchar', length: 16 }) outcome!: string;
  @Column({ type: 'varchar', length: 120 }) owner!: string;
  @Column({ type: 'integer' }) attempts!: number;
  @Column({ type: 'datetime', precision: 3 }) started_at!: string;
  @Column({ type: 'datetime', precision: 3 }) heartbeat_at!: string;
  @Column({ type: 'datetime', precision: 3, nullable: true }) finished_at!: string | null;
  @Column({ type: 'varchar', length: 40, nullable: true }) snapshot_id!: string | null;
  @Column({ type: 'text', nullable: true }) error!: string | null;
}
