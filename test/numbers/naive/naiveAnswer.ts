import type { NamedPeriod, Question } from '../../../src/query/question';
import { bucketEnd, bucketOf, type Grain } from '../../oracle';
import { meets, type Cell, type FactRow } from './conditions';
import { denominator } from './denominators';
import { derivedValues } from './derivedValues';
import type { NaiveCube, World } from './world';

// A question answered by loops over the rows of a world: no planner, no SQL, and nothing of the model.

const GRAINS: readonly Grain[] = ['day', 'week', 'month', 'quarter', 'year'];
/** What has no rows has none of these, where other measures are 0. */
const UNKNOWN_WHERE_ABSENT =
  /^(mean|median|p90|contentEntropy|availableAfter|hIndex|gapVariation|burstiness)|Share$|Rate$|Per[A-Z1]|^(likes|followers|formality|coverage|likesWithFollowers|followersWithLikes|accountAgeDays|twoWayRatio)$/;

/** A group of an answer: its key, the rows it is made of, and each measure of it. */
export interface Group {
  readonly key: Readonly<Record<string, Cell>>;
  /** False: a row of a filled series in which there is nothing. */
  readonly here: boolean;
  readonly value: (measure: string) => number | null;
}

/** The part of a question that decides its groups, with its days cut to those there are. */
export interface Scope {
  readonly cube: NaiveCube;
  readonly world: World;
  readonly question: Question;
  readonly from: string;
  readonly to: string;
  readonly calendar: readonly NamedPeriod[];
  readonly grains: readonly Grain[];
  /** Fields that the rows are grouped by, without the grains. */
  readonly others: readonly string[];
}

export function scopeOf(question: Question, world: World): Scope {
  const cube = world.cubes[question.cube]!;
  const [from, to] = [later(question.from, world.from), earlier(question.to, world.to)];
  const calendar = [...(question.calendar ?? [])]
    .sort((a, b) => compare(a.from, b.from))
    .map((one) => ({ ...one, from: later(one.from, from), to: earlier(one.to, to) }));
  return {
    cube,
    world,
    question,
    from: calendar[0]?.from ?? from,
    to: calendar.at(-1)?.to ?? to,
    calendar,
    grains: GRAINS.filter((grain) => question.fields.includes(grain)),
    others: ['period', ...cube.dimensions].filter((name) => question.fields.includes(name)),
  };
}

/** The groups of a scope, in no order. */
export function groupsOf(scope: Scope): Group[] {
  const { question, grains, others, calendar } = scope;
  const found = new Map<string, { key: Record<string, Cell>; rows: FactRow[] }>();
  for (const row of rowsOf(scope)) {
    const key = { ...bucketKey(row.day, scope), ...Object.fromEntries(others.filter((name) => name !== 'period').map((name) => [name, row[name] as Cell])) }; // prettier-ignore
    const text = JSON.stringify([...grains, ...others].map((name) => key[name]));
    const group = found.get(text);
    if (group) group.rows.push(row);
    else found.set(text, { key, rows: [row] });
  }
  if (grains.length + others.length === 0 && found.size === 0) found.set('', { key: {}, rows: [] });
  const groups = [...found.values()].map(({ key, rows }) => groupOf(scope, key, rows));
  if (question.fill !== 'ZERO' || (grains.length === 0 && !(calendar.length > 0 && others.includes('period')))) return groups;
  return filled(scope, groups);
}

export function rowsOf({ cube, question, world, from, to, calendar }: Scope): FactRow[] {
  return (question.attribution === 'CURRENT' ? cube.current : cube.rows).filter(
    (row) =>
      row.day >= from &&
      row.day <= to &&
      (calendar.length === 0 || periodOf(row.day, calendar) !== null) &&
      meets(row, question.where ?? {}, world.parents),
  );
}

const periodOf = (day: string, calendar: readonly NamedPeriod[]): NamedPeriod | null =>
  calendar.find((one) => one.from <= day && day <= one.to) ?? null;

function bucketKey(day: string, { grains, others, calendar }: Scope): Record<string, Cell> {
  const period: Record<string, Cell> = others.includes('period') ? { period: periodOf(day, calendar)?.name ?? null } : {};
  return { ...period, ...Object.fromEntries(grains.map((grain) => [grain, starting(day, grain)])) };
}

function groupOf(scope: Scope, key: Record<string, Cell>, rows: readonly FactRow[]): Group {
  const { cube, grains, others, calendar, to } = scope;
  // What cannot be added up over time counts on the last day of the group that is asked for.
  const ends = grains.map((grain) => ending(key[grain] as string, grain));
  if (others.includes('period')) ends.push(calendar.find(({ name }) => name === key['period'])!.to);
  const last = [to, ...ends].reduce(earlier);
  let measured: ReturnType<NaiveCube['measures']> | undefined;
  const known = new Map<string, number | null>();
  const plain = (name: string): number | null => {
    if (!known.has(name)) known.set(name, (measured ??= cube.measures(rows, last))(name));
    return known.get(name)!;
  };
  return { key, here: true, value: (name) => rated(scope, key, name, plain) };
}

/** Every bucket of the period with every group that is found anywhere in it. */
function filled(scope: Scope, groups: readonly Group[]): Group[] {
  const { grains, others, from, to, calendar } = scope;
  const inBuckets = [...grains, ...others.filter((name) => name === 'period')];
  const dimensions = others.filter((name) => name !== 'period');
  const part = (key: Readonly<Record<string, Cell>>, names: readonly string[]): Record<string, Cell> =>
    Object.fromEntries(names.map((name) => [name, key[name]!]));
  const buckets = new Map<string, Record<string, Cell>>();
  for (const day of daysOf(from, to)) {
    if (calendar.length > 0 && periodOf(day, calendar) === null) continue;
    const key = bucketKey(day, scope);
    buckets.set(JSON.stringify(part(key, inBuckets)), key);
  }
  const kinds = new Map(groups.map(({ key }) => [JSON.stringify(part(key, dimensions)), part(key, dimensions)]));
  if (dimensions.length === 0) kinds.set('{}', {});
  const known = new Map(groups.map((group) => [JSON.stringify(part(group.key, [...inBuckets, ...dimensions])), group]));
  return [...buckets.values()].flatMap((bucket) =>
    [...kinds.values()].map((kind) => {
      const key = { ...bucket, ...kind };
      const nothing = (name: string): number | null => (UNKNOWN_WHERE_ABSENT.test(name) ? null : 0);
      return known.get(JSON.stringify(part(key, [...inBuckets, ...dimensions]))) ?? { key, here: false, value: (name) => rated(scope, key, name, nothing) }; // prettier-ignore
    }),
  );
}

function rated(scope: Scope, key: Readonly<Record<string, Cell>>, name: string, plain: (name: string) => number | null): number | null {
  const rate = scope.cube.rates[name];
  if (!rate) return plain(name);
  const [measure, indicator, per] = rate;
  const [part, whole] = [plain(measure), denominator(scope, key, indicator)];
  return part === null || !whole ? null : (part / whole) * per;
}

/** Days, each once made: a question asks the same few hundred buckets many times. */
const memo = <T>(make: (day: string, grain: Grain) => T) => {
  const made = new Map<string, T>();
  return (day: string, grain: Grain): T => {
    const key = `${grain}${day}`;
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(day, grain)));
    return value;
  };
};
export const starting = memo(bucketOf);
const ending = memo(bucketEnd);

export const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
const earlier = (a: string, b: string): string => (a < b ? a : b);
const later = (a: string, b: string): string => (a > b ? a : b);
function daysOf(from: string, to: string): string[] {
  const found: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
}

/** An answer by loops: its rows in order, how many there are without pages, and the measures of everything. */
export interface NaiveAnswer {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly rowCount: number;
  readonly totals: (measures: readonly string[]) => Readonly<Record<string, Cell>>;
}

export function naiveAnswer(question: Question, world: World): NaiveAnswer {
  const scope = scopeOf(question, world);
  const groups = groupsOf(scope);
  const asked = [...new Set([...question.fields, ...(question.orderBy ?? []).map(({ field }) => field)])];
  const derived = new Map(asked.filter((field) => field.includes('.')).map((field) => [field, derivedValues(field, scope, groups)]));
  const cell = (group: Group, field: string): Cell => (field in group.key ? group.key[field]! : (derived.get(field)?.(group) ?? (derived.has(field) ? null : group.value(field)))); // prettier-ignore
  const kept = groups.filter((group) =>
    Object.entries(question.having ?? {}).every(([measure, bounds]) => Object.entries(bounds!).every(([is, value]) => lies(group.value(measure), is, value as number))),
  ); // prettier-ignore
  const keys = ['period', ...GRAINS, ...scope.cube.dimensions].filter((name) => [...scope.grains, ...scope.others].includes(name as Grain));
  const orders = [...(question.orderBy ?? []), ...keys.map((field) => ({ field, direction: 'ASC' as const }))];
  const cells = kept.map((group) => Object.fromEntries([...asked, ...keys].map((field) => [field, cell(group, field)])));
  const place = (field: string, value: Cell): Cell => (field === 'period' ? scope.calendar.findIndex(({ name }) => name === value) : value);
  const sorted = cells.sort((a, b) => {
    for (const { field, direction } of orders) {
      const [one, other] = [place(field, a[field]!), place(field, b[field]!)];
      if (one === other) continue;
      if (one === null || other === null) return one === null ? 1 : -1;
      return direction === 'DESC' ? compare(other, one) : compare(one, other);
    }
    return 0;
  });
  const offset = question.offset ?? 0;
  return {
    rows: sorted.slice(offset, offset + (question.limit ?? sorted.length)).map((row) => Object.fromEntries(question.fields.map((field) => [field, row[field]!]))), // prettier-ignore
    rowCount: kept.length,
    totals: (measures) => {
      const [all] = groupsOf({ ...scope, grains: [], others: [], question: { ...question, fill: 'NONE' } });
      return Object.fromEntries(measures.map((name) => [name, all!.value(name)]));
    },
  };
}

function lies(value: number | null, is: string, bound: number): boolean {
  if (value === null) return false;
  return is === 'eq'
    ? value === bound
    : is === 'gt'
      ? value > bound
      : is === 'gte'
        ? value >= bound
        : is === 'lt'
          ? value < bound
          : value <= bound;
}
