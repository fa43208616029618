import type { Meter } from './files';
import { RowsError } from './files';
import type { Origin, ParsedRow } from './outcome';
import type { Instant } from '../model/time';
import { isPlausible } from './judge';
import type { Store } from '../store/store';
import type { IngestRecord } from './records';
import { ValueError } from './values';

/** A source that is ready to be read: recognised, checked, and measured. */
export interface Reading {
  /** Name of the format, as the list of batches shows it. */
  readonly format: string;
  /** What was asked for: the path, glob or name. */
  readonly source: string;
  readonly files: readonly string[];
  /** Files that are no data of this format, with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  readonly meter: Meter;
  /** When the source was collected, where one moment holds for all its rows. */
  readonly observedAt?: Instant | null;
  rows(): AsyncIterable<ParsedRow>;
  /** When a file was collected, once its first row has been read, where files differ. */
  timeOf?(file: string): Instant | undefined;
  /** Rows of a database that were not read, because they are as they were the last time. */
  unread?(): number;
  /** Called once all rows are settled: a source that is read again and again remembers how far it has come. */
  remember?(store: Store): Promise<void>;
}

/** An input row: where it stands, and how it came. `raw` costs time to put together, and is asked for on a reject only. */
export interface SourceRow {
  readonly origin: Origin;
  readonly raw: string;
}

/** A row that was understood. Its `raw` is that of the source row, put together when somebody asks. */
class UnderstoodRow {
  constructor(
    private readonly row: SourceRow,
    readonly record: IngestRecord,
    readonly also?: readonly IngestRecord[],
  ) {}
  get origin(): Origin {
    return this.row.origin;
  }
  get raw(): string {
    return this.row.raw;
  }
}

/**
 * Turns one input row into its records, the first of which is what the row is about, or into a reject when one of its
 * values cannot be read; null when the row says nothing (a blank line).
 */
export function parseRecords(row: SourceRow, read: () => readonly IngestRecord[]): ParsedRow | null {
  try {
    const [record, ...also] = read();
    if (record === undefined) return null;
    return new UnderstoodRow(row, record, also.length > 0 ? also : undefined);
  } catch (error) {
    if (error instanceof ValueError)
      return { reject: { origin: row.origin, field: error.field === '' ? null : error.field, reason: error.reason, raw: row.raw } };
    throw error;
  }
}

/** Turns one input row into one record, or into a reject when one of its values cannot be read. */
export const parseRow = (origin: Origin, raw: string | (() => string), read: () => IngestRecord): ParsedRow =>
  parseRecords(typeof raw === 'string' ? { origin, raw } : lazyRow(origin, raw), () => [read()])!;

const lazyRow = (origin: Origin, raw: () => string): SourceRow => ({
  origin,
  get raw() {
    return raw();
  },
});

/** The rows of several files one after the other; a file that breaks off ends with a reject and the next is read. */
export async function* concatenate(
  files: readonly string[],
  rowsOf: (file: string) => AsyncIterable<ParsedRow>,
): AsyncGenerator<ParsedRow> {
  for (const file of files) {
    try {
      yield* rowsOf(file);
    } catch (error) {
      if (!(error instanceof RowsError)) throw error;
      yield { reject: { origin: error.origin, field: null, reason: error.reason, raw: '' } };
    }
  }
}

/**
 * The newest post of some rows: what was collected was collected no earlier. A misread date in the future proves nothing.
 */
export async function latestPost(rows: AsyncIterable<ParsedRow>, now: Instant): Promise<Instant | null> {
  let latest: Instant | null = null;
  for await (const row of rows)
    if ('record' in row && row.record.kind === 'post' && isPlausible(row.record.postedAt, now))
      latest = Math.max(latest ?? 0, row.record.postedAt);
  return latest;
}
