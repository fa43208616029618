import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GovblogError } from '../../src/errors';
import { isDay } from '../../src/model/time';
import { FEATURES } from '../../src/text/codebook';
import { featuresOf } from '../../src/text/features';
import { superlinear } from '../../src/text/linear';
import { textRules, type ContentRuleRow, type LexiconRow } from '../../src/text/rules';
import { SEGMENTER } from '../../src/text/segmenter';
import { CATEGORIES, LEXICON, RULES, shipped } from './reading';

const versionOf = (lexicon: readonly LexiconRow[], rules: readonly ContentRuleRow[] = RULES, categories = CATEGORIES as readonly { code: string }[]) => textRules(lexicon, rules, categories).version; // prettier-ignore
const rule = (row: Partial<ContentRuleRow>): ContentRuleRow => ({ id: 'NEW', priority: '5', category: 'CHAT', pattern: '早', excludes: '', terms: '', ...row }); // prettier-ignore
const word = (row: Partial<LexiconRow>): LexiconRow => ({ term: '新词', kind: 'slang', since: '', ...row });

/** The sentence of the refusal. */
function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof GovblogError && error.code === 'BAD_INPUT') return error.message;
    throw error;
  }
  return 'no refusal';
}

describe('the version', () => {
  const base = versionOf(LEXICON);

  test('is 12 hex digits, the same for the same rows in any order and form', () => {
    expect(base).toMatch(/^[0-9a-f]{12}$/);
    expect(versionOf([...LEXICON].reverse(), [...RULES].reverse(), [...CATEGORIES].reverse())).toBe(base);
    const numbers = RULES.map((row) => ({
      ...row,
      priority: Number(row.priority),
      excludes: row.excludes || null,
      terms: row.terms || null,
    }));
    expect(versionOf(LEXICON, numbers)).toBe(base);
  });

  test('does not change with what is only said about a row', () => {
    expect(versionOf(LEXICON.map((row) => ({ ...row, source: 'S01', confidence: 'high' })))).toBe(base);
  });

  test('changes with any row of the lexicon', () => {
    const versions = LEXICON.map((_, left) => versionOf(LEXICON.filter((_row, at) => at !== left)));
    expect(new Set([base, ...versions]).size).toBe(LEXICON.length + 1);
  });

  test('changes with any rule', () => {
    const versions = RULES.map((_, left) => versionOf(LEXICON, RULES.filter((_row, at) => at !== left))); // prettier-ignore
    expect(new Set([base, ...versions]).size).toBe(RULES.length + 1);
  });

  test.each([
    ['a day', () => versionOf(LEXICON.map((row, at) => (at === 0 ? { ...row, since: '2002-01-01' } : row)))],
    ['a kind', () => versionOf(LEXICON.map((row, at) => (at === 0 ? { ...row, kind: 'informal' } : row)))],
    ['a priority', () => versionOf(LEXICON, RULES.map((row, at) => (at === 3 ? { ...row, priority: '19' } : row)))],
    ['an excluded pattern', () => versionOf(LEXICON, RULES.map((row, at) => (at === 3 ? { ...row, excludes: '早' } : row)))],
    ['a pattern', () => versionOf(LEXICON, RULES.map((row, at) => (at === 0 ? { ...row, pattern: '早' } : row)))],
    ['a term', () => versionOf(LEXICON, RULES.map((row, at) => (at === 3 ? { ...row, terms: `${row.terms};早` } : row)))],
    ['a category', () => versionOf(LEXICON, RULES, [...CATEGORIES, { code: 'NEW' }])],
  ])('changes with %s', (_, version) => expect(version()).not.toBe(base)); // prettier-ignore

  test('names the segmenter that is installed', () => {
    const main = createRequire(__filename).resolve('@node-rs/jieba');
    const { name, version } = JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8'));
    expect(SEGMENTER).toBe(`${name} ${version}`);
  });
});

describe('a bad row is refused with its place', () => {
  test.each([
    [[word({ kind: 'Slang' })], 'lexicon.csv, term "新词" has the unknown kind "Slang"; use slang, formal, informal or kaomoji.'],
    [[word({ since: '2010' })], 'lexicon.csv, term "新词" counts since "2010", which is not a day YYYY-MM-DD.'],
    [[word({ since: '2010-02-30' })], 'lexicon.csv, term "新词" counts since "2010-02-30", which is not a day YYYY-MM-DD.'],
    [[word({ term: ' 新词' })], 'lexicon.csv, term " 新词" is empty or has spaces around it.'],
    [[word({ term: '' })], 'lexicon.csv, term "" is empty or has spaces around it.'],
    [
      [word({ term: '☺', kind: 'kaomoji' })],
      'lexicon.csv, term "☺" is a kaomoji of one character; emoji are counted without being listed.',
    ],
    [[word({}), word({ since: '2010-01-01' })], 'lexicon.csv has "新词, slang" twice.'],
    [[word({ term: 'orz' }), word({ term: 'ORZ' })], 'lexicon.csv has "orz, slang" twice.'],
  ])('lexicon %#', (rows, sentence) => expect(refusal(() => textRules(rows, [], CATEGORIES))).toBe(sentence));

  test.each([
    [[rule({ category: 'Chat' })], 'content_rules.csv, rule "NEW" names the category "Chat", which content_categories.csv does not have.'],
    [[rule({ pattern: '(早' })], 'content_rules.csv, rule "NEW" has no regular expression in pattern: (早'],
    [[rule({ excludes: '[' })], 'content_rules.csv, rule "NEW" has no regular expression in excludes: ['],
    [[rule({ pattern: '早.*安' })], 'content_rules.csv, rule "NEW" has in pattern what may be slow on long texts (* repeats without a bound; write {0,30}): 早.*安'],
    [[rule({ pattern: '', terms: ' ; ' })], 'content_rules.csv, rule "NEW" has neither a pattern nor terms, so it would hold for every text.'],
    [[rule({ priority: 'first' })], 'content_rules.csv, rule "NEW" has the priority "first", which is not a whole number.'],
    [[rule({ priority: '' })], 'content_rules.csv, rule "NEW" has the priority "", which is not a whole number.'],
    [[rule({}), rule({ pattern: '晚' })], 'content_rules.csv has "NEW" twice.'],
  ])('content rules %#', (rows, sentence) => expect(refusal(() => textRules([], rows, CATEGORIES))).toBe(sentence)); // prettier-ignore

  test('categories', () => {
    expect(refusal(() => textRules([], [], [{ code: 'CHAT' }]))).toBe(
      'content_categories.csv lacks OTHER, the category of posts that no rule knows.',
    );
    expect(refusal(() => textRules([], [], [{ code: 'OTHER' }, { code: 'OTHER' }]))).toBe('content_categories.csv has "OTHER" twice.');
  });
});

describe("rules of one's own", () => {
  const categories = ['A', 'B', 'C', 'OTHER'].map((code) => ({ code }));
  const categoryBy = (rows: readonly Partial<ContentRuleRow>[], text: string) => featuresOf(text, '2011-01-01', textRules([], rows.map((row, at) => rule({ id: `R${at}`, pattern: '', ...row })), categories)).category; // prettier-ignore

  test('the least priority wins, and of equal ones the lesser id', () => {
    const rows = [{ category: 'A', priority: 10, pattern: '早' }, { category: 'B', priority: 9, pattern: '早' }]; // prettier-ignore
    expect(categoryBy(rows, '早')).toBe('B');
    expect(categoryBy(rows.map((row) => ({ ...row, priority: 1 })), '早')).toBe('A'); // prettier-ignore
  });

  test('pattern and terms must both hold, and what is excluded must not', () => {
    const rows = [{ category: 'A', pattern: '\\d', terms: '气温;降温', excludes: '股市' }];
    expect(['气温3度', '降温3度', '气温', '3度', '股市降温3点'].map((text) => categoryBy(rows, text))).toEqual([
      'A',
      'A',
      'OTHER',
      'OTHER',
      'OTHER',
    ]);
  });

  test('terms are whole words, and overlapping ones are all seen', () => {
    expect(['京、津', '东京'].map((text) => categoryBy([{ category: 'A', terms: '京' }], text))).toEqual(['A', 'OTHER']);
    const rows = [{ category: 'A', terms: '天气', excludes: '很好' }, { category: 'B', terms: '天气很好' }]; // prettier-ignore
    expect(['天气很好', '天气不好'].map((text) => categoryBy(rows, text))).toEqual(['B', 'A']);
  });

  test('two sets of rules do not disturb each other', () => {
    const [with_, without] = [[word({ term: '嘎嘣脆' })], []].map((lexicon) => textRules(lexicon, [], categories));
    const slang = () => [with_!, without!].map((rules) => featuresOf('真嘎嘣脆！', '2011-01-01', rules).slang);
    expect([slang(), slang()]).toEqual([[1, 0], [1, 0]]); // prettier-ignore
  });

  test('a kaomoji counts from its day on', () => {
    const rules = textRules([word({ term: '^w^', kind: 'kaomoji', since: '2012-01-01' })], [], categories);
    expect(['2011-12-31', '2012-01-01'].map((day) => featuresOf('好^w^', day, rules).emoticons)).toEqual([0, 1]);
  });
});

describe('patterns that stay linear', () => {
  test.each(['', '早', '^\\s{0,5}(?:a|b)?', '【[^【】\\n]{2,80}】', '[*+]{0,3}', '\\*\\+', '(?:ab{0,3})?', '(?<=a)\\p{L}', '\\{2,}', '(?:ab){2,3}'])(
    '%j is taken',
    (pattern) => expect(superlinear(pattern)).toBeNull(),
  ); // prettier-ignore
  test.each(['a*', 'a+', 'a{2,}', '.*', '(?:a{0,9}){0,9}', '(a{1,2}b){3}', '((a{2})){2}', '(a)\\1', '(?<x>a)\\k<x>', '[a]+'])(
    '%j is refused',
    (pattern) => expect(superlinear(pattern)).toEqual(expect.any(String)),
  ); // prettier-ignore
});

describe('the tables that ship', () => {
  test('are as large and as well described as they must be', () => {
    const ofKind = (kind: string) => LEXICON.filter((row) => row.kind === kind).length;
    expect([ofKind('slang') >= 120, ofKind('formal') >= 40, ofKind('informal') >= 25, ofKind('kaomoji') >= 15]).toEqual([true, true, true, true]); // prettier-ignore
    for (const row of [...LEXICON, ...RULES, ...CATEGORIES]) expect([row.source, row.confidence]).not.toContain('');
    expect(LEXICON.filter(({ kind, since }) => kind === 'slang' && !isDay(since ?? ''))).toEqual([]);
  });

  test.each(LEXICON.filter(({ kind }) => kind !== 'kaomoji').map(({ term, kind }) => [term, kind] as const))(
    '%s is found as %s in a sentence',
    (term, kind) => {
      const features = featuresOf(`新华路今天，${term}。`, '2024-01-01', shipped);
      expect(features[kind as 'slang']).toBeGreaterThanOrEqual(1);
    },
  );

  test.each(LEXICON.filter(({ kind }) => kind === 'kaomoji').map(({ term }) => term))('%s is one emoticon', (term) =>
    expect(featuresOf(`今天好${term}啦`, '2024-01-01', shipped).emoticons).toBe(1),
  );

  test('the codebook says of every feature how it is counted', () => {
    expect(FEATURES.map(({ name }) => name)).toEqual(Object.keys(featuresOf('', '2011-01-01', shipped)));
    for (const entry of FEATURES) expect(Object.values(entry).every((text) => text.length > 0)).toBe(true);
    expect(new Set(FEATURES.map(({ label }) => label)).size).toBe(FEATURES.length);
  });
});
