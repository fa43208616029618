import { Random } from '../../seeds/demo/random';

// Questions that are made of what `dataset` says, and of nothing else: neither the model nor the schema is read here.

export const DISCOVERY = `{ dataset {
  period { from to } limits { name value } timeGrains combinations operators { name takes } choices { name values }
  derivedFields { name field arguments { name kind values least most otherwise } selection leastGrains mostGrains wholeBuckets finestGrains { shift grains } }
  cubes { name
    dimensions { name kind operators selection valueCount values(first: 1000) { value literal rows } }
    conditions { name kind operators }
    measures { name valueKind having derived rollingWays estimateWays notWith regionsApart } } } }`;

export interface Dataset {
  readonly period: { readonly from: string; readonly to: string };
  readonly limits: readonly { readonly name: string; readonly value: number }[];
  readonly timeGrains: readonly string[];
  readonly combinations: readonly string[];
  readonly operators: readonly { readonly name: string; readonly takes: 'VALUE' | 'LIST' }[];
  readonly choices: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly derivedFields: readonly DerivedField[];
  readonly cubes: readonly CubeEntry[];
}
export interface DerivedField {
  readonly name: string;
  readonly field: string;
  readonly arguments: readonly { readonly name: string; readonly kind: string; readonly values: readonly string[]; readonly least: number; readonly most: number; readonly otherwise: string | null }[]; // prettier-ignore
  readonly selection: readonly string[];
  readonly leastGrains: number;
  readonly mostGrains: number;
  readonly wholeBuckets: boolean;
  readonly finestGrains: readonly { readonly shift: string; readonly grains: readonly string[] }[];
}
export interface CubeEntry {
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly conditions: readonly { readonly name: string; readonly kind: string; readonly operators: readonly string[] }[];
  readonly measures: readonly Measure[];
}
export interface Dimension {
  readonly name: string;
  readonly kind: string;
  readonly operators: readonly string[];
  readonly selection: readonly string[];
  readonly valueCount: number;
  readonly values: readonly { readonly value: string; readonly literal: string; readonly rows: number }[];
}
interface Measure {
  readonly name: string;
  readonly having: readonly string[];
  readonly derived: readonly string[];
  readonly rollingWays: readonly string[];
  readonly estimateWays: readonly string[];
  readonly notWith: readonly string[];
  readonly regionsApart: boolean;
}

/** A question as its parts, so that one question can be written in many ways. */
export interface Built {
  readonly cube: string;
  readonly args: string;
  /** Selections of `rows`, by the key that answers them. */
  readonly rows: Readonly<Record<string, string>>;
  readonly measures: readonly string[];
}

export function build(seed: number, dataset: Dataset): Built {
  const random = new Random(seed, 7);
  const some = <T>(items: readonly T[], most: number): T[] => random.shuffled(items).slice(0, random.int(most + 1));
  const cube = random.pick(dataset.cubes);
  const grains = some(dataset.timeGrains, 2).sort((a, b) => dataset.timeGrains.indexOf(a) - dataset.timeGrains.indexOf(b));
  const dimensions = some(cube.dimensions.filter(({ kind }) => kind !== 'TIME'), 2); // prettier-ignore
  const filters = some([...cube.dimensions.filter(({ operators }) => operators.length > 0), ...cube.conditions], 2).flatMap((one) => filterOf(random, one, dataset)); // prettier-ignore
  const apart = random.chance(0.5);
  const fits = ({ notWith, regionsApart }: Measure): boolean =>
    (!regionsApart || !apart) && ![...dimensions, ...filters].some(({ name }) => notWith.includes(name));
  const measures = [random.pick(cube.measures.filter(fits)), ...some(cube.measures.filter(fits), 3)];
  const derived = random.int(3) === 0 ? [] : dataset.derivedFields.flatMap((field) => derivedOf(random, field, random.pick(measures), grains, dataset)); // prettier-ignore
  const rows: Record<string, string> = {};
  for (const grain of grains) rows[grain] = grain;
  for (const { name, selection } of dimensions) rows[name] = selection.length > 0 ? `${name} { ${selection.join(' ')} }` : name;
  for (const { name } of measures) rows[name] = name;
  for (const { key, text } of derived) rows[key] = text;
  const args = [
    `period: { ${spanOf(random, derived.some(({ whole }) => whole) ? grains[0]! : null, dataset)} }`,
    ...(filters.length > 0 ? [`where: { ${combined(random, filters, apart ? dataset.combinations : [])} }`] : []),
    ...dataset.choices.flatMap(({ name, values }) => (name === 'fill' && grains.length === 0 ? [] : [`${name}: ${random.pick(values)}`])),
    ...(random.chance(0.3) ? [`having: { ${measures[0]!.name}: { ${random.pick(measures[0]!.having)}: ${random.int(20)} } }`] : []),
    ...(random.chance(0.5) ? [`orderBy: [{ field: ${random.pick(measures).name}, direction: DESC }]`] : []),
    `limit: ${random.pick([10, 500])}, offset: ${random.int(3)}`,
  ];
  return { cube: cube.name, args: args.join(', '), rows, measures: [...new Set(measures.map(({ name }) => name))] };
}

interface FilterText {
  readonly name: string;
  readonly text: string;
}

function filterOf(
  random: Random,
  field: { name: string; kind: string; operators: readonly string[]; values?: Dimension['values'] },
  dataset: Dataset,
): FilterText[] {
  const found = field.values?.filter(({ rows }) => rows > 0);
  const literals =
    (found?.length ? (random.chance(0.8) ? found : field.values) : field.values)?.map(({ literal }) => literal) ??
    (field.kind === 'TEXT' ? ['"测"', '"%"'] : ['0', '5', '4000000000']);
  // Of accounts only the number is told.
  if (literals.length === 0) return [];
  const chosen = random.pick(field.operators);
  const operator = dataset.operators.find(({ name }) => name === chosen)!;
  const ordered = literals.filter((literal) => !(field.name === 'level' && literal === 'LX'));
  const one = (): string => random.pick(['gte', 'lte'].includes(operator.name) ? ordered : literals);
  const given = operator.takes === 'LIST' ? `[${[one(), one()].join(', ')}]` : one();
  return [{ name: field.name, text: `${field.name}: { ${operator.name}: ${given} }` }];
}

/** Filters beside each other, or some of them as alternatives, or as what must not be. */
function combined(random: Random, filters: readonly FilterText[], combinations: readonly string[]): string {
  const texts = [...new Map(filters.map((one) => [one.name, one.text])).values()];
  if (combinations.length === 0) return texts.join(' ');
  const name = random.pick(combinations);
  return name === 'not' ? `not: { ${texts.join(' ')} }` : `${name}: [${texts.map((text) => `{ ${text} }`).join(', ')}]`;
}

function derivedOf(
  random: Random,
  field: DerivedField,
  measure: Measure,
  grains: readonly string[],
  dataset: Dataset,
): { key: string; text: string; whole: boolean }[] {
  if (!measure.derived.includes(field.name) || grains.length < field.leastGrains || grains.length > field.mostGrains) return [];
  const shifts = field.finestGrains.filter(({ grains: finest }) => grains.length === 0 || finest.includes(dataset.timeGrains.find((grain) => grains.includes(grain))!)); // prettier-ignore
  if (field.finestGrains.length > 0 && shifts.length === 0) return [];
  const given = field.arguments.flatMap(({ name, kind, values, least, most, otherwise }) => {
    if (kind === 'MEASURE') return [`${name}: ${measure.name}`];
    if (otherwise !== null && name !== 'as' && random.chance(0.5)) return [];
    if (kind === 'INTEGER') return [`${name}: ${random.pick([least, least + 1, most])}`];
    if (kind === 'NUMBER') return [`${name}: ${random.pick([least, most])}`];
    if (field.finestGrains.length > 0) return [`${name}: ${random.pick(shifts).shift}`];
    return [
      `${name}: ${random.pick(field.name === 'rolling' ? measure.rollingWays : field.name === 'estimate' ? measure.estimateWays : values)}`,
    ];
  });
  const below = field.selection.length === 0 ? '' : field.selection[0] === 'MEASURES' ? ` { ${measure.name} }` : ` { ${field.selection.join(' ')} }`; // prettier-ignore
  return [{ key: field.name, text: `${field.name}(${given.join(', ')})${below}`, whole: field.wholeBuckets }];
}

/** Some days of those that are published; from the first day of a bucket where that is needed. */
function spanOf(random: Random, bucket: string | null, { period }: Dataset): string {
  const day = (days: number): string => new Date(Date.parse(period.from) + days * 86_400_000).toISOString().slice(0, 10);
  const length = Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000);
  const start = random.int(length);
  const end = day(Math.min(length, start + random.int(200)));
  if (bucket === null) return `from: "${day(start)}", to: "${end}"`;
  const at = new Date(day(start));
  if (bucket === 'week') at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  if (bucket === 'month') at.setUTCDate(1);
  if (bucket === 'quarter') at.setUTCMonth(Math.floor(at.getUTCMonth() / 3) * 3, 1);
  if (bucket === 'year') at.setUTCMonth(0, 1);
  return `from: "${at.toISOString().slice(0, 10)}", to: "${end}"`;
}
