import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One account of one platform, with the span of days that its records prove. */
@Entity({ name: 'account' })
@Unique('uq_account_id', ['platform', 'account_id'])
export class Account {
  /** 53-bit hash of platform and id (src/model/accountKey): the same in every store, exact in JavaScript. */
  @PrimaryColumn({ type: 'bigint' }) account_key!: number;
  @Column({ type: 'varchar', length: 16 }) platform!: string;
  @Column({ type: 'varchar', length: 64 }) account_id!: string;
  @Column({ type: 'varchar', length: 10, nullable: true }) opened_on!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) first_post_on!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) last_post_on!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) first_observed_on!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) last_observed_on!: string | null;
}

/** What one source said of an account at one moment: the raw truth that versions are derived from. Null: it did not say. */
@Entity({ name: 'account_observation', withoutRowid: true })
export class AccountObservation {
  @PrimaryColumn({ type: 'bigint' }) account_key!: number;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) observed_at!: string;
  @PrimaryColumn({ type: 'integer' }) seq!: number;
  @Column({ type: 'varchar', length: 10 }) observed_day!: string;
  @Column({ type: 'varchar', length: 10, nullable: true }) valid_from!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) valid_to!: string | null;
  @Column({ type: 'varchar', length: 10, nullable: true }) opened_on!: string | null;
  @Column({ type: 'varchar', length: 120, nullable: true }) screen_name!: string | null;
  @Column({ type: 'varchar', length: 24, nullable: true }) account_type!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) region!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) prefecture!: string | null;
  @Column({ type: 'varchar', length: 24, nullable: true }) sector!: string | null;
  @Column({ type: 'varchar', length: 8, nullable: true }) level!: string | null;
  @Column({ type: 'boolean', nullable: true }) verified!: boolean | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) verified_type!: string | null;
  @Column({ type: 'varchar', length: 400, nullable: true }) verified_reason!: string | null;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'varchar', length: 120, nullable: true }) location!: string | null;
  @Column({ type: 'bigint', nullable: true }) followers!: number | null;
  @Column({ type: 'bigint', nullable: true }) following!: number | null;
  @Column({ type: 'bigint', nullable: true }) posts_total!: number | null;
  @Column({ type: 'integer' }) batch_id!: number;
}

/** Slowly changing dimension, type 2: derived from the observations, valid from a day (inclusive) to a day (exclusive, null: still). */
@Entity({ name: 'account_version' })
export class AccountVersion {
  @PrimaryColumn({ type: 'bigint' }) account_key!: number;
  @PrimaryColumn({ type: 'varchar', length: 10 }) valid_from!: string;
  @Column({ type: 'varchar', length: 10, nullable: true }) valid_to!: string | null;
  @Column({ type: 'varchar', length: 120, nullable: true }) screen_name!: string | null;
  @Column({ type: 'varchar', length: 24 }) account_type!: string;
  @Column({ type: 'varchar', length: 16 }) region!: string;
  @Column({ type: 'varchar', length: 16 }) prefecture!: string;
  @Column({ type: 'varchar', length: 24 }) sector!: string;
  @Column({ type: 'varchar', length: 8 }) level!: string;
  @Column({ type: 'boolean', nullable: true }) verified!: boolean | null;
  @Column({ type: 'varchar', length: 16 }) verified_type!: string;
  @Column({ type: 'varchar', length: 400, nullable: true }) verified_reason!: string | null;
}

/** One comment or reply. A citizen is a keyed hash; an official writer is an account. */
@Entity({ name: 'interaction' })
@Index('ix_interaction_day', ['created_day'])
export class Interaction {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) interaction_id!: string;
  @Column({ type: 'varchar', length: 40 }) post_id!: string;
  @Column({ type: 'bigint' }) account_key!: number;
  @Column({ type: 'varchar', length: 40, nullable: true }) parent_id!: string | null;
  @Column({ type: 'bigint', nullable: true }) by_account_key!: number | null;
  @Column({ type: 'varchar', length: 64, nullable: true }) citizen_hash!: string | null;
  @Column({ type: 'datetime', precision: 3 }) created_at!: string;
  @Column({ type: 'varchar', length: 10 }) created_day!: string;
  @Column({ type: 'text' }) text!: string;
  @Column({ type: 'integer' }) batch_id!: number;
}
