import { DateTime } from 'luxon';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { addDays, localTime, monthOf, type Day } from '../../src/model/time';
import { instantOf, nextOccurrence, occurrences, parseCron } from '../../src/runner/cron';
import { dueNight, GRACE_MS, type CatchUp, type NightRecord } from '../../src/runner/due';
import { pauseAfter, standingOf, type FailedRun } from '../../src/warehouse/attempts';
import { expectedPartitions, missingPartitions, type Mark, type PublishedRun } from '../../src/warehouse/missing';

const NIGHTLY = parseCron('30 2 * * *');
const iso = (at: number, zone: string): string => DateTime.fromMillis(at, { zone }).toISO({ suppressMilliseconds: true })!;
const at = (text: string): number => Date.parse(text);

describe('a cron expression', () => {
  test.each([
    ['30 2 * * *', '2026-01-01T00:00:00Z', '2026-01-01T02:30:00Z'],
    ['*/20 9-17 * * mon-fri', '2026-01-02T17:50:00Z', '2026-01-05T09:00:00Z'],
    ['0 0 29 feb *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00Z'],
    ['0 12 13 * 5', '2026-02-06T13:00:00Z', '2026-02-13T12:00:00Z'],
    ['0 12 13 * 5', '2026-02-13T12:00:00Z', '2026-02-20T12:00:00Z'],
    ['5,10 4 1 1,7 7', '2026-01-01T04:10:00Z', '2026-01-04T04:05:00Z'],
  ])('%s after %s comes up at %s', (expression, after, next) => {
    expect(new Date(nextOccurrence(parseCron(expression), 'UTC', at(after))!).toISOString()).toBe(new Date(next).toISOString());
  });

  test.each(['daily', '* * * *', '60 * * * *', '0 24 * * *', '0 0 0 * *', '5-3 * * * *', '*/0 * * * *', '1/2/3 * * * *', 'x * * * *'])(
    '%s is none',
    (expression) => expect(() => parseCron(expression)).toThrow('which is not a cron expression'),
  );

  test.each(['0 0 30 2 *', '30 2 31 4,6 *'])('%s never comes up, since no calendar has that day', (expression) =>
    expect(() => parseCron(expression)).toThrow(`"${expression}", a time that never comes`),
  );

  test('a time that is left out comes as much later; one that comes twice comes once, first', () => {
    const spring = occurrences(NIGHTLY, 'America/New_York', at('2026-03-07T12:00:00Z'), at('2026-03-09T12:00:00Z'));
    expect(spring.map((one) => iso(one, 'America/New_York'))).toEqual(['2026-03-08T03:30:00-04:00', '2026-03-09T02:30:00-04:00']);
    const autumn = occurrences(parseCron('30 1 * * *'), 'America/New_York', at('2026-10-31T12:00:00Z'), at('2026-11-02T12:00:00Z'));
    expect(autumn.map((one) => iso(one, 'America/New_York'))).toEqual(['2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00']);
    // Half an hour, at midnight, and a whole day.
    expect(iso(instantOf('2026-10-04', 2, 15, 'Australia/Lord_Howe'), 'Australia/Lord_Howe')).toBe('2026-10-04T02:45:00+11:00');
    expect(iso(instantOf('2018-11-04', 0, 30, 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe('2018-11-04T01:30:00-02:00');
  });

  test.each(['America/New_York', 'Asia/Shanghai', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC'])(
    'in %s every day of seven years has its night once, at its time by the calendar of luxon where it exists',
    (zone) => {
      const from = DateTime.fromISO('2023-01-01T00:00', { zone });
      const to = from.plus({ years: 7 });
      const nights = occurrences(NIGHTLY, zone, from.toMillis(), to.toMillis());
      expect(nights.map((one) => localTime(one, zone).day)).toEqual(
        Array.from({ length: Math.round(to.diff(from, 'days').days) }, (_, index) => addDays('2023-01-01', index)),
      );
      const odd = nights.filter((one) => DateTime.fromMillis(one, { zone }).toFormat('HH:mm') !== '02:30');
      for (const one of odd) expect(DateTime.fromObject({ ...DateTime.fromMillis(one, { zone }).startOf('day').toObject(), hour: 2, minute: 30 }, { zone }).toFormat('HH:mm')).not.toBe('02:30');
      expect(odd.length).toBeLessThanOrEqual(7);
    },
  ); // prettier-ignore
});

describe('what is due', () => {
  const zone = 'Asia/Shanghai';
  const done = (planned: string, startedAt = planned): NightRecord => ({ plannedFor: at(planned), startedAt: at(startedAt), finishedAt: at(startedAt) + 1000, attempts: 1, outcome: 'done' }); // prettier-ignore
  const due = (now: string, records: readonly NightRecord[], catchUp: CatchUp = 'latest', more: object = {}) =>
    dueNight({
      now: at(now),
      cron: NIGHTLY,
      zone,
      catchUp,
      windowDays: 7,
      since: at('2026-01-01T00:00:00Z'),
      records,
      jitterMs: 0,
      ...more,
    });
  const night = (day: string): string => `${day}T02:30:00+08:00`;
  const WEEK = ['02', '03', '04', '05', '06', '07', '08', '09'].map((day) => at(night(`2026-01-${day}`)));

  test('nothing before the first night of a fresh store, and the night at its time, after the delay of the process', () => {
    expect(due('2026-01-01T17:00:00Z', [])).toMatchObject({ run: null, skip: [], overdueSince: null, next: WEEK[0]! });
    expect(due(night('2026-01-02'), []).run).toBe(WEEK[0]);
    expect(due(night('2026-01-02'), [], 'latest', { jitterMs: 5000 }).run).toBeNull();
    expect(due('2026-01-02T02:30:05+08:00', [], 'latest', { jitterMs: 5000 }).run).toBe(WEEK[0]);
  });

  test('after an outage: the latest night, each one, or none; what is left out is told', () => {
    const records = [done(night('2026-01-02'))];
    const now = '2026-01-09T12:00:00+08:00';
    expect(due(now, records)).toMatchObject({ run: WEEK[7], isBacklog: false, skip: WEEK.slice(1, 7), overdueSince: WEEK[1] });
    expect(due(now, records, 'all')).toMatchObject({ run: WEEK[1], isBacklog: true, skip: [] });
    expect(due(now, records, 'all', { windowDays: 3 })).toMatchObject({ run: WEEK[5], skip: WEEK.slice(1, 5) });
    expect(due(now, records, 'none')).toMatchObject({ run: null, skip: WEEK.slice(1) });
    // Half an hour late is not too late.
    expect(due(new Date(WEEK[7]! + GRACE_MS).toISOString(), records, 'none').run).toBe(WEEK[7]);
    expect(due('2026-03-01T12:00:00+08:00', records, 'latest', { windowDays: 0 }).run).toBeNull();
  });

  test('a night that was asked for after its time counts for it', () => {
    const asked: NightRecord = { plannedFor: null, startedAt: at('2026-01-03T09:00:00+08:00'), finishedAt: at('2026-01-03T09:01:00+08:00'), attempts: 1, outcome: 'done' }; // prettier-ignore
    expect(due('2026-01-03T10:00:00+08:00', [asked])).toMatchObject({ run: null, skip: [], overdueSince: null });
    expect(due(night('2026-01-04'), [asked]).run).toBe(WEEK[2]);
  });

  test('where each missed night is to be run, a night that was asked for stands for none of them', () => {
    const first: NightRecord = { plannedFor: WEEK[0]!, startedAt: WEEK[0]!, finishedAt: WEEK[0]!, attempts: 1, outcome: 'done' };
    const start = at('2026-01-05T09:00:00+08:00');
    const asked: NightRecord = { plannedFor: null, startedAt: start, finishedAt: start + 1, attempts: 1, outcome: 'done' };
    const now = '2026-01-05T10:00:00+08:00';
    expect(due(now, [asked, first], 'all')).toMatchObject({ run: WEEK[1], isBacklog: true, skip: [] });
    expect(due(now, [asked, first], 'latest')).toMatchObject({ run: null, skip: [] });
    // A store of which no night was ever planned has none to make up for.
    expect(due(now, [asked], 'all')).toMatchObject({ run: null, skip: [] });
  });

  test('two nights never overlap; one that failed waits longer each time; one that died is begun again at once, but not for ever', () => {
    const begun: NightRecord = { plannedFor: WEEK[0]!, startedAt: WEEK[0]!, finishedAt: null, attempts: 1, outcome: 'running' };
    expect(due('2026-01-02T20:00:00+08:00', [begun])).toMatchObject({ run: null, overdueSince: null });
    expect(due('2026-01-03T02:59:00+08:00', [begun])).toMatchObject({ run: null, overdueSince: null });
    // It stands still, or is too slow: what came up meanwhile is late.
    expect(due('2026-01-03T03:30:00+08:00', [begun])).toMatchObject({ run: null, overdueSince: WEEK[1] });
    expect(due(night('2026-01-02'), [{ ...begun, outcome: 'died' }]).run).toBe(WEEK[0]);
    expect(due(night('2026-01-02'), [{ ...begun, outcome: 'died', attempts: 3 }]).run).toBeNull();
    const failed: NightRecord = { ...begun, outcome: 'failed', finishedAt: WEEK[0]!, attempts: 2 };
    const after = (ms: number): string => new Date(WEEK[0]! + ms).toISOString();
    expect(due(after(pauseAfter(2) - 1), [failed]).run).toBeNull();
    expect(due(after(pauseAfter(2)), [failed]).run).toBe(WEEK[0]);
  });

  test('a clock that was set back runs no night twice, and what it had of the future holds nothing up', () => {
    const future = done('2031-05-05T02:30:00+08:00');
    const records = [done(night('2026-01-02')), future];
    expect(due('2026-01-02T20:00:00+08:00', records)).toMatchObject({ run: null, overdueSince: null });
    expect(due('2026-01-02T02:00:00+08:00', records).run).toBeNull();
    expect(due(night('2026-01-03'), records).run).toBe(WEEK[1]);
  });
});

describe('failures of a partition', () => {
  const june = { key: '2012-06', from: '2012-06-01', to: '2012-06-30' };
  const failed = (more: Partial<FailedRun> = {}): FailedRun => ({
    id: 1, key: '2012-06', to: '2012-06-30', definition: 'd', inputMark: 5, transient: false, error: 'e', startedAt: new Date(0), nextAttemptAt: null, ...more,
  }); // prettier-ignore
  const mark = (number: number, from: Day, to: Day) => ({ mark: number, from, to });

  test('count while nothing has changed that could heal it, and not when disk or database failed', () => {
    const runs = [failed(), failed({ id: 2 }), failed({ id: 3, transient: true }), failed({ id: 4, key: '2012-07' })];
    expect(standingOf(june, runs, 'd', []).attempts).toBe(2);
    expect(standingOf(june, runs, 'd', [mark(5, '2012-06-03', '2012-06-03'), mark(9, '2012-07-01', '2012-07-01')]).attempts).toBe(2);
    expect(standingOf(june, runs, 'd', [mark(6, '2012-06-03', '2012-06-03')]).attempts).toBe(0);
    expect(standingOf(june, runs, 'other', []).attempts).toBe(0);
    expect(standingOf({ ...june, to: '2012-06-29' }, runs, 'd', []).attempts).toBe(0);
  });

  test('pauses double from a minute to an hour', () =>
    expect([1, 2, 3, 4, 5, 6, 7, 30].map((n) => pauseAfter(n) / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]));
});

// Three years of a server that is switched off, whose clock is set wrong, and whose data come late.

interface World {
  readonly records: NightRecord[];
  readonly published: Map<string, PublishedRun>;
  readonly marks: Mark[];
  /** Why each partition was built, by the ledger. */
  readonly built: { key: string; to: Day; mark: number; reason: string }[];
}

function simulate(zone: string, catchUp: CatchUp, seed: number): World & { planned: number[]; end: number } {
  const random = xoroshiro128plus(seed);
  const pick = (least: number, most: number): number => uniformInt(random, least, most);
  const world: World = { records: [], published: new Map(), marks: [], built: [] };
  const start = DateTime.fromISO('2023-12-01T12:00', { zone }).toMillis();
  const end = DateTime.fromISO('2026-12-01T12:00', { zone }).toMillis();
  const HOUR = 3_600_000;
  // The clock of the machine, which may differ from the time by which the simulation goes on.
  let offset = 0;
  let offUntil = 0;
  const coverage = (now: number) => [{ platform: 'p', from: '2023-11-15', to: addDays(localTime(now, zone).day, -1) }];
  const build = (now: number, until?: Day): void => {
    const mark = world.marks.length;
    const expected = expectedPartitions(coverage(now), until);
    for (const { key, to, reason } of missingPartitions('posts', expected, world.published, 'd', world.marks)) {
      world.built.push({ key, to, mark, reason });
      world.published.set(key, { key, to, definition: 'd', inputMark: mark });
    }
  };
  for (let time = start; time < end; time += pick(1, 240) * 60_000) {
    if (time < offUntil) continue;
    const chance = pick(0, 9_999);
    if (chance < 6) offUntil = time + pick(1, 9 * 24) * HOUR;
    else if (chance < 12) offset = pick(-72, 72) * HOUR;
    else if (chance < 40) offset = 0;
    else if (chance < 80) {
      const day = addDays(localTime(time, zone).day, -pick(1, 300));
      if (day >= '2023-11-15') world.marks.push({ mark: world.marks.length + 1, fact: 'posts', from: day, to: day, reason: `late ${day}` });
    }
    const now = time + offset;
    const { run, isBacklog, skip } = dueNight({ now, cron: NIGHTLY, zone, catchUp, windowDays: 7, since: start, records: world.records.slice(-60), jitterMs: 0 });
    const add = (plannedFor: number, outcome: NightRecord['outcome']): void => {
      // What the unique key of the ledger does.
      const known = world.records.findIndex((one) => one.plannedFor === plannedFor);
      if (known !== -1 && world.records[known]!.outcome !== 'failed') throw new Error(`The night ${plannedFor} would be run twice.`);
      if (known !== -1) world.records.splice(known, 1);
      world.records.push({ plannedFor, startedAt: now, finishedAt: now, attempts: 1, outcome });
    };
    for (const planned of skip) add(planned, 'skipped');
    if (run === null) continue;
    const fails = pick(0, 9) === 0;
    if (!fails) build(now, isBacklog ? addDays(localTime(run, zone).day, -1) : undefined);
    add(run, fails ? 'failed' : 'done');
  }
  return { ...world, planned: occurrences(NIGHTLY, zone, start, end), end };
} // prettier-ignore

const SEEDS = Number(process.env['TEST_SEEDS'] ?? 1);
describe.each(['America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe'])('three years of nights in %s', (zone) => {
  test.each(['all', 'latest', 'none'] as const)('catching up %s', (catchUp) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { records, published, marks, built, planned, end } = simulate(zone, catchUp, seed);
      // Each planned night has been run or is written down as left out, but those at the end that a switched off or slow machine owes.
      const known = new Set(records.map(({ plannedFor }) => plannedFor));
      expect({ zone, seed, forgotten: planned.filter((one) => !known.has(one) && end - one > 14 * 86_400_000) }).toEqual({ zone, seed, forgotten: [] });
      expect(planned.length).toBeGreaterThan(1090);
      if (catchUp !== 'none') expect(records.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThan(700);

      // Every expected day is covered by what is published, or its partition is listed as missing.
      const expected = expectedPartitions([{ platform: 'p', from: '2023-11-15', to: addDays(localTime(end, zone).day, -1) }]);
      expect(expected.some(({ key }) => key === '2024-02')).toBe(true);
      const missing = new Set(missingPartitions('posts', expected, published, 'd', marks).map(({ key }) => key));
      for (const { key, to } of expected) expect(missing.has(key) || (published.get(key)?.to ?? '') >= to).toBe(true);

      // Nothing was built twice unless its month had grown or a mark since had touched it.
      const last = new Map<string, { to: Day; mark: number }>();
      for (const { key, to, mark, reason } of built) {
        const before = last.get(key);
        const grown = before !== undefined && before.to < to;
        const touched = before !== undefined && marks.some((one) => one.mark > before.mark && one.mark <= mark && monthOf(one.from) === key);
        expect({ zone, seed, key, why: before === undefined ? reason === 'not built yet' : grown ? reason.startsWith('days since') : touched && reason.startsWith('late') }).toEqual({ zone, seed, key, why: true });
        last.set(key, { to, mark });
      }
      expect(built.length).toBeGreaterThan(200);
    }
  }); // prettier-ignore
});
