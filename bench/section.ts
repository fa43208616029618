import 'reflect-metadata';
import { backfill } from './backfillSection';
import { cube } from './cubeSection';
import type { SectionResult } from './figures';
import { http } from './httpSection';
import { ingestMysql, ingestSqlite } from './ingestSection';
import { longNight } from './longNightSection';
import { memory } from './memorySection';
import { night } from './nightSection';
import type { Options } from './options';
import type { Order, Report, SectionName } from './sections';

// One section in a process of its own, so that its memory is its own too.

const WORK: Readonly<Record<SectionName, (options: Options, run: number) => Promise<SectionResult>>> = {
  'ingest SQLite': ingestSqlite,
  'ingest MySQL': ingestMysql,
  memory,
  night,
  'long night': longNight,
  cube,
  http,
  backfill,
};

process.once('message', (order: Order) => {
  const report = (answer: Report): void => void process.send!(answer, () => process.exit(0));
  WORK[order.section](order.options, order.run).then(
    (result) => report({ result }),
    (error: unknown) => report({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once('disconnect', () => process.exit(1));
