import { ASSIGNED, type AssignedAttribute } from './assignment/statement';
import { addDays, type Day } from '../model/time';
import { FOREVER } from '../model/facts';

/** Attributes that are kept as a slowly changing dimension, type 2. */
export const VERSIONED = [
  'screen_name',
  'account_type',
  'region',
  'prefecture',
  'sector',
  'level',
  'verified',
  'verified_type',
  'verified_reason',
] as const;
export type Versioned = (typeof VERSIONED)[number];
export type Attributes = Readonly<Record<Versioned, string | number | null>>;

export type Reasons = Readonly<Record<`${AssignedAttribute}_by`, string | null>>;
export const REASONS = ASSIGNED.map((name) => `${name}_by` as const);

/** What sources state: the attributes, and what rules read besides. */
export const STATED = [...VERSIONED, 'description', 'location'] as const;
export type Statement = Readonly<Record<(typeof STATED)[number], string | number | null>>;

/** The attributes that a statement amounts to, with the reason of each. */
export type Derive = (statement: Statement) => Attributes & Reasons;

/** What one observation says of the attributes; null where it does not say. */
export interface AttributeObservation {
  readonly observedAt: string;
  readonly seq: number;
  /** Day from which the attributes hold. */
  readonly from: Day;
  /** Day from which they no longer hold, when the source knows it. */
  readonly to: Day | null;
  /** The account no longer exists from this day on. */
  readonly ends: boolean;
  readonly statement: Statement;
}

export interface Version {
  readonly valid_from: Day;
  /** Exclusive; null: still valid. */
  readonly valid_to: Day | null;
  readonly attributes: Attributes;
  readonly reasons: Reasons;
}

/** What an attribute is when no observation tells. */
export const UNKNOWN: Attributes = {
  screen_name: null,
  account_type: 'UNKNOWN',
  region: 'UNKNOWN',
  prefecture: 'UNKNOWN',
  sector: 'UNKNOWN',
  level: 'LX',
  verified: null,
  verified_type: 'UNKNOWN',
  verified_reason: null,
};
export const NO_REASONS = Object.fromEntries(REASONS.map((name) => [name, null])) as Reasons;
/** Before the first observation the attributes are taken to be those of the first. */
export const BEGINNING: Day = '0001-01-01';

/**
 * The type-2 history of one account, from everything ever observed of it. A pure function of the set of observations,
 * so the order in which files are loaded cannot matter. What an observation does not mention is carried over from the one
 * before, and from the first that mentions it back to the beginning; rules then see all that is known on the day.
 */
export function versionsOf(observations: readonly AttributeObservation[], derive: Derive): Version[] {
  const order = [...observations].sort((a, b) => compare(a.from, b.from) || compare(a.observedAt, b.observedAt) || a.seq - b.seq);
  const filled = fill(order.map(({ statement }) => statement));
  const versions: Version[] = [];
  order.forEach((observation, index) => {
    const next = order[index + 1];
    // Several observations that speak of the same day: the last word counts.
    if (next && next.from === observation.from) return;
    const last = versions.at(-1);
    if (observation.ends && last) {
      if (last.valid_to === null || last.valid_to > observation.from)
        versions[versions.length - 1] = { ...last, valid_to: observation.from };
      return;
    }
    const { attributes, reasons } = parted(derive(filled[index]!));
    const from = last ? observation.from : BEGINNING;
    const to = observation.ends ? observation.from : observation.to !== null && observation.to > observation.from ? observation.to : null;
    const end = next && (to === null || next.from < to) ? next.from : to;
    if (last && last.valid_to === from && same(last.attributes, attributes)) versions[versions.length - 1] = { ...last, valid_to: end };
    else versions.push({ valid_from: from, valid_to: end, attributes, reasons });
  });
  return versions;
}

/** Only some of what a derivation yields makes a version; a reason that changes alone does not. */
const parted = (derived: Attributes & Reasons): { attributes: Attributes; reasons: Reasons } => ({
  attributes: Object.fromEntries(VERSIONED.map((name) => [name, derived[name]])) as Attributes,
  reasons: Object.fromEntries(REASONS.map((name) => [name, derived[name]])) as Reasons,
});

/** Days on which two histories differ, from first to last; null when they agree on every day. */
export function differingDays(before: readonly Version[], after: readonly Version[]): { from: Day; to: Day } | null {
  const edges = [...new Set([...before, ...after].flatMap(({ valid_from, valid_to }) => [valid_from, valid_to ?? FOREVER]))].sort();
  let from: Day | null = null;
  let to: Day | null = null;
  edges.forEach((edge, index) => {
    const a = versionOn(before, edge);
    const b = versionOn(after, edge);
    if (a === b || (a && b && same(a.attributes, b.attributes))) return;
    from ??= edge;
    const next = edges[index + 1];
    to = next === undefined || next === FOREVER ? FOREVER : addDays(next, -1);
  });
  return from === null || to === null ? null : { from, to };
}

const versionOn = (versions: readonly Version[], day: Day): Version | undefined =>
  versions.find(({ valid_from, valid_to }) => valid_from <= day && (valid_to === null || day < valid_to));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const same = (a: Attributes, b: Attributes): boolean => VERSIONED.every((name) => a[name] === b[name]);

/** Carries known values forward, then back to the beginning. */
function fill(series: readonly Statement[]): Statement[] {
  let current: Statement = series.reduceRight((later, one) => merge(one, later), NOTHING);
  return series.map((statement) => (current = merge(statement, current)));
}

const NOTHING = Object.fromEntries(STATED.map((name) => [name, null])) as Statement;
const merge = (one: Statement, other: Statement): Statement =>
  Object.fromEntries(STATED.map((name) => [name, one[name] ?? other[name]])) as Statement;
