import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { PublishedPeriod } from '../codebook/datasetTypes';

@ObjectType({
  simpleResolvers: true,
  description: 'A part of the name of a cell: a bucket by its first day, a code, or an account as `platform:account_id`; null: not known.',
})
export class CellPart {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) value!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A value that differs between two snapshots.' })
export class ChangedCell {
  @Field(() => [CellPart]) group!: CellPart[];
  @Field(() => String) measure!: string;
  @Field(() => Float, { nullable: true, description: 'Null where there was no such cell, or no value.' }) before!: number | null;
  @Field(() => Float, { nullable: true }) after!: number | null;
  @Field(() => Float, { nullable: true, description: 'After less before; null where one of them is not known.' }) change!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was revised between two snapshots, in the days that both know.' })
export class SnapshotDiff {
  @Field(() => ID) from!: string;
  @Field(() => ID) to!: string;
  @Field(() => String) cube!: string;
  @Field(() => [String]) by!: string[];
  @Field(() => [String], { description: 'Measures that were compared.' }) measures!: string[];
  @Field(() => [String], { description: 'Measures that one of the two has no columns for.' }) unknown!: string[];
  @Field(() => PublishedPeriod, { nullable: true, description: 'Days that were compared; null when there are none.' })
  period!: PublishedPeriod | null;
  @Field(() => Int, { description: 'Months whose files are equal, which were not read.' }) skipped!: number;
  @Field(() => Int, { description: 'Months that were read.' }) compared!: number;
  @Field(() => Int, { description: 'Values that changed, whether they are given or not.' }) total!: number;
  @Field(() => [ChangedCell], { description: 'The first of them, in the order of their groups.' }) cells!: ChangedCell[];
}
