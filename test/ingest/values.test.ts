import fc from 'fast-check';
import { DateTime, Settings } from 'luxon';
import { readBoolean, readCount, readCounts, readDay, readId, readText, readTime, ValueError } from '../../src/ingest/values';

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
    // Input methods for Chinese write full-width digits and signs.
    ['１２３', 123],
    ['１０万＋', 100_000],
    ['２７．１ 万', 271_000],
    ['1，234', 1234],
    ['5000+', 5000],
    ['10 万 +', 100_000],
    ['\u3000１２\u3000', 12],
    // The page shows the name of the counter in the place of 0.
    ['转发', 0],
    ['评论', 0],
    [' 赞 ', 0],
  ])('%j is %i', (text, count) => expect(readCount('likes', text)).toBe(count));

  test('an empty cell or a missing column was not collected, which is not 0', () => {
    expect([readCount('likes', ''), readCount('likes', '  '), readCount('likes', undefined)]).toEqual([null, null, null]);
  });

  test.each([
    'many',
    '-1',
    '12.5',
    '1.00001万',
    '1,23',
    '12,345,6',
    '1e3',
    '万',
    '+',
    '1 2',
    '0x10',
    'NaN',
    '1,234.5万',
    '-１',
    '－1',
    '−1',
    '10²',
    '½',
    '①',
    '1.2w',
    '3k',
    '转发1',
    '赞评论',
  ])('%j is refused with the field and the value', (text) =>
    expect(refusal(() => readCount('likes', text))).toMatch(/^likes: ".+" is not a (count|whole number)\.$/),
  );

  test('a count beyond 2^53 is refused, not rounded', () => {
    for (const text of ['9007199254740992', '99999999亿', '9'.repeat(400)])
      expect(refusal(() => readCount('likes', text))).toBe(`likes: "${text}" is beyond 2^53 and would not be exact.`);
  });

  test('whatever is written, the answer is a whole number, none, or a refusal', () => {
    const signs = fc.constantFrom(...'0123456789０９.,，．+＋万亿-eE xX赞 \t'.split(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(signs, { maxLength: 12 }).map((list) => list.join('')),
        ),
        (text) => {
          let count: number | null;
          try {
            count = readCount('likes', text);
          } catch (error) {
            expect(error).toBeInstanceOf(ValueError);
            return;
          }
          expect(count === null ? text.trim() === '' : Number.isSafeInteger(count) && count >= 0).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('several counters keep the text of those that the source rounded', () => {
    expect(readCounts({ likes: ' 27.1万', comments: '１０万＋', reposts: '9999', shares: '', views: '5000＋' })).toEqual({
      likes: 271_000,
      comments: 100_000,
      reposts: 9999,
      shares: null,
      views: 5000,
      approximate: { likes: '27.1万', comments: '１０万＋', views: '5000＋' },
    });
    expect(readCounts({ likes: '271000', comments: '10001', reposts: '9000' }, 10_000)).toEqual({
      likes: 271_000,
      comments: 10_001,
      reposts: 9000,
      approximate: { likes: '271000' },
    });
    expect(readCounts({ likes: '赞' })).toEqual({ likes: 0 });
  });

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
    ['SQL form with microseconds', '2011-12-31 23:59:59.123456', '2011-12-31T15:59:59.123Z'],
    ['SQL form with a tenth of a second', '2011-12-31 23:59:59.5', '2011-12-31T15:59:59.500Z'],
    ['SQL form with a space before its offset', '2011-12-31 23:59:59 +0800', '2011-12-31T15:59:59Z'],
    ['SQL form in UTC', '2011-12-31 15:59:59 UTC', '2011-12-31T15:59:59Z'],
    ['an offset of hours and a half', '2011-12-31T21:29:59+05:30', '2011-12-31T15:59:59Z'],
    ['an offset to the west', '2011-12-31T10:59:59-05', '2011-12-31T15:59:59Z'],
    ['midnight at the end of a day', '2011-12-31 24:00:00', '2011-12-31T16:00:00Z'],
    ['single digits, as weibo.com writes them', '2012-1-1 9:05', '2012-01-01T01:05:00Z'],
    ['strokes, as spreadsheets write them', '2012/1/1 9:05', '2012-01-01T01:05:00Z'],
    ['Chinese form', '2011年5月31日 23:54', '2011-05-31T15:54:00Z'],
    ['Chinese form with seconds and without a space', '2011年05月31日23:54:10', '2011-05-31T15:54:10Z'],
    ['Chinese form of a day', '2011年5月31日', '2011-05-30T16:00:00Z'],
    ['with the client behind it', '2011-05-31 23:54 来自 iPhone客户端', '2011-05-31T15:54:00Z'],
    ['with the client behind it, after a no-break space', '2011年5月31日 23:54\u00a0来自微博 weibo.com', '2011-05-31T15:54:00Z'],
    ['29 February of a leap year', '2012-02-29 00:00', '2012-02-28T16:00:00Z'],
    ['seconds since 1970 out of a table with gaps', '1306835215.0', '2011-05-31T09:46:55Z'],
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
  test.each(['10:20', '2011', '201112', '2011-12', '2011-W52', '2011-365', '2011-02-29', '12', '1/2/2011', '2011-12-31 25:00:00', 'Mon May 31 17:46:55 +0800 2011', 'Tue Mai 31 17:46:55 +0800 2011', 'Tue May 31 17:46:55 +9900 2011', '2011-12-31 24:00:01', '2011-12-31 23:60', '2011-13-01', '2011-00-10', '2011-12-311', '2011-12-3110:20', '20111332', '2011-12-31 23:59:59+15:00', '来自 iPhone', '明天 10:20', '上周'])(
    '%j is refused',
    (text) => expect(refusal(() => readTime('at', text, ZONE))).toBe(`at: "${text}" is not a time.`),
  ); // prettier-ignore

  test.each(['0000-00-00 00:00:00', '0000-00-00', '0001-01-01 00:00:00', '1970-01-01 08:00:00', '1970-01-01 00:00:00', '1970-01-01T00:00:00Z', '0000000000', 'Thu Jan 01 08:00:00 +0800 1970'])(
    '%j stands for no time',
    (text) => expect(refusal(() => readTime('at', text, ZONE))).toBe(`at: "${text}" stands for an unknown time.`),
  ); // prettier-ignore

  test('an empty time is refused, not taken as none', () => {
    expect(refusal(() => readTime('at', ' ', ZONE))).toBe('at: The time is empty.');
    expect(refusal(() => readTime('at', undefined, ZONE))).toBe('at: The time is empty.');
  });
});

describe('a local time that the clocks skipped or showed twice', () => {
  const NEW_YORK = 'America/New_York';
  const isoOf = (text: string, zone: string, format?: string): string => new Date(readTime('at', text, zone, format)).toISOString();

  test.each([
    ['skipped: 02:30 becomes 03:30 of summer time', '2011-03-13 02:30', NEW_YORK, '2011-03-13T07:30:00.000Z'],
    ['the last minute before', '2011-03-13 01:59', NEW_YORK, '2011-03-13T06:59:00.000Z'],
    ['the first minute after', '2011-03-13 03:00', NEW_YORK, '2011-03-13T07:00:00.000Z'],
    ['twice: the first, still of summer time', '2011-11-06 01:30', NEW_YORK, '2011-11-06T05:30:00.000Z'],
    ['the first minute that is there once', '2011-11-06 02:00', NEW_YORK, '2011-11-06T07:00:00.000Z'],
    ['half an hour twice', '2011-04-03 01:45', 'Australia/Lord_Howe', '2011-04-02T14:45:00.000Z'],
    ['a day that was skipped', '2011-12-30 12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
    ['a midnight that was skipped: the day begins at 01:00', '2011-10-16', 'America/Sao_Paulo', '2011-10-16T03:00:00.000Z'],
    ['summer time in China, 1986 to 1991', '1990-07-01 00:00', ZONE, '1990-06-30T15:00:00.000Z'],
  ])('%s', (_, text, zone, iso) => expect(isoOf(text, zone)).toBe(iso));

  test('does not depend on the season of reading, with a format or without', () => {
    const now = Settings.now;
    try {
      for (const day of ['2026-01-15', '2026-07-15']) {
        Settings.now = () => Date.parse(day);
        expect(isoOf('2011-11-06 01:30', NEW_YORK)).toBe('2011-11-06T05:30:00.000Z');
        expect(isoOf('11/6/11 1:30', NEW_YORK, 'M/d/yy H:mm')).toBe('2011-11-06T05:30:00.000Z');
        expect(isoOf('3/13/11 2:30', NEW_YORK, 'M/d/yy H:mm')).toBe('2011-03-13T07:30:00.000Z');
      }
    } finally {
      Settings.now = now;
    }
  });

  test('every other time is the one moment at which the clocks of luxon show it, and the first of two', () => {
    const zones = fc.constantFrom(NEW_YORK, ZONE, 'Europe/London', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kolkata');
    const minutes = fc.integer({ min: Date.UTC(2009, 0, 1) / 60_000, max: Date.UTC(2025, 11, 31) / 60_000 });
    const FORM = 'yyyy-MM-dd HH:mm';
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const text = new Date(minute * 60_000).toISOString().slice(0, 16).replace('T', ' ');
        const shows = (at: number): boolean => DateTime.fromMillis(at, { zone }).toFormat(FORM) === text;
        const at = readTime('at', text, zone);
        const candidates = Array.from({ length: 113 }, (_, index) => minute * 60_000 + (index - 56) * 900_000).filter(shows);
        if (candidates.length > 0) expect(at).toBe(candidates[0]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a time that means something only when the time of crawling is known', () => {
  /** 1 June 2011, 00:10:30 in Beijing. */
  const AT = Date.parse('2011-05-31T16:10:30Z');
  const read = (text: string, at = AT, zone = ZONE): string => new Date(readTime('at', text, zone, undefined, at)).toISOString();

  test.each([
    ['刚刚', '2011-05-31T16:10:30.000Z'],
    ['5秒前', '2011-05-31T16:10:25.000Z'],
    ['30秒钟前', '2011-05-31T16:10:00.000Z'],
    ['5分钟前', '2011-05-31T16:05:30.000Z'],
    ['2小时前', '2011-05-31T14:10:30.000Z'],
    ['今天 00:05', '2011-05-31T16:05:00.000Z'],
    ['今天00:05', '2011-05-31T16:05:00.000Z'],
    ['昨天 23:54', '2011-05-31T15:54:00.000Z'],
    ['昨天 23:54:10', '2011-05-31T15:54:10.000Z'],
    ['前天 08:00', '2011-05-30T00:00:00.000Z'],
    ['05月31日 23:54', '2011-05-31T15:54:00.000Z'],
    ['5月31日 23:54', '2011-05-31T15:54:00.000Z'],
    ['05-31 23:54', '2011-05-31T15:54:00.000Z'],
    ['6-1 00:10', '2011-05-31T16:10:00.000Z'],
    // Not yet past in 2011: of the year before.
    ['06-01 00:11', '2010-05-31T16:11:00.000Z'],
    ['12月31日 23:59', '2010-12-31T15:59:00.000Z'],
    ['02-29 12:00', '2008-02-29T04:00:00.000Z'],
    ['昨天 23:54 来自 iPhone客户端', '2011-05-31T15:54:00.000Z'],
    ['刚刚来自微博', '2011-05-31T16:10:30.000Z'],
    ['2010-01-01 00:00', '2009-12-31T16:00:00.000Z'],
  ])('%j is %s', (text, iso) => expect(read(text)).toBe(iso));

  test('today and yesterday are days of the zone, not of UTC', () => {
    expect(read('今天 10:20', AT, 'UTC')).toBe('2011-05-31T10:20:00.000Z');
    expect(read('昨天 10:20', AT, 'UTC')).toBe('2011-05-30T10:20:00.000Z');
    // The day before the clocks went forward had its usual length.
    expect(read('昨天 01:00', Date.parse('2011-03-13T18:00:00Z'), 'America/New_York')).toBe('2011-03-12T06:00:00.000Z');
  });

  test.each(['3天前', '昨天', '5月31日', '05-31'])('%j says no time of day', (text) =>
    expect(refusal(() => readTime('at', text, ZONE, undefined, AT))).toBe(`at: "${text}" says no time of day.`),
  );

  test.each(['今天 25:00', '昨天 10:60', '13-01 10:00', '02-30 10:00', '5月32日 10:00', '-5分钟前', '5 minutes ago'])(
    '%j is no time',
    (text) => expect(refusal(() => readTime('at', text, ZONE, undefined, AT))).toBe(`at: "${text}" is not a time.`),
  );

  test.each(['刚刚', '5分钟前', '今天 10:20', '昨天 23:54', '05月31日 23:54', '05-31 23:54'])('%j without it says what to do', (text) =>
    expect(refusal(() => readTime('at', text, ZONE))).toBe(`at: "${text}" needs the time of crawling: give it with --observed-at.`),
  );

  test('a format without a year means the latest such moment, and never the year of reading', () => {
    expect(new Date(readTime('at', '31.05. 23:54', ZONE, 'dd.MM. HH:mm', AT)).toISOString()).toBe('2011-05-31T15:54:00.000Z');
    expect(new Date(readTime('at', '29.02. 10:00', ZONE, 'dd.MM. HH:mm', AT)).toISOString()).toBe('2008-02-29T02:00:00.000Z');
    expect(refusal(() => readTime('at', '31.05. 23:54', ZONE, 'dd.MM. HH:mm'))).toContain('needs the time of crawling');
    expect(refusal(() => readTime('at', '23:54', ZONE, 'HH:mm', AT))).toBe('at: A time of the form HH:mm says no day.');
    expect(refusal(() => readTime('at', '31.13. 23:54', ZONE, 'dd.MM. HH:mm', AT))).toBe(
      'at: "31.13. 23:54" is not a time of the form dd.MM. HH:mm.',
    );
  });

  const instants = fc.integer({ min: Date.UTC(2009, 7, 1) / 1000, max: Date.UTC(2025, 11, 31) / 1000 }).map((seconds) => seconds * 1000);
  // Zones without summer time: what luxon does at its borders is not what is compared here.
  const zones = fc.constantFrom(ZONE, 'UTC', 'Asia/Kolkata', 'Asia/Tokyo');
  const clock = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
  const two = (number: number): string => String(number).padStart(2, '0');

  test('agrees with the calendar of luxon', () => {
    fc.assert(
      fc.property(instants, zones, clock, fc.integer({ min: 0, max: 59 }), (at, zone, { hour, minute }, span) => {
        const now = DateTime.fromMillis(at, { zone });
        const value = (text: string): number => readTime('at', text, zone, undefined, at);
        expect(value(`${span}秒前`)).toBe(now.minus({ seconds: span }).toMillis());
        expect(value(`${span}分钟前`)).toBe(now.minus({ minutes: span }).toMillis());
        expect(value(`${span}小时前`)).toBe(now.minus({ hours: span }).toMillis());
        for (const [name, days] of [['今天', 0], ['昨天', 1], ['前天', 2]] as const)
          expect(value(`${name} ${two(hour)}:${two(minute)}`)).toBe(now.startOf('day').minus({ days }).set({ hour, minute }).toMillis());
      }),
    ); // prettier-ignore
  });

  test('a time without a year is its latest return, on every day of the calendar', () => {
    const days = fc.integer({ min: 0, max: 365 }).map((day) => DateTime.utc(2012).plus({ days: day }));
    fc.assert(
      fc.property(instants, zones, clock, days, (at, zone, { hour, minute }, { month, day }) => {
        const year = DateTime.fromMillis(at, { zone }).year;
        const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8]
          .map((back) => DateTime.fromObject({ year: year - back, month, day, hour, minute }, { zone }))
          .find((time) => time.isValid && time.toMillis() <= at)!;
        for (const text of [`${two(month)}月${two(day)}日 ${two(hour)}:${two(minute)}`, `${month}-${day} ${hour}:${two(minute)}`])
          expect(readTime('at', text, zone, undefined, at)).toBe(expected.toMillis());
      }),
    );
  });
});

test('the day of a time is the local one, and none where there is no time', () => {
  expect(readDay('opened', '2010-05-31T16:30:00Z', ZONE)).toBe('2010-06-01');
  expect(readDay('opened', 'Fri Aug 28 00:00:00 +0800 2009', ZONE)).toBe('2009-08-28');
  expect(readDay('opened', '\r\n  2010-05-31 \r\n', ZONE)).toBe('2010-05-31');
  expect([readDay('opened', '', ZONE), readDay('opened', undefined, ZONE)]).toEqual([null, null]);
  expect(refusal(() => readDay('opened', 'long ago', ZONE))).toBe('opened: "long ago" is not a time.');
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
