import { isCombination, type Question, type Where } from './question';

/** Whether a question shows single accounts, or asks after some by their ids: more than aggregates. */
export const readsAccounts = ({ fields, where, orderBy = [] }: Pick<Question, 'fields' | 'where' | 'orderBy'>): boolean =>
  fields.includes('account') || orderBy.some(({ field }) => field === 'account') || namesAccounts(where);

const namesAccounts = (where: Where = {}): boolean =>
  Object.entries(where).some(([name, part]) => {
    if (part === undefined) return false;
    if (!isCombination(name)) return name === 'account';
    return (Array.isArray(part) ? (part as readonly Where[]) : [part as Where]).some(namesAccounts);
  });
