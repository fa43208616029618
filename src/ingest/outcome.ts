import type { IngestRecord } from './records';

/** Where an input row stands, so that a rejected one can be found and mended. */
export interface Origin {
  readonly file: string;
  /** Line of the row's first character, counted from 1; the position in the list for JSON. */
  readonly line: number;
  /** Header of the table the row stands in, as CSV: a rejected row is written back below it. */
  readonly header?: string;
}

/** An input row that could not be taken, with the reason and the row as it came. */
export interface Reject {
  readonly origin: Origin;
  readonly field: string | null;
  readonly reason: string;
  readonly raw: string;
}

/**
 * What a reader makes of one input row: a record with what else the row says (its author, the fate of the post it
 * reposts), or a reject. The row counts once: it is taken as a whole or not at all.
 */
export type ParsedRow =
  | { readonly origin: Origin; readonly raw: string; readonly record: IngestRecord; readonly also?: readonly IngestRecord[] }
  | { readonly reject: Reject };

/** What became of input rows. The four parts add up to the rows read, always. */
export interface Tally {
  accepted: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

export const emptyTally = (): Tally => ({ accepted: 0, updated: 0, unchanged: 0, rejected: 0 });
export const rowsOf = (tally: Tally): number => tally.accepted + tally.updated + tally.unchanged + tally.rejected;
