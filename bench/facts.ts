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
import { FACT_COLUMNS, factSource } from './factColumns';
import { timed } from './measure';

/** Names and types of the fact table, as a partition that the job built has them. */
async function columnsOf(workshop: Workshop, file: string): Promise<string[]> {
  const { rows } = await workshop.query(`select column_name, column_type from (describe select * from read_parquet(${file}))`);
  const real = rows.map(([name]) => String(name));
  const unknown = [...real.filter((name) => !(name in FACT_COLUMNS)), ...Object.keys(FACT_COLUMNS).filter((name) => !real.includes(name))];
  if (unknown.length > 0) throw new Error(`bench/factColumns.ts does not match the built partition: ${unknown.join(', ')}`);
  return rows.map(([name, type]) => `(${FACT_COLUMNS[String(name)]})::${String(type)} as ${String(name)}`);
}

/**
 * Generates account-days of the months after the newest snapshot, in Parquet files of the shape that the job writes, and
 * publishes them, with their rollups, as a snapshot beside the real dimension tables. Returns the number of account-days, and
 * the time that the rollups took.
 */
export async function publishFacts(app: App, months: number): Promise<{ rows: number; rollupMs: number }> {
  const { store, files, config } = app;
  const before = (await currentSnapshot(store))!;
  const [real, version] = ['activity', 'dim_account_version'].map((table) => listed(pathsOf(before, files, table)));
  const workshop = await openWorkshop({ memoryMb: config.buildMemoryMb, tempDir: `${config.dataDir}/tmp` });
  const generated: SnapshotFile[] = [];
  try {
    const columns = await columnsOf(workshop, real!);
    let month = before.watermark.slice(0, 7);
    for (let number = 0; number < months; number += 1) {
      month = nextMonth(month);
      const [from, to] = [monthStart(month), monthEnd(month)];
      generated.push(await writeMonth(app, workshop, columns, version!, from, to));
    }
  } finally {
    workshop.close();
  }
  const rollupMs = await publish(app, before, generated);
  return { rows: generated.reduce((sum, { rows }) => sum + rows, 0), rollupMs };
}

async function writeMonth(
  { files }: App,
  workshop: Workshop,
  columns: readonly string[],
  version: string,
  from: Day,
  to: Day,
): Promise<SnapshotFile> {
  const temporary = files.temporary(`generated-${from}`);
  // The options of the job: the same row groups, the same order.
  await workshop.run(`
    copy (select ${columns.join(', ')} from (${factSource(version, from, to)}) order by account_key, day)
    to ${sqlText(temporary)} (format parquet, compression zstd, row_group_size 122880)`);
  const { rows } = await workshop.query(`select count(*) from ${sqlText(temporary)}`);
  return { table: 'activity', rows: Number(rows[0]![0]), from, to, ...(await files.adopt(temporary, `activity/${from.slice(0, 7)}`)) };
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
