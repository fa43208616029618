import type { AccountRecord } from '../../src/ingest/records';
import { applyReview, uncertainAccounts } from '../../src/ingest/review';
import { noteRules, refreshDerived } from '../../src/ingest/refresh';
import { readRules } from '../../src/ingest/rules';
import { FOREVER } from '../../src/model/facts';
import { silentLog } from '../../src/log';
import { DIALECTS } from '../stores';
import { CLOCK, openLoading, type Loading } from './loading';
import { readingOf } from '../readings';

const account = (accountId: string, rest: Partial<AccountRecord>): AccountRecord => ({
  kind: 'account',
  platform: 'weibo',
  accountId,
  observedAt: Date.parse('2011-05-01T12:00:00+08:00'),
  ...rest,
});
/** Named as each is by the rules: an agency, one whose post nobody knows, one that the source itself names. */
const SEEN = [
  account('1', { screenName: '平安某某', verifiedType: '1', verifiedReason: '广州市公安局官方微博', followers: 10 }),
  account('2', { screenName: '老张', verifiedType: '0', verifiedReason: '知名人士', followers: 500 }),
  account('3', { screenName: '老李', accountType: 'OFFICIAL', region: '11', followers: 7 }),
];

describe.each(DIALECTS)('attributes that rules assign, on %s', (dialect) => {
  let loading: Loading;
  const current = (id: string) =>
    loading.store.query<Record<string, string | null>>(
      `SELECT account_type, account_type_by, region, region_by, sector, level FROM account_version v JOIN account a ON a.account_key = v.account_key
       WHERE a.account_id = ? ORDER BY valid_from DESC LIMIT 1`,
      [id],
    );
  const review = async (rows: readonly Record<string, string>[], by = 'R. Viewer') =>
    applyReview(
      loading.store,
      await readRules(loading.store, CLOCK.now()),
      rows.map((cells, index) => ({ line: index + 2, cells })),
      by,
      'review.csv',
      CLOCK.now(),
    );
  const decide = (id: string, decisions: Record<string, string>) => ({ platform: 'weibo', account_id: id, note: 'seen', ...decisions });

  beforeEach(async () => {
    loading = await openLoading(dialect);
    await noteRules(loading.store, CLOCK.now());
    await loading.load(readingOf(SEEN));
    await loading.newMarks();
  });
  afterEach(() => loading.close());

  test('each has its reason, and what nothing tells is unknown', async () => {
    const [[agency], [unknown], [stated]] = await Promise.all([current('1'), current('2'), current('3')]);
    expect(agency).toMatchObject({ account_type: 'AGENCY', region: '44', sector: 'PS-POLICE', level: 'L3' });
    expect(agency!['account_type_by']).toMatch(/^T-/);
    expect(unknown).toMatchObject({ account_type: 'UNKNOWN', account_type_by: null, region: 'UNKNOWN', region_by: null });
    expect(stated).toMatchObject({ account_type: 'OFFICIAL', account_type_by: 'STATED', region: '11', region_by: 'STATED' });
  });

  test('the uncertain ones are written for review, and no others', async () => {
    const rules = await readRules(loading.store, CLOCK.now());
    const ask = async (below: number) =>
      (await uncertainAccounts(loading.store, rules, { below, attributes: ['account_type'], limit: 10 })).map((row) => row.account_id);
    expect(await ask(0.5)).toEqual(['2']);
    // Below 1 every rule is in doubt; those with the most followers come first.
    expect(await ask(1)).toEqual(['2', '1']);
    const [row] = await uncertainAccounts(loading.store, rules, { below: 1, attributes: ['region'], limit: 1 });
    expect(row).toMatchObject({
      screen_name: '老张',
      followers: '500',
      account_type: 'UNKNOWN',
      decide_region: '',
      account_type_confidence: '',
    });
  });

  test('a decision counts before sources and rules, for all days, and survives what is loaded later', async () => {
    expect(await review([decide('2', { decide_account_type: 'OFFICIAL', decide_region: '44' })])).toEqual({
      accounts: 1,
      decisions: 2,
      unchanged: 0,
    });
    expect((await current('2'))[0]).toMatchObject({
      account_type: 'OFFICIAL',
      account_type_by: 'REVIEW',
      region: '44',
      region_by: 'REVIEW',
    });
    // Its days, of all facts, and no others.
    expect(await loading.newMarks()).toEqual([
      { fact: 'activity', from: '0001-01-01', to: FOREVER },
      { fact: 'interactions', from: '0001-01-01', to: FOREVER },
      { fact: 'posts', from: '0001-01-01', to: FOREVER },
    ]);
    await loading.load(
      readingOf([account('2', { observedAt: Date.parse('2011-08-01T12:00:00+08:00'), region: '31', screenName: '老张2' })]),
    );
    expect((await current('2'))[0]).toMatchObject({ account_type: 'OFFICIAL', region: '44', region_by: 'REVIEW' });
  });

  test('the same file again changes nothing; a withdrawn decision leaves sources and rules to decide', async () => {
    await review([decide('3', { decide_account_type: 'OTHER' })]);
    await loading.newMarks();
    expect(await review([decide('3', { decide_account_type: 'OTHER' })])).toEqual({ accounts: 0, decisions: 0, unchanged: 1 });
    expect(await loading.newMarks()).toEqual([]);
    expect(await review([decide('3', { decide_account_type: '-' })])).toMatchObject({ decisions: 1 });
    expect((await current('3'))[0]).toMatchObject({ account_type: 'OFFICIAL', account_type_by: 'STATED' });
    const kept = await loading.store.query('SELECT attribute, value, decided_by, note FROM account_decision ORDER BY id');
    expect(kept).toEqual([
      { attribute: 'account_type', value: 'OTHER', decided_by: 'R. Viewer', note: 'seen' },
      { attribute: 'account_type', value: null, decided_by: 'R. Viewer', note: 'seen' },
    ]);
  });

  test('an account known from its posts alone can be decided on too', async () => {
    const postedAt = Date.parse('2011-06-01T12:00:00+08:00');
    const post = {
      kind: 'post',
      platform: 'weibo',
      postId: '9',
      accountId: '4',
      screenName: '某局',
      postedAt,
      observedAt: postedAt,
    } as const;
    await loading.load(readingOf([{ ...post, text: '', original: true, reposts: null, comments: null, likes: null }]));
    await loading.newMarks();
    expect((await current('4'))[0]).toMatchObject({ account_type: 'UNKNOWN', account_type_by: null });
    await review([decide('4', { decide_account_type: 'AGENCY' })]);
    expect((await current('4'))[0]).toMatchObject({ account_type: 'AGENCY', account_type_by: 'REVIEW', region: 'UNKNOWN' });
    expect((await loading.newMarks()).map(({ fact }) => fact)).toEqual(['activity', 'interactions', 'posts']);
  });

  test('a file with one wrong row is refused as a whole, with its line', async () => {
    const good = decide('2', { decide_account_type: 'OFFICIAL' });
    await expect(review([good, decide('1', { decide_level: 'L9' })])).rejects.toThrow('review.csv:3: decide_level: there is no level "L9"');
    await expect(review([good, decide('99', { decide_level: 'L1' })])).rejects.toThrow('review.csv:3: there is no account weibo:99');
    await expect(review([good, { account_id: '1' }])).rejects.toThrow('review.csv:3: platform and account_id');
    expect((await current('2'))[0]).toMatchObject({ account_type: 'UNKNOWN' });
    expect(await loading.newMarks()).toEqual([]);
  });

  test('changed rules are applied to what is there, and mark what they change and nothing else', async () => {
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toEqual({ accounts: 0, posts: 0 });
    await loading.store.write((tx) =>
      tx.run(
        `INSERT INTO account_rule (id, attribute, priority, when_verified_type, when_account_type, field, pattern, excludes, value, confidence, note, source)
         VALUES ('T-TEST', 'account_type', 1, '0', '', 'verified_reason', '知名人士', '', 'OTHER', '0.9', 'celebrities', 'test')`,
      ),
    );
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toEqual({ accounts: 3, posts: 0 });
    expect((await current('2'))[0]).toMatchObject({ account_type: 'OTHER', account_type_by: 'T-TEST' });
    expect((await loading.newMarks()).map(({ fact }) => fact)).toEqual(['activity', 'interactions', 'posts']);
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toEqual({ accounts: 0, posts: 0 });
    expect(await loading.newMarks()).toEqual([]);
  });
});
