import { accountsByKey } from '../../src/answer/accounts';
import type { AnswerRow } from '../../src/answer/answer';
import type { OpenSnapshot, Reader } from '../../src/answer/reader';
import type { Cube } from '../../src/model/define';
import { attributesView, regionView, sectorView } from '../registry/views';

/** Rows with objects in the place of codes. */
export async function rowViews(
  cube: Cube,
  rows: readonly AnswerRow[],
  open: OpenSnapshot,
  reader: Reader,
): Promise<Record<string, unknown>[]> {
  const fields = Object.entries(cube.dimensions).filter(
    ([name, { type }]) => type === 'object' && rows[0] !== undefined && name in rows[0],
  );
  const keys = rows.flatMap(({ account }) => (account === undefined ? [] : [account as number]));
  const accounts = await accountsByKey([...new Set(keys)], open, reader);
  const view = (name: string, members: string | undefined, value: unknown): unknown => {
    if (name === 'account') {
      const account = accounts.get(value as number);
      return account && attributesView(account, open);
    }
    return members === 'sector' ? sectorView(value as string, open) : regionView(value as string, open);
  };
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(fields.map(([name, { members }]) => [name, view(name, members, row[name])])),
  }));
}
