import { accountKey } from '../model/accountKey';
import { COMBINATIONS, filtersOf, partsOf, type Where } from '../query/question';
import { accountsByKey } from './accounts';
import type { OpenSnapshot, Reader } from './reader';

/** The ids of accounts that conditions name, wherever they stand. */
function accountsNamed(where: Where): string[] {
  const { account } = filtersOf(where);
  const own = account ? [account.eq, ...(account.in ?? []), ...(account.notIn ?? [])] : [];
  return [
    ...own.flatMap((id) => (id === undefined || id === null ? [] : [String(id)])),
    ...COMBINATIONS.flatMap((name) => partsOf(where, name).flatMap(accountsNamed)),
  ];
}

/**
 * Ids `platform:account_id` in the conditions of a question that no account of the snapshot has, in alphabetical order. They match
 * nothing, and refusing them would break a list of accounts of which one is not loaded yet; an answer says so instead.
 */
export async function unknownAccounts(where: Where | undefined, open: OpenSnapshot, reader: Reader): Promise<string[]> {
  const keys = new Map(
    accountsNamed(where ?? {}).map((id) => {
      const [platform = '', ...rest] = id.split(':');
      return [id, accountKey(platform, rest.join(':'))];
    }),
  );
  const known = await accountsByKey([...new Set(keys.values())], open, reader);
  return [...keys].filter(([, key]) => !known.has(key)).map(([id]) => id).sort(); // prettier-ignore
}
