import { GovblogError } from '../errors';
import { cubeNamed, CUBES } from '../model';
import { isTimeGrain, valueTypeOf, type Cube, type TimeGrain } from '../model/define';
import { addDays, bucketLast, bucketStart, maxDay, minDay, type Day } from '../model/time';
import { LIMITS } from '../query/limits';
import { fieldsOf, isGrouping, isMeasure, type Question } from '../query/question';
import { didYouMean } from '../suggest';
import type { EngineValue } from '../warehouse/duckdb';
import type { Snapshot, SnapshotFile } from '../warehouse/snapshots';
import { accountsByKey } from './accounts';
import { answer, type AnswerRow } from './answer';
import type { OpenSnapshot, Reader } from './reader';

/** What of two snapshots is compared. */
export interface DiffRequest {
  readonly cube: string;
  /** Time grains and dimensions that make a cell: `month`, `region`. */
  readonly by: readonly string[];
  /** Measures to compare; unless given, all that can be asked by these groups. */
  readonly measures?: readonly string[] | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  /** Most changed cells that are given back; all are counted. */
  readonly first?: number | undefined;
}

/** One value that is not what it was. */
export interface ChangedCell {
  /** Codes of the cell, in the order that was asked for; buckets by their first day, accounts as `platform:id`. */
  readonly group: readonly { readonly name: string; readonly value: EngineValue }[];
  readonly measure: string;
  /** Null where there was no such cell, or no value. */
  readonly before: number | null;
  readonly after: number | null;
  /** After less before, nothing counting as 0 in a cell that came or went; null where a value became or ceased to be known. */
  readonly change: number | null;
}

export interface SnapshotDiff {
  readonly from: string;
  readonly to: string;
  readonly cube: string;
  readonly by: readonly string[];
  /** Measures that were compared. */
  readonly measures: readonly string[];
  /** Measures that one of the two has no columns for. */
  readonly unknown: readonly string[];
  /** Days that both know, and that were compared; null when there are none. */
  readonly period: { readonly from: Day; readonly to: Day } | null;
  /** Months whose files are equal and that were not read, and months that were. */
  readonly skipped: number;
  readonly compared: number;
  /** How many values changed in all. */
  readonly total: number;
  readonly cells: readonly ChangedCell[];
}

/** Changed cells that one comparison gives back at most. */
export const MOST_CELLS = 10_000;
const DEFAULT_CELLS = 1_000;

/**
 * What changed between two snapshots in the days that both know: the same question, asked of both. Months whose files are equal
 * are not read, unless a table that the question needs beside the facts differs. The answer is exact: a cell is in it when one of
 * its values differs in the last bit.
 */
export async function diffSnapshots(
  before: OpenSnapshot,
  after: OpenSnapshot,
  reader: Reader,
  request: DiffRequest,
): Promise<SnapshotDiff> {
  const cube = cubeOf(request.cube);
  const by = groupsOf(cube, request.by);
  const first = request.first ?? DEFAULT_CELLS;
  if (!Number.isInteger(first) || first < 0 || first > MOST_CELLS)
    throw new GovblogError('LIMIT_EXCEEDED', `"first" is ${first}; it takes a whole number from 0 to ${MOST_CELLS}.`);
  const { from, to } = request;
  if (from != null && to != null && from > to)
    throw new GovblogError('BAD_QUERY', `The period ends before it starts: ${from} to ${to}. Exchange the two days.`);
  const measures = measuresOf(cube, by, request.measures);
  const span = spanOf(before.snapshot, after.snapshot, request);
  const base = { from: before.snapshot.id, to: after.snapshot.id, cube: cube.name, by, period: span };
  if (span === null) return { ...base, measures, unknown: [], skipped: 0, compared: 0, total: 0, cells: [] };

  const months = monthsOf(cube, before.snapshot, after.snapshot, span);
  const readsAll = needsOtherTables(cube, by, measures) && otherTables(before.snapshot) !== otherTables(after.snapshot);
  const differing = months.filter(({ isEqual }) => readsAll || !isEqual);
  const ranges = rangesOf(differing, by, span);
  const compared = months.filter((month) => ranges.some(({ from, to }) => month.from <= to && month.to >= from)).length;

  const found: ChangedCell[] = [];
  const unknown = new Set<string>();
  let total = 0;
  const compare = async (range: Range, some: readonly string[]): Promise<void> => {
    try {
      const [old, fresh] = [await rowsOf(before, reader, cube, by, some, range), await rowsOf(after, reader, cube, by, some, range)];
      const changed = await withAccountIds(changesBetween(cube, by, some, old, fresh), by, [after, before], reader);
      changed.sort(compareGroups);
      total += changed.length;
      // Enough to have the first ones in their order, and not all of millions.
      found.push(...changed.slice(0, first));
    } catch (error) {
      if (!(error instanceof GovblogError) || error.code !== 'NOT_PUBLISHED') throw error;
      if (some.length === 1) unknown.add(some[0]!);
      else for (const one of some) await compare(range, [one]);
    }
  };
  for (const range of ranges) for (const some of parts(measures, LIMITS.maxFields.value - by.length)) await compare(range, some);
  const cells = found.sort((a, b) => compareGroups(a, b) || measures.indexOf(a.measure) - measures.indexOf(b.measure)).slice(0, first);
  const known = measures.filter((name) => !unknown.has(name));
  return { ...base, measures: known, unknown: [...unknown], skipped: months.length - compared, compared, total, cells };
}

function cubeOf(name: string): Cube {
  const cube = cubeNamed(name);
  const names = CUBES.map((one) => one.name);
  if (!cube) throw new GovblogError('BAD_QUERY', `There is no cube "${name}".${didYouMean(name, names)} There are: ${names.join(', ')}.`);
  return cube;
}

function groupsOf(cube: Cube, by: readonly string[]): string[] {
  const known = fieldsOf(cube).filter((field) => isGrouping(cube, field) && field !== 'period');
  for (const name of by)
    if (!known.includes(name))
      throw new GovblogError(
        'BAD_QUERY',
        `${cube.name} cannot be grouped by "${name}".${didYouMean(name, known)} It can by: ${known.join(', ')}.`,
      );
  return [...new Set(by)];
}

function measuresOf(cube: Cube, by: readonly string[], asked: readonly string[] | undefined): string[] {
  const known = Object.keys(cube.measures);
  for (const name of asked ?? [])
    if (!isMeasure(cube, name)) throw new GovblogError('BAD_QUERY', `${cube.name} has no measure "${name}".${didYouMean(name, known)}`);
  if (asked && asked.length > 0) return [...new Set(asked)];
  // Nobody counted the people of prefectures, so that there are no rates of them.
  return known.filter((name) => cube.measures[name]!.kind !== 'rate' || !by.includes('prefecture'));
}

/** The days that both snapshots know, as far as they are asked for: what only the newer one knows is growth, and no revision. */
function spanOf(before: Snapshot, after: Snapshot, asked: Pick<DiffRequest, 'from' | 'to'>): Range | null {
  const from = maxDay(minDay(before.from, after.from), asked.from)!;
  const to = minDay(before.watermark, after.watermark, asked.to)!;
  return from > to ? null : { from, to };
}

interface Range {
  readonly from: Day;
  readonly to: Day;
}
interface Month extends Range {
  /** Both snapshots have the same file of the same days. */
  readonly isEqual: boolean;
}

function monthsOf(cube: Cube, before: Snapshot, after: Snapshot, span: Range): Month[] {
  const filesOf = (snapshot: Snapshot): Map<Day, SnapshotFile> =>
    new Map(snapshot.files.filter(({ table, from }) => table === cube.fact && from !== null).map((file) => [file.from!, file]));
  const [old, fresh] = [filesOf(before), filesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((from): Month[] => {
    const [one, other] = [old.get(from), fresh.get(from)];
    const to = maxDay(one?.to, other?.to)!;
    if (to < span.from || from > span.to) return [];
    return [{ from, to, isEqual: one !== undefined && one.sha256 === other?.sha256 && one.to === other.to }];
  });
}

/** Groupings that are looked up, and rates, are made of more than facts. */
const needsOtherTables = (cube: Cube, by: readonly string[], measures: readonly string[]): boolean =>
  by.some((name) => cube.dimensions[name]?.attribute !== undefined) || measures.some((name) => cube.measures[name]!.kind === 'rate');

const OTHER_TABLES = ['dim_region', 'dim_sector', 'dim_indicator'];
const otherTables = ({ files }: Snapshot): string =>
  files
    .filter(({ table }) => OTHER_TABLES.includes(table))
    .map(({ table, sha256 }) => `${table} ${sha256}`)
    .sort()
    .join();

/** The days to read: whole buckets of every grain, around the months that differ, as few and as long ranges as there are. */
function rangesOf(months: readonly Month[], by: readonly string[], span: Range): Range[] {
  if (months.length === 0) return [];
  const grains = by.filter(isTimeGrain);
  // Without a grain everything is one bucket.
  if (grains.length === 0) return [span];
  const ranges: Range[] = [];
  for (const month of months) {
    const from = maxDay(minDay(...grains.map((grain: TimeGrain) => bucketStart(grain, month.from))), span.from)!;
    const to = minDay(maxDay(...grains.map((grain: TimeGrain) => bucketLast(grain, month.to))), span.to)!;
    const last = ranges.at(-1);
    if (last && from <= addDays(last.to, 1)) ranges[ranges.length - 1] = { from: last.from, to: maxDay(last.to, to)! };
    else ranges.push({ from, to });
  }
  return ranges;
}

function parts<T>(values: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let start = 0; start < values.length; start += size) all.push(values.slice(start, start + size));
  return all;
}

/** What a snapshot says of the cells of a range; nothing when it does not reach there. */
async function rowsOf(
  open: OpenSnapshot,
  reader: Reader,
  cube: Cube,
  by: readonly string[],
  measures: readonly string[],
  { from, to }: Range,
): Promise<readonly AnswerRow[]> {
  if (to < open.snapshot.from || from > open.snapshot.watermark) return [];
  const limit = LIMITS.maxRows.value;
  const question: Question = { cube: cube.name, fields: [...by, ...measures], from, to, limit };
  const rows = await answer(question, open, reader, null).rows();
  if (rows.length === limit)
    throw new GovblogError(
      'LIMIT_EXCEEDED',
      `By ${by.join(', ')} there are ${limit} cells or more from ${from} to ${to}. Compare more coarsely, or fewer days.`,
    );
  return rows;
}

function changesBetween(
  cube: Cube,
  by: readonly string[],
  measures: readonly string[],
  before: readonly AnswerRow[],
  after: readonly AnswerRow[],
): ChangedCell[] {
  const keyOf = (row: AnswerRow): string => JSON.stringify(by.map((name) => row[name]));
  const [old, fresh] = [new Map(before.map((row) => [keyOf(row), row])), new Map(after.map((row) => [keyOf(row), row]))];
  const cells = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): ChangedCell[] => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const group = by.map((name) => ({ name, value: (was ?? is)![name] as EngineValue }));
    return measures.flatMap((measure): ChangedCell[] => {
      const [one, other] = [(was?.[measure] ?? null) as number | null, (is?.[measure] ?? null) as number | null];
      if (one === other) return [];
      // A cell that was not there had none of what is counted; of a share or a median nothing can be said.
      const none = valueTypeOf(cube.measures[measure]!) === 'count' ? 0 : null;
      const [base, now] = [was === undefined ? none : one, is === undefined ? none : other];
      return [{ group, measure, before: one, after: other, change: base === null || now === null ? null : now - base }];
    });
  });
  return cells;
}

/** The cells with the ids of accounts in the place of their keys, by the first snapshot that knows each. */
async function withAccountIds(
  cells: ChangedCell[],
  by: readonly string[],
  snapshots: readonly OpenSnapshot[],
  reader: Reader,
): Promise<ChangedCell[]> {
  const place = by.indexOf('account');
  if (place < 0) return cells;
  const ids = new Map<EngineValue, string>();
  for (const open of snapshots) {
    const unknown = [...new Set(cells.map(({ group }) => group[place]!.value as number))].filter((key) => !ids.has(key));
    for (const keys of parts(unknown, KEYS_AT_ONCE)) for (const [key, { id }] of await accountsByKey(keys, open, reader)) ids.set(key, id);
  }
  return cells.map((cell) => ({
    ...cell,
    group: cell.group.map(({ name, value }) => ({ name, value: name === 'account' ? (ids.get(value) ?? null) : value })),
  }));
}

const KEYS_AT_ONCE = 1_000;

/** The order of cells: group by group, what is not known last. */
function compareGroups(one: ChangedCell, other: ChangedCell): number {
  for (let index = 0; index < one.group.length; index += 1) {
    const [a, b] = [one.group[index]!.value, other.group[index]!.value];
    if (a === b) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return 0;
}
