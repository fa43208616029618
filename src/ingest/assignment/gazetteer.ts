import { groupBy } from '../../collections';

/** A row of the region table. */
export interface RegionRow {
  readonly code: string;
  readonly parent_code: string | null;
  /** `province`, `prefecture` or `special`. */
  readonly kind: string;
  readonly name_zh: string;
  readonly name_zh_full?: string | null;
}

export type Unit = 'province' | 'prefecture' | 'county';

/** One way to write a place. */
export interface PlaceName {
  readonly name: string;
  /** With the word for its kind (`广州市`); the short form (`广州`) is read with more care. */
  readonly full: boolean;
  readonly unit: Unit;
  readonly region: string;
  readonly prefecture: string | null;
}

/** The names of the region table, ready to be looked up. */
export interface Gazetteer {
  /** Names by their first two characters, the longest first. */
  readonly starting: ReadonlyMap<string, readonly PlaceName[]>;
  /** Codes of provinces and special regions. */
  readonly regions: ReadonlySet<string>;
  readonly provinceNames: ReadonlyMap<string, string>;
  /** For each province, its prefectures by every way to write them. */
  readonly prefectureNames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Province of each prefecture. */
  readonly provinceOf: ReadonlyMap<string, string>;
}

const PEOPLES = '(?:(?:朝鲜|土家|布依|哈尼|傈僳|景颇|苗|羌|藏|彝|侗|壮|傣|白|回)族|蒙古族?|哈萨克|柯尔克孜)+';
const PREFECTURE_KIND = new RegExp(`(?:市|地区|盟|${PEOPLES}自治州)$`, 'u');
/** Rows that gather counties without a prefecture; their names stand in no text. */
const COLLECTIVE = /直辖/u;

export function gazetteerOf(rows: readonly RegionRow[]): Gazetteer {
  const provinces = rows.filter(({ kind }) => kind === 'province');
  const prefectures = rows.filter(({ kind }) => kind === 'prefecture');
  const names = [...provinces.flatMap(namesOfProvince), ...prefectures.flatMap(namesOfPrefecture)];
  const byProvince = groupBy(prefectures.flatMap(namesOfPrefecture), ({ region }) => region);
  // Of two places with one name the province comes first: 吉林, 海南.
  names.sort((a, b) => b.name.length - a.name.length || Number(a.prefecture !== null) - Number(b.prefecture !== null));
  return {
    starting: groupBy(names, ({ name }) => name.slice(0, 2)),
    regions: new Set(rows.filter(({ kind, code }) => kind !== 'prefecture' && code !== 'UNKNOWN').map(({ code }) => code)),
    provinceNames: new Map(provinces.flatMap(namesOfProvince).map(({ name, region }) => [name, region])),
    prefectureNames: new Map(
      [...byProvince].map(([region, all]) => [region, new Map(all.map(({ name, prefecture }) => [name, prefecture!]))]),
    ),
    provinceOf: new Map(prefectures.map(({ code, parent_code }) => [code, parent_code ?? ''])),
  };
}

function namesOfProvince({ code, name_zh: short, name_zh_full }: RegionRow): PlaceName[] {
  const full = name_zh_full ?? short;
  const longer = new Set([full, ...(full.endsWith('自治区') ? [`${short}自治区`] : [])]);
  longer.delete(short);
  return [
    ...[...longer].map((name) => ({ name, full: true, unit: 'province' as const, region: code, prefecture: null })),
    { name: short, full: false, unit: 'province', region: code, prefecture: null },
  ];
}

/**
 * `红河哈尼族彝族自治州` is also called 红河州 and 红河. Prefectures that are cities now were 地区 before (毕节地区). Where the
 * prefecture is no city, a city of its name is one of its counties: 大理市 lies in 大理州.
 */
function namesOfPrefecture({ code, parent_code, name_zh: full }: RegionRow): PlaceName[] {
  const place = { region: parent_code ?? '', prefecture: code };
  if (COLLECTIVE.test(full)) return [{ ...place, name: full, full: true, unit: 'prefecture' }];
  const short = full.replace(PREFECTURE_KIND, '');
  const kind = full.slice(short.length);
  const longer = new Set([
    full,
    ...(kind.endsWith('州') ? [`${short}州`, `${short}自治州`] : []),
    ...(kind === '市' ? [`${short}地区`] : []),
  ]);
  return [
    ...[...longer].map((name) => ({ ...place, name, full: true, unit: 'prefecture' as const })),
    ...(kind === '市' ? [] : [{ ...place, name: `${short}市`, full: true, unit: 'county' as const }]),
    { ...place, name: short, full: false, unit: 'prefecture' },
  ];
}
