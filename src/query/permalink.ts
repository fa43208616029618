import { GovblogError } from '../errors';
import { cubeNamed, CUBES } from '../model';
import type { Cube } from '../model/define';
import { didYouMean } from '../suggest';
import {
  ATTRIBUTIONS,
  BOUNDS,
  canonicalWhere,
  COMBINATIONS,
  FILLS,
  filtersOf,
  isCombination,
  orderedFields,
  type Bounds,
  type NamedPeriod,
  type Order,
  type Question,
  type Where,
} from './question';

const OPERATORS = ['eq', 'in', 'notIn', 'under', 'gte', 'lte', 'contains'] as const;
const HAVING = 'having.';
const PLAIN = ['fields', 'from', 'to', 'where', 'calendar', 'attribution', 'fill', 'orderBy', 'limit', 'offset', 'snapshot'];

/** A question as the query part of a plain URL, always in the same order: `fields=month,posts&from=…&to=…&region.notIn=11`. */
export function toSearch(question: Question, snapshot?: string): string {
  const cube = cubeNamed(question.cube);
  const fields = cube ? orderedFields(question.fields, cube) : question.fields;
  const search = new URLSearchParams({ fields: fields.join(','), from: question.from, to: question.to });
  for (const [name, filter] of Object.entries(filtersOf(question.where)).sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const operator of OPERATORS) {
      const value = filter?.[operator];
      if (value === undefined || value === null) continue;
      search.append(
        operator === 'eq' ? name : `${name}.${operator}`,
        Array.isArray(value) ? [...new Set(value)].sort().join(',') : String(value),
      );
    }
  for (const [name, bounds] of Object.entries(question.having ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const operator of BOUNDS)
      if (bounds?.[operator] !== undefined && bounds[operator] !== null)
        search.append(`${HAVING}${name}.${operator}`, String(bounds[operator]));
  const combined = Object.fromEntries(COMBINATIONS.flatMap((name) => (question.where?.[name] ? [[name, question.where[name]]] : [])));
  if (Object.keys(combined).length > 0) search.append('where', JSON.stringify(canonicalWhere(combined)));
  if (question.calendar) search.append('calendar', writtenCalendar(question.calendar));
  if (question.attribution === 'CURRENT') search.append('attribution', 'CURRENT');
  if (question.fill === 'ZERO') search.append('fill', 'ZERO');
  if (question.orderBy?.length)
    search.append('orderBy', question.orderBy.map(({ field, direction }) => (direction === 'DESC' ? `-${field}` : field)).join(','));
  if (question.limit !== undefined) search.append('limit', String(question.limit));
  if (question.offset !== undefined) search.append('offset', String(question.offset));
  if (snapshot !== undefined) search.append('snapshot', snapshot);
  // Commas are legal in a query and keep the link readable.
  return search.toString().replaceAll('%2C', ',');
}

/** The address of the rows of a question on its snapshot, below that of the server. */
export const permalinkOf = (question: Question, snapshot: string): string => `/${question.cube}.json?${toSearch(question, snapshot)}`;

/** Reads a permalink: with or without the address of a server, in any form (`.csv`, `.json` …). Throws BAD_QUERY when it is none. */
export function fromPermalink(permalink: string): ReturnType<typeof fromSearch> {
  const none = `"${permalink.slice(0, 200)}" is no permalink. Take the one of \`provenance { permalink }\`, or a plain URL: /activity.json?fields=month,posts&from=2011-01-01&to=2011-12-31.`;
  if (!URL.canParse(permalink, SOMEWHERE)) return bad(none);
  const { pathname, searchParams } = new URL(permalink, SOMEWHERE);
  const cube = /\/(\w+)\.[a-z]+$/.exec(pathname)?.[1] ?? bad(none);
  return fromSearch(cube, searchParams);
}

/** Stands for the server that a relative address belongs to. */
const SOMEWHERE = 'http://localhost';

const isNumber = (text: string): boolean => text.trim() !== '' && !Number.isNaN(Number(text));

/** Whether conditions on it are numbers in GraphQL too, so that one question has one id by whatever door it came. */
const takesNumbers = (cube: Cube, name: string): boolean => (cube.dimensions[name] ?? cube.conditions?.[name])?.type === 'integer';

/** Reads the query part of a plain URL. Every parameter is understood or refused; none is dropped. */
export function fromSearch(cubeName: string, search: URLSearchParams): { question: Question; snapshot: string | undefined } {
  const cube = cubeNamed(cubeName);
  if (!cube)
    throw new GovblogError(
      'NOT_FOUND',
      `There is no cube "${cubeName}".${didYouMean(
        cubeName,
        CUBES.map(({ name }) => name),
      )}`,
    );
  const twice = [...search.keys()].find((key) => search.getAll(key).length > 1);
  // Of two values one would be dropped without a word.
  if (twice !== undefined) bad(`"${twice}" is given ${search.getAll(twice).length} times. Give it once; a list is ${listHint(twice)}.`);
  const where: Record<string, Where[string]> = { ...combinedIn(search.get('where')) };
  const having: Record<string, Bounds> = {};
  for (const [key, value] of search) {
    if (PLAIN.includes(key)) continue;
    if (key.startsWith(HAVING)) {
      const [name = '', operator = 'eq', ...rest] = key.slice(HAVING.length).split('.');
      if (rest.length > 0 || !(BOUNDS as readonly string[]).includes(operator))
        bad(`"${key}": there is no operator "${operator}" for having; there are: ${BOUNDS.join(', ')}.`);
      if (!isNumber(value)) bad(`"${key}" takes a number, not "${value}".`);
      having[name] = { ...having[name], [operator]: Number(value) };
      continue;
    }
    const [name = '', operator = 'eq', ...rest] = key.split('.');
    if (!(name in cube.dimensions) && !(name in (cube.conditions ?? {})))
      bad(
        `"${key}" is neither a parameter nor a dimension of ${cube.name}.${didYouMean(name, [...PLAIN, ...Object.keys(cube.dimensions), ...Object.keys(cube.conditions ?? {})])}`,
      );
    if (rest.length > 0 || !(OPERATORS as readonly string[]).includes(operator))
      bad(`"${key}": there is no operator "${operator}"; there are: ${OPERATORS.join(', ')}.`);
    const typed = (text: string): string | number => (takesNumbers(cube, name) && isNumber(text) ? Number(text) : text);
    where[name] = { ...where[name], [operator]: operator === 'in' || operator === 'notIn' ? value.split(',').map(typed) : typed(value) };
  }
  const list = (name: string): string[] =>
    (search.get(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const orderBy = list('orderBy').map((field): Order =>
    field.startsWith('-') ? { field: field.slice(1), direction: 'DESC' } : { field, direction: 'ASC' },
  );
  const number = (name: string): number => {
    const given = search.get(name)!.trim();
    return /^\d+$/.test(given) ? Number(given) : bad(`"${name}" takes a whole number, not "${given}".`);
  };
  for (const name of ['from', 'to'] as const) if (!search.has(name)) bad(`The parameter "${name}" is missing: ${name}=2011-12-31.`);
  if (!search.has('fields')) bad(`The parameter "fields" is missing: fields=month,posts.`);
  return {
    question: {
      cube: cubeName,
      fields: list('fields'),
      from: search.get('from')!,
      to: search.get('to')!,
      ...(Object.keys(where).length > 0 && { where }),
      ...(search.has('calendar') && { calendar: readCalendar(search.get('calendar')!) }),
      ...(search.has('attribution') && { attribution: oneOf('attribution', ATTRIBUTIONS, search) }),
      ...(search.has('fill') && { fill: oneOf('fill', FILLS, search) }),
      ...(Object.keys(having).length > 0 && { having }),
      ...(orderBy.length > 0 && { orderBy }),
      ...(search.has('limit') && { limit: number('limit') }),
      ...(search.has('offset') && { offset: number('offset') }),
    },
    snapshot: search.get('snapshot') ?? undefined,
  };
}

const listHint = (key: string): string => {
  if (key === 'fields' || key === 'orderBy') return `${key}=month,posts`;
  return key.includes('.') ? `${key}=11,44` : `${key}.in=11,44`;
};

/** `where={"or":[{"region":{"eq":"11"}},{"sector":{"under":"PS"}}]}`: what a plain parameter cannot say. */
function combinedIn(text: string | null): Where {
  if (text === null) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    bad(`"where" is not JSON: ${text.slice(0, 80)}. Write where={"or":[{"region":{"eq":"11"}},{"sector":{"under":"PS"}}]}.`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) bad('"where" takes an object with and, or, not.');
  const stray = Object.keys(value).find((name) => !isCombination(name));
  if (stray !== undefined) bad(`"where" takes and, or, not; write ${stray} as a parameter of its own: ${stray}=…`);
  checkShape(value as Record<string, unknown>);
  return value as Where;
}

/** Conditions are objects of objects; anything else would be read as no condition. */
function checkShape(where: Readonly<Record<string, unknown>>): void {
  for (const [name, part] of Object.entries(where)) {
    const parts = isCombination(name) && name !== 'not' ? part : [part];
    if (!Array.isArray(parts)) bad(`"${name}" in "where" takes a list of conditions.`);
    for (const one of parts as unknown[]) {
      if (one === null || typeof one !== 'object' || Array.isArray(one)) bad(`"${name}" in "where" takes conditions such as {"eq":"11"}.`);
      if (isCombination(name)) checkShape(one as Record<string, unknown>);
      else
        for (const operator of Object.keys(one))
          if (!(OPERATORS as readonly string[]).includes(operator))
            bad(`"${name}" in "where": there is no operator "${operator}"; there are: ${OPERATORS.join(', ')}.`);
    }
  }
}

/** `before:2011-01-01..2011-03-31;election:2011-04-01..2011-04-30`, each name encoded so that it may have any sign in it. */
const writtenCalendar = (calendar: readonly NamedPeriod[]): string =>
  [...calendar]
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ name, from, to }) => `${name.replace(/[%;:]/g, encodeURIComponent)}:${from}..${to}`)
    .join(';');

const readCalendar = (text: string): NamedPeriod[] =>
  text.split(';').map((part) => {
    const [, name, from, to] = /^([^:]+):([^:.]+)\.\.([^:.]+)$/.exec(part) ?? [];
    if (name === undefined)
      bad(`"${part}" in "calendar" is not a named period; write before:2011-01-01..2011-03-31;after:2011-04-01..2011-06-30.`);
    try {
      return { name: decodeURIComponent(name), from: from!, to: to! };
    } catch {
      return bad(`"${name}" in "calendar" has a % that begins no code; write it as %25.`);
    }
  });

function oneOf<V extends string>(name: string, values: readonly V[], search: URLSearchParams): V {
  const given = search.get(name)!;
  return values.find((value) => value === given) ?? bad(`"${name}" is ${values.join(' or ')}, not "${given}".`);
}

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
