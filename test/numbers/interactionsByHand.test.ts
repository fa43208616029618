import { join } from 'node:path';
import { openWorkshop, sqlText } from '../../src/warehouse/duckdb';
import { pathsOf } from '../../src/warehouse/members';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';
import { COMMENT_TRAPS, LATE_COMMENTS } from './interactionTraps';

/** Of each comment its day, hour and weekday in the zone of its platform, minutes to the first reply, and whether those are a day at most. */
const EXPECTED: Readonly<Record<string, readonly unknown[]>> = {
  'weibo nextMonth': ['2012-01-31', 23, 2, 20, true],
  'weibo otherAccount': ['2012-02-10', 10, 5, 839 + 59 / 60, true],
  'weibo twice': ['2012-02-11', 9, 6, 30 + 0.5 / 60, true],
  'weibo exactly24h': ['2012-02-12', 9, 7, 1440, true],
  'weibo over24h': ['2012-02-13', 9, 1, 1440 + 0.001 / 60, false],
  'weibo atOnce': ['2012-02-13', 10, 1, 0, true],
  'weibo elsewhere': ['2012-03-09', 23, 5, (22 + 30 + 31 + 30 + 31) * 1440 + 1 / 60, false],
  'weibo nothing': ['2012-03-10', 0, 6, null, false],
  'weibo before': ['2012-03-11', 9, 7, null, false],
  'weibo byCitizen': ['2012-03-12', 9, 1, null, false],
  'weibo c-answer': ['2012-03-12', 10, 1, null, false],
  'weibo hashed': ['2012-05-31', 23, 4, null, false],
  'twitter hashed': ['2012-05-31', 15, 4, null, false],
  'weibo named': ['2012-06-01', 7, 5, null, false],
  'twitter named': ['2012-05-31', 23, 4, null, false],
  'twitter late': ['2012-12-30', 16, 7, null, false],
  'weibo noLikesYet': ['2012-11-30', 23, 5, null, false],
  'weibo liked': ['2012-12-30', 12, 7, null, false],
  'weibo notLiked': ['2012-12-31', 12, 1, null, false],
  'weibo outside': ['2013-02-01', 0, 5, null, false],
  'weibo bareAccount': ['2013-02-02', 9, 6, null, false],
  'weibo byFutureAccount': ['2012-07-01', 9, 7, null, false],
  'weibo answeredByFuture': ['2012-07-31', 23, 2, null, false],
  'weibo r-future': ['2012-08-02', 23, 4, null, false],
  'weibo answeredLate': ['2012-11-30', 23, 5, null, false],
};
const { 'weibo byFutureAccount': _claimed, 'weibo r-future': _reply, ...STILL } = EXPECTED;
const LATER: typeof EXPECTED = {
  ...STILL,
  'weibo exactly24h': ['2012-02-12', 9, 7, 1380, true],
  'weibo answeredByFuture': ['2012-07-31', 23, 2, 2 * 1440, false],
  'weibo futurePost': ['2012-09-01', 9, 6, null, false],
  'weibo afterItsReply': ['2012-09-30', 23, 7, 60, true],
  'weibo answeredLate': ['2012-11-30', 23, 5, 1440 + 0.001 / 60, false],
};
const EVERYTHING = { cube: 'interactions', from: '2012-01-01', to: '2013-03-31', limit: 1000 };

describe.each(DIALECTS)('what a person finds in the traps of comments is in the facts, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect);
    await test_.load(COMMENT_TRAPS);
    await test_.app.night();
  });
  afterAll(() => test_.close());

  /** Some columns of the published files, by platform and id of the comment. */
  const facts = async (columns: string): Promise<Record<string, readonly unknown[]>> => {
    const { app } = test_;
    const files = pathsOf((await currentSnapshot(app.store))!, app.files, 'interactions')
      .map(sqlText)
      .join(', ');
    const workshop = await openWorkshop({ memoryMb: 256, tempDir: join(app.config.dataDir, 'tmp') });
    const { rows } = await workshop.query(`select platform || ' ' || interaction_id, ${columns} from read_parquet([${files}])`);
    workshop.close();
    return Object.fromEntries(rows.map(([id, ...values]) => [id, values]));
  };
  const close = (rows: typeof EXPECTED): object =>
    Object.fromEntries(
      Object.entries(rows).map(([id, row]) => [
        id,
        row.map((one, at) => (at === 3 && one !== null ? (expect.closeTo(one as number, 9) as unknown) : one)),
      ]),
    );
  const ask = async (fields: readonly string[], question: object = {}): Promise<readonly Record<string, unknown>[]> =>
    (await test_.ask({ ...EVERYTHING, fields, ...question })).rows();

  test('each comment has its day, its hour and its first reply; what is none is not there', async () => {
    const columns = 'day, hour, weekday, reply_minutes, replied_within_24h';
    expect(await facts(columns)).toEqual(close(EXPECTED));
    const unanswered = Object.values(await facts('reply_minutes, replied')).filter(([minutes, replied]) => (minutes === null) === replied);
    expect(unanswered).toEqual([]);
  });

  test('attributes are those of the account on the day; a hash is a person of its platform', async () => {
    const rows = await facts("region, prefecture, sector, level, strftime(opened_month, '%Y-%m')");
    const [before, after] = [['32', '320100', 'PS-POLICE', 'L3', '2011-11'], ['44', '440100', 'TO-TOUR', 'L3', '2011-11']] as const; // prettier-ignore
    expect([rows['weibo elsewhere'], rows['weibo nothing'], rows['weibo notLiked']]).toEqual([before, after, after]);
    expect(rows['weibo outside']).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'LX', '2011-11']);
    expect(rows['weibo bareAccount']).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'LX', null]);
    expect(rows['weibo atOnce']).toEqual(['00', 'UNKNOWN', 'UNKNOWN', 'L1', null]);
    expect(rows['twitter named']![4]).toBe('2012-01');
    const same = async (month: string) =>
      ask(['comments', 'citizens', 'postsCommented', 'commentsPerCitizen'], { from: `${month}-01`, to: `${month}-31` });
    // hashed on Weibo, hashed and named on Twitter: two persons there, one here, under two posts of one id.
    expect(await same('2012-05')).toEqual([{ comments: 3, citizens: 3, postsCommented: 2, commentsPerCitizen: 1 }]);
    expect(await ask(['platform', 'citizens', 'comments'], { from: '2012-02-01', to: '2012-02-29' })).toEqual([
      { platform: 'weibo', citizens: 2, comments: 5 },
    ]);
  });

  test('of February: five comments, all answered, four within a day', async () => {
    const measures = [
      'comments',
      'repliedComments',
      'replyRate',
      'repliedWithin24h',
      'repliedWithin24hShare',
      'medianReplyMinutes',
      'accountsCommented',
    ];
    const february = { from: '2012-02-01', to: '2012-02-29' };
    const one = { comments: 5, repliedComments: 5, replyRate: 1, repliedWithin24h: 4, repliedWithin24hShare: 0.8, accountsCommented: 2 };
    expect(await ask(measures, february)).toEqual([{ ...one, medianReplyMinutes: expect.closeTo(839 + 59 / 60, 9) as unknown }]);
    const march = { from: '2012-03-01', to: '2012-03-31' };
    expect(await ask([...measures, 'p90ReplyMinutes'], march)).toEqual([
      {
        comments: 5, repliedComments: 1, replyRate: 0.2, repliedWithin24h: 0, repliedWithin24hShare: 0, accountsCommented: 1,
        medianReplyMinutes: expect.closeTo(144 * 1440 + 1 / 60, 6) as unknown, p90ReplyMinutes: expect.closeTo(144 * 1440 + 1 / 60, 6) as unknown,
      },
    ]); // prettier-ignore
    expect(await ask(measures, { from: '2012-06-01', to: '2012-06-30' })).toMatchObject([
      { replyRate: 0, repliedWithin24h: 0, medianReplyMinutes: null },
    ]);
    expect(await ask(measures, { from: '2012-04-01', to: '2012-04-30' })).toMatchObject([
      { comments: 0, replyRate: null, repliedWithin24hShare: null },
    ]);
  });

  test('characters are code points; likes are null before the like button', async () => {
    // 👨‍👩‍👧 is five code points and 👍🏽 two; the others have three each, and one is empty.
    const march = await ask(['characters', 'meanTextLength', 'medianTextLength'], { from: '2012-03-01', to: '2012-03-31' });
    expect(march).toEqual([{ characters: 16, meanTextLength: 3.2, medianTextLength: 3 }]);
    expect(
      await ask(['month', 'likes', 'commentsWithLikes', 'meanLikes'], { from: '2012-11-01', where: { platform: { eq: 'weibo' } } }),
    ).toEqual([
      { month: '2012-11-01', likes: null, commentsWithLikes: 0, meanLikes: null },
      { month: '2012-12-01', likes: 4, commentsWithLikes: 2, meanLikes: 2 },
      { month: '2013-02-01', likes: null, commentsWithLikes: 0, meanLikes: null },
    ]);
  });

  test('a late load rebuilds the months of the comments it is about, and the old snapshot answers as before', async () => {
    const { snapshot } = await test_.app.night();
    const published = (): Promise<{ partition_key: string; id: number }[]> =>
      test_.app.store.query(
        "SELECT id, partition_key FROM partition_run WHERE job = 'interactions' AND status = 'published' ORDER BY partition_key, id",
      );
    const runs = new Set((await published()).map(({ id }) => id));
    await test_.load(LATE_COMMENTS);
    const night = await test_.app.night();
    expect(night.jobs.map(({ failed }) => failed)).toEqual(night.jobs.map(() => 0));
    const rebuilt = (await published()).filter(({ id }) => !runs.has(id)).map(({ partition_key }) => partition_key);
    expect(rebuilt).toEqual(['2012-02', '2012-07', '2012-08', '2012-09', '2012-11']);
    expect(await facts('day, hour, weekday, reply_minutes, replied_within_24h')).toEqual(close(LATER));
    const count = async (id?: string) =>
      (await (await test_.ask({ ...EVERYTHING, fields: ['comments', 'repliedComments'] }, id)).rows())[0];
    expect(await count(snapshot!)).toEqual({ comments: 25, repliedComments: 7 });
    expect(await count()).toEqual({ comments: 25, repliedComments: 10 });
    expect((await test_.app.night()).changed).toBe(false);
  });
});
