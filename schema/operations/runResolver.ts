import { Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { AuditResult } from '../../src/warehouse/auditLog';
import type { Context } from '../context';
import { AuditFinding, AuditOverride, OverrideArgs, RunAudit } from './auditTypes';
import { FailedPartition, Run } from './jobTypes';

@Resolver(() => Run)
export class RunResolver {
  @FieldResolver(() => [RunAudit], { description: 'What each audit found, in the order in which they were asked; none when it did not come that far.' }) // prettier-ignore
  async audits(@Root() { id }: Run, @Ctx() context: Context): Promise<RunAudit[]> {
    return (await context.operations.findings(id)).map(auditOf);
  }
}

@Resolver(() => FailedPartition)
export class FailedPartitionResolver {
  @FieldResolver(() => [RunAudit], { description: 'What each audit found in the last attempt.' })
  async audits(@Root() { run }: FailedPartition, @Ctx() context: Context): Promise<RunAudit[]> {
    return (await context.operations.findings(run)).map(auditOf);
  }
}

@Resolver(() => AuditFinding)
export class FindingResolver {
  @Query(() => [AuditFinding], {
    description:
      'What audits found wrong in the newest run of each partition: blocked, warned of, or overridden; newest run first. For admins.',
  })
  async auditFindings(@Ctx() context: Context): Promise<AuditFinding[]> {
    context.demand('admin', 'auditFindings');
    return (await context.operations.openFindings()).map((finding) => ({
      ...auditOf(finding),
      ...{ run: finding.run, job: finding.job, partition: finding.partition },
    }));
  }

  @Mutation(() => AuditOverride, {
    description:
      'Lets one audit of one partition fail once, for the data on which it failed: the next night publishes them, and readers are told. For admins.',
  })
  async overrideAudit(@Args(() => OverrideArgs) args: OverrideArgs, @Ctx() context: Context): Promise<AuditOverride> {
    const change = { action: 'overrideAudit', subject: `${args.job} ${args.partition} ${args.audit}`, reason: args.reason };
    const { id, reason, madeBy, madeAt } = await context.change('admin', change, (by) => context.operations.override({ ...args, by }));
    return { id, reason, by: madeBy, at: madeAt };
  }
}

const auditOf = ({ audit, severity, outcome, message, sample, override }: AuditResult): RunAudit => ({
  ...{ name: audit, severity, status: outcome, message },
  rows: sample.map((row) => Object.entries(row).map(([name, value]) => ({ name, value: value === null ? null : String(value) }))),
  override: override && { id: override.id, reason: override.reason, by: override.madeBy, at: override.madeAt },
});
