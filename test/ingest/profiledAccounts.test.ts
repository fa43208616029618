import { join } from 'node:path';
import { readProfile } from '../../src/ingest/formats/profile';
import { profiledAccounts } from '../../src/ingest/formats/profiledAccounts';
import type { AccountRecord } from '../../src/ingest/records';
import { projectPath } from '../../src/paths';
import { readReferenceFile, writeReference } from '../../src/ingest/referenceFile';
import { DIALECTS } from '../stores';
import { accountHistory, accountsIn } from './accounts';
import { CLOCK, folderOf, openLoading } from './loading';

const OBSERVED = Date.parse('2023-06-01T12:00:00Z');
const PLAIN = { platform: 'twitter', timeZone: 'UTC', format: 'json' };
const profile = (account: object, keys: object = {}) =>
  readProfile(join(folderOf({ 'p.json': JSON.stringify({ ...PLAIN, ...keys, account: { id: 'id', ...account } }) }), 'p.json'));
const open = (content: unknown, described: ReturnType<typeof profile>, observedAt: number | null = OBSERVED) => {
  const name = described.format === 'csv' ? 'a.csv' : 'a.json';
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return profiledAccounts(join(folderOf({ [name]: text }), name), described, observedAt);
};
const read = async (...given: Parameters<typeof open>) => accountsIn(await open(...given));

describe('an account', () => {
  test('is read with everything a profile can name', async () => {
    const account = {
      screenName: 'name', accountType: { value: 'AGENCY' }, region: 'region', prefecture: 'city', sector: 'sector', level: 'level', verified: 'v',
      verifiedType: 'vt', verifiedReason: 'vr', description: { column: 'bio', html: true }, location: 'loc',
      openedOn: { column: 'since', format: 'M/d/yyyy H:mm' }, observedAt: 'seen', validFrom: 'from', validTo: 'to', followers: 'fans', following: 'friends',
      postsTotal: 'posts',
    }; // prettier-ignore
    const columns = 'id,name,region,city,sector,level,v,vt,vr,bio,loc,since,seen,from,to,fans,friends,posts';
    const cells =
      '9007199254740993,甲,44,440100,PS-POLICE,L3,true,1,reason,<b>a</b>&amp;b,广东 广州,7/31/2010 23:30,2011-12-31 23:59:59,2010-09-01,2011-06-01,27.1万,7,"1,234"';
    const { accounts, rejects } = await read(`${columns}\n${cells}\n`, profile(account, { format: 'csv', timeZone: 'Asia/Shanghai' }));
    expect(rejects).toEqual([]);
    expect(accounts).toEqual([
      {
        kind: 'account', platform: 'twitter', accountId: '9007199254740993', observedAt: Date.parse('2011-12-31T15:59:59Z'), screenName: '甲',
        accountType: 'AGENCY', region: '44', prefecture: '440100', sector: 'PS-POLICE', level: 'L3', verified: true, verifiedType: '1',
        verifiedReason: 'reason', description: 'a&b', location: '广东 广州', openedOn: '2010-07-31', validFrom: '2010-09-01', validTo: '2011-06-01',
        followers: 271_000, following: 7, postsTotal: 1234, approximate: { followers: '27.1万' },
      },
    ]); // prettier-ignore
  });

  test('says nothing of what the profile does not name', async () => {
    const { accounts } = await read([{ id: 1 }], profile({}));
    const known = Object.entries(accounts[0]!).filter(([, value]) => value !== null);
    expect(Object.fromEntries(known)).toEqual({ kind: 'account', platform: 'twitter', accountId: '1', observedAt: OBSERVED });
  });

  test('was observed when its row says, else when is told, else when its values began', async () => {
    const days = async (account: object, observedAt: number | null) =>
      (
        await read(
          [
            { id: 1, seen: '2020-01-02', from: '2019-01-03' },
            { id: 2, from: '2019-01-03' },
          ],
          profile(account),
          observedAt,
        )
      ).accounts.map((one) => new Date(one.observedAt).toISOString().slice(0, 10));
    expect(await days({ observedAt: 'seen' }, OBSERVED)).toEqual(['2020-01-02', '2023-06-01']);
    expect(await days({ observedAt: 'seen', validFrom: 'from' }, null)).toEqual(['2020-01-02', '2019-01-03']);
  });

  test('of which nothing tells when it was so is refused: the row, or the whole load', async () => {
    const { rejects } = await read([{ id: 1 }], profile({ observedAt: 'seen' }), null);
    expect(rejects).toMatchObject([
      { field: 'observedAt', reason: expect.stringMatching(/^Nothing tells when this was so: .*give --observed-at\.$/) },
    ]);
    await expect(read([{ id: 1 }], profile({}), null)).rejects.toThrow(
      /^Nothing tells when this was so: the profile names neither.*--observed-at 2024/,
    );
  });

  test('is rejected with its field when a value cannot be read', async () => {
    const described = profile({ verified: 'v', followers: 'n', openedOn: 'o' });
    const { accounts, rejects } = await read(
      [{ id: '' }, { id: 2, v: 'perhaps' }, { id: 3, n: 'many' }, { id: 4, o: 'once' }, { id: 5, o: '2011-02-28' }],
      described,
    );
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[1, 'id'], [2, 'verified'], [3, 'followers'], [4, 'openedOn']]); // prettier-ignore
    expect(accounts).toMatchObject([{ accountId: '5', openedOn: '2011-02-28' }]);
  });

  test('needs a profile of accounts', async () => {
    const described = { ...profile({}), account: undefined, post: { id: { column: 'id' } } } as unknown as ReturnType<typeof profile>;
    await expect(open([], described)).rejects.toThrow('The profile describes posts ("post"); to load accounts, it needs a part "account".');
  });
});

const nameOn = (accounts: readonly AccountRecord[]) => accountHistory(accounts).map(({ from, screen_name }) => [from, screen_name]);

describe('previous names', () => {
  const described = profile({ screenName: 'name', region: { value: '44' }, previousNames: 'before' });

  test('come before the present one, in their order, and hold nothing but the name', async () => {
    const { accounts } = await read([{ id: 1, name: 'C', before: ['A', { some: 'B' }] }], described);
    expect(accounts.slice(1)).toEqual([
      { kind: 'account', platform: 'twitter', accountId: '1', observedAt: OBSERVED, screenName: 'A', validFrom: '0001-01-01' },
      { kind: 'account', platform: 'twitter', accountId: '1', observedAt: OBSERVED, screenName: 'B', validFrom: '0001-01-02' },
    ]);
    expect(nameOn(accounts)).toEqual([['0001-01-01', 'A'], ['0001-01-02', 'B'], ['2023-06-01', 'C']]); // prettier-ignore
    // What is known of the account today is carried back, the name is not.
    expect(accountHistory(accounts).map(({ region }) => region)).toEqual(['44', '44', '44']);
  });

  test('may be the present one again, one alone, or none', async () => {
    const of = async (before: unknown) => nameOn((await read([{ id: 1, name: 'C', before }], described)).accounts);
    expect(await of(['C', 'B'])).toEqual([['0001-01-01', 'C'], ['0001-01-02', 'B'], ['2023-06-01', 'C']]); // prettier-ignore
    expect(await of('B')).toEqual([['0001-01-01', 'B'], ['2023-06-01', 'C']]); // prettier-ignore
    for (const nothing of [[], null, undefined, '']) expect(await of(nothing)).toEqual([['0001-01-01', 'C']]);
  });

  test('stand in one cell of a table, parted by a sign', async () => {
    const table = profile({ screenName: 'name', previousNames: { column: 'before', separator: ';' } }, { format: 'csv' });
    const { accounts } = await read('id,name,before\n1,C,A; B;\n2,D,\n', table);
    expect(accounts.map(({ accountId, screenName }) => `${accountId}${screenName}`)).toEqual(['1C', '1A', '1B', '2D']);
  });

  test('may stand in one text of JSON too', async () => {
    const { accounts } = await read(
      [{ id: 1, name: 'C', before: 'A|B' }],
      profile({ screenName: 'name', previousNames: { column: 'before', separator: '|' } }),
    );
    expect(accounts.map(({ screenName }) => screenName)).toEqual(['C', 'A', 'B']);
  });

  test('that are no names, or too many, are a reject', async () => {
    const { accounts, rejects } = await read([{ id: 1, before: [{ a: 'A', b: 'B' }] }, { id: 2, before: [7] }, { id: 3, before: Array.from({ length: 31 }, (_, n) => `n${n}`) }, { id: 4, before: Array.from({ length: 30 }, (_, n) => `n${n}`) }], described); // prettier-ignore
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[1, 'previousNames'], [3, 'history']]); // prettier-ignore
    expect(accounts.filter(({ accountId }) => accountId === '4').at(-1)).toMatchObject({ screenName: 'n29', validFrom: '0001-01-30' });
  });
});

describe('a history', () => {
  const described = profile({
    screenName: 'name', sector: 'party', level: 'chamber',
    history: { column: 'was', until: 'until', values: { sector: { column: 'party', map: { none: null } }, level: 'chamber' } },
  }); // prettier-ignore
  const spans = async (account: object, name: 'sector' | 'level') =>
    accountHistory((await read([{ id: 1, ...account }], described)).accounts).reduce<string[]>((all, version) => {
      const next = `${version.from} ${version[name]}`;
      return all.at(-1)?.slice(11) === version[name] ? all : [...all, next];
    }, []);

  test('ends each value on the first day without it', async () => {
    const account = {
      party: 'L',
      was: [
        { party: 'R', until: '2019-07-07' },
        { party: 'I', until: '2020-05-20' },
      ],
    };
    const { accounts } = await read([{ id: 1, ...account }], described);
    const on = (day: string) => accountHistory(accounts).find(({ from, to }) => from <= day && (to === null || day < to))?.sector;
    expect(['2010-01-01', '2019-07-06', '2019-07-07', '2020-05-19', '2020-05-20', '2023-06-01', '2030-01-01'].map(on)).toEqual([
      'R',
      'R',
      'I',
      'I',
      'L',
      'L',
      'L',
    ]);
  });

  test('without an end holds until the first statement of what came after', async () => {
    expect(await spans({ party: 'L', was: [{ party: 'R' }] }, 'sector')).toEqual(['0001-01-01 R', '2023-06-01 L']);
    expect(await spans({ party: 'L', was: [{ party: 'R' }, { party: 'I' }] }, 'sector')).toEqual([
      '0001-01-01 R',
      '0001-01-02 I',
      '2023-06-01 L',
    ]);
    expect(await spans({ party: 'L', was: [{ party: 'R' }, { party: 'I', until: '2020-05-20' }] }, 'sector')).toEqual([
      '0001-01-01 R',
      '0001-01-02 I',
      '2020-05-20 L',
    ]);
    expect(await spans({ party: 'L', was: [{ party: 'R', until: '2020-05-20' }, { party: 'I' }] }, 'sector')).toEqual([
      '0001-01-01 R',
      '2020-05-20 I',
      '2023-06-01 L',
    ]);
  });

  test('speaks of each attribute for itself', async () => {
    const account = {
      party: 'I',
      chamber: 'S',
      was: [
        { chamber: 'H', until: '2019-01-03' },
        { party: 'D', until: '2022-12-08' },
      ],
    };
    expect(await spans(account, 'level')).toEqual(['0001-01-01 H', '2019-01-03 S']);
    expect(await spans(account, 'sector')).toEqual(['0001-01-01 D', '2022-12-08 I']);
  });

  test('keeps what was before where the value after it is not known', async () => {
    expect(
      await spans(
        {
          party: 'L',
          was: [
            { party: 'R', until: '2018-01-01' },
            { party: 'none', until: '2020-01-01' },
          ],
        },
        'sector',
      ),
    ).toEqual(['0001-01-01 R', '2020-01-01 L']);
  });

  test('whose ends are not in order is a reject', async () => {
    const { rejects } = await read([
      { id: 1, was: [{ party: 'I', until: '2020-05-20' }, { party: 'R', until: '2019-07-07' }] },
      { id: 2, was: [{ party: 'I', until: '2020-05-20' }, { party: 'R' }, { party: 'D', until: '2021-01-01' }] },
      { id: 3, was: [{ party: 'I', until: 'then' }] },
    ], described); // prettier-ignore
    expect(rejects.map(({ field, reason }) => [field, reason])).toEqual([
      ['history', 'A former sector ends on 2019-07-07, and the one before it on 2020-05-20: the oldest comes first.'],
      ['history', 'A former sector between two others has no end, though the one before it has.'],
      ['history.until', '"then" is not a day; write 2011-12-31.'],
    ]);
  });
});

test('a deleted account ends on the day of observation, and its last name and values held before', async () => {
  const described = profile({
    screenName: 'name',
    sector: 'party',
    deleted: 'gone',
    previousNames: 'before',
    history: { column: 'was', values: { sector: 'party' } },
  });
  const { accounts } = await read(
    [
      { id: 1, name: 'C', party: 'L', gone: true, before: ['A', 'B'], was: [{ party: 'R' }] },
      { id: 2, name: 'D', gone: false },
      { id: 3, name: 'E', gone: true },
    ],
    described,
  );
  expect(accounts.filter(({ deleted }) => deleted).map(({ accountId }) => accountId)).toEqual(['1', '3']);
  const historyOf = (id: string) =>
    accountHistory(accounts.filter(({ accountId }) => accountId === id)).map(({ from, to, screen_name, sector }) => [
      from,
      to,
      screen_name,
      sector,
    ]);
  expect(historyOf('1')).toEqual([
    ['0001-01-01', '0001-01-02', 'A', 'R'],
    ['0001-01-02', '0001-01-03', 'B', 'L'],
    ['0001-01-03', '2023-06-01', 'C', 'L'],
  ]);
  expect(historyOf('2')).toEqual([['0001-01-01', null, 'D', 'UNKNOWN']]);
  expect(historyOf('3')).toEqual([['0001-01-01', '2023-06-01', 'E', 'UNKNOWN']]);
});

const entities = [
  { name: 'Pat Doe', type: 'member', chamber: 'senate', state: 'MI', party: 'I', prev_props: [{ chamber: 'house' }, { party: 'D', until: '2022-12-08' }],
    accounts: [{ id: '9007199254740993', screen_name: 'SenDoe', account_type: 'office', prev_names: ['RepDoe'] }, { id: '2', screen_name: 'DoeForSenate', account_type: 'campaign' }] },
  { name: 'Committee on Ways', type: 'committee', chamber: 'joint', accounts: [{ id: '3', screen_name: 'WaysDems', account_type: 'office', party: 'D' }, { id: '4', screen_name: 'Ways', account_type: 'office', party: 'N/A' }] },
  { name: 'Caucus', type: 'caucus', chamber: 'house', party: 'R', accounts: [{ id: '5', screen_name: 'Caucus', account_type: 'office', name: 'The Caucus', deleted: true }] },
]; // prettier-ignore

describe('an example', () => {
  const example = (name: string) => readProfile(projectPath('seeds', 'examples', name));
  test('of the US congress knows state, party, chamber and kind of account, wherever they stand', async () => {
    const { accounts, rejects } = await read(entities, example('congress-accounts.json'));
    expect(rejects).toEqual([]);
    const current = accounts.filter(({ description }) => description);
    expect(current.map(({ accountId, accountType, region, sector, level, description, deleted }) => [accountId, accountType, region, sector, level, description, deleted ?? false])).toEqual([
      ['9007199254740993', 'OFFICIAL', 'US-MI', 'PARTY-I', 'US-SEN', 'Pat Doe', false],
      ['2', 'OTHER', 'US-MI', 'PARTY-I', 'US-SEN', 'Pat Doe', false],
      ['3', 'AGENCY', null, 'PARTY-D', 'US-JOINT', 'Committee on Ways', false],
      ['4', 'AGENCY', null, null, 'US-JOINT', 'Committee on Ways', false],
      ['5', 'ORGANISATION', null, 'PARTY-R', 'US-HOUSE', 'The Caucus', true],
    ]); // prettier-ignore
    const doe = accountHistory(accounts.filter(({ accountId }) => accountId === '9007199254740993'));
    expect(doe.map(({ from, screen_name, sector, level }) => [from, screen_name, sector, level])).toEqual([
      ['0001-01-01', 'RepDoe', 'PARTY-D', 'US-HOUSE'],
      ['2019-01-03', 'RepDoe', 'PARTY-D', 'US-SEN'],
      ['2022-12-08', 'RepDoe', 'PARTY-I', 'US-SEN'],
      ['2023-06-01', 'SenDoe', 'PARTY-I', 'US-SEN'],
    ]);
  });

  test('of the Bundestag passes over members without an account', async () => {
    const rows =
      '"id","name","handle","birthyear","party"\n"1","Uli A","uli_a","1960","CDU/CSU (CSU)"\n"2","Uli B","","1960","SPD"\n"3","Uli C","Angefragt","1960","SPD"\n"4","Uli D","uli_d","1960","fraktionslos (X)"\n';
    const { accounts, rejects } = await read(rows, example('bundestag-accounts.json'));
    expect(rejects).toEqual([]);
    expect(accounts).toMatchObject([
      { accountId: 'uli_a', sector: 'PARTY-DE-CSU', description: 'Uli A' },
      { accountId: 'uli_d', sector: 'PARTY-DE-NONE' },
    ]);
  });

  test('of India takes ids that are whole, and no rounded one', async () => {
    const rows =
      ',id_str,id,screen_name,party,state,center,mp\n0,1402201702464327680,1402201702464327705,a,BJP,TAMIL NADU,0.0,0.0\n1,67611162.0,67611162,b,TO BE ADDED,TO BE ADDED,0.0,0.0\n' +
      '2,121128560.0,121128560.0,c,XYZ,OVERSEAS,,\n3,387747813.0,NULL,d,,,,\n4,1.277100976e+18,1.277100976e+18,e,DMK,GOA,,\n5,,,f,DMK,GOA,,\n';
    const { accounts, rejects } = await read(rows, example('india-accounts.json'));
    expect(accounts.map(({ accountId, sector, region }) => [accountId, sector, region])).toEqual([
      ['1402201702464327705', 'PARTY-IN-BJP', 'IN-TN'],
      ['67611162', null, null],
      ['121128560', 'PARTY-IN-OTHER', '99'],
      ['387747813', null, null],
    ]);
    expect(rejects.map(({ origin, field }) => [origin.line, field])).toEqual([[6, 'id'], [7, 'id']]); // prettier-ignore
  });
});

test.each(DIALECTS)('a registry with its reference rows is taken whole, and again changes nothing, on %s', async (dialect) => {
  const loading = await openLoading(dialect);
  for (const kind of ['regions', 'sectors', 'levels'] as const) {
    const { rows } = readReferenceFile(kind, projectPath('seeds', 'examples', 'reference', `us-${kind}.csv`));
    await writeReference(loading.store, kind, rows, CLOCK.now());
  }
  const load = async () => loading.load(await open(entities, readProfile(projectPath('seeds', 'examples', 'congress-accounts.json'))));
  expect(await load()).toMatchObject({ rowsRead: 5, accepted: 5, rejected: 0 });
  const versions = await loading.store.query(
    "SELECT valid_from, valid_to, screen_name, sector, level, region FROM account_version v JOIN account a ON a.account_key = v.account_key WHERE a.account_id = '9007199254740993' ORDER BY valid_from",
  );
  expect(versions.map((row) => Object.values(row))).toEqual([
    ['0001-01-01', '2019-01-03', 'RepDoe', 'PARTY-D', 'US-HOUSE', 'US-MI'],
    ['2019-01-03', '2022-12-08', 'RepDoe', 'PARTY-D', 'US-SEN', 'US-MI'],
    ['2022-12-08', '2023-06-01', 'RepDoe', 'PARTY-I', 'US-SEN', 'US-MI'],
    ['2023-06-01', null, 'SenDoe', 'PARTY-I', 'US-SEN', 'US-MI'],
  ]);
  const ended = await loading.store.query('SELECT screen_name, valid_to FROM account_version WHERE valid_to = ?', ['2023-06-01']);
  expect(ended).toContainEqual({ screen_name: 'Caucus', valid_to: '2023-06-01' });
  const before = await loading.dump();
  expect(await load()).toMatchObject({ rowsRead: 5, unchanged: 5 });
  expect(await loading.dump()).toEqual(before);
  await loading.close();
});
