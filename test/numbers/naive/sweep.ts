import { Random } from '../../../seeds/demo/random';
import { TIME_GRAINS, type Cube } from '../../../src/model/define';
import { LIMITS } from '../../../src/query/limits';
import type { Question, Where } from '../../../src/query/question';
import { meets } from './conditions';
import { filterNames, operatorsFor, valueFor } from './randomQuestion';
import type { World } from './world';

// Every measure by every dimension and grain, each time with another operator on another field.

/** Days that cut buckets of each grain: the leap day, the week that is the 53rd of its year, and all there is. */
const SPANS: Readonly<Record<string, { from: string; to: string }>> = {
  day: { from: '2012-02-25', to: '2012-03-12' },
  week: { from: '2009-12-28', to: '2010-03-02' },
  month: { from: '2011-12-31', to: '2012-12-30' },
  quarter: { from: '2010-02-02', to: '2013-02-28' },
  year: { from: '2001-01-01', to: '2031-12-31' },
};
const COMBINED = ['and', 'or', 'not'] as const;

/** An operator on a field, or a way to combine two of them. */
export type Check = readonly [name: string, operator: string];

/** Everything that conditions of a cube can say. */
export const checksOf = (cube: Cube): Check[] => [
  ...filterNames(cube).flatMap((name) => operatorsFor(cube, name).map((operator): Check => [name, operator])),
  ...COMBINED.map((operator): Check => ['', operator]),
];

/**
 * Questions with every measure for each dimension and grain. Round 0 goes once through all operators on all fields; with the
 * rounds from 1 on every operator meets every measure, dimension and grain.
 */
export function sweep(cube: Cube, world: World, round: number): { readonly question: Question; readonly check: Check }[] {
  const checks = checksOf(cube);
  const operators = [...new Set(checks.map(([, operator]) => operator))];
  const cells = Object.keys(cube.dimensions).flatMap((dimension) => TIME_GRAINS.map((grain) => ({ dimension, grain })));
  return cells.flatMap(({ dimension, grain }, index) => {
    const some = round === 0 ? checks : checks.filter(([, operator]) => operator === operators[(round - 1) % operators.length]);
    const check = some[index % some.length]!;
    const where = fitting(new Random(index, round), cube, world, check, SPANS[grain]!);
    return measuresFor(cube, dimension, where).map((measures) => ({
      check,
      question: { cube: cube.name, fields: [grain, dimension, ...measures], ...SPANS[grain]!, where, limit: LIMITS.maxRows.value },
    }));
  });
}

/** As many measures as a question may have; rates where regions alone decide. */
function measuresFor(cube: Cube, dimension: string, where: Where): string[][] {
  const isPlain = dimension !== 'prefecture' && !/"(prefecture|and|or|not)"/.test(JSON.stringify(where));
  const names = Object.keys(cube.measures).filter((name) => isPlain || cube.measures[name]!.kind !== 'rate');
  const size = LIMITS.maxFields.value - 2;
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) => names.slice(index * size, (index + 1) * size));
}

/** A condition that some row of the days meets; after many tries, one that none does. */
function fitting(random: Random, cube: Cube, world: World, check: Check, { from, to }: { from: string; to: string }): Where {
  const rows = world.cubes[cube.name]!.rows.filter(({ day }) => day >= from && day <= to);
  let where = whereOf(random, cube, world, check);
  for (let tries = 0; tries < 50 && !rows.some((row) => meets(row, where, world.parents)); tries += 1)
    where = whereOf(random, cube, world, check);
  return where;
}

function whereOf(random: Random, cube: Cube, world: World, [name, operator]: Check): Where {
  const filter = (field: string, is: string): Where => ({ [field]: { [is]: valueFor(random, is, cube, field, world) } });
  if (name !== '') return filter(name, operator);
  const [one, other] = [filter('region', 'notIn'), filter('sector', 'in')];
  return operator === 'not' ? { not: { ...one, ...other } } : { [operator]: [one, other] };
}
