import { demoRecords, DEMO_DEFAULTS, type DemoOptions } from '../seeds/demo';
import type { App } from './app';
import { ingest, type IngestSummary } from './ingest/ingest';
import type { ParsedRow } from './ingest/outcome';

const FORMAT = 'demo';

/** Whether the demo data should be loaded: asked for, and the store empty or the last loading broken off. */
export async function wantsDemo({ config, store }: App): Promise<boolean> {
  if (config.demo === 'off') return false;
  const batches = await store.query<{ format: string; status: string }>('SELECT format, status FROM ingest_batch ORDER BY id');
  // Who imported a snapshot into an empty folder wants to see that one.
  if (batches.length === 0) return (await store.query('SELECT snapshot_id FROM snapshot_import LIMIT 1')).length === 0;
  const demo = batches.filter(({ format }) => format === FORMAT);
  // A loading that was killed is completed: the generator yields the same records again, and what is there stays as it is.
  return demo.length > 0 && !demo.some(({ status }) => status === 'complete');
}

/** Loads the synthetic data through the same path as any other source. */
export async function loadDemo(
  app: App,
  options: DemoOptions = DEMO_DEFAULTS,
  onProgress?: (done: number, total: number) => void,
): Promise<IngestSummary> {
  let done = 0;
  const meter = { total: Math.round(EXPECTED_RECORDS * options.scale), done: 0 };
  return ingest(
    {
      format: FORMAT,
      source: `synthetic demo data, seed ${options.seed}, scale ${options.scale}`,
      files: [],
      skipped: [],
      meter,
      async *rows(): AsyncGenerator<ParsedRow> {
        for (const record of demoRecords(options)) {
          done += 1;
          yield { origin: { file: FORMAT, line: done }, raw: '', record };
        }
      },
    },
    { store: app.store, clock: app.clock, log: app.log, dataDir: app.config.dataDir, onProgress: () => onProgress?.(done, meter.total) },
  );
}

/** Records of the full demo, for the progress bar (measured; seeds/demo/README.md). */
const EXPECTED_RECORDS = 536_338;
