import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import {
  assign,
  assignmentRules,
  type AccountRuleRow,
  type Assigned,
  type Reference,
  type Statement,
} from '../../../src/ingest/assignment/assign';
import { projectPath } from '../../../src/paths';

export const csv = <T>(...path: string[]): T[] => parse<T>(readFileSync(projectPath(...path)), { bom: true, columns: true });

export const ROWS = csv<AccountRuleRow>('seeds', 'reference', 'account_rules.csv');
export const REFERENCE: Reference = {
  regions: csv('seeds', 'reference', 'regions.csv'),
  sectors: csv('seeds', 'reference', 'sectors.csv'),
  verifiedTypes: csv('seeds', 'reference', 'verified_types.csv'),
};
export const RULES = assignmentRules(ROWS, REFERENCE);

const SILENT: Statement = {
  screen_name: null,
  account_type: null,
  region: null,
  prefecture: null,
  sector: null,
  level: null,
  verified: null,
  verified_type: null,
  verified_reason: null,
  description: null,
  location: null,
};

/** What the rules make of a statement that is silent but for `said`. */
export const assigned = (said: Partial<Statement>): Assigned => assign({ ...SILENT, ...said }, RULES);
