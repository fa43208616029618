import fc from 'fast-check';
import { mergeRanges, type StaleRange } from '../../src/ingest/ranges';
import { readBoolean, readCount, readId, readTime } from '../../src/ingest/values';
import {
  differingDays,
  UNKNOWN,
  VERSIONED,
  versionsOf,
  type AttributeObservation,
  type Attributes,
  type Version,
} from '../../src/ingest/versions';
import { addDays } from '../../src/model/time';

const attributes = (some: Partial<Record<(typeof VERSIONED)[number], string | null>>): Attributes => ({
  ...(Object.fromEntries(VERSIONED.map((name) => [name, null])) as Attributes),
  ...some,
});
const seen = (
  day: string,
  some: Partial<Record<(typeof VERSIONED)[number], string | null>>,
  rest: Partial<AttributeObservation> = {},
): AttributeObservation => ({
  observedAt: `${day} 04:00:00.000`,
  seq: 0,
  from: day,
  to: null,
  attributes: attributes(some),
  ...rest,
});
const told = (versions: readonly Version[]) =>
  versions.map(({ valid_from, valid_to, attributes: { screen_name, region } }) => [valid_from, valid_to, screen_name, region]);

describe('type-2 versions from observations', () => {
  test('what is not mentioned holds on, and back to the beginning', () => {
    expect(
      told(
        versionsOf([
          seen('2011-01-05', { screen_name: '甲' }),
          seen('2011-03-01', { region: '11' }),
          seen('2011-06-01', { screen_name: '乙' }),
        ]),
      ),
    ).toEqual([
      ['0001-01-01', '2011-06-01', '甲', '11'],
      ['2011-06-01', null, '乙', '11'],
    ]);
    expect(versionsOf([seen('2011-01-05', {})])[0]!.attributes).toEqual(UNKNOWN);
  });

  test('an end that the source knows leaves a gap; the last word of a day counts', () => {
    expect(told(versionsOf([seen('2011-01-01', { region: '11' }, { to: '2011-02-01' }), seen('2011-05-01', { region: '44' })]))).toEqual([
      ['0001-01-01', '2011-02-01', null, '11'],
      ['2011-05-01', null, null, '44'],
    ]);
    expect(told(versionsOf([seen('2011-01-01', { region: '11' }), seen('2011-01-01', { region: '12' }, { seq: 1 })]))).toEqual([
      ['0001-01-01', null, null, '12'],
    ]);
  });

  const day = fc.integer({ min: 0, max: 40 }).map((offset) => addDays('2011-12-01', offset));
  const value = fc.constantFrom('甲', '乙', null);
  const observation = fc
    .record({
      day,
      name: value,
      region: fc.constantFrom('11', '44', null),
      to: fc.option(day, { nil: null }),
      seq: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ day: on, name, region, to, seq }) => seen(on, { screen_name: name, region }, { to, seq }));
  const history = fc.uniqueArray(observation, { selector: ({ observedAt, seq }) => `${observedAt}${seq}`, maxLength: 8 });
  const on = (versions: readonly Version[], at: string): Version[] =>
    versions.filter(({ valid_from, valid_to }) => valid_from <= at && (valid_to === null || at < valid_to));
  const window = Array.from({ length: 60 }, (_, offset) => addDays('2011-11-25', offset));

  test('any order of observations gives the same versions, and no day has two', () => {
    fc.assert(
      fc.property(
        history.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([one, other]) => {
          expect(versionsOf(other)).toEqual(versionsOf(one));
          for (const at of window) expect(on(versionsOf(one), at).length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the differing days of two histories begin and end where they first and last differ', () => {
    fc.assert(
      fc.property(history, history, (a, b) => {
        const [one, other] = [versionsOf(a), versionsOf(b)];
        const differ = window.filter((at) => JSON.stringify(on(one, at)[0]?.attributes) !== JSON.stringify(on(other, at)[0]?.attributes));
        const range = differingDays(one, other);
        for (const at of differ) expect(range !== null && range.from <= at && at <= range.to).toBe(true);
        if (range !== null && range.from > window[0]!) expect(differ[0]).toBe(range.from);
        expect(differingDays(one, one)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});

test('merged ranges cover the same days, and no two of a fact touch', () => {
  const range = fc
    .record({
      fact: fc.constantFrom('activity' as const, 'posts' as const),
      from: fc.integer({ min: 0, max: 40 }),
      length: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ fact, from, length }): StaleRange => ({ fact, from: addDays('2012-02-20', from), to: addDays('2012-02-20', from + length) }));
  const days = (ranges: readonly StaleRange[]): Set<string> => {
    const all = new Set<string>();
    for (const { fact, from, to } of ranges) for (let day = from; day <= to; day = addDays(day, 1)) all.add(`${fact} ${day}`);
    return all;
  };
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const merged = mergeRanges(ranges);
      expect(days(merged)).toEqual(days(ranges));
      merged.forEach((one, index) => {
        const next = merged[index + 1];
        if (next?.fact === one.fact) expect(next.from > addDays(one.to, 1)).toBe(true);
      });
    }),
  );
});

describe('values as they come', () => {
  test.each([['27.1万', 271_000], ['1.36亿', 136_000_000], ['10万+', 100_000], ['1,234', 1234], [' 7 ', 7], ['0', 0], ['', null], [undefined, null], ['4603556', 4_603_556]] as const)('count %s', (text, value) => {
    expect(readCount('n', text)).toBe(value);
  }); // prettier-ignore
  test.each(['abc', '-1', '1.5', '万', '12万万', '1.23456万', '0x10', '1e3'])('no count: %s', (text) => {
    expect(() => readCount('转发数', text)).toThrow(/^转发数: /);
  });
  test.each([
    ['2011-12-31 23:59:59', '2011-12-31T15:59:59Z'],
    ['2011-12-31T23:59:59', '2011-12-31T15:59:59Z'],
    ['2011-12-31T23:59:59+00:00', '2011-12-31T23:59:59Z'],
    ['Tue May 31 17:46:55 +0800 2011', '2011-05-31T09:46:55Z'],
    ['1323360000', '2011-12-08T16:00:00Z'],
    ['1323360000123', '2011-12-08T16:00:00.123Z'],
  ])('time %s', (text, iso) => expect(readTime('t', text, 'Asia/Shanghai')).toBe(Date.parse(iso)));
  test.each(['', 'yesterday', '昨天 23:54', '2011-02-29 10:00', '5分钟前'])('no time: %s', (text) => {
    expect(() => readTime('t', text, 'Asia/Shanghai')).toThrow(/^t: /);
  });
  test('ids lose their padding; booleans are read in two languages', () => {
    expect(readId('id', '5106074481591315\t')).toBe('5106074481591315');
    expect(() => readId('id', '\t')).toThrow('empty');
    expect(['True', '否', ''].map((text) => readBoolean('b', text))).toEqual([true, false, null]);
    expect(() => readBoolean('b', 'maybe')).toThrow('neither');
  });
});
