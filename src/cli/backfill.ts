import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { counted } from '../counted';
import { GovblogError } from '../errors';
import type { App } from '../app';
import { isDay } from '../model/time';
import {
  applyBackfill,
  backfillById,
  cancelBackfill,
  listBackfills,
  pauseBackfill,
  planBackfill,
  resumeBackfill,
  retryBackfill,
} from '../runner/backfills';
import { nextRetryAt, type WorkOutcome } from '../runner/backfillWork';
import { isOfSurroundings, toldWithAdvice } from '../runner/surroundings';
import type { Backfill, BackfillPlan, SteerBackfill } from '../runner/backfillTypes';
import { idleNote } from '../runner/backfillWords';
import { withApp, type CommonOptions } from './context';
import { progress, say, show, table } from './output';

interface Steering extends CommonOptions {
  readonly by?: string;
  readonly follow?: boolean;
  readonly reason?: string;
}
interface Planning extends Steering {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly platform?: string[];
  readonly account?: string[];
}

/** States in which nobody is at work on a backfill, or will be by himself. */
const OVER: readonly string[] = ['published', 'failed', 'cancelled', 'paused'];
/** How often a backfill that is followed is looked at. */
const LOOK_MS = 1_000;
/** Pause of a worker when the disk is full or the database away. */
const AGAIN_MS = 3_000;

export function backfillCommands(program: Command): void {
  const backfill = program.command('backfill').description('Rebuild partitions on request: plan, look, apply, watch.');
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  const JSON_OPTION = ['--json', 'print JSON'] as const;
  const BY = ['--by <name>', 'who does it, for the ledger; unless given, your name on this machine'] as const;
  backfill
    .command('plan <job>')
    .description('Tell what a backfill would do, and do nothing: its partitions, rows and time, which numbers could change, and a token.')
    .requiredOption('--from <day>', 'first day: 2011-01-01')
    .requiredOption('--to <day>', 'last day')
    .requiredOption('--reason <text>', 'why, for whoever reads the ledger')
    .option('--platform <code>', 'only partitions in which this platform has rows; may be given again', collect)
    .option('--account <platform:id>', 'only partitions in which this account has rows; may be given again', collect)
    .option(...BY)
    .option(...JSON_OPTION)
    .action(plan);
  backfill
    .command('apply <token>')
    .description('Queue what a plan says; refused when it would do something else by now.')
    .option('--follow', 'work it off here and now, and show how far it is')
    .option(...BY)
    .option(...JSON_OPTION)
    .action(apply);
  backfill
    .command('status [id]')
    .description('How far a backfill is (the newest unless named), partition by partition.')
    .option('--follow', 'until it is over')
    .option(...JSON_OPTION)
    .action(status);
  backfill
    .command('list')
    .description('All backfills, newest first.')
    .option(...JSON_OPTION)
    .action(list);
  const steering: readonly [string, string, SteerBackfill][] = [
    ['cancel', 'End a backfill: what is being built is broken off within seconds, what is published stays.', cancelBackfill],
    ['pause', 'Begin no further partition of it.', pauseBackfill],
    ['resume', 'Go on where it was paused.', resumeBackfill],
    ['retry', 'Queue its failed partitions again, and no others.', retryBackfill],
  ]; // prettier-ignore
  for (const [name, description, act] of steering)
    backfill
      .command(`${name} <id>`)
      .description(description)
      .option('--reason <text>', 'why, for whoever reads the ledger')
      .option(...BY)
      .option(...JSON_OPTION)
      .action((id: string, { by, reason, json = false }: Steering) =>
        withApp(async (app) => show(await act(app.backfills, numberOf(id), by ?? me(), reason), json, summary)),
      );
  program
    .command('work')
    .description('Work off backfills that are queued, as the server does beside its nights, until stopped.')
    .option('--until-empty', 'end when nothing is queued')
    .option(...JSON_OPTION)
    .action(work);
}

async function plan(job: string, { from, to, reason, platform, account, by, json = false }: Planning): Promise<void> {
  for (const [name, day] of [
    ['--from', from],
    ['--to', to],
  ] as const)
    if (!isDay(day)) throw new GovblogError('USAGE', `${name} is "${day}"; write a day such as 2011-12-31.`);
  await withApp(async (app) => {
    const filter = { ...(platform && { platform }), ...(account && { account }) };
    show(await planBackfill(app.backfills, { job, from, to, reason, filter }, by ?? me()), json, planText);
  });
}

function planText({ job, partitions, rows, seconds, changes, expiresAt, token }: BackfillPlan): string {
  const { cubes, from, to, snapshot, months } = changes;
  return [
    table(
      ['partition', 'source rows', 'seconds', 'published by run', 'missing because'],
      partitions.map((one) => [
        one.partition,
        one.rows,
        one.ms === null ? null : (one.ms / 1000).toFixed(1),
        one.publishedRun,
        one.missing,
      ]),
    ),
    `${counted(partitions.length, 'partition')} of ${job}, ${counted(rows, 'source row')}, ${seconds === null ? 'no run to tell how long' : `about ${duration(seconds)} with one builder`}.`,
    snapshot === null
      ? 'Nothing is published yet, so no published number can change.'
      : `Numbers that could change: ${cubes.map(({ cube, measures }) => `${cube} (${counted(measures.length, 'measure')})`).join(', ')} from ${from} to ${to}, in ${counted(months.length, 'month')} of snapshot ${snapshot}. That snapshot stays; changes are in the next.`,
    `Nothing is done yet. Until ${expiresAt.toISOString()}: govblog backfill apply ${token}`,
  ].join('\n');
}

async function apply(token: string, { by, follow = false, json = false }: Steering): Promise<void> {
  await withApp(async (app) => {
    const backfill = await applyBackfill(app.backfills, token, by ?? me());
    if (!follow) {
      show(backfill, json, (one) =>
        OVER.includes(one.status)
          ? `${summary(one)}\nThis plan was applied before; plan again to build it once more.`
          : `${summary(one)}\nA running server or \`govblog work\` takes it up within seconds; \`govblog backfill status ${one.id} --follow\` watches.`,
      );
      return;
    }
    if (!json) say(summary(backfill));
    await untilOver(app, backfill.id, json, async () => void (await app.work()));
  });
}

async function status(id: string | undefined, { follow = false, json = false }: Steering): Promise<void> {
  await withApp(async (app) => {
    const [newest] = id === undefined ? await listBackfills(app.backfills, { limit: 1 }) : [];
    if (id === undefined && newest === undefined)
      throw new GovblogError('NOT_FOUND', 'There is no backfill yet; `govblog backfill plan` begins one.');
    const number = newest?.id ?? numberOf(id!);
    if (follow) await untilOver(app, number, json);
    else show(await backfillById(app.backfills, number), json, details);
  });
}

/** Shows how far a backfill is until it is over; `work` is done meanwhile. */
async function untilOver(app: App, id: number, json: boolean, work?: () => Promise<void>): Promise<void> {
  const bar = progress(`Backfill ${id}`, json);
  const isOver = ({ status }: Backfill): boolean => OVER.includes(status);
  let backfill = await backfillById(app.backfills, id);
  let working: Promise<void> | null = null;
  try {
    while (!isOver(backfill)) {
      const left = backfill.etaSeconds === null ? '' : `, ${duration(backfill.etaSeconds)} left`;
      bar.update(backfill.done + backfill.failed, backfill.total, `${backfill.done} of ${backfill.total} published${left}`);
      working ??= work?.().finally(() => (working = null)) ?? null;
      await Promise.race([wait(LOOK_MS), ...(working === null ? [] : [working])]);
      if (working === null) await wait(LOOK_MS / 4);
      backfill = await backfillById(app.backfills, id);
    }
    await working;
  } finally {
    bar.stop();
  }
  show(backfill, json, details);
  if (backfill.status !== 'published') process.exitCode = 1;
}

async function list({ json = false }: CommonOptions): Promise<void> {
  await withApp(async (app) =>
    show(await listBackfills(app.backfills), json, (all) =>
      table(
        ['backfill', 'job', 'from', 'to', 'status', 'published', 'failed', 'of', 'reason', 'asked by'],
        all.map((one) => [one.id, one.job, one.from, one.to, one.status, one.done, one.failed, one.total, one.reason, one.requestedBy]),
      ),
    ),
  );
}

async function work({ untilEmpty = false, json = false }: CommonOptions & { untilEmpty?: boolean }): Promise<void> {
  await withApp(async (app) => {
    let stopped = false;
    const stop = (): void => {
      stopped = true;
      app.interrupt();
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    for (;;) {
      const outcome = await workOnce(app).catch((error: unknown) => survived(app, error));
      if (outcome === null) {
        if (stopped) break;
        await wait(AGAIN_MS);
        continue;
      }
      const { backfills, snapshot, changed, isWaiting } = outcome;
      for (const one of backfills)
        say(json ? JSON.stringify(one) : `Backfill ${one.backfill}: ${one.published} of ${one.job} published, ${one.failed} failed.`);
      if (changed && !json) say(`Snapshot ${snapshot} published.`);
      if (stopped || (untilEmpty && backfills.length === 0 && !isWaiting)) break;
      await wait(LOOK_MS);
    }
  }, true);
}

/** Works off what is queued; also whether something waits for its next attempt. */
const workOnce = async (app: App): Promise<WorkOutcome & { isWaiting: boolean }> => ({
  ...(await app.work()),
  isWaiting: (await nextRetryAt(app)) !== null,
});

/** Whoever works off backfills outlives a full disk and a database that is away: null, and the log says why. Else it throws. */
function survived({ log }: App, error: unknown): null {
  if (!isOfSurroundings(error)) throw error;
  log('work.failed', { error: toldWithAdvice(error) });
  return null;
}

function summary(one: Backfill): string {
  const left = one.etaSeconds === null || one.etaSeconds === 0 ? '' : `, about ${duration(one.etaSeconds)} left`;
  return `Backfill ${one.id} of ${one.job} from ${one.from} to ${one.to} is ${one.status}: ${one.done} of ${one.total} published, ${one.failed} failed${left}.${idleNote(one)}`;
}

function details(one: Backfill): string {
  const { partitions, history } = one;
  return [
    summary(one),
    table(
      ['partition', 'status', 'attempts', 'next attempt', 'error'],
      partitions.map(({ partition, status: state, attempts, nextAttemptAt, error }) => [
        partition,
        state,
        attempts,
        nextAttemptAt?.toISOString(),
        error,
      ]),
    ),
    ...history.map(({ event, by, at, note }) => `${at.toISOString()} ${event} by ${by}${note === null ? '' : `: ${note}`}`),
  ].join('\n');
}

function numberOf(id: string): number {
  if (/^\d+$/.test(id)) return Number(id);
  throw new GovblogError('USAGE', `"${id}" is not the number of a backfill; \`govblog backfill list\` names them.`);
}

const duration = (seconds: number): string =>
  seconds < 120 ? `${Math.ceil(seconds)} s` : seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;

/** The name of whoever types; a machine may not know it. */
function me(): string {
  try {
    return userInfo().username;
  } catch {
    return 'command line';
  }
}
