import type { AccountRule, AssignmentRules } from './accountRules';
import { LOOKUPS, Reading } from './lookups';
import { ASSIGNED, type Assigned, type AssignedAttribute, STATED, type Statement, unknownOf } from './statement';

export { type AccountRuleRow, assignmentRules, type AssignmentRules, type Reference } from './accountRules';
export type { Assigned, Statement } from './statement';

/**
 * Who is a government account, where, in which field and at which level: what the source said, else what the first fitting rule says, else
 * unknown. A source that says `UNKNOWN` (for a level `LX`) says nothing. The level is that of the territory which the organ serves, not a rank:
 * a department of a province is L2. A prefecture always lies in the region beside it. Pure; never throws.
 */
export function assign(statement: Statement, rules: AssignmentRules): Assigned {
  const reading = new Reading(statement, rules.gazetteer, rules.typeOfVerification);
  const given = statement.verified_type ?? 'UNKNOWN';
  const verifiedType = rules.verificationCodes.has(given) ? given : 'UNKNOWN';
  const assigned: Record<string, string | null> = {};
  for (const attribute of ASSIGNED) {
    const [code, by] = settle(attribute, verifiedType, reading, rules);
    reading.codes[attribute] = code;
    assigned[attribute] = code;
    assigned[`${attribute}_by`] = by;
  }
  return assigned as unknown as Assigned;
}

function settle(
  attribute: AssignedAttribute,
  verifiedType: string,
  reading: Reading,
  rules: AssignmentRules,
): readonly [code: string, by: string | null] {
  const stated = reading.statement[attribute];
  if (stated !== null && stated !== unknownOf(attribute)) return [stated, STATED];
  for (const rule of rules.rulesFor(attribute, verifiedType, reading.codes.account_type ?? 'UNKNOWN')) {
    const code = codeBy(rule, reading);
    if (code !== null && (attribute !== 'prefecture' || rules.gazetteer.provinceOf.get(code) === reading.codes.region))
      return [code, rule.id];
  }
  return [unknownOf(attribute), null];
}

function codeBy({ id, text }: AccountRule, reading: Reading): string | null {
  if (text === null) return LOOKUPS[id]!(reading);
  const value = reading.statement[text.field];
  if (value === null || !text.pattern.test(value) || text.excludes?.test(value)) return null;
  return text.value;
}
