import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { JOBS } from '../jobs';
import { govblogSchema } from '../schema/buildSchema';
import { openCache } from './answer/cache';
import { openReader, type Reader } from './answer/reader';
import { openSavedQueries } from './answer/saved';
import { openAccess, type Access } from './access/access';
import type { Clock } from './clock';
import type { Config } from './config';
import { messageOf } from './errors';
import { startServer, type HttpServer } from './http/server';
import { loadReference } from './ingest/reference';
import { noteRules, refreshDerived } from './ingest/refresh';
import type { Log } from './log';
import { projectPath } from './paths';
import type { BackfillTools } from './runner/backfillTypes';
import { backfillsWait, workBackfills, type WorkOutcome } from './runner/backfillWork';
import { recordNight, runNight, type NightOutcome } from './runner/night';
import { putNightsAheadRight } from './runner/nightsAhead';
import { nightRecords, skipNights, type NightReason } from './runner/nights';
import type { RunnerTools } from './runner/runDue';
import { collectAfterNight } from './runner/collecting';
import { makingUp } from './runner/makingUp';
import { startScheduler, type Scheduler } from './runner/scheduler';
import { openOperations, type Operations } from './runner/operations';
import { jobViews, type Timetable } from './runner/status';
import { openStore } from './store/open';
import type { Store } from './store/store';
import { openEngine } from './warehouse/duckdb';
import { openFiles, type Files } from './warehouse/files';
import { Ledger } from './warehouse/ledger';
import { addDays, localTime, type Day } from './model/time';

/** Everything a command needs, opened from one configuration and closed together. */
export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly files: Files;
  readonly access: Access;
  /** Runs what is due and publishes a snapshot: what the scheduler does at night. */
  night(options?: NightOptions): Promise<NightOutcome>;
  /** Works off what backfills have queued, until nothing is left that may be begun, and publishes a snapshot. */
  work(options?: { onProgress?: RunnerTools['onProgress']; isNightDue?: () => Promise<boolean> }): Promise<WorkOutcome>;
  /** For planning, applying and steering backfills. */
  readonly backfills: BackfillTools;
  /** What an admin sees and does. */
  operations(timetable: Timetable): Operations;
  reader(): Promise<Reader>;
  /** The GraphQL schema with the levels that the store has now. */
  schema(): Promise<GraphQLSchema>;
  serve(scheduler: Scheduler): Promise<HttpServer>;
  schedule(): Scheduler;
  /** Breaks off what is being built; whoever opens the store next builds it. */
  interrupt(): void;
  /** The same, then closes everything. */
  close(): Promise<void>;
}

export interface NightOptions {
  /** Builds no later days than this one. */
  readonly until?: Day;
  readonly onProgress?: RunnerTools['onProgress'];
  /** Why it runs, for the ledger; `request` unless given. */
  readonly reason?: NightReason;
  /** Also tries what failed too often to be tried by itself. */
  readonly withPoisoned?: boolean;
}

export async function openApp(config: Config, clock: Clock, log: Log): Promise<App> {
  const store = await openStore(config);
  try {
    return await composeApp(store, config, clock, log);
  } catch (error) {
    // A process that could not begin must be able to end.
    await store.close().catch(() => undefined);
    throw error;
  }
}

async function composeApp(store: Store, config: Config, clock: Clock, log: Log): Promise<App> {
  const ledger = new Ledger(store, clock, { overall: config.concurrency, perJob: config.jobConcurrency });
  const files = openFiles(config.dataDir);
  const tempDir = join(config.dataDir, 'tmp');
  const releases: (() => void | Promise<void>)[] = [() => store.close()];
  let reader: Promise<Reader> | undefined;
  const stopping = new AbortController();
  const owed = makingUp();
  const tools: RunnerTools = {
    ...{ store, ledger, files, clock, log, tempDir, buildMemoryMb: config.buildMemoryMb },
    ...{ maxAttempts: config.maxAttempts, builders: config.builders, signal: stopping.signal },
  };
  const build = async ({ until, onProgress, reason = 'request', withPoisoned = false }: NightOptions): Promise<NightOutcome> => {
    // Rules may have changed with the program; what they change is marked before anything asks what is missing.
    await refreshDerived(store, clock.now(), log);
    const some = {
      ...(onProgress && { onProgress }),
      ...(withPoisoned && { maxAttempts: Infinity }),
      requestedBy: reason,
      heedPauses: reason === 'retry',
    };
    const outcome = await runNight(JOBS, { ...tools, ...some }, config.scheduleZone, until);
    if (config.collect === 'auto') await collectAfterNight({ store, files, clock, log, config });
    return outcome;
  };

  const app: App = {
    config,
    clock,
    log,
    store,
    ledger,
    files,
    access: openAccess(store, clock, log, config.publicUrl),
    backfills: { store, ledger, clock, jobs: JOBS },
    night: async (options = {}) => {
      // A night up to some day is not one of those that the schedule is about.
      if (options.until !== undefined) return build(options);
      try {
        const outcome = (await recordNight({ reason: options.reason ?? 'request', plannedFor: null }, app, () => build(options)))!;
        owed.done();
        return outcome;
      } catch (error) {
        owed.broke(error, clock.now().getTime());
        throw error;
      }
    },
    work: ({ onProgress, isNightDue } = {}) =>
      workBackfills(JOBS, { ...tools, ...(onProgress && { onProgress }) }, config.scheduleZone, isNightDue),
    operations: (timetable) =>
      openOperations(
        app.backfills,
        () => jobViews(JOBS, ledger, timetable, config.maxAttempts),
        () => app.night().catch((error: unknown) => log('night.failed', { error: messageOf(error) })),
      ),
    reader: () =>
      (reader ??= openEngine({ memoryMb: config.queryMemoryMb, tempDir }).then((engine) => {
        releases.push(() => engine.close());
        return openReader(store, engine, files, {
          timeoutMs: config.queryTimeoutMs,
          maxScannedRows: config.maxScannedRows,
          licence: config.licence,
        });
      })),
    schedule: () => {
      const scheduler = startScheduler(
        {
          ...{ schedule: config.schedule, zone: config.scheduleZone, catchUp: config.catchUp },
          ...{ windowDays: config.catchUpDays, jitterMs: config.scheduleJitterMs },
        },
        {
          clock,
          log,
          records: async () => {
            await putNightsAheadRight(app);
            return nightRecords(app);
          },
          skip: (planned) => skipNights(app, planned),
          night: async (plannedFor, isBacklog) => {
            const until = addDays(localTime(plannedFor.getTime(), config.scheduleZone).day, -1);
            await recordNight({ reason: 'schedule', plannedFor }, app, () => build({ reason: 'schedule', ...(isBacklog && { until }) }));
          },
          retry: async () => {
            const now = clock.now();
            if (!owed.isDue(now.getTime()) && !(await ledger.retryIsDue())) return;
            await app.night({ reason: 'retry' });
            await ledger.retriesDone(now);
          },
          work: async (isNightDue) => {
            if (await backfillsWait(tools)) await app.work({ isNightDue });
          },
        },
      );
      releases.push(() => scheduler.stop());
      return scheduler;
    },
    schema: async () =>
      govblogSchema((await store.query<{ code: string }>('SELECT code FROM admin_level ORDER BY code')).map(({ code }) => code)),
    serve: async (scheduler) => {
      await app.access.demandListening(config.host, config.keyless);
      const answers = await app.reader();
      const cache = openCache(config.cacheMb);
      return startServer(
        {
          schema: await app.schema(),
          log,
          store,
          clock,
          reader: answers,
          cache,
          saved: openSavedQueries(store, answers, cache, clock),
          operations: app.operations(scheduler),
          publicUrl: config.publicUrl,
          access: app.access,
        },
        config.host,
        config.port,
      );
    },
    interrupt: () => stopping.abort(new Error('The process is to stop.')),
    close: async () => {
      app.interrupt();
      for (const release of releases.reverse()) await release();
    },
  };
  const changed = await loadReference(store, projectPath('seeds', 'reference'), clock.now());
  if (changed > 0) log('reference.loaded', { rows: changed });
  await noteRules(store, clock.now());
  return app;
}
