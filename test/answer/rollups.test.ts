import fc from 'fast-check';
import { answer, type Answer } from '../../src/answer/answer';
import type { PostRecord } from '../../src/ingest/records';
import { CUBES } from '../../src/model';
import type { Cube } from '../../src/model/define';
import type { Question } from '../../src/query/question';
import { rollupsOf } from '../../src/query/rollups';
import { withoutRollups, type SnapshotFile } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS_ABOVE } from '../stores';
import { anyQuestion } from './anyQuestion';

const RUNS = 100;
const SEED = 20111231;

/** The last thing that anybody saw: the month is not over, so the last month, quarter and year end with the data. */
const LAST_SEEN: PostRecord = {
  kind: 'post', platform: 'weibo', postId: '7777', accountId: '1001', postedAt: Date.parse('2013-04-02T10:00:00+08:00'),
  observedAt: Date.parse('2013-04-12T12:00:00+08:00'), text: '四月', original: true, reposts: 3, comments: 2, likes: 1,
}; // prettier-ignore
const WATERMARK = '2013-04-12';

describe.each(DIALECTS_ABOVE)('rollups, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect, { prepared: 'demo and traps' });
    await test_.load([LAST_SEEN]);
    expect((await test_.app.night()).rollups).toMatchObject({ failed: 0, elsewhere: 0 });
    expect((await (await test_.app.reader()).open()).snapshot.watermark).toBe(WATERMARK);
  });
  afterAll(() => test_.close());

  /** The same question twice: of the snapshot, and of the snapshot without its rollups. */
  const both = async (question: Question): Promise<readonly [through: Answer, grain: Answer]> => {
    const reader = await test_.app.reader();
    const open = await reader.open();
    const grain = answer(question, { ...open, snapshot: withoutRollups(open.snapshot) }, reader, null);
    expect(grain.rollup()).toBeNull();
    return [answer(question, open, reader, null), grain];
  };
  const everything = async (one: Answer, measures: readonly string[]): Promise<unknown> => ({
    rows: await one.rows(),
    rowCount: await one.rowCount(),
    totals: await one.totals(measures),
    resultHash: await one.resultHash(),
    queryId: one.queryId,
  });

  test.each(CUBES.map((cube) => [cube.name, cube] as const))(
    '%s: any question has the answer of the grain, to the last bit',
    async (_, cube: Cube) => {
      const used = new Map<string | null, number>();
      await fc.assert(
        fc.asyncProperty(anyQuestion(cube), async (question) => {
          const [through, grain] = await both(question);
          const measures = question.fields.filter((field) => field in cube.measures);
          expect(await everything(through, measures)).toEqual(await everything(grain, measures));
          used.set(through.rollup(), (used.get(through.rollup()) ?? 0) + 1);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      // Every rollup was asked, and so were questions that none can answer.
      expect(new Set(used.keys())).toEqual(new Set([null, ...rollupsOf(cube).map(({ name }) => name)]));
    },
    300_000,
  );

  test.each(CUBES.flatMap((cube) => rollupsOf(cube).map((rollup) => [rollup.name, rollup, cube] as const)))(
    '%s: every measure that it keeps, by each of its columns',
    async (_, { grain, columns, byAccount, kept }, cube) => {
      const measures = Object.keys(kept).filter((name) => name in cube.measures);
      const dimensions = Object.keys(cube.dimensions).filter((name) => {
        const { column } = cube.dimensions[name]!;
        return columns.includes(column) || (byAccount && column === 'account_key');
      });
      expect(dimensions.length).toBeGreaterThan(4);
      for (const dimension of dimensions) {
        const fields = [grain, dimension, ...measures];
        const [through, naive] = await both({ cube: cube.name, fields, from: '2009-01-01', to: '2020-01-01', limit: 50_000 });
        expect([dimension, through.rollup()?.startsWith(`${cube.fact}_${grain}`)]).toEqual([dimension, true]);
        expect(await through.rows()).toEqual(await naive.rows());
      }
    },
  );

  const YEAR = { from: '2011-01-01', to: '2011-12-31' };
  test.each<[string, Partial<Question>, string | null]>([
    ['months by type', { fields: ['month', 'accountType', 'activeAccounts', 'postsPerAccount'] }, 'activity_month_region'],
    ['a quarter by type, whose active accounts are not those of its months', { fields: ['quarter', 'accountType', 'activeAccounts'] }, 'activity_quarter'],
    ['a quarter by type, without them', { fields: ['quarter', 'accountType', 'posts', 'followers'] }, 'activity_quarter'],
    ['a year by region and sector', { fields: ['region', 'sector', 'posts', 'followers'] }, 'activity_year'],
    ['months by sector', { fields: ['month', 'sector', 'activeAccounts'] }, 'activity_month'],
    ['half a year by sector', { fields: ['sector', 'activeAccounts'], to: '2011-06-30' }, 'activity_quarter'],
    ['the top accounts of a quarter', { fields: ['account', 'posts'], from: '2011-04-01', to: '2011-06-30', orderBy: [{ field: 'posts', direction: 'DESC' }], limit: 10 }, 'activity_quarter'],
    ['days of one region', { fields: ['day', 'posts', 'dormantAccounts', 'activeAccounts'], where: { region: { eq: '44' } } }, 'activity_day_region'],
    ['weeks of one region', { fields: ['week', 'posts', 'accounts'], where: { region: { eq: '44' } } }, 'activity_day_region'],
    ['weeks with active accounts, which days cannot tell', { fields: ['week', 'activeAccounts'] }, null],
    ['a part of a month by sector', { fields: ['sector', 'posts'], to: '2011-12-30' }, null],
    ['a part of a first month by sector', { fields: ['month', 'sector', 'posts'], from: '2011-01-02' }, null],
    ['a part of a month by region: its days', { fields: ['month', 'region', 'posts'], to: '2011-12-30' }, 'activity_day_region'],
    ['a condition on rows', { fields: ['month', 'posts'], where: { followers: { gte: 10 } } }, null],
    ['up to the last day of the data', { fields: ['month', 'sector', 'accounts'], to: WATERMARK }, 'activity_month'],
    ['beyond the data', { fields: ['sector', 'accounts'], from: '2013-01-01', to: '2013-12-31' }, 'activity_year'],
    ['up to the day before the last', { fields: ['month', 'sector', 'accounts'], to: '2013-04-11' }, null],
    ['from before the data', { fields: ['month', 'sector', 'accounts'], from: '2001-05-05' }, 'activity_month'],
    ['a year with the one before', { fields: ['sector', 'posts', 'change.YEAR.posts'] }, 'activity_year'],
    ['an open month with the one before, which is cut at the same day', { fields: ['sector', 'posts', 'previous.MONTH.posts'], from: '2013-04-01', to: WATERMARK }, null],
    ['an estimate, whose clusters are accounts', { fields: ['month', 'region', 'commentsPerPost', 'estimate.95.commentsPerPost'] }, 'activity_month'],
    ['months of posts', { cube: 'posts', fields: ['month', 'sector', 'posts', 'meanReposts', 'postingAccounts'] }, 'posts_month'],
    ['a median', { cube: 'posts', fields: ['month', 'posts', 'medianReposts'] }, null],
    ['hours of posts', { cube: 'posts', fields: ['month', 'hour', 'posts'] }, null],
    ['comments by year', { cube: 'interactions', fields: ['year', 'level', 'comments', 'replyRate', 'accountsCommented'] }, 'interactions_year'],
    ['citizens', { cube: 'interactions', fields: ['year', 'commentsPerCitizen'] }, null],
  ])('%s', async (_, question, rollup) => {
    const [through, grain] = await both({ cube: 'activity', fields: [], ...YEAR, ...question });
    expect(through.rollup()).toBe(rollup);
    expect(through.sql().includes(rollup === null ? 'rollups/' : `rollups/${rollup}/`)).toBe(rollup !== null);
    expect(await through.rows()).toEqual(await grain.rows());
    expect((await grain.rows()).length).toBeGreaterThan(0);
  }); // prettier-ignore

  test('what a snapshot does not hold in full, or holds as another model had it, is not read', async () => {
    const reader = await test_.app.reader();
    const open = await reader.open();
    const question = { cube: 'activity', fields: ['month', 'sector', 'posts'], from: '2011-01-01', to: '2011-12-31' };
    const rollupOf = (change: (file: SnapshotFile) => SnapshotFile[]): string | null =>
      answer(question, { ...open, snapshot: { ...open.snapshot, files: open.snapshot.files.flatMap(change) } }, reader, null).rollup();
    const isOf = ({ table, from }: SnapshotFile, month: string): boolean => table === 'activity_month' && from === `${month}-01`;
    expect(rollupOf((file) => [file])).toBe('activity_month');
    expect(rollupOf((file) => (isOf(file, '2011-07') ? [] : [file]))).toBeNull();
    expect(rollupOf((file) => (isOf(file, '2010-07') ? [] : [file]))).toBe('activity_month');
    expect(rollupOf((file) => [isOf(file, '2011-07') ? { ...file, to: '2011-07-30' } : file])).toBeNull();
    const older = (uri: string): string => uri.replace(/^rollups\/activity_month\/[0-9a-f]{12}\//, 'rollups/activity_month/000000000000/');
    expect(rollupOf((file) => [{ ...file, uri: older(file.uri) }])).toBeNull();
  });

  test('a question without groups has one row, wherever its page begins', async () => {
    for (const page of [{ limit: 1 }, { limit: 2, offset: 2 }, {}]) {
      const [through, grain] = await both({ cube: 'activity', fields: ['posts'], from: '2011-01-01', to: '2011-12-31', ...page });
      expect([await through.rowCount(), await grain.rowCount()]).toEqual([1, 1]);
    }
  });
});
