import { Field, Int, ObjectType } from 'type-graphql';
import { RunStatus } from '../enums';
import { Count, Day } from '../scalars';

@ObjectType({ description: 'One attempt to build one partition.' })
export class Run {
  @Field(() => Int, { description: 'Its number in the ledger, by which `govblog runs show` and the log name it.' }) id!: number;
  @Field(() => String) partition!: string;
  @Field(() => RunStatus) status!: string;
  @Field(() => String, { description: 'Why the partition was missing.' }) reason!: string;
  @Field(() => Date) startedAt!: Date;
  @Field(() => Date, { nullable: true }) finishedAt!: Date | null;
  @Field(() => Count, { nullable: true, description: 'Rows of the facts.' }) rows!: number | null;
  @Field(() => Count, { nullable: true, description: 'Rows read from the source.' }) sourceRows!: number | null;
  @Field(() => Count, { nullable: true }) durationMs!: number | null;
  @Field(() => String, { nullable: true }) error!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A partition that should be published and is not up to date.' })
export class MissingPartition {
  @Field(() => String) partition!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
  @Field(() => String) reason!: string;
}

@ObjectType({ description: 'A missing partition whose last attempt failed.' })
export class FailedPartition {
  @Field(() => String) partition!: string;
  @Field(() => Int, { description: 'The last run that failed.' }) run!: number;
  @Field(() => Int, { description: 'Attempts that failed by the data.' }) attempts!: number;
  @Field(() => String) error!: string;
  @Field(() => Date, { nullable: true, description: 'When it is tried again; null when that is left to the next night, or to an admin.' })
  nextAttemptAt!: Date | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'How many partitions may be built at once, by all processes together, and how many are.',
})
export class Concurrency {
  @Field(() => Int, { description: 'Most of this job: GOVBLOG_JOB_CONCURRENCY.' }) perJob!: number;
  @Field(() => Int, { description: 'Most of all jobs and rollups: GOVBLOG_CONCURRENCY.' }) overall!: number;
  @Field(() => Int, { description: 'Of this job, now.' }) running!: number;
  @Field(() => Int, { description: 'Of all jobs and rollups, now.' }) runningOverall!: number;
}

@ObjectType({ description: 'A nightly job and the state of its fact table.' })
export class Job {
  @Field(() => String) name!: string;
  @Field(() => String, { description: 'The fact table it builds.' }) fact!: string;
  @Field(() => String) description!: string;
  @Field(() => String, { nullable: true, description: 'Cron expression and time zone; null when the scheduler is off.' }) schedule!:
    string | null;
  @Field(() => Date, { nullable: true }) nextRunAt!: Date | null;
  @Field(() => Day, { nullable: true, description: 'Last day with no hole before it.' }) watermark!: string | null;
  @Field(() => Int, { description: 'Partitions that should exist.' }) expected!: number;
  @Field(() => Int, { description: 'Partitions that are missing.' }) missingCount!: number;
  @Field(() => Run, { nullable: true }) lastRun!: Run | null;
  @Field(() => [Run], { description: 'What is being built now, by whatever process.' }) running!: Run[];
  @Field(() => Concurrency) concurrency!: Concurrency;
  @Field(() => [FailedPartition], { description: 'Partitions that failed and are tried again.' }) failed!: FailedPartition[];
  @Field(() => [FailedPartition], {
    description: 'Partitions that failed too often: left alone until their data or definition change, or an admin retries.',
  })
  poisoned!: FailedPartition[];
  @Field(() => Boolean, { description: 'Whether a planned night should have run and has not.' }) overdue!: boolean;
  @Field(() => Date, { nullable: true, description: 'When the oldest such night was planned for.' }) overdueSince!: Date | null;
}
