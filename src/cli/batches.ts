import type { Command } from 'commander';
import { counted } from '../counted';
import type { App } from '../app';
import { GovblogError } from '../errors';
import { ingest } from '../ingest/ingest';
import { openRepair, writeRejectFiles } from '../ingest/repair';
import { withApp, type CommonOptions } from './context';
import { summaryText } from './ingest';
import { progress, show, table } from './output';

/** What became of loads: list, show, rejects, repair. */
export function batchCommands(command: Command): void {
  command
    .command('list')
    .description('All loads, newest first.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      withApp(async ({ store }) => show(await store.query<BatchRow>(`${BATCHES} ORDER BY id DESC`), json, batchTable)),
    );
  command
    .command('show <batch>')
    .description('One load: what was read, how, and what became of it; its rejects by reason.')
    .option('--json', 'print JSON')
    .action((batch: string, { json = false }: CommonOptions) => withApp((app) => showBatch(app, batch, json)));
  command
    .command('rejects <batch>')
    .description('The rows of a load that could not be taken: where they stand, why, and as they came.')
    .option('--out <folder>', 'write them as files to be mended, each in the format it came in')
    .option('--json', 'print JSON')
    .action((batch: string, options: CommonOptions & { out?: string }) => withApp((app) => rejects(app, batch, options)));
  command
    .command('repair <batch> <folder>')
    .description('Read the mended rejects of a load, as its source was read. What is still wrong is in quarantine again.')
    .option('--json', 'print JSON')
    .action((batch: string, folder: string, { json = false }: CommonOptions) => withApp((app) => repair(app, batch, folder, json)));
}

const BATCHES =
  'SELECT id, format, source, status, rows_read, accepted, updated, unchanged, rejected, started_at, finished_at, error FROM ingest_batch';
type BatchRow = Record<string, string | number | null>;

const batchTable = (rows: readonly BatchRow[]): string =>
  table(
    ['batch', 'format', 'status', 'read', 'accepted', 'updated', 'unchanged', 'rejected', 'source'],
    rows.map((row) =>
      ['id', 'format', 'status', 'rows_read', 'accepted', 'updated', 'unchanged', 'rejected', 'source'].map((name) => row[name]),
    ),
  );

async function batchOf({ store }: App, batch: string): Promise<BatchRow> {
  const [row] = await store.query<BatchRow>(`${BATCHES} WHERE id = ?`, [batch]);
  if (!row) throw new GovblogError('NOT_FOUND', `There is no batch ${batch}. \`govblog ingest list\` names them.`);
  return row;
}

async function showBatch(app: App, batch: string, json: boolean): Promise<void> {
  const row = await batchOf(app, batch);
  const reasons = await app.store.query<BatchRow>(
    `SELECT field, COUNT(*) AS rejects, SUM(CASE WHEN repaired_by IS NULL THEN 0 ELSE 1 END) AS read_again, MIN(reason) AS example, MIN(line) AS line
     FROM ingest_reject WHERE batch_id = ? GROUP BY field ORDER BY COUNT(*) DESC`,
    [batch],
  );
  show({ ...row, rejectsByField: reasons }, json, () =>
    [
      batchTable([row]),
      ...(row['error'] === null ? [] : [`Error: ${String(row['error'])}`]),
      ...(reasons.length === 0
        ? []
        : [
            table(
              ['field', 'rejects', 'read again', 'for instance', 'line'],
              reasons.map((one) => ['field', 'rejects', 'read_again', 'example', 'line'].map((name) => one[name])),
            ),
          ]),
    ].join('\n'),
  );
}

async function rejects(app: App, batch: string, { json = false, out }: CommonOptions & { out?: string }): Promise<void> {
  await batchOf(app, batch);
  if (out !== undefined) {
    const written = await writeRejectFiles(app.store, Number(batch), out);
    show(written, json, ({ files, rows }) =>
      [
        `${counted(rows, 'reject')} in ${counted(files.length, 'file')}:`,
        ...files,
        `Mend them, then: govblog ingest repair ${batch} ${out}`,
      ].join('\n'),
    );
    return;
  }
  const rows = await app.store.query<Record<string, string | number | null>>(
    'SELECT file, line, field, reason, raw, repaired_by FROM ingest_reject WHERE batch_id = ? ORDER BY id',
    [batch],
  );
  show(rows, json, () =>
    table(
      ['file', 'line', 'field', 'reason', 'row', 'read again in batch'],
      rows.map((row) => [row['file'], row['line'], row['field'], row['reason'], String(row['raw']).slice(0, 60), row['repaired_by']]),
    ),
  );
}

async function repair(app: App, batch: string, folder: string, json: boolean): Promise<void> {
  await batchOf(app, batch);
  const mended = await openRepair(Number(batch), folder, app);
  const { reading } = mended;
  const bar = progress('Reading mended rows', json);
  const summary = await ingest(reading, {
    store: app.store,
    clock: app.clock,
    log: app.log,
    dataDir: app.config.dataDir,
    options: { ...mended.options },
    onProgress: (done) => bar.update(done, reading.meter.total),
  });
  await mended.settle(summary.batch);
  bar.stop();
  show({ ...summary, unread: 0 }, json, summaryText);
}
