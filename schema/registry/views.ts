import type { AccountView } from '../../src/answer/accounts';
import type { OpenSnapshot } from '../../src/answer/reader';
import type { Region as RegionMember } from '../../src/model/members';
import type { Region, Sector } from './members';

// From codes to the objects that GraphQL answers with. A code without a member keeps its code as its name.

export function regionView(code: string, { members }: OpenSnapshot): Region {
  const unknown: RegionMember = {
    code, name: code, nameZh: code, kind: 'special', parentCode: null, iso: null, nbsRegion: null, geoRegion: null, source: '', confidence: 'not in the table',
  }; // prettier-ignore
  return members.region.get(code) ?? unknown;
}

export function sectorView(code: string, open: OpenSnapshot): Sector {
  const sector = open.members.sector.get(code);
  if (!sector) return { code, name: code, nameZh: code, parentCode: null, group: null, source: '', confidence: 'not in the table' };
  const view: Sector = { ...sector, group: null };
  view.group = sector.groupCode === code ? view : sectorView(sector.groupCode, open);
  return view;
}

/** Codes of a versioned record as objects. */
export const attributesView = <R extends Pick<AccountView, 'region' | 'prefecture' | 'sector'>>(record: R, open: OpenSnapshot) => ({
  ...record,
  /** Where the record comes from; what is asked further about it comes from there too. */
  open,
  region: regionView(record.region, open),
  prefecture: regionView(record.prefecture, open),
  sector: sectorView(record.sector, open),
});
