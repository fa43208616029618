import { basename, extname } from 'node:path';
import { z } from 'zod';
import { readBoolean, ValueError } from '../values';
import { midOf } from '../weiboIds';

/**
 * Where a value stands: a column (CSV) or dotted path (JSON), the name of the file, one constant for all rows, or the
 * first of several places that has a value. Then what is made of it, in this order: `match` (first group, or the whole
 * match), `base62`, `map`, `prefix`; `default` stands in for what is empty after that.
 */
export interface Place {
  readonly column?: string | undefined;
  /** The column is one of the object around the list that `each` names. */
  readonly outer?: boolean | undefined;
  readonly from?: 'fileName' | undefined;
  readonly value?: string | undefined;
  readonly anyOf?: readonly Place[] | undefined;
  readonly match?: RegExp | undefined;
  /** Value → value; null: not known; `*`: whatever is not named. */
  readonly map?: Readonly<Record<string, string | null>> | undefined;
  readonly prefix?: string | undefined;
  readonly default?: string | undefined;
  /** Ids only: the base-62 name of a Weibo post, to be read as its number. */
  readonly base62?: boolean | undefined;
  /** Texts only: tags are removed and entities decoded. */
  readonly html?: boolean | undefined;
  /** Times only: Luxon tokens. */
  readonly format?: string | undefined;
  /** Times only: the year of times that are written without one. */
  readonly year?: number | undefined;
  /** Lists only: what parts the names in one cell. */
  readonly separator?: string | undefined;
}

/** What a row offers to places. */
export interface Cells {
  readonly file: string;
  cell(column: string): string | undefined;
  outer(column: string): string | undefined;
}

/** A regular expression of a profile. */
export const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text, 'u');
  } catch {
    context.addIssue('is not a regular expression');
    return z.NEVER;
  }
});

const shape = {
  column: z.string().min(1).optional(),
  outer: z.boolean().optional(),
  from: z.literal('fileName').optional(),
  value: z.string().optional(),
  match: pattern.optional(),
  map: z.record(z.string(), z.string().nullable()).optional(),
  prefix: z.string().optional(),
  default: z.string().optional(),
};
const hasYear = (format: string): boolean => /[yDfFkxX]/.test(format.replace(/'[^']*'/g, ''));
const OWN = {
  nothing: {},
  base62: { base62: z.boolean().optional() },
  html: { html: z.boolean().optional() },
  time: { format: z.string().optional(), year: z.int().min(2006).max(9999).optional() },
  list: { separator: z.string().min(1).optional() },
} as const;
const error = ({ code }: { code?: string | undefined }): string | undefined =>
  code === 'invalid_type' ? 'must be the name of a column, or an object with "column", "from", "value" or "anyOf"' : undefined;

const asObject = (value: unknown): unknown => (typeof value === 'string' ? { column: value } : value);

/** The schema of a place; the kind of its value tells which keys it knows beside those of every place. */
export function placeOf(kind: keyof typeof OWN) {
  const keys = { ...shape, ...OWN[kind] };
  const one = (more: object, sources: readonly (keyof Place)[]) =>
    z.preprocess(
      asObject,
      z
        .strictObject({ ...keys, ...more }, { error })
        .superRefine((candidate: Place, context) => {
          const wrong = (message: string): void => context.addIssue({ code: 'custom', message });
          if (sources.filter((name) => candidate[name] !== undefined).length !== 1)
            wrong(
              `needs exactly one of ${sources
                .map((name) => `"${name}"`)
                .join(', ')
                .replace(/, ("\w+")$/, ' and $1')}`,
            );
          if (candidate.outer && candidate.column === undefined) wrong('has "outer" without a "column"');
          if (candidate.year !== undefined && (candidate.format === undefined || hasYear(candidate.format)))
            wrong('has a "year", which needs a "format" without one, such as "M月d日 HH:mm"');
        })
        .transform((candidate): Place => candidate),
    );
  const candidates = z.array(one({}, ['column', 'from', 'value'])).min(1);
  return one({ anyOf: candidates.optional() }, ['column', 'from', 'value', 'anyOf']);
}
export const place = placeOf('nothing');

/** All places of a section, candidates among them. */
export function placesIn(section: object | undefined): Place[] {
  const isPlace = (one: unknown): one is Place => one !== null && typeof one === 'object' && !('values' in one);
  return Object.values(section ?? {})
    .filter(isPlace)
    .flatMap((one) => one.anyOf ?? [one]);
}

const isEmpty = (value: string | undefined): boolean => value === undefined || value.trim() === '';

/** The value at a place of a row; undefined or empty where there is none. Throws a ValueError where `match` finds nothing. */
export function valueAt(field: string, at: Place | undefined, row: Cells): string | undefined {
  if (at === undefined) return undefined;
  const found = at.anyOf ? firstOf(field, at.anyOf, row) : sourceOf(at, row);
  const value = isEmpty(found) ? found : made(field, at, found!);
  return isEmpty(value) ? (at.default ?? value) : value;
}

const sourceOf = (at: Place, row: Cells): string | undefined =>
  at.value ?? (at.from ? basename(row.file, extname(row.file)) : at.outer ? row.outer(at.column!) : row.cell(at.column!));

/** The first candidate that has a value; one whose pattern finds nothing has none. */
function firstOf(field: string, candidates: readonly Place[], row: Cells): string | undefined {
  for (const one of candidates) {
    const found = sourceOf(one, row);
    if (!isEmpty(found) && one.match && !one.match.test(found!)) continue;
    const value = valueAt(field, one, row);
    if (!isEmpty(value)) return value;
  }
  return undefined;
}

function made(field: string, { match, base62, map, prefix }: Place, found: string): string {
  let value = found;
  if (match) {
    const matched = match.exec(value);
    if (!matched) throw new ValueError(field, `"${value}" does not match ${match.source.replaceAll('\\/', '/')}.`);
    value = matched[1] ?? matched[0];
  }
  if (base62) value = midOf(field, value.trim());
  if (map) {
    const key = [value.trim(), '*'].find((name) => Object.hasOwn(map, name));
    if (key !== undefined) value = map[key] ?? '';
  }
  return prefix === undefined || isEmpty(value) ? value : prefix + value.trim();
}

/**
 * The words of a row that set a flag, or null where it is not set. With `match`, what the pattern finds sets the flag;
 * without it, a value that means true does.
 */
export function flagAt(field: string, at: Place | undefined, row: Cells): string | null {
  if (at === undefined) return null;
  const value = valueAt(field, { ...at, match: undefined }, row);
  if (isEmpty(value)) return null;
  if (at.match) return at.match.exec(value!)?.[0] ?? null;
  return readBoolean(field, value) === true ? value!.trim() : null;
}
