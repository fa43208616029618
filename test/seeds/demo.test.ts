import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DEMO_DEFAULTS, DEMO_PERIOD, DEMO_THINNING, demoRecords } from '../../seeds/demo';
import type { AccountRecord, IngestRecord } from '../../src/ingest/records';
import { DemoReading, END, first, last, type Life, local } from './demoReading';

const SEEDS = join(__dirname, '..', '..', 'seeds');
const csv = (...path: string[]): Record<string, string>[] => parse(readFileSync(join(SEEDS, ...path)), { columns: true });
const calibration = (name: string) => csv('demo', 'calibration', name);
const regions = csv('reference', 'regions.csv');
const sectors = csv('reference', 'sectors.csv');

const DAY = 86_400_000;
const tally = <T>(items: readonly T[], key: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const between = (value: number, least: number, most: number) => {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
};
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

let demo: DemoReading;
beforeAll(() => void (demo = new DemoReading()));
const everyone = () => [...demo.lives.values()];
const agencies = () => demo.ofType('AGENCY');
const officials = () => demo.ofType('OFFICIAL');
const openedBy = (all: readonly Life[], day: string) => all.filter((life) => String(first(life).openedOn) <= day);
const publicSecurity = (all: readonly Life[]) => all.filter((life) => String(last(life).sector).startsWith('PS-')).length / all.length;

describe('the stream', () => {
  it('breaks no rule of any record', () => expect(demo.faults).toEqual({}));

  it('has the volume that a warehouse of this size needs', () => {
    between(demo.totals.post, 200_000, 320_000);
    between(demo.totals.interaction, 50_000, 150_000);
  });

  it('has the counts that its README states', () => {
    const readme = readFileSync(join(SEEDS, 'demo', 'README.md'), 'utf8');
    for (const count of Object.values(demo.totals)) expect(readme).toContain(count.toLocaleString('en'));
  });

  it('is the same every time for the same options, even when two are read in turn', () => {
    const [one, other] = [hashing({ seed: 7, scale: 0.03 }), hashing({ seed: 7, scale: 0.03 })];
    let digest = one();
    let same = other();
    for (; digest === null && same === null; same = other()) digest = one();
    expect(same).toBe(digest);

    const different = hashing({ seed: 8, scale: 0.03 });
    let otherDigest = different();
    while (otherDigest === null) otherDigest = different();
    expect(otherDigest).not.toBe(digest);
  });

  it('at a smaller scale is a part of the whole, with the named accounts', () => {
    const records = [...demoRecords({ ...DEMO_DEFAULTS, scale: 0.01 })];
    const accounts = new Map(records.flatMap((record) => (record.kind === 'account' ? [[record.accountId, record] as const] : [])));
    between(accounts.size, 197, 197 + 11);
    for (const [id, record] of accounts) expect(record).toEqual(last(demo.lives.get(id) as Life));
    expect([...accounts.values()].map(({ screenName }) => screenName)).toEqual(
      expect.arrayContaining(['微博云南', '平安北京', '上海发布']),
    );
    const posts = tally(
      records.filter((record) => record.kind === 'post'),
      ({ accountId }) => accountId,
    );
    for (const id of accounts.keys()) expect(posts[id] ?? 0).toBe(demo.lives.get(id)?.posts);
  });
});

describe('accounts', () => {
  it('open month by month, by type, as the calibration says', () => {
    const months = calibration('calib_monthly_cumulative.csv');
    expect(months).toHaveLength(26);
    for (const month of months) {
      const end = `${month.month_end}-31`;
      expect([month.month_end, openedBy(agencies(), end).length, openedBy(officials(), end).length]).toEqual([
        month.month_end,
        Number(month.cum_agencies),
        Number(month.cum_officials),
      ]);
    }
    expect(demo.lives.size).toBe(19_700);
    expect(new Set(everyone().map((life) => first(life).openedOn)).size).toBeGreaterThan(600);
  });

  it('begin with the government of Yunnan', () => {
    expect(openedBy(everyone(), '2009-11-30').map(first)).toMatchObject([
      { screenName: '微博云南', openedOn: '2009-11-21', region: '53', sector: 'PB-INFO', level: 'L2', accountType: 'AGENCY' },
    ]);
  });

  it.each([
    ['agencies', agencies, 'target_agencies'],
    ['officials', officials, 'target_officials'],
  ] as const)('fill the targets of the provinces: %s', (_, all, column) => {
    const counts = tally(all(), (life) => String(last(life).region));
    for (const target of calibration('calib_province_target_2011_12.csv')) {
      expect([target.province_code, counts[String(target.province_code)] ?? 0]).toEqual([target.province_code, Number(target[column])]);
    }
    expect(Object.keys(counts).filter((code) => code !== '00' && code !== '99')).toHaveLength(31);
  });

  it.each([
    ['agencies', agencies, 'agency_share_pct'],
    ['officials', officials, 'official_share_pct'],
  ] as const)('divide among the sectors as the target says: %s', (_, all, column) => {
    const parents = new Map(sectors.map(({ code, parent_code }) => [code, parent_code]));
    const groups = tally(all(), (life) => String(parents.get(String(last(life).sector)) || 'no sub-sector'));
    const targets = calibration('calib_sector_target_2011_12.csv');
    for (const target of targets) {
      expect(Math.abs((groups[String(target.sector_l1)] ?? 0) - (Number(target[column]) / 100) * all().length)).toBeLessThan(1);
    }
    expect(Object.keys(groups).sort()).toEqual(targets.map(({ sector_l1 }) => sector_l1).sort());
  });

  it.each([
    ['agencies', agencies, 'agency_count'],
    ['officials', officials, 'official_count'],
  ] as const)('hold the ranks of the target: %s', (_, all, column) => {
    const { L1 = 0, L2 = 0, ...below } = tally(all(), (life) => String(last(life).level));
    const targets = calibration('calib_level_target_2011_12.csv').map((row) => [row.level_code?.split(' ')[0], Number(row[column])]);
    expect({ 'L1+L2': L1 + L2, ...below }).toEqual(Object.fromEntries(targets));
    expect(all().filter((life) => last(life).level === 'L1' && last(life).region !== '00')).toEqual([]);
    expect(all().filter((life) => last(life).level === 'L2' && ['00', '99'].includes(String(last(life).region)))).toEqual([]);
  });

  it('sit in a prefecture of their province, except those of the nation, of a province and of the municipalities', () => {
    const provinceOf = new Map(regions.filter(({ kind }) => kind === 'prefecture').map(({ code, parent_code }) => [code, parent_code]));
    const divided = new Set(provinceOf.values());
    const misplaced = everyone()
      .flatMap(({ seen }) => seen)
      .filter(({ region, prefecture, level }) => {
        const divisible = divided.has(String(region)) && level !== 'L1' && level !== 'L2';
        return (prefecture === null ? undefined : provinceOf.get(String(prefecture))) !== (divisible ? region : undefined);
      });
    expect(misplaced).toEqual([]);
  });

  it('have names, numbers and sub-sectors of their own kind', () => {
    const now = everyone().map(last);
    expect(new Set(now.map(({ screenName }) => screenName)).size).toBe(now.length);
    expect(now.filter(({ accountId }) => !/^\d{10}$/.test(accountId))).toEqual([]);
    const known = new Set(sectors.filter(({ parent_code }) => parent_code !== '').map(({ code }) => code));
    expect(
      everyone()
        .flatMap(({ seen }) => seen)
        .filter(({ sector }) => !known.has(String(sector))),
    ).toEqual([]);
  });

  it('came first from public security, whose share falls', () => {
    const shares = ['2010-12-31', '2011-03-31', '2011-06-30', '2011-09-30', '2011-12-31'].map((day) =>
      publicSecurity(openedBy(agencies(), day)),
    );
    expect(shares.toSorted((a, b) => b - a)).toEqual(shares);
    between(Number(shares[1]), 0.68, 0.75);
  });

  it('change once, in about one of fifty, and not after the last observation', () => {
    const changes = everyone().map(({ seen }) =>
      seen.slice(1).filter((record, index) => {
        const before = seen[index] as AccountRecord;
        return (['screenName', 'region', 'prefecture', 'sector', 'level'] as const).some((key) => before[key] !== record[key]);
      }),
    );
    expect(Math.max(...changes.map(({ length }) => length))).toBe(1);
    const changed = changes.filter(({ length }) => length === 1).length / demo.lives.size;
    between(changed, 0.015, 0.025);
  });

  it('are observed at opening and at every month end', () => {
    const irregular = everyone().filter(({ seen }) => {
      const opened = String(seen[0]?.openedOn);
      const ends = seen.map(({ observedAt }) => local(observedAt)).filter((time) => time.includes('T23:00'));
      const months = (2011 - Number(opened.slice(0, 4))) * 12 + 13 - Number(opened.slice(5, 7));
      const started = local(Number(seen[0]?.observedAt)).startsWith(`${opened}T12:00`);
      return !started || new Set(ends).size !== months || !ends.at(-1)?.startsWith(DEMO_PERIOD.to);
    });
    expect(irregular).toEqual([]);
  });
});

describe('followers', () => {
  it('fall with rank as the calibration says', () => {
    const ranked = agencies()
      .map((life) => Number(last(life).followers))
      .sort((a, b) => b - a);
    expect(ranked[0]).toBe(2_020_000);
    expect(ranked.slice(0, 10).reduce((sum, followers) => sum + followers, 0) / 10_300_000).toBeCloseTo(1, 2);
    expect(Math.abs((ranked[99] ?? 0) - 65_700)).toBeLessThan(200);
    expect(Math.abs(median(ranked) - 1245)).toBeLessThan(20);
    const top = officials()
      .map((life) => Number(last(life).followers))
      .sort((a, b) => b - a)
      .slice(0, 10);
    expect(top.reduce((sum, followers) => sum + followers, 0) / 10_800_000).toBeCloseTo(1, 2);
  });

  it('grow from few, and only now and then fall', () => {
    const steps = everyone().flatMap(({ seen }) =>
      seen.slice(1).map((now, index) => Number(now.followers) - Number(seen[index]?.followers)),
    );
    between(steps.filter((step) => step < 0).length / steps.length, 0.0005, 0.01);
    expect(everyone().filter((life) => Number(first(life).followers) >= 50)).toEqual([]);
  });

  it('of the named accounts pass through the published counts', () => {
    for (const [name, day, followers] of [
      ['平安北京', '2010-09-06', 68_000],
      ['平安北京', '2010-10-26', 162_000],
      ['平安北京', '2011-11-26', 2_000_000],
      ['外交小灵通', '2011-04-19', 40_000],
      ['成都发布', '2011-02-08', 115_000],
      ['微博河北', '2011-04-19', 20_000],
      ['上海发布', '2011-11-28', 100_000],
      ['北京市卫生局', '2011-12-12', 40_000],
      ['伍皓红河微语', '2011-03-04', 350_000],
    ] as const) {
      const { seen } = demo.named(name);
      const after = seen.findIndex(({ observedAt }) => observedAt > Date.parse(`${day}T23:59:59+08:00`));
      expect(Number(seen[after - 1]?.followers)).toBeLessThanOrEqual(followers);
      expect(Number(seen[after]?.followers)).toBeGreaterThan(0.9 * followers);
    }
  });

  it('opening days of the named accounts are those published', () => {
    const days = { 平安北京: '2010-08-01', 外交小灵通: '2011-04-13', 上海发布: '2011-11-28', 北京市卫生局: '2011-11-17' };
    for (const [name, day] of Object.entries(days)) expect([name, first(demo.named(name)).openedOn]).toEqual([name, day]);
    expect(first(demo.named('公安部')).openedOn).toMatch(/^2011-08-/);
    expect(last(demo.named('伍皓红河微语')).accountType).toBe('OFFICIAL');
  });
});

describe('posts', () => {
  it('stop in one of five accounts, and never begin in one of thirty', () => {
    const old = openedBy(everyone(), '2011-12-01');
    const silent = old.filter(({ lastPost }) => lastPost <= END - 30 * DAY).length / old.length;
    between(silent, 0.18, 0.22);
    const never = everyone().filter(({ posts }) => posts === 0).length / demo.lives.size;
    between(never, 0.025, 0.035);
  });

  it('keep office hours', () => {
    const busiest = demo.hours.map((posts, hour) => ({ posts, hour })).sort((a, b) => b.posts - a.posts);
    expect(
      busiest
        .slice(0, 4)
        .map(({ hour }) => hour)
        .sort((a, b) => a - b),
    ).toEqual([9, 10, 15, 16]);
    between(mean(demo.hours.slice(0, 6)) / mean(demo.hours), 0.15, 0.3);
    const [sunday = 0, ...week] = demo.weekdays;
    between((sunday + Number(week[5])) / 2 / mean(week.slice(0, 5)), 0.43, 0.5);
  });

  it('have texts of the length and flavour of the time', () => {
    const lengths = demo.lengths.toSorted((a, b) => a - b);
    between(Number(lengths[0]), 30, 140);
    between(Number(lengths.at(-1)), 30, 140);
    between(lengths.filter((length) => length < 70).length / lengths.length, 0.27, 0.33);
    between(demo.sums.original / demo.totals.post, 0.91, 0.93);
    expect(Object.keys(demo.texts)).toHaveLength(5);
    for (const posts of Object.values(demo.texts)) between(posts / demo.totals.post, 0.005, 0.3);
  });

  it('are reposted and commented on as often as reported, and more where more follow', () => {
    between(demo.sums.reposts / demo.totals.post, 3, 4);
    between(demo.sums.comments / demo.totals.post, 1.5, 2);
    const beijing = demo.named('平安北京');
    expect(Math.abs(beijing.comments / beijing.posts / 26.7 - 1)).toBeLessThan(0.2);
    const posting = everyone()
      .filter(({ posts }) => posts > 0)
      .sort((a, b) => Number(last(b).followers) - Number(last(a).followers));
    const perPost = (some: readonly Life[]) =>
      some.reduce((sum, life) => sum + life.comments, 0) / some.reduce((sum, life) => sum + life.posts, 0);
    expect(perPost(posting.slice(0, 2000))).toBeGreaterThan(5 * perPost(posting.slice(-10_000)));
  });
});

describe('comments and replies', () => {
  it('are thinned as documented', () => {
    between(
      demo.totals.interaction - demo.latencies.length,
      (0.9 * demo.sums.comments) / DEMO_THINNING.comments,
      (1.1 * demo.sums.comments) / DEMO_THINNING.comments,
    );
  });

  it('come from citizens who are known by their hash alone, some of them often', () => {
    expect(demo.citizens).toContain(createHash('sha256').update('demo-citizen-1').digest('hex').slice(0, 16));
    expect(demo.citizens.size).toBeLessThan(0.9 * (demo.totals.interaction - demo.latencies.length));
  });

  it('are answered by about half of the accounts, after hours', () => {
    const asked = everyone().filter(({ heard }) => heard >= 30);
    expect(asked.length).toBeGreaterThan(100);
    const mute = asked.filter(({ answered }) => answered === 0).length / asked.length;
    between(mute, 0.4, 0.65);
    between(median(demo.latencies), 3, 5);
    const beijing = demo.named('平安北京');
    between(beijing.answered / beijing.heard, 0.06, 0.2);
  });
});

/** A digest of a stream, one record at each call; null until the stream has ended. */
function hashing(options: { seed: number; scale: number }): () => string | null {
  const hash = createHash('sha256');
  const records: Generator<IngestRecord> = demoRecords(options);
  return () => {
    const { done, value } = records.next();
    if (done) return hash.digest('hex');
    hash.update(JSON.stringify(value));
    return null;
  };
}
