import type { Dimension, RollupShape } from './define';

/** Conformed dimensions: declared once, shared by every cube. A fact row carries each as it was on its day. */
export const conformed = {
  region: {
    label: 'Region',
    labelZh: '地区',
    description: 'Province-level unit of the account on that day (slowly changing, type 2); `UNKNOWN` where the source does not tell.',
    column: 'region',
    type: 'object',
    members: 'region',
    hierarchy: true,
    source: 'S01;S02',
  },
  prefecture: {
    label: 'Prefecture',
    labelZh: '地级市',
    description: 'Prefecture-level unit of the account on that day, by six-digit GB/T 2260 code; `UNKNOWN` where the source does not tell.',
    column: 'prefecture',
    type: 'object',
    members: 'region',
    hierarchy: true,
    source: 'S01',
  },
  nbsRegion: {
    label: 'NBS region',
    labelZh: '四大经济区域',
    description: 'Grouping of provinces by the National Bureau of Statistics: East, Central, West, Northeast; null for units outside it.',
    column: 'region',
    type: 'text',
    members: 'region',
    attribute: 'nbsRegion',
    source: 'S03',
  },
  geoRegion: {
    label: 'Geographic region',
    labelZh: '七大地理区',
    description: 'Seven geographic regions: North, Northeast, East, Central, South, Southwest, Northwest; null for units outside it.',
    column: 'region',
    type: 'text',
    members: 'region',
    attribute: 'geoRegion',
    source: 'S04',
  },
  sector: {
    label: 'Sector',
    labelZh: '部门',
    description: 'Sub-sector of the account on that day, or its group where no more is known.',
    column: 'sector',
    type: 'object',
    members: 'sector',
    hierarchy: true,
    source: "compiler's grouping",
  },
  sectorGroup: {
    label: 'Sector group',
    labelZh: '部门大类',
    description: 'First level of the sector classification (14 groups).',
    column: 'sector',
    type: 'object',
    members: 'sector',
    attribute: 'groupCode',
    source: "compiler's grouping",
  },
  accountType: {
    label: 'Account type',
    labelZh: '账号类型',
    description: 'Kind of account on that day: agency, individual official, and what else was crawled.',
    column: 'account_type',
    type: 'enum',
    members: 'accountType',
    source: 'S25;S29',
  },
  verifiedType: {
    label: 'Verification type',
    labelZh: '认证类型',
    description:
      "The platform's own verification code on that day (Weibo: 1 government, 0 person, 2 enterprise, 3 media, 7 organisation …).",
    column: 'verified_type',
    type: 'text',
    members: 'verifiedType',
    source: 'S13;S14',
  },
  level: {
    label: 'Administrative level',
    labelZh: '行政层级',
    description: 'Administrative level of the account on that day, L1 central to L5 grassroots; LX unknown.',
    column: 'level',
    type: 'enum',
    members: 'level',
    source: 'S36;S29',
  },
  platform: {
    label: 'Platform',
    labelZh: '平台',
    description: 'Platform of the account. `demo` is synthetic.',
    column: 'platform',
    type: 'text',
    members: 'platform',
  },
  account: {
    label: 'Account',
    labelZh: '账号',
    description: 'The account itself; its id is `platform:account_id`.',
    column: 'account_key',
    type: 'object',
  },
  openedMonth: {
    label: 'Opening month',
    labelZh: '开通月份',
    description: 'Month in which the account opened (cohort), as its first day; null where the opening day is not known.',
    column: 'opened_month',
    type: 'month',
  },
} as const satisfies Record<string, Dimension>;

/** Every cube of accounts: one row for each account of a month, quarter or year and what it was in it. */
export const BY_ACCOUNT: readonly RollupShape[] = (['month', 'quarter', 'year'] as const).map((grain) => ({
  name: grain,
  grain,
  dimensions: Object.keys(conformed),
}));

/** A few hundred rows a bucket, whatever the number of accounts: for the questions that are asked most. */
export const BY_REGION: readonly RollupShape[] = (['day', 'month'] as const).map((grain) => ({
  name: `${grain}_region`,
  grain,
  dimensions: ['region', 'nbsRegion', 'geoRegion', 'accountType', 'platform'],
}));
