import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { systemClock } from '../../src/clock';
import { projectPath } from '../../src/paths';
import { maskSource, openForeign, sourceHash, type Foreign, type ForeignRow, type Selection } from '../../src/store/foreign';
import { openFile } from '../../src/store/foreignFile';
import { connectForReading } from '../../src/store/foreignMysql';
import { readMysqlUrl } from '../../src/store/mysqlUrl';
import { freshCrawl, freshName, MYSQL_URL, type Crawl } from '../ingest/database/crawls';
import { heldBytes } from '../heap';
import { DIALECTS, type Dialect } from '../stores';

const folder = mkdtempSync(join(tmpdir(), 'govblog-foreign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withCrawl(dialect: Dialect, work: (crawl: Crawl) => Promise<void>, journal?: 'WAL' | 'DELETE'): Promise<void> {
  const crawl = await freshCrawl(dialect, journal);
  try {
    await work(crawl);
  } finally {
    await crawl.remove();
  }
}

async function withForeign<T>(source: string, work: (foreign: Foreign) => Promise<T>): Promise<T> {
  const foreign = await openForeign(source, { scratch: folder });
  try {
    return await work(foreign);
  } finally {
    await foreign.close();
  }
}

async function rowsOf(foreign: Foreign, name: string, selection: Partial<Selection> = {}): Promise<ForeignRow[]> {
  const table = (await foreign.tables()).find((one) => one.name === name)!;
  const rows: ForeignRow[] = [];
  for await (const chunk of foreign.stream({ table, values: true, checksums: true, ...selection }, 2)) rows.push(...chunk);
  return rows;
}
const valuesOf = async (foreign: Foreign, name: string): Promise<(string | null)[][]> =>
  (await rowsOf(foreign, name)).map(({ values }) => [...values]);
const readValues = (source: string, name: string): Promise<(string | null)[][]> =>
  withForeign(source, (foreign) => valuesOf(foreign, name));

describe.each(DIALECTS)('a database of others on %s', (dialect) => {
  const key = dialect === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'BIGINT PRIMARY KEY';

  test('tables are told with their columns in order, rows in the order of the key', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(
        `CREATE TABLE weibo (id ${key}, text VARCHAR(200), likes INT)`,
        'CREATE VIEW popular AS SELECT id FROM weibo WHERE likes > 1',
      );
      await crawl.insert('weibo', [[30, '三', 3], [10, '一', 1], [20, '二', 2], [40, '四', 4], [50, '五', 5]]); // prettier-ignore
      await withForeign(crawl.source, async (foreign) => {
        expect((await foreign.tables()).map(({ name, kind, columns }) => ({ name, kind, columns }))).toEqual([
          { name: 'popular', kind: 'view', columns: ['id'] },
          { name: 'weibo', kind: 'table', columns: ['id', 'text', 'likes'] },
        ]);
        const [, weibo] = await foreign.tables();
        expect(weibo!.approximateRows).toBeGreaterThan(0);
        expect(await foreign.count(weibo!)).toBe(5);
        expect(await valuesOf(foreign, 'weibo')).toEqual([
          ['10', '一', '1'], ['20', '二', '2'], ['30', '三', '3'], ['40', '四', '4'], ['50', '五', '5'],
        ]); // prettier-ignore
        const part = await rowsOf(foreign, 'weibo', { between: ['20', '30'], checksums: false });
        expect(part).toEqual([{ key: '20', checksum: 0n, values: ['20', '二', '2'] }, { key: '30', checksum: 0n, values: ['30', '三', '3'] }]); // prettier-ignore
        const bare = await rowsOf(foreign, 'weibo', { values: false });
        expect(bare.map(({ key: one, values }) => [one, values])).toEqual([10, 20, 30, 40, 50].map((id) => [String(id), []]));
      });
    }));

  test('checksums tell NULL from empty text, one column from the next, and the names of the columns', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(`CREATE TABLE weibo (id INT, a VARCHAR(20), b VARCHAR(20))`);
      const rows = [[1, null, ''], [1, '', null], [1, '', ''], [1, null, null], [1, 'ab', 'c'], [1, 'a', 'bc'], [1, '1,N', '-']]; // prettier-ignore
      await crawl.insert('weibo', [...rows, rows[0]!]);
      await crawl.write(`CREATE TABLE renamed (id INT, a VARCHAR(20), c VARCHAR(20))`, 'INSERT INTO renamed SELECT * FROM weibo');
      await withForeign(crawl.source, async (foreign) => {
        const sums = (await rowsOf(foreign, 'weibo')).map(({ checksum }) => checksum);
        expect(new Set(sums).size).toBe(rows.length);
        expect(sums.filter((sum) => sum === sums[sums.length - 1])).toHaveLength(2);
        const others = (await rowsOf(foreign, 'renamed')).map(({ checksum }) => checksum);
        expect(others.filter((sum) => sums.includes(sum))).toEqual([]);
        expect((await rowsOf(foreign, 'weibo', { values: false })).map(({ checksum }) => checksum)).toEqual(sums);
      });
    }));

  test('reserved words, spaces, quotes and Chinese are names like others', () =>
    withCrawl(dialect, async (crawl) => {
      const quote = dialect === 'sqlite' ? (name: string) => `"${name.replaceAll('"', '""')}"` : (name: string) => `\`${name.replaceAll('`', '``')}\``; // prettier-ignore
      const [table, columns] = [`order "by" \`1\``, ['select', 'a b', `q"u'o\`te`, '用户', 'semi;colon', '?']];
      await crawl.write(`CREATE TABLE ${quote(table)} (${columns.map((name) => `${quote(name)} VARCHAR(9)`).join(', ')})`);
      await crawl.insert(quote(table), [['1', '2', '3', '4', '5', '6']]);
      await withForeign(crawl.source, async (foreign) => {
        expect((await foreign.tables()).map(({ name, columns: found }) => [name, found])).toEqual([[table, columns]]);
        expect(await valuesOf(foreign, table)).toEqual([['1', '2', '3', '4', '5', '6']]);
      });
    }));

  test('everything is read as of the moment of opening: what is written meanwhile is not seen', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(`CREATE TABLE a (id ${key}, likes INT)`, `CREATE TABLE b (id ${key})`);
      await crawl.insert(
        'a',
        Array.from({ length: 5_000 }, (_, id) => [id, 0]),
      );
      await withForeign(crawl.source, async (foreign) => {
        const [a, b] = await foreign.tables();
        let seen = 0;
        for await (const chunk of foreign.stream({ table: a!, values: true, checksums: false }, 100)) {
          if (seen === 0) await crawl.write('INSERT INTO a VALUES (9999, 1)', 'UPDATE a SET likes = 7', 'INSERT INTO b VALUES (1)', 'DELETE FROM a WHERE id = 4999'); // prettier-ignore
          seen += chunk.length;
          expect(chunk.filter(({ values }) => values[1] !== '0')).toEqual([]);
        }
        expect(seen).toBe(5_000);
        expect(await foreign.count(b!)).toBe(0);
      });
      expect(await readValues(crawl.source, 'b')).toEqual([['1']]);
    }));

  test('whoever breaks off a stream hinders nobody', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(`CREATE TABLE a (id ${key}, likes INT)`);
      await crawl.insert(
        'a',
        Array.from({ length: 5_000 }, (_, id) => [id, 0]),
      );
      await withForeign(crawl.source, async (foreign) => {
        const [a] = await foreign.tables();
        for await (const chunk of foreign.stream({ table: a!, values: true, checksums: true }, 10)) {
          expect(chunk).toHaveLength(10);
          break;
        }
      });
      await crawl.write('UPDATE a SET likes = 1', 'DROP TABLE a');
    }));

  test('200,000 rows pass in bounded memory', () =>
    withCrawl(dialect, async (crawl) => {
      await crawl.write(`CREATE TABLE a (id ${key}, text VARCHAR(500))`);
      const text = '今天天气很好，请注意交通安全。'.repeat(20);
      for (let start = 0; start < 200_000; start += 20_000)
        await crawl.insert(
          'a',
          Array.from({ length: 20_000 }, (_, index) => [start + index, text + String(start + index)]),
        );
      await withForeign(crawl.source, async (foreign) => {
        const [a] = await foreign.tables();
        let [seen, peak] = [0, 0];
        const before = heldBytes();
        for await (const chunk of foreign.stream({ table: a!, values: true, checksums: true }, 1_000)) {
          seen += chunk.length;
          if (seen % 20_000 === 0) peak = Math.max(peak, heldBytes() - before);
        }
        expect(seen).toBe(200_000);
        // All rows together are some 150 MB as JavaScript texts.
        expect(peak).toBeLessThan(40_000_000);
      });
    }));
});

describe('a SQLite file', () => {
  test('every kind of value is text as it stands there', () =>
    withCrawl('sqlite', async (crawl) => {
      await crawl.write(
        'CREATE TABLE t (v)',
        `INSERT INTO t VALUES (9007199254740993), (-9223372036854775808), (0), ('0012'), (''), (NULL), (1.5), (4900000000000037.0), (12.0), (1e300),
         ('2024-11-29 18:56:41'), ('两会🇨🇳'), (x'e4b8a4'), (x'00ff'), (x''), ('a' || char(0) || 'b'), (CAST(x'b2e2cad4' AS TEXT)), (1 = 1)`,
      );
      expect((await readValues(crawl.source, 't')).map(([value]) => value)).toEqual([
        '9007199254740993', '-9223372036854775808', '0', '0012', '', null, '1.5', '4900000000000037', '12', '1.0e+300',
        '2024-11-29 18:56:41', '两会🇨🇳', '两', '00ff', '', 'a\0b', '\ufffd\ufffd\ufffd\ufffd', '1',
      ]); // prettier-ignore
    }));

  test('tables without a row number have no key, and all their rows are read', () =>
    withCrawl('sqlite', async (crawl) => {
      await crawl.write(
        'CREATE TABLE plain (id TEXT PRIMARY KEY)',
        'CREATE TABLE without (id TEXT PRIMARY KEY) WITHOUT ROWID',
        'CREATE TABLE one (rowid TEXT)',
        'CREATE TABLE three (rowid TEXT, oid TEXT, _rowid_ TEXT)',
        'CREATE VIRTUAL TABLE found USING fts5(text)',
      );
      for (const table of ['plain', 'without', 'one']) await crawl.insert(table, [['b'], ['a']]);
      await crawl.insert('three', [['b', 'x', 'y']]);
      await withForeign(crawl.source, async (foreign) => {
        const tables = await foreign.tables();
        expect(tables.filter(({ kind }) => kind === 'table').map(({ name, key }) => [name, key?.column ?? null])).toEqual([
          ['one', '_rowid_'], ['plain', 'rowid'], ['three', null], ['without', null],
        ]); // prettier-ignore
        expect(tables.find(({ name }) => name === 'found')!.kind).toBe('virtual table');
        expect((await rowsOf(foreign, 'one')).map(({ key, values }) => [key, ...values])).toEqual([['1', 'b'], ['2', 'a']]); // prettier-ignore
        expect((await rowsOf(foreign, 'without')).map(({ key, values }) => [key, ...values])).toEqual([[null, 'a'], [null, 'b']]); // prettier-ignore
        expect(await valuesOf(foreign, 'three')).toEqual([['b', 'x', 'y']]);
      });
    }));

  /** Everything beside the file, byte for byte. */
  const stateOf = (file: string): Record<string, string> =>
    Object.fromEntries(readdirSync(dirname(file)).map((name) => [name, name.endsWith('-shm') ? 'there' : readFileSync(join(dirname(file), name), 'base64')])); // prettier-ignore
  const HOUR_AGO = Date.now() / 1000 - 4_000;
  let counter = 0;
  function fileOf(journal: 'WAL' | 'DELETE', statements: string): string {
    const place = join(folder, `place ${(counter += 1)} #?%20`);
    mkdirSync(place);
    const file = join(place, '微博 data?.txt');
    // In a process of its own, which closes the file for good.
    const script = `const db = new (require('libsql'))(process.argv[1]); db.exec(process.argv[2]);`;
    const done = spawnSync(process.execPath, ['-e', script, file, `PRAGMA journal_mode = ${journal}; ${statements}`], { cwd: projectPath(), encoding: 'utf8' }); // prettier-ignore
    expect(done.stderr).toBe('');
    return file;
  }
  const TWO_ROWS = "CREATE TABLE t (v); INSERT INTO t VALUES ('a'), ('b')";

  test.each([
    ['just written, with a rollback journal', 'DELETE', false, 1],
    ['untouched for an hour, with a rollback journal', 'DELETE', true, 0],
    ['just written, with a log that nobody has open', 'WAL', false, 1],
    ['untouched for an hour, with a log that nobody has open', 'WAL', true, 0],
  ] as const)('%s: read without a change to it or beside it', async (_, journal, quiet, copies) => {
    const file = fileOf(journal, TWO_ROWS);
    for (const name of readdirSync(dirname(file))) if (/-(wal|shm)$/.test(name)) rmSync(join(dirname(file), name));
    if (quiet) utimesSync(file, HOUR_AGO, HOUR_AGO);
    const before = stateOf(file);
    const scratch = mkdtempSync(join(folder, 'scratch-'));
    const foreign = await openForeign(file, { scratch });
    expect(readdirSync(scratch)).toHaveLength(copies);
    expect(await valuesOf(foreign, 't')).toEqual([['a'], ['b']]);
    expect(stateOf(file)).toEqual(before);
    await foreign.close();
    expect(stateOf(file)).toEqual(before);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('a log that a crawler left behind is read too, and left as it is', async () => {
    const file = fileOf('WAL', 'CREATE TABLE t (v)');
    const script = `const db = new (require('libsql'))(process.argv[1]); db.exec("INSERT INTO t VALUES ('in the log')"); process.kill(process.pid, 'SIGKILL')`;
    await once(spawn(process.execPath, ['-e', script, file], { cwd: projectPath() }), 'exit');
    const before = stateOf(file);
    expect(before['微博 data?.txt-wal']!.length).toBeGreaterThan(4_000);
    expect(await readValues(file, 't')).toEqual([['in the log']]);
    expect(stateOf(file)).toEqual(before);
  });

  test.each(['DELETE', 'WAL'] as const)('a write through the connection fails (%s)', (journal) =>
    withCrawl(
      'sqlite',
      async (crawl) => {
        await crawl.write(TWO_ROWS);
        const { db, close } = await openFile(crawl.source, folder, systemClock);
        for (const sql of ["INSERT INTO t VALUES ('c')", 'DELETE FROM t', 'CREATE TABLE u (v)', 'PRAGMA user_version = 7'])
          expect(() => db.exec(sql)).toThrow(/readonly database/);
        close();
        expect(await readValues(crawl.source, 't')).toEqual([['a'], ['b']]);
      },
      journal,
    ),
  );

  test.each(['DELETE', 'WAL'] as const)(
    'a crawler that writes all the while is not hindered, and what is read is whole (%s)',
    async (journal) => {
      const file = fileOf(journal, 'CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, pad TEXT)');
      // Every transaction adds two rows whose sum is 0; like Python's sqlite3, it gives up after five seconds.
      const script = `const db = new (require('libsql'))(process.argv[1]); db.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF');
      let n = 0; process.stdout.write('ready');
      setInterval(() => { n += 1; db.exec('BEGIN IMMEDIATE; INSERT INTO t (v, pad) VALUES (' + n + ", hex(randomblob(500))); INSERT INTO t (v, pad) VALUES (-" + n + ", ''); COMMIT"); }, 1);`;
      const crawler = spawn(process.execPath, ['-e', script, file], { cwd: projectPath() });
      let complaints = '';
      crawler.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
      await once(crawler.stdout, 'data');
      try {
        let most = 0;
        for (let round = 0; round < 5; round += 1) {
          await new Promise((done) => setTimeout(done, 100));
          const rows = await readValues(file, 't');
          expect(rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(0);
          expect(rows.length).toBeGreaterThan(most);
          most = rows.length;
        }
        expect([crawler.exitCode, complaints]).toEqual([null, '']);
      } finally {
        crawler.kill();
        await once(crawler, 'exit');
      }
    },
  );

  test('a file that seemed to rest and is written while it is read is a conflict, not a mixture', async () => {
    const file = fileOf('DELETE', "CREATE TABLE t (v); INSERT INTO t SELECT value FROM generate_series(1, 5000)".replace('generate_series(1, 5000)', "json_each('[' || substr(replace(hex(zeroblob(2500)), '00', ',1'), 2) || ']')")); // prettier-ignore
    utimesSync(file, HOUR_AGO, HOUR_AGO);
    await withForeign(file, async (foreign) => {
      const [table] = await foreign.tables();
      const read = async (): Promise<void> => {
        for await (const _ of foreign.stream({ table: table!, values: true, checksums: false }, 100))
          utimesSync(file, HOUR_AGO + 1, HOUR_AGO + 1);
      };
      await expect(read()).rejects.toMatchObject({ code: 'CONFLICT', message: `${file} was changed while it was read. Run it again.` });
    });
  });

  test('what is no SQLite file, or none that can be read, is an error that says so', async () => {
    const good = readFileSync(fileOf('DELETE', "CREATE TABLE t (v); INSERT INTO t SELECT hex(randomblob(900)) FROM json_each('[1,2,3,4,5,6,7,8,9]')")); // prettier-ignore
    const spoiled = Buffer.from(good).fill(0xaa, 4_096);
    const wide = fileOf('DELETE', "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (v)");
    const cases: [string, Buffer | string | null, RegExp][] = [
      ['none.db', null, /^There is no file .*none\.db\.$/],
      ['empty.db', '', /empty\.db is empty\.$/],
      ['notes.db', 'when,who,what\n'.repeat(20), /is not a SQLite database, or it is encrypted\.$/],
      ['secret.db', Buffer.alloc(8_192, 'q3x'), /is not a SQLite database, or it is encrypted\.$/],
      ['short.db', good.subarray(0, 60), /cannot be read|not a SQLite database|damaged/],
      ['damaged.db', spoiled, /is damaged \(database disk image is malformed\)/],
    ];
    for (const [name, content, message] of cases) {
      const file = join(folder, name);
      if (content !== null) writeFileSync(file, content);
      await expect(readValues(file, 't')).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
    }
    await expect(readValues(wide, 't')).rejects.toMatchObject({
      message: expect.stringMatching(/holds its texts in UTF-16\. Write it anew/),
    });
    await expect(openForeign(folder)).rejects.toMatchObject({ message: expect.stringMatching(/is a folder, not a SQLite file\.$/) });
  });

  test('a file whose writer died in the middle of a write is not read half written', async () => {
    const file = fileOf('DELETE', 'CREATE TABLE t (v)');
    const script = `const db = new (require('libsql'))(process.argv[1]); db.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; INSERT INTO t SELECT hex(randomblob(3000)) FROM json_each('[" + Array(500).fill(1).join() + "]')"); process.kill(process.pid, 'SIGKILL')`;
    await once(spawn(process.execPath, ['-e', script, file], { cwd: projectPath() }), 'exit');
    const before = stateOf(file);
    expect(Object.keys(before).some((name) => name.endsWith('-journal'))).toBe(true);
    await expect(readValues(file, 't')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/its writer stopped in the middle of a write.*Let the crawler open it once\.$/),
    });
    expect(stateOf(file)).toEqual(before);
    new Database(file).exec('SELECT COUNT(*) FROM t');
    expect(await readValues(file, 't')).toEqual([]);
  });
});

describe('an address of MySQL', () => {
  test('special characters are percent-encoded, port and IPv6 are understood', () => {
    expect(readMysqlUrl('mysql://a%40b:p%40s%2Fs%23%3A%25@db.example.org/we%20ibo')).toEqual({
      source: 'mysql://a%40b:…@db.example.org:3306/we%20ibo', host: 'db.example.org', port: 3306, user: 'a@b', password: 'p@s/s#:%', database: 'we ibo',
    }); // prettier-ignore
    expect(readMysqlUrl('mariadb://u@[::1]:3307/weibo')).toMatchObject({
      source: 'mysql://u@[::1]:3307/weibo',
      host: '::1',
      port: 3307,
      password: '',
    });
  });

  test.each([
    'mysql://u:s3cret@host',
    'mysql://u:s3cret@host/',
    'mysql://u:s3cr@et@host/db',
    'mysql://u:s3cret/@host/db',
    'mysql://u:1s3cret#@host/db',
    'mysql://u:1/s3cret@host/db',
    'mysql://u:s3cret@host/db?ssl=1',
    'mysql://u:s3cret%@host/db',
    'postgres://u:s3cret@host/db',
  ])('%s is refused or read, and its password is not shown', async (url) => {
    expect(maskSource(url)).not.toMatch(/s3cr|et@/);
    const error: unknown = await Promise.resolve().then(() => sourceHash(url)).then(() => null, (one: unknown) => one); // prettier-ignore
    // A second @ is understood by the standard of URLs as part of the password.
    if (url.includes('s3cr@et')) expect(error).toBe(null);
    else
      expect(error).toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(/^[a-z]+:\/\/u:….* is no address of a database: write mysql:/s),
      });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})) + String((error as Error | null)?.stack)).not.toMatch(/s3cr/);
  });

  test('a source is known by its place and not by who reads it', () => {
    const hash = sourceHash('mysql://a:x@Host/db');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(sourceHash('mariadb://b:y@host:3306/db')).toBe(hash);
    expect(sourceHash('mysql://a:x@host/other')).not.toBe(hash);
    expect(sourceHash('mysql://a:x@host:3307/db')).not.toBe(hash);
  });

  test('nobody there, nobody answering, no such host', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    await expect(openForeign(`mysql://u:s3cret@127.0.0.1:${port}/db`)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: `Nothing answers at 127.0.0.1:${port} (mysql://u:…@127.0.0.1:${port}/db): is the server running, and does it listen there?`,
    });
    await expect(openForeign('mysql://u:s3cret@no-such-host.invalid/db')).rejects.toMatchObject({
      message: 'There is no host no-such-host.invalid (mysql://u:…@no-such-host.invalid:3306/db).',
    });
  });
});

const describeMysql = MYSQL_URL === '' ? describe.skip : describe;
describeMysql('a live MySQL or MariaDB (needs TEST_MYSQL_URL)', () => {
  test('every type is text as the server writes it', () =>
    withCrawl('mysql', async (crawl) => {
      await crawl.write(
        `CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, tiny TINYINT, bool BOOLEAN, num DECIMAL(30,10), dbl DOUBLE, flt FLOAT, at DATETIME, at3 DATETIME(3),
          day DATE, tm TIME, yr YEAR, vc VARCHAR(50), gbk VARCHAR(50) CHARACTER SET gbk, latin VARCHAR(50) CHARACTER SET latin1, txt LONGTEXT,
          js JSON, en ENUM('男','女'), st SET('a','b'), bits BIT(12), bin BINARY(3), vb VARBINARY(9), bl BLOB, pt POINT, zero INT(5) ZEROFILL)`,
        "SET SESSION sql_mode = ''",
      );
      await crawl.write(
        `INSERT INTO t VALUES (18446744073709551615, -1, TRUE, 12345678901234567890.0123456789, 0.1, 0.5, '2024-11-29 18:56:41', '2024-11-29 18:56:41.250',
          '2024-02-29', '-12:30:00', 2024, '两会🇨🇳', '中国政府', 'café', '长文', '{"id":9007199254740993}', '女', 'a,b', b'101000000001', x'000102', '字', x'ff00', POINT(1, 2), 7)`,
        'INSERT INTO t (id) VALUES (9007199254740993)',
        "INSERT INTO t (id, vc, txt, bl) VALUES (1, '', '', '')",
      );
      const [empty, nulls, full] = await readValues(crawl.source, 't');
      expect(full).toEqual([
        '18446744073709551615', '-1', '1', '12345678901234567890.0123456789', '0.1', '0.5', '2024-11-29 18:56:41', '2024-11-29 18:56:41.250',
        '2024-02-29', '-12:30:00', '2024', '两会🇨🇳', '中国政府', 'café', '长文', '{"id":9007199254740993}', '女', 'a,b', '2561', '\0\u0001\u0002', '字', 'ff00',
        '000000000101000000000000000000f03f0000000000000040', '00007',
      ]); // prettier-ignore
      expect(nulls).toEqual(['9007199254740993', ...Array<null>(23).fill(null)]);
      expect(empty!.filter((value) => value === '')).toHaveLength(3);
    }));

  test('zero dates are text', () =>
    withCrawl('mysql', async (crawl) => {
      await crawl.write('CREATE TABLE t (id INT PRIMARY KEY, at DATETIME NOT NULL, day DATE NOT NULL)');
      await crawl.write("INSERT IGNORE INTO t VALUES (1, '0000-00-00 00:00:00', '0000-00-00')");
      expect(await readValues(crawl.source, 't')).toEqual([['1', '0000-00-00 00:00:00', '0000-00-00']]);
    }));

  test('the key is the first column of the primary key, where it can be asked for exactly', () =>
    withCrawl('mysql', async (crawl) => {
      const tables = {
        a: 'VARCHAR(20)',
        b: 'INT UNSIGNED',
        c: 'DOUBLE',
        d: 'VARBINARY(9)',
        e: 'VARCHAR(9) CHARACTER SET gbk',
        f: 'DATETIME',
      };
      for (const [name, type] of Object.entries(tables))
        await crawl.write(`CREATE TABLE ${name} (x INT, id ${type}, y INT, PRIMARY KEY (id, x))`);
      await crawl.write('CREATE TABLE g (x INT, UNIQUE (x))');
      await withForeign(crawl.source, async (foreign) => {
        expect((await foreign.tables()).map(({ name, key }) => [name, key])).toEqual([
          ['a', { column: 'id', numeric: false }], ['b', { column: 'id', numeric: true }], ['c', null], ['d', null], ['e', null], ['f', null], ['g', null],
        ]); // prettier-ignore
      });
    }));

  test('keys beyond 2^53 and keys that a collation takes for the same are asked for exactly', () =>
    withCrawl('mysql', async (crawl) => {
      await crawl.write(
        'CREATE TABLE big (id BIGINT UNSIGNED PRIMARY KEY)',
        'CREATE TABLE words (id VARCHAR(20), n INT, PRIMARY KEY (id, n))',
      );
      await crawl.insert('big', ['9007199254740992', '9007199254740993', '9007199254740994', '18446744073709551615'].map((id) => [id])); // prettier-ignore
      await crawl.insert('words', [['a', 1], ['A', 2], ["b'\\", 3], ['Ä', 4], ['🇨🇳', 5]]); // prettier-ignore
      await withForeign(crawl.source, async (foreign) => {
        const between = async (table: string, first: string, last: string): Promise<unknown[]> =>
          (await rowsOf(foreign, table, { between: [first, last] })).map(({ values }) => values.at(-1));
        expect(await between('big', '9007199254740993', '9007199254740993')).toEqual(['9007199254740993']);
        expect(await between('big', '18446744073709551615', '18446744073709551615')).toEqual(['18446744073709551615']);
        expect((await between('words', 'a', 'A')).sort()).toEqual(['1', '2', '4']);
        expect(await between('words', "b'\\", "b'\\")).toEqual(['3']);
        expect(await between('words', '🇨🇳', '🇨🇳')).toEqual(['5']);
        await expect(between('big', '1 OR 1', '2')).rejects.toThrow(/is no whole number/);
      });
    }));

  test('a write through the connection fails', () =>
    withCrawl('mysql', async (crawl) => {
      await crawl.write('CREATE TABLE t (id INT PRIMARY KEY)', 'INSERT INTO t VALUES (1)');
      const connection = await connectForReading(readMysqlUrl(crawl.source));
      for (const sql of ['INSERT INTO t VALUES (2)', 'UPDATE t SET id = 3', 'DELETE FROM t', 'CREATE TABLE u (id INT)', 'DROP TABLE t'])
        await expect(connection.promise().query(sql)).rejects.toMatchObject({ code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' });
      await connection.promise().query('COMMIT');
      await expect(connection.promise().query('DELETE FROM t')).rejects.toMatchObject({ code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' });
      await connection.promise().end();
      expect(await readValues(crawl.source, 't')).toEqual([['1']]);
    }));

  test('a wrong password, a wrong user and an unknown database are told apart, and the password never', async () => {
    const { host, port, user } = readMysqlUrl(MYSQL_URL);
    const told = async (source: string): Promise<string> => {
      const error = await openForeign(source).then(() => null, (one: Error) => one); // prettier-ignore
      expect(error).toMatchObject({ code: 'BAD_INPUT' });
      expect(`${error!.stack} ${JSON.stringify(error)} ${String(error!.cause)}`).not.toContain('s3cret');
      return error!.message;
    };
    expect(await told(`mysql://${user}:s3cret%40%2F@${host}:${port}/govblog_test`)).toBe(
      `mysql://${user}:…@${host}:${port}/govblog_test does not let "${user}" in: the user name or the password is wrong. Special characters in them are percent-encoded.`,
    );
    expect(await told(MYSQL_URL.replace(/\/[^/]*$/, `/${freshName()}`))).toMatch(/: the server has no database "govblog_test_crawl_/);
    expect(await told(MYSQL_URL.replace(/\/[^/]*$/, '/mysql'))).toMatch(/may not read the database "mysql"; grant SELECT on it\.$/);
  });

  test('a connection that is cut, while rows are read or between, is an error that says so', () =>
    withCrawl('mysql', async (crawl) => {
      await crawl.write('CREATE TABLE t (id INT PRIMARY KEY, text VARCHAR(4000))');
      await crawl.insert(
        't',
        Array.from({ length: 20_000 }, (_, id) => [id, 'x'.repeat(2_000)]),
      );
      const { host, port } = readMysqlUrl(crawl.source);
      // A wire that can be cut.
      const sockets: Socket[] = [];
      const wire = createServer((near) => {
        const far = connect(port, host);
        for (const socket of [near, far]) socket.on('error', () => undefined);
        sockets.push(near.pipe(far), far.pipe(near));
      }).listen(0, '127.0.0.1');
      await once(wire, 'listening');
      const cut = (): void => sockets.splice(0).forEach((socket) => socket.destroy());
      const source = crawl.source.replace(/@[^/]*/, `@127.0.0.1:${(wire.address() as { port: number }).port}`);
      for (const when of ['while', 'before'] as const) {
        const foreign = await openForeign(source);
        const [table] = await foreign.tables();
        if (when === 'before') cut();
        const read = async (): Promise<void> => {
          for await (const _ of foreign.stream({ table: table!, values: true, checksums: false }, 10)) cut();
        };
        await expect(read()).rejects.toMatchObject({
          code: 'BAD_INPUT',
          message: expect.stringMatching(/…@.* cannot be read: (?!.*undefined)./),
        });
        await foreign.close();
      }
      wire.close();
    }));
});
