import { join } from 'node:path';
import { ACCOUNT_COLUMNS, accountsFile } from '../../src/ingest/formats/accountsFile';
import { readRules } from '../../src/ingest/rules';
import { DIALECTS } from '../stores';
import { CLOCK, contentsOf, folderOf, openLoading } from './loading';

const ZONES = new Map([['weibo', 'Asia/Shanghai'], ['twitter', 'UTC']]); // prettier-ignore
const OBSERVED = Date.parse('2012-01-01T00:00:00Z');
const open = (content: string, observedAt: number | null = null, name = 'registry.csv') =>
  accountsFile(join(folderOf({ [name]: content }), name), ZONES, observedAt);
const read = async (...given: Parameters<typeof open>) => contentsOf(await open(...given));

const FULL = {
  platform: 'weibo', account_id: '9007199254740993', screen_name: '平安甲市', account_type: 'AGENCY', region: '44', prefecture: '440100',
  sector: 'PS-POLICE', level: 'L3', verified: 'true', verified_type: '1', verified_reason: '甲市公安局', opened_on: '2010-08-01',
  valid_from: '2010-09-01', valid_to: '2011-06-01', followers: '1.36亿', following: '7', posts_total: '1,234', observed_at: '2011-12-31 23:59:59', deleted: 'true',
}; // prettier-ignore
const RECORD = {
  kind: 'account', platform: 'weibo', accountId: '9007199254740993', observedAt: Date.parse('2011-12-31T15:59:59Z'), screenName: '平安甲市',
  accountType: 'AGENCY', region: '44', prefecture: '440100', sector: 'PS-POLICE', level: 'L3', verified: true, verifiedType: '1',
  verifiedReason: '甲市公安局', openedOn: '2010-08-01', validFrom: '2010-09-01', validTo: '2011-06-01', followers: 136_000_000, following: 7,
  postsTotal: 1234, approximate: { followers: '1.36亿' }, deleted: true,
}; // prettier-ignore

describe('a registry of accounts', () => {
  test('in the canonical columns is read whole, in whatever order they stand, as CSV and as JSON Lines', async () => {
    expect(Object.keys(FULL)).toEqual([...ACCOUNT_COLUMNS]);
    const columns = [...ACCOUNT_COLUMNS].reverse();
    const cells = columns.map((column) => `"${FULL[column]}"`);
    expect(await read(`\uFEFF${columns.join(',')}\r\n${cells.join(',')}\r\n`)).toEqual({ records: [RECORD], rejects: [] });
    // Numbers and truth as JSON has them, the id beyond what JavaScript can count.
    const line = JSON.stringify({ ...FULL, verified: true, deleted: true, following: 7 }).replace('"9007199254740993"', '9007199254740993');
    expect(await read(`${line}\n`, null, 'registry.jsonl')).toEqual({ records: [RECORD], rejects: [] });
  });

  test('says nothing where a cell is empty or a column is missing', async () => {
    const { records } = await read('platform,account_id,screen_name,observed_at\ntwitter,7,,2011-12-31\n');
    const { approximate: _, deleted: __, ...always } = RECORD;
    const silent = Object.fromEntries(Object.keys(always).map((name) => [name, null]));
    expect(records).toEqual([{ ...silent, kind: 'account', platform: 'twitter', accountId: '7', observedAt: Date.parse('2011-12-31') }]);
  });

  test('was observed when its column says, else when is told, else when the attributes began', async () => {
    const times = async (observedAt: number | null) =>
      (
        await read(
          'platform,account_id,valid_from,observed_at\nweibo,1,2011-05-01,2011-12-31\nweibo,2,2011-05-01,\ntwitter,3,2011-05-01,\n',
          observedAt,
        )
      ).records.map((record) => (record.kind === 'account' ? new Date(record.observedAt).toISOString() : ''));
    expect(await times(OBSERVED)).toEqual(['2011-12-30T16:00:00.000Z', '2012-01-01T00:00:00.000Z', '2012-01-01T00:00:00.000Z']);
    expect(await times(null)).toEqual(['2011-12-30T16:00:00.000Z', '2011-04-30T16:00:00.000Z', '2011-05-01T00:00:00.000Z']);
  });

  test('has a row rejected of which nothing tells when it was so, or whose values cannot be read', async () => {
    const { records, rejects } = await read(
      'platform,account_id,valid_from,observed_at,followers,verified\nweibo,1,,,,\nweibo,2,,2011-12-31,,\nweibo,3,2011-02-29,,,\nweibo,4,,soon,,\nweibo,,,2011-12-31,,\n,6,,2011-12-31,,\nweibo,7,,2011-12-31,many,\nweibo,8,,2011-12-31,,perhaps\n',
    );
    expect(records).toMatchObject([{ accountId: '2' }]);
    expect(rejects.map(({ origin, field, reason }) => [origin.line, field, reason])).toEqual([
      [
        2,
        'observed_at',
        expect.stringMatching(/^Nothing tells when this was so: fill observed_at or valid_from .* or give --observed-at\.$/),
      ],
      [4, 'valid_from', '"2011-02-29" is not a day; write 2011-12-31.'],
      [5, 'observed_at', '"soon" is not a time.'],
      [6, 'account_id', 'The id is empty.'],
      [7, 'platform', 'The id is empty.'],
      [8, 'followers', '"many" is not a count.'],
      [9, 'verified', '"perhaps" is neither true nor false.'],
    ]);
  });

  test.each([';', '\t', '|'])('with %j between the cells is read like one with commas', async (sign) => {
    const line = (values: readonly string[]): string => values.map((value) => (value.includes(sign) ? `"${value}"` : value)).join(sign);
    const { records, rejects } = await read(`${line(Object.keys(FULL))}\r\n${line(Object.values(FULL))}\r\n`);
    expect(rejects).toEqual([]);
    expect(records).toEqual([RECORD]);
  });

  test('without a needed column, or with one that is not of a registry, is refused with what may have been meant', async () => {
    await expect(open('platform,acount_id,observed_at\n')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/registry\.csv has no column "account_id"\. Did you mean "acount_id"\? The columns of an account registry: platform, account_id, /),
    }); // prettier-ignore
    await expect(open('platform,account_id,regoin\n')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(
        /has a column "regoin" that is not one of an account registry\. Did you mean "region"\? Rename or remove it/,
      ),
    });
    await expect(open('platform,account_id,shoe_size\n')).rejects.toThrow(/"shoe_size" that is not one of an account registry\. Rename/);
  });

  test('as JSON Lines has a line rejected that is no JSON, or has a name that is not of a registry', async () => {
    const { records, rejects } = await read(
      '{"platform":"weibo","account_id":1,"regoin":"44"}\n{oops\n"weibo"\n{"platform":"weibo","account_id":2}\n',
      OBSERVED,
      'registry.jsonl',
    );
    expect(records).toMatchObject([{ accountId: '2' }]);
    expect(rejects.map(({ origin, field, reason }) => [origin.line, field, reason])).toEqual([
      [1, 'regoin', 'This is not one of the columns of an account registry. Did you mean "region"?'],
      [2, null, expect.stringContaining('is not JSON')],
      [3, 'platform', 'The id is empty.'],
    ]);
  });
});

test.each(DIALECTS)(
  'rows with valid_from are the history of an account, and the registry again changes nothing, on %s',
  async (dialect) => {
    const loading = await openLoading(dialect);
    const { zones } = await readRules(loading.store, CLOCK.now());
    const folder = folderOf({
      'registry.csv':
        'platform,account_id,screen_name,region,sector,valid_from,valid_to\nweibo,1,平安乙,,,2011-06-01,2011-12-01\nweibo,1,平安甲,44,PS-POLICE,2010-08-01,\nweibo,2,丙,98,,2011-01-01,\nweibo,3,丁,11,,2011-01-01,2011-01-01\n',
    });
    const load = async () => loading.load(await accountsFile(`${folder}/*.csv`, zones, null));
    const summary = await load();
    expect(summary).toMatchObject({ rowsRead: 4, accepted: 1, updated: 1, rejected: 2 });
    expect((await loading.rejects(summary.batch)).map(({ line, field }) => [line, field])).toEqual([[4, 'region'], [5, 'validTo']]); // prettier-ignore
    expect(
      await loading.store.query('SELECT valid_from, valid_to, screen_name, region, sector FROM account_version ORDER BY valid_from'),
    ).toEqual([
      { valid_from: '0001-01-01', valid_to: '2011-06-01', screen_name: '平安甲', region: '44', sector: 'PS-POLICE' },
      { valid_from: '2011-06-01', valid_to: '2011-12-01', screen_name: '平安乙', region: '44', sector: 'PS-POLICE' },
    ]);
    // An account is known from the first day of its attributes on, not only from the day of the registry.
    expect(await loading.store.query('SELECT first_observed_on, last_observed_on FROM account')).toEqual([
      { first_observed_on: '2010-08-01', last_observed_on: '2011-06-01' },
    ]);
    const before = await loading.dump();
    expect(await load()).toMatchObject({ unchanged: 2, rejected: 2 });
    expect(await loading.dump()).toEqual(before);
    await loading.close();
  },
);
