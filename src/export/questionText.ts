import { isTimeGrain, type Cube } from '../model/define';
import { BOUNDS, COMBINATIONS, filtersOf, isGrouping, orderedFields, partsOf, PERIOD, type Filter, type Question } from '../query/question';

const OPERATORS: Readonly<Record<keyof Filter, string>> = {
  eq: 'is',
  in: 'is one of',
  notIn: 'is none of',
  under: 'is under',
  gte: 'is at least',
  lte: 'is at most',
  contains: 'contains',
};
const COMPARED: Readonly<Record<(typeof BOUNDS)[number], string>> = { eq: '=', gt: '>', gte: '≥', lt: '<', lte: '≤' };

/** Parts that the sentence below says; what else a question has is added as it is written. */
const SAID = ['cube', 'fields', 'from', 'to', 'where', 'calendar', 'attribution', 'fill', 'having', 'orderBy', 'limit', 'offset'];

/**
 * A question in words, with the labels of the codebook: "Activity: Posts by month and Region, 2011-01-01 to 2011-12-31, where Account
 * type is AGENCY". It says everything that decides the rows.
 */
export function questionText(question: Question, cube: Cube): string {
  const fields = orderedFields(question.fields, cube);
  const groups = fields.filter((field) => isGrouping(cube, field)).map((field) => labelOf(field, cube));
  const numbers = fields.filter((field) => !isGrouping(cube, field)).map((field) => labelOf(field, cube));
  const what = numbers.length > 0 ? listed(numbers) : 'the groups';
  return [
    `${cube.label}: ${what}${groups.length > 0 ? ` by ${listed(groups)}` : ''}`,
    `${question.from} to ${question.to}`,
    ...clause('with the periods', (question.calendar ?? []).map(({ name, from, to }) => `${name} (${from} to ${to})`)), // prettier-ignore
    ...clause('where', conditions(question, cube)),
    ...(question.attribution === 'CURRENT' ? ['accounts where they are now'] : []),
    ...(question.fill === 'ZERO' ? ['with rows where nothing was counted'] : []),
    ...clause('for groups with', bounds(question, cube)),
    ...clause('ordered by', (question.orderBy ?? []).map(({ field, direction }) => labelOf(field, cube) + (direction === 'DESC' ? ' from the largest' : ''))), // prettier-ignore
    ...(question.limit === undefined ? [] : [`at most ${question.limit} rows`]),
    ...(question.offset === undefined ? [] : [`after the first ${question.offset}`]),
    ...Object.entries(question).flatMap(([part, value]) => (SAID.includes(part) ? [] : [`${part} ${JSON.stringify(value)}`])),
  ].join(', ');
}

const clause = (word: string, parts: readonly string[]): string[] => (parts.length === 0 ? [] : [`${word} ${listed(parts)}`]);

const conditions = ({ where }: Pick<Question, 'where'>, cube: Cube): string[] => [
  ...Object.entries(filtersOf(where)).flatMap(([name, filter]) =>
    Object.entries(filter ?? {}).map(
      ([operator, value]) => `${labelOf(name, cube)} ${OPERATORS[operator as keyof Filter]} ${[value].flat().join(' or ')}`,
    ),
  ),
  ...COMBINATIONS.flatMap((name) => {
    const parts = partsOf(where, name).map((part) => `(${conditions({ where: part }, cube).join(' and ')})`);
    if (parts.length === 0) return [];
    return [name === 'not' ? `not ${parts.join(' and ')}` : name === 'and' ? parts.join(' and ') : `either ${parts.join(' or ')}`];
  }),
];

const bounds = ({ having }: Question, cube: Cube): string[] =>
  Object.entries(having ?? {}).flatMap(([measure, bound]) =>
    BOUNDS.flatMap((is) => (bound?.[is] === undefined ? [] : [`${labelOf(measure, cube)} ${COMPARED[is]} ${bound[is]}`])),
  );

/** The label of a field; what is derived from a measure keeps its own form around the label: `share of Posts`. */
function labelOf(field: string, cube: Cube): string {
  if (isTimeGrain(field) || field === PERIOD) return field;
  const known = cube.dimensions[field] ?? cube.measures[field] ?? cube.conditions?.[field];
  if (known) return known.label;
  const [kind = '', ...rest] = field.split('.');
  const measure = rest.pop() ?? '';
  const of = cube.measures[measure]?.label;
  return of === undefined ? field : `${[kind, ...rest.length > 0 ? [`(${rest.join('.')})`] : []].join(' ')} of ${of}`; // prettier-ignore
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
