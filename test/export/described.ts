import { CUBES } from '../../src/model';
import { tablesOf } from '../../src/export/parquetTables';
import type { Described } from '../../src/export/datapackage';
import type { Member, Members } from '../../src/model/members';
import type { FileColumn } from '../../src/warehouse/export';
import type { Snapshot, SnapshotFile } from '../../src/warehouse/snapshots';

/** Text that would end whatever it stands in, were it not escaped. */
export const EVIL = `</titl><x y="1">&amp;'"\\]]>\u0007`;

const file = (table: string, from: string | null, to: string | null): SnapshotFile => ({
  table,
  uri: `${from === null ? 'dimensions/' : ''}${table}/${from?.slice(0, 7) ?? 'all'}.parquet`,
  rows: 3,
  bytes: 1_234,
  sha256: 'a1'.repeat(32),
  from,
  to,
});

/** A snapshot of two months of each fact table and two dimension tables, one of which nobody has described. */
export const SNAPSHOT: Snapshot = {
  id: '20120201-6337611da01a',
  publishedAt: new Date('2012-02-01T00:00:00Z'),
  contentHash: 'cd'.repeat(32),
  from: '2011-11-01',
  watermark: '2011-12-31',
  synthetic: true,
  files: [
    ...CUBES.flatMap(({ fact }) => [file(fact, '2011-11-01', '2011-11-30'), file(fact, '2011-12-01', '2011-12-31')]),
    file('dim_region', null, null),
    file('dim_own', null, null),
  ],
};

const columnsOf = ({ table }: SnapshotFile): FileColumn[] => [
  { name: 'day', type: 'DATE' },
  { name: 'account_key', type: 'BIGINT' },
  { name: 'platform', type: 'VARCHAR' },
  ...(table.startsWith('dim_') ? [{ name: 'code', type: 'VARCHAR' }, { name: 'synthetic', type: 'BOOLEAN' }] : []), // prettier-ignore
  ...(table === 'posts' ? [{ name: 'post_id', type: 'VARCHAR' }, { name: 'reposts', type: 'BIGINT' }] : []), // prettier-ignore
  ...(table === 'interactions' ? [{ name: 'interaction_id', type: 'VARCHAR' }, { name: 'reply_minutes', type: 'DOUBLE' }] : []), // prettier-ignore
  { name: 'something_new', type: 'UTINYINT' },
];

export const DESCRIBED: Described & { readonly origin: string } = {
  snapshot: SNAPSHOT,
  tables: tablesOf(SNAPSHOT, new Map(SNAPSHOT.files.map((one) => [one.uri, columnsOf(one)])), CUBES),
  sources: [{ code: 'S01', reference: EVIL, kind: 'book', whatWasRead: 'all of it' }],
  licence: null,
  origin: 'http://127.0.0.1:4000',
  pathOf: (uri) => `snapshots/${SNAPSHOT.id}/files/${uri}`,
};

const member = (code: string, name: string, parentCode: string | null = null): Member => ({
  code, parentCode, name, nameZh: `中${code}`, source: 'S01', confidence: 'high',
}); // prettier-ignore

/** Every table of members, with a code that must be escaped. */
export const MEMBERS: Members = {
  region: new Map([
    ['44', { ...member('44', 'Guangdong'), kind: 'province', iso: 'CN-GD', nbsRegion: 'East', geoRegion: 'South' }],
    ['440100', { ...member('440100', 'Guangzhou', '44'), kind: 'prefecture', iso: null, nbsRegion: null, geoRegion: null }],
    ['UNKNOWN', { ...member('UNKNOWN', EVIL), kind: 'special', iso: null, nbsRegion: null, geoRegion: null }],
  ]),
  sector: new Map([
    ['PS', { ...member('PS', 'Public security'), groupCode: 'PS' }],
    ['PS-POLICE', { ...member('PS-POLICE', 'Police', 'PS'), groupCode: 'PS' }],
  ]),
  level: new Map([['L1', { ...member('L1', 'Central'), cadreRank: 'minister', units: 1 }]]),
  accountType: new Map([['AGENCY', member('AGENCY', 'Agency')]]),
  verifiedType: new Map([[EVIL, member(EVIL, EVIL)]]),
  contentCategory: new Map([['OTHER', member('OTHER', 'Other')]]),
  platform: new Map([['weibo', { ...member('weibo', 'Weibo'), timeZone: 'Asia/Shanghai', likesSince: null, synthetic: false }]]),
};
