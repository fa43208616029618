import type { Foreign, ForeignTable } from '../../store/foreign';
import { fits, type Shape } from '../formats/shape';

export interface RecognisedTable {
  readonly table: ForeignTable;
  readonly shape: Shape;
  readonly rows: number;
  /** Where each column stands in a row. */
  readonly index: ReadonlyMap<string, number>;
}

/** Longest name of a table that the marks have room for. */
const LONGEST_NAME = 200;
/** Accounts before their posts, posts before what is said under them. */
const ORDER: readonly Shape['what'][] = ['accounts', 'posts', 'comments', 'reposts', 'follows'];

/** The tables of a crawler among those of a database, in the order they are to be read in, and why the others are none. */
export async function recogniseTables(
  database: Foreign,
  shapes: readonly Shape[],
): Promise<{ recognised: RecognisedTable[]; skipped: { file: string; reason: string }[] }> {
  const recognised: RecognisedTable[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const table of await database.tables()) {
    const shape = shapeOf(table, shapes);
    if (typeof shape === 'string') skipped.push({ file: nameOf(database, table), reason: shape });
    else recognised.push({ table, shape, rows: await database.count(table), index: new Map(table.columns.map((name, at) => [name, at])) });
  }
  recognised.sort((a, b) => ORDER.indexOf(a.shape.what) - ORDER.indexOf(b.shape.what));
  return { recognised, skipped };
}

/** A table as rejects and lists of files name it. */
export const nameOf = ({ source }: Foreign, { name }: ForeignTable): string => `${source}#${name}`;

/** The first shape that fits, or the reason why there is none. */
function shapeOf({ name, kind, columns }: ForeignTable, shapes: readonly Shape[]): Shape | string {
  if (kind !== 'table') return `a ${kind}: the tables that it is made of are read themselves`;
  if (name.length > LONGEST_NAME) return `its name is longer than ${LONGEST_NAME} characters`;
  const names = new Set(columns);
  const shape = shapes.find((one) => fits(one, names) && (one.table === undefined || one.table === name.toLowerCase()));
  return shape ?? `unknown columns: ${columns.slice(0, 4).join(', ')} …`;
}
