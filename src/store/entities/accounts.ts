import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

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
  /** Counts that the source rounded, as it wrote them: `followers=27.1万`. Null: all are exact. */
  @Column({ type: 'varchar', length: 160, nullable: true }) raw_counters!: string | null;
  /** The source says that the account no longer exists. */
  @Column({ type: 'boolean', nullable: true }) deleted!: boolean | null;
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
  /** Why the attribute is what it is: STATED by a source, REVIEW, the id of a rule, or null where nothing tells. */
  @Column({ type: 'varchar', length: 16, nullable: true }) account_type_by!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) region_by!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) prefecture_by!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) sector_by!: string | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) level_by!: string | null;
}

/** What a reviewer decided about one attribute of an account; the latest decision counts, for all its days. */
@Entity({ name: 'account_decision' })
@Index('ix_decision_account', ['account_key'])
export class AccountDecision {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'bigint' }) account_key!: number;
  @Column({ type: 'varchar', length: 16 }) attribute!: string;
  /** Null withdraws earlier decisions: sources and rules decide again. */
  @Column({ type: 'varchar', length: 24, nullable: true }) value!: string | null;
  @Column({ type: 'varchar', length: 80 }) decided_by!: string;
  @Column({ type: 'varchar', length: 400, nullable: true }) note!: string | null;
  @Column({ type: 'datetime', precision: 3 }) decided_at!: string;
}

/** One comment or reply. A citizen is a keyed hash; an official writer is an account. */
@Entity({ name: 'interaction' })
@Index('ix_interaction_day', ['created_day'])
@Index('ix_interaction_post', ['platform', 'post_id'])
@Index('ix_interaction_citizen', ['platform', 'citizen_hash'])
export class Interaction {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) interaction_id!: string;
  @Column({ type: 'varchar', length: 40 }) post_id!: string;
  /** Account that wrote the post; null until the post is known. */
  @Column({ type: 'bigint', nullable: true }) account_key!: number | null;
  @Column({ type: 'varchar', length: 40, nullable: true }) parent_id!: string | null;
  @Column({ type: 'bigint', nullable: true }) by_account_key!: number | null;
  @Column({ type: 'varchar', length: 64, nullable: true }) citizen_hash!: string | null;
  @Column({ type: 'datetime', precision: 3 }) created_at!: string;
  @Column({ type: 'varchar', length: 10 }) created_day!: string;
  @Column({ type: 'text' }) text!: string;
  @Column({ type: 'integer' }) batch_id!: number;
  /** COMMENT (replies are comments with a parent) or REPOST. */
  @Column({ type: 'varchar', length: 8, default: 'COMMENT' }) form!: string;
  @Column({ type: 'bigint', nullable: true }) likes!: number | null;
}

/** Somebody was seen following somebody: both as keyed hashes, since either may be a citizen. */
@Entity({ name: 'follow' })
export class Follow {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 64 }) followed_hash!: string;
  @PrimaryColumn({ type: 'varchar', length: 64 }) follower_hash!: string;
  @Column({ type: 'datetime', precision: 3 }) first_seen_at!: string;
  @Column({ type: 'datetime', precision: 3 }) last_seen_at!: string;
  @Column({ type: 'integer' }) batch_id!: number;
}
