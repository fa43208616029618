import type { Clock } from '../../clock';
import { GovblogError } from '../../errors';
import type { Instant } from '../../model/time';
import { openForeign, sourceHash, type Foreign, type ForeignRow } from '../../store/foreign';
import type { Store } from '../../store/store';
import type { RowContext, Shape } from '../formats/shape';
import type { ParsedRow } from '../outcome';
import { parseRecords, type Reading, type SourceRow } from '../reading';
import { writeSourceMarks, type SourceMarks } from './marks';
import { nameOf, recogniseTables, type RecognisedTable } from './recognise';
import { everything, whatChanged, type Progress } from './rows';

export interface DatabaseOptions {
  /** When the database was filled, if it is one state of one moment. Null: it lives, and is observed when it is read. */
  readonly observedAt: Instant | null;
  /** Read every row, whatever was read before. */
  readonly full: boolean;
  /** What was read last (`readSourceMarks`). */
  readonly known: SourceMarks;
  /** Folder for the private copy of a SQLite file; without it, that of the system. */
  readonly scratch?: string;
}

/** A crawler's database that is ready to be read. `files` are its tables, and the meter counts rows. */
export interface DatabaseReading extends Reading {
  /** The moment of the database that is read. */
  readonly observedAt: Instant;
  /** What has been read now. Throws before the last row has been read. */
  marks(): SourceMarks;
  /** Stores the marks, so that the next reading passes over what has not changed since. */
  remember(store: Store): Promise<void>;
  /** Rows that were not read because their bucket is as it was. */
  unread(): number;
  /** Ends the connection of a reading whose rows nobody wants. Reading them to the end, or breaking off, ends it too. */
  close(): Promise<void>;
}

/**
 * The database of a crawler, a SQLite file or a live MySQL or MariaDB, as of this moment and without changing it. Tables are
 * known by their columns. Of those that were read before, only the buckets that differ are read again. What is no longer in
 * a table says nothing of the posts, which may be there still, and is passed over.
 *
 * Throws BAD_INPUT when it cannot be opened or holds no table of a crawler.
 */
export async function crawlerDatabase(
  source: string,
  shapes: readonly Shape[],
  { observedAt, full, known, scratch }: DatabaseOptions,
  clock: Clock,
): Promise<DatabaseReading> {
  const hash = sourceHash(source);
  const open = (): Promise<Foreign> => openForeign(source, { clock, ...(scratch === undefined ? {} : { scratch }) });
  let ready: Foreign | null = await open();
  // Once it is open: whatever is in it was there by then.
  const readAt = observedAt ?? clock.now().getTime();
  const { recognised, skipped } = await recogniseTables(ready, shapes).catch(async (error: unknown) => {
    await ready?.close();
    throw error;
  });
  if (recognised.length === 0) {
    await ready.close();
    const found = skipped.map(({ file, reason }) => `${file.slice(ready!.source.length + 1)}: ${reason}`).join('; ');
    throw new GovblogError(
      'BAD_INPUT',
      `${ready.source} holds no table of a crawler${found === '' ? ': it has no tables' : ` (${found})`}.`,
    );
  }
  const database = ready;
  const files = recognised.map(({ table }) => nameOf(database, table));
  const meter = { total: recognised.reduce((sum, { rows }) => sum + rows, 0), done: 0 };
  const old = full || known.source !== hash ? [] : known.buckets;
  let progress: Progress = { buckets: [], unread: 0, meter };
  let complete = false;
  const marks = (): SourceMarks => {
    if (!complete) throw new Error('The marks of a database are known when all of it has been read');
    return { source: hash, buckets: progress.buckets.map(({ table, rows, checksum }) => ({ table, rows, checksum })) };
  };

  return {
    format: formatOf(recognised),
    source: database.source,
    files,
    skipped,
    meter,
    observedAt: readAt,
    async *rows() {
      const from = ready ?? (await open());
      ready = null;
      complete = false;
      meter.done = 0;
      progress = { buckets: [], unread: 0, meter };
      try {
        for (const one of recognised) {
          const context: RowContext = { file: nameOf(from, one.table), observedAt: readAt, owner: null, undated: observedAt === null };
          const unchanged = new Set(old.filter(({ table }) => table === one.table.name).map(({ rows, checksum }) => `${rows} ${checksum}`));
          const chunks = unchanged.size === 0 ? everything(from, one, progress) : whatChanged(from, one, unchanged, progress);
          for await (const chunk of chunks)
            for (const { row, position } of chunk) {
              meter.done += 1;
              const parsed = parse(one, row, position, context);
              if (parsed !== null) yield parsed;
            }
        }
        complete = true;
      } finally {
        await from.close();
      }
    },
    marks,
    remember: (store) => store.write((tx) => writeSourceMarks(tx, marks())),
    unread: () => progress.unread,
    close: async () => {
      await ready?.close();
      ready = null;
    },
  };
}

const formatOf = (recognised: readonly RecognisedTable[]): string => {
  const names = [...new Set(recognised.map(({ shape }) => shape.format))].sort().join(', ');
  return names.length <= FORMAT_LENGTH ? names : 'several crawlers';
};
/** Room for the name of a format in the list of batches. */
const FORMAT_LENGTH = 40;

function parse({ table, shape, index }: RecognisedTable, { values }: ForeignRow, position: number, context: RowContext): ParsedRow | null {
  const row: SourceRow = {
    origin: { file: context.file, line: position + 1 },
    get raw() {
      return JSON.stringify(Object.fromEntries(table.columns.map((name, at) => [name, values[at] ?? null])));
    },
  };
  return parseRecords(row, () =>
    shape.read((name) => {
      const at = index.get(name);
      return at === undefined ? undefined : (values[at] ?? undefined);
    }, context),
  );
}
