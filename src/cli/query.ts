import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { graphql } from 'graphql';
import { commandLine } from '../access/access';
import { openSavedQueries } from '../answer/saved';
import { GovblogError, messageOf } from '../errors';
import { toCsv } from '../export/flat';
import { requestContext } from '../http/context';
import { withApp } from './context';
import { say, table, type Cell } from './output';

interface QueryOptions {
  readonly format: 'table' | 'csv' | 'json';
  readonly snapshot?: string;
  readonly variables?: string;
}

export function queryCommand(program: Command): void {
  program
    .command('query <file>')
    .description('Run a GraphQL document against the newest snapshot, without a server.')
    .option('--format <form>', 'table, csv or json', 'table')
    .option('--snapshot <id>', 'answer from this snapshot instead of the newest')
    .option('--variables <json>', 'variables of the document')
    .action(query);
}

async function query(file: string, { format, snapshot, variables }: QueryOptions): Promise<void> {
  if (!['table', 'csv', 'json'].includes(format)) throw new GovblogError('USAGE', `--format is "${format}"; it takes table, csv or json.`);
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
    const result = await graphql({
      schema: await app.schema(),
      source,
      variableValues: variables === undefined ? undefined : (JSON.parse(variables) as Record<string, unknown>),
      contextValue: { ...context, open: (id?: string | null) => context.open(id ?? snapshot) },
    });
    if (result.errors) throw new GovblogError('BAD_QUERY', result.errors.map(({ message }) => message).join('\n'));
    if (format === 'json') return say(JSON.stringify(result.data, null, 2));
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
