import { Field, ID, InputType, Int } from 'type-graphql';
import { AccountType, Level } from './enums';
import { Count } from './scalars';

// One input type a kind of dimension: an operator that makes no sense for it does not exist.

@InputType({ description: 'Conditions on a code of a tree.' })
export class TreeFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Exactly this code: of a group, only what is known no closer. For a whole group use `under`.',
  })
  eq?: string;
  @Field(() => [String], { nullable: true }) in?: string[];
  @Field(() => [String], { nullable: true }) notIn?: string[];
  @Field(() => String, { nullable: true, description: 'The code and everything below it.' }) under?: string;
}

@InputType({ description: 'Conditions on a code or name.' })
export class CodeFilter {
  @Field(() => String, { nullable: true }) eq?: string;
  @Field(() => [String], { nullable: true }) in?: string[];
  @Field(() => [String], { nullable: true }) notIn?: string[];
}

@InputType({ description: 'Conditions on the account type.' })
export class AccountTypeFilter {
  @Field(() => AccountType, { nullable: true }) eq?: string;
  @Field(() => [AccountType], { nullable: true }) in?: string[];
  @Field(() => [AccountType], { nullable: true }) notIn?: string[];
}

@InputType({ description: 'Conditions on the administrative level; L1 is the highest.' })
export class LevelFilter {
  @Field(() => Level, { nullable: true }) eq?: string;
  @Field(() => [Level], { nullable: true }) in?: string[];
  @Field(() => [Level], { nullable: true }) notIn?: string[];
  @Field(() => Level, { nullable: true }) gte?: string;
  @Field(() => Level, { nullable: true }) lte?: string;
}

@InputType({ description: 'Conditions on accounts by id, `platform:account_id`.' })
export class AccountFilter {
  @Field(() => ID, { nullable: true }) eq?: string;
  @Field(() => [ID], { nullable: true }) in?: string[];
  @Field(() => [ID], { nullable: true }) notIn?: string[];
}

@InputType({ description: 'Conditions on a month, written `2011-07` or by one of its days.' })
export class MonthFilter {
  @Field(() => String, { nullable: true }) eq?: string;
  @Field(() => [String], { nullable: true }) in?: string[];
  @Field(() => [String], { nullable: true }) notIn?: string[];
  @Field(() => String, { nullable: true }) gte?: string;
  @Field(() => String, { nullable: true }) lte?: string;
}

@InputType({ description: 'Conditions on a whole number.' })
export class NumberFilter {
  @Field(() => Int, { nullable: true }) eq?: number;
  @Field(() => [Int], { nullable: true }) in?: number[];
  @Field(() => [Int], { nullable: true }) notIn?: number[];
  @Field(() => Int, { nullable: true }) gte?: number;
  @Field(() => Int, { nullable: true }) lte?: number;
}

@InputType({ description: 'Conditions on a text.' })
export class TextFilter {
  @Field(() => String, { nullable: true, description: 'Text that it contains, in any case.' }) contains?: string;
}

@InputType({ description: 'Conditions on a count.' })
export class CountFilter {
  @Field(() => Count, { nullable: true }) eq?: number;
  @Field(() => Count, { nullable: true }) gte?: number;
  @Field(() => Count, { nullable: true }) lte?: number;
}
