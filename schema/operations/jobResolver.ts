import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { GovblogError } from '../../src/errors';
import type { JobView } from '../../src/runner/status';
import type { LedgerRun } from '../../src/warehouse/ledger';
import type { Context } from '../context';
import { RunStatus } from '../enums';
import { Job, MissingPartition, Run } from './jobTypes';

const MOST_RUNS = 100;

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
      poisoned: view.poisoned.map(({ key, attempts, error, run }) => ({ partition: key, run, attempts, error, nextAttemptAt: null })),
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

  @FieldResolver(() => [Run], { description: 'Its runs, newest first, all or those of one status.' })
  async runs(
    @Root() { name }: SeenJob,
    @Arg('first', () => Int, { defaultValue: 10, description: `At most so many, up to ${MOST_RUNS}.` }) first: number,
    @Arg('status', () => RunStatus, { nullable: true }) status: LedgerRun['status'] | null | undefined,
    @Ctx() context: Context,
  ): Promise<Run[]> {
    if (first < 0 || first > MOST_RUNS) throw new GovblogError('LIMIT_EXCEEDED', `runs gives 0 to ${MOST_RUNS}; "first" is ${first}.`);
    return (await context.operations.runsOf(name, first, status ?? null)).map(runOf);
  }
}

const runOf = (run: LedgerRun): Run => ({
  ...run,
  rows: run.factRows,
  durationMs: run.finishedAt && run.finishedAt.getTime() - run.startedAt.getTime(),
});
