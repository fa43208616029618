import type { App } from '../src/app';
import { monthEnd, monthStart, nextMonth, type Day } from '../src/model/time';
import { openWorkshop, sqlText, type Workshop } from '../src/warehouse/duckdb';
import { pathsOf } from '../src/warehouse/members';
import { rollupFiles } from '../src/runner/rollups';
import {
  contentHashOf,
  currentSnapshot,
  publishSnapshot,
  withoutRollups,
  type Snapshot,
  type SnapshotFile,
} from '../src/warehouse/snapshots';
import { FACT_COLUMNS, rowsOf, type GeneratedFact } from './factColumns';
import { timed } from './measure';

/** Names and types of the fact table, as a partition that the job built has them. */
async function columnsOf(workshop: Workshop, fact: GeneratedFact, file: string): Promise<string[]> {
  const made: Readonly<Record<string, string>> = FACT_COLUMNS[fact];
  const { rows } = await workshop.query(`select column_name, column_type from (describe select * from read_parquet(${file}))`);
  const real = rows.map(([name]) => String(name));
  const unknown = [...real.filter((name) => !(name in made)), ...Object.keys(made).filter((name) => !real.includes(name))];
  if (unknown.length > 0) throw new Error(`bench/factColumns.ts does not match the built partition of ${fact}: ${unknown.join(', ')}`);
  return rows.map(([name, type]) => `(${made[String(name)]})::${String(type)} as ${String(name)}`);
}

/** Rows of each generated fact table, and the milliseconds that their rollups took. */
export interface Generated {
  readonly rows: Readonly<Record<GeneratedFact, number>>;
  readonly rollupMs: number;
}

/**
 * Generates account-days and posts of the months after the newest snapshot, in Parquet files of the shape that the jobs write,
 * and publishes them, with their rollups, as a snapshot beside the real dimension tables.
 */
export async function publishFacts(app: App, months: number): Promise<Generated> {
  const { store, files, config } = app;
  const before = (await currentSnapshot(store))!;
  const version = listed(pathsOf(before, files, 'dim_account_version'));
  const workshop = await openWorkshop({ memoryMb: config.buildMemoryMb, tempDir: `${config.dataDir}/tmp` });
  const generated: SnapshotFile[] = [];
  try {
    for (const fact of ['activity', 'posts'] as const) {
      const columns = await columnsOf(workshop, fact, listed(pathsOf(before, files, fact)));
      let month = before.watermark.slice(0, 7);
      for (let number = 0; number < months; number += 1) {
        month = nextMonth(month);
        const days = { from: monthStart(month), to: monthEnd(month) };
        generated.push(await writeMonth(app, workshop, { fact, columns, version, ...days }));
      }
    }
  } finally {
    workshop.close();
  }
  const rowsOfFact = (fact: GeneratedFact): number =>
    generated.filter(({ table }) => table === fact).reduce((sum, { rows }) => sum + rows, 0);
  return { rows: { activity: rowsOfFact('activity'), posts: rowsOfFact('posts') }, rollupMs: await publish(app, before, generated) };
}

interface Month {
  readonly fact: GeneratedFact;
  readonly columns: readonly string[];
  /** The files of the account versions, as SQL. */
  readonly version: string;
  readonly from: Day;
  readonly to: Day;
}

async function writeMonth({ files }: App, workshop: Workshop, { fact, columns, version, from, to }: Month): Promise<SnapshotFile> {
  const temporary = files.temporary(`generated-${fact}-${from}`);
  const order = fact === 'activity' ? 'account_key, day' : 'day, platform, post_id';
  // The options of the jobs: the same row groups, the same order.
  await workshop.run(`
    copy (select ${columns.join(', ')} from (${rowsOf(fact, version, from, to)}) order by ${order})
    to ${sqlText(temporary)} (format parquet, compression zstd, row_group_size 122880)`);
  const { rows } = await workshop.query(`select count(*) from ${sqlText(temporary)}`);
  return { table: fact, rows: Number(rows[0]![0]), from, to, ...(await files.adopt(temporary, `${fact}/${from.slice(0, 7)}`)) };
}

async function publish(app: App, before: Snapshot, generated: readonly SnapshotFile[]): Promise<number> {
  const { store, clock, config } = app;
  const { from, synthetic } = before;
  const watermark = generated.at(-1)!.to!;
  const built = [...withoutRollups(before).files, ...generated];
  const facts = built.filter((file) => file.from !== null);
  const tools = { ...app, buildMemoryMb: config.buildMemoryMb, tempDir: `${config.dataDir}/tmp` };
  let rollups: SnapshotFile[] = [];
  const rollupMs = await timed(async () => {
    const { files, outcome } = await rollupFiles({ facts, from, watermark }, tools);
    if (outcome.failed > 0) throw new Error(`${outcome.failed} rollups failed: see the ledger`);
    rollups = files;
  });
  const all = [...built, ...rollups];
  const contentHash = contentHashOf(all);
  await publishSnapshot(store, `bench-${contentHash.slice(0, 12)}`, clock.now(), { contentHash, from, watermark, synthetic, files: all });
  return rollupMs;
}

const listed = (paths: readonly string[]): string => `[${paths.map(sqlText).join(', ')}]`;
