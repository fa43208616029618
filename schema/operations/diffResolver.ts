import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { diffSnapshots } from '../../src/answer/diff';
import type { Context } from '../context';
import { Day } from '../scalars';
import { SnapshotDiff } from './diffTypes';

@Resolver()
export class SnapshotDiffResolver {
  @Query(() => SnapshotDiff, { description: 'The revision notice between two snapshots: which values changed, and by how much.' })
  async snapshotDiff(
    @Arg('from', () => ID) from: string,
    @Arg('to', () => ID) to: string,
    @Arg('cube', () => String) cube: string,
    @Arg('by', () => [String], {
      defaultValue: ['month'],
      description: 'Time grains and dimensions that make a cell; by `account`: for researchers.',
    })
    by: string[],
    @Arg('measures', () => [String], { nullable: true, description: 'Unless given: all.' }) measures: string[] | undefined,
    @Arg('since', () => Day, { nullable: true, description: 'First day that is compared.' }) since: string | undefined,
    @Arg('until', () => Day, { nullable: true, description: 'Last day that is compared.' }) until: string | undefined,
    @Arg('first', () => Int, { nullable: true, description: 'Cells that are given: 1,000 unless said otherwise, 10,000 at most.' })
    first: number | undefined,
    @Ctx() context: Context,
  ): Promise<SnapshotDiff> {
    context.countCube();
    if (by.includes('account')) context.demand('researcher', 'A comparison by account');
    const [before, after] = [await context.open(from), await context.open(to)];
    const request = {
      cube,
      by,
      measures: measures ?? undefined,
      from: since ?? undefined,
      to: until ?? undefined,
      first: first ?? undefined,
    };
    const diff = await diffSnapshots(before, after, context.reader, request);
    const cells = diff.cells.map(({ group, ...cell }) => ({
      ...cell,
      group: group.map(({ name, value }) => ({ name, value: value === null ? null : String(value) })),
    }));
    return { ...diff, by: [...diff.by], measures: [...diff.measures], unknown: [...diff.unknown], cells };
  }
}
