import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  addDays,
  daysBetween,
  fromSqlInstant,
  isDay,
  localTime,
  maxDay,
  minDay,
  monthEnd,
  monthsOf,
  nextMonth,
  offsetMs,
  startOfDay,
  toSqlInstant,
} from '../../src/model/time';
import { projectPath } from '../../src/paths';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(iso);

/** Evaluates an expression over the exports of a built module in a process of its own, in another time zone. */
function underZone(zone: string, module: string, expression: string): unknown {
  const built = JSON.stringify(projectPath('dist', 'src', `${module}.js`));
  const script = `const built = require(${built});\nconsole.log(JSON.stringify({ offset: new Date(2011, 5, 1).getTimezoneOffset(), value: ${expression} }));`;
  const output = execFileSync(process.execPath, ['-e', script], {
    env: { PATH: process.env['PATH'], TZ: zone, NODE_PATH: projectPath('node_modules') },
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

describe('days of a platform', () => {
  test.each([
    ['UTC', 0],
    ['Asia/Shanghai', -480],
    ['America/New_York', 240],
    ['Pacific/Kiritimati', -840],
  ])('a second before and at midnight in Beijing are two days, on a machine in %s', (zone, offset) => {
    const expression = `{
      before: built.localTime(Date.UTC(2011, 11, 31, 15, 59, 59), 'Asia/Shanghai'),
      after: built.localTime(Date.UTC(2011, 11, 31, 16, 0, 0), 'Asia/Shanghai'),
      start: built.startOfDay('2012-01-01', 'Asia/Shanghai'),
      stored: built.toSqlInstant(Date.UTC(2011, 11, 31, 15, 59, 59, 7)),
      read: built.fromSqlInstant('2011-12-31 15:59:59.007'),
      next: built.addDays('2011-03-12', 1) + built.addDays('2011-11-06', 1),
    }`;
    expect(underZone(zone, 'model/time', expression)).toEqual({
      // The zone of the process really is another one.
      offset,
      value: {
        before: { day: '2011-12-31', hour: 23 },
        after: { day: '2012-01-01', hour: 0 },
        start: Date.UTC(2011, 11, 31, 16),
        stored: '2011-12-31 15:59:59.007',
        read: Date.UTC(2011, 11, 31, 15, 59, 59, 7),
        next: '2011-03-132011-11-07',
      },
    });
    const times = `[
      built.readTime('at', '2011-12-31 23:59:59', 'Asia/Shanghai'),
      built.readTime('at', '10/16/17 22:59', 'UTC', 'M/d/yy H:mm'),
      built.readTime('at', 'Tue May 31 17:46:55 +0800 2011', 'UTC'),
    ]`;
    expect(underZone(zone, 'ingest/values', times)).toEqual({
      offset,
      value: [at('2011-12-31T15:59:59Z'), at('2017-10-16T22:59:00Z'), at('2011-05-31T09:46:55Z')],
    });
  });

  test('a zone with summer time skips one hour in spring and has one twice in autumn', () => {
    const zone = 'America/New_York';
    expect(localTime(at('2011-03-13T06:59:59Z'), zone)).toEqual({ day: '2011-03-13', hour: 1 });
    expect(localTime(at('2011-03-13T07:00:00Z'), zone)).toEqual({ day: '2011-03-13', hour: 3 });
    expect(localTime(at('2011-11-06T05:30:00Z'), zone)).toEqual({ day: '2011-11-06', hour: 1 });
    expect(localTime(at('2011-11-06T06:30:00Z'), zone)).toEqual({ day: '2011-11-06', hour: 1 });
    expect(offsetMs(zone, at('2011-11-06T05:59:59Z'))).toBe(-4 * HOUR);
    expect(offsetMs(zone, at('2011-11-06T06:00:00Z'))).toBe(-5 * HOUR);
  });

  test('the first instant of a day is found on days of 23 and 25 hours, and where midnight does not exist', () => {
    expect(startOfDay('2011-03-13', 'America/New_York')).toBe(at('2011-03-13T05:00:00Z'));
    expect(startOfDay('2011-03-14', 'America/New_York')).toBe(at('2011-03-14T04:00:00Z'));
    expect(startOfDay('2011-11-07', 'America/New_York')).toBe(at('2011-11-07T05:00:00Z'));
    expect(startOfDay('2011-10-16', 'America/Sao_Paulo')).toBe(at('2011-10-16T03:00:00Z'));
    expect(startOfDay('2011-02-29', 'UTC')).toBeNaN();
  });

  test('zones of half and quarter hours keep their minutes', () => {
    expect(localTime(at('2011-06-30T18:29:59Z'), 'Asia/Kolkata')).toEqual({ day: '2011-06-30', hour: 23 });
    expect(localTime(at('2011-06-30T18:30:00Z'), 'Asia/Kolkata')).toEqual({ day: '2011-07-01', hour: 0 });
    expect(offsetMs('Asia/Kathmandu', at('2011-06-30T00:00:00Z'))).toBe(5.75 * HOUR);
  });

  test('an instant lies within the local day that it is said to lie in', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    fc.assert(
      fc.property(fc.integer({ min: at('2006-01-01'), max: at('2030-01-01') }), zones, (instant, zone) => {
        const { day } = localTime(instant, zone);
        expect(startOfDay(day, zone)).toBeLessThanOrEqual(instant);
        expect(startOfDay(addDays(day, 1), zone)).toBeGreaterThan(instant);
      }),
    );
  });
});

describe('the calendar', () => {
  test('adding days crosses leap days, months and years both ways', () => {
    expect(addDays('2012-02-28', 1)).toBe('2012-02-29');
    expect(addDays('2011-02-28', 1)).toBe('2011-03-01');
    expect(addDays('2012-03-01', -1)).toBe('2012-02-29');
    expect(addDays('2011-12-31', 1)).toBe('2012-01-01');
    expect(addDays('2012-01-01', 366)).toBe('2013-01-01');
    expect(daysBetween('2012-02-28', '2012-03-01')).toBe(2);
  });

  test('what was added lies between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: -9000, max: 9000 }), (start, days) => {
        const day = addDays('1990-01-01', start);
        expect(daysBetween(day, addDays(day, days))).toBe(days);
      }),
    );
  });

  test('the months of a range are all it touches, none when it is empty', () => {
    expect(monthsOf('2011-11-30', '2012-02-01')).toEqual(['2011-11', '2011-12', '2012-01', '2012-02']);
    expect(monthsOf('2011-11-30', '2011-11-30')).toEqual(['2011-11']);
    expect(monthsOf('2011-11-30', '2011-11-29')).toEqual([]);
    expect(monthsOf('2011-12-01', '2011-11-30')).toEqual([]);
    expect(nextMonth('2011-12')).toBe('2012-01');
    expect([monthEnd('2011-02'), monthEnd('2012-02'), monthEnd('2011-12')]).toEqual(['2011-02-28', '2012-02-29', '2011-12-31']);
  });

  test('a day is one that exists, written in full', () => {
    expect(['2012-02-29', '2011-12-31', '2000-02-29'].map(isDay)).toEqual([true, true, true]);
    for (const text of ['2011-02-29', '1900-02-29', '2011-13-01', '2011-1-1', '2011-12', '20111231', '2011-12-31T00:00', '', ' 2011-12-31'])
      expect({ text, isDay: isDay(text) }).toEqual({ text, isDay: false });
  });

  test('the least and the greatest day pass over days that are not known', () => {
    expect(minDay('2011-05-01', null, '2011-04-30', undefined)).toBe('2011-04-30');
    expect(maxDay(null, '2011-05-01', '2011-04-30')).toBe('2011-05-01');
    expect([minDay(null, undefined), maxDay()]).toEqual([null, null]);
  });

  test('an instant survives the form in which the store holds it, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('1970-01-01'), max: at('2100-01-01') }), (instant) => {
        expect(fromSqlInstant(toSqlInstant(instant))).toBe(instant);
      }),
    );
  });
});
