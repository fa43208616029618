import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { counted } from '../counted';
import { GovblogError, messageOf } from '../errors';
import { ASSIGNED, type AssignedAttribute } from '../ingest/assignment/statement';
import { applyReview, REVIEW_COLUMNS, uncertainAccounts, WITHDRAW } from '../ingest/review';
import { readRules } from '../ingest/rules';
import { didYouMean } from '../suggest';
import { withApp, type CommonOptions } from './context';
import { show } from './output';

interface ReviewOptions extends CommonOptions {
  readonly out?: string;
  readonly in?: string;
  readonly by?: string;
  readonly below: string;
  readonly attributes: string;
  readonly limit: string;
}

export function accountsCommand(program: Command): void {
  program
    .command('accounts')
    .description('The accounts of the store.')
    .command('review')
    .description(
      `Accounts whose type (or region, sector, level) is unknown or doubtful: write them to a file, decide in its decide_ columns ("${WITHDRAW}" withdraws a decision), read it back.`,
    )
    .option('--out <file>', 'write the uncertain accounts, those with the most followers first, as CSV')
    .option('--in <file>', 'read decisions back')
    .option('--by <name>', 'who decided; kept with every decision')
    .option('--below <confidence>', 'what is less sure than this is doubtful, 0 to 1', '0.8')
    .option('--attributes <list>', `which attributes to look at: ${ASSIGNED.join(', ')}`, 'account_type')
    .option('--limit <rows>', 'at most so many accounts', '10000')
    .option('--json', 'print JSON')
    .action(review);
}

async function review(options: ReviewOptions): Promise<void> {
  if ((options.out === undefined) === (options.in === undefined))
    throw new GovblogError('USAGE', 'Give --out file.csv to write the uncertain accounts, or --in file.csv to read decisions back.');
  await (options.out === undefined ? readBack(options.in!, options) : writeOut(options.out, options));
}

async function writeOut(file: string, { below, attributes, limit, json = false }: ReviewOptions): Promise<void> {
  const bound = Number(below);
  if (below.trim() === '' || !(bound >= 0 && bound <= 1))
    throw new GovblogError('USAGE', `--below is "${below}"; write a number from 0 to 1.`);
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new GovblogError('USAGE', `--limit is "${limit}"; write a number of rows.`);
  const names = attributes.split(',').map((name) => name.trim());
  for (const name of names)
    if (!(ASSIGNED as readonly string[]).includes(name))
      throw new GovblogError('USAGE', `--attributes names "${name}".${didYouMean(name, ASSIGNED)} There are: ${ASSIGNED.join(', ')}.`);
  // Decisions are hours of work: a file that may hold some is never overwritten.
  if (existsSync(file)) throw new GovblogError('CONFLICT', `${file} is there already; name another file, or remove it.`);
  await withApp(async ({ store, clock }) => {
    const rules = await readRules(store, clock.now());
    const rows = await uncertainAccounts(store, rules, { below: bound, attributes: names as AssignedAttribute[], limit: Number(limit) });
    writeFileSync(file, '\ufeff' + stringify([...rows], { header: true, escape_formulas: true, columns: [...REVIEW_COLUMNS] }));
    show({ file, accounts: rows.length }, json, ({ accounts }) =>
      [
        `${counted(accounts, 'account')} in ${file}. Fill the decide_ columns, then:`,
        `govblog accounts review --in ${file} --by "your name"`,
      ].join('\n'),
    );
  });
}

async function readBack(file: string, { by, json = false }: ReviewOptions): Promise<void> {
  if (by === undefined || by.trim() === '')
    throw new GovblogError('USAGE', 'Say who decided: --by "your name". It is kept with every decision.');
  const rows = readRows(file);
  await withApp(async ({ store, clock }) => {
    const rules = await readRules(store, clock.now());
    show(await applyReview(store, rules, rows, by.trim(), file, clock.now()), json, ({ accounts, decisions, unchanged }) =>
      decisions === 0
        ? `No decision is new; ${unchanged} stand already.`
        : `${counted(decisions, 'decision')} on ${counted(accounts, 'account')} (${unchanged} stood already). \`govblog run\` rebuilds what they change.`,
    );
  });
}

function readRows(file: string): { line: number; cells: Record<string, string> }[] {
  let records: { info: { lines: number }; record: Record<string, string> }[];
  try {
    records = parse(readFileSync(file), {
      bom: true,
      columns: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as never;
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `${file} cannot be read as CSV: ${messageOf(error)}`, { cause: error });
  }
  const header = Object.keys(records[0]?.record ?? {});
  for (const column of ['platform', 'account_id'])
    if (records.length > 0 && !header.includes(column))
      throw new GovblogError('BAD_INPUT', `${file} has no column "${column}".${didYouMean(column, header)}`);
  if (records.length > 0 && !header.some((name) => name.startsWith('decide_')))
    throw new GovblogError(
      'BAD_INPUT',
      `${file} has no column that begins with decide_. Write a file with \`govblog accounts review --out\`.`,
    );
  return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
}
