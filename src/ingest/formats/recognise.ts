import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import iconv from 'iconv-lite';
import { messageOf } from '../../errors';
import { encodingOf } from '../encoding';
import { readHeader, RowsError, startOf } from '../files';
import { namesOf, parseJson, readJsonLines, readJsonValue, textAt } from '../json';
import { outlineOf, type JsonPart } from '../jsonOutline';
import * as chilfish from './chilfish';
import * as dataabc from './dataabc';
import * as nghuyong from './nghuyong';
import * as weiboApi from './weiboApi';
import * as spiderClub from './spiderClub';
import { fits, type DocumentFormat, type Shape } from './shape';

/** All kinds of rows that crawlers write; of several that fit, the first is meant. */
export const SHAPES: readonly Shape[] = [...dataabc.SHAPES, ...nghuyong.SHAPES, ...spiderClub.SHAPES, ...weiboApi.SHAPES];
export const DOCUMENTS: readonly DocumentFormat[] = [...chilfish.DOCUMENTS, ...weiboApi.DOCUMENTS, ...dataabc.DOCUMENTS];

/** How a file is to be read. `formats` are the crawlers that it seems to be of; the rows of lists and lines tell for themselves. */
export type Layout =
  | { readonly kind: 'table'; readonly shape: Shape; readonly owner: string | null }
  | { readonly kind: 'lines' | 'list' }
  | { readonly kind: 'document'; readonly document: DocumentFormat; readonly owner: string | null };
export interface RecognisedFile {
  readonly file: string;
  readonly encoding: string;
  readonly formats: readonly string[];
  readonly layout: Layout;
}
interface Unknown {
  readonly reason: string;
}

/** The shape of a row with these names. */
export const shapeOf = (names: ReadonlySet<string>): Shape | undefined => SHAPES.find((shape) => fits(shape, names));

/** Some crawlers also write their posts as running text. */
export const isText = (file: string): boolean => /\.txt$/i.test(file);

/** What a file is, by its header or its first keys, or why it is none of ours. Never throws for what stands in a file. */
export async function recognise(file: string, givenEncoding: string | null): Promise<RecognisedFile | Unknown> {
  if (statSync(file).size === 0) return { reason: 'the file is empty' };
  if (isText(file)) return { reason: 'texts are not read: the .csv or .json of the crawler holds the same' };
  const encoding = givenEncoding ?? encodingOf(file);
  if (/\.(jsonl|ndjson)$/i.test(file)) return lines(file, encoding);
  return /\.json$/i.test(file) ? json(file, encoding) : table(file, encoding);
}

async function table(file: string, encoding: string): Promise<RecognisedFile | Unknown> {
  let header: ReadonlySet<string>;
  try {
    header = new Set(await readHeader(file, encoding));
  } catch (error) {
    return { reason: messageOf(error) };
  }
  const shape = shapeOf(header);
  if (!shape) return { reason: `unknown header: ${someOf(header)}${nearest(header)}` };
  const owner = ownerOf(file);
  if (owner === null && dataabc.OF_ONE_ACCOUNT.has(shape) && !header.has('user_id'))
    return { reason: 'a post table is named by its user id: 1234567890.csv' };
  return { file, encoding, formats: [shape.format], layout: { kind: 'table', shape, owner } };
}

/** Words that name a file by what it is, and no account. */
const GENERAL = /^(all|clean(ed)?|comments?|contents?|copy|csv|data(set)?|export|files?|final|merged?|new|old|out(put)?|posts?|raw|reposts?|results?|samples?|sheet|table|test|total|tweets?|untitled|users?|weibos?)\d*$/i; // prettier-ignore

/**
 * The account that a file is named by: its number (`1234567890.csv`, `1234567890_2021.csv`), or the word it has chosen as its
 * address (`rmrb.csv`). Null where the name is none of these.
 */
export function ownerOf(file: string): string | null {
  const name = basename(file, extname(file));
  const number = /^\d+$/.exec(name) ?? /^\d{10}(?=[^0-9A-Za-z])/.exec(name);
  if (number) return number[0];
  return /^[A-Za-z][0-9A-Za-z]{3,19}$/.test(name) && !GENERAL.test(name) ? name : null;
}

/** Enough to see several kinds of lines, and still a moment. */
const LINES_TO_TRY = 100;

async function lines(file: string, encoding: string): Promise<RecognisedFile | Unknown> {
  const formats = new Set<string>();
  let reason = 'no line is JSON';
  let tried = 0;
  for await (const row of readJsonLines(file, encoding)) {
    if ('value' in row) {
      const names = namesOf(row.value);
      const shape = shapeOf(names);
      if (shape) formats.add(shape.format);
      else reason = `unknown keys: ${someOf(names)}${nearest(names)}`;
    }
    if ((tried += 1) === LINES_TO_TRY) break;
  }
  return formats.size > 0 ? { file, encoding, formats: [...formats], layout: { kind: 'lines' } } : { reason };
}

async function json(file: string, encoding: string): Promise<RecognisedFile | Unknown> {
  if (isLines(file, encoding)) return lines(file, encoding);
  const parts: JsonPart[] = [];
  for await (const part of outlineOf(file, encoding)) {
    parts.push(part);
    if (DOCUMENTS.some((document) => isComplete(document, parts))) break;
  }
  const document = bestOf(parts);
  if (document) return documentFile(file, encoding, document);
  const top = parts.find(({ path }) => path === '');
  const shape = top && shapeOf(top.names);
  if (!shape) return { reason: `no "user" and "weibo" inside${top ? `; its keys: ${someOf(top.names)}${nearest(top.names)}` : ''}` };
  if (top.list) return { file, encoding, formats: [shape.format], layout: { kind: 'list' } };
  return documentFile(file, encoding, { format: shape.format, parts: [{ path: '', list: false, shape }] });
}

/** Whether a .json file holds one JSON value a line, as some tools name their JSON Lines. */
function isLines(file: string, encoding: string): boolean {
  const [first = '', ...rest] = iconv.decode(startOf(file, 1_048_576), encoding).split(/\r?\n/);
  if (!first.startsWith('{') || !rest.some((line) => line.startsWith('{'))) return false;
  try {
    parseJson(first);
    return true;
  } catch {
    return false;
  }
}

const found = (document: DocumentFormat, parts: readonly JsonPart[]): number =>
  document.parts.filter(({ path, list }) => parts.some((part) => part.path === path && part.list === list)).length;

/** Known by its first part. */
const begins = ({ parts: [first] }: DocumentFormat, parts: readonly JsonPart[]): boolean =>
  parts.some((part) => part.path === first!.path && part.list === first!.list && fits(first!.shape, part.names));

/** All its parts are there, and no other document of the same crawler has more of them. */
const isComplete = (document: DocumentFormat, parts: readonly JsonPart[]): boolean =>
  begins(document, parts) &&
  found(document, parts) === document.parts.length &&
  !DOCUMENTS.some(({ format, parts: others }) => format === document.format && others.length > document.parts.length);

/** The document of whose parts most are there. */
const bestOf = (parts: readonly JsonPart[]): DocumentFormat | undefined =>
  DOCUMENTS.filter((document) => begins(document, parts)).sort((a, b) => found(b, parts) - found(a, parts))[0];

async function documentFile(file: string, encoding: string, document: DocumentFormat): Promise<RecognisedFile> {
  const owner = document.owner === undefined ? null : await textIn(file, encoding, document.owner);
  return { file, encoding, formats: [document.format], layout: { kind: 'document', document, owner: owner ?? ownerOf(file) } };
}

/** A text of a JSON file; null where there is none, or the file breaks off before it. */
async function textIn(file: string, encoding: string, path: string): Promise<string | null> {
  try {
    const value = await readJsonValue(file, encoding, path);
    return value === undefined ? null : (textAt({ value }, 'value') ?? null);
  } catch (error) {
    if (error instanceof RowsError) return null;
    throw error;
  }
}

const NAMES_TO_TELL = 4;
/** Some names, to know a file by. */
export const someOf = (names: ReadonlySet<string>): string => `${[...names].slice(0, NAMES_TO_TELL).join(', ')} …`;

/** The kind of rows that is nearest to some names, when little is missing, and what. */
export function nearest(names: ReadonlySet<string>): string {
  const candidates = SHAPES.map((shape) => ({ shape, missing: shape.needs.filter((name) => !names.has(name)) }));
  const [best] = candidates.sort((a, b) => a.missing.length - b.missing.length);
  if (!best || 2 * best.missing.length >= best.shape.needs.length) return '';
  const { shape, missing } = best;
  if (missing.length > 0) return `; ${shape.format} has ${quoted(missing)} too in its ${shape.what}`;
  return `; ${shape.format} has no ${quoted((shape.lacks ?? []).filter((name) => names.has(name)))} in its ${shape.what}`;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(' and ');
