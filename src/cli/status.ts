import { JOBS } from '../../jobs';
import { CUBES } from '../model';
import { rollupsOf } from '../query/rollups';
import { listBackfills } from '../runner/backfills';
import { idleNote } from '../runner/backfillWords';
import { parseCron } from '../runner/cron';
import { dueNight } from '../runner/due';
import { lastNights, nightRecords } from '../runner/nights';
import { jobViews, type JobView, type Timetable } from '../runner/status';
import { openFindings } from '../warehouse/auditLog';
import { currentSnapshot } from '../warehouse/snapshots';
import type { App } from '../app';
import { findingsText } from './audits';
import { withApp, type CommonOptions } from './context';
import { show, table } from './output';

/** Errors are shown up to here in tables; `--json` has them whole. */
const ERROR_LENGTH = 300;

/** What is published, missing, failed, left alone and running; the last nights; backfills that are not over. */
export async function showStatus({ json = false, audits = false }: CommonOptions & { readonly audits?: boolean }): Promise<void> {
  await withApp(async (app) => {
    const views = await jobViews(JOBS, app.ledger, await timetableOf(app), app.config.maxAttempts);
    const newest = await currentSnapshot(app.store);
    const value = {
      snapshot: newest && { id: newest.id, publishedAt: newest.publishedAt, watermark: newest.watermark, synthetic: newest.synthetic },
      jobs: views,
      rollups: await rollupState(app, new Set(newest?.files.map(({ table: name }) => name))),
      running: await app.ledger.running(),
      nights: await lastNights(app, 5),
      backfills: await listBackfills(app.backfills, { live: true }),
      ...(audits && { audits: await openFindings(app.store) }),
    };
    show(value, json, ({ rollups, running, nights, backfills }) =>
      [
        newest === null
          ? 'Nothing is published yet.'
          : `Snapshot ${newest.id}, complete up to ${newest.watermark}${newest.synthetic ? ', holds synthetic data' : ''}.`,
        jobTable(views),
        `Rollups: ${rollups.inSnapshot} of ${rollups.declared} in the snapshot, ${rollups.failing.length} files failing.`,
        ...rollups.failing.map(({ rollup, partition, error }) => `  ${rollup} ${partition}: ${error.slice(0, ERROR_LENGTH)}`),
        ...views.flatMap(({ name, poisoned, failing }) => [
          ...poisoned.map(
            (one) => `${name} ${one.key} failed ${one.attempts} times and is left alone: ${one.error.slice(0, ERROR_LENGTH)}`,
          ),
          ...failing.map((one) => `${name} ${one.key} failed${next(one.nextAttemptAt)}: ${one.error.slice(0, ERROR_LENGTH)}`),
        ]),
        ...running.map((run) => `Running: ${run.job} ${run.partition} since ${run.startedAt.toISOString()} (${run.reason}).`),
        ...backfills.map(
          (one) =>
            `Backfill ${one.id} of ${one.job} is ${one.status}: ${one.done} of ${one.total} published, ${one.failed} failed.${idleNote(one)}`,
        ),
        ...nights
          .slice(0, 1)
          .map(
            (night) =>
              `Last night: ${night.outcome}, begun ${night.startedAt.toISOString()} (${night.reason})${night.error === null ? '' : `: ${night.error}`}.`,
          ),
        ...(views[0]?.overdueSince
          ? [`Overdue: the night planned for ${views[0].overdueSince.toISOString()} has not run. Is a server running?`]
          : []),
        ...(value.audits ? [findingsText(value.audits)] : []),
      ].join('\n'),
    );
  });
}

const next = (at: Date | null): string => (at === null ? '' : ` and is tried again at ${at.toISOString()}`);

const jobTable = (views: readonly JobView[]): string =>
  table(
    ['job', 'complete up to', 'expected', 'missing', 'failed', 'left alone', 'running', 'next missing', 'last run'],
    views.map(({ name, watermark, expected, missing, failing, poisoned, running, lastRun }) => [
      ...[name, watermark, expected, missing.length, failing.length, poisoned.length, running.length],
      missing[0] && `${missing[0].key}: ${missing[0].reason}`,
      lastRun && `${lastRun.partition} ${lastRun.status}${lastRun.error === null ? '' : `: ${lastRun.error.slice(0, ERROR_LENGTH)}`}`,
    ]),
  );

/** The schedule as a server with these settings would keep it. */
export async function timetableOf({ config, clock, store }: App): Promise<Timetable> {
  const { schedule, scheduleZone: zone, catchUp, catchUpDays: windowDays } = config;
  if (schedule === 'off') return { schedule: null, nextRunAt: () => null };
  const now = clock.now().getTime();
  const records = await nightRecords({ store, clock });
  const due = dueNight({ now, cron: parseCron(schedule), zone, catchUp, windowDays, since: now, records, jitterMs: 0 });
  const date = (at: number | null): Date | null => (at === null ? null : new Date(at));
  return { schedule: `${schedule} ${zone}`, nextRunAt: () => date(due.next), overdueSince: () => date(due.overdueSince) };
}

async function rollupState(
  { ledger }: App,
  inSnapshot: ReadonlySet<string>,
): Promise<{
  declared: number;
  inSnapshot: number;
  failing: { rollup: string; partition: string; error: string }[];
}> {
  const names = CUBES.flatMap(rollupsOf).map(({ name }) => name);
  const failing: { rollup: string; partition: string; error: string }[] = [];
  for (const rollup of names) {
    const last = new Map((await ledger.failures(rollup)).map((run) => [run.key, run.error]));
    for (const [partition, error] of last) failing.push({ rollup, partition, error });
  }
  return { declared: names.length, inSnapshot: names.filter((name) => inSnapshot.has(name)).length, failing };
}
