import type { Filter, Where } from '../../../src/query/question';

export type Cell = string | number | null;
/** A row of a cube as it is told by loops: its day, its dimensions, and what conditions may ask of it. */
export type FactRow = Readonly<Record<string, unknown>> & { readonly day: string };

/** The code above each code of the trees of regions and sectors. */
export type Parents = ReadonlyMap<string, string | null>;

/** Whether a row meets conditions: what is unknown meets none, and the opposite of each. */
export function meets(row: FactRow, where: Where, parents: Parents): boolean {
  return Object.entries(where).every(([name, part]) => {
    if (part === undefined) return true;
    if (name === 'and') return (part as readonly Where[]).every((one) => meets(row, one, parents));
    if (name === 'or') return (part as readonly Where[]).some((one) => meets(row, one, parents));
    if (name === 'not') return !meets(row, part as Where, parents);
    return Object.entries(part as Filter).every(([operator, value]) => holds(row, name, operator, value as never, parents));
  });
}

function holds(row: FactRow, name: string, operator: string, given: Cell | readonly Cell[], parents: Parents): boolean {
  const value = (name === 'account' ? row['accountId'] : row[name]) as Cell;
  const written = (one: Cell): Cell => (name === 'openedMonth' ? `${String(one).slice(0, 7)}-01` : one);
  const list = (given as readonly Cell[]).map?.(written);
  switch (operator) {
    case 'eq':
      return value !== null && value === written(given as Cell);
    case 'in':
      return value !== null && list.includes(value);
    case 'notIn':
      return !list.includes(value);
    case 'under':
      return isUnder(value as string | null, given as string, parents);
    case 'gte':
      return isOrdered(name, value) && value! >= written(given as Cell)!;
    case 'lte':
      return isOrdered(name, value) && value! <= written(given as Cell)!;
    case 'contains':
      return String(value).toLowerCase().includes(String(given).toLowerCase());
    default:
      throw new Error(`no way to "${operator}"`);
  }
}

/** An unknown level is neither high nor low. */
const isOrdered = (name: string, value: Cell): boolean => value !== null && !(name === 'level' && value === 'LX');

function isUnder(code: string | null, ancestor: string, parents: Parents): boolean {
  for (let at = code; at !== null; at = parents.get(at) ?? null) if (at === ancestor) return true;
  return false;
}
