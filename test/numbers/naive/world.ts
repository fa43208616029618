import type { Store } from '../../../src/store/store';
import type { TestApp } from '../../app';
import { naivePosts, type NaivePost } from '../../oracle';
import { commentMeasures, naiveComments, type NaiveComment } from '../naiveComments';
import { postMeasures } from '../postMeasures';
import { naiveAccountDays, type NaiveAccountDay } from './accountDays';
import { ACTIVITY_WAYS, RATES } from './activityMeasures';
import type { FactRow, Parents } from './conditions';

/** A cube as loops see it: its rows, and a way from some rows to each measure. */
export interface NaiveCube {
  readonly dimensions: readonly string[];
  readonly rows: readonly FactRow[];
  /** The same rows with what each account is now. */
  readonly current: readonly FactRow[];
  readonly measures: (some: readonly FactRow[], last: string) => (name: string) => number | null;
  readonly rates: typeof RATES;
}

export interface World {
  readonly from: string;
  readonly to: string;
  readonly cubes: Readonly<Record<string, NaiveCube>>;
  readonly parents: Parents;
  readonly regions: readonly { readonly region: string; readonly nbsRegion: string | null; readonly geoRegion: string | null }[];
  readonly indicators: readonly { readonly region: string; readonly indicator: string; readonly year: number; readonly value: number }[];
}

const ACCOUNT = [
  'region', 'prefecture', 'nbsRegion', 'geoRegion', 'sector', 'sectorGroup', 'accountType', 'verifiedType', 'level', 'platform', 'account', 'openedMonth',
] as const; // prettier-ignore

/** Everything that is in the operational store, as tables in memory. */
export async function worldOf({ app }: TestApp): Promise<World> {
  const { store } = app;
  const { snapshot } = await (await app.reader()).open();
  const { from, watermark: to } = snapshot;
  const keys = await store.query<{ account_key: number; platform: string; account_id: string }>(
    'SELECT account_key, platform, account_id FROM account',
  );
  const ids = new Map(keys.map((one) => [one.account_key, `${one.platform}:${one.account_id}`]));
  const withId = <R extends { readonly account: unknown }>(row: R): R & { accountId: string | undefined } => ({ ...row, accountId: ids.get(row.account as number) }); // prettier-ignore
  const regions = await store.query<Record<'code' | 'parent_code' | 'nbs_region' | 'geo_region', string>>('SELECT * FROM region');
  const sectors = await store.query<Record<'code' | 'parent_code', string>>('SELECT * FROM sector');
  const now = await currentAttributes(store, regions, sectors);
  const cube = (dimensions: readonly string[], rows: readonly FactRow[], measures: NaiveCube['measures'], rates = {}): NaiveCube => ({
    dimensions, rows, current: rows.map((row) => ({ ...row, ...now.get(row['account'] as number) })), measures, rates,
  }); // prettier-ignore
  const posts = await naivePosts(store, from, to);
  const comments = await naiveComments(store, to);
  return {
    from,
    to,
    parents: new Map([...regions, ...sectors].map((one) => [one.code, one.parent_code || null])),
    regions: regions.map((one) => ({ region: one.code, nbsRegion: one.nbs_region || null, geoRegion: one.geo_region || null })),
    indicators: (await store.query<Record<string, never>>('SELECT region_code AS region, indicator, year, value FROM indicator')) as never,
    cubes: {
      activity: cube(ACCOUNT, (await naiveAccountDays(store, from, to, posts)).map(withId) as never, activityOf, RATES),
      posts: cube(
        [...ACCOUNT, 'weekday', 'hour', 'contentCategory'],
        posts.map((post) => ({ ...withId(post), characters: [...post.text].length })),
        postsOf,
      ),
      interactions: cube([...ACCOUNT, 'weekday', 'hour'], comments.map(withId) as never, commentsOf),
    },
  };
}

/** What every account was last known to be. */
async function currentAttributes(
  store: Store,
  regions: readonly Record<'code' | 'nbs_region' | 'geo_region', string>[],
  sectors: readonly Record<'code' | 'parent_code', string>[],
): Promise<Map<number, Record<string, string | null>>> {
  const versions = await store.query<Record<string, string> & { account_key: never }>(
    'SELECT * FROM account_version ORDER BY account_key, valid_from',
  );
  return new Map(
    versions.map((one) => {
      const region = regions.find(({ code }) => code === one['region']);
      const sector = sectors.find(({ code }) => code === one['sector']);
      return [
        one.account_key,
        {
          region: one['region']!, prefecture: one['prefecture']!, nbsRegion: region?.nbs_region || null, geoRegion: region?.geo_region || null,
          sector: one['sector']!, sectorGroup: sector?.parent_code || sector?.code || 'UNKNOWN', accountType: one['account_type']!,
          verifiedType: one['verified_type']!, level: one['level']!,
        },
      ]; // prettier-ignore
    }),
  );
}

const activityOf: NaiveCube['measures'] = (some, last) => (name) => ACTIVITY_WAYS[name]!(some as never as readonly NaiveAccountDay[], last);

/** Of no rows nothing is summed, and a part of nothing is none. */
const known = (value: number | null | undefined): number | null =>
  value === null || value === undefined || Number.isNaN(value) ? null : value;
const SUMS: readonly string[] = ['characters', 'slangHits', 'tokens', 'formalBalance'];
const postsOf: NaiveCube['measures'] = (some) => {
  const all = postMeasures(some as never as readonly NaivePost[]);
  return (name) => (some.length === 0 && SUMS.includes(name) ? null : known(all[name]));
};
const commentsOf: NaiveCube['measures'] = (some) => {
  const all = commentMeasures(some as never as readonly NaiveComment[]);
  return (name) => known(all[name]);
};
