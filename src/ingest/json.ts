import { createInterface } from 'node:readline';
import type { Readable, Transform } from 'node:stream';
import { parse as parseLossless } from 'lossless-json';
import { parser } from 'stream-json';
import { messageOf } from '../errors';
import { pick } from 'stream-json/filters/Pick';
import { streamArray } from 'stream-json/streamers/StreamArray';
import { streamValues } from 'stream-json/streamers/StreamValues';
import { feed, openText, RowsError, type Meter } from './files';
import type { Origin } from './outcome';

export type Json = null | boolean | string | readonly Json[] | { readonly [name: string]: Json };

/** One JSON value of a file with its place. Numbers are text, so that ids beyond 2^53 stay exact. */
export interface JsonRow {
  readonly origin: Origin;
  readonly value: Json;
}

/** Keys, texts and numbers come as one token each, not also in pieces: half the work. */
const WHOLE_VALUES = { streamValues: false };

/** Streams the items of the array at `path` of a JSON file (the file itself when the path is empty). The line is the item's number. */
export async function* readJsonArray(file: string, encoding: string, path: string, meter?: Meter): AsyncGenerator<JsonRow> {
  const tokens = parser(WHOLE_VALUES);
  const items = (path === '' ? tokens : tokens.pipe(pick({ filter: path }))).pipe(streamArray({ numberAsString: true } as never));
  yield* numbered(file, openText(file, encoding, meter), tokens, items);
}

/** The value at `path` of a JSON file, or nothing where there is none. */
export async function readJsonValue(file: string, encoding: string, path: string): Promise<Json | undefined> {
  const tokens = parser(WHOLE_VALUES);
  const values = tokens.pipe(pick({ filter: path })).pipe(streamValues({ numberAsString: true } as never));
  for await (const { value } of numbered(file, openText(file, encoding), tokens, values)) return value;
  return undefined;
}

/** Whether a JSON file has anything at `path`. Of a file that breaks off before it, nobody knows: reading it will tell. */
export async function hasJson(file: string, encoding: string, path: string): Promise<boolean> {
  const tokens = parser(WHOLE_VALUES);
  try {
    for await (const _ of numbered(file, openText(file, encoding), tokens, tokens.pipe(pick({ filter: path })))) return true;
    return false;
  } catch (error) {
    if (error instanceof RowsError) return true;
    throw error;
  }
}

/** Streams JSON Lines. A line that is no JSON is yielded as an error with its place, and the next line is read. */
export async function* readJsonLines(
  file: string,
  encoding: string,
  meter?: Meter,
): AsyncGenerator<JsonRow | { origin: Origin; raw: string; error: string }> {
  let line = 0;
  for await (const text of createInterface({ input: openText(file, encoding, meter), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const origin = { file, line };
    try {
      yield { origin, value: parseLossless(text, undefined, (number) => number) as Json };
    } catch (error) {
      yield { origin, raw: text, error: `The line is not JSON: ${messageOf(error)}` };
    }
  }
}

/** The text at a dotted path of a value: `user.id_str`; undefined where there is nothing. */
export function textAt(value: Json, path: string): string | undefined {
  let at: Json | undefined = value;
  for (const name of path.split('.'))
    at = at !== null && typeof at === 'object' && !Array.isArray(at) ? (at as Record<string, Json>)[name] : undefined;
  if (at === undefined || at === null) return undefined;
  return typeof at === 'string' ? at : typeof at === 'boolean' ? String(at) : JSON.stringify(at);
}

async function* numbered(file: string, text: Readable, tokens: Transform, items: AsyncIterable<unknown>): AsyncGenerator<JsonRow> {
  const failure = feed(text, tokens);
  let number = 0;
  try {
    for await (const item of items) {
      number += 1;
      yield { origin: { file, line: number }, value: (item as { value: Json }).value };
    }
    const broken = failure();
    if (broken !== undefined) throw broken;
  } catch (error) {
    throw new RowsError({ file, line: number + 1 }, `The JSON cannot be read on from here: ${messageOf(error)}`, error);
  } finally {
    // Whoever has read enough leaves the file half read; the stages do not close one another.
    tokens.destroy();
  }
}
