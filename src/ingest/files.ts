import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pipeline, type Duplex, type Readable, type Transform } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import { globSync } from 'tinyglobby';
import { GovblogError, messageOf } from '../errors';
import { csvBlocks } from './csvBlocks';
import type { Layout } from './csvText';
import type { Origin } from './outcome';
import { ValueError } from './values';

/** Bytes that are read at once: a text of so many is not moved about by the collector of garbage. */
const PIECE_BYTES = 1 << 18;

/** How far a reading has come, in bytes of its files, for the progress bar. */
export interface Meter {
  total: number;
  done: number;
}

/** The cells of a row by the names of the header; a column that the row does not reach has none. */
export interface Cells extends Iterable<readonly [string, string]> {
  /** Throws a ValueError when the row holds more than the header has names for: something would be lost silently. */
  get(name: string): string | undefined;
}

/** A row of a table-like file, by the names of its header. */
export interface TableRow {
  readonly origin: Origin;
  /** How often the header came again before this row: with each repetition begins a later run of the crawler. */
  readonly run: number;
  readonly cells: Cells;
  /** The row as a line of CSV, so that it can be mended and loaded alone. */
  readonly raw: string;
}

/** Opens a text file in an encoding; broken bytes become U+FFFD and never stop the reading. */
export function openText(file: string, encoding: string, meter?: Meter): Readable {
  const known: boolean = iconv.encodingExists(encoding);
  if (!known) throw new GovblogError('BAD_INPUT', `There is no encoding "${encoding}"; use utf-8, gb18030, latin1 or windows-1252.`);
  const bytes = openBytes(file, meter);
  const text = iconv.decodeStream(encoding) as unknown as Duplex;
  // Errors of the file reach whoever reads the text.
  pipeline(bytes, text, () => undefined);
  return text;
}

function openBytes(file: string, meter?: Meter): Readable {
  const bytes = createReadStream(file, { highWaterMark: PIECE_BYTES });
  // Beside whoever takes the pieces, without making them flow.
  if (meter) bytes.pause().on('data', (chunk) => (meter.done += chunk.length));
  return bytes;
}

/** Bytes of UTF-8 need not become texts before they are divided into lines; what a byte order mark calls UTF-16 is no UTF-8. */
function openForCsv(file: string, encoding: string, meter?: Meter): Readable {
  if (!/^utf-?8$/i.test(encoding)) return openText(file, encoding, meter);
  return startOf(file, 2).equals(Buffer.from([0xff, 0xfe])) ? openText(file, 'utf-16le', meter) : openBytes(file, meter);
}

/**
 * Pipes text into a parser that ends where the text breaks, after everything it made of what came before it: a stream
 * that fails would throw away what nobody has read yet. The answer tells, at the end, what broke it.
 */
export function feed(text: Readable, parser: Transform): () => Error | undefined {
  let failure: Error | undefined;
  const write = parser._write.bind(parser);
  const flush = parser._flush.bind(parser);
  const keep = (done: (error?: Error | null) => void) => (error?: Error | null) => {
    failure ??= error ?? undefined;
    done();
  };
  // Some parsers throw what they cannot take.
  const attempt = (work: () => void, done: () => void): void => {
    if (failure !== undefined) return done();
    try {
      work();
    } catch (error) {
      failure = error as Error;
      done();
    }
  };
  parser._write = (chunk, encoding, done) => attempt(() => write(chunk, encoding, keep(done)), done);
  parser._flush = (done) => attempt(() => flush(keep(done)), done);
  text.once('error', (error: Error) => {
    failure ??= error;
    parser.end();
  });
  parser.once('close', () => text.destroy());
  text.pipe(parser);
  return () => failure;
}

/** The header line of a CSV file. An empty file is an error, and so is a header with one name twice. */
export async function readHeader(file: string, encoding: string): Promise<string[]> {
  for await (const { rows, broken } of csvBlocks(openForCsv(file, encoding), layoutOf(file, encoding))) {
    if (rows.length > 0) return [...new Header(file, rows[0]!).names];
    if (broken) throw new GovblogError('BAD_INPUT', `${file} has no header line that can be read: ${messageOf(broken)}`, { cause: broken });
  }
  throw new GovblogError('BAD_INPUT', `${file} is empty: it has no header line.`);
}

/**
 * Streams the rows of a CSV file by header name. Short rows leave their last columns out; a header that comes again in the
 * middle is no row, and counts for the rows after it, also when it has become another one; multi-line cells, a BOM and
 * any line ending are understood, and so are tabs, semicolons and bars between the cells where the header has no comma. A quote that never closes ends the file with a RowsError, after the rows before it.
 */
export async function* readCsv(file: string, encoding: string, meter?: Meter): AsyncGenerator<TableRow> {
  const layout = layoutOf(file, encoding);
  let header: Header | null = null;
  let run = 0;
  let line = 1;
  for await (const { rows, broken } of csvBlocks(openForCsv(file, encoding, meter), layout)) {
    for (const record of rows) {
      const start = line;
      line += 1;
      for (const cell of record) line += occurrences(layout.lineEnd, cell);
      if (record.length === 1 && record[0] === '') continue;
      if (header === null) header = new Header(file, record);
      else if (header.comesAgainIn(record)) {
        header = new Header(file, record);
        run += 1;
      } else yield new CsvRow({ file, line: start, header: header.text }, run, header, record);
    }
    if (broken) throw new RowsError({ file, line }, `The file cannot be read on from here: ${messageOf(broken)}`, broken);
  }
}

/** The names of the columns, and where each stands. Columns without a name may be several. */
class Header {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly text: string;

  constructor(file: string, record: readonly string[]) {
    this.names = record.map((name) => name.trim());
    const twice = this.names.find((name, index) => name !== '' && this.names.indexOf(name) < index);
    if (twice !== undefined)
      throw new GovblogError('BAD_INPUT', `${file} has two columns named "${twice}": rename one, so that it is clear which is meant.`);
    this.places = new Map(this.names.map((name, index) => [name, index]));
    this.text = stringify([[...this.names]]).trimEnd();
  }

  /** A crawler that runs again writes its header again. A newer build, or other settings, add or drop columns. */
  comesAgainIn(record: readonly string[]): boolean {
    if (record[0]!.trim() !== this.names[0] || record.length < 2) return false;
    const known = record.filter((cell) => this.places.has(cell.trim())).length;
    return 2 * known > Math.max(record.length, this.names.length);
  }
}

class CsvRow implements TableRow, Cells {
  constructor(
    readonly origin: Origin,
    readonly run: number,
    private readonly header: Header,
    private readonly values: readonly string[],
  ) {}

  get cells(): Cells {
    return this;
  }

  get(name: string): string | undefined {
    if (this.values.length > this.header.names.length) this.checkSurplus();
    const place = this.header.places.get(name);
    return place === undefined ? undefined : this.values[place];
  }

  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    this.checkSurplus();
    for (const [name, place] of this.header.places) if (place < this.values.length) yield [name, this.values[place]!];
  }

  get raw(): string {
    // Cells with a bare CR have to be quoted too, or the CR would end the row.
    return stringify([[...this.values]], { eof: false, quoted_match: /[\r\n]/ });
  }

  private checkSurplus(): void {
    const { length } = this.header.names;
    const surplus = this.values.slice(length).find((cell) => cell.trim() !== '');
    if (surplus === undefined) return;
    throw new ValueError(
      '',
      `The row has ${this.values.length} cells and the header ${length} names: nothing tells what "${surplus.slice(0, 60)}" is.`,
    );
  }
}

/** Spreadsheets in half of Europe write semicolons, databases tabs and bars: nothing else may come between the names of a header. */
const OTHER_DELIMITERS = [';', '\t', '|'] as const;

function layoutOf(file: string, encoding: string): Layout {
  const start = iconv.decode(startOf(file, 65_536), encoding);
  const lineEnd = start.includes('\n') ? '\n' : '\r';
  const header = start.slice(0, start.indexOf(lineEnd) >>> 0).replace(/"(?:[^"]|"")*"/g, '');
  const delimiter = header.includes(',') ? ',' : (OTHER_DELIMITERS.find((one) => header.includes(one)) ?? ',');
  return { lineEnd, delimiter };
}

/** The first bytes of a file, at most as many as said. */
export function startOf(file: string, bytes: number): Buffer {
  const start = Buffer.alloc(bytes);
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes; length += read) read = readSync(descriptor, start, length, bytes - length, null);
    return start.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function occurrences(sign: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

/** A file that breaks off: the rows before it stand, the rest is one reject at this place. */
export class RowsError extends Error {
  constructor(
    readonly origin: Origin,
    readonly reason: string,
    cause: unknown,
  ) {
    super(`${origin.file}:${origin.line}: ${reason}`, { cause });
  }
}

/** The files that a path or a glob names, sorted, so that the order of loading does not depend on the disk. */
export function filesOf(pattern: string): string[] {
  const files = matching(pattern);
  for (const file of files) {
    const status = statSync(file);
    if (status.isDirectory())
      throw new GovblogError('BAD_INPUT', `${file} is a folder; name its files, for instance "${join(file, '**/*.csv')}".`);
    if (status.size === 0) throw new GovblogError('BAD_INPUT', `${file} is empty. Remove it from the pattern, or fetch it again.`);
  }
  return files;
}

/** What a path or a glob names, sorted; nothing is an error. */
export function matching(pattern: string): string[] {
  const files = existsSync(pattern)
    ? [pattern]
    : globSync(pattern.replaceAll('\\', '/'), { absolute: isAbsolute(pattern), dot: false, expandDirectories: false }).map((file) =>
        isAbsolute(file) ? file : join(file),
      );
  if (files.length === 0)
    throw new GovblogError('BAD_INPUT', `No file matches "${pattern}". Check the path; quote a pattern so that the shell leaves it alone.`);
  return files.sort();
}

export const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0);
