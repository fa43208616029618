import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { groupBy } from '../collections';
import { GovblogError, messageOf } from '../errors';
import { fromSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { profileOf } from './formats/profile';
import { openSource, type SourceOptions, type SourceTools } from './open';
import type { ParsedRow } from './outcome';
import type { Reading } from './reading';

/** Beside the files of rejects: which batch they are of, and how each is to be read. */
const MANIFEST = 'govblog-rejects.json';

interface Manifest {
  readonly batch: number;
  readonly files: readonly {
    readonly name: string;
    readonly source: string;
    readonly observedAt: number | null;
    readonly rejects: readonly number[];
  }[];
}

interface RejectRow {
  readonly id: number;
  readonly file: string;
  readonly raw: string;
  readonly header: string | null;
  readonly observed_at: string | null;
}

/**
 * Writes the rejects of a batch that nobody has mended yet into a new folder: for each source file one of the same name and
 * form, so that they can be mended in the program that opens the source. Rows of databases and of JSON become JSON Lines.
 */
export async function writeRejectFiles(store: Store, batch: number, folder: string): Promise<{ files: string[]; rows: number }> {
  const { profile: written } = await optionsOf(store, batch);
  const profile = written && profileOf(written);
  const rows = (
    await store.query<RejectRow>(
      'SELECT id, file, raw, header, observed_at FROM ingest_reject WHERE batch_id = ? AND repaired_by IS NULL ORDER BY id',
      [batch],
    )
  ).filter(({ raw }) => raw !== '');
  if (rows.length === 0) throw new GovblogError('NOT_FOUND', `Batch ${batch} has no rejected rows to write.`);
  if (existsSync(join(folder, MANIFEST)))
    throw new GovblogError('CONFLICT', `${folder} holds rejects already; repair or remove them, or name another folder.`);
  const groups = groupBy(rows, ({ file, header, observed_at }) => JSON.stringify([file, header, observed_at]));
  const files: Manifest['files'][number][] = [];
  for (const [index, some] of [...groups.values()].entries()) {
    const { file, header, observed_at } = some[0]!;
    // Some formats know an account by the name of its file, so the name stays; the folder before it tells equal names apart.
    const name = join(String(index + 1), nameFor(file, header, profile?.format ?? null));
    mkdirSync(join(folder, String(index + 1)), { recursive: true });
    const lines = some.map(({ raw }) => raw.replace(/\r?\n$/, ''));
    const nested = header === null && profile?.format === 'json';
    writeFileSync(
      join(folder, name),
      nested ? within(profile.items, lines) : [...(header === null ? [] : [header]), ...lines, ''].join('\n'),
    );
    files.push({
      name,
      source: file,
      observedAt: observed_at === null ? null : fromSqlInstant(observed_at),
      rejects: some.map(({ id }) => id),
    });
  }
  writeFileSync(join(folder, MANIFEST), JSON.stringify({ batch, files } satisfies Manifest, null, 2) + '\n');
  return { files: files.map(({ name }) => join(folder, name)), rows: rows.length };
}

const nameFor = (file: string, header: string | null, format: string | null): string => {
  const plain = basename(file.replace(/^.*#/, ''), extname(file)) || 'rows';
  return plain + (header !== null ? '.csv' : format === 'json' ? '.json' : '.jsonl');
};

/** JSON with the rows as the list at a dotted path. */
const within = (path: string, rows: readonly string[]): string =>
  (path === '' ? [] : path.split('.')).reduceRight((inner, name) => `{${JSON.stringify(name)}: ${inner}}`, `[\n${rows.join(',\n')}\n]`) +
  '\n';

export interface Repair {
  readonly reading: Reading;
  readonly options: SourceOptions & { readonly repairs: number };
  /** To be called when the mended rows are settled: the old rejects are done with, whatever became of the new rows. */
  settle(by: number): Promise<void>;
}

/** Opens a folder of mended rejects, to be read as their source was. */
export async function openRepair(batch: number, folder: string, tools: SourceTools): Promise<Repair> {
  const manifest = readManifest(folder);
  if (manifest.batch !== batch)
    throw new GovblogError('BAD_INPUT', `${folder} holds rejects of batch ${manifest.batch}, not of batch ${batch}.`);
  const options = await optionsOf(tools.store, batch);
  const readings: Reading[] = [];
  for (const { name, observedAt } of manifest.files)
    readings.push(
      await openSource(join(folder, name), { ...options, observedAt: observedAt ?? options.observedAt, encoding: null }, tools),
    );
  const meter = { total: readings.reduce((sum, one) => sum + one.meter.total, 0), done: 0 };
  return {
    reading: {
      format: readings[0]!.format,
      source: folder,
      files: readings.flatMap(({ files }) => files),
      skipped: readings.flatMap(({ skipped }) => skipped),
      meter,
      async *rows(): AsyncGenerator<ParsedRow> {
        for (const one of readings) yield* one.rows();
      },
      timeOf: (file) => readings.find(({ files }) => files.includes(file))?.observedAt ?? undefined,
    },
    options: { ...options, repairs: batch },
    settle: (by) =>
      tools.store.write(async (tx) => {
        for (const id of manifest.files.flatMap(({ rejects }) => rejects))
          await tx.run('UPDATE ingest_reject SET repaired_by = ? WHERE id = ? AND batch_id = ? AND repaired_by IS NULL', [by, id, batch]);
      }),
  };
}

function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST);
  if (!existsSync(file))
    throw new GovblogError(
      'BAD_INPUT',
      `${folder} has no ${MANIFEST}: it is not a folder that \`govblog ingest rejects <batch> --out\` wrote.`,
    );
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function optionsOf(store: Store, batch: number): Promise<SourceOptions> {
  const [row] = await store.query<{ options: string | null }>('SELECT options FROM ingest_batch WHERE id = ?', [batch]);
  if (!row) throw new GovblogError('NOT_FOUND', `There is no batch ${batch}. \`govblog ingest list\` names them.`);
  const options = JSON.parse(row.options ?? '{}') as Partial<SourceOptions>;
  if (options.kind === undefined)
    throw new GovblogError('BAD_INPUT', `Batch ${batch} does not say how its source was read; mend the source and load it again.`);
  return { observedAt: null, encoding: null, profile: null, full: false, ...options } as SourceOptions;
}
