import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv, readHeader, RowsError, type TableRow } from '../../src/ingest/files';
import { hasJson, readJsonArray, readJsonLines, readJsonValue, textAt, type Json } from '../../src/ingest/json';
import { folderOf } from './loading';

const file = (content: string | Buffer, name = 'file'): string => join(folderOf({ [name]: content }), name);
/** All items up to the end or the error, and the error. */
async function drained<T>(items: AsyncIterable<T>): Promise<{ items: T[]; error: unknown }> {
  const read: T[] = [];
  try {
    for await (const item of items) read.push(item);
    return { items: read, error: null };
  } catch (error) {
    return { items: read, error };
  }
}
const told = ({ origin, cells }: TableRow): unknown[] => [origin.line, Object.fromEntries(cells)];

describe('a CSV file', () => {
  const rowsOf = async (content: string | Buffer, encoding = 'utf-8'): Promise<unknown[]> => {
    const { items, error } = await drained(readCsv(file(content), encoding));
    expect(error).toBeNull();
    return items.map(told);
  };

  test('every row knows the line it begins on, past lines inside cells and empty lines', async () => {
    expect(await rowsOf('a,b\n1,"x\ny\n\nz"\n\n\n2,u\n')).toEqual([
      [2, { a: '1', b: 'x\ny\n\nz' }],
      [8, { a: '2', b: 'u' }],
    ]);
    expect(await rowsOf('a,b\r\n1,"x\r\ny"\r\n2,u\r\n')).toEqual([
      [2, { a: '1', b: 'x\r\ny' }],
      [4, { a: '2', b: 'u' }],
    ]);
  });

  test('rows end where lines end, in whatever way: CRLF, LF, both in one file, or CR alone', async () => {
    const rows = [
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ];
    for (const content of ['a,b\r\n1,x\r\n2,y\r\n', 'a,b\n1,x\n2,y', 'a,b\r\n1,x\n2,y\n', 'a,b\n1,x\r\n2,y\r\n', 'a,b\r1,x\r2,y\r'])
      expect((await rowsOf(content)).map((row) => (row as unknown[])[1])).toEqual(rows);
  });

  test('a bare CR inside a text stays in it, quoted or not, and does not count as a line', async () => {
    expect(await rowsOf('a,b\n1,"x\ry"\n2,x\ry\n3,z\n')).toEqual([
      [2, { a: '1', b: 'x\ry' }],
      [3, { a: '2', b: 'x\ry' }],
      [4, { a: '3', b: 'z' }],
    ]);
  });

  test('a BOM, spaces in the header, rows too short and too long, and a repeated header are no obstacle', async () => {
    expect(await rowsOf('\uFEFFa, b ,c\n1\n1,2,3,4\n a ,b,c\n5,6,7\n')).toEqual([
      [2, { a: '1' }],
      [3, { a: '1', b: '2', c: '3' }],
      [5, { a: '5', b: '6', c: '7' }],
    ]);
  });

  test('a quote inside a cell that does not begin with one is a character', async () => {
    expect(await rowsOf('a,b\n1,say "hi" now\n2,"say ""hi"""\n')).toEqual([
      [2, { a: '1', b: 'say "hi" now' }],
      [3, { a: '2', b: 'say "hi"' }],
    ]);
  });

  test('other encodings are read, and broken bytes become a sign and stop nothing', async () => {
    // 微博 in GB 18030.
    const gb = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xce, 0xa2, 0xb2, 0xa9]), Buffer.from('\n')]);
    expect(await rowsOf(gb, 'gb18030')).toEqual([[2, { a: '1', b: '微博' }]]);
    expect(await rowsOf(Buffer.from([0x61, 0x0a, 0xff, 0x62, 0x0a, 0x63, 0x0a]))).toEqual([
      [2, { a: '\uFFFDb' }],
      [3, { a: 'c' }],
    ]);
    await expect(readHeader(file('a'), 'klingon')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/no encoding "klingon"/),
    });
  });

  test('where a quote never closes, every row before it is read, however many there are, and then the place is named', async () => {
    for (const rows of [1, 20_000]) {
      const lines = Array.from({ length: rows }, (_, index) => `${index},text`);
      const path = file(`a,b\n${lines.join('\n')}\n9,"never closed\n8,lost\n`);
      const { items, error } = await drained(readCsv(path, 'utf-8'));
      expect(items).toHaveLength(rows);
      expect(error).toBeInstanceOf(RowsError);
      expect(error).toMatchObject({
        origin: { file: path, line: rows + 2 },
        reason: expect.stringMatching(/cannot be read on from here: Quote Not Closed/),
      });
    }
  });

  test('a header that cannot be read and one that is not there are sentences', async () => {
    await expect(readHeader(file('"a,b\n1,2\n'), 'utf-8')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/has no header line/),
    });
    await expect(readHeader(file('\uFEFF'), 'utf-8')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/is empty/),
    });
  });

  test('a file that vanished is an error, not an end', async () => {
    await expect(drained(readCsv('/nowhere/at/all.csv', 'utf-8'))).resolves.toMatchObject({
      error: { message: expect.stringMatching(/ENOENT/) },
    });
  });
});

describe('a JSON file', () => {
  const ITEMS = 20_000;
  const list = (items: number): string =>
    JSON.stringify({ user: { id: 1 }, weibo: Array.from({ length: items }, (_, id) => ({ id, text: 'x'.repeat(40) })) });

  test('numbers stay as they are written, so that no digit of an id is lost', async () => {
    const path = file('{"list":[{"id":9007199254740993,"small":0.10,"big":18446744073709551615}]}');
    const { items } = await drained(readJsonArray(path, 'utf-8', 'list'));
    expect(items).toEqual([
      { origin: { file: path, line: 1 }, value: { id: '9007199254740993', small: '0.10', big: '18446744073709551615' } },
    ]);
  });

  test('a list is found at its path, and at the top when the path is empty', async () => {
    expect((await drained(readJsonArray(file('{"a":{"b":[1,2]}}'), 'utf-8', 'a.b'))).items.map(({ value }) => value)).toEqual(['1', '2']);
    expect((await drained(readJsonArray(file('[true,"x"]'), 'utf-8', ''))).items.map(({ value }) => value)).toEqual([true, 'x']);
    expect(await readJsonValue(file('{"a":{"b":[1,2]}}'), 'utf-8', 'a')).toEqual({ b: ['1', '2'] });
    expect(await readJsonValue(file('{"a":1}'), 'utf-8', 'b')).toBeUndefined();
    expect([await hasJson(file('{"a":[]}'), 'utf-8', 'a'), await hasJson(file('{"a":[]}'), 'utf-8', 'b')]).toEqual([true, false]);
  });

  test.each([9, ITEMS])(
    'where the text breaks off after %i items, all of them are read first, and then the place is named',
    async (items) => {
      const whole = list(items + 1);
      const path = file(whole.slice(0, whole.lastIndexOf('xxx')));
      const read = await drained(readJsonArray(path, 'utf-8', 'weibo'));
      expect(read.items).toHaveLength(items);
      expect(read.error).toBeInstanceOf(RowsError);
      expect(read.error).toMatchObject({
        origin: { file: path, line: items + 1 },
        reason: expect.stringMatching(/cannot be read on from here/),
      });
    },
  );

  test.each([
    ['no JSON at all', 'nonsense'],
    ['a list that is none', '{"weibo":5}'],
    ['nothing', ' '],
  ])('%s is an error at the first item', async (_, content) => {
    const { items, error } = await drained(readJsonArray(file(content), 'utf-8', 'weibo'));
    expect(items).toEqual([]);
    expect(error).toMatchObject({ origin: { line: 1 } });
  });

  test('a file that vanished is an error, not an end', async () => {
    await expect(drained(readJsonArray('/nowhere/at/all.json', 'utf-8', 'a'))).resolves.toMatchObject({
      error: { message: expect.stringMatching(/ENOENT/) },
    });
    await expect(drained(readJsonLines('/nowhere/at/all.jsonl', 'utf-8'))).resolves.toMatchObject({
      error: { message: expect.stringMatching(/ENOENT/) },
    });
  });

  const testOnLinux = existsSync('/proc/self/fd') ? test : test.skip;
  testOnLinux('a file of which only the beginning was wanted is closed', async () => {
    const path = file(list(ITEMS));
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let time = 0; time < 20; time += 1) {
      expect(await readJsonValue(path, 'utf-8', 'user')).toEqual({ id: '1' });
      for await (const { origin } of readJsonArray(path, 'utf-8', 'weibo')) if (origin.line === 2) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(open() - before).toBeLessThan(5);
  });
});

describe('JSON Lines', () => {
  test('a line that is no JSON is told with its number, and the next is read; separators of Unicode end no line', async () => {
    const path = file('\uFEFF{"id":9007199254740993}\r\n\n{oops\n{"text":"a\u2028b\u0085c"}\n');
    const { items, error } = await drained(readJsonLines(path, 'utf-8'));
    expect(error).toBeNull();
    expect(items).toEqual([
      { origin: { file: path, line: 1 }, value: { id: '9007199254740993' } },
      { origin: { file: path, line: 3 }, raw: '{oops', error: expect.stringContaining('is not JSON') },
      { origin: { file: path, line: 4 }, value: { text: 'a\u2028b\u0085c' } },
    ]);
  });
});

test('a dotted path leads to text, whatever kind of value stands there, and to nothing where there is none', () => {
  const value: Json = { user: { id: '7', ok: true, tags: ['a'] }, none: null };
  expect(['user.id', 'user.ok', 'user.tags'].map((path) => textAt(value, path))).toEqual(['7', 'true', '["a"]']);
  expect(['none', 'user.name', 'user.id.x', 'nobody.id'].map((path) => textAt(value, path))).toEqual(Array(4).fill(undefined));
});
