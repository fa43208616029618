import { assignmentRules, type AccountRuleRow } from '../../../src/ingest/assignment/assign';
import { REFERENCE, ROWS, RULES } from './reference';

const changed = (id: string, change: Partial<AccountRuleRow>): AccountRuleRow[] =>
  ROWS.map((row) => (row.id === id ? { ...row, ...change } : row));

describe('the rules that ship with the project', () => {
  test('have one idea a row, said in a note, with a confidence and a source', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    for (const { id, note, source, confidence } of ROWS) {
      expect({ id, note: note.length > 10, source: source !== '' }).toEqual({ id, note: true, source: true });
      expect(Number(confidence)).toBeGreaterThanOrEqual(0.5);
      expect(Number(confidence)).toBeLessThanOrEqual(1);
    }
  });

  test('give every sub-sector of the table except those that only a reviewer can tell', () => {
    const given = new Set(RULES.rules.map(({ text }) => text?.value));
    const subSectors = REFERENCE.sectors.filter(({ parent_code }) => parent_code !== '' && parent_code !== null).map(({ code }) => code);
    expect(subSectors.length).toBeGreaterThan(50);
    expect(subSectors.filter((code) => !given.has(code))).toEqual([]);
  });

  const patterns = RULES.rules.flatMap(({ id, text }) =>
    text ? [text.pattern, ...(text.excludes ? [text.excludes] : [])].map((pattern) => ({ id, pattern })) : [],
  );
  /** A pause of the machine is no slowness of the pattern: the fastest of three tries counts. */
  const isSlow = (pattern: RegExp, text: string, ms: number): boolean =>
    [1, 2, 3].every(() => {
      const from = performance.now();
      pattern.test(text);
      return performance.now() - from > ms;
    });

  test('answer at once whatever character is repeated', () => {
    // A character that a pattern does not name is to it like any other: 鼎, which no pattern names, stands for them.
    const others = ['鼎', ' ', 'a', '0', '😀'];
    expect(patterns.filter(({ pattern }) => pattern.source.includes('鼎'))).toEqual([]);
    const tried = patterns.flatMap(({ id, pattern }) =>
      [...new Set([...pattern.source, ...others])].map((character) => ({ id, character, slow: isSlow(pattern, character.repeat(400), 5) })),
    );
    expect(tried.length).toBeGreaterThan(5000);
    expect(tried.filter(({ slow }) => slow)).toEqual([]);
  });

  test('need time in proportion to the text, also for texts made of the words that they look for', () => {
    const words = ['公安', '市公安局', '公安大队', '北京市', '法院，', '中国', '前局长', '共青团', '市委', '国家', '省', '村'];
    const slow = words.flatMap((word) =>
      patterns.filter(({ pattern }) => isSlow(pattern, word.repeat(3000).slice(0, 3000), 15)).map(({ id }) => `${id} ${word}`),
    );
    expect(slow).toEqual([]);
  });

  test('a pattern that is slow would be seen', () => {
    expect(isSlow(/(?:a+)+$/u, `${'a'.repeat(23)}b`, 40)).toBe(true);
  });
});

describe('the version', () => {
  const { version } = RULES;

  test('is the same for the same rows', () => {
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(
      assignmentRules(
        ROWS.map((row) => ({ ...row })),
        REFERENCE,
      ).version,
    ).toBe(version);
  });

  test('changes with any row, also when only a note changes', () => {
    const versions = ROWS.map(({ id, note }) => assignmentRules(changed(id, { note: `${note}.` }), REFERENCE).version);
    expect(new Set([version, ...versions]).size).toBe(ROWS.length + 1);
  });

  test('changes when a row goes, comes or moves', () => {
    const without = assignmentRules(
      ROWS.filter(({ id }) => id !== 'S-101'),
      REFERENCE,
    ).version;
    const more = assignmentRules([...ROWS, { ...ROWS.find(({ id }) => id === 'S-101')!, id: 'S-999' }], REFERENCE).version;
    const turned = assignmentRules([...ROWS].reverse(), REFERENCE).version;
    expect(new Set([version, without, more, turned]).size).toBe(4);
  });
});

describe('priority', () => {
  test('decides, and the order of rows where priorities are equal', () => {
    const first = assignmentRules([{ ...ROWS.find(({ id }) => id === 'S-101')!, id: 'S-000', priority: '0' }, ...ROWS], REFERENCE);
    expect(first.rulesFor('sector', '1', 'AGENCY')[0]!.id).toBe('S-000');
    const last = assignmentRules([...ROWS, { ...ROWS.find(({ id }) => id === 'S-101')!, id: 'S-999' }], REFERENCE);
    expect(
      last
        .rulesFor('sector', '1', 'AGENCY')
        .slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(['S-101', 'S-999']);
  });

  test('conditions keep rules away from accounts they are not for', () => {
    expect(RULES.rulesFor('account_type', '2', 'UNKNOWN').map(({ id }) => id)).toEqual(['T-010', 'T-TYPE']);
    expect(RULES.rulesFor('level', '2', 'ENTERPRISE')).toEqual([]);
  });
});

test.each<[string, Partial<AccountRuleRow>, string]>([
  ['S-101', { attribute: 'colour' }, 'attribute "colour" is none of account_type, region, prefecture, sector, level'],
  ['S-101', { priority: 'first' }, 'priority "first" is not a whole number'],
  ['S-101', { confidence: '1.5' }, 'confidence "1.5" is not between 0 and 1'],
  ['S-101', { confidence: '' }, 'confidence "" is not between 0 and 1'],
  ['S-101', { pattern: '(' }, 'pattern is not a regular expression'],
  ['S-101', { excludes: '[' }, 'excludes is not a regular expression'],
  ['S-101', { value: 'YL-CLY' }, 'there is no sector "YL-CLY"'],
  ['S-101', { field: 'motto' }, 'field "motto" is none of verified_reason'],
  ['S-101', { when_account_type: 'AGENCY;CADRE' }, 'when_account_type has no code "CADRE"'],
  ['S-101', { when_verified_type: '9' }, 'when_verified_type has no code "9"'],
  ['S-101', { pattern: '' }, 'a rule without pattern must be one of the lookups'],
  ['R-CODE', { pattern: 'x', value: '11', field: 'location' }, 'the id is that of a lookup'],
])('rule %s with %j is refused', (id, change, problem) => {
  expect(() => assignmentRules(changed(id, change), REFERENCE)).toThrow(`account_rules.csv, rule ${id}: ${problem}`);
});

test('a lookup without its row and an id that stands twice are refused', () => {
  expect(() =>
    assignmentRules(
      ROWS.filter(({ id }) => id !== 'P-NAME'),
      REFERENCE,
    ),
  ).toThrow('no row for the lookup P-NAME');
  expect(() => assignmentRules([...ROWS, ROWS[0]!], REFERENCE)).toThrow(`an id twice: ${ROWS[0]!.id}`);
});
