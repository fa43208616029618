import fc from 'fast-check';
import {
  BEGINNING,
  differingDays,
  UNKNOWN,
  VERSIONED,
  versionsOf,
  NO_REASONS,
  STATED,
  type Statement,
  type AttributeObservation,
  type Attributes,
  type Version,
} from '../../src/ingest/versions';
import { FOREVER } from '../../src/model/facts';
import { addDays } from '../../src/model/time';

const SILENT = Object.fromEntries(STATED.map((name) => [name, null])) as Statement;
/** Without rules: what is stated, and unknown where nothing is. */
const derive = (statement: Statement) => ({
  ...(Object.fromEntries(VERSIONED.map((name) => [name, statement[name] ?? UNKNOWN[name]])) as Attributes),
  ...NO_REASONS,
});
const historyOf = (observations: readonly AttributeObservation[]): Version[] => versionsOf(observations, derive);
const seen = (from: string, said: Partial<Attributes>, rest: Partial<AttributeObservation> = {}): AttributeObservation => ({
  observedAt: `${from} 04:00:00.000`,
  seq: 0,
  from,
  to: null,
  ends: false,
  statement: { ...SILENT, ...said },
  ...rest,
});
/** The histories of one attribute, as short text. */
const told = (versions: readonly Version[], name: keyof Attributes = 'screen_name'): string[] =>
  versions.map(({ valid_from, valid_to, attributes }) => `${valid_from}..${valid_to ?? ''} ${String(attributes[name])}`);

describe('the history of an account', () => {
  test('nothing observed is no history', () => expect(historyOf([])).toEqual([]));

  test('one observation holds from the beginning on, and what it does not say is unknown', () => {
    expect(historyOf([seen('2011-05-01', { screen_name: '平安甲' })])).toEqual([
      { valid_from: BEGINNING, valid_to: null, attributes: { ...UNKNOWN, screen_name: '平安甲' }, reasons: NO_REASONS },
    ]);
  });

  test('a change begins on the day it was observed, and the day before is the last of the old', () => {
    expect(told(historyOf([seen('2011-05-01', { screen_name: '甲' }), seen('2011-08-01', { screen_name: '乙' })]))).toEqual([
      '0001-01-01..2011-08-01 甲',
      '2011-08-01.. 乙',
    ]);
  });

  test('what an observation does not mention is carried on, and carried back from where it is first said', () => {
    const versions = historyOf([
      seen('2011-05-01', { screen_name: '甲' }),
      seen('2011-06-01', { region: '11' }),
      seen('2011-07-01', { region: '44', level: 'L3' }),
      seen('2011-08-01', { screen_name: '乙' }),
    ]);
    expect(told(versions)).toEqual(['0001-01-01..2011-07-01 甲', '2011-07-01..2011-08-01 甲', '2011-08-01.. 乙']);
    expect(versions.map(({ attributes }) => attributes.region)).toEqual(['11', '44', '44']);
    expect(versions.map(({ attributes }) => attributes.level)).toEqual(['L3', 'L3', 'L3']);
    expect(versions.map(({ attributes }) => attributes.sector)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  });

  test('observations that say the same make one version', () => {
    const same = ['2011-05-01', '2011-06-01', '2011-07-01'].map((day) => seen(day, { screen_name: '甲' }));
    expect(told(historyOf(same))).toEqual(['0001-01-01.. 甲']);
  });

  test('of several observations of one day the last has the last word, by time and then by order of arrival', () => {
    const morning = seen('2011-05-01', { screen_name: '甲', region: '11' }, { observedAt: '2011-05-01 01:00:00.000' });
    const noon = seen('2011-05-01', { screen_name: '乙' }, { observedAt: '2011-05-01 04:00:00.000' });
    const noonAgain = { ...noon, seq: 1, statement: { ...SILENT, screen_name: '丙' } };
    const versions = historyOf([noonAgain, morning, noon]);
    expect(told(versions)).toEqual(['0001-01-01.. 丙']);
    expect(versions[0]!.attributes.region).toBe('11');
  });

  test('attributes that ended leave the days after them without a version', () => {
    const closed = seen('2011-05-01', { screen_name: '甲' }, { to: '2011-06-01' });
    expect(told(historyOf([closed]))).toEqual(['0001-01-01..2011-06-01 甲']);
    expect(told(historyOf([closed, seen('2011-09-01', { screen_name: '甲' })]))).toEqual(['0001-01-01..2011-06-01 甲', '2011-09-01.. 甲']);
  });

  test('an end that a later observation precedes gives way to it', () => {
    const closed = seen('2011-05-01', { screen_name: '甲' }, { to: '2011-06-01' });
    expect(told(historyOf([closed, seen('2011-05-20', { screen_name: '乙' })]))).toEqual(['0001-01-01..2011-05-20 甲', '2011-05-20.. 乙']);
  });

  test('a record that is observed late but speaks of early days takes its place among them', () => {
    const late = seen('2011-05-01', { screen_name: '甲' }, { observedAt: '2020-01-01 00:00:00.000' });
    expect(told(historyOf([late, seen('2011-08-01', { screen_name: '乙' })]))).toEqual(['0001-01-01..2011-08-01 甲', '2011-08-01.. 乙']);
  });
});

const START = '2012-02-20';
const DAYS = 20;
const WINDOW = Array.from({ length: DAYS + 12 }, (_, offset) => addDays(START, offset - 4));

const observations = fc
  .uniqueArray(
    fc.record({
      from: fc.nat(DAYS - 1),
      length: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null, freq: 3 }),
      moment: fc.nat(5),
      name: fc.constantFrom(null, '甲', '乙'),
      region: fc.constantFrom(null, '11', '44'),
      verified: fc.constantFrom(null, 0, 1),
    }),
    { maxLength: 7, selector: ({ from, moment }) => `${from} ${moment}` },
  )
  .map((some) =>
    some.map(({ from, length, moment, name, region, verified }, seq) =>
      seen(
        addDays(START, from),
        { screen_name: name, region, verified },
        { observedAt: `2012-04-0${moment + 1} 00:00:00.000`, seq, to: length === null ? null : addDays(START, from + length) },
      ),
    ),
  );

const on = (versions: readonly Version[], day: string): Version[] =>
  versions.filter(({ valid_from, valid_to }) => valid_from <= day && (valid_to === null || day < valid_to));
const attributesOn = (versions: readonly Version[], day: string): Attributes | null => on(versions, day)[0]?.attributes ?? null;

/** What is true on a day, by the rule said in words: the last word spoken up to that day, what it leaves out from before it, else from after. */
function naively(some: readonly AttributeObservation[], day: string): Attributes | null {
  const key = ({ from, observedAt, seq }: AttributeObservation): string => `${from} ${observedAt} ${seq}`;
  const order = [...some].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (order.length === 0) return null;
  const spoken = order.filter(({ from }) => from <= day);
  const upTo = spoken.length > 0 ? spoken : order.filter(({ from }) => from === order[0]!.from);
  const word = upTo.at(-1)!;
  if (word.to !== null && day >= word.to) return null;
  const after = order.slice(upTo.length);
  return Object.fromEntries(
    VERSIONED.map((name) => [name, [...upTo.toReversed(), ...after].map(({ statement }) => statement[name]).find((value) => value !== null) ?? UNKNOWN[name]]),
  ) as Attributes; // prettier-ignore
}

describe('whatever was observed', () => {
  test('every day has the attributes that the rule gives it', () => {
    fc.assert(
      fc.property(observations, (some) => {
        const versions = historyOf(some);
        for (const day of [BEGINNING, ...WINDOW, FOREVER]) expect(attributesOn(versions, day)).toEqual(naively(some, day));
      }),
      { numRuns: 300 },
    );
  });

  test('the order of loading does not matter', () => {
    const shuffled = observations.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
    fc.assert(
      fc.property(shuffled, ([some, other]) => expect(historyOf(other)).toEqual(historyOf(some))),
      { numRuns: 300 },
    );
  });

  test('versions are in order, never overlap, are never empty, and neighbours differ', () => {
    fc.assert(
      fc.property(observations, (some) => {
        const versions = historyOf(some);
        for (const { valid_from, valid_to } of versions) expect(valid_to === null || valid_from < valid_to).toBe(true);
        for (const day of WINDOW) expect(on(versions, day).length).toBeLessThanOrEqual(1);
        versions.slice(1).forEach((version, index) => {
          const before = versions[index]!;
          expect(before.valid_to !== null && before.valid_to <= version.valid_from).toBe(true);
          if (before.valid_to === version.valid_from) expect(before.attributes).not.toEqual(version.attributes);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('a history does not differ from itself', () => {
    fc.assert(fc.property(observations, (some) => expect(differingDays(historyOf(some), historyOf([...some]))).toBeNull()));
  });

  test('the days on which two histories differ all lie in the range, and it is no longer than it must be', () => {
    const pairs = fc.oneof(
      fc.tuple(observations, observations),
      // As in a load: the same observations and some more.
      fc.tuple(observations, observations).map(([some, more]) => [some, [...some, ...more.map((one) => ({ ...one, seq: one.seq + 10 }))]]),
    );
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const [old, now] = [historyOf(before), historyOf(after)];
        const differs = (day: string): boolean => JSON.stringify(attributesOn(old, day)) !== JSON.stringify(attributesOn(now, day));
        const range = differingDays(old, now);
        const days = [BEGINNING, ...WINDOW, FOREVER].filter(differs);
        if (range === null) expect(days).toEqual([]);
        else {
          expect(days.filter((day) => day < range.from || day > range.to)).toEqual([]);
          expect([differs(range.from), differs(range.to)]).toEqual([true, true]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('a history that begins where there was none differs on all of its days', () => {
  const closed = historyOf([seen('2011-05-01', { screen_name: '甲' }, { to: '2011-06-01' })]);
  expect(differingDays([], closed)).toEqual({ from: BEGINNING, to: '2011-05-31' });
  expect(differingDays(closed, historyOf([seen('2011-05-01', { screen_name: '甲' })]))).toEqual({ from: '2011-06-01', to: FOREVER });
});
