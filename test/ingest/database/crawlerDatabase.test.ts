import { asyncProperty, array, assert, constantFrom, integer, oneof, record } from 'fast-check';
import { fixedClock } from '../../../src/clock';
import { crawlerDatabase, type DatabaseOptions, type DatabaseReading } from '../../../src/ingest/database/crawlerDatabase';
import type { SourceMarks } from '../../../src/ingest/database/marks';
import type { Shape } from '../../../src/ingest/formats/shape';
import type { ParsedRow } from '../../../src/ingest/outcome';
import type { PostRecord } from '../../../src/ingest/records';
import { readCount, readId } from '../../../src/ingest/values';
import { DIALECTS, type Dialect } from '../../stores';
import { freshCrawl, type Crawl } from './crawls';

const CLOCK = fixedClock('2026-01-15T04:00:00Z');
const NOW = CLOCK.now().getTime();

const POSTS: Shape = {
  format: 'test-crawler',
  what: 'posts',
  needs: ['id', 'user_id', 'text', 'likes'],
  lacks: ['root_id'],
  read: (cell, { observedAt, undated }) =>
    cell('text') === 'nothing'
      ? []
      : [
          {
            kind: 'post', platform: 'weibo', postId: readId('id', cell('id')), accountId: readId('user_id', cell('user_id')), postedAt: 0, observedAt,
            text: cell('text') ?? '(none)', original: true, reposts: null, comments: null, likes: readCount('likes', cell('likes')), undated,
          },
        ], // prettier-ignore
};
const ACCOUNTS: Shape = {
  format: 'test-crawler',
  what: 'accounts',
  needs: ['id', 'name'],
  table: 'zusers',
  read: (cell, { observedAt }) => [{ kind: 'account', platform: 'weibo', accountId: readId('id', cell('id')), observedAt, screenName: cell('name') ?? null }], // prettier-ignore
};
const SHAPES = [POSTS, ACCOUNTS];
const NOTHING: SourceMarks = { source: '', buckets: [] };

const open = (crawl: Crawl, options: Partial<DatabaseOptions> = {}): Promise<DatabaseReading> =>
  crawlerDatabase(crawl.source, SHAPES, { observedAt: null, full: false, known: NOTHING, ...options }, CLOCK);

interface Read {
  readonly rows: readonly ParsedRow[];
  readonly ids: readonly string[];
  readonly marks: SourceMarks;
  readonly unread: number;
}
async function read(crawl: Crawl, options: Partial<DatabaseOptions> = {}): Promise<Read> {
  const reading = await open(crawl, options);
  const rows: ParsedRow[] = [];
  for await (const row of reading.rows()) rows.push(row);
  expect(reading.meter.done).toBe(reading.meter.total);
  const ids = rows.map((row) => ('record' in row ? (row.record as PostRecord).postId : `rejected ${row.reject.origin.line}`));
  return { rows, ids, marks: reading.marks(), unread: reading.unread() };
}

async function withCrawl(dialect: Dialect, work: (crawl: Crawl) => Promise<void>): Promise<void> {
  const crawl = await freshCrawl(dialect);
  try {
    await work(crawl);
  } finally {
    await crawl.remove();
  }
}

const ID = 4_900_000_000_000_000;
const idOf = (index: number): string => String(ID + index * 37);
const COLUMNS = 'user_id VARCHAR(20), text VARCHAR(200), likes INT';
/** 5,000 posts in some ten buckets. */
async function fill(crawl: Crawl, key = 'id VARCHAR(20) PRIMARY KEY', tail = ''): Promise<void> {
  await crawl.write(`CREATE TABLE weibo (${key}, ${COLUMNS})${tail}`);
  await crawl.insert('weibo', Array.from({ length: 5_000 }, (_, index) => [idOf(index), '1001', `微博 ${index}`, index % 7])); // prettier-ignore
}

describe.each(DIALECTS)('a crawler’s database on %s', (dialect) => {
  test('the first reading reads everything, the second nothing', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const first = await read(crawl);
      expect(first.ids).toEqual(Array.from({ length: 5_000 }, (_, index) => idOf(index)));
      expect(first.unread).toBe(0);
      expect(first.marks.buckets.length).toBeGreaterThan(3);
      expect(first.marks.buckets.reduce((sum, { rows }) => sum + rows, 0)).toBe(5_000);
      const second = await read(crawl, { known: first.marks });
      expect(second).toEqual({ rows: [], ids: [], marks: first.marks, unread: 5_000 });
      const full = await read(crawl, { known: first.marks, full: true });
      expect(full).toEqual(first);
    }));

  test('one changed counter brings its bucket and no other, each row with its place in the table', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const first = await read(crawl);
      await crawl.write(`UPDATE weibo SET likes = 99 WHERE id = '${idOf(2_500)}'`);
      const second = await read(crawl, { known: first.marks });
      const differing = second.marks.buckets.filter((bucket, number) => bucket.checksum !== first.marks.buckets[number]!.checksum);
      expect(differing).toHaveLength(1);
      expect(second.ids).toHaveLength(differing[0]!.rows);
      expect(second.unread).toBe(5_000 - differing[0]!.rows);
      for (const row of second.rows) {
        if (!('record' in row)) throw new Error('rejected');
        expect((row.record as PostRecord).postId).toBe(idOf(row.origin.line - 1));
        expect((row.record as PostRecord).likes).toBe(row.origin.line === 2_501 ? 99 : (row.origin.line - 1) % 7);
      }
      expect(second.ids).toContain(idOf(2_500));
      expect((await read(crawl, { known: second.marks })).ids).toEqual([]);
    }));

  test('new posts bring the last bucket, and a removed one what stood beside it', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const first = await read(crawl);
      await crawl.insert('weibo', [[idOf(5_000), '1001', '新', 0], [idOf(5_001), '1001', '新', 0]]); // prettier-ignore
      const second = await read(crawl, { known: first.marks });
      expect(second.ids.slice(-2)).toEqual([idOf(5_000), idOf(5_001)]);
      expect(second.unread + second.ids.length).toBe(5_002);
      expect(second.unread).toBeGreaterThan(1_000);
      await crawl.write(`DELETE FROM weibo WHERE id = '${idOf(100)}'`);
      const third = await read(crawl, { known: second.marks });
      expect(third.ids).toContain(idOf(99));
      expect(third.ids).not.toContain(idOf(100));
      expect(third.unread + third.ids.length).toBe(5_001);
      expect(third.unread).toBeGreaterThan(1_000);
    }));

  test('a new column, a renamed one and a NULL where there was an empty text are changes', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const first = await read(crawl);
      await crawl.write('ALTER TABLE weibo ADD COLUMN source VARCHAR(20)');
      const second = await read(crawl, { known: first.marks });
      expect([second.ids.length, second.unread]).toEqual([5_000, 0]);
      await crawl.write('ALTER TABLE weibo RENAME COLUMN source TO tool');
      const third = await read(crawl, { known: second.marks });
      expect([third.ids.length, third.unread]).toEqual([5_000, 0]);
      await crawl.write(`UPDATE weibo SET tool = '' WHERE id = '${idOf(7)}'`);
      expect((await read(crawl, { known: third.marks })).ids).toContain(idOf(7));
    }));

  test('tables without a key are read by buckets too', () =>
    withCrawl(dialect, async (crawl) => {
      await (dialect === 'mysql' ? fill(crawl, 'id VARCHAR(20)') : fill(crawl, 'id VARCHAR(20) PRIMARY KEY', ' WITHOUT ROWID'));
      const first = await read(crawl);
      expect(first.ids).toHaveLength(5_000);
      expect((await read(crawl, { known: first.marks })).ids).toEqual([]);
      await crawl.write(`UPDATE weibo SET likes = 99 WHERE id = '${idOf(2_500)}'`);
      const second = await read(crawl, { known: first.marks });
      expect(second.ids).toContain(idOf(2_500));
      expect(second.ids.length).toBeLessThan(1_600);
      expect(second.unread + second.ids.length).toBe(5_000);
      expect((await read(crawl, { known: second.marks })).ids).toEqual([]);
    }));

  test('a composite key is read by its first column', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(
        `CREATE TABLE weibo (id VARCHAR(20), user_id VARCHAR(20), text VARCHAR(200), likes INT, PRIMARY KEY (user_id, id))`,
      );
      await crawl.insert('weibo', Array.from({ length: 5_000 }, (_, index) => [idOf(index), String(index % 50), '', 0])); // prettier-ignore
      const first = await read(crawl);
      expect([...first.ids].sort()).toEqual(Array.from({ length: 5_000 }, (_, index) => idOf(index)).sort());
      await crawl.write(`UPDATE weibo SET likes = 3 WHERE id = '${idOf(2_500)}'`);
      const second = await read(crawl, { known: first.marks });
      expect(second.ids).toContain(idOf(2_500));
      expect(second.unread + second.ids.length).toBe(5_000);
      expect((await read(crawl, { known: second.marks })).unread).toBe(5_000);
    }));

  test('tables are known by their columns, accounts come before posts, and the others are passed over with the reason', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(
        `CREATE TABLE a_posts (id INT PRIMARY KEY, ${COLUMNS})`,
        `CREATE TABLE comments (id INT PRIMARY KEY, root_id INT, ${COLUMNS})`,
        'CREATE TABLE pictures (id INT, url VARCHAR(9))',
        'CREATE TABLE names (id INT, name VARCHAR(9))',
        'CREATE TABLE Zusers (id INT, name VARCHAR(9))',
        'CREATE VIEW popular AS SELECT * FROM a_posts WHERE likes > 0',
      );
      await crawl.insert('a_posts', [[1, '2', 'x', 3]]);
      await crawl.insert('Zusers', [[2, '甲']]);
      const reading = await open(crawl);
      const nameIn = (file: string): string => file.slice(reading.source.length);
      expect(reading.format).toBe('test-crawler');
      expect(reading.files.map(nameIn)).toEqual(['#Zusers', '#a_posts']);
      expect(Object.fromEntries(reading.skipped.map(({ file, reason }) => [nameIn(file), reason]))).toEqual({
        '#comments': 'unknown columns: id, root_id, user_id, text …',
        '#names': 'unknown columns: id, name …',
        '#pictures': 'unknown columns: id, url …',
        '#popular': 'a view: the tables that it is made of are read themselves',
      });
      const kinds: string[] = [];
      for await (const row of reading.rows()) kinds.push('record' in row ? row.record.kind : 'reject');
      expect(kinds).toEqual(['account', 'post']);
    }));

  test('a database without a table of a crawler is an error that says what is in it', () =>
    withCrawl(dialect, async (crawl) => {
      await expect(open(crawl)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(/holds no table of a crawler: it has no tables\.$/),
      });
      await crawl.write('CREATE TABLE pictures (id INT, url VARCHAR(9))');
      await expect(open(crawl)).rejects.toMatchObject({
        message: expect.stringMatching(/holds no table of a crawler \(pictures: unknown columns: id, url …\)\.$/),
      });
    }));

  test('a row that cannot be read is a reject with its table, its place and all its values; one that says nothing is none', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(`CREATE TABLE weibo (id VARCHAR(20) PRIMARY KEY, user_id VARCHAR(20), text VARCHAR(200), likes VARCHAR(20))`);
      await crawl.insert('weibo', [['1', '1001', 'a', '5'], ['2', '1001', 'nothing', ''], ['3', '1001', null, '许多'], ['4', '1001', null, null]]); // prettier-ignore
      const { rows } = await read(crawl);
      const reading = await open(crawl);
      await reading.close();
      expect(rows).toHaveLength(3);
      expect(rows[1]).toEqual({
        reject: { origin: { file: `${reading.source}#weibo`, line: 3 }, field: 'likes', reason: expect.stringMatching(/许多/), raw: '{"id":"3","user_id":"1001","text":null,"likes":"许多"}' },
      }); // prettier-ignore
      expect('record' in rows[2]! && rows[2].record).toMatchObject({ postId: '4', text: '(none)', likes: null });
      expect('record' in rows[0]! && rows[0].raw).toBe('{"id":"1","user_id":"1001","text":"a","likes":"5"}');
    }));

  test('a living database is observed when it is read and undated; a given moment is that of all its rows', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const given = Date.parse('2024-11-29T12:00:00Z');
      for (const [observedAt, at, undated] of [[null, NOW, true], [given, given, false]] as const) {
        const { rows } = await read(crawl, { observedAt });
        expect(rows).toHaveLength(5_000);
        expect(rows.every((row) => 'record' in row && row.record.kind === 'post' && row.record.observedAt === at && row.record.undated === undated)).toBe(true);
      } // prettier-ignore
    }));

  test('what is not read to its end has no marks, and can be read again', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const reading = await open(crawl);
      for await (const _ of reading.rows()) break;
      expect(() => reading.marks()).toThrow('when all of it has been read');
      let count = 0;
      for await (const _ of reading.rows()) count += 1;
      expect(count).toBe(5_000);
      expect(reading.marks().buckets.reduce((sum, { rows }) => sum + rows, 0)).toBe(5_000);
      // Nobody holds the table any more.
      await crawl.write('DROP TABLE weibo');
    }));

  test('marks of another database, and of a table that is no more, are of no account', () =>
    withCrawl(dialect, async (crawl) => {
      await fill(crawl);
      const { marks } = await read(crawl);
      expect((await read(crawl, { known: { ...marks, source: 'another' } })).ids).toHaveLength(5_000);
      const others = { ...marks, buckets: marks.buckets.map((bucket) => ({ ...bucket, table: 'other' })) };
      const again = await read(crawl, { known: others });
      expect(again.ids).toHaveLength(5_000);
      expect(again.marks).toEqual(marks);
    }));

  test('whatever a crawler does, a copy that takes what is read each time is the table', () =>
    withCrawl(dialect, async (crawl) => {
      const step = oneof(
        record({ what: constantFrom('update' as const), from: integer({ min: 0, max: 6_000 }), count: integer({ min: 1, max: 800 }) }),
        record({ what: constantFrom('delete' as const), from: integer({ min: 0, max: 6_000 }), count: integer({ min: 1, max: 800 }) }),
        record({ what: constantFrom('insert' as const), from: integer({ min: 0, max: 8_000 }), count: integer({ min: 1, max: 1_500 }) }),
      );
      let [round, savedRows] = [0, 0];
      await assert(
        asyncProperty(array(array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }), constantFrom('id VARCHAR(20) PRIMARY KEY', 'id BIGINT PRIMARY KEY', 'id BIGINT'), async (nights, key) => {
          await crawl.write('DROP TABLE IF EXISTS weibo');
          await fill(crawl, key);
          let known = NOTHING;
          const copy = new Map<string, number | null>();
          const take = async (): Promise<void> => {
            const { rows, marks, unread } = await read(crawl, { known });
            for (const row of rows) if ('record' in row && row.record.kind === 'post') copy.set(row.record.postId, row.record.likes);
            known = marks;
            savedRows += unread;
          };
          await take();
          for (const night of nights) {
            for (const { what, from, count } of night) {
              round += 1;
              const within = `id BETWEEN '${idOf(from)}' AND '${idOf(from + count)}'`.replaceAll("'", key.includes('VARCHAR') ? "'" : '');
              if (what === 'update') await crawl.write(`UPDATE weibo SET likes = ${1_000 + round} WHERE ${within}`);
              else {
                await crawl.write(`DELETE FROM weibo WHERE ${within}`);
                if (what === 'insert') await crawl.insert('weibo', Array.from({ length: count }, (_, index) => [idOf(from + index), '1001', '新', 1_000 + round]));
              }
            }
            await take();
            const differing = (await read(crawl, { full: true })).rows.filter(
              (row) => !('record' in row && row.record.kind === 'post' && copy.get(row.record.postId) === row.record.likes),
            );
            expect(differing).toEqual([]);
          }
        }),
        { numRuns: dialect === 'sqlite' ? 6 : 4 },
      ); // prettier-ignore
      expect(savedRows).toBeGreaterThan(1_000);
    }));
});
