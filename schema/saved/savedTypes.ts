import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A question on a snapshot, saved to be cited. It never changes, and neither does its snapshot.' })
export class SavedQuery {
  @Field(() => ID, { description: 'The id of the question on its snapshot: `provenance { queryId }`.' }) id!: string;
  @Field(() => ID) snapshot!: string;
  @Field(() => String, { description: 'sha256 of the rows when it was saved.' }) resultHash!: string;
  @Field(() => String, { description: 'The question in words: everything that decides the rows.' }) text!: string;
  @Field(() => String, { description: 'The question in its one form, JSON.' }) question!: string;
  @Field(() => String, { description: 'As it was named when it was saved; else its words.' }) title!: string;
  @Field(() => Date) savedAt!: Date;
  @Field(() => String, { nullable: true, description: 'Who saved it.' }) savedBy!: string | null;
  @Field(() => String, { description: 'Address of its page on this server; with .csv, .json, .parquet or .arrow that of its rows.' })
  url!: string;
  @Field(() => String, { description: 'Address of the same rows as a question that can be changed.' }) permalink!: string;
}
