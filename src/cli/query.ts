import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { graphql } from 'graphql';
import { commandLine } from '../access/access';
import type { Answer } from '../answer/answer';
import type { OpenSnapshot, Reader } from '../answer/reader';
import { openSavedQueries } from '../answer/saved';
import { GovblogError, messageOf } from '../errors';
import { toCsv } from '../export/flat';
import { requestContext } from '../http/context';
import { FORMS, writeAnswer } from '../http/forms';
import type { Question } from '../query/question';
import { withApp } from './context';
import { say, sayBytes, table, warn, type Cell } from './output';

const FORMATS = ['table', 'csv', 'json', 'parquet'] as const;

interface QueryOptions {
  readonly format: (typeof FORMATS)[number];
  readonly snapshot?: string;
  readonly variables?: string;
}

export function queryCommand(program: Command): void {
  program
    .command('query <file>')
    .description('Run a GraphQL document against the newest snapshot, without a server.')
    .option('--format <form>', 'table, csv, json, or parquet (the table that the plain URL of the same question gives)', 'table')
    .option('--snapshot <id>', 'answer from this snapshot instead of the newest')
    .option('--variables <json>', 'variables of the document')
    .action(query);
}

async function query(file: string, { format, snapshot, variables }: QueryOptions): Promise<void> {
  if (!FORMATS.includes(format)) throw new GovblogError('USAGE', `--format is "${format}"; it takes ${FORMATS.join(', ')}.`);
  if (format === 'parquet' && process.stdout.isTTY)
    throw new GovblogError('USAGE', 'Parquet is nothing to read on a terminal; send it to a file: … --format parquet > answer.parquet.');
  const variableValues = variables === undefined ? undefined : variablesIn(variables);
  const source = read(file);
  await withApp(async (app) => {
    const reader = await app.reader();
    const tools = {
      reader,
      cache: null,
      saved: openSavedQueries(app.store, reader, null, app.clock),
      operations: app.operations({ schedule: app.config.schedule, nextRunAt: () => null }),
      publicUrl: app.config.publicUrl,
      access: app.access,
    };
    const context = requestContext(tools, { caller: commandLine() });
    const asked: Answer[] = [];
    const result = await graphql({
      schema: await app.schema(),
      source,
      variableValues,
      contextValue: {
        ...context,
        open: (id?: string | null) => context.open(id ?? snapshot),
        ask: (question: Question, open: OpenSnapshot) => {
          const answer = context.ask(question, open);
          asked.push(answer);
          return answer;
        },
      },
    });
    if (result.errors) throw new GovblogError('BAD_QUERY', result.errors.map(({ message }) => message).join('\n'));
    await tellUnknown(asked);
    if (format === 'json') return say(JSON.stringify(result.data, null, 2));
    if (format === 'parquet') return sayBytes(await parquetOf(result.data ?? {}, asked, reader));
    for (const [field, value] of Object.entries(result.data ?? {})) {
      const rows = rowsOf(value);
      if (rows === null) throw new GovblogError('USAGE', `"${field}" has no rows; use --format json.`);
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      say(
        format === 'csv'
          ? toCsv(rows, columns).trimEnd()
          : table(
              columns,
              rows.map((row) => columns.map((column) => row[column])),
            ),
      );
    }
  });
}

/** Accounts that nobody loaded match nothing, which looks like silence. */
async function tellUnknown(asked: readonly Answer[]): Promise<void> {
  const unknown = [...new Set((await Promise.all(asked.map((answer) => answer.unknownAccounts()))).flat())];
  if (unknown.length > 0) warn(`No account of the snapshot has the id ${unknown.join(', ')}: such a condition matches nothing.`);
}

/** The rows as Parquet: of one cube field, since a file is one table. */
async function parquetOf(data: Readonly<Record<string, unknown>>, asked: readonly Answer[], reader: Reader): Promise<Buffer> {
  const [answer] = asked;
  if (answer === undefined || asked.length > 1 || Object.values(data).length > 1)
    throw new GovblogError('USAGE', '--format parquet writes one table: the document is to ask one cube and nothing else.');
  return Buffer.from(await writeAnswer(answer, FORMS['parquet']!, reader));
}

function variablesIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as of JSON that is no object.
  }
  throw new GovblogError('USAGE', `--variables is ${text.slice(0, 80)}; it takes a JSON object: --variables '{"n": 5}'.`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GovblogError('USAGE', `${file} cannot be read: ${messageOf(error)}`);
  }
}

/** The rows of a cube field, nested objects as `region.name`. */
function rowsOf(value: unknown): Record<string, Exclude<Cell, undefined>>[] | null {
  const rows = (value as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(rows)) return null;
  return rows.map((row) => Object.fromEntries(flatten(row as object, '')));
}

const flatten = (row: object, prefix: string): [string, Exclude<Cell, undefined>][] =>
  Object.entries(row).flatMap(([name, value]) =>
    value !== null && typeof value === 'object'
      ? flatten(value as object, `${prefix}${name}.`)
      : [[prefix + name, value as Exclude<Cell, undefined>]],
  );
