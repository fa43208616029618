import { additivityOf, formulaOf, TIME_GRAINS, type Additivity, type Cube, type Dimension, type MemberTable } from '../model/define';

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
  readonly measures: readonly MeasureEntry[];
}
export interface DimensionEntry {
  readonly name: string;
  readonly label: string;
  readonly labelZh: string;
  readonly description: string;
  readonly operators: readonly string[];
  readonly members: string | null;
  readonly source: string | null;
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
}

const GRAIN_ZH = { day: '日', week: '周', month: '月', quarter: '季度', year: '年' } as const;

/** Operators that a filter of the dimension takes. */
export function operatorsOf(dimension: Dimension): string[] {
  const listed = ['eq', 'in', 'notIn'];
  if (dimension.hierarchy) return [...listed, 'under'];
  return dimension.type === 'integer' || dimension.type === 'month' || dimension.members === 'level' ? [...listed, 'gte', 'lte'] : listed;
}

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
        label: dimension.label,
        labelZh: dimension.labelZh,
        description: dimension.description,
        operators: operatorsOf(dimension),
        members: dimension.members ? LISTS[dimension.members] : null,
        source: dimension.source ?? null,
      })),
    ],
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
      };
    }),
  };
}
