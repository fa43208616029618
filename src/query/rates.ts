import { GovblogError } from '../errors';
import type { Cube, Measure } from '../model/define';
import type { Indicator, Members, Region } from '../model/members';
import type { Day } from '../model/time';
import { predicatesIn, type Criterion } from './where';

/** What a place had in a year, and which year that was. */
export interface Denominator {
  /** Value of the dimension that the rows are grouped by; EVERYWHERE without one. */
  readonly place: string;
  /** Year of the rows. */
  readonly year: number;
  /** Year of the indicator: the same, or the nearest before it that is known, or else the first that is known. */
  readonly knownYear: number;
  readonly value: number;
}

/** A rate of a question with everything it is divided by. */
export interface Rate {
  readonly field: string;
  readonly numerator: string;
  readonly indicator: string;
  readonly per: number;
  /** Dimension whose values are the places; null: all places of the question are one. */
  readonly placedBy: PlaceField | null;
  readonly denominators: readonly Denominator[];
}

export const EVERYWHERE = '';
const PLACE_FIELDS = ['region', 'nbsRegion', 'geoRegion'] as const;
type PlaceField = (typeof PLACE_FIELDS)[number];

/** Dimensions of whose places nobody knows the indicators. */
const UNKNOWN_PLACES = ['prefecture'] as const;
/** What a measure can be neither grouped nor filtered by. */
export const notWith = ({ kind }: Measure): readonly string[] => (kind === 'rate' ? UNKNOWN_PLACES : []);

interface Asked {
  readonly cube: Cube;
  /** Dimensions that the rows are grouped by. */
  readonly dimensions: readonly string[];
  readonly where: readonly Criterion[];
  /** First and last day whose rows are divided. */
  readonly from: Day;
  readonly to: Day;
}

/**
 * The rates among the measures of a question. What they are divided by is the sum over the regions that the question means:
 * those of the group, less those that a filter leaves out. Regions without the indicator have no part in it.
 *
 * @throws GovblogError BAD_QUERY where the places are not regions, or a condition mixes regions with something else.
 */
export function ratesOf(measures: readonly string[], asked: Asked, members: Members, indicators: readonly Indicator[]): Rate[] {
  return measures.flatMap((field) => {
    const measure = asked.cube.measures[field]!;
    if (measure.kind !== 'rate') return [];
    if (UNKNOWN_PLACES.some((place) => asked.dimensions.includes(place)))
      bad(
        `"${field}" is known by region, not by prefecture: nobody counted the ${measure.indicator} of prefectures here. Group by region.`,
      );
    const placedBy = PLACE_FIELDS.find((name) => asked.dimensions.includes(name)) ?? null;
    const meant = [...members.region.values()].filter((region) => asked.where.every((one) => allows(one, region, field)));
    const { numerator, indicator, per } = measure;
    return [
      { field, numerator, indicator, per, placedBy, denominators: denominators(meant, placedBy, yearsOf(asked), indicators, indicator) },
    ];
  });
}

const yearsOf = ({ from, to }: Asked): number[] => {
  const [first, last] = [from, to].map((day) => Number(day.slice(0, 4)));
  return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
};

function denominators(
  regions: readonly Region[],
  placedBy: PlaceField | null,
  years: readonly number[],
  indicators: readonly Indicator[],
  wanted: string,
): Denominator[] {
  const values = new Map(
    indicators.filter(({ indicator }) => indicator === wanted).map((one) => [`${one.regionCode} ${one.year}`, one.value]),
  );
  const known = [...new Set(indicators.filter(({ indicator }) => indicator === wanted).map(({ year }) => year))].sort((a, b) => a - b);
  return years.flatMap((year) => {
    const knownYear = known.findLast((one) => one <= year) ?? known[0];
    const places = new Map<string, number>();
    for (const region of regions) {
      const place = placedBy === null ? EVERYWHERE : placedBy === 'region' ? region.code : region[placedBy];
      const value = values.get(`${region.code} ${knownYear}`);
      if (place !== null && value !== undefined) places.set(place, (places.get(place) ?? 0) + value);
    }
    return [...places].map(([place, value]) => ({ place, year, knownYear: knownYear!, value }));
  });
}

/** Whether a condition lets a region through; conditions on anything else than regions let every region through. */
function allows(criterion: Criterion, region: Region, field: string): boolean {
  const columns = new Set(predicatesIn([criterion]).map(({ column }) => column));
  if (UNKNOWN_PLACES.some((place) => columns.has(place))) bad(`"${field}" is known by region, not by prefecture; filter by region.`);
  if (!columns.has('region')) return true;
  if (columns.size > 1)
    bad(`"${field}" cannot be told where one condition (and, or, not) mixes regions with something else; ask for the parts one by one.`);
  return meets(criterion, region.code);
}

function meets(criterion: Criterion, code: string): boolean {
  if ('all' in criterion) return criterion.all.every((one) => meets(one, code));
  if ('any' in criterion) return criterion.any.some((one) => meets(one, code));
  if ('not' in criterion) return !criterion.not.every((one) => meets(one, code));
  return criterion.values.includes(code) === (criterion.is === 'in');
}

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
