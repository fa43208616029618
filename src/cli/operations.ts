import type { WorkOutcome } from '../runner/backfillWork';
import type { Command } from 'commander';
import { open as openFile, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SETTINGS } from '../config';
import { GovblogError, messageOf } from '../errors';
import { isDay } from '../model/time';
import type { App } from '../app';
import { archiveOf } from '../answer/archive';
import { hashOf } from '../warehouse/files';
import { diffCommand } from './diff';
import { currentSnapshot, snapshotById, type Snapshot } from '../warehouse/snapshots';
import { withApp, type CommonOptions } from './context';
import { progress, say, show, table } from './output';
import { retentionCommands } from './snapshots';
import { showStatus } from './status';

/** Reasons of failures that are told after a run. */
const MOST_REASONS = 3;

export function operationCommands(program: Command): void {
  program
    .command('run')
    .description('Build what is due and publish a snapshot, now: the same as the night does.')
    .option('--until <day>', 'build no later days than this one, and no backfill: 2011-12-31')
    .option('--reason <text>', 'why, for the audit log')
    .option('--poisoned', 'also try partitions that failed too often to be tried by themselves')
    .option('--json', 'print JSON')
    .action(run);
  program
    .command('status')
    .description('What is published, what is missing and why, the last run.')
    .option('--audits', 'also what audits found wrong in the newest runs')
    .option('--json', 'print JSON')
    .action(showStatus);
  program
    .command('config')
    .description('All settings with their defaults and meanings.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      show(SETTINGS, json, (settings) =>
        table(
          ['setting', 'default', 'meaning'],
          settings.map(({ name, default: value, help }) => [name, value, help]),
        ),
      ),
    );
  const snapshots = program.command('snapshots').description('The frozen sets of files that answers come from.');
  retentionCommands(snapshots);
  diffCommand(snapshots);
  snapshots
    .command('verify [id]')
    .description('Hash the files of a snapshot (the newest unless named) and compare with the ledger.')
    .option('--json', 'print JSON')
    .action(verify);
  snapshots
    .command('export [id]')
    .description('Write a snapshot (the newest unless named) as one zip: Parquet files, codebook, data package, hashes, README.')
    .option('--out <file>', 'the file to write; unless given, govblog-<id>.zip here')
    .option('--json', 'print JSON')
    .action(exportArchive);
}

async function run({
  until,
  poisoned = false,
  json = false,
}: CommonOptions & { until?: string; poisoned?: boolean; reason?: string }): Promise<void> {
  if (until !== undefined && !isDay(until)) throw new GovblogError('USAGE', `--until is "${until}"; write a day such as 2011-12-31.`);
  await withApp(async (app) => {
    const bar = progress('Building partitions', json);
    const outcome = await app.night({
      ...(until !== undefined && { until }),
      withPoisoned: poisoned,
      onProgress: (job, done, total) => bar.update(done, total, job),
    });
    const nothing: WorkOutcome = { backfills: [], snapshot: null, changed: false };
    const { backfills, ...after } =
      until !== undefined ? nothing : await app.work({ onProgress: (job, done, total) => bar.update(done, total, job) });
    bar.stop();
    const newest = after.changed ? { snapshot: after.snapshot, changed: true } : {};
    show({ ...outcome, ...newest, ...(backfills.length > 0 && { backfills }) }, json, ({ jobs, rollups, snapshot, changed }) =>
      [
        table(
          ['job', 'published', 'failed', 'held elsewhere', 'left alone'],
          [...jobs, rollups, ...backfills.map((one) => ({ ...one, job: `${one.job} (backfill ${one.backfill})` }))].map((one) => [
            ...[one.job, one.published, one.failed, one.elsewhere, one.poisoned ?? 0],
          ]),
        ),
        snapshot === null
          ? 'Nothing is published: there are no data yet.'
          : `Snapshot ${snapshot}${changed ? ' published.' : ' is unchanged.'}`,
      ].join('\n'),
    );
    if ([...outcome.jobs, outcome.rollups, ...backfills].some(({ failed, poisoned: left = 0 }) => failed + left > 0)) {
      if (!json)
        say(['Some partitions failed; `govblog status` says why. What was published before stays.', ...(await reasons(app))].join('\n'));
      process.exitCode = 1;
    }
  });
}

/** Why partitions failed in the newest runs, the commonest reason first. */
async function reasons({ store }: App): Promise<string[]> {
  const rows = await store.query<{ error: string | null; n: number }>(
    `SELECT r.error, COUNT(*) AS n FROM partition_run r WHERE r.status = 'failed' AND NOT EXISTS (
       SELECT 1 FROM partition_run later WHERE later.job = r.job AND later.partition_key = r.partition_key AND later.id > r.id)
     GROUP BY r.error ORDER BY COUNT(*) DESC, r.error LIMIT ?`,
    [MOST_REASONS],
  );
  return rows.map(({ error, n }) => `  ${n === 1 ? '' : `${n} times: `}${error ?? ''}`);
}

async function verify(id: string | undefined, { json = false }: CommonOptions): Promise<void> {
  await withApp(async (app) => {
    const snapshot: Snapshot | null = id === undefined ? await currentSnapshot(app.store) : await snapshotById(app.store, id);
    if (snapshot === null) throw new GovblogError('NOT_PUBLISHED', 'There is no snapshot yet; `govblog run` publishes one.');
    const wrong: { uri: string; problem: string }[] = [];
    for (const { uri, sha256 } of snapshot.files) {
      const found = await hashOf(app.files.pathOf(uri)).catch(() => null);
      if (found !== sha256) wrong.push({ uri, problem: found === null ? 'cannot be read' : `has sha256 ${found} instead of ${sha256}` });
    }
    show({ snapshot: snapshot.id, files: snapshot.files.length, wrong }, json, () =>
      wrong.length === 0
        ? `Snapshot ${snapshot.id}: all ${snapshot.files.length} files are as they were published.`
        : [...wrong.map(({ uri, problem }) => `${uri} ${problem}`), REPAIR].join('\n'),
    );
    if (wrong.length > 0) process.exitCode = 1;
  });
}

const REPAIR = `\`govblog snapshots import\` of an archive of this snapshot brings these files back. Without one: delete what is left of them and \`govblog run\`
builds again what the newest data make.`;

async function exportArchive(id: string | undefined, { out, json = false }: CommonOptions & { out?: string }): Promise<void> {
  await withApp(async (app) => {
    const reader = await app.reader();
    const open = await reader.open(id);
    const archive = await archiveOf(open, reader);
    const file = out ?? archive.fileName;
    // What broke off must not look like an archive.
    const unfinished = `${file}.part`;
    const handle = await openFile(unfinished, 'w').catch((error: unknown) => {
      throw new GovblogError('USAGE', `${file} cannot be written: ${messageOf(error)}`);
    });
    const { bytes, stream } = archive.open();
    try {
      await pipeline(stream, handle.createWriteStream());
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    show({ snapshot: open.snapshot.id, file, bytes }, json, () => `${file}: snapshot ${open.snapshot.id}, ${bytes} bytes.`);
  });
}
