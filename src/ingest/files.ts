import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pipeline, type Duplex, type Readable, type Transform } from 'node:stream';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { globSync } from 'tinyglobby';
import { GovblogError, messageOf } from '../errors';
import type { Origin } from './outcome';

/** How far a reading has come, in bytes of its files, for the progress bar. */
export interface Meter {
  total: number;
  done: number;
}

/** A row of a table-like file, by the names of its header. */
export interface TableRow {
  readonly origin: Origin;
  readonly cells: ReadonlyMap<string, string>;
  readonly raw: string;
}

/** Opens a text file in an encoding; broken bytes become U+FFFD and never stop the reading. */
export function openText(file: string, encoding: string, meter?: Meter): Readable {
  const known: boolean = iconv.encodingExists(encoding);
  if (!known) throw new GovblogError('BAD_INPUT', `There is no encoding "${encoding}"; use utf-8, gb18030, latin1 or windows-1252.`);
  const bytes = createReadStream(file);
  if (meter) bytes.on('data', (chunk) => (meter.done += chunk.length));
  const text = iconv.decodeStream(encoding) as unknown as Duplex;
  // Errors of the file reach whoever reads the text.
  pipeline(bytes, text, () => undefined);
  return text;
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
  parser._write = (chunk, encoding, done) => (failure === undefined ? write(chunk, encoding, keep(done)) : done());
  parser._flush = (done) => (failure === undefined ? flush(keep(done)) : done());
  text.once('error', (error: Error) => {
    failure ??= error;
    parser.end();
  });
  parser.once('close', () => text.destroy());
  text.pipe(parser);
  return () => failure;
}

/** The header line of a CSV file; an empty file is an error. */
export async function readHeader(file: string, encoding: string): Promise<string[]> {
  const text = openText(file, encoding);
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true, to: 1 });
  pipeline(text, parser, () => undefined);
  try {
    for await (const row of parser) return (row as string[]).map((name) => name.trim());
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `${file} has no header line that can be read: ${messageOf(error)}`, { cause: error });
  }
  throw new GovblogError('BAD_INPUT', `${file} is empty: it has no header line.`);
}

/**
 * Streams the rows of a CSV file by header name. Short rows leave their last columns out; a header repeated in the middle
 * is passed over; multi-line cells, a BOM and any line ending are understood. A quote that never closes ends the file
 * with a RowsError, after the rows before it.
 */
export async function* readCsv(file: string, encoding: string, meter?: Meter): AsyncGenerator<TableRow> {
  const breaks = lineBreaksOf(file);
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true, record_delimiter: breaks });
  const failure = feed(openText(file, encoding, meter), parser);
  let header: readonly string[] | null = null;
  let line = 1;
  for await (const item of parser) {
    const record = item as string[];
    const start = line;
    line += 1 + record.reduce((sum, cell) => sum + occurrences(breaks.at(-1)!, cell), 0);
    if (record.length === 1 && record[0] === '') continue;
    if (header === null) {
      header = record.map((name) => name.trim());
      continue;
    }
    const names = header;
    if (record.length === names.length && record.every((cell, index) => cell.trim() === names[index])) continue;
    yield {
      origin: { file, line: start },
      cells: new Map(record.slice(0, names.length).map((cell, index) => [names[index]!, cell])),
      raw: record.join(','),
    };
  }
  const broken = failure();
  if (broken !== undefined) throw new RowsError({ file, line }, `The file cannot be read on from here: ${messageOf(broken)}`, broken);
}

/** What ends a row. A bare CR does only where there is no LF: elsewhere it stands inside a text. */
function lineBreaksOf(file: string): string[] {
  const start = Buffer.alloc(65_536);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, start);
  closeSync(descriptor);
  return start.subarray(0, length).includes('\n') ? ['\r\n', '\n'] : ['\r'];
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
  const files = existsSync(pattern)
    ? [pattern]
    : globSync(pattern.replaceAll('\\', '/'), { absolute: isAbsolute(pattern), dot: false, expandDirectories: false }).map((file) =>
        isAbsolute(file) ? file : join(file),
      );
  if (files.length === 0)
    throw new GovblogError('BAD_INPUT', `No file matches "${pattern}". Check the path; quote a pattern so that the shell leaves it alone.`);
  for (const file of files) {
    const status = statSync(file);
    if (status.isDirectory())
      throw new GovblogError('BAD_INPUT', `${file} is a folder; name its files, for instance "${join(file, '**/*.csv')}".`);
    if (status.size === 0) throw new GovblogError('BAD_INPUT', `${file} is empty. Remove it from the pattern, or fetch it again.`);
  }
  return files.sort();
}

export const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0);
