import { createHash } from 'node:crypto';
import { GovblogError, messageOf } from '../../errors';
import { type Gazetteer, gazetteerOf, type RegionRow } from './gazetteer';
import { LOOKUPS } from './lookups';
import { ASSIGNED, type AssignedAttribute, type Statement } from './statement';

const COLUMNS = [
  'id',
  'attribute',
  'priority',
  'when_verified_type',
  'when_account_type',
  'field',
  'pattern',
  'excludes',
  'value',
  'confidence',
  'note',
  'source',
] as const;

/**
 * A row of `seeds/reference/account_rules.csv`, every cell as text: one rule. A rule holds when its conditions do, `pattern` (a regular
 * expression) is found in `field` and `excludes` is not; then the attribute is `value`. Among the rules of an attribute the smallest
 * `priority` counts, and of equal ones the first row. A row without pattern is a lookup in the reference tables, known by its id.
 */
export type AccountRuleRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

export interface AccountRule {
  readonly id: string;
  readonly attribute: AssignedAttribute;
  /** Verification codes the rule is for; null: any. `UNKNOWN` stands for a code that was not given. */
  readonly verifiedTypes: ReadonlySet<string> | null;
  readonly accountTypes: ReadonlySet<string> | null;
  /** Null: a lookup. */
  readonly text: { readonly field: TextField; readonly pattern: RegExp; readonly excludes: RegExp | null; readonly value: string } | null;
  /** Share of accounts that the rule is expected to get right, 0 to 1. */
  readonly confidence: number;
}

/** The reference tables that rules look into. */
export interface Reference {
  readonly regions: readonly RegionRow[];
  readonly sectors: readonly { readonly code: string; readonly parent_code: string | null; readonly name_zh: string }[];
  readonly verifiedTypes: readonly { readonly code: string; readonly account_type: string }[];
}

export interface AssignmentRules {
  /** Twelve hexadecimal digits of the sha256 of all rows: changes when any cell does. */
  readonly version: string;
  readonly rules: readonly AccountRule[];
  readonly byId: ReadonlyMap<string, AccountRule>;
  /** The rules of an attribute that can hold for a verification code and an account type, in the order in which they are tried. */
  readonly rulesFor: (attribute: AssignedAttribute, verifiedType: string, accountType: string) => readonly AccountRule[];
  readonly gazetteer: Gazetteer;
  /** Account type that a verification code alone implies; codes that imply none are missing. */
  readonly typeOfVerification: ReadonlyMap<string, string>;
  readonly verificationCodes: ReadonlySet<string>;
}

const FIELDS = ['verified_reason', 'screen_name', 'description', 'location'] as const satisfies readonly (keyof Statement)[];
type TextField = (typeof FIELDS)[number];
const ACCOUNT_TYPES = ['AGENCY', 'OFFICIAL', 'MEDIA', 'ENTERPRISE', 'ORGANISATION', 'OTHER', 'UNKNOWN'];
const LEVELS = ['L1', 'L2', 'L3', 'L4', 'L5', 'LX'];

/**
 * Compiles the rules once.
 * @throws GovblogError BAD_INPUT that names the row, for a rule that can never mean anything: an unknown code, a broken pattern, a missing lookup.
 */
export function assignmentRules(rows: readonly AccountRuleRow[], reference: Reference): AssignmentRules {
  const codes = codesOf(reference);
  const ordered = rows.map((row) => ({ priority: priorityOf(row), rule: ruleOf(row, codes) })).sort((a, b) => a.priority - b.priority);
  const rules = ordered.map(({ rule }) => rule);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  if (byId.size < rules.length) throw new GovblogError('BAD_INPUT', `account_rules.csv has an id twice: ${twice(rules)}.`);
  for (const id of Object.keys(LOOKUPS))
    if (!byId.has(id))
      throw new GovblogError(
        'BAD_INPUT',
        `account_rules.csv has no row for the lookup ${id}; to switch it off, let it wait for no account type.`,
      );
  return {
    version: versionOf(rows),
    rules,
    byId,
    rulesFor: selector(rules),
    gazetteer: gazetteerOf(reference.regions),
    typeOfVerification: new Map(
      reference.verifiedTypes
        .filter(({ account_type }) => account_type !== 'UNKNOWN')
        .map(({ code, account_type }) => [code, account_type]),
    ),
    verificationCodes: codes.verifiedType,
  };
}

type Codes = Readonly<Record<AssignedAttribute | 'verifiedType', ReadonlySet<string>>>;

function codesOf({ regions, sectors, verifiedTypes }: Reference): Codes {
  const prefectures = regions.filter(({ kind }) => kind === 'prefecture').map(({ code }) => code);
  return {
    account_type: new Set(ACCOUNT_TYPES),
    region: new Set(regions.filter(({ kind }) => kind !== 'prefecture').map(({ code }) => code)),
    prefecture: new Set(prefectures),
    sector: new Set(sectors.map(({ code }) => code)),
    level: new Set(LEVELS),
    verifiedType: new Set([...verifiedTypes.map(({ code }) => code), 'UNKNOWN']),
  };
}

function ruleOf(row: AccountRuleRow, codes: Codes): AccountRule {
  const attribute = oneOf(row, 'attribute', ASSIGNED);
  const confidence = Number(row.confidence);
  if (row.confidence === '' || !(confidence >= 0 && confidence <= 1))
    throw bad(row, `confidence "${row.confidence}" is not between 0 and 1`);
  return {
    id: row.id,
    attribute,
    verifiedTypes: listOf(row, 'when_verified_type', codes.verifiedType),
    accountTypes: listOf(row, 'when_account_type', codes.account_type),
    text: row.pattern === '' ? lookupOf(row) : textOf(row, codes[attribute]),
    confidence,
  };
}

function lookupOf(row: AccountRuleRow): null {
  if (!Object.hasOwn(LOOKUPS, row.id)) throw bad(row, 'a rule without pattern must be one of the lookups');
  return null;
}

function textOf(row: AccountRuleRow, values: ReadonlySet<string>): NonNullable<AccountRule['text']> {
  if (Object.hasOwn(LOOKUPS, row.id)) throw bad(row, 'the id is that of a lookup, which has no pattern');
  if (!values.has(row.value)) throw bad(row, `there is no ${row.attribute} "${row.value}"`);
  return {
    field: oneOf(row, 'field', FIELDS),
    pattern: expressionOf(row, 'pattern'),
    excludes: row.excludes === '' ? null : expressionOf(row, 'excludes'),
    value: row.value,
  };
}

function priorityOf(row: AccountRuleRow): number {
  if (!/^\d{1,6}$/.test(row.priority)) throw bad(row, `priority "${row.priority}" is not a whole number`);
  return Number(row.priority);
}

function expressionOf(row: AccountRuleRow, column: 'pattern' | 'excludes'): RegExp {
  try {
    return new RegExp(row[column], 'u');
  } catch (error) {
    throw bad(row, `${column} is not a regular expression (${messageOf(error)})`);
  }
}

function oneOf<T extends string>(row: AccountRuleRow, column: 'attribute' | 'field', known: readonly T[]): T {
  const found = known.find((one) => one === row[column]);
  if (found === undefined) throw bad(row, `${column} "${row[column]}" is none of ${known.join(', ')}`);
  return found;
}

function listOf(
  row: AccountRuleRow,
  column: 'when_verified_type' | 'when_account_type',
  known: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const cell = row[column].trim();
  if (cell === '') return null;
  const list = cell.split(';').map((one) => one.trim());
  const unknown = list.find((one) => !known.has(one));
  if (unknown !== undefined) throw bad(row, `${column} has no code "${unknown}"`);
  return new Set(list);
}

const bad = ({ id }: AccountRuleRow, problem: string): GovblogError =>
  new GovblogError('BAD_INPUT', `account_rules.csv, rule ${id}: ${problem}.`);

const twice = (rules: readonly AccountRule[]): string =>
  rules.find(({ id }, index) => rules.findIndex((other) => other.id === id) < index)?.id ?? '';

/** The order of rows counts, because it decides between equal priorities. */
const versionOf = (rows: readonly AccountRuleRow[]): string =>
  createHash('sha256')
    .update(JSON.stringify(rows.map((row) => COLUMNS.map((column) => row[column]))))
    .digest('hex')
    .slice(0, 12);

/** Most rules are for few verification codes and account types: the choice is made once for each combination. */
function selector(rules: readonly AccountRule[]): AssignmentRules['rulesFor'] {
  const chosen = new Map<string, readonly AccountRule[]>();
  return (attribute, verifiedType, accountType) => {
    const key = `${attribute}|${verifiedType}|${accountType}`;
    const known = chosen.get(key);
    if (known) return known;
    const fitting = rules.filter(
      (rule) =>
        rule.attribute === attribute &&
        (rule.verifiedTypes === null || rule.verifiedTypes.has(verifiedType)) &&
        (rule.accountTypes === null || rule.accountTypes.has(accountType)),
    );
    chosen.set(key, fitting);
    return fitting;
  };
}
