import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { readCsv, readHeader, RowsError, type TableRow } from '../../src/ingest/files';
import {
  hasJson,
  jsonText,
  JsonNumber,
  namesOf,
  parseJson,
  readJsonArray,
  readJsonLines,
  readJsonValue,
  textAt,
} from '../../src/ingest/json';
import { outlineOf } from '../../src/ingest/jsonOutline';
import { ValueError } from '../../src/ingest/values';
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

  test('a BOM, spaces in the header, rows too short, and empty cells too many are no obstacle', async () => {
    expect(await rowsOf('\uFEFFa, b ,c\n1\n1,2,3,, \n5,6,7\n')).toEqual([
      [2, { a: '1' }],
      [3, { a: '1', b: '2', c: '3' }],
      [4, { a: '5', b: '6', c: '7' }],
    ]);
  });

  test('a row with more in it than the header has names for can be read by no name', async () => {
    const { items, error } = await drained(readCsv(file('a,b\n1,2,3\n4,5\n'), 'utf-8'));
    expect(error).toBeNull();
    const reading = (): unknown => items[0]!.cells.get('a');
    expect(reading).toThrow(ValueError);
    expect(reading).toThrow('The row has 3 cells and the header 2 names: nothing tells what "3" is.');
    expect(() => [...items[0]!.cells]).toThrow(ValueError);
    expect(items[0]!.raw).toBe('1,2,3');
    expect(told(items[1]!)).toEqual([3, { a: '4', b: '5' }]);
  });

  test('a header that comes again begins a later run, also with other columns; a row that only begins like it is a row', async () => {
    const { items } = await drained(readCsv(file('id,b,c\n1,2,3\n id ,b,c\n4,5,6\n\uFEFFid,new,b,c\n7,8,9,10\nid,is,text\n'), 'utf-8'));
    expect(items.map((row) => [row.run, ...told(row)])).toEqual([
      [0, 2, { id: '1', b: '2', c: '3' }],
      [1, 4, { id: '4', b: '5', c: '6' }],
      [2, 6, { id: '7', new: '8', b: '9', c: '10' }],
      [2, 7, { id: 'id', new: 'is', b: 'text' }],
    ]);
  });

  test('two columns of one name are refused, several without a name are not', async () => {
    const path = file('id,text,id\n1,2,3\n');
    const refusal = { code: 'BAD_INPUT', message: `${path} has two columns named "id": rename one, so that it is clear which is meant.` };
    await expect(readHeader(path, 'utf-8')).rejects.toMatchObject(refusal);
    await expect(drained(readCsv(path, 'utf-8'))).resolves.toMatchObject({ items: [], error: refusal });
    expect(await readHeader(file(',a,,\n'), 'utf-8')).toEqual(['', 'a', '', '']);
  });

  test('the raw row, under the same header, is the same row again', async () => {
    const cells = ['plain', 'a,b', 'say "hi"', '"', 'two\nlines', 'bare\rCR', 'ends\r', ' spaces ', '', '\t', '微博', "'"];
    const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
    const names = cells.map((_, index) => `c${index}`).join();
    const { items } = await drained(readCsv(file(`${names}\n${quoted}\n`), 'utf-8'));
    const { items: again } = await drained(readCsv(file(`${names}\n${items[0]!.raw}\n`), 'utf-8'));
    expect([...again[0]!.cells].map(([, cell]) => cell)).toEqual(cells);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '微', '🙂', '\uFEFF') }), {
          minLength: 2,
          maxLength: 4,
        }),
        async (values) => {
          const header = ['x0', 'x1', 'x2', 'x3'].join();
          const row = values.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
          const [one] = (await drained(readCsv(file(`${header}\n${row}\n`), 'utf-8'))).items;
          const [other] = (await drained(readCsv(file(`${header}\n${one!.raw}\n`), 'utf-8'))).items;
          expect([...other!.cells].map(([, cell]) => cell)).toEqual(values);
        },
      ),
      { numRuns: 100 },
    );
    // A short row stays short.
    expect((await drained(readCsv(file(`${names}\n1,"a\nb"\n`), 'utf-8'))).items[0]!.raw).toBe('1,"a\nb"');
  });

  test('a quote inside a cell that does not begin with one is a character', async () => {
    expect(await rowsOf('a,b\n1,say "hi" now\n2,"say ""hi"""\n')).toEqual([
      [2, { a: '1', b: 'say "hi" now' }],
      [3, { a: '2', b: 'say "hi"' }],
    ]);
  });

  test('UTF-16 is read, in which the bytes of a line break stand in other characters too', async () => {
    for (const encoding of ['utf-16le', 'utf-16be'])
      expect(await rowsOf(iconv.encode('a,b\r1,ਊ\r', encoding, { addBOM: true }), encoding)).toEqual([[2, { a: '1', b: 'ਊ' }]]);
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
    expect(items.map(({ origin }) => origin)).toEqual([{ file: path, line: 1 }]);
    expect(['id', 'small', 'big'].map((name) => textAt(items[0]!.value, name))).toEqual([
      '9007199254740993',
      '0.10',
      '18446744073709551615',
    ]);
    expect(items[0]!.raw).toBe('{"id":9007199254740993,"small":0.10,"big":18446744073709551615}');
  });

  test('a list is found at its path, and at the top when the path is empty', async () => {
    expect((await drained(readJsonArray(file('{"a":{"b":[1,2]}}'), 'utf-8', 'a.b'))).items.map(({ raw }) => raw)).toEqual(['1', '2']);
    expect((await drained(readJsonArray(file('[true,"x"]'), 'utf-8', ''))).items.map(({ value }) => value)).toEqual([true, 'x']);
    expect(jsonText((await readJsonValue(file('{"a":{"b":[1,2]}}'), 'utf-8', 'a'))!)).toBe('{"b":[1,2]}');
    expect(jsonText((await readJsonValue(file('{"a":{"b":[1,2]}}'), 'utf-8', ''))!)).toBe('{"a":{"b":[1,2]}}');
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
      expect(await readJsonValue(path, 'utf-8', 'user')).toEqual({ id: new JsonNumber('1') });
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
      { origin: { file: path, line: 1 }, raw: '{"id":9007199254740993}', value: { id: new JsonNumber('9007199254740993') } },
      { origin: { file: path, line: 3 }, raw: '{oops', error: expect.stringContaining('is not JSON') },
      { origin: { file: path, line: 4 }, raw: '{"text":"a\u2028b\u0085c"}', value: { text: 'a\u2028b\u0085c' } },
    ]);
  });
});

describe('a value', () => {
  test('has text at a dotted path, whatever kind of value stands there, and nothing where there is none', () => {
    const value = parseJson('{"user":{"id":7,"ok":true,"tags":["a",9007199254740993]},"none":null,"user.id":"flat","a":{"b.c":"d"}}');
    expect(['user.ok', 'user.tags', 'user'].map((path) => textAt(value, path))).toEqual([
      'true', '["a","9007199254740993"]', '{"id":"7","ok":true,"tags":["a","9007199254740993"]}',
    ]); // prettier-ignore
    // The key with the dots in it comes before the path.
    expect(textAt(value, 'user.id')).toBe('flat');
    const nothing = ['none', 'user.name', 'user.id.x', 'nobody.id', 'a.b.c', 'constructor', 'user.toString', 'user.tags.0'];
    expect(nothing.map((path) => textAt(value, path))).toEqual(nothing.map(() => undefined));
  });

  test('has the names of its keys and of what stands in its objects, not in its lists', () => {
    expect([...namesOf(parseJson('{"a":1,"b":{"c":null,"d":{"e":2}},"f":[{"g":1}]}'))]).toEqual(['a', 'b', 'b.c', 'b.d', 'b.d.e', 'f']);
    expect([...namesOf(parseJson('[1]'))]).toEqual([]);
  });
});

describe('the outline of a JSON file', () => {
  const outline = async (content: string): Promise<unknown[]> =>
    (await drained(outlineOf(file(content), 'utf-8'))).items.map(({ path, list, names }) => [path, list, [...names].join()]);

  test('has each object and the first item of each list, in the order in which they end', async () => {
    expect(
      await outline(
        '{"user":{"id":1,"a":{"b":1}},"weibo":[{"id":1,"u":{"id":2},"l":[{"x":1}]},{"y":1}],"n":null,"deep":{"list":[{"z":1}]}}',
      ),
    ).toEqual([
      ['user.a', false, 'b'],
      ['user', false, 'id,a,a.b'],
      ['weibo', true, 'id,u,u.id,l'],
      ['deep.list', true, 'z'],
      ['deep', false, 'list'],
      ['', false, 'user,user.id,user.a,user.a.b,weibo,n,deep,deep.list'],
    ]);
    expect(await outline('[{"a":1},{"b":1}]')).toEqual([['', true, 'a']]);
    expect(await outline('[[{"a":1}],1,{"b":1}]')).toEqual([]);
  });

  test('ends where the text breaks', async () => {
    expect(await outline('{"user":{"id":1},"weibo":[{"id":')).toEqual([['user', false, 'id']]);
    expect(await outline('nonsense')).toEqual([]);
  });
});
