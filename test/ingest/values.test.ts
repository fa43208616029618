import fc from 'fast-check';
import { readBoolean, readCount, readId, readText, readTime, ValueError } from '../../src/ingest/values';

const ZONE = 'Asia/Shanghai';
/** The field and the reason of the ValueError that reading ends with. */
function refusal(read: () => unknown): string {
  try {
    return `no refusal but ${String(read())}`;
  } catch (error) {
    if (error instanceof ValueError) return `${error.field}: ${error.reason}`;
    throw error;
  }
}

describe('a count', () => {
  test.each([
    ['0', 0],
    ['847', 847],
    [' 12\t', 12],
    ['1,234', 1234],
    ['1,234,567', 1_234_567],
    ['27.1万', 271_000],
    ['1.5万+', 15_000],
    ['10万+', 100_000],
    ['100万 ', 1_000_000],
    ['3 万', 30_000],
    ['1.36亿', 136_000_000],
    ['0.0001万', 1],
    ['1.00000001亿', 100_000_001],
    ['999+', 999],
    // Tables with gaps hold their counts as decimals.
    ['12.0', 12],
    ['1.50万', 15_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is %i', (text, count) => expect(readCount('likes', text)).toBe(count));

  test('an empty cell or a missing column was not collected, which is not 0', () => {
    expect([readCount('likes', ''), readCount('likes', '  '), readCount('likes', undefined)]).toEqual([null, null, null]);
  });

  test.each(['many', '-1', '12.5', '1.00001万', '1,23', '12,345,6', '1e3', '万', '+', '1 2', '0x10', '１２', 'NaN', '1,234.5万'])(
    '%j is refused with the field and the value',
    (text) => expect(refusal(() => readCount('likes', text))).toMatch(/^likes: ".+" is not a (count|whole number)\.$/),
  );

  test('a number in 万 is exact, whatever its decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (count) => {
        expect(readCount('likes', `${Math.floor(count / 10_000)}.${String(count % 10_000).padStart(4, '0')}万`)).toBe(count);
      }),
    );
  });
});

describe('a time', () => {
  test.each([
    ['ISO 8601 with an offset', '2011-12-31T23:59:59+08:00', '2011-12-31T15:59:59Z'],
    ['ISO 8601 in UTC', '2011-12-31T15:59:59Z', '2011-12-31T15:59:59Z'],
    ['ISO 8601 with milliseconds', '2011-12-31T15:59:59.250Z', '2011-12-31T15:59:59.250Z'],
    ['ISO 8601 without an offset: of the zone', '2011-12-31T23:59:59', '2011-12-31T15:59:59Z'],
    ['basic ISO 8601', '20111231T235959', '2011-12-31T15:59:59Z'],
    ['SQL form: of the zone', '2011-12-31 23:59:59', '2011-12-31T15:59:59Z'],
    ['SQL form with an offset', '2011-12-31 15:59:59+00:00', '2011-12-31T15:59:59Z'],
    ['SQL form to the minute', '2012-01-01 00:00', '2011-12-31T16:00:00Z'],
    ['a day: its first instant', '2012-01-01', '2011-12-31T16:00:00Z'],
    ['form of the Weibo API', 'Tue May 31 17:46:55 +0800 2011', '2011-05-31T09:46:55Z'],
    ['form of the Weibo API, from elsewhere', 'Fri Aug 28 00:00:00 +0000 2009', '2009-08-28T00:00:00Z'],
    ['seconds since 1970', '1306835215', '2011-05-31T09:46:55Z'],
    ['milliseconds since 1970', '1306835215123', '2011-05-31T09:46:55.123Z'],
  ])('%s is understood', (_, text, iso) => expect(new Date(readTime('at', text, ZONE))).toEqual(new Date(iso)));

  test('with a format, the tokens of luxon are read, in English and in the zone', () => {
    expect(readTime('at', '10/2/17 9:05', 'UTC', 'M/d/yy H:mm')).toBe(Date.parse('2017-10-02T09:05:00Z'));
    expect(readTime('at', '02 Oct 2017', ZONE, 'dd LLL yyyy')).toBe(Date.parse('2017-10-01T16:00:00Z'));
    expect(refusal(() => readTime('at', '13/2/17 9:05', 'UTC', 'M/d/yy H:mm'))).toBe(
      'at: "13/2/17 9:05" is not a time of the form M/d/yy H:mm.',
    );
  });

  test('a local time in the zone of summer time counts from the offset of its day', () => {
    expect(readTime('at', '2011-07-01 00:00:00', 'America/New_York')).toBe(Date.parse('2011-07-01T04:00:00Z'));
    expect(readTime('at', '2011-12-01 00:00:00', 'America/New_York')).toBe(Date.parse('2011-12-01T05:00:00Z'));
  });

  // Bare times, years, weeks and days of the year are ISO 8601 too, and would be read as today, or as the first of something.
  test.each(['刚刚', '5分钟前', '昨天 10:20', '10:20', '05月31日 23:54', '2011', '201112', '2011-12', '2011-W52', '2011-365', '2011-02-29', '12', '1/2/2011', '2011-12-31 25:00:00', 'Mon May 31 17:46:55 +0800 2011'])(
    '%j is refused',
    (text) => expect(refusal(() => readTime('at', text, ZONE))).toBe(`at: "${text}" is not a time.`),
  ); // prettier-ignore

  test('an empty time is refused, not taken as none', () => {
    expect(refusal(() => readTime('at', ' ', ZONE))).toBe('at: The time is empty.');
    expect(refusal(() => readTime('at', undefined, ZONE))).toBe('at: The time is empty.');
  });
});

test('an id loses the TAB that keeps spreadsheets away from it, and nothing else', () => {
  expect(readId('id', '5106121943814622\t')).toBe('5106121943814622');
  expect(readId('id', ' 0012 ')).toBe('0012');
  expect(refusal(() => readId('id', '\t'))).toBe('id: The id is empty.');
  expect(refusal(() => readId('id', undefined))).toBe('id: The id is empty.');
});

test('truth is written in several ways, and nothing else is truth', () => {
  expect(['True', 'true', '1', 'yes', '是', ' TRUE '].map((text) => readBoolean('original', text))).toEqual(Array(6).fill(true));
  expect(['False', 'false', '0', 'no', '否'].map((text) => readBoolean('original', text))).toEqual(Array(5).fill(false));
  expect([readBoolean('original', ''), readBoolean('original', undefined)]).toEqual([null, null]);
  expect(refusal(() => readBoolean('original', 'maybe'))).toBe('original: "maybe" is neither true nor false.');
});

test('text without anything in it is none', () => {
  expect([readText('  '), readText(undefined), readText(' 平安 ')]).toEqual([null, null, '平安']);
});
