import type { Meter } from './files';
import { RowsError } from './files';
import type { Origin, ParsedRow } from './outcome';
import type { Instant } from '../model/time';
import { isPlausible } from './judge';
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
  rows(): AsyncIterable<ParsedRow>;
}

/** Turns one input row into a record, or into a reject when one of its values cannot be read. */
export function parseRow(origin: Origin, raw: string, read: () => IngestRecord): ParsedRow {
  try {
    return { origin, raw, record: read() };
  } catch (error) {
    if (error instanceof ValueError) return { reject: { origin, field: error.field, reason: error.reason, raw } };
    throw error;
  }
}

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
