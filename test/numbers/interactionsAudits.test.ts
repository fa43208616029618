import { interactions } from '../../jobs/interactions';
import type { Job } from '../../src/runner/job';
import { runNight } from '../../src/runner/night';
import { openTestApp, type TestApp } from '../app';
import { COMMENT_TRAPS } from './interactionTraps';

const MONTH = '2012-02';

describe('a spoiled file of comments is not published', () => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp();
    await test_.load(COMMENT_TRAPS);
  });
  afterAll(() => test_.close());
  const night = (job: Job) =>
    runNight([job], { ...test_.app, buildMemoryMb: 256, tempDir: test_.app.config.dataDir, maxAttempts: 100 }, 'Asia/Shanghai');

  test.each([
    ['a lost comment', (sql: string) => `select * from (${sql}) limit 4`, 'source comments reconcile', 'weibo: comments: source 5, facts 4'],
    ['all comments lost', (sql: string) => `select * from (${sql}) limit 0`, 'source comments reconcile', 'weibo: comments: source 5, facts 0'],
    ['a comment of a platform that has none', (sql: string) => `select * from (${sql}) union all (select * replace ('demo' as platform) from (${sql}) limit 1)`, 'source comments reconcile', 'demo: comments: source 0, facts 1'],
    ['a lost reply', (sql: string) => `select * replace (replied and hour <> 10 as replied) from (${sql})`, 'source comments reconcile', 'replied: source 5, facts 3'],
    ['likes from nowhere', (sql: string) => `select * replace (7 as likes) from (${sql})`, 'source comments reconcile', 'likes: source 0, facts 35'],
    ['citizens taken for one', (sql: string) => `select * replace ('weibo:xx' as citizen) from (${sql})`, 'source comments reconcile', 'citizens: source 2, facts 1'],
    ['posts taken for one', (sql: string) => `select * replace ('weibo:p1' as post) from (${sql})`, 'source comments reconcile', 'posts: source 2, facts 1'],
    ['one comment under the id of another', (sql: string) => `select * replace ('twice' as interaction_id) from (${sql})`, 'keys unique', '1 keys'],
    ['a reply before its comment', (sql: string) => `select * replace (reply_minutes - 1 as reply_minutes) from (${sql})`, 'nothing negative', 'reply_minutes'],
  ] as const)('%s', async (_, spoil, audit, problem) => {
    const spoiled: Job = { ...interactions, sql: (partition) => (partition.key === MONTH ? spoil(interactions.sql(partition)) : interactions.sql(partition)) };
    expect((await night(spoiled)).jobs).toMatchObject([{ failed: 1 }]);
    const [failed] = await test_.app.store.query<{ partition_key: string; error: string }>(
      "SELECT partition_key, error FROM partition_run WHERE status = 'failed' ORDER BY id DESC LIMIT 1",
    );
    expect(failed!.partition_key).toBe(MONTH);
    expect(failed!.error).toContain(`Audit "${audit}" of interactions ${MONTH}`);
    expect(failed!.error).toContain(problem);
  }); // prettier-ignore

  test('the file as it should be is published by the next night', async () => {
    expect((await night(interactions)).jobs).toEqual([{ job: 'interactions', published: 1, failed: 0, elsewhere: 0 }]);
  });
});
