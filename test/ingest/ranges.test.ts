import fc from 'fast-check';
import { mergeRanges, type StaleRange } from '../../src/ingest/ranges';
import { FACTS, FOREVER } from '../../src/model/facts';
import { addDays } from '../../src/model/time';

const START = '2011-12-20';
const WINDOW = 40;

/** Every day of a range within the window, one by one. */
const daysOf = (ranges: readonly StaleRange[]): string[] => {
  const days = new Set<string>();
  for (const { fact, from, to } of ranges)
    for (let offset = -2; offset < WINDOW; offset += 1) {
      const day = addDays(START, offset);
      if (from <= day && day <= to) days.add(`${fact} ${day}`);
    }
  return [...days].sort();
};

const range = fc
  .record({ fact: fc.constantFrom(...FACTS), start: fc.nat(WINDOW - 1), length: fc.nat(12), forever: fc.integer({ min: 0, max: 9 }) })
  .map(({ fact, start, length, forever }): StaleRange => {
    const from = addDays(START, start);
    return { fact, from, to: forever === 0 ? FOREVER : addDays(from, length) };
  });

test('merged ranges cover the same days, and no two of them touch', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const merged = mergeRanges(ranges);
      expect(daysOf(merged)).toEqual(daysOf(ranges));
      for (const fact of FACTS) {
        const own = merged.filter((one) => one.fact === fact);
        for (const [index, one] of own.entries()) if (index > 0) expect(addDays(own[index - 1]!.to, 1) < one.from).toBe(true);
      }
    }),
  );
});

test('the order in which ranges come does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 12 }).chain((ranges) => fc.tuple(fc.constant(ranges), fc.shuffledSubarray(ranges, { minLength: ranges.length }))),
      ([ranges, shuffled]) => expect(mergeRanges(shuffled)).toEqual(mergeRanges(ranges)),
    ),
  ); // prettier-ignore
});

test('neighbours become one, a gap of one day and another fact do not', () => {
  const posts = (from: string, to: string): StaleRange => ({ fact: 'posts', from, to });
  expect(mergeRanges([posts('2012-01-01', '2012-01-05'), posts('2011-12-30', '2011-12-31')])).toEqual([posts('2011-12-30', '2012-01-05')]);
  const apart = [posts('2011-12-30', '2011-12-31'), posts('2012-01-02', '2012-01-05')];
  expect(mergeRanges(apart)).toEqual(apart);
  const other: StaleRange = { fact: 'activity', from: '2012-01-01', to: '2012-01-02' };
  expect(mergeRanges([...apart, other])).toEqual([other, ...apart]);
});
