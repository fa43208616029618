import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A key by which somebody asks or steers. The key itself is kept nowhere. */
@Entity({ name: 'api_key' })
export class ApiKey {
  /** The public beginning of the key, `gb_ab12cd34`. */
  @PrimaryColumn({ type: 'varchar', length: 16 }) id!: string;
  @Column({ type: 'varchar', length: 80 }) name!: string;
  @Column({ type: 'varchar', length: 16 }) role!: string;
  /** sha256 of the whole key, which has 256 random bits: nothing slower is needed. */
  @Column({ type: 'varchar', length: 64 }) hash!: string;
  @Column({ type: 'datetime', precision: 3 }) created_at!: string;
  /** To the minute. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) last_used_at!: string | null;
  /** Rows stay when a key is revoked: the audit log names them. */
  @Column({ type: 'datetime', precision: 3, nullable: true }) revoked_at!: string | null;
}

/** One request to change something: who, what, why, and what became of it. */
@Entity({ name: 'audit_log' })
@Index('ix_audit_at', ['at'])
export class AuditLog {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ type: 'datetime', precision: 3 }) at!: string;
  @Column({ type: 'varchar', length: 120 }) caller!: string;
  @Column({ type: 'varchar', length: 60 }) action!: string;
  @Column({ type: 'varchar', length: 400 }) subject!: string;
  @Column({ type: 'varchar', length: 400, nullable: true }) reason!: string | null;
  /** begun, done, `refused: …` or `failed: …`; what stays begun was broken off. */
  @Column({ type: 'varchar', length: 600 }) outcome!: string;
}
