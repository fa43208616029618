import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadReference } from '../../src/ingest/reference';
import { readReferenceFile, writeReference } from '../../src/ingest/referenceFile';
import { REFERENCE_KINDS, type ReferenceKind } from '../../src/ingest/referenceKinds';
import { projectPath } from '../../src/paths';
import { DIALECTS } from '../stores';
import { CLOCK, folderOf, openLoading } from './loading';

const read = (kind: ReferenceKind, content: string | Buffer) => readReferenceFile(kind, join(folderOf({ 'my.csv': content }), 'my.csv'));
const refusal = (kind: ReferenceKind, content: string): string => {
  try {
    read(kind, content);
  } catch (error) {
    return (error as Error).message.replace(/^\S*my\.csv/, 'my.csv');
  }
  return 'no refusal';
};
const example = (name: string) => projectPath('seeds', 'examples', 'reference', name);

describe('a file of reference rows', () => {
  test('needs few columns: the rest has defaults that say where it comes from', () => {
    expect(read('sectors', '\uFEFFcode, name\r\nXX-A , A \r\n').rows).toEqual([{ code: 'XX-A', parent_code: null, name: 'A', name_zh: 'A', source: 'my.csv', confidence: 'not stated' }]);
    expect(read('regions', 'code,name,parent_code\nXX,X,\nXX-1,Y,XX\n').rows).toMatchObject([
      { code: 'XX', kind: 'province', parent_code: null, name_zh: 'X', name_zh_full: 'X', iso_3166_2: null },
      { code: 'XX-1', kind: 'prefecture', parent_code: 'XX' },
    ]);
    expect(read('levels', 'code,name,rank,source\nXX-1,X,7,a book\n').rows).toMatchObject([{ sort_rank: 7, units_end_2011: null, cadre_rank: '', source: 'a book' }]);
    expect(read('platforms', 'code,name,time_zone\nmastodon,Mastodon,UTC\n').rows).toMatchObject([{ synthetic: 0, likes_since: null }]);
    expect(read('indicators', 'region_code,indicator,year,value\n11,gdp_2,2012,1e3\n').rows).toEqual([{ region_code: '11', indicator: 'gdp_2', year: 2012, value: 1000, unit: '', source: 'my.csv', confidence: 'not stated' }]);
  }); // prettier-ignore

  test.each<[string, ReferenceKind, string, string | RegExp]>([
    ['without a needed column', 'sectors', 'cod,name\nX,x\n', /^my\.csv has no column "code"\. Did you mean "cod"\? The columns of sectors: code, parent_code, /],
    ['with an unknown column', 'sectors', 'code,name,nmae_zh\nX,x,y\n', /^my\.csv has a column "nmae_zh" that is not one of sectors\. Did you mean "name_zh"\?/],
    ['without rows', 'sectors', 'code,name\n', /^my\.csv has no rows\. .*needed: code, name\.$/],
    ['that is no CSV', 'sectors', 'code,name\n"X,x\n', /^my\.csv cannot be read as CSV: /],
    ['with an empty code', 'sectors', 'code,name\n,x\n', 'my.csv:2: "code" is empty.'],
    ['with a code of several words', 'sectors', 'code,name\nmy sector,x\n', /^my\.csv:2: "my sector" is not a code/],
    ['with a code that is too long', 'levels', 'code,name\nUS-SENATE,x\n', 'my.csv:2: "code" is longer than 8 characters: "US-SENATE".'],
    ['with a code twice', 'sectors', 'code,name\nX,x\nY,y\nX,z\n', 'my.csv:4: "X" stands in line 2 already.'],
    ['with a row that is its own parent', 'sectors', 'code,name,parent_code\nX,x,X\n', 'my.csv:2: "X" is its own parent.'],
    ['with a rank that is no number', 'levels', 'code,name,rank\nX,x,high\n', 'my.csv:2: "high" in "rank" is not a whole number.'],
    ['with a kind of region that is none', 'regions', 'code,name,kind\nX,x,provinz\n', /^my\.csv:2: kind: "provinz" is none of province, prefecture, special\. Did you mean "province"\?/],
    ['with a zone that is none', 'platforms', 'code,name,time_zone\nx,x,Peking\n', /^my\.csv:2: time_zone: "Peking" is not an IANA time zone/],
    ['with a day that is none', 'platforms', 'code,name,time_zone,likes_since\nx,x,UTC,2012\n', /^my\.csv:2: likes_since: "2012" is not a day/],
    ['with a flag that is none', 'platforms', 'code,name,time_zone,synthetic\nx,x,UTC,1\n', /^my\.csv:2: synthetic: "1" is neither true nor false/],
    ['with a year that is none', 'indicators', 'region_code,indicator,year,value\n11,x,11,1\n', /^my\.csv:2: year: "11" is not a year/],
    ['with a value that is no number', 'indicators', 'region_code,indicator,year,value\n11,x,2011,"1,000"\n', /^my\.csv:2: value: "1,000" is not a number/],
  ])('%s is refused with its line', (_, kind, content, message) =>
    typeof message === 'string' ? expect(refusal(kind, content)).toBe(message) : expect(refusal(kind, content)).toMatch(message),
  ); // prettier-ignore

  test('may repeat rows that come with Govblog, and may not change them', () => {
    expect(read('sectors', 'code,name\nPS,Public security\nXX,x\n').rows).toMatchObject([{ code: 'XX' }]);
    expect(read('sectors', 'code,name,name_zh\nPS,Public security,\n').rows).toEqual([]);
    expect(refusal('sectors', 'code,name\nXX,x\nPS,Police\n')).toBe(
      'my.csv:3: "PS" is one of the sectors that come with Govblog, where "name" is "Public security" and not "Police". Give your own row another code.',
    );
    expect(refusal('levels', 'code,name,rank\nL1,Central / ministry,2\n')).toMatch(/where "rank" is "1" and not "2"/);
    expect(refusal('indicators', 'region_code,indicator,year,value\n11,gdp,2009,1\n')).toMatch(
      /^my\.csv:2: "11", "gdp", "2009" is one of the indicators .*"value" is "12153.03" and not "1"/,
    );
  });

  test.each(REFERENCE_KINDS)('as Govblog ships it for %s says nothing new', (kind) => {
    expect(readReferenceFile(kind, projectPath('seeds', 'reference', `${kind}.csv`)).rows).toEqual([]);
  });

  test('is shipped for the examples, with unique codes', () => {
    expect(readReferenceFile('regions', example('us-regions.csv')).rows).toHaveLength(56);
    expect(readReferenceFile('levels', example('us-levels.csv')).rows.map(({ code }) => code)).toEqual(['US-HOUSE', 'US-SEN', 'US-JOINT']);
    expect(readReferenceFile('regions', example('in-regions.csv')).rows).toHaveLength(36);
    for (const name of ['us', 'de', 'in'])
      expect(readReferenceFile('sectors', example(`${name}-sectors.csv`)).rows.length).toBeGreaterThan(4);
  });

  test.each(['congress-accounts.json', 'bundestag-accounts.json', 'india-accounts.json'])('has every code that %s makes', (name) => {
    const profile = readFileSync(projectPath('seeds', 'examples', name), 'utf8');
    const known = ['us-regions', 'us-sectors', 'us-levels', 'de-sectors', 'in-regions', 'in-sectors'].flatMap((table) =>
      readReferenceFile(table.split('-')[1] as ReferenceKind, example(`${table}.csv`)).rows.map(({ code }) => code),
    );
    const made = [...profile.matchAll(/: "((?:PARTY|US|IN)-[A-Z][A-Z-]*)"/g)]
      .map(([, code]) => code!)
      .filter((code) => !code.endsWith('-'));
    expect(made.length).toBeGreaterThan(2);
    expect(made.filter((code) => !known.includes(code))).toEqual([]);
  });
});

describe.each(DIALECTS)('the store, on %s', (dialect) => {
  test('takes rows once, changes and never removes them, and keeps them when the tables of Govblog are loaded again', async () => {
    const loading = await openLoading(dialect);
    const write = (kind: ReferenceKind, content: string) => writeReference(loading.store, kind, read(kind, content).rows, CLOCK.now());
    const sectors = () => loading.store.query("SELECT code, name, parent_code FROM sector WHERE code LIKE 'XX%' ORDER BY code");
    const before = await loading.store.query<{ n: number }>('SELECT COUNT(*) AS n FROM sector');
    expect(await write('sectors', 'code,name,parent_code\nXX-A,A,XX\nXX,X,\n')).toEqual({ changed: 2, unchanged: 0 });
    expect(await write('sectors', 'code,name,parent_code\nXX-A,A,XX\nXX,X,\n')).toEqual({ changed: 0, unchanged: 2 });
    expect(await write('sectors', 'code,name,parent_code\nXX-A,B,XX\n')).toEqual({ changed: 1, unchanged: 0 });
    expect(await loadReference(loading.store, projectPath('seeds', 'reference'), CLOCK.now())).toBe(0);
    expect(await sectors()).toEqual([
      { code: 'XX', name: 'X', parent_code: null },
      { code: 'XX-A', name: 'B', parent_code: 'XX' },
    ]);
    const after = await loading.store.query<{ n: number }>('SELECT COUNT(*) AS n FROM sector');
    expect(after[0]!.n - before[0]!.n).toBe(2);
    await loading.close();
  });

  test('refuses rows that name what is not there, and a third level', async () => {
    const loading = await openLoading(dialect);
    const write = (kind: ReferenceKind, content: string) => writeReference(loading.store, kind, read(kind, content).rows, CLOCK.now());
    await expect(write('sectors', 'code,name,parent_code\nXX-A,A,XXX\n')).rejects.toThrow('There is no sector "XXX", which "XX-A" names.');
    await expect(write('sectors', 'code,name,parent_code\nXX-A,A,PS-POLICE\n')).rejects.toThrow(
      '"PS-POLICE" is below "PS" and cannot be the parent of "XX-A": there are two levels.',
    );
    await expect(write('indicators', 'region_code,indicator,year,value\nXX,gdp,2011,1\n')).rejects.toThrow(
      'There is no region "XX", which "XX", "gdp", "2011" names.',
    );
    expect(await write('regions', 'code,name\nXX,X\n')).toEqual({ changed: 1, unchanged: 0 });
    expect(await write('indicators', 'region_code,indicator,year,value\nXX,gdp,2011,1.5\n')).toEqual({ changed: 1, unchanged: 0 });
    expect(await loading.store.query("SELECT value, source FROM indicator WHERE region_code = 'XX'")).toEqual([
      { value: 1.5, source: 'my.csv' },
    ]);
    await loading.close();
  });

  test('keeps the zone of a platform that has accounts', async () => {
    const loading = await openLoading(dialect);
    const write = (zone: string) =>
      writeReference(loading.store, 'platforms', read('platforms', `code,name,time_zone\nxx,X,${zone}\n`).rows, CLOCK.now());
    expect(await write('UTC')).toEqual({ changed: 1, unchanged: 0 });
    expect(await write('Asia/Tokyo')).toEqual({ changed: 1, unchanged: 0 });
    await loading.store.write((tx) => tx.insert('account', ['account_key', 'platform', 'account_id'], [[1, 'xx', '1']]));
    await expect(write('UTC')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^The time zone of "xx" is Asia\/Tokyo, .* cannot become UTC\.$/),
    });
    await loading.close();
  });
});
