import { existsSync, statSync } from 'node:fs';
import { basename, extname, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { systemClock, type Clock } from '../../clock';
import { GovblogError } from '../../errors';
import type { Instant } from '../../model/time';
import { matching, readCsv, RowsError, sizeOf, type Meter } from '../files';
import { jsonText, namesOf, readJsonArray, readJsonLines, readJsonValue, textAt, type Json, type JsonRow } from '../json';
import type { ParsedRow } from '../outcome';
import { concatenate, parseRecords, rejected, type Reading } from '../reading';
import { NOT_KNOWN, proofIn, withoutUndated } from './crawlTime';
import { isText, nearest, recognise, shapeOf, someOf, type RecognisedFile } from './recognise';
import type { DocumentFormat, RowContext, Shape } from './shape';

export interface CrawlerOptions {
  /** When the source was collected, for files that do not say. */
  readonly observedAt: Instant | null;
  /** Encoding of all files; null: each is looked at. */
  readonly encoding: string | null;
}

/**
 * Files that crawlers of Weibo wrote: a folder with all below it, one file, or a glob. Each is known by its header or its
 * keys. Files that do not say when they were collected were collected no earlier than the newest post among all of them.
 * Throws BAD_INPUT when there is nothing to read, or nothing tells when it was collected.
 */
export async function crawlerFiles(source: string, { observedAt, encoding }: CrawlerOptions, clock: Clock = systemClock): Promise<Reading> {
  const recognised = new Map<string, RecognisedFile>();
  const skipped: { file: string; reason: string }[] = [];
  for (const path of pathsOf(source)) {
    const what = await recognise(path, encoding);
    if ('reason' in what) skipped.push({ file: path, reason: what.reason });
    else recognised.set(path, what);
  }
  if (recognised.size === 0) {
    const first = skipped.find(({ file }) => !isText(file));
    const why = first ? `${nameIn(source, first.file)}: ${first.reason}` : 'no .csv or .json';
    throw new GovblogError('BAD_INPUT', `${source} holds no file of weibo-crawler or another crawler (${why}).`);
  }
  giveOwners(recognised);
  const files = [...recognised.keys()];
  const rowsAt = (at: Instant, meter: Meter): AsyncIterable<ParsedRow> =>
    concatenate(files, (file) => rowsOf(recognised.get(file)!, at, meter));
  const nowhere: Meter = { total: 0, done: 0 };
  const proof = observedAt === null ? await proofIn(source, rowsAt(NOT_KNOWN, nowhere), clock.now().getTime()) : { at: observedAt };
  const meter: Meter = { total: sizeOf(files), done: 0 };
  const rows = (): AsyncIterable<ParsedRow> => withoutUndated(rowsAt(proof.at, meter), proof.undated);
  return { format: formatsOf(recognised.values()), source, files, skipped, meter, observedAt: proof.at, rows };
}

const nameIn = (folder: string, file: string): string => {
  const name = relative(folder, file);
  return name === '' || name.startsWith('..') ? basename(file) : name;
};

function pathsOf(source: string): string[] {
  if (existsSync(source) && statSync(source).isDirectory())
    return globSync('**/*.{csv,json,jsonl,ndjson,txt}', { cwd: source, absolute: true, caseSensitiveMatch: false }).sort();
  if (!existsSync(source) && !/[*?[\]{}]/.test(source))
    throw new GovblogError('BAD_INPUT', `There is no folder ${source}. Name the folder that weibo-crawler wrote, usually "weibo".`);
  return matching(source);
}

/** A table that is named by the word in the address of its account is of the account whose document has the same name. */
function giveOwners(recognised: Map<string, RecognisedFile>): void {
  const nameOf = (file: string): string => file.slice(0, -extname(file).length);
  const owners = new Map(
    [...recognised.values()].flatMap(({ file, layout }) =>
      layout.kind === 'document' && layout.owner !== null ? [[nameOf(file), layout.owner] as const] : [],
    ),
  );
  for (const [path, one] of recognised) {
    const owner = owners.get(nameOf(path));
    if (owner !== undefined && one.layout.kind === 'table') recognised.set(path, { ...one, layout: { ...one.layout, owner } });
  }
}

/** Room for the name of a format in the list of batches. */
const FORMAT_LENGTH = 40;

function formatsOf(recognised: Iterable<RecognisedFile>): string {
  const names = [...new Set([...recognised].flatMap(({ formats }) => formats))].sort().join(', ');
  return names.length <= FORMAT_LENGTH ? names : 'several crawlers';
}

async function* rowsOf({ file, encoding, layout }: RecognisedFile, observedAt: Instant, meter: Meter): AsyncGenerator<ParsedRow> {
  const context: RowContext = {
    file,
    observedAt,
    owner: layout.kind === 'table' || layout.kind === 'document' ? layout.owner : null,
    undated: false,
  };
  if (layout.kind === 'table') yield* tableRows(layout.shape, encoding, context, meter);
  else if (layout.kind === 'document') yield* documentRows(layout.document, encoding, context, meter);
  else
    for await (const row of layout.kind === 'lines' ? readJsonLines(file, encoding, meter) : readJsonArray(file, encoding, '', meter)) {
      if ('error' in row) yield rejected(row, null, row.error);
      else yield* anyRow(row, context);
    }
}

async function* tableRows(shape: Shape, encoding: string, context: RowContext, meter: Meter): AsyncGenerator<ParsedRow> {
  let ofRun = context;
  for await (const row of readCsv(context.file, encoding, meter)) {
    // A later run saw later counters: without the difference nobody could tell which of two are the last.
    if (ofRun.observedAt !== context.observedAt + row.run) ofRun = { ...context, observedAt: context.observedAt + row.run };
    const { cells } = row;
    const parsed = parseRecords(row, () => shape.read((name) => cells.get(name), ofRun));
    if (parsed) yield parsed;
  }
}

/** A row that tells by its own keys what it is. */
function* anyRow(row: JsonRow, context: RowContext): Generator<ParsedRow> {
  const names = namesOf(row.value);
  const shape = shapeOf(names);
  if (shape) yield* jsonRow(row, shape, context);
  else yield rejected(row, null, `Unknown keys: ${someOf(names)}${nearest(names)}.`);
}

function* jsonRow(row: JsonRow, shape: Shape, context: RowContext): Generator<ParsedRow> {
  const { value } = row;
  const parsed = parseRecords(row, () => shape.read((name) => textAt(value, name), context));
  if (parsed) yield parsed;
}

/** The parts of a document one after the other. A part that breaks off does not keep the others from being read. */
async function* documentRows({ parts }: DocumentFormat, encoding: string, context: RowContext, meter: Meter): AsyncGenerator<ParsedRow> {
  const { file } = context;
  // The file is read once a part; its bytes count once.
  const measured = parts.find(({ list }) => list) ?? parts[0];
  let broken: RowsError | null = null;
  for (const part of parts) {
    const counted = part === measured ? meter : undefined;
    try {
      if (part.list) for await (const row of readJsonArray(file, encoding, part.path, counted)) yield* jsonRow(row, part.shape, context);
      else {
        const value = (await readJsonValue(file, encoding, part.path, counted)) ?? null;
        if (value !== null) yield* jsonRow(new Part(file, value), part.shape, context);
      }
    } catch (error) {
      if (!(error instanceof RowsError)) throw error;
      broken ??= error;
    }
  }
  if (broken) throw broken;
}

/** A part that is one row: it stands before those of the list. */
class Part implements JsonRow {
  constructor(
    private readonly file: string,
    readonly value: Json,
  ) {}
  get origin(): JsonRow['origin'] {
    return { file: this.file, line: 0 };
  }
  get raw(): string {
    return jsonText(this.value);
  }
}
