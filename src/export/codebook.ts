import { additivityOf, formulaOf, TIME_GRAINS, valueTypeOf, type Additivity, type Cube, type MemberTable } from '../model/define';
import { operatorsOf, operatorsOn } from '../model/operators';
import { derivedFrom, estimateWays, rollingWays } from '../query/derived';
import { BOUNDS } from '../query/question';
import { notWith } from '../query/rates';

/** Where `dataset` and the codebook list the members of a table. */
const LISTS: Readonly<Record<MemberTable, string>> = {
  region: 'regions',
  sector: 'sectors',
  level: 'levels',
  accountType: 'accountTypes',
  verifiedType: 'verifiedTypes',
  contentCategory: 'contentCategories',
  platform: 'platforms',
};

/** The codebook of a cube as plain data: GraphQL, the page and file formats are views of it. */
export interface CubeEntry {
  readonly name: string;
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  readonly grain: string;
  readonly dimensions: readonly DimensionEntry[];
  readonly conditions: readonly ConditionEntry[];
  readonly measures: readonly MeasureEntry[];
}
export type DimensionKind = 'TIME' | 'OBJECT' | 'ENUM' | 'TEXT' | 'INTEGER' | 'MONTH';
export interface DimensionEntry {
  readonly name: string;
  readonly kind: DimensionKind;
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  readonly operators: readonly string[];
  readonly members: string | null;
  readonly source: string | null;
}
/** A fact column that one can filter by and not group by. */
export interface ConditionEntry {
  readonly name: string;
  readonly kind: 'TEXT' | 'INTEGER';
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  readonly operators: readonly string[];
}
export interface MeasureEntry {
  readonly name: string;
  readonly label: string;
  readonly labelZh: string;
  readonly unit: string | null;
  readonly description: string;
  readonly formula: string;
  readonly additivity: Additivity;
  readonly existsSince: string | null;
  readonly existsSinceByPlatform: readonly { readonly platform: string; readonly day: string }[];
  readonly source: string | null;
  /** Whole numbers, or numbers with decimals. */
  readonly valueKind: 'COUNT' | 'NUMBER';
  /** Operators of `having`. */
  readonly having: readonly string[];
  /** Derived fields that it takes. */
  readonly derived: readonly string[];
  readonly rollingWays: readonly string[];
  /** Values of `as` with which it can be estimated. */
  readonly estimateWays: readonly string[];
  /** Dimensions that it can be neither grouped nor filtered by. */
  readonly notWith: readonly string[];
  /** A set of conditions (`and`, `or`, `not`) that speaks of regions may speak of nothing else. */
  readonly regionsApart: boolean;
}

const GRAIN_ZH = { day: '日', week: '周', month: '月', quarter: '季度', year: '年' } as const;

export function codebookOf(cube: Cube): CubeEntry {
  const { name, label, labelZh, description, grain } = cube;
  return {
    name,
    label,
    labelZh,
    description,
    grain,
    dimensions: [
      ...TIME_GRAINS.map((time) => ({
        name: time,
        kind: 'TIME' as const,
        label: time[0]!.toUpperCase() + time.slice(1),
        labelZh: GRAIN_ZH[time],
        description:
          time === 'week'
            ? 'ISO week, named by its Monday.'
            : time === 'day'
              ? 'Day in the local time of the platform.'
              : `Calendar ${time}, named by its first day.`,
        operators: [],
        members: null,
        source: null,
      })),
      ...Object.entries(cube.dimensions).map(([field, dimension]) => ({
        name: field,
        kind: dimension.type.toUpperCase() as DimensionKind,
        label: dimension.label,
        labelZh: dimension.labelZh,
        description: dimension.description,
        operators: operatorsOf(dimension),
        members: dimension.members ? LISTS[dimension.members] : null,
        source: dimension.source ?? null,
      })),
    ],
    conditions: Object.entries(cube.conditions ?? {}).map(([field, condition]) => ({
      name: field,
      kind: condition.type === 'text' ? 'TEXT' : 'INTEGER',
      label: condition.label,
      labelZh: condition.labelZh,
      description: condition.description,
      operators: operatorsOn(condition),
    })),
    measures: Object.entries(cube.measures).map(([field, measure]) => {
      const since = Object.entries(measure.existsSince ?? {}).map(([platform, day]) => ({ platform, day }));
      return {
        name: field,
        label: measure.label,
        labelZh: measure.labelZh,
        unit: measure.unit ?? null,
        description: measure.description,
        formula: formulaOf(measure),
        additivity: additivityOf(measure),
        existsSince: since.length === 0 ? null : since.map(({ platform, day }) => `${platform} ${day}`).join(', '),
        existsSinceByPlatform: since,
        source: measure.source ?? null,
        valueKind: valueTypeOf(measure) === 'count' ? ('COUNT' as const) : ('NUMBER' as const),
        having: BOUNDS,
        derived: derivedFrom(cube, field),
        rollingWays: rollingWays(cube, field),
        estimateWays: estimateWays(cube, field),
        notWith: notWith(measure),
        regionsApart: measure.kind === 'rate',
      };
    }),
  };
}
