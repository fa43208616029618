import fc from 'fast-check';
import type { PostRecord } from '../../../src/ingest/records';
import { DIALECTS } from '../../stores';
import { reordered } from './anyRecords';
import { readingOf } from '../../readings';
import { openLawfulStore, wrongBooks, type LawfulStore } from './lawfulStore';

/** One crawl: which posts it had, at one moment; an exhaustive one would have had all between the first and the last. */
interface Crawl {
  readonly at: string;
  readonly exhaustive: boolean;
  readonly had: readonly number[];
  readonly says: readonly { readonly post: number; readonly status: 'DELETED' | 'HIDDEN'; readonly actor: 'AUTHOR' | 'UNKNOWN' }[];
}

const POSTED = ['2025-12-01T08:00:00Z', '2025-12-02T15:59:00Z', '2025-12-02T16:01:00Z', '2025-12-05T08:00:00Z', '2025-12-06T08:00:00Z'];
const ACCOUNT_OF = ['1001', '1001', '1001', '1001', '1002'];
const CRAWLED = ['2025-12-08T00:00:00Z', '2025-12-09T00:00:00Z', '2025-12-10T00:00:00Z', '2025-12-12T00:00:00Z', '2026-01-01T00:00:00Z'];
const at = (text: string): number => Date.parse(text);

const anyCrawl: fc.Arbitrary<Crawl> = fc.record({
  at: fc.constantFrom(...CRAWLED),
  exhaustive: fc.boolean(),
  had: fc.uniqueArray(fc.nat(POSTED.length - 1), { minLength: 1 }),
  says: fc.array(
    fc.record({
      post: fc.nat(POSTED.length - 1),
      status: fc.constantFrom('DELETED' as const, 'HIDDEN' as const),
      actor: fc.constantFrom('AUTHOR' as const, 'UNKNOWN' as const),
    }),
    { maxLength: 1 },
  ),
});

const post = (index: number, observedAt: number, rest: Partial<PostRecord> = {}): PostRecord => ({
  kind: 'post',
  platform: 'weibo',
  postId: `p${index}`,
  accountId: ACCOUNT_OF[index]!,
  postedAt: at(POSTED[index]!),
  observedAt,
  text: '微博',
  original: true,
  reposts: null,
  comments: null,
  likes: null,
  ...rest,
});

/** A naive second way to it: whether a post still exists after some crawls, whatever the order of loading them. */
function existence(index: number, crawls: readonly Crawl[]): object | undefined {
  const seen = crawls.filter(({ had }) => had.includes(index)).map((crawl) => crawl.at).sort(); // prettier-ignore
  const last = seen.at(-1);
  if (last === undefined) return undefined;
  const lacking = crawls.filter((crawl) => {
    const times = crawl.had.filter((one) => ACCOUNT_OF[one] === ACCOUNT_OF[index]).map((one) => POSTED[one]!);
    return (
      crawl.exhaustive && crawl.at > last && times.some((time) => time <= POSTED[index]!) && times.some((time) => time >= POSTED[index]!)
    );
  });
  const said = crawls.flatMap((crawl) =>
    crawl.says.filter((one) => one.post === index && crawl.at >= last).map((one) => ({ ...one, at: crawl.at })),
  );
  const gone = [...lacking, ...said].map((one) => one.at).sort()[0];
  if (gone === undefined) return { status: 'VISIBLE', status_actor: null, missed_at: null };
  const newest = said.map((one) => one.at).sort().at(-1); // prettier-ignore
  const words = said.filter((one) => one.at === newest);
  const word = words.find(({ status, actor }) => status === 'DELETED' && actor === 'AUTHOR') ?? words.find(({ status }) => status === 'DELETED')
    ?? words.find(({ actor }) => actor === 'AUTHOR') ?? words[0]; // prettier-ignore
  const missed_at = gone.replace('T', ' ').replace('Z', '.000');
  return word === undefined
    ? { status: 'MISSING', status_actor: 'UNKNOWN', missed_at }
    : { status: word.status, status_actor: word.actor, missed_at };
}

describe.each(DIALECTS)('exhaustive crawls on %s', (dialect) => {
  let lawful: LawfulStore;
  beforeAll(async () => {
    lawful = await openLawfulStore(dialect);
  });
  afterAll(() => lawful.close());
  beforeEach(() => lawful.clear());

  const load = ({ at: crawledAt, had, says, exhaustive }: Crawl) =>
    lawful.load(
      readingOf([
        ...had.map((index) => post(index, at(crawledAt))),
        ...says.map(({ post: index, ...one }) => ({ kind: 'status' as const, platform: 'weibo', postId: `p${index}`, observedAt: at(crawledAt), evidence: null, ...one })),
      ]),
      { exhaustive },
    ); // prettier-ignore
  const found = async () =>
    (await lawful.dump()).post.map(({ post_id, status, status_actor, missed_at }) => [post_id, { status, status_actor, missed_at }]);

  test('loaded before or after the crawls that still had a post, say the same of its existence', async () => {
    const crawls = fc.array(anyCrawl, { minLength: 2, maxLength: 6, size: 'max' });
    await fc.assert(
      fc.asyncProperty(crawls.chain((some) => reordered(some).map((parts) => ({ some, parts }))), async ({ some, parts }) => {
        const expected = POSTED.map((_, index) => [`p${index}`, existence(index, some)]).filter(([, one]) => one !== undefined);
        for (const order of [some, parts.flat()]) {
          await lawful.clear();
          for (const crawl of order) await load(crawl);
          expect(await found()).toEqual(expected);
        }
        const mark = await lawful.lastMark();
        for (const crawl of some) expect(await load(crawl)).toMatchObject({ accepted: 0, updated: 0 });
        expect(await found()).toEqual(expected);
        expect(await lawful.lastMark()).toBe(mark);
        expect(await wrongBooks(lawful.store)).toEqual([]);
      }),
      { numRuns: dialect === 'sqlite' ? 30 : 8 },
    ); // prettier-ignore
  });

  test('do not reach as far as a misread time', async () => {
    await load({ at: CRAWLED[0]!, exhaustive: false, had: [0, 1, 2, 3], says: [] });
    const summary = await lawful.load(
      readingOf([
        post(1, at(CRAWLED[1]!)),
        post(2, at(CRAWLED[1]!)),
        post(1, at(CRAWLED[1]!), { postId: 'x', postedAt: at('1999-01-01T00:00:00Z') }),
        post(2, at(CRAWLED[1]!), { postId: 'y', postedAt: at('2199-01-01T00:00:00Z') }),
      ]),
      { exhaustive: true },
    );
    expect(summary).toMatchObject({ updated: 2, rejected: 2 });
    expect((await found()).map(([, one]) => (one as { status: string }).status)).toEqual(['VISIBLE', 'VISIBLE', 'VISIBLE', 'VISIBLE']);
  });

  test('of which every row is rejected leave nothing behind', async () => {
    const rows = [post(0, at(CRAWLED[0]!), { platform: 'wiebo' }), post(1, at(CRAWLED[0]!), { accountId: 'no id' })];
    expect(await lawful.load(readingOf(rows), { exhaustive: true })).toMatchObject({ rowsRead: 2, rejected: 2 });
    expect(await lawful.dump()).toMatchObject({ account: [], crawl_span: [], post: [] });
  });

  test('are none where the source does not say when it looked: its posts stay as they were found', async () => {
    const undated = (index: number, moment: string): PostRecord => post(index, at(moment), { undated: true });
    await lawful.load(readingOf([0, 1, 2].map((index) => undated(index, CRAWLED[0]!))), { exhaustive: true });
    await lawful.load(readingOf([0, 2].map((index) => undated(index, CRAWLED[1]!))), { exhaustive: true });
    expect((await found()).map(([id, one]) => [id, (one as { status: string }).status])).toEqual([['p0', 'VISIBLE'], ['p1', 'VISIBLE'], ['p2', 'VISIBLE']]); // prettier-ignore
  });
});
