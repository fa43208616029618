import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AuditResult } from '../../src/warehouse/auditLog';
import type { Context } from '../context';
import { RunAudit } from './auditTypes';
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

const auditOf = ({ audit, severity, outcome, message, sample, override }: AuditResult): RunAudit => ({
  ...{ name: audit, severity, status: outcome, message },
  rows: sample.map((row) => Object.entries(row).map(([name, value]) => ({ name, value: value === null ? null : String(value) }))),
  override: override && { id: override.id, reason: override.reason, by: override.madeBy, at: override.madeAt },
});
