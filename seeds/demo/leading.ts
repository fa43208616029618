import { type Day, daysBetween } from '../../src/model/time';
import { DEMO_PERIOD } from './constants';
import { type AccountType, readSeed } from './targets';

/** An account that the sources know by name. */
export interface Leading {
  readonly name: string;
  readonly type: AccountType;
  readonly region: string;
  readonly prefecture: string | null;
  readonly level: string;
  readonly sector: string;
  readonly reason: string;
  readonly openedOn: Day;
  /** Place by followers among the accounts of its type at the end of 2011; only that of 平安北京 and 中国国际救援队 is published. */
  readonly rank: number;
  /** How calib_top_accounts.csv calls it, where that is not its name. */
  readonly calledAlso?: string;
  readonly commentsPerPost?: number;
  readonly repostsPerPost?: number;
  /** Replies for each comment. */
  readonly replyRate?: number;
}

/** What the sources print about a named account. */
export interface LeadingFigures {
  readonly followers: readonly { readonly day: Day; readonly count: number }[];
  readonly postsPerDay: number | null;
}

const agency = { type: 'AGENCY', prefecture: null } as const;

/**
 * Opening days are published for 平安北京, 外交小灵通, 上海发布 and 北京市卫生局, the month for 微博云南 and 公安部; the others are
 * invented so that the published follower counts fit. Comments, reposts and replies come from calib_top_accounts.csv and
 * calib_activity_engagement.csv.
 */
export const LEADING: readonly Leading[] = [
  {
    ...agency,
    name: '微博云南',
    region: '53',
    level: 'L2',
    sector: 'PB-INFO',
    reason: '云南省人民政府新闻办公室官方微博',
    openedOn: '2009-11-21',
    rank: 8,
  },
  {
    ...agency,
    name: '平安北京',
    region: '11',
    level: 'L3',
    sector: 'PS-POLICE',
    reason: '北京市公安局官方微博',
    openedOn: '2010-08-01',
    rank: 1,
    commentsPerPost: 26.7,
    replyRate: 0.125,
  },
  {
    ...agency,
    name: '中国国际救援队',
    region: '00',
    level: 'L3',
    sector: 'EN-QUAKE',
    reason: '中国国际救援队官方微博',
    openedOn: '2010-04-20',
    rank: 2,
  },
  {
    ...agency,
    name: '外交小灵通',
    region: '00',
    level: 'L3',
    sector: 'FA-MFA',
    reason: '外交部公共外交办公室官方微博',
    openedOn: '2011-04-13',
    rank: 3,
  },
  {
    ...agency,
    name: '公安部',
    region: '00',
    level: 'L1',
    sector: 'PS-POLICE',
    reason: '中华人民共和国公安部官方微博',
    openedOn: '2011-08-16',
    rank: 5,
    commentsPerPost: 443,
  },
  {
    ...agency,
    name: '成都发布',
    region: '51',
    prefecture: '510100',
    level: 'L3',
    sector: 'PB-INFO',
    reason: '成都市人民政府新闻办公室官方微博',
    openedOn: '2010-06-10',
    rank: 6,
  },
  {
    ...agency,
    name: '上海发布',
    region: '31',
    level: 'L2',
    sector: 'PB-INFO',
    reason: '上海市人民政府新闻办公室官方微博',
    openedOn: '2011-11-28',
    rank: 22,
    commentsPerPost: 83,
    repostsPerPost: 339,
  },
  {
    ...agency,
    name: '微博河北',
    region: '13',
    level: 'L2',
    sector: 'PB-INFO',
    reason: '河北省人民政府新闻办公室官方微博',
    openedOn: '2011-04-07',
    rank: 100,
  },
  {
    ...agency,
    name: '泰安公安',
    region: '37',
    prefecture: '370900',
    level: 'L4',
    sector: 'PS-POLICE',
    reason: '山东省泰安市公安局官方微博',
    openedOn: '2010-09-27',
    rank: 130,
  },
  {
    ...agency,
    name: '北京市卫生局',
    region: '11',
    level: 'L3',
    sector: 'HE-BUREAU',
    reason: '北京市卫生局官方微博',
    openedOn: '2011-11-17',
    rank: 143,
  },
  {
    type: 'OFFICIAL',
    name: '伍皓红河微语',
    calledAlso: '伍皓',
    region: '53',
    prefecture: '532500',
    level: 'L3',
    sector: 'PB-PUB',
    reason: '云南省红河州委常委、宣传部长 伍皓',
    openedOn: '2010-02-21',
    rank: 12,
  },
];

/** Followers on published days within the period, and the mean posts a day up to the last published count of posts. */
export function leadingFigures(leading: Leading): LeadingFigures {
  const rows = readSeed('demo', 'calibration', 'calib_top_accounts.csv').filter((row) =>
    row('account').startsWith(leading.calledAlso ?? leading.name),
  );
  const followers = rows
    .filter((row) => row('platform') === 'Sina' && row('followers') !== '' && row('as_of') <= DEMO_PERIOD.to)
    .map((row) => ({ day: row('as_of'), count: Number(row('followers')) }));
  const counted = rows.findLast((row) => Number(row('posts_cum')) > 0 && row('as_of') > leading.openedOn);
  const postsPerDay = counted ? Number(counted('posts_cum')) / daysBetween(leading.openedOn, counted('as_of')) : null;
  return { followers, postsPerDay };
}
