import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One post, with the counters of its last observation; earlier ones are in post_observation. */
@Entity({ name: 'post' })
@Index('ix_post_counts', ['posted_day', 'account_key', 'platform', 'original', 'mentions', 'reposts', 'comments', 'likes'])
@Index('ix_post_text_rules', ['text_rules'])
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
  /** Counters that the source rounded, as it wrote them: `likes=10万+`. Null: all are exact. */
  @Column({ type: 'varchar', length: 160, nullable: true }) raw_counters!: string | null;
  /** VISIBLE, DELETED, HIDDEN or MISSING: derived from the observations, statuses and exhaustive crawls (src/ingest/existence.ts). */
  @Column({ type: 'varchar', length: 8, default: 'VISIBLE' }) status!: string;
  @Column({ type: 'varchar', length: 8, nullable: true }) status_actor!: string | null;
  /** When it was first found gone; it was last seen at `observed_at`. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) missed_at!: string | null;
  /** Version of the rules that the text features were made by (src/text). Null: not made yet. */
  @Column({ type: 'varchar', length: 12, nullable: true }) text_rules!: string | null;
  @Column({ type: 'integer', nullable: true }) questions!: number | null;
  @Column({ type: 'integer', nullable: true }) mentions!: number | null;
  @Column({ type: 'integer', nullable: true }) links!: number | null;
  @Column({ type: 'integer', nullable: true }) hashtags!: number | null;
  @Column({ type: 'integer', nullable: true }) slang!: number | null;
  @Column({ type: 'integer', nullable: true }) emoticons!: number | null;
  @Column({ type: 'integer', nullable: true }) formal!: number | null;
  @Column({ type: 'integer', nullable: true }) informal!: number | null;
  @Column({ type: 'integer', nullable: true }) tokens!: number | null;
  @Column({ type: 'varchar', length: 16, nullable: true }) category!: string | null;
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
  @Column({ type: 'varchar', length: 160, nullable: true }) raw_counters!: string | null;
}

/** What a source said about the existence of a post, whether or not the post itself is known. */
@Entity({ name: 'post_status' })
export class PostStatus {
  @PrimaryColumn({ type: 'varchar', length: 16 }) platform!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) post_id!: string;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) observed_at!: string;
  @PrimaryColumn({ type: 'varchar', length: 8 }) status!: string;
  @PrimaryColumn({ type: 'varchar', length: 8 }) actor!: string;
  @Column({ type: 'varchar', length: 400, nullable: true }) evidence!: string | null;
  @Column({ type: 'integer' }) batch_id!: number;
}

/** An exhaustive crawl: at one moment it saw every post of an account that was posted between two others. */
@Entity({ name: 'crawl_span' })
export class CrawlSpan {
  @PrimaryColumn({ type: 'bigint' }) account_key!: number;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) observed_at!: string;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) from_at!: string;
  @PrimaryColumn({ type: 'datetime', precision: 3 }) to_at!: string;
  @Column({ type: 'integer' }) batch_id!: number;
}
