import { IANAZone } from 'luxon';
import { isDay } from '../model/time';
import { didYouMean } from '../suggest';

/** Reference tables that can be given rows of one's own. */
export const REFERENCE_KINDS = ['regions', 'sectors', 'indicators', 'levels', 'platforms'] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

export type CsvCells = Record<string, string>;
/** What a file of one kind may hold. */
export interface Kind {
  /** Columns of the file with their room in characters. */
  readonly room: Readonly<Record<string, number>>;
  readonly needed: readonly string[];
  /** Numbers that must be whole. */
  readonly whole?: readonly string[];
  /** What stands in for empty cells. */
  readonly fill: (cells: CsvCells) => CsvCells;
  /** What is wrong with a row, as column and sentence. */
  readonly check?: (cells: CsvCells) => readonly [string, string] | null;
}

const named = ({ name = '', name_zh: chinese = '' }: CsvCells): CsvCells => ({ name_zh: chinese === '' ? name : chinese });
const REGION_KINDS = ['province', 'prefecture', 'special'];

export const KINDS: Readonly<Record<ReferenceKind, Kind>> = {
  regions: {
    room: {
      code: 16, parent_code: 16, kind: 16, name: 80, name_zh: 80, name_zh_full: 80, iso_3166_2: 16, nbs_region: 32, nbs_region_zh: 32,
      geo_region: 32, geo_region_zh: 32, geo_alt_region: 32,
    }, // prettier-ignore
    needed: ['code', 'name'],
    fill: (cells) => ({
      kind: cells['kind'] || (cells['parent_code'] ? 'prefecture' : 'province'),
      ...named(cells),
      name_zh_full: cells['name_zh_full'] || named(cells)['name_zh']!,
    }),
    check: ({ kind = '' }) =>
      REGION_KINDS.includes(kind) ? null : ['kind', `"${kind}" is none of ${REGION_KINDS.join(', ')}.${didYouMean(kind, REGION_KINDS)}`],
  },
  sectors: { room: { code: 24, parent_code: 24, name: 120, name_zh: 120 }, needed: ['code', 'name'], fill: named },
  levels: {
    room: { code: 8, rank: 12, name: 120, name_zh: 120, cadre_rank: 120, cadre_rank_zh: 120, units_end_2011: 12, note: 400 },
    needed: ['code', 'name'],
    whole: ['rank', 'units_end_2011'],
    fill: named,
  },
  platforms: {
    room: { code: 16, name: 80, name_zh: 80, time_zone: 40, likes_since: 10, synthetic: 5 },
    needed: ['code', 'name', 'time_zone'],
    fill: (cells) => ({ ...named(cells), synthetic: cells['synthetic'] || 'false' }),
    check: ({ time_zone: zone = '', likes_since: since = '', synthetic = '' }) => {
      if (!IANAZone.isValidZone(zone)) return ['time_zone', `"${zone}" is not an IANA time zone such as Asia/Shanghai or UTC.`];
      if (since !== '' && !isDay(since)) return ['likes_since', `"${since}" is not a day; write 2011-12-31.`];
      return ['true', 'false'].includes(synthetic) ? null : ['synthetic', `"${synthetic}" is neither true nor false.`];
    },
  },
  indicators: {
    room: { region_code: 16, indicator: 40, year: 4, value: 40, unit: 40 },
    needed: ['region_code', 'indicator', 'year', 'value'],
    whole: ['year'],
    fill: () => ({}),
    check: ({ year = '', value = '' }) => {
      if (!/^\d{4}$/.test(year)) return ['year', `"${year}" is not a year; write 2011.`];
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)
        ? null
        : ['value', `"${value}" is not a number; write 12153.03, without separators.`];
    },
  },
};
export const SOURCED = { source: 200, confidence: 200 };
