import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { isListed, memberCount, membersOf } from '../../src/answer/members';
import type { OpenSnapshot } from '../../src/answer/reader';
import { GovblogError } from '../../src/errors';
import { codebookOf, type DimensionEntry } from '../../src/export/codebook';
import { cubeNamed } from '../../src/model';
import type { Cube } from '../../src/model/define';
import { LIMITS } from '../../src/query/limits';
import { ATTRIBUTIONS, FILLS } from '../../src/query/question';
import type { Context } from '../context';
import { AccountType, Level } from '../enums';
import { Count } from '../scalars';
import { DimensionInfo, type CubeInfo } from './datasetTypes';
import { DimensionValue, type ChoiceInfo } from './discoveryTypes';

type OpenDimension = DimensionInfo & { readonly open: OpenSnapshot };

export const CHOICES: ChoiceInfo[] = [
  { name: 'attribution', values: [...ATTRIBUTIONS], description: 'Attributes of accounts as they were on each day, or as they are now.' },
  { name: 'fill', values: [...FILLS], description: 'ZERO needs a time grain, or the periods of a calendar, to fill along.' },
];

/** The entry of a cube, whose dimensions know their snapshot. */
export function cubeInfo(cube: Cube, open: OpenSnapshot): CubeInfo {
  const entry = codebookOf(cube);
  const dimensions = entry.dimensions.map((dimension) => ({ ...dimension, cube: cube.name, selection: selectionOf(dimension), open }));
  return { ...entry, dimensions } as unknown as CubeInfo;
}

const selectionOf = ({ name, kind }: DimensionEntry): string[] => {
  if (kind !== 'OBJECT') return [];
  return name === 'account' ? ['id', 'screenName'] : ['code', 'name', 'nameZh'];
};

/** Values of one page. */
const PAGE = 1_000;

@Resolver(() => DimensionInfo)
export class DimensionResolver {
  @FieldResolver(() => Count, { description: 'How many values its filter can be given; of time grains, which the period filters, 0.' })
  async valueCount(@Root() { cube, name, kind, open }: OpenDimension, @Ctx() context: Context): Promise<number> {
    if (kind === 'TIME') return 0;
    return kind === 'ENUM'
      ? (await valuesOf(cube, name, kind, open, context)).length
      : memberCount(cubeNamed(cube)!, name, open, (question) => context.ask(question, open));
  }

  @FieldResolver(() => [DimensionValue], {
    description: `Values that its filter can be given, with the rows that have them, in the order of the values, ${PAGE} at most. None for time grains; none for accounts, which \`accounts\` finds.`,
  })
  async values(
    @Root() { cube, name, kind, open }: OpenDimension,
    @Ctx() context: Context,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
    @Arg('offset', () => Int, { defaultValue: 0 }) offset: number,
  ): Promise<DimensionValue[]> {
    if (first < 0 || first > PAGE || offset < 0 || offset > LIMITS.maxOffset.value)
      throw new GovblogError('BAD_QUERY', `"values" takes "first" from 0 to ${PAGE} and "offset" from 0 to ${LIMITS.maxOffset.value}.`);
    return (await valuesOf(cube, name, kind, open, context)).slice(offset, offset + first);
  }
}

async function valuesOf(cube: string, name: string, kind: string, open: OpenSnapshot, context: Context): Promise<DimensionValue[]> {
  if (kind === 'TIME' || !isListed(name)) return [];
  return (await membersOf(cubeNamed(cube)!, name, open, (question) => context.ask(question, open))).flatMap((member) => {
    const literal = literalOf(name, kind, member.value);
    return literal === undefined ? [] : [{ ...member, literal }];
  });
}

/** A value as it is written in a document; none for a code that the enum of its filter does not have. */
function literalOf(name: string, kind: string, value: string): string | undefined {
  if (kind === 'INTEGER') return value;
  if (kind !== 'ENUM') return JSON.stringify(value);
  const names: Readonly<Record<string, string>> = name === 'level' ? Level : AccountType;
  return Object.keys(names).find((one) => names[one] === value);
}
