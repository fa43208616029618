import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { JOBS } from '../jobs';
import { govblogSchema } from '../schema/buildSchema';
import { openCache } from './answer/cache';
import { openReader, type Reader } from './answer/reader';
import { openSavedQueries } from './answer/saved';
import type { Clock } from './clock';
import type { Config } from './config';
import { startServer, type HttpServer } from './http/server';
import { loadReference } from './ingest/reference';
import { noteRules, refreshDerived } from './ingest/refresh';
import type { Log } from './log';
import { projectPath } from './paths';
import { runNight, type NightOutcome } from './runner/night';
import type { RunnerTools } from './runner/runDue';
import { collectAfterNight } from './runner/collecting';
import { startScheduler, type Scheduler } from './runner/scheduler';
import { jobViews } from './runner/status';
import { openStore } from './store/open';
import type { Store } from './store/store';
import { openEngine } from './warehouse/duckdb';
import { openFiles, type Files } from './warehouse/files';
import { Ledger } from './warehouse/ledger';
import type { Day } from './model/time';

/** Everything a command needs, opened from one configuration and closed together. */
export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly files: Files;
  /** Runs what is due and publishes a snapshot: what the scheduler does at night. */
  night(options?: { until?: Day; onProgress?: RunnerTools['onProgress'] }): Promise<NightOutcome>;
  reader(): Promise<Reader>;
  /** The GraphQL schema with the levels that the store has now. */
  schema(): Promise<GraphQLSchema>;
  serve(scheduler: Scheduler): Promise<HttpServer>;
  schedule(): Scheduler;
  close(): Promise<void>;
}

export async function openApp(config: Config, clock: Clock, log: Log): Promise<App> {
  const store = await openStore(config);
  const ledger = new Ledger(store, clock);
  const files = openFiles(config.dataDir);
  const tempDir = join(config.dataDir, 'tmp');
  const releases: (() => void | Promise<void>)[] = [() => store.close()];
  let reader: Promise<Reader> | undefined;

  const app: App = {
    config,
    clock,
    log,
    store,
    ledger,
    files,
    night: async ({ until, onProgress } = {}) => {
      // Rules may have changed with the program; what they change is marked before anything asks what is missing.
      await refreshDerived(store, clock.now(), log);
      const outcome = await runNight(
        JOBS,
        { store, ledger, files, clock, log, buildMemoryMb: config.buildMemoryMb, tempDir, ...(onProgress && { onProgress }) },
        config.scheduleZone,
        until,
      );
      if (config.collect === 'auto') await collectAfterNight({ store, files, clock, log, config });
      return outcome;
    },
    reader: () =>
      (reader ??= openEngine({ memoryMb: config.queryMemoryMb, tempDir }).then((engine) => {
        releases.push(() => engine.close());
        return openReader(store, engine, files, config.queryTimeoutMs);
      })),
    schedule: () => startScheduler(config.schedule, config.scheduleZone, async () => void (await app.night()), log),
    schema: async () =>
      govblogSchema((await store.query<{ code: string }>('SELECT code FROM admin_level ORDER BY code')).map(({ code }) => code)),
    serve: async (scheduler) => {
      const answers = await app.reader();
      const cache = openCache(config.cacheMb);
      return startServer(
        {
          schema: await app.schema(),
          log,
          reader: answers,
          cache,
          saved: openSavedQueries(store, answers, cache, clock),
          jobs: () => jobViews(JOBS, ledger, scheduler),
          publicUrl: config.publicUrl,
        },
        config.host,
        config.port,
      );
    },
    close: async () => {
      for (const release of releases.reverse()) await release();
    },
  };
  const changed = await loadReference(store, projectPath('seeds', 'reference'), clock.now());
  if (changed > 0) log('reference.loaded', { rows: changed });
  await noteRules(store, clock.now());
  return app;
}
