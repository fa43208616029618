import { execFileSync } from 'node:child_process';
import { projectPath } from '../../src/paths';
import { addDays, isDay, localTime, monthEnd, monthsOf, startOfDay } from '../../src/model/time';

test('days exist in the calendar or are refused', () => {
  expect(['2012-02-29', '2011-02-29', '2011-13-01', '2011-1-1', '2011-04-31', ''].map(isDay)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('arithmetic over leap days, months and years', () => {
  expect(addDays('2012-02-28', 1)).toBe('2012-02-29');
  expect(addDays('2012-03-01', -1)).toBe('2012-02-29');
  expect(monthEnd('2011-02')).toBe('2011-02-28');
  expect(monthsOf('2011-11-30', '2012-02-01')).toEqual(['2011-11', '2011-12', '2012-01', '2012-02']);
  expect(monthsOf('2011-02-02', '2011-02-01')).toEqual([]);
});

test('a second decides between two days in Beijing; daylight saving moves the hour in New York', () => {
  expect(localTime(Date.parse('2011-12-31T15:59:59Z'), 'Asia/Shanghai')).toEqual({ day: '2011-12-31', hour: 23 });
  expect(localTime(Date.parse('2011-12-31T16:00:00Z'), 'Asia/Shanghai')).toEqual({ day: '2012-01-01', hour: 0 });
  expect(localTime(Date.parse('2011-03-13T06:59:59Z'), 'America/New_York').hour).toBe(1);
  expect(localTime(Date.parse('2011-03-13T07:00:00Z'), 'America/New_York').hour).toBe(3);
  expect(startOfDay('2011-07-01', 'Asia/Shanghai')).toBe(Date.parse('2011-06-30T16:00:00Z'));
});

test.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Shanghai'])('the zone of the machine does not matter: %s', (zone) => {
  const code = `const { localTime, addDays, monthsOf } = require(${JSON.stringify(projectPath('dist', 'src', 'model', 'time.js'))});
    const { readTime } = require(${JSON.stringify(projectPath('dist', 'src', 'ingest', 'values.js'))});
    console.log(JSON.stringify([localTime(Date.parse('2011-12-31T16:00:00Z'), 'Asia/Shanghai'), addDays('2011-03-27', 1), monthsOf('2011-10-31', '2011-11-01'),
      readTime('t', '2011-12-31 23:59:59', 'Asia/Shanghai'), readTime('t', '10/16/17 22:59', 'UTC', 'M/d/yy H:mm')]))`;
  const out = execFileSync(process.execPath, ['-e', code], { env: { PATH: process.env['PATH'], TZ: zone }, encoding: 'utf8' });
  expect(JSON.parse(out)).toEqual([
    { day: '2012-01-01', hour: 0 },
    '2011-03-28',
    ['2011-10', '2011-11'],
    Date.parse('2011-12-31T15:59:59Z'),
    Date.parse('2017-10-16T22:59:00Z'),
  ]);
});
