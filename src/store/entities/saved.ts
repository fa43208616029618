import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Snapshot } from './operations';

/** A question on a snapshot that somebody cites. Written once and never changed; its snapshot cannot be deleted while it is here. */
@Entity({ name: 'saved_query' })
@Index('ix_saved_query_snapshot', ['snapshot_id'])
export class SavedQuery {
  /** The id of the question on its snapshot, as `provenance { queryId }` gave it. */
  @PrimaryColumn({ type: 'varchar', length: 32 }) id!: string;
  @Column({ type: 'varchar', length: 40 }) snapshot_id!: string;
  /** The question in canonical form, JSON: no SQL, which belongs to an engine. */
  @Column({ type: 'text' }) question!: string;
  @Column({ type: 'varchar', length: 64 }) result_hash!: string;
  @Column({ type: 'varchar', length: 200, nullable: true }) title!: string | null;
  @Column({ type: 'varchar', length: 80, nullable: true }) saved_by!: string | null;
  @Column({ type: 'datetime', precision: 3 }) saved_at!: string;

  @ManyToOne(() => Snapshot, { onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({ name: 'snapshot_id', foreignKeyConstraintName: 'fk_saved_query_snapshot' })
  snapshot!: Snapshot;
}
