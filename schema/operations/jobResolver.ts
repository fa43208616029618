import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { JobView } from '../../src/runner/status';
import type { LedgerRun } from '../../src/warehouse/ledger';
import type { Context } from '../context';
import { Job, MissingPartition, type Run } from './jobTypes';

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
      lastRun: view.lastRun && runOf(view.lastRun),
      running: view.running.map(runOf),
      failed: view.failing.map(({ key, ...rest }) => ({ partition: key, ...rest })),
      poisoned: view.poisoned.map(({ key, attempts, error }) => ({ partition: key, attempts, error, nextAttemptAt: null })),
      overdue: view.overdueSince !== null,
    }));
  }

  @FieldResolver(() => [String], { description: 'Partitions that are missing, oldest first, by their names.' })
  missing(@Root() { view }: SeenJob, @Arg('first', () => Int, { defaultValue: 10 }) first: number): string[] {
    return view.missing.slice(0, Math.max(0, first)).map(({ key }) => key);
  }

  @FieldResolver(() => [MissingPartition], { description: 'Partitions that are missing, oldest first, with the reason of each.' })
  missingPartitions(@Root() { view }: SeenJob, @Arg('first', () => Int, { defaultValue: 10 }) first: number): MissingPartition[] {
    return view.missing.slice(0, Math.max(0, first)).map(({ key, ...rest }) => ({ partition: key, ...rest }));
  }
}

const runOf = (run: LedgerRun): Run => ({
  ...run,
  rows: run.factRows,
  durationMs: run.finishedAt && run.finishedAt.getTime() - run.startedAt.getTime(),
});
