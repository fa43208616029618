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

/**
 * Conditions on rows of the grain: filters by dimension, and whole sets of conditions of which all (`and`), at least one (`or`)
 * or none (`not`) must hold. All that are given must hold. What is unknown meets no condition, so `not` keeps it.
 */
export interface Where {
  readonly [filter: string]: Filter | Where | readonly Where[] | undefined;
}
export const COMBINATIONS = ['and', 'or', 'not'] as const;
export const isCombination = (name: string): name is (typeof COMBINATIONS)[number] => (COMBINATIONS as readonly string[]).includes(name);

export interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** A span of days with a name, both ends included: `during the election`. */
export interface NamedPeriod {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Whether rows carry the attributes that accounts had on the day, or those that they have now. */
export const ATTRIBUTIONS = ['AT_TIME', 'CURRENT'] as const;
/** Whether a series has a row for each bucket of each group, or only for those where there is something. */
export const FILLS = ['NONE', 'ZERO'] as const;

/** The one form every question takes, whether it came by GraphQL, by a URL or from a test. Plain JSON. */
export interface Question {
  readonly cube: string;
  /** Time grains and dimensions to group by, measures to compute, and what follows from them (`src/query/derived.ts`). */
  readonly fields: readonly string[];
  /** First and last local day, both included. */
  readonly from: string;
  readonly to: string;
  readonly where?: Where;
  /** A calendar of one's own: `period` among the fields groups by it, and days in none of its periods are left out. */
  readonly calendar?: readonly NamedPeriod[];
  /** AT_TIME unless given. */
  readonly attribution?: (typeof ATTRIBUTIONS)[number];
  /** NONE unless given. */
  readonly fill?: (typeof FILLS)[number];
  /** Conditions on measures of a group, by measure; groups that do not meet them are left out. */
  readonly having?: Readonly<Record<string, Bounds | undefined>>;
  readonly orderBy?: readonly Order[];
  readonly limit?: number;
  readonly offset?: number;
}

/** The field that groups by the calendar of the question. */
export const PERIOD = 'period';

/** The fields of a cube in the order of the model: the order of columns, of keys in hashes, and of ties. */
export const fieldsOf = (cube: Cube): string[] => [PERIOD, ...TIME_GRAINS, ...Object.keys(cube.dimensions), ...Object.keys(cube.measures)];

export const isMeasure = (cube: Cube, name: string): boolean => name in cube.measures;
export const isGrouping = (cube: Cube, name: string): boolean => name === PERIOD || isTimeGrain(name) || name in cube.dimensions;

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
      calendar: question.calendar && [...question.calendar].sort((a, b) => (a.from < b.from ? -1 : 1)),
      attribution: question.attribution === 'AT_TIME' ? undefined : question.attribution,
      fill: question.fill === 'NONE' ? undefined : question.fill,
      having: tidyFilters(question.having),
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

/** Conditions without empty parts; of `and` and `or` the order does not matter, so it is that of their texts. */
function tidyWhere(where: Where | undefined): Record<string, unknown> | undefined {
  const combined = COMBINATIONS.flatMap((name): [string, unknown][] => {
    const parts = partsOf(where, name).flatMap((part) => tidyWhere(part) ?? []);
    if (parts.length === 0) return [];
    return [[name, name === 'not' ? parts[0] : [...new Set(parts.map((part) => JSON.stringify(tidy(part))))].sort().map((text) => JSON.parse(text) as unknown)]]; // prettier-ignore
  });
  const all = { ...tidyFilters(filtersOf(where)), ...Object.fromEntries(combined) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Conditions in their one form. */
export const canonicalWhere = (where: Where): unknown => tidy(tidyWhere(where));

/** The filters of conditions by name, without what combines. */
export const filtersOf = (where: Where | undefined): Record<string, Filter | undefined> =>
  Object.fromEntries(Object.entries(where ?? {}).filter(([name]) => !isCombination(name))) as Record<string, Filter | undefined>;

/** The conditions under `and`, `or` or `not`. */
export function partsOf(where: Where | undefined, name: (typeof COMBINATIONS)[number]): readonly Where[] {
  const found = where?.[name];
  return found === undefined || found === null ? [] : Array.isArray(found) ? (found as readonly Where[]) : [found as Where];
}

function tidyFilters(filters: Readonly<Record<string, object | undefined>> | undefined): Record<string, unknown> | undefined {
  const tidied = Object.entries(filters ?? {}).flatMap(([name, filter]) => {
    const parts = Object.entries(filter ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const sorted = parts.map(([operator, value]) => [
      operator,
      Array.isArray(value) ? [...new Set(value as (string | number)[])].sort() : (value as unknown),
    ]);
    return parts.length === 0 ? [] : [[name, Object.fromEntries(sorted)]];
  });
  return tidied.length === 0 ? undefined : (Object.fromEntries(tidied) as Record<string, unknown>);
}

/** Objects with sorted keys and without absent values, all the way down. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, tidy(part)]));
}
