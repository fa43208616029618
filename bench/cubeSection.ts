import { join } from 'node:path';
import type { App } from '../src/app';
import { answer } from '../src/answer/answer';
import { openEngine, sqlText, type Engine } from '../src/warehouse/duckdb';
import { pathsOf } from '../src/warehouse/members';
import { publishFacts } from './facts';
import { peakMb, slowness, type Figure, type SectionResult } from './figures';
import { duel, mustEqual, timed } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { contests, type Contest } from './questions';
import { accountRecords } from './records';

/** The data folder with the generated facts; the HTTP section asks it too. */
export const factStore = ({ folder }: Options): string => join(folder, 'facts');

/** Questions asked of millions of account-days without cache, against hand-written SQL on the same files. */
export async function cube(options: Options): Promise<SectionResult> {
  const app = await openAt(factStore(options));
  const raw = await openEngine({ memoryMb: app.config.queryMemoryMb, tempDir: join(app.config.dataDir, 'raw-tmp') });
  try {
    await load(app, await accountRecords(app.store, options.accounts, '2010-12-31'));
    // A real night makes the dimension tables, and a partition that shows the shape of the facts.
    await app.night();
    const rows = await publishFacts(app, options.months);
    const figures: Figure[] = [];
    const { watermark } = (await (await app.reader()).open()).snapshot;
    for (const [index, { name }] of contests(watermark, 0).entries()) {
      const result = await duel(options.questionRounds, (round) => prepare(app, raw, contests(watermark, round)[index]!), 1);
      figures.push(slowness(name, 'answer / raw SQL', result));
    }
    return { figures: [...figures, sizeOf(rows)], peaks: { 'generation, answers and raw SQL': peakMb() } };
  } finally {
    raw.close();
    await app.close();
  }
}

async function prepare(
  app: App,
  raw: Engine,
  { name, question, sql }: Contest,
): Promise<{
  ours(): Promise<number>;
  base(): Promise<number>;
  end(): Promise<void>;
}> {
  const reader = await app.reader();
  const { snapshot } = await reader.open();
  const files = pathsOf(snapshot, app.files, 'activity', question.from, question.to).map(sqlText);
  const statement = sql.replace('FILES', `read_parquet([${files.join(', ')}])`);
  let [ours, base]: [readonly object[], readonly object[]] = [[], []];
  return {
    ours: () => timed(async () => (ours = await answer(question, await reader.open(), reader, null).rows())),
    base: () =>
      timed(async () => {
        const { columns, rows } = await raw.query(statement, [], { timeoutMs: app.config.queryTimeoutMs });
        base = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
      }),
    end: async () => {
      if (ours.length === 0) throw new Error(`"${name}" has no rows`);
      mustEqual(`the answer to "${name}"`, ours.map(sorted), base.map(sorted));
    },
  };
}

/** Values by field, to 12 digits: both sides divide and add in their own order. */
const sorted = (row: object): unknown[] =>
  Object.entries(row)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => [field, typeof value === 'number' ? Number(value.toPrecision(12)) : (value as unknown)]);

const sizeOf = (rows: number): Figure => ({
  measure: 'account-days asked',
  of: '',
  ratio: null,
  ours: rows.toLocaleString('en'),
  base: '',
});
