import { Random } from '../../../seeds/demo/random';
import { isTimeGrain, TIME_GRAINS, type Cube } from '../../../src/model/define';
import { addDays, bucketStart, maxDay, minDay, monthEnd } from '../../../src/model/time';
import { derivedOf } from '../../../src/query/derived';
import { BOUNDS, type Filter, type NamedPeriod, type Question, type Where } from '../../../src/query/question';
import type { Cell } from './conditions';
import type { World } from './world';

/** Operators by what they compare. */
export function operatorsFor(cube: Cube, name: string): readonly string[] {
  const condition = cube.conditions?.[name];
  if (condition) return condition.type === 'text' ? ['contains'] : ['eq', 'gte', 'lte'];
  const { hierarchy, type, members } = cube.dimensions[name]!;
  const ordered = type === 'integer' || type === 'month' || members === 'level';
  return ['eq', 'in', 'notIn', ...(hierarchy ? ['under'] : []), ...(ordered ? ['gte', 'lte'] : [])];
}
export const filterNames = (cube: Cube): string[] => [...Object.keys(cube.dimensions), ...Object.keys(cube.conditions ?? {})];

/** A question of one number: the same number always asks the same. */
export function randomQuestion(seed: number, cube: Cube, world: World): Question {
  const random = new Random(seed, 20_120_229);
  const some = <T>(items: readonly T[], most: number): T[] => random.shuffled(items).slice(0, random.int(most + 1));
  const grains = random.chance(0.25) ? some(TIME_GRAINS, 2) : some(TIME_GRAINS, 1);
  const dimensions = some(Object.keys(cube.dimensions), 2);
  const where = random.chance(0.7) ? anyWhere(random, cube, world, 2) : undefined;
  const names = Object.keys(cube.measures).filter((name) => isMeant(cube, name, dimensions, where));
  const measures = [random.pick(names), ...some(names, 4)];
  const loose = anySpan(random, world, grains);
  const calendar = random.chance(0.12)
    ? anyCalendar(random, { from: maxDay(loose.from, world.from)!, to: minDay(loose.to, world.to)! })
    : undefined;
  const withPeriod = calendar && random.chance(0.8) ? ['period'] : [];
  const derived = Array.from({ length: random.int(7) }, () => anyDerived(random, random.pick(measures))).filter((field) =>
    isAllowed(field, cube, grains),
  );
  // A window of whole buckets begins with one.
  const isRolled = derived.some((field) => field.startsWith('rolling'));
  const span = isRolled ? { ...loose, from: bucketStart(grains[0]!, loose.from) } : loose;
  const fields = [...new Set([...withPeriod, ...grains, ...dimensions, ...measures, ...derived])];
  const sortable = [...fields.filter((field) => !field.startsWith('rolling') && !isInexact(field)), random.pick(names.filter((name) => !isInexact(name)))]; // prettier-ignore
  const orderBy = some(sortable, 2).map((field) => ({ field, direction: random.pick(['ASC', 'DESC'] as const) }));
  return {
    cube: cube.name,
    fields,
    ...span,
    ...(where && { where }),
    ...(calendar && { calendar }),
    ...(random.chance(0.2) && { attribution: 'CURRENT' }),
    ...(random.chance(0.2) && (grains.length > 0 || withPeriod.length > 0) && { fill: 'ZERO' }),
    ...(random.chance(0.5) && { having: { [random.pick(measures)]: anyBounds(random) } }),
    ...(orderBy.length > 0 && { orderBy }),
    limit: random.pick([50_000, 50_000, 10, 3]),
    ...(random.chance(0.2) && { offset: random.int(6) }),
  };
}

/** Whether a measure can be told with the groups and conditions: rates are known by region, in conditions of their own. */
function isMeant(cube: Cube, measure: string, dimensions: readonly string[], where: Where | undefined): boolean {
  if (cube.measures[measure]!.kind !== 'rate') return true;
  return !dimensions.includes('prefecture') && !/"(prefecture|and|or|not)"/.test(JSON.stringify(where ?? {}));
}

function anySpan(random: Random, world: World, grains: readonly string[]): { from: string; to: string } {
  const length = (Date.parse(world.to) - Date.parse(world.from)) / 86_400_000;
  const start = addDays(world.from, random.int(length));
  const most = grains.includes('day') ? 70 : random.pick([40, 400, 2_000]);
  const month = (day: string): string => day.slice(0, 7);
  return random.weighted([
    { weight: 4, of: { from: start, to: addDays(start, random.int(most)) } },
    { weight: 4, of: { from: `${month(start)}-01`, to: monthEnd(month(addDays(start, random.int(most)))) } },
    { weight: 1, of: { from: bucketStart(random.pick(TIME_GRAINS), start), to: addDays(start, random.int(most)) } },
    {
      weight: 1,
      of: grains.includes('day') ? { from: world.from, to: addDays(world.from, 60) } : { from: '2001-01-01', to: '2031-12-31' },
    },
  ]).of;
}

function anyCalendar(random: Random, { from, to }: { from: string; to: string }): NamedPeriod[] | undefined {
  const length = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
  if (length < 12 || length > 3_000) return undefined;
  const cuts = [...new Set(Array.from({ length: 6 }, () => random.int(length)))].sort((a, b) => a - b);
  const named = cuts.flatMap((cut, index) =>
    index % 2 === 1 ? [{ name: `p${9 - index}`, from: addDays(from, cuts[index - 1]!), to: addDays(from, cut - random.int(2)) }] : [],
  );
  return named.length === 0 ? undefined : random.shuffled(named.filter((one) => one.from <= one.to));
}

const anyDerived = (random: Random, of: string): string => {
  const shift = random.pick(['MONTH', 'QUARTER', 'YEAR']);
  return random.pick([
    `share.${of}`, `rank.${of}`, `cumulative.${of}`, `previous.${shift}.${of}`, `change.${shift}.${of}`, `rolling.${2 + random.int(4)}.${random.pick(['MEAN', 'SUM'])}.${of}`,
    `rolling.${2 + random.int(4)}.SUM.${of}`,
  ]); // prettier-ignore
};

/** What was interpolated, or made with logarithms, may be equal here and differ in the last bit there: a rank and an order tell the difference. */
const isInexact = (measure: string): boolean => /^(median|p90|contentEntropy|gapVariation|burstiness)/.test(measure);

function isAllowed(field: string, cube: Cube, grains: readonly string[]): boolean {
  if (field.startsWith('rank.') && isInexact(field.slice('rank.'.length))) return false;
  try {
    derivedOf(
      field,
      cube,
      TIME_GRAINS.filter((grain) => isTimeGrain(grain) && grains.includes(grain)),
    );
    return true;
  } catch {
    return false;
  }
}

const anyBounds = (random: Random): Record<string, number> =>
  Object.fromEntries([[random.pick(BOUNDS), random.pick([0, 1, 2, 5, 30, 0.5, 2 ** 31])]]);

function anyWhere(random: Random, cube: Cube, world: World, depth: number): Where {
  const names = random.shuffled(filterNames(cube)).slice(0, 1 + random.int(2));
  const filters = Object.fromEntries(names.map((name) => [name, anyFilter(random, cube, name, world)]));
  if (depth === 0 || random.chance(0.5)) return filters;
  const more = (): Where => anyWhere(random, cube, world, depth - 1);
  return { ...(random.chance(0.5) && filters), ...random.pick([() => ({ not: more() }), () => ({ and: [more(), more()] }), () => ({ or: [more(), more()] })])() }; // prettier-ignore
}

function anyFilter(random: Random, cube: Cube, name: string, world: World): Filter {
  const operator = random.pick(operatorsFor(cube, name));
  return { [operator]: valueFor(random, operator, cube, name, world) };
}

/** A value that some rows have, or that none has. */
export function valueFor(random: Random, operator: string, cube: Cube, name: string, world: World): never {
  const one = (): Cell => random.pick(valuesOf(cube, name, world));
  if (operator === 'in' || operator === 'notIn') return Array.from({ length: 1 + random.int(3) }, one) as never;
  if (operator === 'contains') return random.pick(['谣言', '。', 'case', 'Mixed', '%', "'", '😀', 'zzz', '"quoted"']) as never;
  if (operator === 'under') return random.pick(name === 'sector' ? ['PS', 'JU', 'PS-POLICE', 'TO'] : ['44', '32', '11', ...(name === 'prefecture' ? ['440100'] : [])]) as never; // prettier-ignore
  // An unknown level has no place in an order.
  if (name === 'level' && (operator === 'gte' || operator === 'lte')) return random.pick(['L1', 'L2', 'L3', 'L4', 'L5']) as never;
  return one() as never;
}

const seen = new WeakMap<World, Map<string, readonly Cell[]>>();
function valuesOf(cube: Cube, name: string, world: World): readonly Cell[] {
  let known = seen.get(world);
  if (!known) seen.set(world, (known = new Map()));
  const key = `${cube.name}.${name}`;
  let values = known.get(key);
  if (!values) {
    const column = name === 'account' ? 'accountId' : name;
    values = [...new Set(world.cubes[cube.name]!.rows.map((row) => row[column] as Cell))].filter((value) => value !== null).sort();
    known.set(key, values);
  }
  return values;
}
