import type { IngestRecord, PostRecord } from '../../src/ingest/records';
import type { TestApp } from '../app';

// Four months of one account: what is built is the same work as ever, and soon done.

const observedAt = Date.parse('2012-04-30T12:00:00+08:00');
const post = (postId: string, postedAt: string, reposts: number): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId: '1001', postedAt: Date.parse(postedAt), observedAt, text: `通知${postId}`, original: true,
  reposts, comments: 1, likes: null,
}); // prettier-ignore

export const SMALL: readonly IngestRecord[] = [
  {
    kind: 'account', platform: 'weibo', accountId: '1001', observedAt: Date.parse('2012-01-10T10:00:00+08:00'), openedOn: '2012-01-10', screenName: '平安甲',
    accountType: 'AGENCY', region: '11', sector: 'PS-POLICE', level: 'L3', followers: 50_000,
  }, // prettier-ignore
  ...['01-15', '02-15', '03-15', '04-15'].map((day, index) => post(String(100 + index), `2012-${day}T09:00:00+08:00`, index)),
];
/** Posts of two months that come after the first night: several of them, so that the files are larger than those before. */
export const LATE: readonly IngestRecord[] = Array.from({ length: 40 }, (_, index) =>
  post(String(200 + index), `2012-0${2 + (index % 2)}-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00+08:00`, 10 + index),
);

/** The first night is published, and late data wait for the next. */
export async function lateWaits({ load, app }: TestApp): Promise<void> {
  await load(SMALL);
  await app.night();
  await load(LATE);
}
