import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Count } from '../scalars';

// What a program needs besides the codebook to build a question without knowing Govblog.

const named = (...names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]));

export const DimensionKind = named('TIME', 'OBJECT', 'ENUM', 'TEXT', 'INTEGER', 'MONTH');
registerEnumType(DimensionKind, {
  name: 'DimensionKind',
  description:
    'What a field answers: TIME a first day, OBJECT an object of which fields are selected, ENUM a name of a closed list, TEXT, INTEGER, MONTH a first day of a month.',
});
export const ValueKind = named('COUNT', 'NUMBER');
registerEnumType(ValueKind, { name: 'ValueKind', description: 'COUNT: a whole number. NUMBER: a number with decimals.' });
export const ArgumentKind = named('MEASURE', 'ENUM', 'INTEGER', 'NUMBER');
registerEnumType(ArgumentKind, { name: 'ArgumentKind', description: 'What an argument takes.' });
export const OperatorTakes = named('VALUE', 'LIST');
registerEnumType(OperatorTakes, { name: 'OperatorTakes', description: 'Whether an operator is given one value or a list of them.' });

@ObjectType({ simpleResolvers: true, description: 'Something that a filter can be given.' })
export class DimensionValue {
  @Field(() => String, { description: 'As a plain URL has it.' }) value!: string;
  @Field(() => String, { description: 'As a GraphQL document has it: `"44"`, `AGENCY`, `8`.' }) literal!: string;
  @Field(() => String) label!: string;
  @Field(() => String) labelZh!: string;
  @Field(() => String, { nullable: true, description: 'The code above it in its tree.' }) parent!: string | null;
  @Field(() => Count, { description: 'Rows of the facts of the cube that have it, in the whole snapshot.' }) rows!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A column of the facts to filter rows by, which one cannot group by.' })
export class ConditionInfo {
  @Field(() => String) name!: string;
  @Field(() => DimensionKind) kind!: string;
  @Field(() => String) label!: string;
  @Field(() => String) labelZh!: string;
  @Field(() => String) description!: string;
  @Field(() => [String]) operators!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'An operator of filters.' })
export class OperatorInfo {
  @Field(() => String) name!: string;
  @Field(() => OperatorTakes) takes!: string;
  @Field(() => String) description!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An argument of a derived field.' })
export class ArgumentInfo {
  @Field(() => String) name!: string;
  @Field(() => ArgumentKind) kind!: string;
  @Field(() => [String], { description: 'Of an ENUM.' }) values!: string[];
  @Field(() => Float, { nullable: true }) least!: number | null;
  @Field(() => Float, { nullable: true }) most!: number | null;
  @Field(() => String, { nullable: true, description: 'What it is when it is left out; null: it must be given.' }) otherwise!:
    string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Grains that have a counterpart so far back.' })
export class FinestGrains {
  @Field(() => String) shift!: string;
  @Field(() => [String]) grains!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'A value that follows from the whole answer. Which measures take it stands with them.' })
export class DerivedInfo {
  @Field(() => String) name!: string;
  @Field(() => String, { description: 'How it is written among the fields of a plain URL.' }) field!: string;
  @Field(() => String) description!: string;
  @Field(() => [ArgumentInfo]) arguments!: ArgumentInfo[];
  @Field(() => [String], { description: 'What is selected below it: MEASURES, or these names; empty for a plain value.' })
  selection!: string[];
  @Field(() => Int, { description: 'Time grains that the question groups by, at least.' }) leastGrains!: number;
  @Field(() => Int) mostGrains!: number;
  @Field(() => Boolean, { description: 'The period must begin with the first day of a bucket.' }) wholeBuckets!: boolean;
  @Field(() => [FinestGrains], { description: 'For each shift, what the finest grain of the question may be, if it has one.' })
  finestGrains!: FinestGrains[];
}

@ObjectType({ simpleResolvers: true, description: 'An argument of a cube that takes one of these.' })
export class ChoiceInfo {
  @Field(() => String) name!: string;
  @Field(() => [String], { description: 'The first is what it is when it is left out.' }) values!: string[];
  @Field(() => String) description!: string;
}
