import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  Float,
  ID,
  Info,
  InputType,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  type ClassType,
} from 'type-graphql';
import type { Answer } from '../../src/answer/answer';
import { isTimeGrain, TIME_GRAINS, valueTypeOf, type Cube, type Dimension, type Doc } from '../../src/model/define';
import { PERIOD_DIMENSION } from '../../src/query/calendar';
import { LIMITS } from '../../src/query/limits';
import { fieldsOf, PERIOD, type Bounds, type NamedPeriod, type Order, type Question, type Where } from '../../src/query/question';
import type { Context } from '../context';
import { AccountType, Attribution, Direction, Fill, Level } from '../enums';
import {
  AccountFilter,
  AccountTypeFilter,
  CodeFilter,
  LevelFilter,
  CountFilter,
  MonthFilter,
  NumberFilter,
  TextFilter,
  TreeFilter,
} from '../filters';
import { Account } from '../registry/accountTypes';
import { Region, Sector } from '../registry/members';
import { Count, Day } from '../scalars';
import { Provenance } from './provenance';
import { DERIVED, derivedFields, derivedIn, havingType } from './derivedFields';
import { rowViews } from './rowView';
import { selectedFields } from './selectedFields';

// The fields of a cube are not known before the model is read, so this is the one file where decorators are called as
// functions: Field(() => Type)(prototype, name). Everything else is decorated in the ordinary way.

@InputType({ description: 'A span of local days, both ends included.' })
export class Period {
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
}

@InputType({ description: 'A span of local days with a name, both ends included.' })
export class NamedPeriodInput {
  @Field(() => String) name!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
}

interface Result {
  readonly rows: readonly Record<string, unknown>[];
  readonly totals: Record<string, unknown>;
  readonly rowCount: number;
  readonly provenance: Provenance;
}

/** Makes the resolver of one cube: `activity(period: …, where: …) { rows { month region { name } posts } }`. */
export function cubeResolver(cube: Cube): ClassType<object>[] {
  const type = cube.name.charAt(0).toUpperCase() + cube.name.slice(1);
  const { Result, Row } = resultType(cube, type);
  const Having = havingType(cube, type);
  const Where = whereType(cube, type);
  const OrderBy = orderType(cube, type);

  @Resolver()
  class CubeResolver {
    @Query(() => Result, {
      name: cube.name,
      description: `${cube.description} Grain: ${cube.grain}. Rows are grouped by the time grains and dimensions that are selected.`,
    })
    async query(
      @Arg('period', () => Period, { description: 'Local days of the platform, both ends included.' }) { from, to }: Period,
      @Arg('where', () => Where, { nullable: true, description: 'Conditions; all must hold.' }) where: Where | undefined,
      @Arg('calendar', () => [NamedPeriodInput], {
        nullable: true,
        description: 'Periods of your own, to group by as `period`. Days in none of them are left out.',
      })
      calendar: NamedPeriod[] | undefined,
      @Arg('attribution', () => Attribution, {
        defaultValue: 'AT_TIME',
        description: 'Region, sector, type and level as they were on each day, or as they are now.',
      })
      attribution: Question['attribution'],
      @Arg('fill', () => Fill, {
        defaultValue: 'NONE',
        description: 'ZERO: a row for each bucket of each group, with 0 where nothing was counted. NONE: only where there is something.',
      })
      fill: Question['fill'],
      @Arg('having', () => Having, { nullable: true, description: 'Conditions on measures; groups that do not meet them are left out.' })
      having: Record<string, Bounds> | undefined,
      @Arg('orderBy', () => [OrderBy], { nullable: true, description: 'Without it rows are ordered by what they are grouped by.' })
      orderBy: Order[] | undefined,
      @Arg('limit', () => Int, {
        nullable: true,
        description: `Rows to return, ${LIMITS.maxRows.value} at most. Without it an answer of more than ${LIMITS.defaultRows.value} rows is refused, never cut off.`,
      })
      limit: number | undefined,
      @Arg('offset', () => Int, { nullable: true, description: 'Rows to skip.' }) offset: number | undefined,
      @Arg('snapshot', () => ID, { nullable: true, description: 'Answer from this snapshot instead of the newest.' })
      snapshot: string | undefined,
      @Ctx() context: Context,
      @Info() info: GraphQLResolveInfo,
    ): Promise<Partial<Result>> {
      context.countCube();
      const parts = selectedFields(info);
      const totals = selectedFields(info, 'totals');
      const rows = [...selectedFields(info, 'rows').filter((name) => !DERIVED.includes(name)), ...derivedIn(info, `${type}Row`)];
      const fields = rows.length > 0 ? rows : totals;
      const question: Question = {
        cube: cube.name,
        // Provenance alone still speaks of a question: the first measure.
        fields: fields.length > 0 || parts.includes('rows') ? fields : Object.keys(cube.measures).slice(0, 1),
        from,
        to,
        ...(where && { where: { ...where } }),
        ...(calendar && { calendar: calendar.map(({ name, from: first, to: last }) => ({ name, from: first, to: last })) }),
        ...(attribution === 'CURRENT' && { attribution }),
        ...(fill === 'ZERO' && { fill }),
        ...(having && { having: { ...having } }),
        ...(orderBy && { orderBy: orderBy.map(({ field, direction }) => ({ field, direction })) }),
        ...(limit !== undefined && limit !== null && { limit }),
        ...(offset !== undefined && offset !== null && { offset }),
      };
      const open = await context.open(snapshot);
      return resolveParts(context.ask(question, open), parts, totals, context);
    }
  }
  return [CubeResolver, derivedFields(cube, type, Row)];
}

/** Computes the parts of an answer that are selected, and no others. */
async function resolveParts(
  answer: Answer,
  parts: readonly string[],
  totals: readonly string[],
  { reader }: Context,
): Promise<Partial<Result>> {
  return {
    ...(parts.includes('rows') && { rows: await rowViews(answer.cube, await answer.rows(), answer.open, reader) }),
    ...(totals.length > 0 && { totals: await answer.totals(totals) }),
    ...(parts.includes('totals') && totals.length === 0 && { totals: {} }),
    ...(parts.includes('rowCount') && { rowCount: await answer.rowCount() }),
    ...(parts.includes('provenance') && { provenance: { answer } }),
  };
}

type FieldType = GraphQLScalarType | ClassType<object> | object;

function resultType(cube: Cube, type: string): { Result: ClassType<object>; Row: ClassType<object> } {
  const Row = namedClass(`${type}Row`);
  addField(Row, PERIOD, String, PERIOD_DIMENSION);
  for (const grain of TIME_GRAINS)
    addField(Row, grain, Day, {
      label: grain,
      labelZh: grain,
      description: grain === 'week' ? 'Monday of the ISO week.' : `First day of the ${grain}.`,
    });
  for (const [name, dimension] of Object.entries(cube.dimensions)) addField(Row, name, dimensionType(name, dimension), dimension);
  for (const [name, measure] of Object.entries(cube.measures))
    addField(Row, name, valueTypeOf(measure) === 'count' ? Count : Float, measure);
  ObjectType({ simpleResolvers: true, description: `One group of ${cube.name}: what is selected is what is grouped by.` })(Row);

  const Totals = namedClass(`${type}Totals`);
  for (const [name, measure] of Object.entries(cube.measures))
    addField(Totals, name, valueTypeOf(measure) === 'count' ? Count : Float, measure);
  ObjectType({ simpleResolvers: true, description: 'Measures over everything the question covers, not over one page.' })(Totals);

  const Result = namedClass(`${type}Result`);
  Field(() => [Row])(Result.prototype, 'rows');
  Field(() => Totals)(Result.prototype, 'totals');
  Field(() => Count, { description: 'Number of rows without limit and offset.' })(Result.prototype, 'rowCount');
  Field(() => Provenance)(Result.prototype, 'provenance');
  ObjectType({ simpleResolvers: true, description: cube.description })(Result);
  return { Result, Row };
}

function whereType(cube: Cube, type: string): ClassType<object> {
  const Where = namedClass(`${type}Where`);
  for (const [name, dimension] of Object.entries(cube.dimensions)) addField(Where, name, filterType(name, dimension), dimension);
  for (const [name, condition] of Object.entries(cube.conditions ?? {}))
    addField(Where, name, condition.type === 'text' ? TextFilter : CountFilter, condition);
  Field(() => [Where], { nullable: true, description: 'All of these must hold.' })(Where.prototype, 'and');
  Field(() => [Where], { nullable: true, description: 'At least one of these must hold.' })(Where.prototype, 'or');
  Field(() => Where, { nullable: true, description: 'This must not hold; what is unknown does not meet a condition, so it stays.' })(
    Where.prototype,
    'not',
  );
  InputType({ description: `Conditions on the dimensions of ${cube.name}; all that are given must hold.` })(Where);
  return Where;
}

function orderType(cube: Cube, type: string): ClassType<object> {
  const fields = Object.fromEntries(fieldsOf(cube).map((field) => [field, field]));
  registerEnumType(fields, { name: `${type}Field`, description: `Fields of ${cube.name} to order by.` });
  const OrderBy = namedClass(`${type}Order`);
  Field(() => fields)(OrderBy.prototype, 'field');
  Field(() => Direction, { defaultValue: Direction.ASC })(OrderBy.prototype, 'direction');
  InputType({ description: `An order of the rows of ${cube.name}.` })(OrderBy);
  return OrderBy;
}

function addField(target: ClassType<object>, name: string, type: FieldType, { label, labelZh, description, unit }: Doc): void {
  const text = isTimeGrain(name) ? description : `${label} (${labelZh}). ${description}${unit ? ` Unit: ${unit}.` : ''}`;
  Field(() => type as GraphQLScalarType, { nullable: true, description: text })(target.prototype, name);
}

function dimensionType(name: string, { type, members }: Dimension): FieldType {
  if (name === 'account') return Account;
  if (type === 'object') return members === 'sector' ? Sector : Region;
  if (type === 'enum') return members === 'level' ? Level : AccountType;
  if (type === 'month') return Day;
  return type === 'integer' ? Int : String;
}

function filterType(name: string, { type, members, hierarchy }: Dimension): ClassType<object> {
  if (name === 'account') return AccountFilter;
  if (type === 'enum') return members === 'level' ? LevelFilter : AccountTypeFilter;
  if (type === 'month') return MonthFilter;
  if (type === 'integer') return NumberFilter;
  return hierarchy ? TreeFilter : CodeFilter;
}

/** A class whose name errors and the schema can use; decorators take the name of a type from it. */
const namedClass = (name: string): ClassType<object> => ({ [name]: class {} })[name]!;
