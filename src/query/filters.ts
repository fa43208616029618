import { GovblogError } from '../errors';
import { accountKey } from '../model/accountKey';
import type { Cube, Dimension, RowCondition } from '../model/define';
import { codesUnder, UNKNOWN_LEVEL, type Member, type Members, type Region } from '../model/members';
import { operatorsOf } from '../model/operators';
import { isDay } from '../model/time';
import { didYouMean } from '../suggest';
import { LIMITS } from './limits';
import type { Filter } from './question';

export type Value = string | number;

/** A condition on one fact column. Values become parameters. */
export interface Predicate {
  /** The filter it comes from: `region.notIn`. */
  readonly origin: string;
  readonly column: string;
  readonly type: Dimension['type'];
  readonly is: 'in' | 'notIn' | 'gte' | 'lte' | 'contains';
  readonly values: readonly Value[];
}

const LIST_OPERATORS = ['in', 'notIn'] as const;

/** The predicates of one filter, with every code checked and every tree and grouping expanded to codes. */
export function resolveFilter(cube: Cube, name: string, filter: Filter, members: Members): Predicate[] {
  const condition = cube.conditions?.[name];
  if (condition) return resolveCondition(name, condition, filter);
  const dimension = cube.dimensions[name];
  if (!dimension)
    bad(
      `${cube.name} has no dimension "${name}" to filter by.${didYouMean(name, [...Object.keys(cube.dimensions), ...Object.keys(cube.conditions ?? {})])}`,
    );
  if (given(filter.contains)) bad(`"${name}" is no text; "contains" works on ${textsOf(cube).join(', ') || 'nothing here'}.`);
  const predicate = (operator: string, is: Predicate['is'], values: readonly Value[]): Predicate => ({
    origin: `${name}.${operator}`,
    column: dimension.column,
    type: dimension.type,
    is,
    values,
  });
  const codes = (values: readonly Value[]): Value[] => values.flatMap((value) => codesOf(name, dimension, value, members));

  const predicates: Predicate[] = [];
  if (given(filter.eq)) predicates.push(predicate('eq', 'in', codes([filter.eq])));
  for (const operator of LIST_OPERATORS) {
    const values = filter[operator];
    if (!given(values)) continue;
    if (values.length === 0) bad(`The list of ${name}.${operator} is empty. Leave it out to keep every row.`);
    if (values.length > LIMITS.maxFilterValues.value)
      bad(`The list of ${name}.${operator} has ${values.length} values; the limit is ${LIMITS.maxFilterValues.value}.`);
    predicates.push(predicate(operator, operator, codes(values)));
  }
  if (given(filter.under)) {
    if (!dimension.hierarchy) bad(`"${name}" has no tree; "under" works on region, prefecture and sector.`);
    const table = tableOf(dimension, members)!;
    if (name !== 'prefecture' || !table.has(filter.under)) codesOf(name, dimension, filter.under, members);
    predicates.push(predicate('under', 'in', codesUnder(table, filter.under)));
  }
  for (const operator of ['gte', 'lte'] as const) {
    const value = filter[operator];
    if (!given(value)) continue;
    if (!operatorsOf(dimension).includes(operator))
      bad(`"${name}" has no order; "${operator}" works on ${orderedIn(cube).join(', ')}. It takes ${operatorsOf(dimension).join(', ')}.`);
    predicates.push(
      dimension.members === 'level'
        ? predicate(operator, 'in', levelsWithin(operator, String(codes([value])[0]), members))
        : predicate(operator, operator, [plainValue(name, dimension, value)]),
    );
  }
  return predicates;
}

const textsOf = (cube: Cube): string[] =>
  Object.entries(cube.conditions ?? {}).flatMap(([name, { type }]) => (type === 'text' ? [name] : []));

const orderedIn = (cube: Cube): string[] =>
  Object.entries(cube.dimensions).flatMap(([name, dimension]) => (operatorsOf(dimension).includes('gte') ? [name] : []));

/** The predicates on a fact column that is no dimension: `text: { contains }`, `followers: { gte, lte }`. */
function resolveCondition(name: string, { column, type }: RowCondition, filter: Filter): Predicate[] {
  const predicates: Predicate[] = [];
  for (const [operator, value] of Object.entries(filter) as [keyof Filter, Filter[keyof Filter]][]) {
    if (!given(value)) continue;
    const origin = `${name}.${operator}`;
    if (type === 'text') {
      if (operator !== 'contains') bad(`"${name}" is a text and takes contains, not ${operator}.`);
      if (value === '') bad(`${origin} is empty. Leave it out to keep every row.`);
      predicates.push({ origin, column, type, is: 'contains', values: [String(value).toLowerCase()] });
    } else {
      if (operator !== 'gte' && operator !== 'lte' && operator !== 'eq')
        bad(`"${name}" is a number and takes eq, gte and lte, not ${operator}.`);
      const number = Number(value);
      if (!Number.isSafeInteger(number)) bad(`"${name}" takes whole numbers, not "${String(value)}".`);
      predicates.push({ origin, column, type, is: operator === 'eq' ? 'in' : operator, values: [number] });
    }
  }
  return predicates;
}

/** The codes of the fact column that a value stands for. */
function codesOf(name: string, dimension: Dimension, value: Value, members: Members): Value[] {
  if (name === 'account') return [keyOf(String(value))];
  const table = tableOf(dimension, members);
  if (!table) return [plainValue(name, dimension, value)];
  if (dimension.attribute) {
    const valueOf = (member: Member): unknown => (member as unknown as Record<string, unknown>)[dimension.attribute!];
    const codes = [...table.values()].filter((member) => valueOf(member) === value).map(({ code }) => code);
    const known = [...new Set([...table.values()].map(valueOf).filter((one): one is string => typeof one === 'string'))];
    if (codes.length === 0)
      bad(
        `There is no ${name} "${value}".${listHint(name, value, known) || didYouMean(String(value), known)} There are: ${known.join(', ')}.`,
      );
    return codes;
  }
  const member = table.get(String(value));
  if (!member) bad(`There is no ${name} with the code "${value}".${hint(name, String(value), table)} \`dataset\` lists the codes.`);
  const place = placeProblem(name, member);
  if (place) bad(place);
  return [String(value)];
}

/** Levels on one side of a level, itself included. One that is not known is neither high nor low. */
function levelsWithin(operator: 'gte' | 'lte', bound: string, { level }: Members): string[] {
  if (bound === UNKNOWN_LEVEL)
    bad(`${UNKNOWN_LEVEL} is an unknown level, which has no place in an order; "level.${operator}" takes another.`);
  return [...level.keys()].filter((code) => code !== UNKNOWN_LEVEL && (operator === 'gte' ? code >= bound : code <= bound));
}

/** Provinces and prefectures share a table; a code of the other kind would match nothing, silently. */
function placeProblem(name: string, member: Member): string | null {
  const { kind } = member as Partial<Region>;
  if (name === 'region' && kind === 'prefecture') return `"${member.code}" is the prefecture ${member.name}; filter by "prefecture".`;
  return name === 'prefecture' && kind === 'province'
    ? `"${member.code}" is the province ${member.name}; filter by "region", or by prefecture: { under: "${member.code}" }.`
    : null;
}

/** A name given for a code is the likeliest slip. */
function hint(name: string, value: string, table: ReadonlyMap<string, Member>): string {
  const lists = listHint(name, value, [...table.keys()]);
  if (lists !== '') return lists;
  const lower = value.toLowerCase();
  const named = [...table.values()].find(({ name, nameZh }) => name.toLowerCase() === lower || nameZh === value);
  return named ? ` The code of ${named.name} is "${named.code}".` : didYouMean(value, [...table.keys()]);
}

/** How a list is written, for a value that is one: a plain URL has commas in no single code. */
function listHint(name: string, value: Value, known: readonly string[] | null): string {
  const parts = String(value).split(',');
  if (parts.length < 2 || !parts.every((part) => (known === null ? /^\d+$/.test(part) : known.includes(part.trim())))) return '';
  return ` Several are written ${name}.in=${parts.map((part) => part.trim()).join(',')} in a plain URL, and ${name}: { in: […] } in GraphQL.`;
}

const tableOf = (dimension: Dimension, members: Members): ReadonlyMap<string, Member> | undefined =>
  dimension.members === undefined ? undefined : members[dimension.members];

/** It would be the id of an account that nobody has, and match nothing without a word. */
const ACCOUNT_LIST = /^[^:,]+:[^:,]+(?:,[^:,]+:[^:,]+)+$/;

function keyOf(id: string): number {
  const [platform = '', ...rest] = id.split(':');
  if (platform === '' || rest.join(':') === '')
    bad(`"${id}" is not an account id; write platform:account_id, for instance "weibo:1496814565".`);
  if (ACCOUNT_LIST.test(id)) bad(`"${id}" is not one account.${listHint('account', id, id.split(','))}`);
  return accountKey(platform, rest.join(':'));
}

function plainValue(name: string, dimension: Dimension, value: Value): Value {
  if (dimension.type === 'integer') {
    if (!Number.isInteger(Number(value))) bad(`"${name}" takes whole numbers, not "${value}".${listHint(name, value, null)}`);
    return Number(value);
  }
  if (dimension.type === 'month') {
    const day = /^\d{4}-\d{2}$/.test(String(value)) ? `${value}-01` : String(value);
    if (!isDay(day)) bad(`"${name}" takes a month such as 2011-07, not "${value}".`);
    return `${day.slice(0, 7)}-01`;
  }
  return String(value);
}

const given = <T>(value: T | null | undefined): value is T => value !== undefined && value !== null;

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
