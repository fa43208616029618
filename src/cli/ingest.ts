import type { Command } from 'commander';
import { counted } from '../counted';
import { GovblogError } from '../errors';
import { readProfileText } from '../ingest/formats/profile';
import { ingest, type IngestSummary } from '../ingest/ingest';
import { openSource, type SourceOptions } from '../ingest/open';
import { readReferenceFile, writeReference } from '../ingest/referenceFile';
import { REFERENCE_KINDS, type ReferenceKind } from '../ingest/referenceKinds';
import { batchCommands } from './batches';
import { withApp, type CommonOptions } from './context';
import { progress, show } from './output';

interface LoadOptions extends CommonOptions {
  readonly observedAt?: string;
  readonly profile?: string;
  readonly encoding?: string;
  readonly exhaustive?: boolean;
  readonly full?: boolean;
}

export function ingestCommand(program: Command): void {
  const command = program
    .command('ingest')
    .description('Load files into the operational store. Loading the same rows again changes nothing.');
  const source = (name: string, argument: string, help: string): Command =>
    command
      .command(`${name} <${argument}>`)
      .description(help)
      .option('--observed-at <time>', 'when the source was collected, for sources that do not say: 2024-11-29T20:00:00+08:00')
      .option('--json', 'print JSON');
  source(
    'weibo-crawler',
    'source',
    'What crawlers of Weibo wrote: a folder, a file or a pattern (CSV, JSON, JSON Lines), a SQLite file, or a live database mysql://user:pass@host/name. The format is recognised.',
  )
    .option('--encoding <name>', 'encoding of the files, where looking at them does not tell: gb18030')
    .option('--exhaustive', 'the crawl saw every post between the first and the last it has of each account: what it lacks is gone')
    .option('--full', 'read all of a database, also what has not changed since the last time')
    .action((path: string, options: LoadOptions) => load(path, 'crawler', options));
  source(
    'posts',
    'files',
    'Posts in any CSV, JSON or JSON Lines described by a profile (seeds/examples), or in the canonical columns (README.md). Quote patterns: "tweets/**/*.csv".',
  )
    .option('--profile <file>', 'profile of the files, JSON')
    .option('--exhaustive', 'the files hold every post between the first and the last of each account: what they lack is gone')
    .action((files: string, options: LoadOptions) => load(files, 'posts', options));
  source(
    'accounts',
    'files',
    'An account registry in the canonical columns (README.md), or in any form described by a profile; CSV, JSON or JSON Lines.',
  )
    .option('--profile <file>', 'profile of the files, JSON')
    .action((files: string, options: LoadOptions) => load(files, 'accounts', options));
  source(
    'interactions',
    'files',
    'Comments, replies and reposts in the canonical columns (README.md), CSV or JSON Lines. Citizens are kept as keyed hashes.',
  ).action((files: string, options: LoadOptions) => load(files, 'interactions', options));
  for (const kind of REFERENCE_KINDS)
    command
      .command(`${kind} <file>`)
      .description(`Rows of one's own for the reference table of ${kind}, CSV: other countries, other taxonomies.`)
      .option('--json', 'print JSON')
      .action((file: string, { json = false }: CommonOptions) => loadReferenceRows(kind, file, json));
  batchCommands(command);
}

async function load(path: string, kind: SourceOptions['kind'], options: LoadOptions): Promise<void> {
  const asked: SourceOptions = {
    kind,
    observedAt: instant(options),
    encoding: options.encoding ?? null,
    profile: options.profile === undefined ? null : readProfileText(options.profile),
    full: options.full ?? false,
  };
  const { json = false, exhaustive = false } = options;
  await withApp(async (app) => {
    const reading = await openSource(path, asked, app);
    const bar = progress(`Reading ${reading.files.length} ${reading.files.length === 1 ? 'file' : 'files'}`, json);
    const summary = await ingest(reading, {
      store: app.store,
      clock: app.clock,
      log: app.log,
      dataDir: app.config.dataDir,
      exhaustive,
      options: { ...asked },
      onProgress: (done, { accepted, updated, unchanged, rejected }) =>
        bar.update(done, reading.meter.total, `${accepted} new, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`),
    });
    bar.stop();
    const unread = reading.unread?.() ?? 0;
    show({ ...summary, unread }, json, summaryText);
  });
}

export function summaryText({
  batch,
  rowsRead,
  accepted,
  updated,
  unchanged,
  rejected,
  files,
  skipped,
  resumedAt,
  unread,
}: IngestSummary & { unread: number }): string {
  const lines = [
    `Batch ${batch}: ${counted(rowsRead, 'row')} read from ${counted(files, 'file')} = ${accepted} accepted + ${updated} updated + ${unchanged} unchanged + ${rejected} rejected.`,
  ];
  if (resumedAt > 0) lines.push(`It was interrupted after ${counted(resumedAt, 'row')} and went on from there.`);
  if (unread > 0) lines.push(`${counted(unread, 'row')} not read again, since nothing changed there.`);
  if (rowsRead > 0 && rowsRead === unchanged) lines.push('Everything was known already; nothing changed.');
  if (rejected > 0)
    lines.push(
      `\`govblog ingest rejects ${batch}\` shows the rejected rows and why; with \`--out folder\` it writes them to be mended, and \`govblog ingest repair ${batch} folder\` reads them again.`,
    );
  for (const { file, reason } of skipped) lines.push(`Passed over ${file}: ${reason}.`);
  if (accepted + updated > 0) lines.push('`govblog run` builds the facts now; the server does it by itself at night.');
  return lines.join('\n');
}

async function loadReferenceRows(kind: ReferenceKind, file: string, json: boolean): Promise<void> {
  const { rows } = readReferenceFile(kind, file);
  await withApp(async ({ store, clock }) =>
    show(
      await writeReference(store, kind, rows, clock.now()),
      json,
      ({ changed, unchanged }) => `${counted(changed, 'row')} of ${kind} new or changed, ${unchanged} unchanged.`,
    ),
  );
}

function instant({ observedAt }: LoadOptions): number | null {
  if (observedAt === undefined) return null;
  const time = Date.parse(observedAt);
  if (Number.isNaN(time) || !/(Z|[+-]\d{2}:?\d{2})$/.test(observedAt))
    throw new GovblogError('USAGE', `--observed-at is "${observedAt}"; write a time with its offset, such as 2024-11-29T20:00:00+08:00.`);
  return time;
}
