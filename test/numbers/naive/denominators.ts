import type { Where } from '../../../src/query/question';
import { meets, type Cell } from './conditions';
import type { Scope } from './naiveAnswer';

const PLACES = ['region', 'nbsRegion', 'geoRegion'] as const;

/** What the regions that a group means have of an indicator, in the year of the group or the nearest that is known. */
export function denominator(
  { world, question, calendar, to, grains, others }: Scope,
  key: Readonly<Record<string, Cell>>,
  indicator: string,
): number | null {
  const values = world.indicators.filter((one) => one.indicator === indicator);
  const years = [...new Set(values.map(({ year }) => year))].sort((a, b) => a - b);
  // A week may lie in two years; beside a month, quarter or year it is the part of it that lies there.
  const grain = (['year', 'quarter', 'month', 'day', 'week'] as const).find((one) => grains.includes(one));
  const day = grain ? (key[grain] as string) : others.includes('period') ? calendar.find(({ name }) => name === key['period'])!.to : to;
  const year = years.filter((one) => one <= Number(day.slice(0, 4))).at(-1) ?? years[0];
  const by = PLACES.find((place) => others.includes(place));
  const meant = world.regions.filter(
    (region) =>
      isMeant(region, question.where ?? {}, world.parents) && (by === undefined || (region[by] !== null && region[by] === key[by])),
  );
  const known = meant.flatMap(({ region }) => values.filter((one) => one.region === region && one.year === year).map(({ value }) => value));
  return known.length === 0 ? null : known.reduce((all, value) => all + value, 0);
}

/** Whether the conditions on regions leave a region; those on anything else leave all. */
const isMeant = (region: Readonly<Record<string, Cell>>, where: Where, parents: Parameters<typeof meets>[2]): boolean =>
  Object.entries(where).every(([name, part]) => {
    const speaksOfRegions = /"(region|nbsRegion|geoRegion)"/.test(JSON.stringify({ [name]: part }));
    return !speaksOfRegions || meets({ day: '', ...region }, { [name]: part }, parents);
  });
