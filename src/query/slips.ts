import { didYouMean } from '../suggest';
import { DERIVED_KINDS } from './derived';

/** What a field that there is not may have been meant to be, as a sentence to add to the refusal. */
export function slipIn(field: string, known: readonly string[]): string {
  const [kind = '', ...rest] = field.split('.');
  if (rest.length === 0) return didYouMean(field, known);
  const meant = didYouMean(kind, DERIVED_KINDS);
  return meant === '' ? didYouMean(field, known) : meant.replace(/"(\w+)"/, (_, name: string) => `"${[name, ...rest].join('.')}"`);
}

/** As `slipIn`, of what an answer is to be ordered by: other languages write the direction behind the field. */
export function orderSlipIn(field: string, known: readonly string[]): string {
  const [, name = '', direction = ''] = /^(.+?)[\s:.+]+(asc|desc)(?:ending)?$/i.exec(field) ?? [];
  if (direction === '') return slipIn(field, known);
  const sign = direction.toLowerCase() === 'desc' ? '-' : '';
  return ` In a plain URL the direction is a sign: orderBy=${sign}${name}.`;
}
