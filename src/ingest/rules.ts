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

interface Named {
  readonly code: string;
  readonly name: string;
  readonly name_zh: string;
  readonly name_zh_full?: string;
}
type Tables<T> = Readonly<Record<keyof Rules['codes'], T>>;

const eachOf = <T>(tables: Tables<readonly Named[]>, work: (rows: readonly Named[]) => T): Tables<T> =>
  Object.fromEntries(Object.entries(tables).map(([field, rows]) => [field, work(rows)])) as unknown as Tables<T>;

/** Reads what records are judged against and derived by: the codes and the rules of the reference tables. */
export async function readRules(store: Store, now: Date): Promise<Rules> {
  const tables = {
    region: await store.query<Named>("SELECT code, name, name_zh, name_zh_full FROM region WHERE kind <> 'prefecture'"),
    prefecture: await store.query<Named>(
      "SELECT code, name, name_zh, name_zh_full FROM region WHERE kind = 'prefecture' OR code = 'UNKNOWN'",
    ),
    sector: await store.query<Named>('SELECT code, name, name_zh FROM sector'),
    level: await store.query<Named>('SELECT code, name, name_zh FROM admin_level'),
    accountType: await store.query<Named>('SELECT code, name, name_zh FROM account_type WHERE parent_code IS NULL'),
  };
  const platforms = await store.query<{ code: string; time_zone: string }>('SELECT code, time_zone FROM platform');
  return {
    zones: new Map(platforms.map(({ code, time_zone }) => [code, time_zone])),
    codes: eachOf(tables, (rows) => new Set(rows.map(({ code }) => code))),
    named: eachOf(
      tables,
      (rows) => new Map(rows.flatMap(({ code, ...names }) => Object.values(names).map((name) => [name.toLowerCase(), code]))),
    ),
    now: now.getTime(),
    assignment: await readAssignmentRules(store),
    text: await readTextRules(store),
  };
}

let lastAssignment: { readonly rows: string; readonly rules: AssignmentRules } | undefined;
let lastText: { readonly rows: string; readonly rules: TextRules } | undefined;

/** Compiling takes a moment (and the segmenter 350 ms): rules made from equal rows are the same rules. */
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
