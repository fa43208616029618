import { groupBy } from '../../src/collections';
import { DIALECTS_ABOVE } from '../stores';
import { count, tableOf, textOf, truthOf, withData, withRealSet, type RealSet } from './realSet';

// Registries of accounts from the real file to the answer over HTTP.

const OBSERVED = '2024-01-01';

interface RawAccount {
  readonly id: string;
  readonly screen_name: string;
  readonly account_type: string;
  readonly party?: string;
  readonly chamber?: string;
  readonly deleted?: boolean;
  readonly prev_names?: readonly (string | Readonly<Record<string, string>>)[];
}
interface Entity {
  readonly type: string;
  readonly state?: string;
  readonly party?: string;
  readonly chamber: string;
  readonly accounts: readonly RawAccount[];
}
interface Registry {
  readonly accounts: number;
  readonly deleted_accounts: number;
  readonly prev_names_entries: number;
  readonly by_type_and_account_type: Readonly<Record<string, number>>;
}

interface Attributes {
  readonly screenName: string;
  readonly level: string;
  readonly region: { readonly code: string };
  readonly sector: { readonly code: string; readonly group: { readonly code: string } | null };
}
interface Account extends Attributes {
  readonly id: string;
  readonly accountType: string;
  readonly history: readonly (Attributes & { readonly validFrom: string | null; readonly validTo: string | null })[];
}

/** All accounts of the registry, page by page. */
async function registryOf({ ask }: RealSet): Promise<Account[]> {
  const attributes = 'screenName level region { code } sector { code group { code } }';
  const all: Account[] = [];
  for (let after = ''; ;) {
    const { accounts } = await ask<{
      accounts: { edges: { node: Account }[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }>(
      `{ accounts(first: 1000, after: ${after === '' ? 'null' : `"${after}"`}) { totalCount pageInfo { hasNextPage endCursor }
         edges { node { id accountType ${attributes} history { validFrom validTo ${attributes} } } } } }`,
    );
    all.push(...accounts.edges.map(({ node }) => node));
    if (!accounts.pageInfo.hasNextPage) {
      expect(all).toHaveLength(accounts.totalCount);
      return all;
    }
    after = accounts.pageInfo.endCursor;
  }
}

const CHAMBERS: Readonly<Record<string, string>> = { house: 'US_HOUSE', senate: 'US_SEN', joint: 'US_JOINT' };
const known = (prefix: string, code: string | undefined): string => (code === undefined || code === 'N/A' ? 'UNKNOWN' : `${prefix}${code}`);
const nameOf = (entry: string | Readonly<Record<string, string>>): string => (typeof entry === 'string' ? entry : Object.values(entry)[0]!);
/** A list without what repeats the one before. */
const changes = (list: readonly string[]): string[] => list.filter((one, index) => one !== list[index - 1]);

/** The accounts of a file of the congress, as a person reads them. */
const congress = (file: string) =>
  (JSON.parse(textOf(`us_registry/raw/${file}`)) as Entity[]).flatMap((entity) =>
    entity.accounts.map((account) => ({
      id: `twitter:${account.id}`,
      screenName: account.screen_name,
      kind: `${entity.type}/${account.account_type}`,
      region: known('US-', entity.state),
      sector: known('PARTY-', account.party ?? entity.party),
      level: CHAMBERS[account.chamber ?? entity.chamber]!,
      names: changes([...(account.prev_names ?? []).map(nameOf), account.screen_name]),
      closed: account.deleted === true,
    })),
  );

describe.each(DIALECTS_ABOVE)('registries over HTTP, on %s (needs ../shared/data)', (dialect) => {
  withData('us_registry')('the US congress: 1,800 accounts with the names, parties and chambers they had', () =>
    withRealSet(dialect, async (set) => {
      await set.reference('us-regions', 'us-sectors', 'us-levels');
      const file = 'us_registry/raw/alexlitel_historical-users.json';
      const load = () => set.load('accounts', file, { profile: 'congress-accounts.json', observedOn: OBSERVED });
      expect(await load()).toEqual([1800, 1800, 0, 0, 0]);
      expect(await load()).toEqual([1800, 0, 0, 1800, 0]);
      await set.night();
      const truth = truthOf<Record<string, Registry>>('us_registry')['historical-users']!;
      const expected = congress('alexlitel_historical-users.json');
      expect([expected.length, truth.accounts]).toEqual([1800, 1800]);

      const all = await registryOf(set);
      const byId = new Map(all.map((account) => [account.id, account]));
      expect(byId.size).toBe(1800);
      for (const { id, screenName, region, sector, level, names, closed } of expected) {
        const account = byId.get(id)!;
        expect([id, account.screenName, account.region.code, account.sector.code, account.level]).toEqual([
          id,
          screenName,
          region,
          sector,
          level,
        ]);
        expect([id, ...changes(account.history.map((version) => version.screenName))]).toEqual([id, ...names]);
        expect([id, account.history.at(-1)!.validTo]).toEqual([id, closed ? OBSERVED : null]);
      }
      expect(all.filter(({ history }) => history.at(-1)!.validTo !== null)).toHaveLength(18);
      // Three of the 168 former names are the name next to them.
      expect(truth.prev_names_entries).toBe(168);
      expect(all.flatMap(({ history }) => changes(history.map((version) => version.screenName)).slice(1))).toHaveLength(165);

      // The kinds of accounts, as the totals of the registry.
      const kind = truth.by_type_and_account_type;
      const total = async (where: string): Promise<number> =>
        (await set.ask<{ accounts: { totalCount: number } }>(`{ accounts(where: { ${where} }) { totalCount } }`)).accounts.totalCount;
      expect(await total('accountType: { eq: OFFICIAL }')).toBe(kind['member/office']);
      expect(await total('accountType: { eq: AGENCY }')).toBe(kind['committee/office']);
      expect(await total('accountType: { eq: ORGANISATION }')).toBe(kind['caucus/office']! + kind['party/office']!);
      expect(await total('accountType: { eq: OTHER }')).toBe(kind['member/campaign']! + kind['caucus/campaign']! + kind['party/campaign']!);
      expect(await total('level: { eq: US_SEN }')).toBe(expected.filter(({ level }) => level === 'US_SEN').length);
      expect(await total('region: { eq: "US-CA" }')).toBe(expected.filter(({ region }) => region === 'US-CA').length);
      expect(await total('sectorGroup: { eq: "PARTY-US" }')).toBe(expected.filter(({ sector }) => sector !== 'UNKNOWN').length);

      // By state, party and chamber on the day of the registry: those that were closed by then are not there.
      const open = expected.filter(({ closed }) => !closed);
      const cells = await set.rows('activity', [OBSERVED, OBSERVED], 'region sector level accounts');
      expect(Object.fromEntries(cells.map(([region, sector, level, accounts]) => [[region, sector, level].join(), accounts]))).toEqual(
        count(open.map(({ region, sector, level }) => [region, sector, level].join())),
      );
      expect(await set.rows('activity', [OBSERVED, OBSERVED], 'accounts')).toEqual([[1782]]);

      // Amash leaves the Republicans on 4 July 2019, as the registry dates it on the 7th, and joins the Libertarians in May 2020.
      const versionOn = (id: string, day: string) =>
        byId
          .get(`twitter:${id}`)!
          .history.find(({ validFrom, validTo }) => (validFrom ?? '') <= day && (validTo === null || day < validTo))!;
      expect(['2019-07-06', '2019-07-07', '2020-05-19', '2020-05-20'].map((day) => versionOn('233842454', day).sector.code)).toEqual(['PARTY-R', 'PARTY-I', 'PARTY-I', 'PARTY-L']); // prettier-ignore
      const amash = await set.rows(
        'activity',
        ['2020-05-18', '2020-05-21'],
        'day sector accounts',
        ', where: { account: { eq: "twitter:233842454" } }',
      );
      expect(amash).toEqual([['2020-05-18', 'PARTY-I', 1], ['2020-05-19', 'PARTY-I', 1], ['2020-05-20', 'PARTY-L', 1], ['2020-05-21', 'PARTY-L', 1]]); // prettier-ignore
      // Sinema enters the Senate in January 2019 and leaves the Democrats in December 2022; Budd enters in January 2023.
      expect(['2019-01-02', '2019-01-03', '2022-12-07', '2022-12-08'].map((day) => [versionOn('1080844782', day).level, versionOn('1080844782', day).sector.code])).toEqual([['US_HOUSE', 'PARTY-D'], ['US_SEN', 'PARTY-D'], ['US_SEN', 'PARTY-D'], ['US_SEN', 'PARTY-I']]); // prettier-ignore
      expect(['2023-01-08', '2023-01-09'].map((day) => versionOn('817138492614524928', day).level)).toEqual(['US_HOUSE', 'US_SEN']);
      const sinema = await set.rows(
        'activity',
        ['2022-12-07', '2022-12-08'],
        'day level sector accounts',
        ', where: { account: { eq: "twitter:1080844782" } }',
      );
      expect(sinema).toEqual([['2022-12-07', 'US_SEN', 'PARTY-D', 1], ['2022-12-08', 'US_SEN', 'PARTY-I', 1]]); // prettier-ignore
    }),
  );

  withData('us_registry')('the US congress of the day: 1,256 accounts', () =>
    withRealSet(dialect, async (set) => {
      await set.reference('us-regions', 'us-sectors', 'us-levels');
      const options = { profile: 'congress-accounts.json', observedOn: OBSERVED };
      expect(await set.load('accounts', 'us_registry/raw/alexlitel_users.json', options)).toEqual([1256, 1256, 0, 0, 0]);
      await set.night();
      const expected = congress('alexlitel_users.json');
      expect(truthOf<Record<string, Registry>>('us_registry')['users']!.accounts).toBe(1256);
      const cells = await set.rows('activity', [OBSERVED, OBSERVED], 'region sector accounts');
      expect(Object.fromEntries(cells.map(([region, sector, accounts]) => [[region, sector].join(), accounts]))).toEqual(
        count(expected.map(({ region, sector }) => [region, sector].join())),
      );
    }),
  );

  withData('us_registry')('the Bundestag: 609 members by party', () =>
    withRealSet(dialect, async (set) => {
      await set.reference('de-sectors');
      const options = { profile: 'bundestag-accounts.json', observedOn: OBSERVED };
      // One handle stands there twice, beside members of two parties: of what is said of one moment, the last in the order of texts counts.
      expect(await set.load('accounts', 'us_registry/raw/bundestag_mdb_handles.csv', options)).toEqual([610, 609, 1, 0, 0]);
      await set.night();
      const codes: Readonly<Record<string, string>> = { SPD: 'SPD', FDP: 'FDP', Grüne: 'GRUENE', Linke: 'LINKE', AfD: 'AFD', 'CDU/CSU (CDU)': 'CDU', 'CDU/CSU (CSU)': 'CSU' }; // prettier-ignore
      const table = tableOf('us_registry/raw/bundestag_mdb_handles.csv');
      expect(count(table.map(({ party }) => party))).toEqual(
        truthOf<{ bundestag: { by_party: object } }>('us_registry').bundestag.by_party,
      );
      const members = new Map(table.filter(({ handle }) => handle !== '' && handle !== 'Angefragt').map((row) => [row['handle'], row]));
      const parties = await set.rows('activity', [OBSERVED, OBSERVED], 'sector accounts');
      expect(Object.fromEntries(parties)).toEqual(count([...members.values()].map(({ party }) => `PARTY-DE-${codes[party!] ?? 'NONE'}`)));
    }),
  );

  withData('us_registry')('India: 60,294 of 60,647 accounts by state and party; 353 ids were broken by a spreadsheet', () =>
    withRealSet(dialect, async (set) => {
      await set.reference('in-regions', 'in-sectors');
      const options = { profile: 'india-accounts.json', observedOn: OBSERVED };
      expect(await set.load('accounts', 'us_registry/raw/casmlab_india_current.csv', options)).toEqual([60_647, 60_102, 96, 96, 353]);
      await set.night();
      const table = tableOf('us_registry/raw/casmlab_india_current.csv');
      expect(table).toHaveLength(60_647);
      const idOf = ({ id, id_str: text }: Record<string, string>): string | undefined =>
        /^\d+$/.exec(id!)?.[0] ?? /^(\d{1,15})\.0$/.exec(id!)?.[1] ?? /^(\d{1,15})\.0$/.exec(text!)?.[1];
      const whole = table.filter((row) => idOf(row) !== undefined);
      expect(whole).toHaveLength(60_294);
      // 192 accounts stand there twice, one of the rows without a party or a state: what is known counts.
      const accounts = [...groupBy(whole, idOf).values()];
      const known = (column: string): string[] => accounts.map((all) => all.map((row) => row[column]!).find((value) => !NOT_KNOWN.includes(value)) ?? ''); // prettier-ignore

      const parties = await set.rows('activity', [OBSERVED, OBSERVED], 'sector accounts');
      expect(Object.fromEntries(parties)).toEqual(count(known('party').map((party) => (party === '' ? 'UNKNOWN' : `PARTY-IN-${CODES[party] ?? 'OTHER'}`)))); // prettier-ignore
      expect(Object.fromEntries(parties)).toMatchObject({ 'PARTY-IN-BJP': 12_661, 'PARTY-IN-INC': 11_486 });
      const { activity } = await set.ask<{ activity: { rows: { region: { name: string }; accounts: number }[] } }>(
        `{ activity(period: { from: "${OBSERVED}", to: "${OBSERVED}" }) { rows { region { name } accounts } } }`,
      );
      expect(Object.fromEntries(activity.rows.map(({ region, accounts: some }) => [region.name.toUpperCase(), some]))).toEqual(
        count(known('state').map((state) => state || 'UNKNOWN')),
      );
    }),
  );
});

/** What stands in the columns of the Indian registry beside parties and states. */
const NOT_KNOWN: readonly string[] = ['', 'TO BE ADDED', 'GOV', 'Kerala Influencers', 'MensRightsActivist'];
const CODES: Readonly<Record<string, string>> = {
  BJP: 'BJP', INC: 'INC', DMK: 'DMK', AAP: 'AAP', NCP: 'NCP', AIADMK: 'AIADMK', SP: 'SP', AITC: 'AITC', TRS: 'TRS', BJD: 'BJD', 'SHIV SENA': 'SHS',
  TDP: 'TDP', CPIM: 'CPIM', YSRCP: 'YSRCP', BSP: 'BSP',
}; // prettier-ignore
