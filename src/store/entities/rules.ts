import { Column, Entity, PrimaryColumn } from 'typeorm';

// Rules that turn what sources say into attributes and features. Reviewable rows of seeds/reference; an empty text is "none".

/** How an attribute of an account follows from its verification, names and location (src/ingest/assignment). */
@Entity({ name: 'account_rule' })
export class AccountRule {
  @PrimaryColumn({ type: 'varchar', length: 16 }) id!: string;
  @Column({ type: 'varchar', length: 16 }) attribute!: string;
  @Column({ type: 'integer' }) priority!: number;
  @Column({ type: 'varchar', length: 80 }) when_verified_type!: string;
  @Column({ type: 'varchar', length: 80 }) when_account_type!: string;
  @Column({ type: 'varchar', length: 24 }) field!: string;
  @Column({ type: 'varchar', length: 600 }) pattern!: string;
  @Column({ type: 'varchar', length: 600 }) excludes!: string;
  @Column({ type: 'varchar', length: 24 }) value!: string;
  /** 0 to 1, as text: it is printed and compared, never summed. */
  @Column({ type: 'varchar', length: 40 }) confidence!: string;
  @Column({ type: 'varchar', length: 400 }) note!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
}

/** A word whose hits are counted in posts on or after the day it came up (src/text). */
@Entity({ name: 'lexicon' })
export class LexiconTerm {
  @PrimaryColumn({ type: 'varchar', length: 40 }) term!: string;
  @PrimaryColumn({ type: 'varchar', length: 16 }) kind!: string;
  @Column({ type: 'varchar', length: 10 }) since!: string;
  @Column({ type: 'varchar', length: 200 }) meaning!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

/** What makes a post one of a content category. */
@Entity({ name: 'content_rule' })
export class ContentRule {
  @PrimaryColumn({ type: 'varchar', length: 16 }) id!: string;
  @Column({ type: 'integer' }) priority!: number;
  @Column({ type: 'varchar', length: 16 }) category!: string;
  @Column({ type: 'varchar', length: 600 }) pattern!: string;
  @Column({ type: 'varchar', length: 600 }) excludes!: string;
  @Column({ type: 'text' }) terms!: string;
  @Column({ type: 'varchar', length: 400 }) note!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'content_category' })
export class ContentCategory {
  @PrimaryColumn({ type: 'varchar', length: 16 }) code!: string;
  @Column({ type: 'varchar', length: 80 }) name!: string;
  @Column({ type: 'varchar', length: 80 }) name_zh!: string;
  @Column({ type: 'varchar', length: 400 }) description!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}
