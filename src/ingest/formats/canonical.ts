import { extname } from 'node:path';
import { GovblogError } from '../../errors';
import { didYouMean } from '../../suggest';
import { filesOf, readCsv, readHeader, type Meter, type TableRow } from '../files';
import { readJsonLines, textAt, type Json, type JsonRow } from '../json';
import type { ParsedRow } from '../outcome';
import { parseRecords, rejected } from '../reading';
import type { IngestRecord } from '../records';
import { ValueError } from '../values';

/** Files in columns of our own naming, as CSV or JSON Lines. */
export interface Canonical {
  /** With its article: `an account registry`. */
  readonly what: string;
  readonly columns: readonly string[];
  readonly needed: readonly string[];
}

/** The value of a column of a row. */
export type CanonicalCell = (name: string) => string | undefined;

const isJsonLines = (file: string): boolean => ['.jsonl', '.ndjson'].includes(extname(file));

/** The files of a pattern, once their headers have been found to be canonical. */
export async function canonicalFiles(pattern: string, table: Canonical): Promise<string[]> {
  const files = filesOf(pattern);
  for (const file of files) if (!isJsonLines(file)) checkHeader(file, await readHeader(file, 'utf-8'), table);
  return files;
}

/** Refuses a header that lacks a needed column, or has one that is none of the table. */
export function checkHeader(file: string, header: readonly string[], { what, columns, needed }: Canonical): void {
  for (const column of needed)
    if (!header.includes(column))
      throw new GovblogError(
        'BAD_INPUT',
        `${file} has no column "${column}".${didYouMean(column, header)} The columns of ${what}: ${columns.join(', ')}.`,
      );
  for (const column of header)
    if (!columns.includes(column))
      throw new GovblogError(
        'BAD_INPUT',
        `${file} has a column "${column}" that is not one of ${what}.${didYouMean(column, columns)} Rename or remove it, or describe the file by a profile (--profile), which reads the columns it names and leaves the rest; the columns: ${columns.join(', ')}.`,
      );
}

/** A line of JSON Lines has its own names; a misspelled one must not pass for a value that nobody knows. */
function checkNames(value: Json, { what, columns }: Canonical): void {
  const names = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  for (const name of names)
    if (!columns.includes(name)) throw new ValueError(name, `This is not one of the columns of ${what}.${didYouMean(name, columns)}`);
}

/** The rows of one canonical file, each read into its records. */
export async function* canonicalRows(
  file: string,
  table: Canonical,
  meter: Meter,
  read: (cell: CanonicalCell) => readonly IngestRecord[],
): AsyncGenerator<ParsedRow> {
  for await (const row of isJsonLines(file) ? readJsonLines(file, 'utf-8', meter) : readCsv(file, 'utf-8', meter)) {
    const parsed = 'error' in row ? rejected(row, null, row.error) : parseRecords(row, () => read(cellOf(row, table)));
    if (parsed !== null) yield parsed;
  }
}

function cellOf(row: TableRow | JsonRow, table: Canonical): CanonicalCell {
  if ('cells' in row) return (name) => row.cells.get(name);
  checkNames(row.value, table);
  return (name) => textAt(row.value, name);
}
