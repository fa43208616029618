import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** What one audit found in the file of one run. */
@Entity({ name: 'audit_result' })
@Index('ix_audit_result_run', ['run_id'])
@Index('ix_audit_result_outcome', ['outcome'])
export class AuditResult {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'integer' }) run_id!: number;
  @Column({ type: 'varchar', length: 80 }) audit!: string;
  /** `block` or `warn`. */
  @Column({ type: 'varchar', length: 8 }) severity!: string;
  /** `passed`, `failed`, or `overridden`: failed and let through by an override. */
  @Column({ type: 'varchar', length: 16 }) outcome!: string;
  @Column({ type: 'text', nullable: true }) message!: string | null;
  /** Some offending rows as a JSON list. */
  @Column({ type: 'text', nullable: true }) sample!: string | null;
  @Column({ type: 'integer', nullable: true }) override_id!: number | null;
}

/** Somebody's word that one audit of one partition may fail once, for the data that it failed on. */
@Entity({ name: 'audit_override' })
@Index('ix_audit_override', ['job', 'partition_key'])
export class AuditOverride {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'varchar', length: 40 }) job!: string;
  @Column({ type: 'varchar', length: 16 }) partition_key!: string;
  @Column({ type: 'varchar', length: 80 }) audit!: string;
  @Column({ type: 'varchar', length: 64 }) definition!: string;
  @Column({ type: 'integer' }) input_mark!: number;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) to_day!: string;
  /** The run that failed. */
  @Column({ type: 'integer' }) run_id!: number;
  @Column({ type: 'varchar', length: 400 }) reason!: string;
  @Column({ type: 'varchar', length: 120 }) made_by!: string;
  @Column({ type: 'datetime', precision: 3 }) made_at!: string;
}
