import { openApp, type App } from '../src/app';
import { systemClock } from '../src/clock';
import { readConfig } from '../src/config';
import { ingest } from '../src/ingest/ingest';
import type { ParsedRow } from '../src/ingest/outcome';
import type { IngestRecord } from '../src/ingest/records';
import { silentLog, type Log } from '../src/log';

/** The real application on a folder, and a database when one is named. */
export const openAt = (
  dataDir: string,
  databaseUrl = '',
  log: Log = silentLog,
  settings: Readonly<Record<string, string>> = {},
): Promise<App> =>
  openApp(
    readConfig({
      ...settings,
      GOVBLOG_DATA_DIR: dataDir,
      GOVBLOG_DATABASE_URL: databaseUrl,
      GOVBLOG_SCHEDULE: 'off',
      GOVBLOG_DEMO: 'off',
      PORT: '0',
    }),
    systemClock,
    log,
  );

/** Loads records the way every source is loaded, and insists that each is new. */
export async function load({ store, clock, log, config }: App, records: readonly IngestRecord[]): Promise<void> {
  const { accepted } = await ingest(
    {
      format: 'records',
      source: 'generated',
      files: [],
      skipped: [],
      meter: { total: 0, done: 0 },
      async *rows(): AsyncGenerator<ParsedRow> {
        let line = 0;
        for (const record of records) yield { origin: { file: 'generated', line: (line += 1) }, raw: '', record };
      },
    },
    { store, clock, log, dataDir: config.dataDir },
  );
  if (accepted !== records.length) throw new Error(`${records.length} records were loaded but ${accepted} accepted`);
}
