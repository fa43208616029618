import { sourceHash } from '../../store/foreign';
import type { Store, Tx } from '../../store/store';

/** One bucket of one table as it was read last. */
export interface BucketMark {
  readonly table: string;
  readonly rows: number;
  /** 16 hexadecimal digits. */
  readonly checksum: string;
}

/** What was read last of a source, known by a hash of its place, whoever reads it. */
export interface SourceMarks {
  readonly source: string;
  readonly buckets: readonly BucketMark[];
}

const COLUMNS = ['source_hash', 'bucket', 'table_name', 'row_count', 'checksum'] as const;

/** What was read last of a source; no buckets when it never was. */
export async function readSourceMarks(store: Store, source: string): Promise<SourceMarks> {
  const hash = sourceHash(source);
  const rows = await store.query<{ table_name: string; row_count: number; checksum: string }>(
    'SELECT table_name, row_count, checksum FROM source_bucket WHERE source_hash = ? ORDER BY bucket',
    [hash],
  );
  return {
    source: hash,
    buckets: rows.map(({ table_name: table, row_count: count, checksum }) => ({ table, rows: Number(count), checksum })),
  };
}

/**
 * Stores what was read, in place of what was read before. Only after all of it is committed: marks that come too late cost
 * a second reading, marks that come too early lose rows.
 */
export async function writeSourceMarks(tx: Tx, { source, buckets }: SourceMarks): Promise<void> {
  await tx.run('DELETE FROM source_bucket WHERE source_hash = ?', [source]);
  await tx.insert(
    'source_bucket',
    COLUMNS,
    buckets.map(({ table, rows, checksum }, number) => [source, number, table, rows, checksum]),
  );
}
