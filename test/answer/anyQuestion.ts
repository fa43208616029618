import fc from 'fast-check';
import { isTimeGrain, TIME_GRAINS, type Cube } from '../../src/model/define';
import { addDays, monthEnd } from '../../src/model/time';
import { derivedOf } from '../../src/query/derived';
import type { Filter, Question, Where } from '../../src/query/question';

/** Filters that the demo data and the traps have rows for, and rows without. */
const FILTERS: Readonly<Record<string, readonly Filter[]>> = {
  region: [{ eq: '44' }, { notIn: ['11', '44'] }, { under: '31' }],
  nbsRegion: [{ eq: 'East' }, { notIn: ['East', 'West'] }],
  accountType: [{ eq: 'AGENCY' }, { in: ['OFFICIAL', 'UNKNOWN'] }],
  platform: [{ eq: 'weibo' }, { notIn: ['demo'] }],
  sector: [{ under: 'PS' }, { eq: 'TO-TOUR' }],
  prefecture: [{ eq: '440100' }],
  level: [{ gte: 'L3' }],
  openedMonth: [{ gte: '2011-07' }],
  account: [{ eq: 'weibo:1001' }, { notIn: ['weibo:1001', 'weibo:1011'] }],
};

/** Days on which buckets begin and end, and days that cut them. */
const months = Array.from(
  { length: 42 },
  (_, index) => `${2009 + Math.floor((index + 10) / 12)}-${String(((index + 10) % 12) + 1).padStart(2, '0')}`,
);
const years = ['2010', '2011', '2012'];
const period = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(41), fc.nat(15)).map(([first, more]) => ({ from: `${months[first]}-01`, to: monthEnd(months[Math.min(41, first + more)]!) })) },
  { weight: 3, arbitrary: fc.constantFrom(...years).map((year) => ({ from: `${year}-01-01`, to: `${year}-12-31` })) },
  { weight: 2, arbitrary: fc.constant({ from: '2009-01-01', to: '2020-12-31' }) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(1200), fc.nat(200)).map(([first, more]) => ({ from: addDays('2009-11-20', first), to: addDays('2009-11-20', first + more) })) },
); // prettier-ignore

/** Any question that a cube takes: groupings, measures, what follows from them, filters, conditions, order and pages. */
export const anyQuestion = (cube: Cube): fc.Arbitrary<Question> =>
  fc
    .record({
      grains: fc.subarray([...TIME_GRAINS], { maxLength: 2 }),
      dimensions: fc.subarray(Object.keys(cube.dimensions), { maxLength: 3 }),
      measures: fc.subarray(Object.keys(cube.measures), { minLength: 1, maxLength: 5 }),
      derived: fc.array(fc.constantFrom('share', 'rank', 'cumulative', 'previous.MONTH', 'previous.YEAR', 'change.QUARTER', 'change.YEAR', 'estimate.95'), { maxLength: 2 }), // prettier-ignore
      period,
      filters: fc.subarray(Object.keys(FILTERS), { maxLength: 2 }),
      which: fc.nat(10),
      having: fc.option(fc.nat(100), { freq: 4 }),
      order: fc.boolean(),
      page: fc.constantFrom({ limit: 20_000 }, { limit: 3 }, { limit: 2, offset: 2 }, { limit: 5_000 }),
    })
    .map((parts) => ({ ...parts, measures: parts.measures.filter((name) => isKnown(cube, name, [...parts.dimensions, ...parts.filters])) }))
    .filter(({ measures }) => measures.length > 0)
    .map(({ grains, dimensions, measures, derived, period: days, filters, which, having, order, page }) => {
      const [first] = measures;
      const following = [...new Set(derived.map((one) => `${one}.${first!}`))].filter((field) => isAllowed(field, cube, grains));
      return {
        cube: cube.name,
        fields: [...grains, ...dimensions, ...measures, ...following],
        ...days,
        where: whereOf(
          filters.map((name) => ({ [name]: FILTERS[name]![which % FILTERS[name]!.length]! })),
          which,
          measures.every((name) => cube.measures[name]!.kind !== 'rate'),
        ),
        ...(having !== null && { having: { [first!]: { gte: having } } }),
        ...(order && { orderBy: [{ field: first!, direction: 'DESC' as const }] }),
        ...page,
      };
    });

/** The filters beside each other, or as alternatives, or as what must not be; rates take none that mix regions with something else. */
function whereOf(filters: readonly Where[], which: number, mayCombine: boolean): Where {
  if (filters.length < 2 || !mayCombine || which % 3 === 0) return Object.assign({}, ...filters) as Where;
  return which % 3 === 1 ? { or: filters } : { ...filters[0], not: filters[1]! };
}

/** What rates are divided by is known by region, not by prefecture. */
const isKnown = (cube: Cube, measure: string, fields: readonly string[]): boolean =>
  cube.measures[measure]!.kind !== 'rate' || !fields.includes('prefecture');

function isAllowed(field: string, cube: Cube, grains: readonly string[]): boolean {
  try {
    derivedOf(field, cube, grains.filter(isTimeGrain));
    return true;
  } catch {
    return false;
  }
}
