import type { Gazetteer, PlaceName, Unit } from './gazetteer';
import { FOLLOWS_AFTER_OPENING, FOLLOWS_SHORT_NAME, ORGAN_FOLLOWS } from './organs';

/** A place that a text names. */
export interface Place {
  /** Null for a city of county rank that the table does not have: its name tells the level and nothing else. */
  readonly region: string | null;
  readonly prefecture: string | null;
  /** The lowest unit that was recognised. */
  readonly unit: Unit;
  /** Whether the organ is one of this very unit, not of a part of it that has no name here. */
  readonly direct: boolean;
}

/** Where a location puts an account. */
export interface Seat {
  readonly region: string;
  readonly prefecture: string | null;
  readonly from: 'text' | 'code';
}

/** Short names that are better known as districts of other cities: read only where the location agrees. */
const OFTEN_ELSEWHERE = new Set(['朝阳']);
/** What stands before the place in the name of an organ. */
const BEFORE_PLACE =
  /^(?:现任|现为|挂职|任|中共|政协|中国共产党|中国共产主义青年团|共青团|中华人民共和国|国家税务总局|国家统计局|中国人民银行|中国红十字会|中国气象局|中国地震局)/u;
/** What names of accounts begin with: 平安北京, 微博云南. */
const OPENING =
  /^(?:平安|微博|文明|健康|青春|活力|魅力|廉洁|廉政|清风|绿色|畅游|投资|法治|阳光|美丽|智慧|信用|数字|消防|交警|警方|公安|气象|中国|爱|最|微)/u;
/** A city that is in no list of prefectures is one of county rank: 昆山市, 都江堰市. */
const OTHER_CITY = /^(?!中国|全国|智慧|数字|现代|国家|新型)[^\P{Script=Han}局厅委院部会府办处队站所区县旗省州盟]{2,4}?市(?![场民长级区])/u;
const CLAUSES = /[，,、；;。：:（()）|\s]+/u;
const MOST_CLAUSES = 4;

/**
 * The place that a verification text names: at the beginning of one of its first clauses.
 * `near` is the region that the location tells; it decides between places of one name.
 */
export function placeInText(text: string, gazetteer: Gazetteer, near: string | null): Place | null {
  for (const clause of text.split(CLAUSES, MOST_CLAUSES)) {
    const place = placeAt(clause.replace(BEFORE_PLACE, ''), gazetteer, near, FOLLOWS_SHORT_NAME);
    if (place !== null) return place;
  }
  return null;
}

/** The place that a screen name begins with, after a word such as `平安` or without one. */
export function placeInName(name: string, gazetteer: Gazetteer, near: string | null): Place | null {
  const place = placeAt(name, gazetteer, near, FOLLOWS_SHORT_NAME);
  if (place !== null) return place;
  const rest = name.replace(OPENING, '');
  return rest === name
    ? null
    : (placeAt(rest, gazetteer, near, FOLLOWS_SHORT_NAME) ?? placeAt(rest, gazetteer, near, FOLLOWS_AFTER_OPENING));
}

function placeAt(text: string, gazetteer: Gazetteer, near: string | null, follows: RegExp): Place | null {
  const found = nameAt(text, gazetteer, near, follows);
  if (found === null) return isOtherCity(text, gazetteer) ? { region: null, prefecture: null, unit: 'county', direct: true } : null;
  const rest = text.slice(found.name.length);
  const within = found.unit === 'province' ? prefectureAt(rest, gazetteer, found.region, follows) : null;
  const { name, full, unit, region, prefecture } = within ?? found;
  const after = within ? rest.slice(name.length) : rest;
  if (isOtherCity(after, gazetteer)) return { region, prefecture, unit: 'county', direct: true };
  return { region, prefecture, unit, direct: full || ORGAN_FOLLOWS.test(after) };
}

/** 政协大连市 is no city: it has the full name of another place inside. */
function isOtherCity(text: string, { starting }: Gazetteer): boolean {
  const [city] = OTHER_CITY.exec(text) ?? [];
  if (city === undefined) return false;
  for (let at = 1; at < city.length - 1; at++)
    if (starting.get(city.slice(at, at + 2))?.some(({ full, name }) => full && city.startsWith(name, at))) return false;
  return true;
}

function nameAt(text: string, gazetteer: Gazetteer, near: string | null, follows: RegExp): PlaceName | null {
  const fitting = (gazetteer.starting.get(text.slice(0, 2)) ?? []).filter((one) => {
    if (!text.startsWith(one.name)) return false;
    if (one.full) return true;
    const rest = text.slice(one.name.length);
    if (one.prefecture === null) return follows.test(rest) || prefectureAt(rest, gazetteer, one.region, follows) !== null;
    return follows.test(rest) && (!OFTEN_ELSEWHERE.has(one.name) || near === one.region);
  });
  const [first, second] = fitting;
  // 海南 is the province, but a prefecture for whoever sits in Qinghai.
  const namesake = second !== undefined && second.name === first!.name && near === second.region && near !== first!.region;
  return (namesake ? second : first) ?? null;
}

const prefectureAt = (text: string, gazetteer: Gazetteer, region: string, follows: RegExp): PlaceName | null =>
  (gazetteer.starting.get(text.slice(0, 2)) ?? []).find(
    (one) =>
      one.prefecture !== null &&
      one.region === region &&
      text.startsWith(one.name) &&
      (one.full || follows.test(text.slice(one.name.length))),
  ) ?? null;

const OVERSEAS = '99';
const CODES = /^(\d{1,3})(?:[\s,;/|]{1,3}(\d{1,4}))?$/u;

/** Reads a location: `广东 广州`, `北京 海淀区`, `贵州 黔南`, `海外 美国`, or Weibo's codes of province and city. Null where it tells nothing. */
export function seatOf(location: string, gazetteer: Gazetteer): Seat | null {
  const text = location.trim();
  const codes = CODES.exec(text);
  if (codes) return seatOfCodes(codes[1]!, codes[2], gazetteer);
  const [first = '', second = ''] = text.replace(/^中国\s+/u, '').split(/[\s·,，]+/u, 2);
  if (first === '海外') return { region: OVERSEAS, prefecture: null, from: 'text' };
  const region = gazetteer.provinceNames.get(first);
  if (region !== undefined) return { region, prefecture: gazetteer.prefectureNames.get(region)?.get(second) ?? null, from: 'text' };
  const place = placeAt(first, gazetteer, null, FOLLOWS_SHORT_NAME);
  return place?.region ? { region: place.region, prefecture: place.prefecture, from: 'text' } : null;
}

/** Weibo counts cities within a province as the national code does: 44 1 is 440100. */
function seatOfCodes(province: string, city: string | undefined, gazetteer: Gazetteer): Seat | null {
  if (province === '400') return { region: OVERSEAS, prefecture: null, from: 'code' };
  if (province.length !== 2 || province === '00' || !gazetteer.regions.has(province)) return null;
  const prefecture = `${province}${(city ?? '').padStart(2, '0')}00`;
  return { region: province, prefecture: gazetteer.provinceOf.has(prefecture) ? prefecture : null, from: 'code' };
}
