import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { JobView } from '../../src/runner/status';
import type { Context } from '../context';
import { Job, MissingPartition } from './jobTypes';

type SeenJob = Job & { readonly view: JobView };

@Resolver(() => Job)
export class JobResolver {
  @Query(() => [Job], { description: 'The nightly jobs: when they run, what they have published, what is missing.' })
  async jobs(@Ctx() context: Context): Promise<SeenJob[]> {
    context.demand('admin', 'jobs');
    return (await context.operations.jobs()).map((view) => ({
      ...view,
      view,
      missingCount: view.missing.length,
      lastRun: view.lastRun && {
        ...view.lastRun,
        rows: view.lastRun.factRows,
        durationMs: view.lastRun.finishedAt && view.lastRun.finishedAt.getTime() - view.lastRun.startedAt.getTime(),
      },
    }));
  }

  @FieldResolver(() => [MissingPartition], { description: 'Partitions that are missing, oldest first.' })
  missing(@Root() { view }: SeenJob, @Arg('first', () => Int, { defaultValue: 10 }) first: number): MissingPartition[] {
    return view.missing.slice(0, Math.max(0, first)).map(({ key, ...rest }) => ({ partition: key, ...rest }));
  }
}
