import type { IngestRecord } from '../../src/ingest/records';

const ACCOUNTS = 6;
const observedAt = Date.parse('2012-12-31T20:00:00+08:00');

/** Posts of a year by a few accounts, without end, in any order of time: the first are the accounts themselves and a post of each month. */
export function yearOfPosts(random: (most: number) => number): { take(count: number): IngestRecord[] } {
  const accounts = Array.from({ length: ACCOUNTS }, (_, index): IngestRecord => ({
    kind: 'account', platform: 'weibo', accountId: String(1001 + index), observedAt, openedOn: '2012-01-01', screenName: `平安${index}`,
    accountType: 'AGENCY', region: index % 2 === 0 ? '11' : '44', sector: 'PS-POLICE', level: 'L3', followers: 1_000 * (index + 1),
  })); // prettier-ignore
  let made = 0;
  const next = (): IngestRecord => {
    made += 1;
    const postedAt = Date.parse('2012-01-01T00:00:00+08:00') + random(365 * 1_440) * 60_000;
    return {
      kind: 'post', platform: 'weibo', postId: String(10_000 + made), accountId: String(1001 + random(ACCOUNTS)), postedAt, observedAt, text: `通知${made}`,
      original: random(2) === 0, reposts: random(100), comments: random(30), likes: random(3) === 0 ? null : random(9),
    }; // prettier-ignore
  };
  return { take: (count) => [...accounts.splice(0, count), ...Array.from({ length: count }, next)] };
}
