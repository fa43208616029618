import type { AnswerRow } from '../../src/answer/answer';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';
import { EXHAUSTIVE_CRAWL, VANISHING, WRITER } from '../traps';
import { loadExhaustive } from './loading';
import { TEXTS } from './texts';

const ALL = { from: '2011-12-01', to: '2013-03-31', limit: 1000 };

describe.each(DIALECTS)('what a person counts in the traps is the answer, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'traps' });
  });
  afterAll(() => test_.close());

  const by = async (account: string, fields: readonly string[], cube = 'posts', period: object = {}): Promise<readonly AnswerRow[]> =>
    (await test_.ask({ cube, fields, where: { account: { eq: `weibo:${account}` } }, ...ALL, ...period })).rows();

  test('texts: each on the day of Beijing, with its characters, words and signs', async () => {
    const rows = await by(WRITER, ['day', 'contentCategory', 'characters', 'tokens', 'questionPosts', 'mentionPosts', 'linkPosts', 'hashtagPosts', 'slangHits', 'emoticonPosts', 'formalBalance']); // prettier-ignore
    const some = (count = 0): number => Math.min(count, 1);
    expect(rows).toEqual(
      TEXTS.map((one) => ({
        day: one.postedAt.slice(0, 10),
        contentCategory: one.category ?? 'OTHER',
        characters: one.characters,
        tokens: one.tokens,
        questionPosts: some(one.questions),
        mentionPosts: some(one.mentions),
        linkPosts: some(one.links),
        hashtagPosts: some(one.hashtags),
        slangHits: one.slang ?? 0,
        emoticonPosts: some(one.emoticons),
        formalBalance: (one.formal ?? 0) - (one.informal ?? 0),
      })),
    );
    const stored = await test_.app.store.query(
      `SELECT text, questions, mentions, links, hashtags, slang, emoticons, formal, informal FROM post
       JOIN account USING (account_key) WHERE account.platform = 'weibo' AND account_id = ? ORDER BY posted_at`,
      [WRITER],
    );
    expect(stored).toEqual(
      TEXTS.map(({ text, questions = 0, mentions = 0, links = 0, hashtags = 0, slang = 0, emoticons = 0, formal = 0, informal = 0 }) => ({
        text, questions, mentions, links, hashtags, slang, emoticons, formal, informal,
      })), // prettier-ignore
    );
  });

  test('texts: sums and ratios over all of them; of no text at all there is no ratio', async () => {
    const measures = ['posts', 'characters', 'meanTextLength', 'medianTextLength', 'slangPosts', 'slangHits', 'slangPer1000Characters', 'tokens', 'formalBalance', 'formality', 'emoticonShare', 'shortPosts']; // prettier-ignore
    expect(await by(WRITER, measures)).toEqual([
      {
        posts: 13, characters: 254, meanTextLength: expect.closeTo(254 / 13, 9), medianTextLength: 10, slangPosts: 2, slangHits: 4, shortPosts: 12,
        slangPer1000Characters: expect.closeTo(4000 / 254, 9), tokens: 32, formalBalance: 0, formality: 0, emoticonShare: expect.closeTo(2 / 13, 9),
      },
    ]); // prettier-ignore
    expect(await by(WRITER, ['characters', 'slangPer1000Characters', 'formality', 'slangShare'], 'posts', { from: '2012-05-07', to: '2012-05-07' })).toEqual([
      { characters: 0, slangPer1000Characters: null, formality: null, slangShare: 0 },
    ]); // prettier-ignore
    expect(await by(WRITER, ['year', 'slangHits'])).toEqual([
      { year: '2011-01-01', slangHits: 0 },
      { year: '2012-01-01', slangHits: 4 },
    ]);
  });

  test('posts of August that vanish, and an exhaustive crawl that comes after the night', async () => {
    const measures = ['posts', 'deletedPosts', 'postsDeletedByAuthor', 'postsDeletedByPlatform', 'deletedShare', 'hiddenPosts', 'approximatePosts', 'reposts']; // prettier-ignore
    const before = { posts: 12, deletedPosts: 3, postsDeletedByAuthor: 1, postsDeletedByPlatform: 1, deletedShare: 3 / 12, hiddenPosts: 3, approximatePosts: 1, reposts: 223_551 }; // prettier-ignore
    expect(await by(VANISHING, measures)).toEqual([before]);
    const days = async (measure: string): Promise<number[]> =>
      (await by(VANISHING, ['day', measure])).filter((row) => row[measure] === 1).map(({ day }) => Number((day as string).slice(-2)));
    const gone = async (): Promise<object> => ({
      deleted: await days('deletedPosts'),
      byAuthor: await days('postsDeletedByAuthor'),
      byPlatform: await days('postsDeletedByPlatform'),
      hidden: await days('hiddenPosts'),
      approximate: await days('approximatePosts'),
    });
    const stated = { deleted: [1, 2, 6], byAuthor: [1], byPlatform: [2], hidden: [3, 7, 8], approximate: [10] };
    expect(await gone()).toEqual(stated);

    const { snapshot } = await test_.app.night();
    expect(await loadExhaustive(test_, EXHAUSTIVE_CRAWL)).toMatchObject({ rowsRead: 5, updated: 5 });
    expect((await test_.app.night()).changed).toBe(true);
    expect(await gone()).toEqual({ ...stated, deleted: [1, 2, 5, 6] });
    expect(await by(VANISHING, measures)).toEqual([{ ...before, deletedPosts: 4, deletedShare: 4 / 12 }]);
    const [then] = await (await test_.ask({ cube: 'posts', fields: ['deletedPosts'], ...ALL }, snapshot!)).rows();
    expect(then).toEqual({ deletedPosts: 3 });
  });

  test('rounded followers hold until the next number; a closed account is there to its last day', async () => {
    const rounded = async (account: string, from: string, to = from): Promise<unknown[]> =>
      (await by(account, ['day', 'accounts', 'followers', 'roundedFollowerAccounts'], 'activity', { from, to })).map(Object.values);
    expect(await rounded(VANISHING, '2012-09-14', '2012-09-15')).toEqual([
      ['2012-09-14', 1, 271_000, 1],
      ['2012-09-15', 1, 272_345, 0],
    ]);
    expect(await rounded(VANISHING, '2012-10-19', '2012-10-20')).toEqual([
      ['2012-10-19', 1, 272_345, 0],
      ['2012-10-20', 1, 280_123, 0],
    ]);
    expect(await rounded(VANISHING, '2013-01-04', '2013-01-05')).toEqual([
      ['2013-01-04', 1, 280_123, 0],
      ['2013-01-05', 1, 290_000, 1],
    ]);
    expect(await rounded(VANISHING, '2013-02-09', '2013-02-10')).toEqual([
      ['2013-02-09', 1, 290_000, 1],
      ['2013-02-10', 1, 291_111, 0],
    ]);
    expect(await rounded('1012', '2012-05-08', '2012-05-11')).toEqual([
      ['2012-05-08', 1, 30_000, 1],
      ['2012-05-09', 1, 30_000, 1],
    ]);
    const ofMonth = await by('1012', ['month', 'accounts', 'roundedFollowerAccounts', 'posts'], 'activity', { from: '2012-04-01', to: '2012-06-30' }); // prettier-ignore
    expect(ofMonth).toEqual([
      { month: '2012-04-01', accounts: 1, roundedFollowerAccounts: 1, posts: 0 },
      { month: '2012-05-01', accounts: null, roundedFollowerAccounts: null, posts: 1 },
    ]);
  });
});
