import { createHash } from 'node:crypto';
import { CUBES } from '../model';
import { periodOf, type Period } from '../model/periods';
import { maxDay, minDay, type Day } from '../model/time';
import { compileRollup, orderOf, rollupsOf, type Rollup } from '../query/rollups';
import { openWorkshop, sqlText, type Workshop } from '../warehouse/duckdb';
import type { SnapshotFile } from '../warehouse/snapshots';
import { attempt, copyTo, type Fate } from './attempt';
import { MAX_ATTEMPTS, type RunnerTools, type RunOutcome } from './runnerTools';
import { standingOf, type FailedRun } from '../warehouse/attempts';
import { auditRollup, totalsOfSource, type Totals } from './rollupAudit';

/** What rollups are made from: the fact files of a snapshot, and the days it is known to be whole for. */
export interface Ground {
  readonly facts: readonly SnapshotFile[];
  readonly from: Day;
  readonly watermark: Day;
}

/**
 * The rollups of a snapshot. Each is a function of the files it is made of, so one that was built from the same files by the
 * same statement is taken as it is; what cannot be built is left out, and its questions are answered from the grain.
 */
export async function rollupFiles(ground: Ground, tools: RunnerTools): Promise<{ files: SnapshotFile[]; outcome: RunOutcome }> {
  const outcome = { job: 'rollups', published: 0, failed: 0, elsewhere: 0, cancelled: 0 };
  let poisoned = 0;
  const all: SnapshotFile[] = [];
  let workshop: Workshop | undefined;
  try {
    for (const rollup of CUBES.flatMap(rollupsOf)) {
      const partitions = partitionsOf(rollup, ground, all);
      const before = await tools.ledger.published(rollup.name);
      const failures = await tools.ledger.failures(rollup.name);
      const absent = partitions
        .filter(({ key, definition }) => before.get(key)?.definition !== definition)
        .map((one) => ({ ...one, before: before.get(one.key)?.run.id ?? null, failed: failedOf(one, failures) }));
      const missing = absent.filter(({ failed }) => failed < (tools.maxAttempts ?? MAX_ATTEMPTS));
      poisoned += absent.length - missing.length;
      for (const some of inBatches(missing)) {
        workshop ??= await openWorkshop({ memoryMb: tools.buildMemoryMb, tempDir: tools.tempDir });
        for (const fate of await buildTogether(rollup, some, workshop, tools)) if (fate !== 'left') outcome[fate] += 1;
        tools.onProgress?.(rollup.name, missing.indexOf(some.at(-1)!) + 1, missing.length);
      }
      const published = missing.length === 0 ? before : await tools.ledger.published(rollup.name);
      for (const { key, from, to, definition } of partitions) {
        const known = published.get(key);
        if (known?.definition === definition) all.push({ table: rollup.name, rows: known.run.factRows!, from, to, ...known.run.file! });
      }
    }
  } finally {
    workshop?.close();
  }
  const { cancelled, ...rest } = outcome;
  const told: RunOutcome = { ...rest, ...(cancelled > 0 && { cancelled }), ...(poisoned > 0 && { poisoned }) };
  if (workshop) tools.log('rollups.finished', { ...told });
  return { files: all, outcome: told };
}

/** One file of a rollup that the snapshot should have. */
interface RollupPartition extends Period {
  readonly inputs: readonly SnapshotFile[];
  readonly definition: string;
}

/** A file that must be built, with the run that it replaces and the failures so far. */
interface MissingRollup extends RollupPartition {
  readonly before: number | null;
  readonly failed: number;
}

/** A rollup depends on its files alone, which its definition names: no mark makes it stale. */
const failedOf = (one: RollupPartition, failures: readonly FailedRun[]): number => standingOf(one, failures, one.definition, []).attempts;

/** The buckets that have facts and whose source is there in full, with the files that they are made of. */
function partitionsOf(rollup: Rollup, { facts, from, watermark }: Ground, built: readonly SnapshotFile[]): RollupPartition[] {
  const { cube, source, period, folder } = rollup;
  const own = facts.filter((file) => file.table === cube.fact && file.from! <= watermark && file.rows > 0);
  const sources = source === null ? own : built.filter(({ table }) => table === source.name);
  const periods = new Map(own.map((file) => periodOf(file.from!, period)).map((one) => [one.key, one]));
  return [...periods.values()].flatMap((whole): RollupPartition[] => {
    const within = (file: SnapshotFile): boolean => file.from! <= whole.to && file.to! >= whole.from;
    const inputs = sources.filter(within);
    const isComplete = own.filter(within).every((fact) => inputs.some((one) => one.from! <= fact.to! && one.to! >= fact.from!));
    if (!isComplete) return [];
    const days = { from: maxDay(whole.from, from)!, to: minDay(whole.to, watermark)! };
    const parts = [folder, days.from, days.to, ...inputs.map(({ sha256 }) => sha256)];
    return [{ key: whole.key, ...days, inputs, definition: createHash('sha256').update(parts.join('\n')).digest('hex') }];
  });
}

/** Source rows that are summed up by one statement: what it costs to begin one is shared, and memory stays bounded. */
const BATCH_ROWS = 4_000_000;

function inBatches(missing: readonly MissingRollup[]): MissingRollup[][] {
  const batches: MissingRollup[][] = [];
  let rows = Infinity;
  for (const one of missing) {
    rows += rowsOf(one);
    if (rows > BATCH_ROWS) {
      batches.push([]);
      rows = rowsOf(one);
    }
    batches.at(-1)!.push(one);
  }
  return batches;
}

const rowsOf = ({ inputs }: RollupPartition): number => inputs.reduce((sum, { rows }) => sum + rows, 0);

/** Sums up the sources of several files at once, then writes, audits and publishes each file by itself. */
async function buildTogether(rollup: Rollup, batch: readonly MissingRollup[], workshop: Workshop, tools: RunnerTools): Promise<Fate[]> {
  const paths = batch.flatMap(({ inputs }) => inputs.map(({ uri }) => tools.files.pathOf(uri)));
  const to = batch.at(-1)!.to;
  // Begun by the first file that this process gets hold of; what fails then is the failure of every file.
  let summed: Promise<ReadonlyMap<Day, Totals>> | undefined;
  const sum = async (): Promise<ReadonlyMap<Day, Totals>> => {
    const { sql, params } = compileRollup(rollup, paths, batch[0]!.from, to);
    await workshop.run(`create or replace temp table summed as ${sql} order by ${orderOf(rollup)}`, params);
    return totalsOfSource(workshop, rollup, `read_parquet([${paths.map(sqlText).join(', ')}])`, to);
  };
  const fates: Fate[] = [];
  for (const one of batch) {
    const partition = { key: one.key, from: one.from, to: one.to, reason: 'its source changed' };
    const fate = await attempt(
      {
        job: rollup.name,
        folder: `${rollup.folder}/${one.key}`,
        definition: one.definition,
        mark: 0,
        before: one.before,
        failed: one.failed,
      },
      partition,
      tools,
      {
        write: async (file) => {
          await (summed ??= sum());
          const rows = await copyTo(file, `select * from summed where day between date '${one.from}' and date '${one.to}'`, workshop);
          return { sourceRows: rowsOf(one), rows };
        },
        audits: [
          {
            name: 'rollup equals its source',
            check: async (file) => auditRollup(workshop, rollup, (await summed!).get(one.to), file),
          },
        ],
        workshop,
      },
    );
    fates.push(fate);
  }
  return fates;
}
