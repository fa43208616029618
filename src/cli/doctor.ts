import type { Command } from 'commander';
import { JOBS } from '../../jobs';
import type { App } from '../app';
import { messageOf } from '../errors';
import { definitionOf } from '../runner/jobState';
import { localTime } from '../model/time';
import { withApp, type CommonOptions } from './context';
import { show, table } from './output';
import { warehouseChecks, type Finding } from './warehouseChecks';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Check the store, the files against the ledger, the clock and the disk.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      withApp(async (app) => {
        const findings = [await store(app), ...(await warehouseChecks(app)), await interrupted(app), clock(app), await definitions(app)];
        show(findings, json, (all) => table(['check', '', 'found'], all.map(({ check, ok, found }) => [check, ok ? 'ok' : 'PROBLEM', found]))); // prettier-ignore
        if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
      }),
    );
}

async function store({ store: opened }: App): Promise<Finding> {
  try {
    const [row] = await opened.query<{ accounts: number }>('SELECT COUNT(*) AS accounts FROM account');
    await opened.write((tx) => tx.run('UPDATE mark_sequence SET value = value WHERE id = 1'));
    return { check: 'operational store', ok: true, found: `${opened.dialect}, ${row!.accounts} accounts, can be written` };
  } catch (error) {
    return { check: 'operational store', ok: false, found: messageOf(error) };
  }
}

async function interrupted({ store: opened }: App): Promise<Finding> {
  const open = await opened.query<{ id: number; source: string }>(
    "SELECT id, source FROM ingest_batch WHERE status <> 'complete' ORDER BY id",
  );
  const found =
    open.length === 0
      ? 'all complete'
      : `not complete: ${open.map(({ id, source }) => `${id} (${source})`).join(', ')}; load the same source again`;
  return { check: 'loads', ok: open.length === 0, found };
}

function clock({ clock: now, config }: App): Finding {
  const { day, hour } = localTime(now.now().getTime(), config.scheduleZone);
  return { check: 'clock', ok: day > '2026-01-01', found: `${day}, hour ${hour} in ${config.scheduleZone}` };
}

/** Partitions that were built by another definition of their job are rebuilt by the next run. */
async function definitions({ ledger }: App): Promise<Finding> {
  const stale: string[] = [];
  for (const job of JOBS)
    for (const { key, definition } of (await ledger.published(job.name)).values())
      if (definition !== definitionOf(job)) stale.push(`${job.name} ${key}`);
  return {
    check: 'definitions',
    ok: true,
    found: stale.length === 0 ? 'all partitions are of the current definition' : `${stale.length} partitions wait for a rebuild`,
  };
}
