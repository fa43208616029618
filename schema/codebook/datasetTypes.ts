import { Field, ID, ObjectType } from 'type-graphql';
import { Additivity } from '../enums';
import { Code, Platform, Region, Sector } from '../registry/members';
import { Count, Day } from '../scalars';
import { ChoiceInfo, ConditionInfo, DerivedInfo, DimensionKind, OperatorInfo, ValueKind } from './discoveryTypes';

@ObjectType({
  simpleResolvers: true,
  description: 'What failed an audit and is published all the same: a warning, or an override with its reason.',
})
export class AuditNote {
  @Field(() => String) job!: string;
  @Field(() => String) partition!: string;
  @Field(() => String) audit!: string;
  @Field(() => String, { description: '`block`: it was let through by an override. `warn`: it never stops a partition.' })
  severity!: string;
  @Field(() => String, { description: 'What is wrong, with numbers.' }) message!: string;
  @Field(() => String, { nullable: true, description: 'Why it was let through; null for a warning.' }) reason!: string | null;
  @Field(() => String, { nullable: true, description: 'Who let it through.' }) by!: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was let through.' }) at!: Date | null;
}

@ObjectType({ description: 'A frozen set of files that answers come from.' })
export class SnapshotInfo {
  @Field(() => ID) id!: string;
  @Field(() => Date) publishedAt!: Date;
  @Field(() => String, { description: 'sha256 over the files: equal hashes are equal contents.' }) contentHash!: string;
  @Field(() => Day) from!: string;
  @Field(() => Day, { description: 'Last day with no hole before it.' }) watermark!: string;
  @Field(() => Boolean) synthetic!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'Under what the data may be used.' })
export class LicenceInfo {
  @Field(() => String, { nullable: true, description: 'Identifier of SPDX; null for terms that have an address alone.' }) name!:
    string | null;
  @Field(() => String) title!: string;
  @Field(() => String) url!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Days that are published, both ends included.' })
export class PublishedPeriod {
  @Field(() => Day) from!: string;
  @Field(() => Day) to!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A limit of questions.' })
export class LimitInfo {
  @Field(() => String) name!: string;
  @Field(() => Count) value!: number;
  @Field(() => String) help!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A field to group and filter by.' })
export class DimensionInfo {
  cube!: string;
  @Field(() => String) name!: string;
  @Field(() => DimensionKind) kind!: string;
  @Field(() => [String], { description: 'Fields to select below it, for an OBJECT; empty for the others.' }) selection!: string[];
  @Field(() => String) label!: string;
  @Field(() => String) labelZh!: string;
  @Field(() => String) description!: string;
  @Field(() => [String], { description: 'Operators its filter takes; none for time grains, which the period filters.' })
  operators!: string[];
  @Field(() => String, { nullable: true, description: 'List of this object that holds its members.' }) members!: string | null;
  @Field(() => String, { nullable: true }) source!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'When a measure began to exist on a platform; before it, it is null.' })
export class ExistsSince {
  @Field(() => String) platform!: string;
  @Field(() => Day) day!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A number to ask for.' })
export class MeasureInfo {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String) labelZh!: string;
  @Field(() => String, { nullable: true }) unit!: string | null;
  @Field(() => String) description!: string;
  @Field(() => String) formula!: string;
  @Field(() => Additivity) additivity!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Day since when the quantity exists, by platform: `weibo 2012-12-01`; null: always.',
  })
  existsSince!: string | null;
  @Field(() => [ExistsSince]) existsSinceByPlatform!: ExistsSince[];
  @Field(() => String, { nullable: true }) source!: string | null;
  @Field(() => ValueKind) valueKind!: string;
  @Field(() => [String], { description: 'Operators that `having` takes.' }) having!: string[];
  @Field(() => [String], { description: 'Derived fields that it takes.' }) derived!: string[];
  @Field(() => [String], { description: 'Values of `as` with which it can be rolled.' }) rollingWays!: string[];
  @Field(() => [String], { description: 'Values of `as` with which it can be estimated.' }) estimateWays!: string[];
  @Field(() => [String], { description: 'Dimensions that it can be neither grouped nor filtered by.' }) notWith!: string[];
  @Field(() => Boolean, { description: 'A set of conditions (and, or, not) that speaks of regions may speak of nothing else.' })
  regionsApart!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'Facts, dimensions and measures offered together.' })
export class CubeInfo {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String) labelZh!: string;
  @Field(() => String) description!: string;
  @Field(() => String, { description: 'What one row of the facts is.' }) grain!: string;
  @Field(() => [DimensionInfo]) dimensions!: DimensionInfo[];
  @Field(() => [ConditionInfo]) conditions!: ConditionInfo[];
  @Field(() => [MeasureInfo]) measures!: MeasureInfo[];
}

@ObjectType({ description: 'The codebook: everything a program or a reader needs to build every valid question.' })
export class Dataset {
  @Field(() => String) title!: string;
  @Field(() => String) description!: string;
  @Field(() => String, { nullable: true, description: 'Says so when the snapshot holds generated data.' }) syntheticNote!: string | null;
  @Field(() => LicenceInfo, { nullable: true, description: 'Under what the data may be used; null when nobody has stated it.' })
  licence!: LicenceInfo | null;
  @Field(() => SnapshotInfo) snapshot!: SnapshotInfo;
  @Field(() => PublishedPeriod) period!: PublishedPeriod;
  @Field(() => [LimitInfo]) limits!: LimitInfo[];
  @Field(() => [CubeInfo]) cubes!: CubeInfo[];
  @Field(() => [String], { description: 'Time grains, the finest first.' }) timeGrains!: string[];
  @Field(() => [OperatorInfo]) operators!: OperatorInfo[];
  @Field(() => [String], { description: 'What combines whole sets of conditions in `where`.' }) combinations!: string[];
  @Field(() => [DerivedInfo]) derivedFields!: DerivedInfo[];
  @Field(() => [ChoiceInfo], { description: 'Arguments of every cube that take one of some names.' }) choices!: ChoiceInfo[];
  @Field(() => [Region]) regions!: Region[];
  @Field(() => [Sector]) sectors!: Sector[];
  @Field(() => [Code]) levels!: Code[];
  @Field(() => [Code]) accountTypes!: Code[];
  @Field(() => [Code]) verifiedTypes!: Code[];
  @Field(() => [Code]) contentCategories!: Code[];
  @Field(() => [Platform]) platforms!: Platform[];
}
