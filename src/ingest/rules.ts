import type { Store } from '../store/store';
import type { Rules } from './judge';

/** Reads the reference codes that records are judged against. */
export async function readRules(store: Store, now: Date): Promise<Rules> {
  const codes = async (sql: string): Promise<Set<string>> => new Set((await store.query<{ code: string }>(sql)).map(({ code }) => code));
  const platforms = await store.query<{ code: string; time_zone: string }>('SELECT code, time_zone FROM platform');
  const verification = await store.query<{ code: string; account_type: string }>('SELECT code, account_type FROM verified_type');
  const regions = await store.query<{ code: string; parent_code: string | null; kind: string; name_zh: string }>(
    'SELECT code, parent_code, kind, name_zh FROM region ORDER BY code',
  );
  const provinces = regions.filter(({ kind }) => kind !== 'prefecture');
  return {
    zones: new Map(platforms.map(({ code, time_zone }) => [code, time_zone])),
    codes: {
      region: await codes("SELECT code FROM region WHERE kind <> 'prefecture'"),
      prefecture: await codes("SELECT code FROM region WHERE kind = 'prefecture' OR code = 'UNKNOWN'"),
      sector: await codes('SELECT code FROM sector'),
      level: await codes('SELECT code FROM admin_level'),
      accountType: await codes('SELECT code FROM account_type WHERE parent_code IS NULL'),
    },
    now: now.getTime(),
    typeOfVerification: new Map(verification.map(({ code, account_type }) => [code, account_type])),
    provinces: new Map(provinces.map(({ name_zh, code }) => [name_zh, code])),
    prefectures: new Map(
      provinces.map(({ code }) => [
        code,
        regions.filter(({ parent_code }) => parent_code === code).map(({ code: below, name_zh }) => ({ code: below, name: name_zh })),
      ]),
    ),
  };
}
