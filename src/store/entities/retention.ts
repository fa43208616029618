import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Snapshot } from './operations';

/** A snapshot that somebody wants kept, and why. */
@Entity({ name: 'snapshot_pin' })
export class SnapshotPin {
  @PrimaryColumn({ type: 'varchar', length: 40 }) snapshot_id!: string;
  @Column({ type: 'varchar', length: 400 }) reason!: string;
  @Column({ type: 'varchar', length: 120 }) pinned_by!: string;
  @Column({ type: 'datetime', precision: 3 }) pinned_at!: string;

  @OneToOne(() => Snapshot, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'snapshot_id', foreignKeyConstraintName: 'fk_snapshot_pin_snapshot' })
  snapshot!: Snapshot;
}

/** A snapshot that was deleted: what it was, when it went and why. */
@Entity({ name: 'snapshot_tombstone' })
export class SnapshotTombstone {
  @PrimaryColumn({ type: 'varchar', length: 40 }) id!: string;
  @Column({ type: 'datetime', precision: 3 }) published_at!: string;
  @Column({ type: 'varchar', length: 64 }) content_hash!: string;
  @Column({ type: 'varchar', length: 10 }) from_day!: string;
  @Column({ type: 'varchar', length: 10 }) watermark!: string;
  @Column({ type: 'boolean' }) synthetic!: boolean;
  @Column({ type: 'datetime', precision: 3 }) deleted_at!: string;
  @Column({ type: 'varchar', length: 120 }) deleted_by!: string;
  @Column({ type: 'varchar', length: 400 }) reason!: string;
}

/** A snapshot that came from another machine as an archive. */
@Entity({ name: 'snapshot_import' })
export class SnapshotImport {
  @PrimaryColumn({ type: 'varchar', length: 40 }) snapshot_id!: string;
  @Column({ type: 'datetime', precision: 3 }) imported_at!: string;
  @Column({ type: 'varchar', length: 120 }) imported_by!: string;
  @Column({ type: 'varchar', length: 200 }) archive!: string;
  /** What audits had found there that a reader should know, as a JSON list. */
  @Column({ type: 'text' }) audit_notes!: string;
}

/** A file that nothing names any more, and since when that is known. */
@Entity({ name: 'condemned_file' })
export class CondemnedFile {
  @PrimaryColumn({ type: 'varchar', length: 200 }) uri!: string;
  @Column({ type: 'datetime', precision: 3 }) condemned_at!: string;
}
