import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AccountRecord, IngestRecord, PostRecord } from '../../src/ingest/records';
import { FOREVER } from '../../src/model/facts';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { openLoading, type Loading } from '../ingest/loading';
import { readingOf } from '../readings';
import { DIALECTS, type Dialect } from '../stores';
import { comment, COMMENT_TRAPS, LATE_COMMENTS, reply } from './interactionTraps';

const account = (rest: Partial<AccountRecord> = {}): AccountRecord => ({
  kind: 'account', platform: 'weibo', accountId: '2001', observedAt: Date.parse('2012-01-01T12:00:00+08:00'), region: '11', ...rest,
}); // prettier-ignore
const post = (postId: string, rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post', platform: 'weibo', postId, accountId: '2001', postedAt: Date.parse('2012-02-01T08:00:00+08:00'),
  observedAt: Date.parse('2012-06-01T12:00:00+08:00'), text: '', original: true, reposts: 1, comments: 1, likes: null, ...rest,
}); // prettier-ignore
const [COMMENTED, ANSWERED] = ['2012-02-10T23:00:00+08:00', '2012-03-01T09:00:00+08:00'] as const;

describe.each(DIALECTS)('days of comments that become stale, on %s', (dialect) => {
  let loading: Loading;
  beforeAll(async () => {
    loading = await openLoading(dialect);
  });
  afterAll(() => loading.close());
  beforeEach(() => loading.clear());

  /** First and last day of the marks of a second load on top of a first, an account and a post. */
  const marks = async (first: readonly IngestRecord[], ...second: readonly IngestRecord[]): Promise<string[]> => {
    await loading.load(readingOf([account(), account({ observedAt: Date.parse('2012-12-31T12:00:00+08:00') }), post('p1'), ...first]));
    await loading.newMarks();
    await loading.load(readingOf(second));
    return (await loading.newMarks()).flatMap(({ fact, from, to }) =>
      fact === 'interactions' ? [from === to ? from : `${from} ${to}`] : [],
    );
  };
  const CHANGES: readonly [string, readonly IngestRecord[], readonly IngestRecord[], readonly string[]][] = [
    ['its own day, of a new comment', [], [comment('c', COMMENTED)], ['2012-02-10']],
    ['its own day, of a comment that has more likes', [comment('c', COMMENTED, { likes: 1 })], [comment('c', COMMENTED, { likes: 2 })], ['2012-02-10']],
    ['both days, of a comment whose time changed', [comment('c', COMMENTED, { text: '?' })], [comment('c', ANSWERED, { text: '？？' })], ['2012-02-10', '2012-03-01']],
    ['nothing, of a comment that is loaded again', [comment('c', COMMENTED)], [comment('c', COMMENTED)], []],
    ['nothing, of a repost', [], [comment('c', COMMENTED, { form: 'REPOST' })], []],
    ['nothing, of a comment under an unknown post', [], [comment('c', COMMENTED, { accountId: null, postId: 'p2' })], []],
    ['nothing, of a comment of an account', [], [comment('c', COMMENTED, { byAccountId: '2001', citizenHash: null })], []],
    ['the day of the comment, of a reply in a later month', [comment('c', COMMENTED)], [reply('r', 'c', ANSWERED)], ['2012-02-10']],
    ['the day of the comment alone, of both at once', [], [reply('r', 'c', ANSWERED), comment('c', COMMENTED)], ['2012-02-10']],
    ['the day of the comment, when it comes after its reply', [reply('r', 'c', ANSWERED)], [comment('c', COMMENTED)], ['2012-02-10']],
    ['nothing, of a reply to a comment nobody has loaded', [], [reply('r', 'c', ANSWERED)], []],
    ['nothing, of a reply to an account', [comment('c', COMMENTED, { byAccountId: '2001', citizenHash: null })], [reply('r', 'c', ANSWERED)], []],
    ['nothing, of a reply to a comment of another platform', [comment('c', COMMENTED)], [{ ...reply('r', 'c', ANSWERED), platform: 'twitter' }], []],
    ['nothing, of a reply of which only the likes changed', [comment('c', COMMENTED), reply('r', 'c', ANSWERED)], [reply('r', 'c', ANSWERED, '2001', { likes: 5 })], []],
    ['the day of the comment, of a reply whose time changed', [comment('c', COMMENTED), reply('r', 'c', ANSWERED)], [reply('r', 'c', '2012-03-02T09:00:00+08:00')], ['2012-02-10']],
    ['both days, of a reply that turns out to answer another comment', [comment('c', COMMENTED), comment('d', '2012-02-20T09:00:00+08:00'), reply('r', 'c', ANSWERED)], [reply('r', 'd', ANSWERED)], ['2012-02-10', '2012-02-20']],
    ['both days, of a citizen whom another load names an account', [comment('c', COMMENTED), comment('r', ANSWERED, { parentId: 'c' })], [reply('r', 'c', ANSWERED)], ['2012-02-10', '2012-03-01']],
    ['days of comments under a post that becomes known', [comment('c', COMMENTED, { accountId: null, postId: 'p2' }), comment('d', ANSWERED, { accountId: null, postId: 'p2', form: 'REPOST' })], [post('p2')], ['2012-02-10']],
    ['days of comments of a citizen who turns out to be an account', [comment('c', COMMENTED, { citizenHash: null, writerId: '2005' })], [account({ accountId: '2005' })], ['2012-02-10']],
    ['days of comments that such a citizen had answered', [comment('c', COMMENTED), comment('r', ANSWERED, { citizenHash: null, writerId: '2005', parentId: 'c' })], [account({ accountId: '2005' })], ['2012-02-10', '2012-03-01']],
    ['days on which the account was something else', [comment('c', COMMENTED)], [account({ observedAt: Date.parse('2012-02-05T12:00:00+08:00'), region: '44' })], ['2012-02-05 2012-12-30']],
    ['all days of all comments, when the opening of an account becomes known', [comment('c', COMMENTED)], [account({ openedOn: '2011-12-01' })], [`0001-01-01 ${FOREVER}`]],
    ['nothing, of a post that was seen again with other counters', [comment('c', COMMENTED)], [post('p1', { observedAt: Date.parse('2012-07-01T12:00:00+08:00'), comments: 9 })], []],
  ]; // prettier-ignore
  test.each(CHANGES)('%s', async (_, first, second, expected) => {
    expect(await marks(first, ...second)).toEqual(expected);
  });
});

/** The files of all facts after a night after each part, with the key of citizens of an earlier run. */
async function contentOf(
  dialect: Dialect,
  parts: readonly (readonly IngestRecord[])[],
  key?: string,
): Promise<{ content: string; key: string; close(): Promise<void> }> {
  const { app, place, load, close } = await openTestApp(dialect);
  const ownKey = join(place.dataDir, 'citizen.key');
  if (key !== undefined) copyFileSync(key, ownKey);
  for (const part of parts) {
    await load(part);
    const { jobs } = await app.night();
    expect(jobs.map(({ failed }) => failed)).toEqual(jobs.map(() => 0));
  }
  return { content: (await currentSnapshot(app.store))!.contentHash, key: ownKey, close };
}

test.each(DIALECTS)('comments loaded in any order with a night after each part make the facts of one load, on %s', async (dialect) => {
  const all = [...COMMENT_TRAPS, ...LATE_COMMENTS];
  const whole = await contentOf('sqlite', [all]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(all.length), async (order, cut) => {
      const parts = [order.slice(0, cut), order.slice(cut)].filter((part) => part.length > 0);
      const byParts = await contentOf(dialect, parts, whole.key);
      await byParts.close();
      expect(byParts.content).toBe(whole.content);
    }),
    { numRuns: Number(process.env['LAW_NIGHTS'] ?? 1), endOnFailure: true },
  );
  await whole.close();
}); // prettier-ignore
