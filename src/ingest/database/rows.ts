import type { Foreign, ForeignRow } from '../../store/foreign';
import { rangesOf, scatterOf, type Bucket } from './buckets';
import type { RecognisedTable } from './recognise';

const CHUNK_ROWS = 1_000;

/** What a reading gathers on its way. */
export interface Progress {
  readonly buckets: (Bucket & { readonly table: string })[];
  unread: number;
  readonly meter: { done: number };
}
export interface PlacedRow {
  readonly row: ForeignRow;
  /** Position in the table, from 0. */
  readonly position: number;
}

/** Every row of a table, with its checksum on the way. */
export async function* everything(database: Foreign, { table, rows }: RecognisedTable, progress: Progress): AsyncGenerator<PlacedRow[]> {
  const bucketing = table.key === null ? scatterOf(rows) : rangesOf(rows);
  let position = 0;
  for await (const chunk of database.stream({ table, values: true, checksums: true }, CHUNK_ROWS)) {
    for (const row of chunk) bucketing.add(row);
    yield chunk.map((row) => ({ row, position: position++ }));
  }
  for (const bucket of bucketing.finish()) progress.buckets.push({ ...bucket, table: table.name });
}

/** First the checksums of all rows, then the rows of the buckets that are not as they were. */
export async function* whatChanged(
  database: Foreign,
  { table, rows }: RecognisedTable,
  unchanged: ReadonlySet<string>,
  progress: Progress,
): AsyncGenerator<PlacedRow[]> {
  const scatter = table.key === null ? scatterOf(rows) : null;
  const bucketing = scatter ?? rangesOf(rows);
  for await (const chunk of database.stream({ table, values: false, checksums: true }, CHUNK_ROWS))
    for (const row of chunk) bucketing.add(row);
  const buckets = bucketing.finish();
  const changed = new Set(buckets.filter((bucket) => !unchanged.has(`${bucket.rows} ${bucket.checksum}`)));
  for (const bucket of buckets) {
    progress.buckets.push({ ...bucket, table: table.name });
    if (changed.has(bucket)) continue;
    progress.unread += bucket.rows;
    progress.meter.done += bucket.rows;
  }
  if (changed.size === 0) return;
  if (scatter !== null) {
    let position = 0;
    for await (const chunk of database.stream({ table, values: true, checksums: true }, CHUNK_ROWS))
      yield chunk
        .map((row) => ({ row, position: position++ }))
        .filter(({ row }) => {
          const bucket = scatter.bucketOf(row.checksum);
          return bucket === undefined || changed.has(bucket);
        });
    return;
  }
  for (const { start, first, last } of adjoined(buckets, changed)) {
    let position = start;
    for await (const chunk of database.stream({ table, values: true, checksums: false, between: [first, last] }, CHUNK_ROWS))
      yield chunk.map((row) => ({ row, position: position++ }));
  }
}

/** The ranges of changed buckets; those of neighbours are one. */
function adjoined(buckets: readonly Bucket[], changed: ReadonlySet<Bucket>): NonNullable<Bucket['range']>[] {
  const ranges: NonNullable<Bucket['range']>[] = [];
  buckets.forEach((bucket, index) => {
    if (bucket.range === null || !changed.has(bucket)) return;
    const before = buckets[index - 1];
    if (before !== undefined && changed.has(before)) ranges.push({ ...ranges.pop()!, last: bucket.range.last });
    else ranges.push(bucket.range);
  });
  return ranges;
}
