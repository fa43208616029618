import { isTimeGrain, TIME_GRAINS, type Cube } from '../model/define';

/** Conditions on one dimension; all that are given must hold. */
export interface Filter {
  readonly eq?: string | number;
  readonly in?: readonly (string | number)[];
  readonly notIn?: readonly (string | number)[];
  /** A code and everything below it in its tree. */
  readonly under?: string;
  readonly gte?: string | number;
  readonly lte?: string | number;
  /** Text that the text contains, in any case. */
  readonly contains?: string;
}

/** Conditions on a number; all that are given must hold. What is null meets none. */
export interface Bounds {
  readonly eq?: number;
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}
export const BOUNDS = ['eq', 'gt', 'gte', 'lt', 'lte'] as const;

export interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** The one form every question takes, whether it came by GraphQL, by a URL or from a test. Plain JSON. */
export interface Question {
  readonly cube: string;
  /** Time grains and dimensions to group by, measures to compute, and what follows from them (`src/query/derived.ts`). */
  readonly fields: readonly string[];
  /** First and last local day, both included. */
  readonly from: string;
  readonly to: string;
  readonly where?: Readonly<Record<string, Filter | undefined>>;
  /** Conditions on measures of a group, by measure; groups that do not meet them are left out. */
  readonly having?: Readonly<Record<string, Bounds | undefined>>;
  readonly orderBy?: readonly Order[];
  readonly limit?: number;
  readonly offset?: number;
}

/** The fields of a cube in the order of the model: the order of columns, of keys in hashes, and of ties. */
export const fieldsOf = (cube: Cube): string[] => [...TIME_GRAINS, ...Object.keys(cube.dimensions), ...Object.keys(cube.measures)];

export const isMeasure = (cube: Cube, name: string): boolean => name in cube.measures;
export const isGrouping = (cube: Cube, name: string): boolean => isTimeGrain(name) || name in cube.dimensions;

/**
 * The same question always as the same text: fields in the order of the model without repeats, keys sorted, absent parts
 * left out, lists of values sorted. Two questions with one canonical form have one answer.
 */
export function canonical(question: Question, cube: Cube): string {
  return JSON.stringify(
    tidy({
      ...question,
      fields: orderedFields(question.fields, cube),
      where: tidyWhere(question.where),
      having: tidyWhere(question.having),
      orderBy: question.orderBy?.length ? question.orderBy : undefined,
    }),
  );
}

/** Fields once each, in the order of the model; what is derived comes last, in the order of the alphabet. */
export function orderedFields(fields: readonly string[], cube: Cube): string[] {
  const known = fieldsOf(cube);
  const asked = new Set(fields);
  return [...known.filter((field) => asked.has(field)), ...[...asked].filter((field) => !known.includes(field)).sort()];
}

function tidyWhere(where: Question['where'] | Question['having']): unknown {
  const filters = Object.entries<object | undefined>(where ?? {}).flatMap(([name, filter]) => {
    const parts = Object.entries(filter ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const sorted = parts.map(([operator, value]) => [
      operator,
      Array.isArray(value) ? [...new Set(value as (string | number)[])].sort() : (value as unknown),
    ]);
    return parts.length === 0 ? [] : [[name, Object.fromEntries(sorted)]];
  });
  return filters.length === 0 ? undefined : Object.fromEntries(filters as [string, unknown][]);
}

/** Objects with sorted keys and without absent values, all the way down. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, tidy(part)]));
}
