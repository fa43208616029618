import { Field, Int, ObjectType } from 'type-graphql';

// Members of dimension tables. Plain data: simpleResolvers, because a row type without it costs a factor of twenty.

@ObjectType({
  simpleResolvers: true,
  description: 'A region: a province-level unit, a prefecture, or what lies outside them (national organs, overseas, unknown).',
})
export class Region {
  @Field(() => String, { description: 'GB/T 2260: two digits for provinces, six for prefectures.' }) code!: string;
  @Field(() => String) name!: string;
  @Field(() => String) nameZh!: string;
  @Field(() => String, { description: 'province, prefecture or special.' }) kind!: string;
  @Field(() => String, { nullable: true }) parentCode!: string | null;
  @Field(() => String, { nullable: true, description: 'ISO 3166-2.' }) iso!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'East, Central, West, Northeast: the grouping of the National Bureau of Statistics.',
  })
  nbsRegion!: string | null;
  @Field(() => String, { nullable: true, description: 'One of seven geographic regions.' }) geoRegion!: string | null;
  @Field(() => String, { description: 'Where the entry comes from; ids are those of `dataset { sources }`.' }) source!: string;
  @Field(() => String) confidence!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A sub-sector or a group of sectors.' })
export class Sector {
  @Field(() => String) code!: string;
  @Field(() => String) name!: string;
  @Field(() => String) nameZh!: string;
  @Field(() => String, { nullable: true, description: 'Code of the group; null for a group.' }) parentCode!: string | null;
  @Field(() => Sector, { nullable: true, description: 'The group; for a group, itself.' }) group!: Sector | null;
  @Field(() => String) source!: string;
  @Field(() => String) confidence!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A member of a closed list: an account type, a level, a verification type.' })
export class Code {
  @Field(() => String) code!: string;
  @Field(() => String, { nullable: true }) parentCode!: string | null;
  @Field(() => String) name!: string;
  @Field(() => String) nameZh!: string;
  @Field(() => String) source!: string;
  @Field(() => String) confidence!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A platform; its days are cut in its time zone.' })
export class Platform {
  @Field(() => String) code!: string;
  @Field(() => String) name!: string;
  @Field(() => String) nameZh!: string;
  @Field(() => String) timeZone!: string;
  @Field(() => String, { nullable: true, description: 'First day on which posts could be liked.' }) likesSince!: string | null;
  @Field(() => Boolean, { description: 'Generated, not observed.' }) synthetic!: boolean;
  @Field(() => String) source!: string;
  @Field(() => String) confidence!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A figure about a region in a year.' })
export class Indicator {
  @Field(() => String) regionCode!: string;
  @Field(() => String, { description: 'population, internet_users, internet_penetration, gdp.' }) indicator!: string;
  @Field(() => Int) year!: number;
  @Field(() => Number) value!: number;
  @Field(() => String) unit!: string;
  @Field(() => String) source!: string;
  @Field(() => String) confidence!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A source of reference figures.' })
export class Source {
  @Field(() => String) code!: string;
  @Field(() => String) reference!: string;
  @Field(() => String) kind!: string;
  @Field(() => String, { description: 'How much of it was read.' }) whatWasRead!: string;
}
