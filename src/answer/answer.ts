import { createHash } from 'node:crypto';
import { GovblogError, messageOf } from '../errors';
import { cubeNamed, CUBES } from '../model';
import type { Cube } from '../model/define';
import { compileRowCount, compileRows, compileTotals } from '../query/compile';
import type { Compiled } from '../query/writer';
import { checkCost, costOf, leastRows } from '../query/cost';
import { filesAs } from '../query/dialect';
import { LIMITS } from '../query/limits';
import { plan, type Plan } from '../query/plan';
import { canonical, orderedFields, type Question } from '../query/question';
import { throughRollup, type Choice } from '../query/throughRollup';
import { didYouMean } from '../suggest';
import type { EngineValue } from '../warehouse/duckdb';
import { pathsOf } from '../warehouse/members';
import type { Estimate } from '../stats/ratio';
import type { AnswerCache } from './cache';
import { withEstimates } from './estimates';
import type { OpenSnapshot, Reader } from './reader';
import { unknownAccounts } from './unknownAccounts';

/** One row by field name: codes, days as text, exact counts; estimates with their companions. Names of codes are added at the edge. */
export type AnswerRow = Readonly<Record<string, EngineValue | Estimate>>;

/** What a question gets. The parts that cost a statement of their own are computed when they are asked for, and once. */
export interface Answer {
  readonly cube: Cube;
  readonly question: Question;
  readonly open: OpenSnapshot;
  readonly plan: Plan;
  /** sha256 of the canonical question and the snapshot: the same question always has the same id. */
  readonly queryId: string;
  readonly rows: () => Promise<readonly AnswerRow[]>;
  /** Number of rows without limit and offset. */
  readonly rowCount: () => Promise<number>;
  /** The given measures over everything the question covers. */
  readonly totals: (measures: readonly string[]) => Promise<AnswerRow>;
  /** sha256 of the rows as canonical JSON: equal hashes prove equal answers. */
  readonly resultHash: () => Promise<string>;
  /** Something else that follows from the question and the snapshot alone, computed once: a citation. */
  readonly derived: (part: string, work: () => Promise<string>) => Promise<string>;
  /** The rollup that the rows come from; null when they come from the rows of the grain. The rows are the same. */
  readonly rollup: () => string | null;
  /** Rows of the files that the rows of the answer are made of. */
  readonly rowsScanned: () => number;
  /** How long the rows took to make, when they were made: an answer that is kept took its time once. */
  readonly milliseconds: () => Promise<number>;
  /** Ids of accounts in the conditions that no account of the snapshot has. */
  readonly unknownAccounts: () => Promise<readonly string[]>;
  /** The statement that was run, with its parameters and the files it reads. */
  readonly sql: () => string;
}

/** Answers a question from one snapshot. Throws a GovblogError that says what is wrong with the question. */
export function answer(question: Question, open: OpenSnapshot, reader: Reader, cache: AnswerCache | null): Answer {
  const cube = cubeNamed(question.cube);
  if (!cube) {
    const names = CUBES.map(({ name }) => name);
    throw new GovblogError(
      'BAD_QUERY',
      `There is no cube "${question.cube}".${didYouMean(question.cube, names)} There are: ${names.join(', ')}.`,
    );
  }
  const { snapshot, members, indicators } = open;
  const ground = { members, indicators, from: snapshot.from, watermark: snapshot.watermark };
  const planned = plan(cube, question, ground);
  // A kept answer needs no choice.
  let choice: Choice | undefined;
  const choose = (of: Plan): Choice => {
    const found = throughRollup(of, snapshot.files);
    checkCost(costOf(found.plan, snapshot.files, members), reader.maxScannedRows);
    return found;
  };
  const chosen = (): Choice => (choice ??= choose(planned));
  const queryId = createHash('sha256')
    .update(`${snapshot.id}\n${canonical(question, cube)}`)
    .digest('hex')
    .slice(0, 32);

  const run = async (compiled: Compiled, of: Plan = chosen().plan): Promise<Record<string, EngineValue>[]> => {
    const { columns, rows } = await reader.engine
      .query(withFiles(compiled, of, open, reader), compiled.params, { timeoutMs: reader.timeoutMs })
      .catch((error: unknown) => {
        throw tooOld(error, snapshot.id);
      });
    return rows.map((row) => {
      const fields: Record<string, EngineValue> = {};
      for (let index = 0; index < columns.length; index += 1) fields[columns[index]!] = row[index]!;
      return fields;
    });
  };
  const parts = new Map<string, Promise<unknown>>();
  const once = <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const known = parts.get(part) as Promise<T> | undefined;
    const result = known ?? (cache ? cache.once(`${queryId}/${part}`, work) : work());
    parts.set(part, result);
    return result;
  };
  const rows = (): Promise<AnswerRow[]> =>
    once('rows', async () => {
      const began = performance.now();
      const ready = compileRows(chosen().plan);
      const least = planned.isLimited ? 0 : leastRows(planned, snapshot.files);
      if (least > LIMITS.defaultRows.value) throw tooMany(`at least ${least.toLocaleString('en-US')}`);
      const found = await run(ready);
      if (!planned.isLimited && found.length > LIMITS.defaultRows.value) throw tooMany(`more than ${LIMITS.defaultRows.value}`);
      const answered = planned.derived.some(({ kind }) => kind === 'estimate') ? await withEstimates(chosen().plan, found, run) : found;
      took.set(answered, performance.now() - began);
      return answered;
    });

  return {
    cube,
    question,
    open,
    plan: planned,
    queryId,
    rows,
    rowCount: async () => {
      const known = await rows();
      if (planned.offset === 0 && known.length < planned.limit) return known.length;
      const [count] = await once('count', () => run(compileRowCount(chosen().plan)));
      return count!['row_count'] as number;
    },
    totals: async (measures) => {
      // Conditions on groups and rows for empty buckets are of groups; of everything there is one row.
      const { having: _having, fill: _fill, ...whole } = question;
      const total = { ...whole, fields: measures, orderBy: [], limit: 1, offset: 0 };
      const [row] = await once(`totals:${measures.join()}`, () => {
        const { plan: totalPlan } = choose(plan(cube, total, ground));
        return run(compileTotals(totalPlan), totalPlan);
      });
      return row!;
    },
    resultHash: () => once('hash', async () => hashOf(cube, question, await rows())),
    derived: once,
    rollup: () => chosen().rollup,
    rowsScanned: () => costOf(chosen().plan, snapshot.files, members).scannedRows,
    milliseconds: async () => took.get(await rows())!,
    unknownAccounts: () => once('unknown accounts', () => unknownAccounts(question.where, open, reader)),
    sql: () => describe(compileRows(chosen().plan), chosen().plan, open),
  };
}

/** Milliseconds that the rows of each answer in memory took. */
const took = new WeakMap<readonly AnswerRow[], number>();

/** An answer that ends somewhere without saying so would be taken for the whole. */
const tooMany = (rows: string): GovblogError =>
  new GovblogError(
    'LIMIT_EXCEEDED',
    `The answer has ${rows} rows, and without a limit one of up to ${LIMITS.defaultRows.value} is given, whole or not at all. Set "limit" (${LIMITS.maxRows.value} at most, with "offset" for the rest), group more coarsely, or filter.`,
  );

/** A snapshot that was published before there was a column cannot answer for it. */
function tooOld(error: unknown, snapshot: string): unknown {
  const column = /(?:Referenced column|Table "\w+" does not have a column named) "(\w+)"/.exec(messageOf(error))?.[1];
  if (column === undefined) return error;
  return new GovblogError(
    'NOT_PUBLISHED',
    `Snapshot ${snapshot} was published before ${column} was kept. Ask a newer snapshot, or publish one with \`govblog run\`.`,
  );
}

const HASHED_ROWS = 1_000;

/** Rows as JSON with keys in the order of the model, so that neither aliases nor the order of selection matter. */
function hashOf(cube: Cube, question: Question, rows: readonly AnswerRow[]): string {
  const fields = orderedFields(question.fields, cube);
  const hash = createHash('sha256').update(JSON.stringify(fields));
  // Many rows at a time: each call of the hash costs more than a row.
  for (let start = 0; start < rows.length; start += HASHED_ROWS) {
    const some = rows.slice(start, start + HASHED_ROWS);
    hash.update(some.map((row) => JSON.stringify(fields.map((field) => row[field]))).join(''));
  }
  return hash.digest('hex');
}

function withFiles(compiled: Compiled, plan: Plan, { snapshot }: OpenSnapshot, { files }: Reader): string {
  const tables = tablesOf(compiled, plan, snapshot, files);
  // How many rows a question without groups has is known without any table.
  return tables === '' ? compiled.sql : `with ${tables}\n${compiled.sql}`;
}

const tablesOf = (
  { tables }: Compiled,
  { readsFrom: from, to }: Plan,
  snapshot: OpenSnapshot['snapshot'],
  files: Reader['files'],
): string => tables.map((table) => filesAs(table, pathsOf(snapshot, files, table, from, to))).join(',\n     ');

/** The statement as a reader can run it over a copy of the snapshot's files: addresses instead of this machine's paths. */
function describe(compiled: Compiled, plan: Plan, { snapshot }: OpenSnapshot): string {
  const addresses = { pathOf: (uri: string) => uri };
  const tables = tablesOf(compiled, plan, snapshot, addresses as Reader['files']);
  const params = compiled.params.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}`);
  return [`with ${tables}`, compiled.sql, ...params].join('\n');
}
