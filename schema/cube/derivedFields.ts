import { getArgumentValues, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Field,
  FieldResolver,
  Float,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
  type ClassType,
} from 'type-graphql';
import { valueTypeOf, type Cube } from '../../src/model/define';
import {
  changeOf,
  cumulativeOf,
  estimateOf,
  ESTIMATED,
  previousOf,
  rankBy,
  ROLLING,
  rollingOf,
  shareOf,
  whyOf,
  SHIFTS,
  type EstimateAs,
  type RollingAs,
  type Shift,
} from '../../src/query/derived';
import { NULL_REASONS } from '../../src/query/whyNull';
import { Count } from '../scalars';
import { namesIn, selectedNodes } from './selectedFields';

// Fields of a row that take arguments: share(of: posts), rank(by: posts), previous(period: YEAR) { posts }, change(of: posts, over: YEAR),
// estimate(of: commentsPerPost). Each is one more field of the question, and its value stands in the row under that name.

const Shift = Object.fromEntries(SHIFTS.map((shift) => [shift, shift]));
registerEnumType(Shift, { name: 'Shift', description: 'By how much a comparison goes back.' });

const Rolling = Object.fromEntries(ROLLING.map((one) => [one, one]));
registerEnumType(Rolling, { name: 'Rolling', description: 'What a rolling value is of the buckets of its window.' });

const NullReason = Object.fromEntries(Object.keys(NULL_REASONS).map((one) => [one, one]));
registerEnumType(NullReason, {
  name: 'NullReason',
  description: 'Why a value is null. Null is never 0.',
  valuesConfig: Object.fromEntries(Object.entries(NULL_REASONS).map(([one, description]) => [one, { description }])),
});

const Estimated = Object.fromEntries(ESTIMATED.map((one) => [one, one]));
registerEnumType(Estimated, {
  name: 'Estimated',
  description: "What an interval is put around: the measure's own value, or the group's share of all groups of its time bucket.",
});

@ObjectType({ simpleResolvers: true, description: 'A value with its interval; accounts are the clusters.' })
export class EstimateView {
  @Field(() => Float, { nullable: true }) value!: number | null;
  @Field(() => Float, { nullable: true }) lower!: number | null;
  @Field(() => Float, { nullable: true }) upper!: number | null;
  @Field(() => Int, { description: 'Accounts that it rests on.' }) n!: number;
  @Field(() => String, { description: 'How the interval was made.' }) method!: string;
}

/** The fields of the question that the derived fields of the selected rows stand for. */
export function derivedIn(info: GraphQLResolveInfo, rowType: string): string[] {
  const row = info.schema.getType(rowType) as GraphQLObjectType;
  return selectedNodes(info, 'rows').flatMap((node) => {
    const field = row.getFields()[node.name.value];
    if (field === undefined || !DERIVED.includes(field.name)) return [];
    const args = getArgumentValues(field, node, info.variableValues) as {
      of: string;
      by: string;
      period: Shift;
      over: Shift;
      level: number;
      window: number;
      as: RollingAs | EstimateAs;
    };
    switch (field.name) {
      case 'share':
        return [shareOf(args.of)];
      case 'rank':
        return [rankBy(args.by)];
      case 'cumulative':
        return [cumulativeOf(args.of)];
      case 'rolling':
        return [rollingOf(args.of, args.window, args.as as RollingAs)];
      case 'why':
        return [whyOf(args.of)];
      case 'change':
        return [changeOf(args.of, args.over)];
      case 'estimate':
        return [estimateOf(args.of, args.level, args.as as EstimateAs)];
      default:
        return namesIn(node, info).map((measure) => previousOf(measure, args.period));
    }
  });
}

/** Names of fields of a row that are derived, not fields of the cube. */
export const DERIVED: readonly string[] = ['share', 'rank', 'cumulative', 'rolling', 'previous', 'change', 'why', 'estimate'];

type Row = Readonly<Record<string, unknown>>;

/** Adds the derived fields to the row type of a cube; answers the resolver that serves them. */
export function derivedFields(cube: Cube, type: string, row: ClassType<object>): ClassType<object> {
  const measures = Object.fromEntries(Object.keys(cube.measures).map((name) => [name, name]));
  registerEnumType(measures, { name: `${type}Measure`, description: `Measures of ${cube.name}.` });

  const Previous = { [`${type}Previous`]: class {} }[`${type}Previous`]!;
  for (const [name, measure] of Object.entries(cube.measures))
    Field(() => (valueTypeOf(measure) === 'count' ? Count : Float), { nullable: true, description: measure.label })(
      Previous.prototype,
      name,
    );
  ObjectType({ simpleResolvers: true, description: 'The same group an earlier period; null where it has no rows or nothing is known.' })(
    Previous,
  );

  @Resolver(() => row)
  class DerivedResolver {
    @FieldResolver(() => Float, {
      nullable: true,
      description: 'Part of all groups of the same time bucket, 0 to 1, whatever page and conditions on measures leave out.',
    })
    share(@Root() values: Row, @Arg('of', () => measures) of: string): unknown {
      return values[shareOf(of)] ?? null;
    }

    @FieldResolver(() => Count, {
      nullable: true,
      description: 'Rank among all groups of the same time bucket, the largest first; equal values share a rank (1, 2, 2, 4).',
    })
    rank(@Root() values: Row, @Arg('by', () => measures) by: string): unknown {
      return values[rankBy(by)] ?? null;
    }

    @FieldResolver(() => Count, {
      nullable: true,
      description: 'Sum over the buckets of the group up to this one, from the first day of the period on. Of sums and counts.',
    })
    cumulative(@Root() values: Row, @Arg('of', () => measures) of: string): unknown {
      return values[cumulativeOf(of)] ?? null;
    }

    @FieldResolver(() => Float, {
      nullable: true,
      description:
        'Mean or sum of the buckets up to this one; those before the period are looked at too. A bucket without rows is 0; null where the window begins before the data. Ratios are rolled by their parts.',
    })
    rolling(
      @Root() values: Row,
      @Arg('of', () => measures) of: string,
      @Arg('window', () => Int, { description: 'Buckets in the window, this one included.' }) window: number,
      @Arg('as', () => Rolling, { defaultValue: 'MEAN' }) as: RollingAs,
    ): unknown {
      return values[rollingOf(of, window, as)] ?? null;
    }

    @FieldResolver(() => Previous, { description: 'The same group a month, quarter or year before.' })
    previous(@Root() values: Row, @Arg('period', () => Shift) period: Shift): Row {
      return Object.fromEntries(Object.keys(cube.measures).map((name) => [name, values[previousOf(name, period)] ?? null]));
    }

    @FieldResolver(() => Float, {
      nullable: true,
      description:
        'Relative change against the same group a month, quarter or year before: 0.25 is a quarter more. Null where that is 0 or unknown.',
    })
    change(@Root() values: Row, @Arg('of', () => measures) of: string, @Arg('over', () => Shift) over: Shift): unknown {
      return values[changeOf(of, over)] ?? null;
    }

    @FieldResolver(() => NullReason, { nullable: true, description: 'Why the measure is null in this row; null where it has a value.' })
    why(@Root() values: Row, @Arg('of', () => measures) of: string): unknown {
      return values[whyOf(of)] ?? null;
    }

    @FieldResolver(() => EstimateView, {
      description:
        'A ratio, a quantile or a share with its confidence interval, accounts as clusters. A total is counted and not estimated: it has none.',
    })
    estimate(
      @Root() values: Row,
      @Arg('of', () => measures) of: string,
      @Arg('as', () => Estimated, { defaultValue: 'VALUE' }) as: EstimateAs,
      @Arg('level', () => Float, { defaultValue: 0.95, description: 'Confidence level, 0.5 to 0.9999.' }) level: number,
    ): unknown {
      return values[estimateOf(of, level, as)];
    }
  }
  return DerivedResolver;
}

@InputType({ description: 'Conditions on a number; all that are given must hold, and what is null meets none.' })
export class BoundsFilter {
  @Field(() => Float, { nullable: true }) eq?: number;
  @Field(() => Float, { nullable: true }) gt?: number;
  @Field(() => Float, { nullable: true }) gte?: number;
  @Field(() => Float, { nullable: true }) lt?: number;
  @Field(() => Float, { nullable: true }) lte?: number;
}

/** The input of `having`: conditions on the measures of a group. */
export function havingType(cube: Cube, type: string): ClassType<object> {
  const Having = { [`${type}Having`]: class {} }[`${type}Having`]!;
  for (const [name, { label }] of Object.entries(cube.measures))
    Field(() => BoundsFilter, { nullable: true, description: label })(Having.prototype, name);
  InputType({ description: `Conditions on the measures of a group of ${cube.name}; all that are given must hold.` })(Having);
  return Having;
}
