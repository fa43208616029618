import { GovblogError } from '../errors';
import type { Cube } from '../model/define';
import type { Members } from '../model/members';
import { resolveFilter, type Predicate } from './filters';
import { LIMITS } from './limits';
import { COMBINATIONS, filtersOf, partsOf, type Where } from './question';

/** A condition on rows of the grain: a predicate, or conditions of which all, at least one, or not all must hold. */
export type Criterion =
  Predicate | { readonly all: readonly Criterion[] } | { readonly any: readonly Criterion[] } | { readonly not: readonly Criterion[] };

/** The conditions of a question, all of which must hold, with every name and code checked. */
export function resolveWhere(cube: Cube, where: Where | undefined, members: Members): Criterion[] {
  const found = resolve(cube, where ?? {}, members, 0);
  const count = predicatesIn(found).length;
  if (count > LIMITS.maxConditions.value) refuse(`"where" has ${count} conditions; the limit is ${LIMITS.maxConditions.value}.`);
  return found;
}

function resolve(cube: Cube, where: Where, members: Members, depth: number): Criterion[] {
  if (depth > LIMITS.maxConditionDepth.value) refuse(`"where" is nested deeper than ${LIMITS.maxConditionDepth.value} levels.`);
  const filters = Object.entries(filtersOf(where)).flatMap(([name, filter]) => (filter ? resolveFilter(cube, name, filter, members) : []));
  const combined = COMBINATIONS.flatMap((name): Criterion[] => {
    const parts = partsOf(where, name).map((part) => resolve(cube, part, members, depth + 1));
    if (where[name] !== undefined && where[name] !== null && (parts.length === 0 || parts.some((part) => part.length === 0)))
      throw new GovblogError('BAD_QUERY', `An entry of "${name}" has no condition. Leave it out, or say what it asks for.`);
    if (parts.length === 0) return [];
    if (name === 'not') return [{ not: parts.flat() }];
    return name === 'and' ? [{ all: parts.flat() }] : [{ any: parts.map((all) => (all.length === 1 ? all[0]! : { all })) }];
  });
  return [...filters, ...combined];
}

/** Every predicate of some conditions, wherever it stands. */
export const predicatesIn = (criteria: readonly Criterion[]): Predicate[] =>
  criteria.flatMap((one) => ('is' in one ? [one] : predicatesIn('all' in one ? one.all : 'any' in one ? one.any : one.not)));

function refuse(message: string): never {
  throw new GovblogError('LIMIT_EXCEEDED', `${message} \`dataset { limits { name value help } }\` lists all limits.`);
}
