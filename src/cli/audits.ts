import type { Command } from 'commander';
import { JOBS } from '../../jobs';
import type { App } from '../app';
import { GovblogError } from '../errors';
import { overrideAudit } from '../runner/auditing';
import { openFindings, resultsOf, type AuditResult, type Finding, type SampleRow } from '../warehouse/auditLog';
import { listOverrides } from '../warehouse/overrides';
import { caller } from './caller';
import { withApp, type CommonOptions } from './context';
import { show, table, type Cell } from './output';

/** What audits found, and letting one fail with a reason. */
export function auditCommands(program: Command): void {
  const audits = program.command('audits').description('What audits found before publishing, and who let it pass.');
  audits
    .command('list')
    .description('What is wrong in the newest run of each partition: blocked, warned of, or overridden.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) => withApp(async ({ store }) => show(await openFindings(store), json, findingsText)));
  audits
    .command('overrides')
    .description('Every override, newest first: what was let through, by whom, why.')
    .option('--json', 'print JSON')
    .action(({ json = false }: CommonOptions) =>
      withApp(async ({ store }) =>
        show(await listOverrides(store), json, (all) =>
          table(
            ['id', 'job', 'partition', 'audit', 'by', 'at', 'reason'],
            all.map((one) => [one.id, one.job, one.partition, one.audit, one.madeBy, one.madeAt.toISOString(), one.reason]),
          ),
        ),
      ),
    );
  audits
    .command('override <job> <partition> <audit>')
    .description('Let one audit fail once for the data that it failed on; the next run publishes them, and readers are told.')
    .requiredOption('--reason <text>', 'why these figures may be published all the same')
    .option('--by <name>', 'who answers for it; unless given, the user of this machine')
    .option('--json', 'print JSON')
    .action(
      (job: string, partition: string, audit: string, { reason, by, json = false }: CommonOptions & { reason: string; by?: string }) =>
        withApp(async (app) =>
          show(await overrideAudit({ job, partition, audit, reason, by: caller(by) }, JOBS, app), json, ({ id, run }) =>
            [
              `Override ${id}: run ${run} failed "${audit}"; the next run of ${job} ${partition} (\`govblog run\`) may fail it and is published.`,
              'It holds for these data and this definition only, and the snapshot says so to its readers.',
            ].join('\n'),
          ),
        ),
    );
  const runs =
    program.commands.find((command) => command.name() === 'runs') ?? program.command('runs').description('Attempts at partitions.');
  runs
    .command('show <id>')
    .description('One run: what became of it, what each audit found, and some of the offending rows.')
    .option('--json', 'print JSON')
    .action((id: string, { json = false }: CommonOptions) => withApp(async (app) => show(await runView(app, id), json, runText)));
}

/** What audits found wrong, for people. */
export const findingsText = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? 'Every audit of the newest runs passed.'
    : table(
        ['run', 'job', 'partition', 'audit', 'severity', 'outcome', 'found'],
        findings.map(({ run, job, partition, audit, severity, outcome, message, override }) => [
          run,
          job,
          partition,
          audit,
          severity,
          outcome,
          override === null ? message : `${message}; let through by ${override.madeBy}: ${override.reason}`,
        ]),
      );

const RUN_COLUMNS =
  'id, job, partition_key, status, from_day, to_day, reason, owner, started_at, finished_at, source_rows, fact_rows, uri, sha256, definition, input_mark, error';

interface RunView {
  readonly run: Readonly<Record<string, Cell>>;
  readonly audits: readonly AuditResult[];
}

async function runView({ store }: App, id: string): Promise<RunView> {
  const [run] = /^\d{1,9}$/.test(id)
    ? await store.query<Record<string, Cell>>(`SELECT ${RUN_COLUMNS} FROM partition_run WHERE id = ?`, [Number(id)])
    : [];
  if (!run) throw new GovblogError('NOT_FOUND', `There is no run "${id}". \`govblog status\` and \`govblog audits list\` name runs.`);
  return { run, audits: await resultsOf(store, Number(id)) };
}

const runText = ({ run, audits }: RunView): string =>
  [
    table(
      ['', `run ${run['id']}`],
      Object.entries(run).filter(([name]) => name !== 'id'),
    ),
    audits.length === 0
      ? 'No audit was asked: the run did not come that far, or is older than the records.'
      : table(
          ['audit', 'severity', 'outcome', 'found'],
          audits.map(({ audit, severity, outcome, message, override }) => [
            audit,
            severity,
            outcome,
            override === null ? message : `${message}; let through by ${override.madeBy}: ${override.reason}`,
          ]),
        ),
    ...audits.filter(({ sample }) => sample.length > 0).map(({ audit, sample }) => `Rows that "${audit}" found:\n${sampleTable(sample)}`),
  ].join('\n');

function sampleTable(rows: readonly SampleRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}
