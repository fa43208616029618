import { TIME_GRAINS } from '../model/define';
import { COMPARABLE, ESTIMATED, ROLLING, SHIFTS, type Derived } from '../query/derived';
import { LIMITS } from '../query/limits';

/** An argument of a derived field. */
export interface ArgumentEntry {
  readonly name: string;
  /** A measure of the cube, one of `values`, a whole number, or a number. */
  readonly kind: 'MEASURE' | 'ENUM' | 'INTEGER' | 'NUMBER';
  readonly values: readonly string[];
  readonly least: number | null;
  readonly most: number | null;
  /** What it is when it is left out; null: it must be given. */
  readonly otherwise: string | null;
}

/** A value that follows from the whole answer, as a program must know it to ask for it. */
export interface DerivedEntry {
  readonly name: Derived['kind'];
  /** How it is written among the fields of a plain URL. */
  readonly field: string;
  readonly description: string;
  readonly arguments: readonly ArgumentEntry[];
  /** What is selected below it: MEASURES, or names of its own; empty for a plain value. */
  readonly selection: readonly string[];
  /** How many time grains the question may group by. */
  readonly leastGrains: number;
  readonly mostGrains: number;
  /** The period begins with the first day of a bucket. */
  readonly wholeBuckets: boolean;
  /** The finest grain of the question, where there is one, is one of these. */
  readonly finestGrains: readonly { readonly shift: string; readonly grains: readonly string[] }[];
}

const argument = (name: string, kind: ArgumentEntry['kind'], rest: Partial<ArgumentEntry> = {}): ArgumentEntry => ({
  name,
  kind,
  values: [],
  least: null,
  most: null,
  otherwise: null,
  ...rest,
});
const shift = (name: string): ArgumentEntry => argument(name, 'ENUM', { values: SHIFTS });
const plain = { selection: [], leastGrains: 0, mostGrains: TIME_GRAINS.length, wholeBuckets: false, finestGrains: [] } as const;
const finestGrains = SHIFTS.map((one) => ({ shift: one, grains: COMPARABLE[one] }));

/** Every derived field. Which measures take it stands with the measures. */
export const DERIVED_ENTRIES: readonly DerivedEntry[] = [
  {
    ...plain,
    name: 'share',
    field: 'share.<of>',
    description: 'Part of all groups of the same bucket or named period, 0 to 1.',
    arguments: [argument('of', 'MEASURE')],
  },
  {
    ...plain,
    name: 'rank',
    field: 'rank.<by>',
    description: 'Rank among all groups of the same bucket or named period, the largest first.',
    arguments: [argument('by', 'MEASURE')],
  },
  {
    ...plain,
    name: 'cumulative',
    field: 'cumulative.<of>',
    description: 'Sum over the buckets of the group up to this one.',
    arguments: [argument('of', 'MEASURE')],
    leastGrains: 1,
  },
  {
    ...plain,
    name: 'rolling',
    field: 'rolling.<window>.<as>.<of>',
    description: 'Mean or sum of so many buckets up to this one.',
    arguments: [
      argument('of', 'MEASURE'),
      argument('window', 'INTEGER', { least: 2, most: LIMITS.maxWindow.value }),
      argument('as', 'ENUM', { values: ROLLING, otherwise: 'MEAN' }),
    ],
    leastGrains: 1,
    mostGrains: 1,
    wholeBuckets: true,
  },
  {
    ...plain,
    name: 'previous',
    field: 'previous.<period>.<measure>',
    description: 'The same group a month, quarter or year before.',
    arguments: [shift('period')],
    selection: ['MEASURES'],
    finestGrains,
  },
  {
    ...plain,
    name: 'change',
    field: 'change.<over>.<of>',
    description: 'Relative change against the same group a month, quarter or year before.',
    arguments: [argument('of', 'MEASURE'), shift('over')],
    finestGrains,
  },
  {
    ...plain,
    name: 'why',
    field: 'why.<of>',
    description: 'Why the measure is null in the row; null where it has a value.',
    arguments: [argument('of', 'MEASURE')],
  },
  {
    ...plain,
    name: 'estimate',
    field: 'estimate.<level in percent>.<of>, estimate.<level in percent>.share.<of>',
    description: 'A ratio, a quantile or a share with its confidence interval, accounts as clusters.',
    arguments: [
      argument('of', 'MEASURE'),
      argument('as', 'ENUM', { values: ESTIMATED, otherwise: 'VALUE' }),
      argument('level', 'NUMBER', { least: 0.5, most: 0.9999, otherwise: '0.95' }),
    ],
    selection: ['value', 'lower', 'upper', 'n', 'method'],
  },
];
