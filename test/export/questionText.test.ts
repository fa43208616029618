import { questionText } from '../../src/export/questionText';
import { savedText, savedTitle } from '../../src/export/savedQuery';
import { activity } from '../../src/model/activity';
import { posts } from '../../src/model/posts';
import type { Question } from '../../src/query/question';

const IN_2011 = { from: '2011-01-01', to: '2011-12-31' };

it.each<[string, Question]>([
  ['Account activity: Posts, 2011-01-01 to 2011-12-31', { cube: 'activity', fields: ['posts'], ...IN_2011 }],
  [
    'Account activity: the groups by month and Region, 2011-01-01 to 2011-12-31',
    { cube: 'activity', fields: ['region', 'month'], ...IN_2011 },
  ],
  [
    'Account activity: Accounts, Posts and Comments per post by year, Region and Account type, 2011-01-01 to 2011-12-31, where Account type is AGENCY, Region is none of 11 or 44 and Sector is under PS',
    {
      cube: 'activity',
      fields: ['commentsPerPost', 'posts', 'accountType', 'accounts', 'region', 'year'],
      ...IN_2011,
      where: { accountType: { eq: 'AGENCY' }, region: { notIn: ['11', '44'] }, sector: { under: 'PS' } },
    },
  ],
  [
    'Account activity: change (YEAR) of Posts, estimate (95) of Comments per post and share of Posts, 2011-01-01 to 2011-12-31, ordered by share of Posts from the largest, at most 0 rows, after the first 10',
    {
      cube: 'activity',
      fields: ['share.posts', 'change.YEAR.posts', 'estimate.95.commentsPerPost'],
      ...IN_2011,
      orderBy: [{ field: 'share.posts', direction: 'DESC' }],
      limit: 0,
      offset: 10,
    },
  ],
])(/* prettier-ignore */ '%s', (text, question) => {
  expect(questionText(question, activity)).toBe(text);
});

it('says every condition of a kind, and bounds with their signs', () => {
  const question: Question = {
    cube: 'posts', fields: ['posts'], ...IN_2011, where: { hour: { gte: 8, lte: 17 }, text: { contains: '谣言' } }, having: { posts: { gt: 1, lte: 9 } },
  }; // prettier-ignore
  expect(questionText(question, posts)).toBe(
    'Posts: Posts, 2011-01-01 to 2011-12-31, where Hour is at least 8, Hour is at most 17 and Text contains 谣言, for groups with Posts > 1 and Posts ≤ 9',
  );
});

it('says conditions that are combined, periods, attribution and filled series', () => {
  const question: Question = {
    cube: 'activity', fields: ['period', 'month', 'posts'], ...IN_2011, attribution: 'CURRENT', fill: 'ZERO',
    calendar: [{ name: 'spring', from: '2011-03-01', to: '2011-05-31' }],
    where: { accountType: { eq: 'AGENCY' }, or: [{ region: { eq: '11' } }, { sector: { under: 'PS' }, level: { eq: 'L3' } }], not: { region: { in: ['44', '31'] } } },
  }; // prettier-ignore
  expect(questionText(question, activity)).toBe(
    'Account activity: Posts by period and month, 2011-01-01 to 2011-12-31, with the periods spring (2011-03-01 to 2011-05-31), where Account type is AGENCY, either (Region is 11) or (Sector is under PS and Administrative level is L3) and not (Region is one of 44 or 31), accounts where they are now, with rows where nothing was counted',
  );
});

it('leaves nothing out that it does not know: it says it as it is written', () => {
  const later = { cube: 'activity', fields: ['running.posts', 'posts'], ...IN_2011, gaps: { dots: true } } as Question;
  expect(questionText(later, activity)).toBe('Account activity: Posts and running of Posts, 2011-01-01 to 2011-12-31, gaps {"dots":true}');
  const saved = { id: 'a', snapshot: 'b', resultHash: 'c', title: null, savedBy: null, savedAt: new Date(0) };
  const formerly: Question = { cube: 'formerly', fields: ['x'], ...IN_2011 };
  expect(savedText({ ...saved, question: formerly })).toBe(JSON.stringify(formerly));
  expect([savedTitle({ ...saved, question: formerly, title: '名' }), savedTitle({ ...saved, question: later })]).toEqual([
    '名',
    questionText(later, activity),
  ]);
});
