import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../src/paths';
import { textRules, type ContentCategoryRow, type ContentRuleRow, type LexiconRow } from '../../src/text/rules';

export const readRows = <R>(file: string): R[] =>
  parse<R>(readFileSync(projectPath('seeds', 'reference', file)), { columns: true, bom: true });

export const LEXICON = readRows<LexiconRow & { readonly source: string; readonly confidence: string }>('lexicon.csv');
export const RULES = readRows<ContentRuleRow & { readonly source: string; readonly confidence: string }>('content_rules.csv');
export const CATEGORIES = readRows<ContentCategoryRow & { readonly source: string; readonly confidence: string }>('content_categories.csv');

/** The rules that the project ships. */
export const shipped = textRules(LEXICON, RULES, CATEGORIES);
