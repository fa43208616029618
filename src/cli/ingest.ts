import type { Command } from 'commander';
import { GovblogError } from '../errors';
import type { App } from '../app';
import { accountsFile } from '../ingest/formats/accountsFile';
import { readProfile } from '../ingest/formats/profile';
import { profiledPosts } from '../ingest/formats/profiledPosts';
import { weiboCrawler } from '../ingest/formats/weiboCrawler';
import { ingest, type IngestSummary } from '../ingest/ingest';
import type { Reading } from '../ingest/reading';
import { readRules } from '../ingest/rules';
import type { Instant } from '../model/time';
import { withApp, type CommonOptions } from './context';
import { progress, show, table } from './output';

interface IngestOptions extends CommonOptions {
  readonly observedAt?: string;
  readonly profile?: string;
}

const OBSERVED = ['--observed-at <time>', 'when the source was collected, for sources that do not say: 2024-11-29T20:00:00+08:00'] as const;

export function ingestCommand(program: Command): void {
  const command = program
    .command('ingest')
    .description('Load files into the operational store. Loading the same rows again changes nothing.');
  command
    .command('weibo-crawler <folder>')
    .description('Output of dataabc/weibo-crawler: users.csv and the folders of accounts, CSV and JSON.')
    .option(...OBSERVED)
    .option('--json', 'print JSON')
    .action((folder: string, options: IngestOptions) => load(options, ({ clock }) => weiboCrawler(folder, instant(options), clock)));
  command
    .command('posts <files>')
    .description('Posts in any CSV, JSON or JSON Lines, described by a profile (seeds/examples). Quote patterns: "tweets/**/*.csv".')
    .requiredOption('--profile <file>', 'profile of the files, JSON')
    .option(...OBSERVED)
    .option('--json', 'print JSON')
    .action((files: string, options: IngestOptions) =>
      load(options, ({ clock }) => profiledPosts(files, readProfile(options.profile!), instant(options), clock)),
    );
  command
    .command('accounts <files>')
    .description('An account registry in the canonical columns (README.md), CSV or JSON Lines.')
    .option(...OBSERVED)
    .option('--json', 'print JSON')
    .action((files: string, options: IngestOptions) =>
      load(options, async ({ store, clock }) => accountsFile(files, (await readRules(store, clock.now())).zones, instant(options))),
    );
  command
    .command('list')
    .description('All loads, newest first.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      withApp(async ({ store }) => show(await store.query<BatchRow>(`${BATCHES} ORDER BY id DESC`), json, batchTable)),
    );
  command
    .command('show <batch>')
    .description('One load: what was read and what became of it.')
    .option('--json', 'print JSON')
    .action((batch: string, { json = false }: CommonOptions) =>
      withApp(async (app) => show(await batchOf(app, batch), json, (one) => batchTable([one]))),
    );
  command
    .command('rejects <batch>')
    .description('The rows of a load that could not be taken: where they stand, why, and as they came.')
    .option('--json', 'print JSON')
    .action((batch: string, { json = false }: CommonOptions) => withApp((app) => rejects(app, batch, json)));
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

async function rejects(app: App, batch: string, json: boolean): Promise<void> {
  await batchOf(app, batch);
  const rows = await app.store.query<Record<string, string | number | null>>(
    'SELECT file, line, field, reason, raw FROM ingest_reject WHERE batch_id = ? ORDER BY id',
    [batch],
  );
  show(rows, json, () =>
    table(
      ['file', 'line', 'field', 'reason', 'row'],
      rows.map((row) => [row['file'], row['line'], row['field'], row['reason'], String(row['raw']).slice(0, 60)]),
    ),
  );
}

async function load({ json = false }: IngestOptions, open: (app: App) => Promise<Reading>): Promise<void> {
  await withApp(async (app) => {
    const reading = await open(app);
    const bar = progress(`Reading ${reading.files.length} files`, json);
    const summary = await ingest(reading, {
      store: app.store,
      clock: app.clock,
      log: app.log,
      onProgress: (done, { accepted, updated, unchanged, rejected }) =>
        bar.update(done, reading.meter.total, `${accepted} new, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`),
    });
    bar.stop();
    show(summary, json, summaryText);
  });
}

function summaryText({ batch, rowsRead, accepted, updated, unchanged, rejected, files, skipped }: IngestSummary): string {
  const lines = [
    `Batch ${batch}: ${rowsRead} rows read from ${files} files = ${accepted} accepted + ${updated} updated + ${unchanged} unchanged + ${rejected} rejected.`,
  ];
  if (rowsRead > 0 && rowsRead === unchanged) lines.push('Everything was known already; nothing changed.');
  if (rejected > 0) lines.push(`\`govblog ingest rejects ${batch}\` shows the rejected rows and why.`);
  for (const { file, reason } of skipped) lines.push(`Passed over ${file}: ${reason}.`);
  if (accepted + updated > 0) lines.push('`govblog run` builds the facts now; the server does it by itself at night.');
  return lines.join('\n');
}

function instant({ observedAt }: IngestOptions): Instant | null {
  if (observedAt === undefined) return null;
  const time = Date.parse(observedAt);
  if (Number.isNaN(time) || !/(Z|[+-]\d{2}:?\d{2})$/.test(observedAt))
    throw new GovblogError('USAGE', `--observed-at is "${observedAt}"; write a time with its offset, such as 2024-11-29T20:00:00+08:00.`);
  return time;
}
