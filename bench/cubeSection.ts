import { join } from 'node:path';
import type { App } from '../src/app';
import { answer } from '../src/answer/answer';
import { accountKey } from '../src/model/accountKey';
import { toSearch } from '../src/query/permalink';
import { openEngine, sqlText, type Engine } from '../src/warehouse/duckdb';
import { pathsOf } from '../src/warehouse/members';
import { publishFacts } from './facts';
import { ms, peakMb, slowness, type Figure, type SectionResult } from './figures';
import { duel, mustEqual, timed, type Round } from './measure';
import type { Options } from './options';
import { load, openAt } from './place';
import { contests, type Contest } from './questions';
import { accountRecords } from './records';
import { startServer, type ServerProcess } from './serverProcess';

/** The data folder with the generated facts; the HTTP section asks it too. */
export const factStore = ({ folder }: Options): string => join(folder, 'facts');

/**
 * Questions over millions of account-days and posts, each asked of a server by HTTP and not kept in its memory, against hand-written SQL
 * that DuckDB runs over the Parquet files of the grain.
 */
export async function cube(options: Options): Promise<SectionResult> {
  const app = await openAt(factStore(options));
  const raw = await openEngine({ memoryMb: app.config.queryMemoryMb, tempDir: join(app.config.dataDir, 'raw-tmp') });
  let server: ServerProcess | undefined;
  try {
    await load(app, await accountRecords(app.store, options.accounts, '2010-12-31'));
    // A real night makes the dimension tables, and a partition that shows the shape of the facts.
    await app.night();
    const { rows, rollupMs } = await publishFacts(app, options.months);
    server = await startServer({ dataDir: app.config.dataDir, settings: { GOVBLOG_CACHE_MB: '0' } });
    const { watermark } = (await (await app.reader()).open()).snapshot;
    const figures: Figure[] = [];
    for (const contest of contests(watermark)) {
      await checkRollup(app, contest);
      const result = await duel(options.questionRounds, () => prepare(app, raw, server!.address, contest), 2);
      figures.push(slowness(contest.name, 'answer by HTTP / raw SQL', result));
    }
    const serverMb = await server.stop();
    const sizes = [
      fact('account-days and posts asked', `${rows.activity.toLocaleString('en')}, ${rows.posts.toLocaleString('en')}`),
      fact('their rollups, built and audited', ms(rollupMs)),
    ];
    return { figures: [...figures, ...sizes], peaks: { server: serverMb, 'generation and raw SQL': peakMb() } };
  } finally {
    server?.kill();
    raw.close();
    await app.close();
  }
}

/** Which way a question goes is part of what is measured. */
async function checkRollup(app: App, { name, question, rollup }: Contest): Promise<void> {
  const reader = await app.reader();
  mustEqual(`the rollup of "${name}"`, answer(question, await reader.open(), reader, null).rollup(), rollup);
}

async function prepare(app: App, raw: Engine, address: string, { name, question, sql }: Contest): Promise<Round> {
  const { snapshot } = await (await app.reader()).open();
  const files = pathsOf(snapshot, app.files, question.cube, question.from, question.to).map(sqlText);
  const statement = sql.replace('FILES', `read_parquet([${files.join(', ')}])`);
  let [ours, base]: [readonly Row[], readonly Row[]] = [[], []];
  return {
    ours: () => timed(async () => (ours = await ask(`${address}/${question.cube}.json?${toSearch(question)}`))),
    base: () =>
      timed(async () => {
        const { columns, rows } = await raw.query(statement, [], { timeoutMs: app.config.queryTimeoutMs });
        base = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
      }),
    end: () => {
      if (ours.length === 0) throw new Error(`"${name}" has no rows`);
      const fields = Object.keys(base[0]!).sort();
      mustEqual(
        `the answer to "${name}"`,
        ours.map((row) => comparable(row, fields)),
        base.map((row) => comparable(row, fields)),
      );
      return Promise.resolve();
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

async function ask(url: string): Promise<readonly Row[]> {
  const response = await fetch(url);
  const body = (await response.json()) as { rows?: readonly Row[] };
  if (!body.rows) throw new Error(`${url} answers ${JSON.stringify(body).slice(0, 400)}`);
  return body.rows;
}

/** Values by field, to 12 digits: both sides divide and add in their own order. Accounts are compared by their keys. */
const comparable = (row: Row, fields: readonly string[]): unknown[] =>
  fields.map((field) => {
    const value = row[field];
    if (typeof value === 'number') return field === 'account' ? value : Number(value.toPrecision(12));
    return field === 'account' ? accountKey(...(String(value).split(':') as [string, string])) : value;
  });

const fact = (measure: string, ours: string): Figure => ({ measure, of: '', ratio: null, ours, base: '' });
