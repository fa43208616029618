import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One post, with the counters of its last observation; earlier ones are in post_observation. */
@Entity({ name: 'post' })
@Index('ix_post_day', ['posted_day', 'account_key'])
export class Post {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) post_id!: string;
  @Column({ type: 'bigint' }) account_key!: number;
  @Column({ type: 'datetime', precision: 3 }) posted_at!: string;
  /** Day and hour in the time zone of the platform. */
  @Column({ type: 'varchar', length: 10 }) posted_day!: string;
  @Column({ type: 'integer' }) posted_hour!: number;
  @Column({ type: 'text' }) text!: string;
  /** Unicode code points of the text. */
  @Column({ type: 'integer' }) text_length!: number;
  @Column({ type: 'boolean' }) original!: boolean;
  @Column({ type: 'varchar', length: 40, nullable: true }) repost_of_id!: string | null;
  @Column({ type: 'bigint', nullable: true }) reposts!: number | null;
  @Column({ type: 'bigint', nullable: true }) comments!: number | null;
  @Column({ type: 'bigint', nullable: true }) likes!: number | null;
  @Column({ type: 'datetime', precision: 3 }) observed_at!: string;
  @Column({ type: 'integer' }) observed_seq!: number;
  @Column({ type: 'integer' }) batch_id!: number;
}

/**
 * The counters of a post at every moment it was observed before the last, which the post itself carries: a crawl that
 * sees each post once costs one row a post. `seq` tells apart different counters seen at the same moment.
 */
@Entity({ name: 'post_observation', withoutRowid: true })
export class PostObservation {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) post_id!: string;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) observed_at!: string;
  @PrimaryColumn({ type: 'integer' }) seq!: number;
  @Column({ type: 'bigint', nullable: true }) reposts!: number | null;
  @Column({ type: 'bigint', nullable: true }) comments!: number | null;
  @Column({ type: 'bigint', nullable: true }) likes!: number | null;
  @Column({ type: 'integer' }) batch_id!: number;
}
