import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A part of a table of a crawler's database as it was read last: while its checksum is the same it is not read again. */
@Entity({ name: 'source_bucket' })
export class SourceBucket {
  /** Hash of host, port and database, or of the path of a file. */
  @PrimaryColumn({ type: 'varchar', length: 64 }) source_hash!: string;
  /** Counted through all tables of the source. */
  @PrimaryColumn({ type: 'integer' }) bucket!: number;
  @Column({ type: 'varchar', length: 200 }) table_name!: string;
  @Column({ type: 'bigint' }) row_count!: number;
  @Column({ type: 'varchar', length: 16 }) checksum!: string;
}
