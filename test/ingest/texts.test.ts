import { refreshDerived } from '../../src/ingest/refresh';
import type { PostRecord } from '../../src/ingest/records';
import { silentLog } from '../../src/log';
import { DIALECTS } from '../stores';
import { CLOCK, openLoading, type Loading } from './loading';
import { readingOf } from '../readings';

const post = (postId: string, day: string, text: string): PostRecord => ({
  kind: 'post',
  platform: 'weibo',
  postId,
  accountId: '1',
  postedAt: Date.parse(`${day}T09:30:00+08:00`),
  observedAt: Date.parse('2012-01-20T12:00:00+08:00'),
  text,
  original: true,
  reposts: 1,
  comments: 2,
  likes: null,
});

describe.each(DIALECTS)('features of texts, on %s', (dialect) => {
  let loading: Loading;
  const slang = () => loading.store.query('SELECT post_id, slang, text_rules FROM post ORDER BY post_id');
  beforeAll(async () => {
    loading = await openLoading(dialect);
    await loading.load(
      readingOf([post('1', '2011-03-01', '今天很呱呱叫'), post('2', '2011-05-01', '今天很呱呱叫'), post('3', '2011-05-02', '平常')]),
    );
    await loading.newMarks();
  });
  afterAll(() => loading.close());

  test('are there when the post is, with the version of their rules', async () => {
    const rows = await slang();
    expect(rows.map((row) => row['slang'])).toEqual([0, 0, 0]);
    expect(new Set(rows.map((row) => row['text_rules'])).size).toBe(1);
    expect(rows[0]!['text_rules']).toMatch(/^[0-9a-f]{12}$/);
  });

  test('a new term of the lexicon is counted from its day on, and only the days that it changes are marked', async () => {
    const [before] = await slang();
    await loading.store.write((tx) =>
      tx.insert(
        'lexicon',
        ['term', 'kind', 'since', 'meaning', 'source', 'confidence'],
        [['呱呱叫', 'slang', '2011-04-01', 'great', 'test', 'test']],
      ),
    );
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toMatchObject({ posts: 3 });
    const after = await slang();
    expect(after.map((row) => row['slang'])).toEqual([0, 1, 0]);
    expect(after[0]!['text_rules']).not.toBe(before!['text_rules']);
    expect(await loading.newMarks()).toEqual([{ fact: 'posts', from: '2011-05-01', to: '2011-05-01' }]);
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toMatchObject({ posts: 0 });
  });

  test('a mention that the rules count otherwise marks the day of accounts too, which count mentions', async () => {
    await loading.newMarks();
    await loading.store.write((tx) => tx.run("UPDATE post SET mentions = 5, text_rules = 'earlier' WHERE post_id = '3'"));
    expect(await refreshDerived(loading.store, CLOCK.now(), silentLog)).toMatchObject({ posts: 1 });
    const day = { from: '2011-05-02', to: '2011-05-02' };
    expect(await loading.newMarks()).toEqual([{ fact: 'activity', ...day }, { fact: 'posts', ...day }]); // prettier-ignore
  });
});
