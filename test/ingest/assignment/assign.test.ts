import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { assign, assignmentRules, type Assigned, type Statement } from '../../../src/ingest/assignment/assign';
import { projectPath } from '../../../src/paths';
import { roster } from '../../../seeds/demo/roster';
import { assigned, csv, REFERENCE, ROWS } from './reference';

const ATTRIBUTES = ['account_type', 'region', 'prefecture', 'sector', 'level'] as const;
type Attribute = (typeof ATTRIBUTES)[number];
type Case = Record<Attribute | 'screen_name' | 'verified_type' | 'verified_reason' | 'location' | 'note', string>;

/** Labelled by hand; invented, but written as real accounts are. */
const CASES = csv<Case>('test', 'ingest', 'assignment', 'cases.csv');
const orNull = (text: string): string | null => (text === '' ? null : text);
const saidIn = ({ screen_name, verified_type, verified_reason, location }: Case): Partial<Statement> => ({
  screen_name,
  verified: 1,
  verified_type: orNull(verified_type),
  verified_reason: orNull(verified_reason),
  location: orNull(location),
});
const codesOf = (one: Readonly<Record<Attribute, string>>): Record<Attribute, string> =>
  Object.fromEntries(ATTRIBUTES.map((name) => [name, one[name]])) as Record<Attribute, string>;
const reasonsOf = (one: Assigned): (string | null)[] => ATTRIBUTES.map((name) => one[`${name}_by`]);

test.each(CASES)('$screen_name ($verified_type): $verified_reason, $location', (one) => {
  expect(codesOf(assigned(saidIn(one)))).toEqual(codesOf(one));
});

test('there are enough cases, and every rule decides at least one of them', () => {
  expect(CASES.length).toBeGreaterThan(300);
  const statedPrefecture = assigned({ prefecture: '440100' });
  const used = new Set([...CASES.map((one) => assigned(saidIn(one))), statedPrefecture].flatMap(reasonsOf));
  expect(ROWS.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
});

test('an attribute has a rule exactly where it is not unknown, but for rules that say that it cannot be known', () => {
  for (const one of CASES) {
    const result = assigned(saidIn(one));
    for (const name of ATTRIBUTES) {
      const by = result[`${name}_by`];
      if (by === null) expect(result[name]).toBe(name === 'level' ? 'LX' : 'UNKNOWN');
      else if (!/^T-(114|230)$/.test(by)) expect(['UNKNOWN', 'LX']).not.toContain(result[name]);
    }
  }
});

test('a prefecture lies in the region beside it', () => {
  const provinceOf = new Map(REFERENCE.regions.map(({ code, parent_code }) => [code, parent_code]));
  for (const one of CASES) {
    const { region, prefecture } = assigned(saidIn(one));
    if (prefecture !== 'UNKNOWN') expect(provinceOf.get(prefecture)).toBe(region);
  }
});

describe('what a source states', () => {
  const stated = { account_type: 'OTHER', region: '31', prefecture: '440100', sector: 'HE', level: 'L5' };

  test('counts before every rule', () => {
    const result = assigned({ ...stated, verified_type: '1', verified_reason: '广州市公安局官方微博', location: '广东 广州' });
    expect(codesOf(result)).toEqual(stated);
    expect(reasonsOf(result)).toEqual(['STATED', 'STATED', 'STATED', 'STATED', 'STATED']);
  });

  test('tells nothing when it says unknown', () => {
    const result = assigned({
      account_type: 'UNKNOWN',
      region: 'UNKNOWN',
      level: 'LX',
      verified_type: '1',
      verified_reason: '广州市公安局',
    });
    expect(result).toMatchObject({ account_type: 'AGENCY', account_type_by: 'T-003', region: '44', level: 'L3', level_by: 'L-PREFECTURE' });
  });

  test('shapes what rules find: the type their conditions, the region the prefecture, the prefecture the region', () => {
    expect(assigned({ account_type: 'AGENCY', screen_name: '鹤城交警' })).toMatchObject({ sector: 'PS-TRAFFIC', sector_by: 'S-502' });
    expect(assigned({ account_type: 'MEDIA', screen_name: '鹤城交警' })).toMatchObject({ sector: 'UNKNOWN', sector_by: null });
    expect(assigned({ region: '33', location: '广东 广州' })).toMatchObject({ region: '33', prefecture: 'UNKNOWN', prefecture_by: null });
    expect(assigned({ prefecture: '440100', location: '浙江 杭州' })).toMatchObject({ region: '44', region_by: 'R-PREFECTURE' });
    expect(assigned({ account_type: 'AGENCY', region: '00' })).toMatchObject({ level: 'L1', level_by: 'L-NATIONAL' });
  });
});

test('a silent statement gives unknown without a reason', () => {
  const nothing = { account_type: 'UNKNOWN', region: 'UNKNOWN', prefecture: 'UNKNOWN', sector: 'UNKNOWN', level: 'LX' };
  const noReason = Object.fromEntries(ATTRIBUTES.map((name) => [`${name}_by`, null]));
  expect(assigned({})).toEqual({ ...nothing, ...noReason });
  expect(assigned({ verified_type: '0', verified: 1 })).toEqual({ ...nothing, ...noReason });
});

test('a badge without any text implies what the table of verification codes says', () => {
  for (const { code, account_type } of REFERENCE.verifiedTypes)
    expect(assigned({ verified_type: code })).toMatchObject({
      account_type,
      account_type_by: account_type === 'UNKNOWN' ? null : 'T-TYPE',
    });
  expect(assigned({ verified_type: '12345' })).toMatchObject({ account_type: 'UNKNOWN', account_type_by: null });
});

test('the same statement gives the same answer, from rules compiled anew too', () => {
  const again = assignmentRules(ROWS, REFERENCE);
  for (const one of CASES) {
    const first = assigned(saidIn(one));
    expect(assigned(saidIn(one))).toEqual(first);
    expect(assign({ ...silent(), ...saidIn(one) }, again)).toEqual(first);
  }
});
const silent = (): Statement => ({
  ...{ screen_name: null, account_type: null, region: null, prefecture: null, sector: null, level: null },
  ...{ verified: null, verified_type: null, verified_reason: null, description: null, location: null },
});

test('any text is taken, and only codes of the tables come out', () => {
  const known: Record<Attribute, Set<string>> = {
    account_type: new Set(['AGENCY', 'OFFICIAL', 'MEDIA', 'ENTERPRISE', 'ORGANISATION', 'OTHER', 'UNKNOWN']),
    region: new Set(REFERENCE.regions.map(({ code }) => code)),
    prefecture: new Set(REFERENCE.regions.map(({ code }) => code)),
    sector: new Set(REFERENCE.sectors.map(({ code }) => code)),
    level: new Set(['L1', 'L2', 'L3', 'L4', 'L5', 'LX']),
  };
  const words = [
    '北京',
    '吉林',
    '海南',
    '市',
    '公安',
    '局',
    '分局',
    '区',
    '前',
    '原',
    '民警',
    '，',
    ' ',
    '《',
    '广东省',
    '44',
    '400',
    '\ud800',
    '😀',
    '__proto__',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words)).map((parts) => parts.join('')),
  );
  const cell = fc.option(text, { nil: null });
  const code = fc.oneof(cell, fc.constantFrom('0', '1', '2', '3', '7', '-1', '__proto__', 'constructor'));
  fc.assert(
    fc.property(cell, code, cell, cell, (screen_name, verified_type, verified_reason, location) => {
      const result = assigned({ screen_name, verified_type, verified_reason, location, description: location });
      for (const name of ATTRIBUTES) expect(known[name]).toContain(result[name]);
    }),
    { numRuns: 2000, seed: 20111212 },
  );
});

test('the invented accounts of the demonstration are told from their texts alone', () => {
  const accounts = roster(2011);
  const right = { account_type: 0, region: 0, prefecture: 0, sector: 0 };
  for (const { attributes, type, verifiedReason, location } of accounts) {
    const result = assigned({
      screen_name: attributes.screenName,
      verified_type: type === 'AGENCY' ? '1' : '0',
      verified_reason: verifiedReason,
      location,
    });
    right.account_type += Number(result.account_type === type);
    right.region += Number(result.region === attributes.region);
    right.prefecture += Number(result.prefecture === (attributes.prefecture ?? 'UNKNOWN'));
    right.sector += Number(result.sector === attributes.sector);
  }
  expect(accounts.length).toBeGreaterThan(19_000);
  expect(right.region).toBe(accounts.length);
  expect(right.prefecture).toBe(accounts.length);
  expect(right.account_type).toBeGreaterThan(0.999 * accounts.length);
  expect(right.sector).toBeGreaterThan(0.999 * accounts.length);
});

const REAL = projectPath('..', 'shared', 'data', 'weibo_crawlers', 'raw', 'weibo', 'users_org_only.csv');
const onRealAccounts = existsSync(REAL) ? test : test.skip;

onRealAccounts('real accounts are of the type that their badge says', () => {
  const rows = parse<Record<string, string>>(readFileSync(REAL), { bom: true, columns: true });
  const allowed: Record<string, string[]> = {
    '1': ['AGENCY'],
    '2': ['ENTERPRISE'],
    '3': ['MEDIA'],
    '4': ['ORGANISATION'],
    '7': ['AGENCY', 'ORGANISATION'],
  };
  const results = rows.map((row) => ({
    badge: row['认证类型']!,
    ...assigned({
      screen_name: row['昵称']!,
      verified_type: row['认证类型']!,
      verified_reason: row['认证信息']!,
      location: orNull(row['所在地']!),
    }),
  }));
  expect(results.length).toBeGreaterThan(50);
  for (const { badge, account_type } of results) expect(allowed[badge]).toContain(account_type);
  expect(results.filter(({ badge }) => badge === '1').map(({ sector, level }) => [sector, level])).toEqual([
    ['PS-POLICE', 'L2'],
    ['GO-GOV', 'L3'],
  ]);
});
if (!existsSync(REAL)) process.stderr.write(`skipped: real accounts, because there is no ${REAL}\n`);
