import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProfile } from '../../src/ingest/formats/profile';
import { profiledAccounts } from '../../src/ingest/formats/profiledAccounts';
import { profiledPosts } from '../../src/ingest/formats/profiledPosts';
import { readReferenceFile, writeReference } from '../../src/ingest/referenceFile';
import type { AccountRecord, PostRecord } from '../../src/ingest/records';
import { groupBy } from '../../src/collections';
import { localTime } from '../../src/model/time';
import { projectPath } from '../../src/paths';
import { accountHistory, accountsIn } from './accounts';
import { DIALECTS } from '../stores';
import { CLOCK, contentsOf, openLoading } from './loading';

// Against figures that were counted from the raw files by other means. The files are not part of the project.
const DATA = projectPath('..', 'shared', 'data');
const OBSERVED = Date.parse('2024-01-01T00:00:00Z');
const where = (folder: string) => (existsSync(join(DATA, folder)) ? test : test.skip);
const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(DATA, ...path), 'utf8')) as T;
const example = (name: string) => readProfile(projectPath('seeds', 'examples', name));
const codesOf = (kind: 'regions' | 'sectors' | 'levels', file: string): Set<unknown> =>
  new Set(readReferenceFile(kind, projectPath('seeds', 'examples', 'reference', file)).rows.map(({ code }) => code));

const count = (values: Iterable<unknown>): Record<string, number> =>
  Object.fromEntries([...groupBy(values, String)].map(([value, all]): [string, number] => [value, all.length]).sort());

where('weibo_crawlers')('8,632 rows of CCTV News are 7,951 posts (needs ../shared/data)', async () => {
  interface Truth {
    readonly data_rows: number;
    readonly distinct_urls: number;
    readonly likes_sum_distinct_last: number;
    readonly reposts_sum_distinct_last: number;
    readonly comments_sum_distinct_last: number;
  }
  const truth = json<{ cctv_2020: Truth }>('weibo_crawlers', 'truth.json').cctv_2020;
  const pattern = join(DATA, 'weibo_crawlers', 'raw_webscraper_cctv_2020', 'dataset', 'sina_cctv_raw_data', '*.csv');
  const { records, rejects } = await contentsOf(await profiledPosts(pattern, example('cctv-webscraper.json'), OBSERVED, CLOCK));
  expect(rejects).toEqual([]);
  expect(records).toHaveLength(truth.data_rows);
  const posts = [...new Map((records as PostRecord[]).map((post) => [post.postId, post])).values()];
  expect(posts).toHaveLength(truth.distinct_urls);
  const months = count(posts.map(({ postedAt }) => localTime(postedAt, 'Asia/Shanghai').day.slice(0, 7)));
  expect(months).toEqual({ '2020-01': 1640, '2020-02': 1793, '2020-03': 1870, '2020-04': 1386, '2020-05': 1262 });
  const sum = (name: 'likes' | 'reposts' | 'comments') => posts.reduce((total, post) => total + post[name]!, 0);
  expect([sum('likes'), sum('reposts'), sum('comments')]).toEqual([truth.likes_sum_distinct_last, truth.reposts_sum_distinct_last, truth.comments_sum_distinct_last]); // prettier-ignore
  expect(new Set(posts.map(({ accountId }) => accountId))).toEqual(new Set(['2656274875']));
  expect((records as PostRecord[]).filter(({ original }) => !original)).toHaveLength(140);
  // The number of a Weibo post grows with time: a second way to the order in which they were written.
  const ordered = [...posts].sort((a, b) => (BigInt(a.postId) < BigInt(b.postId) ? -1 : 1));
  const late = ordered.filter((post, index) => index > 0 && post.postedAt < ordered[index - 1]!.postedAt - 60_000);
  expect(late.length).toBeLessThan(posts.length / 100);
});

interface Entity {
  readonly type: string;
  readonly state?: string;
  readonly party?: string;
  readonly chamber: string;
  readonly accounts: readonly {
    readonly id: string;
    readonly screen_name: string;
    readonly party?: string;
    readonly deleted?: boolean;
    readonly prev_names?: readonly (string | object)[];
  }[];
}

where('us_registry')('905 entities of the US congress are 1,800 accounts with their history (needs ../shared/data)', async () => {
  const file = join(DATA, 'us_registry', 'raw', 'alexlitel_historical-users.json');
  const { accounts: all, rejects } = await accountsIn(await profiledAccounts(file, example('congress-accounts.json'), OBSERVED));
  expect(rejects).toEqual([]);
  const byAccount = groupBy(all, ({ accountId }) => accountId);
  const current = [...byAccount.values()].map(([first]) => first!);
  expect([current.length, current.filter(({ deleted }) => deleted).length]).toEqual([1800, 18]);
  const previous = all.filter(({ screenName, validFrom }) => screenName && validFrom?.startsWith('0001')).length;
  const deletedWithNames = current.filter(
    ({ accountId, deleted }) => deleted && byAccount.get(accountId)!.some(({ screenName, validFrom }) => screenName && validFrom),
  ).length;
  expect(previous - deletedWithNames).toBe(168);

  const entities = JSON.parse(readFileSync(file, 'utf8')) as Entity[];
  expect(entities).toHaveLength(905);
  const codes = {
    region: codesOf('regions', 'us-regions.csv'),
    sector: codesOf('sectors', 'us-sectors.csv'),
    level: codesOf('levels', 'us-levels.csv'),
  };
  for (const name of ['region', 'sector', 'level'] as const)
    expect(all.filter((record) => record[name] && !codes[name].has(record[name])).map((record) => record[name])).toEqual([]);

  // Every account by a second way: straight from the JSON.
  const chambers: Record<string, string> = { house: 'US-HOUSE', senate: 'US-SEN', joint: 'US-JOINT' };
  const expected = entities.flatMap((entity) =>
    entity.accounts.map((account) => {
      const party = account.party ?? entity.party;
      return [
        account.id,
        account.screen_name,
        entity.state ? `US-${entity.state}` : null,
        party && party !== 'N/A' ? `PARTY-${party}` : null,
      ];
    }),
  );
  expect(current.map(({ accountId, screenName, region, sector }) => [accountId, screenName, region, sector])).toEqual(expected);
  expect(count(current.map(({ level }) => level))).toEqual(
    count(
      entities.flatMap(({ chamber, accounts }) =>
        accounts.map((account) => chambers[(account as { chamber?: string }).chamber ?? chamber]),
      ),
    ),
  );
  expect(count(current.map(({ accountType }) => accountType))).toEqual({ AGENCY: 74, OFFICIAL: 828, ORGANISATION: 46, OTHER: 852 });

  const names = entities.flatMap(({ accounts }) =>
    accounts.map(({ screen_name: now, prev_names: before = [] }) => [
      ...before.map((one) => (typeof one === 'string' ? one : (Object.values(one)[0] as string))),
      now,
    ]),
  );
  const changes = (list: readonly unknown[]): unknown[] => list.filter((one, index) => one !== list[index - 1]);
  expect([...byAccount.values()].map((records) => changes(accountHistory(records).map(({ screen_name: name }) => name)))).toEqual(
    names.map(changes),
  );
  const ended = [...byAccount.values()].map((records) => accountHistory(records).at(-1)!.to).filter((to) => to !== null);
  expect(ended).toEqual(Array(18).fill('2024-01-01'));

  const on = (id: string, day: string) =>
    accountHistory(byAccount.get(id)!).find(({ from, to }) => from <= day && (to === null || day < to))!;
  const amash = ['2019-07-06', '2019-07-07', '2020-05-19', '2020-05-20', '2023-01-01'].map((day) => on('233842454', day).sector);
  expect(amash).toEqual(['PARTY-R', 'PARTY-I', 'PARTY-I', 'PARTY-L', 'PARTY-L']);
  const sinema = ['2018-12-31', '2019-01-03', '2022-12-07', '2022-12-08'].map((day) => [
    on('1080844782', day).level,
    on('1080844782', day).sector,
  ]);
  expect(sinema).toEqual([['US-HOUSE', 'PARTY-D'], ['US-SEN', 'PARTY-D'], ['US-SEN', 'PARTY-D'], ['US-SEN', 'PARTY-I']]); // prettier-ignore
  expect(on('1080844782', '2018-12-31').region).toBe('US-AZ');
});

describe.each(DIALECTS)('the store, on %s', (dialect) => {
  where('us_registry')('takes 1,800 accounts of the congress without a reject, and again unchanged (needs ../shared/data)', async () => {
    const loading = await openLoading(dialect);
    for (const kind of ['regions', 'sectors', 'levels'] as const) {
      const { rows } = readReferenceFile(kind, projectPath('seeds', 'examples', 'reference', `us-${kind}.csv`));
      await writeReference(loading.store, kind, rows, CLOCK.now());
    }
    const file = join(DATA, 'us_registry', 'raw', 'alexlitel_historical-users.json');
    const load = async () => loading.load(await profiledAccounts(file, example('congress-accounts.json'), OBSERVED));
    expect(await load()).toMatchObject({ rowsRead: 1800, accepted: 1800, rejected: 0 });
    const [ended] = await loading.store.query('SELECT COUNT(*) AS n FROM account_version WHERE valid_to = ?', ['2024-01-01']);
    const [renamed] = await loading.store.query('SELECT COUNT(*) AS n FROM account_version WHERE valid_from = ? AND valid_to IS NULL', [
      '2024-01-01',
    ]);
    // 18 deleted accounts end that day. Of 147 with previous names, 2 bear the last of them again; of 145 a version begins.
    expect([Number(ended!['n']) - Number(renamed!['n']), Number(renamed!['n'])]).toEqual([18, 145]);
    expect(await load()).toMatchObject({ rowsRead: 1800, unchanged: 1800 });
    await loading.close();
  });
});

where('us_registry')('the members of the Bundestag with an account are read (needs ../shared/data)', async () => {
  const file = join(DATA, 'us_registry', 'raw', 'bundestag_mdb_handles.csv');
  const { accounts, rejects } = await accountsIn(await profiledAccounts(file, example('bundestag-accounts.json'), OBSERVED));
  expect(rejects).toEqual([]);
  expect([accounts.length, new Set(accounts.map(({ accountId }) => accountId)).size]).toEqual([736 - 115 - 11, 736 - 115 - 11 - 1]);
  const codes = codesOf('sectors', 'de-sectors.csv');
  expect(accounts.every(({ sector }) => codes.has(sector))).toBe(true);
});

where('us_registry')('60,294 of 60,647 Indian accounts have an id that is whole (needs ../shared/data)', async () => {
  const file = join(DATA, 'us_registry', 'raw', 'casmlab_india_current.csv');
  const reading = await profiledAccounts(file, example('india-accounts.json'), OBSERVED);
  const { accounts, rejects } = await accountsIn(reading);
  expect([accounts.length, rejects.length]).toEqual([60_294, 353]);
  expect(new Set(rejects.map(({ field }) => field))).toEqual(new Set(['id']));
  expect(rejects.filter(({ raw }) => !/\d\.\d+e\+17|\d\.\d+e\+18|anuwin_18/.test(raw))).toEqual([]);
  const codes = { region: codesOf('regions', 'in-regions.csv').add('99'), sector: codesOf('sectors', 'in-sectors.csv') };
  const unknown = (record: AccountRecord) =>
    (record.region && !codes.region.has(record.region)) || (record.sector && !codes.sector.has(record.sector));
  expect(accounts.filter(unknown)).toEqual([]);
});
