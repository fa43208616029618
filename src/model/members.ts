import type { Day } from './time';

/** One member of a dimension table, with what is known of where it comes from. */
export interface Member {
  readonly code: string;
  readonly parentCode: string | null;
  readonly name: string;
  readonly nameZh: string;
  readonly source: string;
  readonly confidence: string;
}

export interface Region extends Member {
  readonly kind: 'province' | 'prefecture' | 'special';
  readonly iso: string | null;
  readonly nbsRegion: string | null;
  readonly geoRegion: string | null;
}

export interface Sector extends Member {
  /** Code of the first level: the sector itself when it is a group. */
  readonly groupCode: string;
}

export interface Level extends Member {
  readonly cadreRank: string;
  readonly units: number | null;
}

/** The code of a level that nobody knows. */
export const UNKNOWN_LEVEL = 'LX';

export interface Platform extends Member {
  readonly timeZone: string;
  readonly likesSince: Day | null;
  readonly synthetic: boolean;
}

/** A figure about a region in a year, used as a denominator: population, internet users, GDP. */
export interface Indicator {
  readonly regionCode: string;
  readonly indicator: string;
  readonly year: number;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly confidence: string;
}

/** The small dimension tables of one snapshot, in memory: names for answers, trees for `under`, lists for checks. */
export interface Members {
  readonly region: ReadonlyMap<string, Region>;
  readonly sector: ReadonlyMap<string, Sector>;
  readonly level: ReadonlyMap<string, Level>;
  readonly accountType: ReadonlyMap<string, Member>;
  readonly verifiedType: ReadonlyMap<string, Member>;
  readonly contentCategory: ReadonlyMap<string, Member>;
  readonly platform: ReadonlyMap<string, Platform>;
}

/** A code and every code below it in its tree. */
export function codesUnder(members: ReadonlyMap<string, Member>, code: string): string[] {
  const below = [...members.values()].filter((member) => member.parentCode === code);
  return [code, ...below.flatMap((member) => codesUnder(members, member.code))];
}
