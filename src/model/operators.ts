import type { Dimension, RowCondition } from './define';

/** What a filter can ask of a field, with what it is given. */
export const OPERATORS = {
  eq: { takes: 'VALUE', description: 'Is this value.' },
  in: { takes: 'LIST', description: 'Is one of these values.' },
  notIn: { takes: 'LIST', description: 'Is none of these values, or not known.' },
  under: { takes: 'VALUE', description: 'Is this code, or one below it in its tree.' },
  gte: { takes: 'VALUE', description: 'Is this value or a greater one.' },
  lte: { takes: 'VALUE', description: 'Is this value or a lesser one.' },
  contains: { takes: 'VALUE', description: 'Has this text in it, in any case.' },
} as const satisfies Record<string, { readonly takes: 'VALUE' | 'LIST'; readonly description: string }>;
export type Operator = keyof typeof OPERATORS;

/** Operators that a filter of the dimension takes. */
export function operatorsOf(dimension: Dimension): Operator[] {
  const listed = ['eq', 'in', 'notIn'] as const;
  if (dimension.hierarchy) return [...listed, 'under'];
  const isOrdered = dimension.type === 'integer' || dimension.type === 'month' || dimension.members === 'level';
  return isOrdered ? [...listed, 'gte', 'lte'] : [...listed];
}

/** Operators that a condition on a fact column takes. */
export const operatorsOn = ({ type }: RowCondition): Operator[] => (type === 'text' ? ['contains'] : ['eq', 'gte', 'lte']);
