import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BACKFILL_PARTITION_STATUSES, BACKFILL_STATUSES } from '../../src/runner/backfillTypes';
import { Count, Day } from '../scalars';

const upper = (names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name.toUpperCase(), name]));

export const BackfillStatus = upper(BACKFILL_STATUSES);
registerEnumType(BackfillStatus, {
  name: 'BackfillStatus',
  description: 'PUBLISHED: all of it is built. FAILED: all is over, and some partitions failed for good.',
});
export const BackfillPartitionStatus = upper(BACKFILL_PARTITION_STATUSES);
registerEnumType(BackfillPartitionStatus, {
  name: 'BackfillPartitionStatus',
  description: 'What has become of one partition of a backfill.',
});

@InputType({ description: 'Which partitions of a range: those in which one of the platforms, and one of the accounts, has rows.' })
export class BackfillFilter {
  @Field(() => [String], { nullable: true, description: 'Codes of platforms.' }) platform?: string[];
  @Field(() => [ID], { nullable: true, description: 'Accounts, as `platform:account_id`.' }) account?: string[];
}

@ArgsType()
export class PlanArgs {
  @Field(() => String, { description: 'Name of a job, as `jobs { name }` has it.' }) job!: string;
  @Field(() => Day, { description: 'First day; every partition that the days touch is rebuilt as a whole.' }) from!: string;
  @Field(() => Day, { description: 'Last day, included.' }) to!: string;
  @Field(() => BackfillFilter, { nullable: true }) filter?: BackfillFilter | null;
  @Field(() => String, { description: 'Why: kept in the ledger and in the audit log.' }) reason!: string;
}

@ObjectType({ simpleResolvers: true, description: 'One partition that a backfill would build.' })
export class PlannedPartition {
  @Field(() => String) partition!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
  @Field(() => Count, { description: 'Source rows that are expected.' }) rows!: number;
  @Field(() => String, { nullable: true, description: 'Why it is missing anyway; null when it is up to date.' }) missing!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A cube with the measures that may change.' })
export class ChangedCube {
  @Field(() => String) cube!: string;
  @Field(() => [String]) measures!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: 'Which published numbers may be others after the backfill.' })
export class PlannedChanges {
  @Field(() => [ChangedCube]) cubes!: readonly ChangedCube[];
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
  @Field(() => ID, { nullable: true, description: 'The newest snapshot, which stays as it is; a newer one follows.' }) snapshot!:
    string | null;
  @Field(() => [String], { description: 'Months of the snapshot that would be made anew.' }) months!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: 'What a backfill would do. Nothing is done before it is applied.' })
export class BackfillPlan {
  @Field(() => ID, { description: 'What applyBackfill takes: it builds exactly this, or is refused.' }) token!: string;
  @Field(() => Date) expiresAt!: Date;
  @Field(() => String) job!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
  @Field(() => String) reason!: string;
  @Field(() => [String], { description: 'The partitions that would be built, in order.' }) partitions!: readonly string[];
  @Field(() => [PlannedPartition], { description: 'The same, with what is known of each.' }) details!: readonly PlannedPartition[];
  @Field(() => Count, { description: 'Source rows of all partitions.' }) rows!: number;
  @Field(() => Float, { nullable: true, description: 'Expected seconds; null when no run is there to measure by.' }) seconds!:
    number | null;
  @Field(() => PlannedChanges) changes!: PlannedChanges;
}

@ObjectType({ simpleResolvers: true, description: 'One partition of a backfill.' })
export class BackfillPartition {
  @Field(() => String) partition!: string;
  @Field(() => BackfillPartitionStatus) status!: string;
  @Field(() => Int, { description: 'Attempts since it was asked for, or asked for again.' }) attempts!: number;
  @Field(() => String, { nullable: true, description: 'What the last attempt failed with.' }) error!: string | null;
  @Field(() => Date, { nullable: true, description: 'When it is tried again.' }) nextAttemptAt!: Date | null;
  @Field(() => Int, { nullable: true, description: 'The run that holds it or built it.' }) run!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was done to a backfill, and by whom.' })
export class BackfillEvent {
  @Field(() => String, { description: '`applied`, `joined`, `paused`, `resumed`, `cancelled` or `retried`.' }) event!: string;
  @Field(() => String) by!: string;
  @Field(() => Date) at!: Date;
  @Field(() => String, { nullable: true }) note!: string | null;
}

@ObjectType({ description: 'A request to rebuild partitions, and what has become of it.' })
export class Backfill {
  @Field(() => ID) id!: number;
  @Field(() => String) job!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
  @Field(() => BackfillStatus) status!: string;
  @Field(() => String) reason!: string;
  @Field(() => String) requestedBy!: string;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => Int, { description: 'Partitions that are published.' }) done!: number;
  @Field(() => Int, { description: 'Partitions that failed for good.' }) failed!: number;
  @Field(() => Int, { description: 'All its partitions.' }) total!: number;
  @Field(() => Float, { nullable: true, description: 'Seconds until no partition is left, by the pace so far; null when nothing tells.' })
  etaSeconds!: number | null;
  @Field(() => [BackfillEvent], { description: 'What was done to it, oldest first.' }) history!: readonly BackfillEvent[];
}
