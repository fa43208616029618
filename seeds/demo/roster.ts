import { addDays, type Day, daysBetween } from '../../src/model/time';
import type { Attributes, DemoAccount, Draft } from './account';
import { formerAttributes } from './changes';
import { DEMO_PERIOD } from './constants';
import { followersByRank } from './followers';
import { LEADING, leadingFigures } from './leading';
import { Names, seatOf } from './names';
import { byOpening, type Opening, openingsOf } from './openings';
import { type Province, readProvinces } from './places';
import { Random } from './random';
import { slotsOf } from './slots';
import { type SubSector, subSector, subSectorsOf } from './subsectors';
import { ACCOUNT_TYPES, readTargets } from './targets';

const NEVER_POSTED = 0.03;
/** Of the accounts that have posted and are old enough to have fallen silent; with the 3% this makes 20% of them. */
const FALLEN_SILENT = 0.175;
/** Days without a post at the end of 2011 that a silent account has at least. */
const SILENT_DAYS = 31;

/** Every account of the full set, in the order of opening, whatever share of them is asked for. */
export function roster(seed: number): DemoAccount[] {
  const random = new Random(seed, 0);
  const targets = readTargets();
  const provinces = readProvinces();
  const names = new Names(random);
  for (const { name } of LEADING) names.reserve(name);
  const openings = ACCOUNT_TYPES.flatMap((type) => openingsOf(slotsOf(type, targets, random), targets, random));
  const drafts = openings.toSorted(byOpening).map((opening, index) => draft(opening, index, { random, names, provinces }));
  const followers = followersByRank(drafts, random);
  return drafts.map((account, index) => ({ ...account, followers: followers[index] ?? 0 }));
}

interface Tools {
  readonly random: Random;
  readonly names: Names;
  readonly provinces: ReadonlyMap<string, Province>;
}

function draft({ slot, openedOn }: Opening, index: number, tools: Tools): Draft {
  const { random, names, provinces } = tools;
  const { type, region, level, group } = slot;
  const province = provinces.get(region);
  if (!province) throw new Error(`regions.csv has no region ${region}`);
  const leading = slot.leading && { ...slot.leading, figures: leadingFigures(slot.leading) };
  const sub = leading ? subSector(leading.sector) : subSectorFor(region, group, random);
  const seat = seatOf(province, level, random);
  const named = type === 'AGENCY' && !leading ? names.agency(seat.place, sub, level) : null;
  const place = named?.place ?? seat.place();
  const { screenName, verifiedReason } = leading
    ? { screenName: leading.name, verifiedReason: leading.reason }
    : (named ?? names.official(place, sub, level));
  const prefecture = leading ? leading.prefecture : (seat.prefecture?.code ?? null);
  const attributes: Attributes = { screenName, region, prefecture, sector: sub.code, level };
  const city = province.prefectures.find(({ code }) => code === prefecture);
  return {
    index,
    accountId: String(1_650_000_000 + index * 43_000 + random.int(43_000)),
    type,
    openedOn,
    attributes,
    earlier: leading ? null : formerAttributes(attributes, openedOn, tools),
    verifiedReason,
    location: region === '00' ? '北京' : region === '99' ? '海外' : `${province.short} ${city?.short ?? ''}`.trimEnd(),
    place: leading ? (city ?? province).short : place.short,
    postsPerDay: leading ? (leading.figures.postsPerDay ?? 8) : random.lognormal(1, 1.1),
    silentFrom: leading ? null : silence(openedOn, random),
    leading,
  };
}

function subSectorFor(region: string, group: string, random: Random): SubSector {
  if (group === 'FA') return subSector(region === '00' || region === '99' ? 'FA-MFA' : 'FA-LOCAL');
  return random.weighted(subSectorsOf(group));
}

function silence(openedOn: Day, random: Random): Day | null {
  if (random.chance(NEVER_POSTED)) return openedOn;
  const possible = daysBetween(openedOn, DEMO_PERIOD.to) - SILENT_DAYS;
  if (possible < 1 || !random.chance(FALLEN_SILENT)) return null;
  return addDays(openedOn, 1 + Math.ceil(possible * random.float() ** 1.5));
}
