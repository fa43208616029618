import type { AnswerRow } from '../../src/answer/answer';
import type { IngestRecord, PostRecord } from '../../src/ingest/records';
import { CUBES } from '../../src/model';
import type { Question } from '../../src/query/question';
import { NULL_REASONS } from '../../src/query/whyNull';
import { openTestApp, type TestApp } from '../app';

const post = (postId: string, postedAt: string, rest: Partial<PostRecord>): PostRecord => ({
  kind: 'post',
  platform: 'weibo',
  postId,
  accountId: '7001',
  postedAt: Date.parse(postedAt),
  observedAt: Date.parse('2013-03-31T12:00:00+08:00'),
  text: '有人吗',
  original: true,
  reposts: 1,
  comments: null,
  likes: null,
  ...rest,
});
/** As many measures with their reasons as one question may have. */
const AT_ONCE = 18;
/** One account of Xinjiang: it posts before likes existed, after it without likes collected, and with likes; then nothing. */
const RECORDS: readonly IngestRecord[] = [
  { kind: 'account', platform: 'weibo', accountId: '7001', observedAt: Date.parse('2012-10-01T00:00:00Z'), openedOn: '2012-10-01', region: '65', sector: 'PS-POLICE', accountType: 'AGENCY', level: 'L3', screenName: '甲' },
  post('1', '2012-11-05T12:00:00+08:00', { likes: 3 }),
  post('2', '2012-12-05T12:00:00+08:00', {}),
  post('3', '2013-01-05T12:00:00+08:00', { likes: 3 }),
]; // prettier-ignore

describe('why a value is null', () => {
  let test_: TestApp;
  const ask = async (question: Partial<Question> & Pick<Question, 'fields'>): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ cube: 'posts', from: '2012-10-01', to: '2013-03-31', where: { region: { eq: '65' } }, ...question })).rows();
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'demo and traps' });
    await test_.load(RECORDS);
    await test_.app.night();
  });
  afterAll(() => test_.close());

  test('by hand: likes before they existed, not collected, collected; comments never collected; months without posts', async () => {
    expect(
      await ask({ fields: ['month', 'likes', 'why.likes', 'why.comments', 'why.meanLikes', 'why.posts'], fill: 'ZERO' }),
    ).toMatchObject([
      { month: '2012-10-01', likes: null, 'why.likes': 'NO_ROWS', 'why.meanLikes': 'NO_ROWS', 'why.posts': null },
      { month: '2012-11-01', likes: null, 'why.likes': 'DID_NOT_EXIST', 'why.comments': 'NOT_COLLECTED', 'why.meanLikes': 'DID_NOT_EXIST' },
      { month: '2012-12-01', likes: null, 'why.likes': 'NOT_COLLECTED', 'why.comments': 'NOT_COLLECTED' },
      { month: '2013-01-01', likes: 3, 'why.likes': null, 'why.meanLikes': null, 'why.comments': 'NOT_COLLECTED' },
      { month: '2013-02-01', 'why.likes': 'NO_ROWS' },
      { month: '2013-03-01', 'why.likes': 'NO_ROWS' },
    ]);
  });

  test('of a whole in which there is nothing, one row says that there is nothing', async () => {
    const rows = await ask({ fields: ['likes', 'why.likes', 'why.medianReposts'], where: { region: { eq: '54' } } });
    expect(rows).toEqual([{ likes: null, medianReposts: null, 'why.likes': 'NO_ROWS', 'why.medianReposts': 'NO_ROWS' }]);
  });

  test('stocks, ratios and rates', async () => {
    const rows = await ask({
      cube: 'activity', fields: ['region', 'month', 'why.followers', 'why.repostsPerPost', 'why.accountsPerMillionPeople', 'why.followersPerAccount'],
      from: '2013-02-01', where: { region: { in: ['65', '00', 'UNKNOWN'] } },
    }); // prettier-ignore
    const of = (region: string): unknown => rows.find((row) => row['region'] === region && row['month'] === '2013-02-01');
    expect(of('65')).toMatchObject({ 'why.followers': 'NOT_COLLECTED', 'why.repostsPerPost': 'NOTHING_TO_MEASURE', 'why.accountsPerMillionPeople': null, 'why.followersPerAccount': 'NOT_COLLECTED' }); // prettier-ignore
    expect(of('UNKNOWN')).toMatchObject({ 'why.accountsPerMillionPeople': 'NO_INDICATOR' });
    // The silent account left on 15 March 2012: it has rows in that month and none at its end.
    const left = await ask({ cube: 'activity', fields: ['accounts', 'why.accounts'], from: '2012-03-01', to: '2012-03-31', where: { region: { eq: '00' } } }); // prettier-ignore
    expect(left).toEqual([{ accounts: null, 'why.accounts': 'NO_ROWS' }]);
  });

  test('without a reply there is no reply time', async () => {
    const rows = await ask({ cube: 'interactions', fields: ['sector', 'replyRate', 'why.medianReplyMinutes', 'why.replyRate'], from: '2010-01-01', to: '2013-03-31', where: {} }); // prettier-ignore
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) {
      const none = row['replyRate'] === 0 || row['replyRate'] === null;
      expect(row['why.medianReplyMinutes']).toBe(none ? 'NOTHING_TO_MEASURE' : null);
    }
    expect(rows.some((row) => row['why.medianReplyMinutes'] !== null)).toBe(true);
  });

  test.each(CUBES.map((cube) => [cube.name, cube] as const))('%s: every null has a reason, and only a null', async (_, cube) => {
    const measures = Object.keys(cube.measures);
    const seen = new Set<unknown>();
    for (const grouping of [[], ['quarter'], ['month', 'platform'], ['year', 'account'], ['week', 'region']])
      for (const fill of grouping.length > 0 ? (['NONE', 'ZERO'] as const) : (['NONE'] as const))
        for (let start = 0; start < measures.length; start += AT_ONCE) {
          const some = measures.slice(start, start + AT_ONCE);
          const fields = [...grouping, ...some.flatMap((of) => [of, `why.${of}`])];
          const answer = await test_.ask({ cube: cube.name, fields, from: '2010-01-01', to: '2013-03-31', fill, limit: 50_000 });
          for (const row of await answer.rows())
            for (const of of some) {
              if ((row[`why.${of}`] === null) === (row[of] === null)) throw new Error(`${of} of ${JSON.stringify(row)}`);
              if (row[`why.${of}`] !== null) seen.add(row[`why.${of}`]);
            }
        }
    for (const one of seen) expect(Object.keys(NULL_REASONS)).toContain(one);
    expect(seen.size).toBeGreaterThan(1);
  });

  test('GraphQL and a table say the same', async () => {
    const { data, errors } = await test_.graphql<{ posts: { rows: unknown[] } }>(
      `{ posts(period: { from: "2012-11-01", to: "2012-12-31" }, where: { region: { eq: "65" } }) { rows { month likes why(of: likes) other: why(of: posts) } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.posts.rows).toEqual([
      { month: '2012-11-01', likes: null, why: 'DID_NOT_EXIST', other: null },
      { month: '2012-12-01', likes: null, why: 'NOT_COLLECTED', other: null },
    ]);
    const { address } = await test_.serve();
    const csv = await (await fetch(`${address}/posts.csv?fields=month,likes,why.likes&from=2012-11-01&to=2012-12-31&region=65`)).text();
    expect(csv.trim().split(/\r?\n/)).toEqual(['month,likes,why.likes', '2012-11-01,,DID_NOT_EXIST', '2012-12-01,,NOT_COLLECTED']);
  });
});
