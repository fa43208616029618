import { GovblogError } from '../../errors';
import { didYouMean } from '../../suggest';
import { encodingOf } from '../encoding';
import { filesOf, readCsv, readHeader, type Meter } from '../files';
import { hasJson, JsonNumber, jsonText, readJsonArray, readJsonLines, textAt, type Json } from '../json';
import type { Origin, ParsedRow } from '../outcome';
import type { IngestRecord } from '../records';
import { parseRecords, rejected, type Rejected } from '../reading';
import { readText, ValueError } from '../values';
import { columnsOf, type Profile } from './profile';
import type { Cells, Place } from './profiledPlace';

/** A row of anybody's file, as the profile cuts the file into rows. */
export interface ProfiledRow extends Cells {
  readonly origin: Origin;
  /** The row as it came; made only when it is asked for. */
  readonly raw: string;
  /** The list at a column of the row, or of the object around it; undefined where there is none. */
  list(column: string, outer: boolean): readonly Json[] | undefined;
}

const encodingFor = (file: string, { encoding }: Profile): string => (encoding === 'auto' ? encodingOf(file) : encoding);

/** The files of a pattern, once their headers or lists have been found to be what the profile says. */
export async function profiledFiles(pattern: string, profile: Profile): Promise<string[]> {
  const files = filesOf(pattern);
  if (profile.format === 'csv') for (const file of files) checkHeader(file, await readHeader(file, encodingFor(file, profile)), profile);
  if (profile.format === 'json' && profile.items !== '')
    for (const file of files)
      if (!(await hasJson(file, encodingFor(file, profile), profile.items)))
        throw new GovblogError(
          'BAD_INPUT',
          `${file} has nothing at "${profile.items}", where the profile looks for the list of ${profile.post ? 'posts' : 'accounts'} ("items").`,
        );
  return files;
}

function checkHeader(file: string, header: readonly string[], profile: Profile): void {
  for (const candidates of columnsOf(profile)) {
    if (candidates.some((column) => header.includes(column))) continue;
    const names = candidates.map((column) => `"${column}"`).join(' or ');
    throw new GovblogError(
      'BAD_INPUT',
      `${file} has no column ${names}, which the profile names.${didYouMean(candidates[0]!, header)} Its columns: ${header.join(', ')}.`,
    );
  }
}

/** The rows of one file, each read into its records; rows that the profile passes over are no rows. */
export async function* profiledRows(
  file: string,
  profile: Profile,
  meter: Meter,
  read: (row: ProfiledRow) => readonly IngestRecord[],
): AsyncGenerator<ParsedRow> {
  for await (const row of rowsOf(file, profile, meter)) {
    const parsed = 'reject' in row ? row : parseRecords(row, () => (isPassedOver(row, profile.skipRows) ? [] : read(row)));
    if (parsed !== null) yield parsed;
  }
}

function isPassedOver(row: ProfiledRow, rule: Profile['skipRows']): boolean {
  if (rule === undefined) return false;
  const text = row.cell(rule.column) ?? '';
  return 'match' in rule ? rule.match.test(text) : text.trim() === '';
}

async function* rowsOf(file: string, profile: Profile, meter: Meter): AsyncGenerator<ProfiledRow | Rejected> {
  if (profile.format === 'csv')
    for await (const row of readCsv(file, encodingFor(file, profile), meter))
      yield {
        origin: row.origin,
        file,
        get raw() { return row.raw; },
        cell: (column) => row.cells.get(column),
        outer: () => undefined,
        list: () => undefined,
      }; // prettier-ignore
  else if (profile.format === 'json')
    for await (const { origin, value } of readJsonArray(file, encodingFor(file, profile), profile.items, meter))
      yield* membersOf(origin, value, profile.each);
  else
    for await (const row of readJsonLines(file, encodingFor(file, profile), meter)) {
      if ('error' in row) yield rejected(row, null, row.error);
      else yield* membersOf(row.origin, row.value, profile.each);
    }
}

/** The item itself, or the members of the list inside it. */
function* membersOf(origin: Origin, value: Json, each: string): Generator<ProfiledRow | Rejected> {
  const members = each === '' ? undefined : nodeAt(value, each);
  if (each === '') yield jsonRow(origin, value, null);
  else if (isList(members)) for (const member of members) yield jsonRow(origin, member, value);
  else yield rejected({ origin, raw: jsonText(value) }, each, `There is no list at "${each}" ("each" of the profile).`);
}

const jsonRow = (origin: Origin, value: Json, around: Json): ProfiledRow => ({
  origin,
  file: origin.file,
  get raw() { return jsonText(value); },
  cell: (column) => textAt(value, column),
  outer: (column) => textAt(around, column),
  list: (column, outer) => {
    const node = nodeAt(outer ? around : value, column);
    if (isList(node)) return node;
    // One entry that the source did not put into a list.
    return node !== null && typeof node === 'object' && !(node instanceof JsonNumber) ? [node] : undefined;
  },
}); // prettier-ignore

const isList = (node: Json | undefined): node is readonly Json[] => Array.isArray(node);

/** The value at a dotted path. */
function nodeAt(value: Json, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const name of path.split('.'))
    at = at !== null && typeof at === 'object' && !Array.isArray(at) ? (at as Readonly<Record<string, Json>>)[name] : undefined;
  return at;
}

/** The names at a place: a JSON list of texts, or of objects with one value each; or one cell with a separator. */
export function namesAt(field: string, at: Place | undefined, row: ProfiledRow, valueOf: () => string | undefined): string[] {
  if (at === undefined) return [];
  const members = at.column === undefined ? undefined : row.list(at.column, at.outer ?? false);
  const names = members?.map((member) => nameOf(field, member)) ?? partsOf(valueOf(), at.separator);
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

const partsOf = (text: string | undefined, separator: string | undefined): string[] =>
  readText(text) === null ? [] : separator === undefined ? [text!] : text!.split(separator);

function nameOf(field: string, member: Json): string {
  const values = member !== null && typeof member === 'object' && !Array.isArray(member) ? Object.values(member) : [member];
  if (values.length === 1 && typeof values[0] === 'string') return values[0];
  throw new ValueError(field, `${JSON.stringify(member)} is not a name: write a text, or an object with one text.`);
}
