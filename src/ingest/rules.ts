import type { Store } from '../store/store';
import { textRules, type ContentRuleRow, type LexiconRow, type TextRules } from '../text/rules';
import { assignmentRules, type AccountRuleRow, type AssignmentRules } from './assignment/assign';
import type { Rules } from './judge';

interface RegionRow {
  readonly code: string;
  readonly parent_code: string | null;
  readonly kind: string;
  readonly name_zh: string;
  readonly name_zh_full: string;
}

/** Reads what records are judged against and derived by: the codes and the rules of the reference tables. */
export async function readRules(store: Store, now: Date): Promise<Rules> {
  const codes = async (sql: string): Promise<Set<string>> => new Set((await store.query<{ code: string }>(sql)).map(({ code }) => code));
  const platforms = await store.query<{ code: string; time_zone: string }>('SELECT code, time_zone FROM platform');
  return {
    zones: new Map(platforms.map(({ code, time_zone }) => [code, time_zone])),
    codes: {
      region: await codes("SELECT code FROM region WHERE kind <> 'prefecture'"),
      prefecture: await codes("SELECT code FROM region WHERE kind = 'prefecture' OR code = 'UNKNOWN'"),
      sector: await codes('SELECT code FROM sector'),
      level: await codes('SELECT code FROM admin_level'),
      accountType: await codes('SELECT code FROM account_type WHERE parent_code IS NULL'),
    },
    now: now.getTime(),
    assignment: await readAssignmentRules(store),
    text: await readTextRules(store),
  };
}

let lastAssignment: { readonly rows: string; readonly rules: AssignmentRules } | undefined;
let lastText: { readonly rows: string; readonly rules: TextRules } | undefined;

/** Compiling takes a moment (and the segmenter 200 ms): rules made from equal rows are the same rules. */
async function readAssignmentRules(store: Store): Promise<AssignmentRules> {
  const rules = await store.query<Record<string, string | number>>('SELECT * FROM account_rule ORDER BY attribute, priority, id');
  const regions = await store.query<RegionRow>('SELECT code, parent_code, kind, name_zh, name_zh_full FROM region ORDER BY code');
  const sectors = await store.query<{ code: string; parent_code: string | null; name_zh: string }>(
    'SELECT code, parent_code, name_zh FROM sector ORDER BY code',
  );
  const verifiedTypes = await store.query<{ code: string; account_type: string }>(
    'SELECT code, account_type FROM verified_type ORDER BY code',
  );
  const rows = JSON.stringify([rules, regions, sectors, verifiedTypes]);
  if (lastAssignment?.rows !== rows) {
    const asText = rules.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])));
    lastAssignment = { rows, rules: assignmentRules(asText as AccountRuleRow[], { regions, sectors, verifiedTypes }) };
  }
  return lastAssignment.rules;
}

export async function readTextRules(store: Store): Promise<TextRules> {
  const lexicon = await store.query<LexiconRow>('SELECT term, kind, since FROM lexicon ORDER BY term, kind');
  const content = await store.query<ContentRuleRow>(
    'SELECT id, priority, category, pattern, excludes, terms FROM content_rule ORDER BY id',
  );
  const categories = await store.query<{ code: string }>('SELECT code FROM content_category ORDER BY code');
  const rows = JSON.stringify([lexicon, content, categories]);
  if (lastText?.rows !== rows) lastText = { rows, rules: textRules(lexicon, content, categories) };
  return lastText.rules;
}
