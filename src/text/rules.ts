import { createHash } from 'node:crypto';
import { GovblogError } from '../errors';
import { isDay, type Day } from '../model/time';
import { OTHER_CATEGORY, type ContentRule } from './content';
import { superlinear } from './linear';
import { signIndex, type SignIndex } from './scan';
import { SEGMENTER, segmenterWith, type Segment } from './segmenter';
import { caseVariants, termIndex, type Marker, type TermIndex } from './terms';

/** One row of lexicon.csv. */
export interface LexiconRow {
  readonly term: string;
  /** slang, formal, informal or kaomoji. */
  readonly kind: string;
  /** Day from which the term counts; empty or null: always. */
  readonly since: Day | null;
}

/** One row of content_rules.csv. A rule has a pattern, terms, or both, and then both must hold. */
export interface ContentRuleRow {
  readonly id: string;
  /** Whole number; the rule with the least is tried first, and of equal ones the one with the lesser id. */
  readonly priority: number | string;
  readonly category: string;
  /** Regular expression (flag u) without unbounded repetition; empty: none. */
  readonly pattern: string | null;
  readonly excludes: string | null;
  /** Separated by semicolons; empty: none. */
  readonly terms: string | null;
}

/** One row of content_categories.csv. */
export interface ContentCategoryRow {
  readonly code: string;
}

/** The rows of the reference tables that rules are made of. */
export interface RuleRows {
  readonly lexicon: readonly LexiconRow[];
  readonly contentRules: readonly ContentRuleRow[];
  readonly categories: readonly ContentCategoryRow[];
}

/** Everything that `featuresOf` goes by, made once by `textRules`. */
export interface TextRules {
  /** Fingerprint of the algorithm and of every row that shapes a feature: 12 hex digits. Equal versions give equal features. */
  readonly version: string;
  /** What they were made of: another thread makes its own from it. */
  readonly rows: RuleRows;
  readonly segment: Segment;
  readonly terms: TermIndex;
  readonly signs: SignIndex;
  readonly content: readonly ContentRule[];
}

/** Changes with every change of the code that changes a feature of some text. */
const ALGORITHM = `1, ${SEGMENTER}`;
const MARKERS: readonly string[] = ['slang', 'formal', 'informal'] satisfies Marker[];

/**
 * Makes the rules by which texts are read from the rows of the reference tables; the order of rows does not matter.
 *
 * @throws GovblogError BAD_INPUT that names the row: unknown kind, category or day, a pattern that is no regular expression or
 * could take more than linear time, a term given twice, a rule that would hold for every text.
 */
export function textRules(
  lexicon: readonly LexiconRow[],
  contentRules: readonly ContentRuleRow[],
  categories: readonly ContentCategoryRow[],
): TextRules {
  const entries = lexicon.map(checkedEntry);
  refuseTwice(lexicon, ({ term, kind }) => `${kind === 'kaomoji' ? term : term.toLowerCase()}, ${kind}`, 'lexicon.csv');
  refuseTwice(contentRules, ({ id }) => id, 'content_rules.csv');
  refuseTwice(categories, ({ code }) => code, 'content_categories.csv');
  const codes = new Set(categories.map(({ code }) => code));
  if (!codes.has(OTHER_CATEGORY)) throw bad('content_categories.csv', `lacks ${OTHER_CATEGORY}, the category of posts that no rule knows.`);

  const ordered = [...contentRules].sort((a, b) => priorityOf(a) - priorityOf(b) || (a.id < b.id ? -1 : 1));
  const markers = entries.flatMap(({ term, kind, since }) => (kind === 'kaomoji' ? [] : [{ term, kind, since }]));
  const ruleTerms = ordered.map(({ terms }) => listOf(terms));
  return {
    version: fingerprint([
      entries.map(({ term, kind, since }) => [term, kind, since]),
      ordered.map((row, at) => [row.id, priorityOf(row), row.category, row.pattern ?? '', row.excludes ?? '', ruleTerms[at]!]),
      [...codes].sort(),
    ]),
    rows: { lexicon, contentRules, categories },
    segment: segmenterWith(newWords(markers.map(({ term }) => term))),
    terms: termIndex(markers, ruleTerms),
    signs: signIndex(entries.filter(({ kind }) => kind === 'kaomoji')),
    content: ordered.map((row, at) => checkedRule(row, ruleTerms[at]!, codes)),
  };
}

type Entry = { readonly term: string; readonly kind: Marker | 'kaomoji'; readonly since: Day };

function checkedEntry(row: LexiconRow): Entry {
  const { term, kind } = row;
  const since = row.since ?? '';
  const place = `lexicon.csv, term "${term}"`;
  if (term === '' || term !== term.trim()) throw bad(place, 'is empty or has spaces around it.');
  if (kind !== 'kaomoji' && !isMarker(kind)) throw bad(place, `has the unknown kind "${kind}"; use ${MARKERS.join(', ')} or kaomoji.`);
  if (kind === 'kaomoji' && term.length < 2) throw bad(place, 'is a kaomoji of one character; emoji are counted without being listed.');
  if (since !== '' && !isDay(since)) throw bad(place, `counts since "${since}", which is not a day YYYY-MM-DD.`);
  return { term, kind, since };
}

const isMarker = (kind: string): kind is Marker => MARKERS.includes(kind);

function checkedRule(row: ContentRuleRow, terms: readonly string[], codes: ReadonlySet<string>): ContentRule {
  const place = `content_rules.csv, rule "${row.id}"`;
  if (!codes.has(row.category)) throw bad(place, `names the category "${row.category}", which content_categories.csv does not have.`);
  const [pattern, excludes] = [compiled(place, 'pattern', row.pattern), compiled(place, 'excludes', row.excludes)];
  if (terms.length === 0 && !pattern) throw bad(place, 'has neither a pattern nor terms, so it would hold for every text.');
  return { category: row.category, pattern, excludes, hasTerms: terms.length > 0 };
}

function compiled(place: string, column: string, pattern: string | null): RegExp | null {
  if (pattern === null || pattern === '') return null;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (error) {
    throw bad(place, `has no regular expression in ${column}: ${pattern}`, error);
  }
  const reason = superlinear(pattern);
  if (reason !== null) throw bad(place, `has in ${column} what may be slow on long texts (${reason}): ${pattern}`);
  return expression;
}

function priorityOf({ id, priority }: ContentRuleRow): number {
  const number = priority === '' ? NaN : Number(priority);
  if (!Number.isInteger(number))
    throw bad(`content_rules.csv, rule "${id}"`, `has the priority "${priority}", which is not a whole number.`);
  return number;
}

const listOf = (terms: string | null): string[] =>
  (terms ?? '')
    .split(';')
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .sort();

/**
 * The terms that become words of the dictionary. Phrases do not (they are several words), nor do terms that contain another one:
 * as one segment they would hide it on days before their own. Terms of signs or Latin letters alone do not either: with `skr`
 * in it, Sanskrit would be torn apart.
 */
function newWords(terms: readonly string[]): string[] {
  const inner = terms.filter((term) => term.length > 1);
  const words = terms.filter(
    (term) =>
      /^[\p{L}\p{N}]{1,4}$|^[a-z]+\p{Script=Han}+$|^\p{Script=Han}+[a-z]+$/iu.test(term) &&
      /\p{Script=Han}/u.test(term) &&
      !inner.some((other) => other !== term && term.includes(other)),
  );
  return [...new Set(words.flatMap(caseVariants))].sort();
}

function refuseTwice<T>(rows: readonly T[], keyOf: (row: T) => string, file: string): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    if (seen.has(key)) throw bad(file, `has "${key}" twice.`);
    seen.add(key);
  }
}

function fingerprint([entries, rules, codes]: readonly [string[][], unknown[][], string[]]): string {
  const sorted = entries.map((entry) => JSON.stringify(entry)).sort();
  return createHash('sha256')
    .update(JSON.stringify([ALGORITHM, sorted, rules, codes]))
    .digest('hex')
    .slice(0, 12);
}

const bad = (place: string, problem: string, cause?: unknown): GovblogError =>
  new GovblogError('BAD_INPUT', `${place} ${problem}`, cause === undefined ? undefined : { cause });
