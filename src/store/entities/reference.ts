import { Column, Entity, PrimaryColumn } from 'typeorm';

// Every reference row says where it comes from and how sure that is; both travel into the snapshot.

@Entity({ name: 'platform' })
export class Platform {
  @PrimaryColumn({ type: 'varchar', length: 16 }) code!: string;
  @Column({ type: 'varchar', length: 80 }) name!: string;
  @Column({ type: 'varchar', length: 80 }) name_zh!: string;
  @Column({ type: 'varchar', length: 40 }) time_zone!: string;
  @Column({ type: 'varchar', length: 10, nullable: true }) likes_since!: string | null;
  @Column({ type: 'boolean' }) synthetic!: boolean;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'region' })
export class Region {
  @PrimaryColumn({ type: 'varchar', length: 16 }) code!: string;
  @Column({ type: 'varchar', length: 16, nullable: true }) parent_code!: string | null;
  @Column({ type: 'varchar', length: 16 }) kind!: string;
  @Column({ type: 'varchar', length: 80 }) name!: string;
  @Column({ type: 'varchar', length: 80 }) name_zh!: string;
  @Column({ type: 'varchar', length: 80 }) name_zh_full!: string;
  @Column({ type: 'varchar', length: 16, nullable: true }) iso_3166_2!: string | null;
  @Column({ type: 'varchar', length: 32, nullable: true }) nbs_region!: string | null;
  @Column({ type: 'varchar', length: 32, nullable: true }) nbs_region_zh!: string | null;
  @Column({ type: 'varchar', length: 32, nullable: true }) geo_region!: string | null;
  @Column({ type: 'varchar', length: 32, nullable: true }) geo_region_zh!: string | null;
  @Column({ type: 'varchar', length: 32, nullable: true }) geo_alt_region!: string | null;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'sector' })
export class Sector {
  @PrimaryColumn({ type: 'varchar', length: 24 }) code!: string;
  @Column({ type: 'varchar', length: 24, nullable: true }) parent_code!: string | null;
  @Column({ type: 'varchar', length: 120 }) name!: string;
  @Column({ type: 'varchar', length: 120 }) name_zh!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'admin_level' })
export class AdminLevel {
  @PrimaryColumn({ type: 'varchar', length: 8 }) code!: string;
  @Column({ type: 'integer', nullable: true }) sort_rank!: number | null;
  @Column({ type: 'varchar', length: 120 }) name!: string;
  @Column({ type: 'varchar', length: 120 }) name_zh!: string;
  @Column({ type: 'varchar', length: 120 }) cadre_rank!: string;
  @Column({ type: 'varchar', length: 120 }) cadre_rank_zh!: string;
  @Column({ type: 'integer', nullable: true }) units_end_2011!: number | null;
  @Column({ type: 'varchar', length: 400 }) note!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'account_type' })
export class AccountType {
  @PrimaryColumn({ type: 'varchar', length: 24 }) code!: string;
  @Column({ type: 'varchar', length: 24, nullable: true }) parent_code!: string | null;
  @Column({ type: 'varchar', length: 120 }) name!: string;
  @Column({ type: 'varchar', length: 120 }) name_zh!: string;
  @Column({ type: 'varchar', length: 400 }) identification!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'verified_type' })
export class VerifiedType {
  @PrimaryColumn({ type: 'varchar', length: 16 }) code!: string;
  @Column({ type: 'varchar', length: 120 }) meaning!: string;
  @Column({ type: 'varchar', length: 120 }) meaning_zh!: string;
  @Column({ type: 'varchar', length: 40 }) badge!: string;
  @Column({ type: 'varchar', length: 400 }) relevance!: string;
  /** Account type that this verification alone implies. */
  @Column({ type: 'varchar', length: 24 }) account_type!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'indicator' })
export class Indicator {
  @PrimaryColumn({ type: 'varchar', length: 16 }) region_code!: string;
  @PrimaryColumn({ type: 'varchar', length: 40 }) indicator!: string;
  @PrimaryColumn({ type: 'integer' }) year!: number;
  @Column({ type: 'double' }) value!: number;
  @Column({ type: 'varchar', length: 40 }) unit!: string;
  @Column({ type: 'varchar', length: 200 }) source!: string;
  @Column({ type: 'varchar', length: 200 }) confidence!: string;
}

@Entity({ name: 'source' })
export class Source {
  @PrimaryColumn({ type: 'varchar', length: 16 }) code!: string;
  @Column({ type: 'varchar', length: 600 }) reference!: string;
  @Column({ type: 'varchar', length: 80 }) kind!: string;
  @Column({ type: 'varchar', length: 200 }) what_was_read!: string;
}
