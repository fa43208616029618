import fc from 'fast-check';
import type { ParsedRow } from '../../src/ingest/outcome';
import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from '../../src/ingest/records';
import { FOREVER } from '../../src/model/facts';
import { DIALECTS } from '../stores';
import { TRAPS } from '../traps';
import { openLoading, type Loading } from './loading';
import { readingOf } from '../readings';

const at = (iso: string): number => Date.parse(iso);
const account = (rest: Partial<AccountRecord> = {}): AccountRecord => ({
  kind: 'account',
  platform: 'weibo',
  accountId: '1001',
  observedAt: at('2011-05-01T12:00:00+08:00'),
  screenName: '平安甲',
  region: '11',
  ...rest,
});
const post = (rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post',
  platform: 'weibo',
  postId: '3001',
  accountId: '1001',
  postedAt: at('2011-06-10T09:30:00+08:00'),
  observedAt: at('2011-06-20T12:00:00+08:00'),
  text: '微博',
  original: true,
  reposts: 1,
  comments: 2,
  likes: null,
  ...rest,
});
const comment = (rest: Partial<InteractionRecord> = {}): InteractionRecord => ({
  kind: 'interaction',
  platform: 'weibo',
  interactionId: 'c1',
  postId: '3001',
  accountId: '1001',
  parentId: null,
  byAccountId: null,
  citizenHash: 'aa',
  createdAt: at('2011-06-11T09:00:00+08:00'),
  text: '?',
  ...rest,
});

describe.each(DIALECTS)('a load on %s', (dialect) => {
  let loading: Loading;
  beforeAll(async () => {
    loading = await openLoading(dialect);
  });
  afterAll(() => loading.close());
  beforeEach(() => loading.clear());
  const load = (...records: IngestRecord[]) => loading.load(readingOf(records));
  const query = (sql: string) => loading.store.query(sql);

  describe('counts every row once', () => {
    const mixed = [
      account(),
      post(),
      post(),
      post({ reposts: 5, observedAt: at('2011-06-25T12:00:00+08:00') }),
      post({ postId: '3002', accountId: '1002' }),
      post({ postId: '3002', accountId: '1001' }),
      account({ region: '98' }),
      comment({ interactionId: 'm1' }),
      comment({ interactionId: 'm1', text: '??' }),
      comment({ interactionId: 'm2', citizenHash: null }),
    ];

    test('accepted, updated, unchanged and rejected add up to the rows read, and the batch says the same', async () => {
      const summary = await load(...mixed);
      expect(summary).toMatchObject({ rowsRead: 10, accepted: 4, updated: 2, unchanged: 1, rejected: 3, files: 0, skipped: [] });
      const [batch] = await query(`SELECT * FROM ingest_batch WHERE id = ${summary.batch}`);
      expect(batch).toMatchObject({ status: 'complete', rows_read: 10, accepted: 4, updated: 2, unchanged: 1, rejected: 3, error: null });
      expect((await loading.rejects(summary.batch)).map(({ line, field }) => [line, field]).sort()).toEqual([[10, 'citizenHash'], [6, 'accountId'], [7, 'region']]); // prettier-ignore
    });

    test('the same rows again change nothing and make no day stale', async () => {
      // A comment whose text changed would be told its old text again.
      const records = [...mixed.filter((record) => record.kind !== 'interaction' || record.text !== '??'), ...TRAPS];
      await load(...records);
      const before = await loading.dump();
      await loading.newMarks();
      const again = await load(...records);
      expect(again).toMatchObject({ accepted: 0, updated: 0, rejected: 3, unchanged: records.length - 3 });
      expect(await loading.dump()).toEqual(before);
      expect(await loading.newMarks()).toEqual([]);
    });

    test('transactions of some thousand rows are one load: a post that comes again in a later one is an update', async () => {
      const many = Array.from({ length: 4500 }, (_, index) => post({ postId: `p${index}`, accountId: `a${index % 50}` }));
      const again = post({ postId: 'p0', accountId: 'a0', reposts: 9, observedAt: at('2011-07-01T00:00:00Z') });
      expect(await load(...many, again)).toMatchObject({ rowsRead: 4501, accepted: 4500, updated: 1 });
      expect(await query("SELECT reposts FROM post WHERE post_id = 'p0'")).toEqual([{ reposts: 9 }]);
      expect(await query('SELECT COUNT(*) AS posts FROM post')).toEqual([{ posts: 4500 }]);
    });

    test('a source that breaks in the middle fails the load, keeps what was committed, and the next load completes it', async () => {
      const many = Array.from({ length: 3000 }, (_, index) => post({ postId: `p${index}` }));
      const broken = {
        ...readingOf(many),
        async *rows(): AsyncGenerator<ParsedRow> {
          for await (const row of readingOf(many.slice(0, 2500)).rows()) yield row;
          throw new Error('the disk is gone');
        },
      };
      await expect(loading.load(broken)).rejects.toThrow('the disk is gone');
      const [batch] = await query('SELECT * FROM ingest_batch ORDER BY id DESC LIMIT 1');
      expect(batch).toMatchObject({ status: 'failed', rows_read: 2000, accepted: 2000, error: 'the disk is gone' });
      expect(await load(...many)).toMatchObject({ accepted: 1000, unchanged: 2000 });
    });
  });

  describe('of a post that is seen again', () => {
    const seen = (day: string, reposts: number | null, rest: Partial<PostRecord> = {}): PostRecord =>
      post({ observedAt: at(`${day}T12:00:00+08:00`), reposts, ...rest });
    const now = () => query('SELECT reposts, observed_at FROM post');
    const earlier = () => query('SELECT reposts, observed_at, seq FROM post_observation ORDER BY observed_at, seq');

    test('the post carries the last counters, and the earlier ones are kept', async () => {
      await load(seen('2011-06-20', 1));
      expect(await load(seen('2011-06-22', 7))).toMatchObject({ updated: 1, accepted: 0 });
      expect(await now()).toEqual([{ reposts: 7, observed_at: '2011-06-22 04:00:00.000' }]);
      expect(await earlier()).toEqual([{ reposts: 1, observed_at: '2011-06-20 04:00:00.000', seq: 0 }]);
    });

    test('an older observation that arrives later overwrites nothing', async () => {
      await load(seen('2011-06-22', 7, { text: 'new' }));
      expect(await load(seen('2011-06-20', 1, { text: 'old' }))).toMatchObject({ updated: 1 });
      expect(await query('SELECT reposts, text FROM post')).toEqual([{ reposts: 7, text: 'new' }]);
      expect(await earlier()).toEqual([{ reposts: 1, observed_at: '2011-06-20 04:00:00.000', seq: 0 }]);
      expect(await load(seen('2011-06-20', 1))).toMatchObject({ unchanged: 1 });
    });

    test('other counters of the same moment are a further observation, and a counter that was not collected is not 0', async () => {
      await load(seen('2011-06-20', 1), seen('2011-06-20', 2), seen('2011-06-20', null), seen('2011-06-20', 1));
      // Of one moment the largest counts, whatever came first.
      expect(await now()).toEqual([{ reposts: 2, observed_at: '2011-06-20 04:00:00.000' }]);
      expect((await earlier()).map(({ reposts, seq }) => [reposts, seq])).toEqual([[null, 0], [1, 1]]); // prettier-ignore
    });

    test('under the name of another account it is rejected, and that account does not come to be', async () => {
      await load(post());
      const summary = await load(post({ accountId: '6666', reposts: 9 }));
      expect(summary).toMatchObject({ rejected: 1, updated: 0 });
      expect(await loading.rejects(summary.batch)).toEqual([
        {
          file: 'test',
          line: 1,
          field: 'accountId',
          reason: 'Post 3001 is already known as a post of another account.',
          raw: JSON.stringify(post({ accountId: '6666', reposts: 9 })),
        },
      ]);
      expect(await query("SELECT * FROM account WHERE account_id = '6666'")).toEqual([]);
      expect(await query('SELECT COUNT(*) AS versions FROM account_version')).toEqual([{ versions: 1 }]);
    });

    test('the same id on another platform is another post', async () => {
      expect(await load(post(), post({ platform: 'twitter' }))).toMatchObject({ accepted: 2 });
    });

    test('ids beyond 2^53 are two, counts beyond 2^31 are exact, and the length is counted in characters', async () => {
      const ids = ['9007199254740992', '9007199254740993', '18446744073709551615'];
      await load(...ids.map((postId) => post({ postId, text: '😀微a', reposts: 5_000_000_001 })));
      expect(await query('SELECT post_id, reposts, text_length FROM post ORDER BY post_id')).toEqual(
        [ids[2], ids[0], ids[1]].map((post_id) => ({ post_id, reposts: 5_000_000_001, text_length: 3 })),
      );
    });

    test('midnight in Beijing parts two days', async () => {
      await load(
        post({ postId: '1', postedAt: at('2011-12-31T15:59:59Z'), observedAt: at('2012-02-01T00:00:00Z') }),
        post({ postId: '2', postedAt: at('2011-12-31T16:00:00Z'), observedAt: at('2012-02-01T00:00:00Z') }),
      );
      expect(await query('SELECT posted_day, posted_hour FROM post ORDER BY post_id')).toEqual([
        { posted_day: '2011-12-31', posted_hour: 23 },
        { posted_day: '2012-01-01', posted_hour: 0 },
      ]);
      expect(await query('SELECT first_post_on, last_post_on, first_observed_on, last_observed_on FROM account')).toEqual([
        { first_post_on: '2011-12-31', last_post_on: '2012-01-01', first_observed_on: '2011-12-31', last_observed_on: '2012-02-01' },
      ]);
    });
  });

  describe('of accounts', () => {
    const versions = () => query('SELECT valid_from, valid_to, screen_name, region, account_type FROM account_version ORDER BY valid_from');

    test('a new name is a new version from the day it was seen, and what was not said again holds on', async () => {
      await load(account({ verifiedType: '1' }));
      await load(account({ observedAt: at('2011-08-01T00:00:00+08:00'), screenName: '平安乙', region: null }));
      expect(await versions()).toEqual([
        { valid_from: '0001-01-01', valid_to: '2011-08-01', screen_name: '平安甲', region: '11', account_type: 'AGENCY' },
        { valid_from: '2011-08-01', valid_to: null, screen_name: '平安乙', region: '11', account_type: 'AGENCY' },
      ]);
      // Late knowledge of an earlier name takes its place in between.
      await load(account({ observedAt: at('2011-07-01T00:00:00+08:00'), screenName: '平安丙', region: '44' }));
      expect((await versions()).map(({ valid_from, screen_name, region }) => [valid_from, screen_name, region])).toEqual([['0001-01-01', '平安甲', '11'], ['2011-07-01', '平安丙', '44'], ['2011-08-01', '平安乙', '44']]); // prettier-ignore
    });

    test('a verification code and a location imply type and place; what the source itself says counts more', async () => {
      await load(
        account({ region: null, verifiedType: '3', location: '广东 广州' }),
        account({ accountId: '1002', region: null, verifiedType: '0', location: '北京 海淀区' }),
        account({ accountId: '1003', region: '31', accountType: 'OFFICIAL', verifiedType: '1', location: '火星' }),
      );
      const [first, second, third] = await query(
        'SELECT account_type, region, prefecture FROM account JOIN account_version USING (account_key) ORDER BY account_id',
      );
      expect(first).toEqual({ account_type: 'MEDIA', region: '44', prefecture: '440100' });
      expect(second).toEqual({ account_type: 'UNKNOWN', region: '11', prefecture: 'UNKNOWN' });
      expect(third).toEqual({ account_type: 'OFFICIAL', region: '31', prefecture: 'UNKNOWN' });
    });

    test('an account known from posts alone has the name printed there, until a record describes it', async () => {
      await load(post());
      expect(await versions()).toMatchObject([{ valid_from: '0001-01-01', valid_to: null, screen_name: null, region: 'UNKNOWN' }]);
      await load(post({ postId: '3002', screenName: '乙' }), post({ postId: '3003', screenName: '丙' }));
      await load(post({ postId: '3004', screenName: '丁' }));
      expect(await versions()).toMatchObject([{ screen_name: '丁' }]);
      await load(account({ screenName: null }));
      expect(await versions()).toMatchObject([{ screen_name: null, region: '11' }]);
      await load(post({ postId: '3005', screenName: '戊' }));
      expect(await versions()).toMatchObject([{ screen_name: null, region: '11' }]);
    });

    test('what says nothing new of the same moment is unchanged, what says more is an update', async () => {
      await load(account({ followers: 5 }));
      expect(await load(account({ screenName: null, region: null, followers: 5 }))).toMatchObject({ unchanged: 1 });
      expect(await load(account({ followers: 5, level: 'L3' }))).toMatchObject({ updated: 1 });
      expect(await query('SELECT seq, followers, level FROM account_observation ORDER BY seq')).toEqual([
        { seq: 0, followers: 5, level: 'L3' },
      ]);
    });
  });

  describe('rejects what cannot be', () => {
    const FUTURE = at('2026-02-01T00:00:00Z');
    test.each<[string, IngestRecord, string, RegExp]>([
      ['an unknown platform', post({ platform: 'weibbo' }), 'platform', /no platform "weibbo"\. Did you mean "weibo"\?/],
      ['an unknown region', account({ region: '98' }), 'region', /no region "98"/],
      ['a name for a region', account({ region: '广东' }), 'region', /no region "广东"\. The code of 广东 is "44"\./],
      ['an English name', account({ sector: 'tourism' }), 'sector', /The code of tourism is "TO-TOUR"\./],
      ['a prefecture for a region', account({ region: '440100' }), 'region', /no region "440100"/],
      ['a region for a prefecture', account({ prefecture: '44' }), 'prefecture', /no prefecture "44"/],
      ['an unknown sector', account({ sector: 'PS-POLIC' }), 'sector', /Did you mean "PS-POLICE"\?/],
      ['an unknown level', account({ level: 'L9' }), 'level', /no level "L9"\. Did you mean "L/],
      ['an unknown account type', account({ accountType: 'agency' }), 'accountType', /Did you mean "AGENCY"\?/],
      ['a day that does not exist', account({ openedOn: '2011-02-29' }), 'openedOn', /"2011-02-29" is not a day/],
      ['an opening before there were any', account({ openedOn: '1970-01-01' }), 'openedOn', /before 2006/],
      ['an opening in the future', account({ openedOn: '2026-01-17' }), 'openedOn', /lies in the future/],
      ['attributes from before there were any', account({ validFrom: '1900-01-01' }), 'validFrom', /before 2006/],
      ['attributes that end before they begin', account({ validFrom: '2011-05-01', validTo: '2011-05-01' }), 'validTo', /after 2011-05-01/],
      ['an account seen in the future', account({ observedAt: FUTURE }), 'observedAt', /future/],
      ['followers that are no number', account({ followers: Number.NaN }), 'followers', /NaN is not a count/],
      ['a name that is too long', account({ screenName: '名'.repeat(121) }), 'screenName', /longer than 120/],
      ['a description that is too long', account({ description: '介'.repeat(22_000) }), 'description', /longer than 65535 bytes/],
      ['an account id with a space', account({ accountId: 'a b' }), 'accountId', /"a b" is not an account id/],
      ['a post in the future', post({ postedAt: FUTURE }), 'postedAt', /future/],
      ['a post before there were any', post({ postedAt: at('1970-01-01T00:00:10Z') }), 'postedAt', /before 2006/],
      ['a post seen in the future', post({ observedAt: FUTURE }), 'observedAt', /future/],
      ['a post without a time', post({ postedAt: Number.NaN }), 'postedAt', /2006/],
      ['a negative count', post({ comments: -1 }), 'comments', /-1 is not a count/],
      ['a count beyond what is exact', post({ reposts: 2 ** 53 }), 'reposts', /is not a count/],
      ['a post id with a space', post({ postId: '3 1' }), 'postId', /"3 1" is not an id/],
      ['an address for a reposted post', post({ repostOfId: `https://weibo.com/${'1'.repeat(40)}` }), 'repostOfId', /is not an id/],
      ['a text that is too long', post({ text: '字'.repeat(21_846) }), 'text', /longer than 65535 bytes/],
      ['a comment of nobody', comment({ citizenHash: null }), 'citizenHash', /needs the account or the citizen/],
      ['a comment without an id', comment({ interactionId: '' }), 'interactionId', /is not an id/],
    ])('%s', async (_, record, field, reason) => {
      const summary = await load(record);
      expect(summary).toMatchObject({ rowsRead: 1, rejected: 1, accepted: 0 });
      expect(await loading.rejects(summary.batch)).toEqual([
        {
          file: 'test',
          line: 1,
          field,
          reason: expect.stringMatching(reason),
          raw: expect.stringContaining(JSON.stringify(record).slice(0, 60)),
        },
      ]);
      expect(Object.values(await loading.dump()).flat()).toEqual([]);
    });

    test('what just fits is taken whole', async () => {
      const longest = post({
        text: '字'.repeat(21_845),
        postId: 'x'.repeat(40),
        repostOfId: '9'.repeat(40),
        observedAt: at('2026-01-15T00:00:00Z'),
      });
      const widest = account({
        screenName: '😀'.repeat(120),
        verifiedReason: '由'.repeat(400),
        location: '地'.repeat(120),
        followers: 2 ** 53 - 1,
      });
      expect(await load(longest, widest)).toMatchObject({ accepted: 2, rejected: 0 });
      expect(await query('SELECT text_length FROM post')).toEqual([{ text_length: 21_845 }]);
      expect(await query('SELECT screen_name, followers FROM account_observation')).toEqual([
        { screen_name: '😀'.repeat(120), followers: 2 ** 53 - 1 },
      ]);
    });
  });

  describe('marks as stale', () => {
    const every = (from: string, to: string) => ['activity', 'interactions', 'posts'].map((fact) => ({ fact, from, to }));
    /** The marks of a load on top of an account seen all through 2011 and two of its posts. */
    const marksOf = async (...records: IngestRecord[]) => {
      await load(
        account({ openedOn: '2010-01-01', observedAt: at('2011-01-01T12:00:00+08:00') }),
        account({ observedAt: at('2011-12-31T12:00:00+08:00') }),
        post({ postId: '1', postedAt: at('2011-01-02T00:00:00+08:00') }),
        post(),
        comment(),
      );
      await loading.newMarks();
      await load(...records);
      return loading.newMarks();
    };

    test('posts and activity from the day of a new post on, for as long as silence is counted', async () => {
      expect(await marksOf(post({ postId: '2', postedAt: at('2011-03-01T23:59:59+08:00') }))).toEqual([
        { fact: 'activity', from: '2011-03-01', to: '2011-05-30' },
        { fact: 'posts', from: '2011-03-01', to: '2011-05-30' },
      ]);
    });

    test('the day of a post whose counters changed, but not of one that was merely seen again', async () => {
      const later = at('2011-06-30T12:00:00+08:00');
      expect(await marksOf(post({ observedAt: later, reposts: 9 }))).toEqual([
        { fact: 'activity', from: '2011-06-10', to: '2011-09-08' },
        { fact: 'posts', from: '2011-06-10', to: '2011-06-10' },
      ]);
      await loading.clear();
      expect(await marksOf(post({ observedAt: later }))).toEqual([]);
      await loading.clear();
      expect(await marksOf(post({ observedAt: at('2011-06-11T12:00:00+08:00'), reposts: 0 }))).toEqual([]);
    });

    test.each<[string, Partial<PostRecord>, string]>([
      ['text', { text: '改' }, '2011-06-10'],
      ['originality', { original: false }, '2011-06-10'],
      // The silence before the next post of the account is another one.
      ['minute', { postedAt: at('2011-06-10T09:31:00+08:00') }, '2011-09-08'],
      ['hour', { postedAt: at('2011-06-10T10:30:00+08:00') }, '2011-09-08'],
    ])('the day of a post whose %s changed, though its counters did not', async (_, change, to) => {
      const marks = await marksOf(post({ observedAt: at('2011-06-30T12:00:00+08:00'), ...change }));
      expect(marks).toContainEqual({ fact: 'posts', from: '2011-06-10', to });
    });

    test('both days of a post that moved', async () => {
      const moved = post({ observedAt: at('2011-06-30T12:00:00+08:00'), postedAt: at('2011-10-01T00:00:00+08:00') });
      expect(await marksOf({ ...moved, observedAt: at('2011-10-02T12:00:00+08:00') })).toEqual([
        { fact: 'activity', from: '2011-06-10', to: '2011-09-08' },
        { fact: 'activity', from: '2011-10-01', to: '2011-12-30' },
        { fact: 'posts', from: '2011-06-10', to: '2011-09-08' },
        { fact: 'posts', from: '2011-10-01', to: '2011-12-30' },
      ]);
    });

    test('everything from the day of a change of attributes on', async () => {
      expect(await marksOf(account({ observedAt: at('2011-08-01T12:00:00+08:00'), region: '44' }))).toEqual(
        every('2011-08-01', '2011-12-30'),
      );
      await loading.clear();
      expect(await marksOf(account({ observedAt: at('2012-08-01T12:00:00+08:00'), region: '44' }))).toEqual([
        { fact: 'activity', from: '2011-12-31', to: FOREVER },
        { fact: 'interactions', from: '2012-08-01', to: FOREVER },
        { fact: 'posts', from: '2012-08-01', to: FOREVER },
      ]);
    });

    test('the activity of a new account from its first day on', async () => {
      expect(await marksOf(account({ accountId: '1009', openedOn: '2010-07-01' }))).toEqual([
        { fact: 'activity', from: '2010-07-01', to: FOREVER },
      ]);
    });

    test('all activity from the first post of an account on, which had never posted until then', async () => {
      await load(account({ accountId: '1009' }), account({ accountId: '1009', observedAt: at('2011-12-31T12:00:00+08:00') }));
      await loading.newMarks();
      await load(post({ postId: '9', accountId: '1009' }));
      expect(await loading.newMarks()).toEqual([
        { fact: 'activity', from: '2011-06-10', to: FOREVER },
        { fact: 'posts', from: '2011-06-10', to: '2011-09-08' },
      ]);
      await load(post({ postId: '8', accountId: '1009', postedAt: at('2011-05-10T09:30:00+08:00') }));
      expect(await loading.newMarks()).toEqual([
        { fact: 'activity', from: '2011-05-10', to: '2011-08-08' },
        { fact: 'posts', from: '2011-05-10', to: '2011-08-08' },
      ]);
    });

    test('everything of an account whose opening becomes known: posts and comments too carry its month', async () => {
      await load(account({ accountId: '1009' }), post({ postId: '9', accountId: '1009' }));
      await loading.newMarks();
      await load(account({ accountId: '1009', openedOn: '2011-02-01' }));
      expect(await loading.newMarks()).toEqual([
        { fact: 'activity', from: '2011-02-01', to: FOREVER },
        { fact: 'interactions', from: '0001-01-01', to: FOREVER },
        { fact: 'posts', from: '2011-02-01', to: FOREVER },
      ]);
    });

    test('all activity after an earlier first observation: the age of the account is counted from there', async () => {
      const marks = await marksOf(account({ observedAt: at('2010-06-01T12:00:00+08:00') }));
      expect(marks).toContainEqual({ fact: 'activity', from: '2010-06-01', to: FOREVER });
    });

    test('the days between two observations, once the second has come', async () => {
      expect(await marksOf(account({ observedAt: at('2012-01-10T12:00:00+08:00') }))).toEqual([
        { fact: 'activity', from: '2011-12-31', to: '2012-01-10' },
      ]);
    });

    test('the days on which a number of followers holds, and the one on which the next is told', async () => {
      await load(
        account({ observedAt: at('2011-03-01T12:00:00+08:00'), followers: 3 }),
        account({ observedAt: at('2011-01-01T12:00:00+08:00') }),
      );
      await load(account({ observedAt: at('2012-03-01T12:00:00+08:00'), followers: 9 }));
      await loading.newMarks();
      await load(account({ observedAt: at('2011-07-01T12:00:00+08:00'), followers: 5 }));
      expect(await loading.newMarks()).toEqual([{ fact: 'activity', from: '2011-07-01', to: '2012-03-01' }]);
    });

    test('all activity with the first comment of a platform, then the day of each reply of an account', async () => {
      const day = { from: '2011-06-11', to: '2011-06-11' };
      const reply = comment({ interactionId: 'r1', parentId: 'c1', byAccountId: '1001', citizenHash: null });
      expect(await marksOf(reply)).toEqual([{ fact: 'activity', ...day }, { fact: 'interactions', ...day }]); // prettier-ignore
      await load(comment({ interactionId: 'c2' }));
      expect(await loading.newMarks()).toEqual([{ fact: 'interactions', ...day }]);
      await load(comment({ platform: 'twitter' }));
      expect(await loading.newMarks()).toEqual([
        { fact: 'activity', from: '0001-01-01', to: FOREVER },
        { fact: 'interactions', ...day },
      ]);
    });

    test('nothing for a row that was rejected', async () => {
      expect(await marksOf(post({ accountId: '6666', reposts: 9 }), account({ region: '98' }))).toEqual([]);
    });
  });

  describe('does not depend on the order of loading', () => {
    // Nothing here is said twice of the same moment: of two such words the one that arrives last counts.
    const days = ['2011-03-01', '2011-05-20', '2011-08-03', '2011-12-30'];
    const records: IngestRecord[] = [
      ...TRAPS,
      ...days.map(
        (day, index) =>
        account({
          accountId: '2001', observedAt: at(`${day}T01:00:00Z`), screenName: ['甲', null, '乙', '甲'][index]!, region: [null, '11', '44', null][index]!,
          openedOn: [null, '2010-05-05', '2010-04-04', null][index]!, followers: [null, 10, 30, 20][index]!, validTo: index === 1 ? '2011-06-01' : null,
        }), // prettier-ignore
      ),
      ...['x', 'y'].flatMap((postId, shift) =>
        days.map(
          (day, index) =>
          post({
            postId, accountId: shift === 0 ? '2001' : '2002', screenName: shift === 0 ? null : ['丙', null, '丁', '乙'][index]!,
            postedAt: at(`2011-02-1${index}T20:00:00Z`), observedAt: at(`${day}T02:00:00Z`), reposts: [5, 5, 9, null][index]!, text: `${index}`,
          }), // prettier-ignore
        ),
      ),
      comment({ interactionId: 'c9', accountId: '2002', postId: 'y' }),
      comment({ interactionId: 'r9', accountId: '2003', postId: 'z', parentId: 'c9', byAccountId: '2001' }),
    ];

    test('any order, and any split into loads, give the same store', async () => {
      await load(...records);
      const expected = await loading.dump();
      expect(expected.account_version.length).toBeGreaterThan(expected.account.length);
      expect(expected.post_observation.length).toBeGreaterThan(5);
      const loads = fc
        .tuple(fc.shuffledSubarray(records, { minLength: records.length }), fc.array(fc.nat(records.length), { maxLength: 5 }))
        .map(([order, cuts]) => {
          const ends = [...cuts, records.length].sort((a, b) => a - b);
          return ends.map((end, index) => order.slice(ends[index - 1] ?? 0, end));
        });
      await fc.assert(
        fc.asyncProperty(loads, async (parts) => {
          await loading.clear();
          for (const part of parts) expect(await load(...part)).toMatchObject({ rowsRead: part.length, rejected: 0 });
          expect(await loading.dump()).toEqual(expected);
        }),
        { numRuns: dialect === 'sqlite' ? 40 : 10 },
      );
    });
  });
});

const testOnBoth = DIALECTS.length === 2 ? test : test.skip;
testOnBoth('both stores hold the same after the same load', async () => {
  const dumps = [];
  for (const dialect of DIALECTS) {
    const loading = await openLoading(dialect);
    await loading.load(readingOf(TRAPS));
    dumps.push(await loading.dump());
    await loading.close();
  }
  expect(dumps[1]).toEqual(dumps[0]);
});
