import { openApp, type App } from '../src/app';
import { answer, type Answer } from '../src/answer/answer';
import { fixedClock, type Clock } from '../src/clock';
import { readConfig } from '../src/config';
import type { HttpServer } from '../src/http/server';
import { ingest, type IngestSummary } from '../src/ingest/ingest';
import type { IngestRecord } from '../src/ingest/records';
import { silentLog, type Log } from '../src/log';
import type { Question } from '../src/query/question';
import { preparedPlace, type Preparation } from './prepared';
import { freshPlace, type Dialect, type Place } from './stores';
import { readingOf } from './readings';

/** The real application on a fresh or a prepared store, with helpers to load records and to ask. */
export interface TestApp {
  readonly app: App;
  readonly place: Place;
  load(records: Iterable<IngestRecord>): Promise<IngestSummary>;
  ask(question: Question, snapshot?: string): Promise<Answer>;
  /** Starts the HTTP server on a free port. */
  serve(): Promise<HttpServer>;
  graphql<T = Record<string, unknown>>(
    query: string,
    variables?: object,
  ): Promise<{ data: T; errors?: { message: string; extensions: { code: string } }[] }>;
  close(): Promise<void>;
}

/** Long after everything the tests load. */
export const LATER = fixedClock('2026-01-15T04:00:00Z');

/** A place of one's own with what many suites begin with; whoever asks for it removes it. */
export const preparedCopy = (dialect: Dialect, name: Preparation): Promise<Place> =>
  preparedPlace(dialect, name, (place) => openTestApp(dialect, { place }));

export async function openTestApp(
  dialect: Dialect = 'sqlite',
  options: { clock?: Clock; log?: Log; place?: Place; prepared?: Preparation; settings?: Readonly<Record<string, string>> } = {},
): Promise<TestApp> {
  const place = options.place ?? (options.prepared ? await preparedCopy(dialect, options.prepared) : await freshPlace(dialect));
  const config = readConfig({
    GOVBLOG_DATA_DIR: place.dataDir,
    GOVBLOG_DATABASE_URL: place.databaseUrl,
    GOVBLOG_SCHEDULE: 'off',
    GOVBLOG_DEMO: 'off',
    PORT: '0',
    ...options.settings,
  });
  const app = await openApp(config, options.clock ?? LATER, options.log ?? silentLog);
  let server: Promise<HttpServer> | undefined;
  const serve = (): Promise<HttpServer> => (server ??= app.serve(app.schedule()));
  return {
    app,
    place,
    load: (records) => ingest(readingOf(records), { store: app.store, clock: app.clock, log: app.log, dataDir: app.config.dataDir }),
    ask: async (question, snapshot) => {
      const reader = await app.reader();
      return answer(question, await reader.open(snapshot), reader, null);
    },
    serve,
    graphql: async (query, variables = {}) => {
      const { address } = await serve();
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as never;
    },
    close: async () => {
      if (server) await (await server).close();
      await app.close();
      if (!options.place) await place.remove();
    },
  };
}
