import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { GovblogError } from '../../src/errors';
import type { Backfill as Found } from '../../src/runner/backfillTypes';
import { changeOfApply, changeOfPlan, requestOf } from '../../src/runner/backfillWords';
import type { Steering } from '../../src/runner/operations';
import type { Context } from '../context';
import { Backfill, BackfillPartition, BackfillPartitionStatus, BackfillPlan, PlanArgs } from './backfillTypes';

type SeenBackfill = Backfill & { readonly found: Found };

const MOST_BACKFILLS = 1_000;
const WHY = { nullable: true, description: 'Why: kept in the audit log and in the history of what it steers.' } as const;
type Why = string | null | undefined;

@Resolver(() => Backfill)
export class BackfillResolver {
  @Query(() => Backfill, { description: 'One backfill. For admins.' })
  async backfill(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<SeenBackfill> {
    context.demand('admin', 'backfill');
    return view(await context.operations.backfill(idOf(id)));
  }

  @Query(() => [Backfill], { description: 'Backfills, newest first. For admins.' })
  async backfills(
    @Arg('first', () => Int, { defaultValue: 20, description: `At most so many, up to ${MOST_BACKFILLS}.` }) first: number,
    @Arg('live', () => Boolean, { defaultValue: false, description: 'Only those that are not over.' }) live: boolean,
    @Ctx() context: Context,
  ): Promise<SeenBackfill[]> {
    context.demand('admin', 'backfills');
    if (first < 0 || first > MOST_BACKFILLS)
      throw new GovblogError('LIMIT_EXCEEDED', `backfills gives 0 to ${MOST_BACKFILLS}; "first" is ${first}.`);
    return (await context.operations.backfills({ live, limit: first })).map(view);
  }

  @Mutation(() => BackfillPlan, { description: 'What a backfill would do: nothing is done before the plan is applied. For admins.' })
  async planBackfill(@Args(() => PlanArgs) args: PlanArgs, @Ctx() context: Context): Promise<BackfillPlan> {
    const request = requestOf(args);
    const plan = await context.change('admin', changeOfPlan(request), (by) => context.operations.plan(request, by));
    return { ...plan, partitions: plan.partitions.map(({ partition }) => partition), details: plan.partitions };
  }

  @Mutation(() => Backfill, { description: 'Queues what a plan says; the same token again gives the same backfill. For admins.' })
  async applyBackfill(@Arg('token', () => ID) token: string, @Ctx() context: Context): Promise<SeenBackfill> {
    const change = changeOfApply(token, await context.operations.planned(token));
    return view(await context.change('admin', change, (by) => context.operations.apply(token, by)));
  }

  @Mutation(() => Backfill, { description: 'Ends a backfill: what is being built is broken off, what is published stays. For admins.' })
  cancelBackfill(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, WHY) reason: Why,
    @Ctx() context: Context,
  ): Promise<SeenBackfill> {
    return steer(context, 'cancel', id, reason);
  }

  @Mutation(() => Backfill, { description: 'No further partition is begun until it is resumed. For admins.' })
  pauseBackfill(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, WHY) reason: Why,
    @Ctx() context: Context,
  ): Promise<SeenBackfill> {
    return steer(context, 'pause', id, reason);
  }

  @Mutation(() => Backfill, { description: 'Goes on where it was paused. For admins.' })
  resumeBackfill(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, WHY) reason: Why,
    @Ctx() context: Context,
  ): Promise<SeenBackfill> {
    return steer(context, 'resume', id, reason);
  }

  @Mutation(() => Backfill, { description: 'Tries the partitions that failed once more, and no others. For admins.' })
  retryBackfill(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, WHY) reason: Why,
    @Ctx() context: Context,
  ): Promise<SeenBackfill> {
    return steer(context, 'retry', id, reason);
  }

  @Mutation(() => Boolean, {
    description:
      'Begins a night now: everything that is due is built, then a snapshot is published. False when one is running. For admins.',
  })
  runNight(@Arg('reason', () => String, WHY) reason: Why, @Ctx() context: Context): Promise<boolean> {
    return context.change(
      'admin',
      { action: 'runNight', subject: 'night', reason },
      async () => context.operations.runNight(),
      (begun) => (begun ? 'done' : 'refused: a night is running already'),
    );
  }

  @FieldResolver(() => [BackfillPartition], { description: 'Its partitions in order, all or those of one status.' })
  partitions(
    @Root() { found }: SeenBackfill,
    @Arg('status', () => BackfillPartitionStatus, { nullable: true }) status: string | null | undefined,
  ): BackfillPartition[] {
    return found.partitions.filter((one) => status == null || one.status === status);
  }
}

async function steer(context: Context, what: Steering, id: string, reason: Why): Promise<SeenBackfill> {
  const change = { action: `${what}Backfill`, subject: `backfill ${id}`, reason };
  return view(await context.change('admin', change, (by) => context.operations.steer(what, idOf(id), by, reason)));
}

const view = (found: Found): SeenBackfill => ({ ...found, found });

function idOf(id: string): number {
  if (/^\d{1,9}$/.test(id)) return Number(id);
  throw new GovblogError('NOT_FOUND', `There is no backfill "${id}"; \`{ backfills { id } }\` names them.`);
}
