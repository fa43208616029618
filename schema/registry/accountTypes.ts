import type { OpenSnapshot } from '../../src/answer/reader';
import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType, Level } from '../enums';
import { AccountFilter, AccountTypeFilter, CodeFilter, LevelFilter, TreeFilter } from '../filters';
import { Count, Day } from '../scalars';
import { Region, Sector } from './members';

@ObjectType({ simpleResolvers: true, description: 'Attributes of an account over a span of days (slowly changing dimension, type 2).' })
export class AccountVersion {
  @Field(() => Day, { nullable: true, description: 'First day; null: as far back as anything is known.' }) validFrom!: string | null;
  @Field(() => Day, { nullable: true, description: 'First day on which they no longer hold; null: they still do.' }) validTo!:
    string | null;
  @Field(() => String, { nullable: true }) screenName!: string | null;
  @Field(() => AccountType) accountType!: string;
  @Field(() => Region) region!: Region;
  @Field(() => Region) prefecture!: Region;
  @Field(() => Sector) sector!: Sector;
  @Field(() => Level) level!: string;
  @Field(() => Boolean, { nullable: true }) verified!: boolean | null;
  @Field(() => String) verifiedType!: string;
  @Field(() => String, { nullable: true }) verifiedReason!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Why an attribute of an account is what it is.' })
export class Reason {
  @Field(() => String) attribute!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'STATED by a source, REVIEW by a person, or the id of a rule of account_rules.csv; null: nothing tells, and the attribute is unknown.',
  })
  by!: string | null;
  @Field(() => Float, { nullable: true, description: 'Share of accounts that the rule is expected to get right.' }) confidence!:
    number | null;
  @Field(() => String, { nullable: true, description: 'What the rule says.' }) note!: string | null;
}

@ObjectType({ description: 'An account with its newest attributes.' })
export class Account {
  @Field(() => ID, { description: '`platform:account_id`.' }) id!: string;
  @Field(() => String) platform!: string;
  @Field(() => String, { nullable: true }) screenName!: string | null;
  @Field(() => AccountType) accountType!: string;
  @Field(() => Region) region!: Region;
  @Field(() => Region) prefecture!: Region;
  @Field(() => Sector) sector!: Sector;
  @Field(() => Level) level!: string;
  @Field(() => Boolean, { nullable: true }) verified!: boolean | null;
  @Field(() => String, { description: 'Code of `dataset { verifiedTypes }`.' }) verifiedType!: string;
  @Field(() => String, { nullable: true }) verifiedReason!: string | null;
  @Field(() => Day, { nullable: true }) openedOn!: string | null;
  @Field(() => Day, { nullable: true }) firstPostOn!: string | null;
  @Field(() => Day, { nullable: true }) lastPostOn!: string | null;
  @Field(() => Day, { nullable: true, description: 'First day that a crawl proves.' }) firstObservedOn!: string | null;
  @Field(() => Day, { nullable: true, description: 'Last day that a crawl proves.' }) lastObservedOn!: string | null;
  @Field(() => Day, { nullable: true, description: 'First day on which it was closed or deleted; null: it still exists.' }) closedOn!:
    string | null;
  key!: number;
  open!: OpenSnapshot;
}

@ObjectType({ simpleResolvers: true })
export class AccountEdge {
  @Field(() => Account) node!: Account;
  @Field(() => String) cursor!: string;
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A page of the registry.' })
export class AccountConnection {
  @Field(() => [AccountEdge]) edges!: AccountEdge[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
  @Field(() => Count, { description: 'Accounts that meet the conditions, on all pages.' }) totalCount!: number;
}

@InputType({ description: 'Conditions on the newest attributes of accounts; all that are given must hold.' })
export class AccountWhere {
  @Field(() => TreeFilter, { nullable: true }) region?: TreeFilter;
  @Field(() => TreeFilter, { nullable: true }) prefecture?: TreeFilter;
  @Field(() => CodeFilter, { nullable: true }) nbsRegion?: CodeFilter;
  @Field(() => CodeFilter, { nullable: true }) geoRegion?: CodeFilter;
  @Field(() => TreeFilter, { nullable: true }) sector?: TreeFilter;
  @Field(() => CodeFilter, { nullable: true }) sectorGroup?: CodeFilter;
  @Field(() => AccountTypeFilter, { nullable: true }) accountType?: AccountTypeFilter;
  @Field(() => CodeFilter, { nullable: true }) verifiedType?: CodeFilter;
  @Field(() => LevelFilter, { nullable: true }) level?: LevelFilter;
  @Field(() => CodeFilter, { nullable: true }) platform?: CodeFilter;
  @Field(() => AccountFilter, { nullable: true }) account?: AccountFilter;
}

@ArgsType()
export class AccountsArgs {
  @Field(() => AccountWhere, { nullable: true }) where?: AccountWhere;
  @Field(() => String, { nullable: true, description: 'Text in a screen name or verification text, of any time; case does not matter.' })
  search?: string;
  @Field(() => Int, { defaultValue: 20, description: 'Accounts a page, up to 1000.' }) first!: number;
  @Field(() => String, { nullable: true, description: 'Cursor after which the page begins.' }) after?: string;
  @Field(() => ID, { nullable: true, description: 'Answer from this snapshot instead of the newest.' }) snapshot?: string;
}
