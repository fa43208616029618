import { ArgsType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

export const AuditStatus = { passed: 'passed', failed: 'failed', overridden: 'overridden' } as const;
registerEnumType(AuditStatus, {
  name: 'AuditStatus',
  description: 'What an audit said of a file. overridden: it failed, and somebody took responsibility for publishing all the same.',
});

@ObjectType({ simpleResolvers: true, description: 'One value of an offending row.' })
export class RowValue {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) value!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Who let an audit fail, and why.' })
export class AuditOverride {
  @Field(() => ID) id!: number;
  @Field(() => String) reason!: string;
  @Field(() => String) by!: string;
  @Field(() => Date) at!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'What one audit found in the file of one run.' })
export class RunAudit {
  @Field(() => String) name!: string;
  @Field(() => String, { description: '`block`: a file that fails is not published. `warn`: it is, and its readers are told.' })
  severity!: string;
  @Field(() => AuditStatus) status!: string;
  @Field(() => String, { nullable: true, description: 'What is wrong, with numbers; null when nothing is.' }) message!: string | null;
  @Field(() => [[RowValue]], { description: 'Offending rows, or numbers that should agree: at most ten, each as its values by name.' })
  rows!: RowValue[][];
  @Field(() => AuditOverride, { nullable: true }) override!: AuditOverride | null;
}

@ObjectType({ simpleResolvers: true, description: 'What an audit found wrong in the newest run of a partition.' })
export class AuditFinding extends RunAudit {
  @Field(() => ID) run!: number;
  @Field(() => String) job!: string;
  @Field(() => String) partition!: string;
}

@ArgsType()
export class OverrideArgs {
  @Field(() => String) job!: string;
  @Field(() => String) partition!: string;
  @Field(() => String, { description: 'Name of the audit, as `auditFindings { name }` has it.' }) audit!: string;
  @Field(() => String, { description: 'Why these figures may be published all the same: readers of the snapshot are shown it.' })
  reason!: string;
}
