import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDay } from '../src/model/time';

const asDay = (value: unknown): string => {
  if (typeof value === 'string' && isDay(value)) return value;
  throw new GraphQLError(`A Day is written "2011-12-31", not ${JSON.stringify(value)}.`, { extensions: { code: 'BAD_QUERY' } });
};

/** A calendar day in the local time of its platform. */
export const Day = new GraphQLScalarType({
  name: 'Day',
  description: 'A calendar day `2011-12-31` in the local time of its platform; a week, month, quarter or year is named by its first day.',
  serialize: asDay,
  parseValue: asDay,
  parseLiteral: (node) => asDay(node.kind === Kind.STRING ? node.value : undefined),
});

const asCount = (value: unknown): number => {
  if (Number.isSafeInteger(value)) return value as number;
  throw new GraphQLError(`A Count is a whole number within ±(2^53 - 1), not ${JSON.stringify(value)}.`, {
    extensions: { code: 'BAD_QUERY' },
  });
};

/** GraphQL's Int ends at 2^31; sums of reposts do not. */
export const Count = new GraphQLScalarType({
  name: 'Count',
  description: 'A whole number, exact to 2^53.',
  serialize: asCount,
  parseValue: asCount,
  parseLiteral: (node) => asCount(node.kind === Kind.INT ? Number(node.value) : undefined),
});
