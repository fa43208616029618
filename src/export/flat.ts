import { stringify } from 'csv-stringify/sync';
import type { Cube } from '../model/define';
import type { Member, Members } from '../model/members';
import { fieldsOf } from '../query/question';

type Cell = string | number | boolean | null;

/** Rows for tables: one value a column; a coded dimension has a second column with its English name (`regionName`). */
export function flatRows(
  cube: Cube,
  fields: readonly string[],
  rows: readonly Readonly<Record<string, Cell>>[],
  members: Members,
  accountName: (key: number) => { id: string; screenName: string | null } | undefined,
): Record<string, Cell>[] {
  const columns = fieldsOf(cube).filter((field) => fields.includes(field));
  return rows.map((row) =>
    Object.fromEntries(
      columns.flatMap((field): [string, Cell][] => {
        const value = row[field] ?? null;
        const dimension = cube.dimensions[field];
        if (field === 'account') {
          const account = accountName(value as number);
          return [
            ['account', account?.id ?? null],
            ['accountName', account?.screenName ?? null],
          ];
        }
        if (dimension?.type !== 'object' || dimension.members === undefined) return [[field, value]];
        const table: ReadonlyMap<string, Member> = members[dimension.members];
        return [
          [field, value],
          [`${field}Name`, table.get(String(value))?.name ?? null],
        ];
      }),
    ),
  );
}

/** RFC 4180, UTF-8, with a header; null is an empty cell, which differs from 0. */
export const toCsv = (rows: readonly Record<string, Cell>[], columns: readonly string[]): string =>
  stringify(rows as Record<string, Cell>[], { header: true, columns: [...columns], cast: { boolean: String } });
