import type { Command } from 'commander';
import { counted } from '../counted';
import { diffSnapshots, type DiffRequest, type SnapshotDiff } from '../answer/diff';
import { GovblogError } from '../errors';
import { toCsv } from '../export/flat';
import { isDay } from '../model/time';
import { withApp } from './context';
import { say, show, table } from './output';

interface DiffOptions {
  readonly cube: string;
  readonly by: string;
  readonly measures?: string;
  readonly from?: string;
  readonly to?: string;
  readonly first: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** The revision notice between two snapshots. */
export function diffCommand(snapshots: Command): void {
  snapshots
    .command('diff <before> <after>')
    .description('Which values changed between two snapshots, and by how much, in the days that both know.')
    .option('--cube <name>', 'activity, posts or interactions', 'activity')
    .option('--by <names>', 'time grains and dimensions that make a cell: month,region or account', 'month')
    .option('--measures <names>', 'compare only these: posts,followers')
    .option('--from <day>', 'first day that is compared')
    .option('--to <day>', 'last day that is compared')
    .option('--first <count>', 'changed values to print; all are counted', '1000')
    .option('--format <form>', 'table, csv or json', 'table')
    .option('--json', 'print JSON')
    .action(diff);
}

async function diff(
  before: string,
  after: string,
  { cube, by, measures, from, to, first, format = 'table', json = false }: DiffOptions,
): Promise<void> {
  if (!['table', 'csv', 'json'].includes(format)) throw new GovblogError('USAGE', `--format is "${format}"; it takes table, csv or json.`);
  for (const day of [from, to])
    if (day !== undefined && !isDay(day)) throw new GovblogError('USAGE', `"${day}" is not a day; write it as 2011-12-31.`);
  const request: DiffRequest = {
    cube,
    by: listed(by),
    measures: measures === undefined ? undefined : listed(measures),
    from,
    to,
    first: Number(first),
  };
  await withApp(async (app) => {
    const reader = await app.reader();
    const found = await diffSnapshots(await reader.open(before), await reader.open(after), reader, request);
    if (format === 'csv') return say(toCsv(rowsOf(found), [...found.by, 'measure', 'before', 'after', 'change']).trimEnd());
    show(found, json || format === 'json', diffText);
  });
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const rowsOf = ({ cells }: SnapshotDiff) =>
  cells.map(({ group, ...cell }) => ({
    ...Object.fromEntries(group.map(({ name, value }) => [name, value as string | number | null])),
    ...cell,
  }));

function diffText(found: SnapshotDiff): string {
  const { period, cells, total, skipped, compared, by, unknown } = found;
  if (period === null) return `${found.from} and ${found.to} have no day in common.`;
  return [
    `${found.from} → ${found.to}, ${found.cube} by ${by.join(', ') || 'nothing'}, ${period.from} to ${period.to}:`,
    `${counted(total, 'value')} changed; ${counted(compared, 'month')} compared, ${skipped} with equal files not read.`,
    ...(unknown.length > 0 ? [`One of the two does not have: ${unknown.join(', ')}.`] : []),
    ...(cells.length > 0 ? [table([...by, 'measure', 'before', 'after', 'change'], rowsOf(found).map((row) => [...by, 'measure', 'before', 'after', 'change'].map((name) => (row as Record<string, string | number | null>)[name])))] : []), // prettier-ignore
    ...(cells.length < total ? [`The first ${cells.length} are shown; --first shows more.`] : []),
  ].join('\n');
}
