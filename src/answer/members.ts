import type { Cube, Dimension } from '../model/define';
import type { Member, Members, Region } from '../model/members';
import { LIMITS } from '../query/limits';
import type { Question } from '../query/question';
import type { Answer } from './answer';
import type { OpenSnapshot } from './reader';

/** Something that a filter of a dimension can be given. */
export interface DimensionMember {
  /** As `eq`, `in` and `notIn` take it. */
  readonly value: string;
  readonly label: string;
  readonly labelZh: string;
  /** The code above it in its tree. */
  readonly parent: string | null;
  /** Rows of the facts of the cube that have it, in the whole snapshot. */
  readonly rows: number;
}

/** How many values a dimension has. Of accounts there are too many to be listed: `accounts` finds them. */
export async function memberCount(cube: Cube, name: string, open: OpenSnapshot, ask: Ask): Promise<number> {
  if (isListed(name)) return (await membersOf(cube, name, open, ask)).length;
  return open.snapshot.files.filter(({ table }) => table === 'dim_account').reduce((sum, { rows }) => sum + rows, 0);
}

export const isListed = (name: string): boolean => name !== 'account';

/** Answers a question of the same snapshot. */
type Ask = (question: Question) => Answer;

/**
 * What the filter of a dimension can be given: the members of its table, whether any row has them or not, and what the rows have
 * where there is no table. Counts come from the files of the snapshot, by the question that anybody could ask.
 */
export async function membersOf(cube: Cube, name: string, open: OpenSnapshot, ask: Ask): Promise<DimensionMember[]> {
  const dimension = cube.dimensions[name]!;
  const { from, watermark: to } = open.snapshot;
  const counted = rowCountOf(cube);
  const question = { cube: cube.name, fields: [name, counted], from, to, limit: LIMITS.maxRows.value };
  const found = new Map<string, number>();
  for (const row of await ask(question).rows()) if (row[name] !== null) found.set(written(dimension, row[name]), row[counted] as number);
  const known = knownMembers(name, dimension, open.members);
  const others = [...found.keys()].filter((value) => !known.some((one) => one.value === value));
  return [...known, ...others.map((value) => ({ value, label: value, labelZh: value, parent: null }))]
    .map((one) => ({ ...one, rows: found.get(one.value) ?? 0 }))
    .sort((a, b) => (dimension.type === 'integer' ? Number(a.value) - Number(b.value) : a.value < b.value ? -1 : 1));
}

/** The measure that counts the rows of a cube. */
const rowCountOf = ({ measures }: Cube): string =>
  Object.entries(measures).find(([, measure]) => measure.kind === 'count' && measure.where === undefined)![0];

/** A month is given as `2011-07`. */
const written = ({ type }: Dimension, value: unknown): string => (type === 'month' ? String(value).slice(0, 7) : String(value));

function knownMembers(name: string, { members, attribute }: Dimension, tables: Members): Omit<DimensionMember, 'rows'>[] {
  if (members === undefined) return [];
  const all: readonly Member[] = [...tables[members].values()];
  const entry = ({ code, name: label, nameZh, parentCode }: Member): Omit<DimensionMember, 'rows'> => ({
    value: code,
    label,
    labelZh: nameZh,
    parent: parentCode,
  });
  if (attribute === undefined) return all.filter((member) => isPlace(name, member)).map(entry);
  const values = [...new Set(all.map((member) => (member as unknown as Record<string, string | null>)[attribute]))];
  return values.flatMap((value) => {
    if (typeof value !== 'string') return [];
    const member = all.find(({ code }) => code === value);
    return [member ? entry(member) : { value, label: value, labelZh: value, parent: null }];
  });
}

/** Provinces and prefectures share a table, and each dimension takes its own; what lies outside both belongs to either. */
function isPlace(name: string, member: Member): boolean {
  const { kind } = member as Partial<Region>;
  return kind === undefined || kind === 'special' || (name === 'prefecture') === (kind === 'prefecture');
}
