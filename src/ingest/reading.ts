import { toUSVString } from 'node:util';
import type { Meter } from './files';
import { RowsError } from './files';
import type { Origin, ParsedRow } from './outcome';
import type { Instant } from '../model/time';
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
    return storable(this.row.raw);
  }
}

/** The row with other records. */
export const withRecords = (row: SourceRow, [record, ...also]: readonly [IngestRecord, ...IngestRecord[]]): ParsedRow =>
  new UnderstoodRow(row, record, also.length > 0 ? also : undefined);

/** What no store gives back as it was: half a character, where a crawler cut a text, and NUL, which ends a text for SQLite. */
const isUnstorable = (text: string): boolean => text.includes('\0') || toUSVString(text) !== text;

/**
 * The text with U+FFFD for what cannot be stored. What is loaded again must equal what the store holds, or it would pass
 * for news each time.
 */
export const storable = (text: string): string => (isUnstorable(text) ? toUSVString(text).replaceAll('\0', '\uFFFD') : text);

function storableRecord(record: IngestRecord): IngestRecord {
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | null = null;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string' && isUnstorable(value)) (changed ??= { ...fields })[name] = storable(value);
  }
  return changed === null ? record : (changed as unknown as IngestRecord);
}

/**
 * Turns one input row into its records, the first of which is what the row is about, or into a reject when one of its
 * values cannot be read; null when the row says nothing (a blank line).
 */
export function parseRecords(row: SourceRow, read: () => readonly IngestRecord[]): ParsedRow | null {
  try {
    const [record, ...also] = read().map(storableRecord);
    if (record === undefined) return null;
    return new UnderstoodRow(row, record, also.length > 0 ? also : undefined);
  } catch (error) {
    if (error instanceof ValueError) return rejected(row, error.field === '' ? null : error.field, error.reason);
    throw error;
  }
}

export type Rejected = Extract<ParsedRow, { readonly reject: unknown }>;

/** A row that could not be read, with what is wrong with it. */
export const rejected = (row: SourceRow, field: string | null, reason: string): Rejected => ({
  reject: { origin: row.origin, field: field === null ? null : storable(field), reason: storable(reason), raw: storable(row.raw) },
});

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
