import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvBlocks } from '../../src/ingest/csvBlocks';
import { csvRows, type Layout } from '../../src/ingest/csvText';

const LAYOUTS: readonly Layout[] = [
  { lineEnd: '\n', delimiter: ',' },
  { lineEnd: '\r', delimiter: ';' },
  { lineEnd: '\n', delimiter: '\t' },
];

/** The rows by csv-parse, those before a quote that never closes too. */
function byLibrary(text: string | Buffer, { lineEnd, delimiter }: Layout): { rows: string[][]; isBroken: boolean } {
  const rows: string[][] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      delimiter,
      record_delimiter: lineEnd === '\n' ? ['\r\n', '\n'] : ['\r'],
      onRecord: (record: string[]) => void rows.push(record),
    });
    return { rows, isBroken: false };
  } catch (error) {
    expect((error as { code?: string }).code).toBe('CSV_QUOTE_NOT_CLOSED');
    return { rows, isBroken: true };
  }
}

/** The rows of pieces of the given sizes. */
async function byBlocks(bytes: Buffer, sizes: readonly number[], layout: Layout): Promise<{ rows: string[][]; isBroken: boolean }> {
  const pieces: Buffer[] = [];
  for (let at = 0, number = 0; at < bytes.length; number += 1) {
    const size = sizes[number % sizes.length]!;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  const rows: string[][] = [];
  let isBroken = false;
  for await (const block of csvBlocks(Readable.from(pieces), layout)) {
    expect(isBroken).toBe(false);
    rows.push(...block.rows);
    isBroken = block.broken !== undefined;
  }
  return { rows, isBroken };
}

const sign = fc.constantFrom('"', '"', '""', ',', ';', '\t', '\n', '\r', '\r\n', 'a', '微', ' ', '\0', '🇨🇳');
const text = fc.array(sign, { maxLength: 30 }).map((signs) => signs.join(''));
const layout = fc.constantFrom(...LAYOUTS);

test('rows and cells are those of csv-parse, whatever quotes, ends of lines and delimiters there are', () => {
  fc.assert(
    fc.property(text, layout, (written, how) => {
      const { rows, end } = csvRows(written, how);
      expect({ rows, isBroken: end < written.length }).toEqual(byLibrary(written, how));
    }),
    { numRuns: 5_000 },
  );
});

test('so they are in pieces of any size, with broken bytes and a byte order mark', async () => {
  const bytes = fc
    .array(fc.oneof({ weight: 9, arbitrary: sign.map((one) => Buffer.from(one)) }, fc.uint8Array({ maxLength: 3 })), { maxLength: 30 })
    .map((parts) => Buffer.concat(parts));
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      layout,
      async (some, marked, sizes, how) => {
        // What begins with a mark of UTF-16 is read as that.
        fc.pre(!(some[0] === 0xff && some[1] === 0xfe));
        const written = marked ? Buffer.concat([Buffer.from('\uFEFF'), some]) : some;
        expect(await byBlocks(written, sizes, how)).toEqual(byLibrary(written, how));
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  ['"a"b,c\n', [['"a"b', 'c']]],
  ['"a""b"c"d",e\r\n', [['"a"b"c"d"', 'e']]],
  ['a"b,"c\nd"\n\n,\n', [['a"b', 'c\nd'], [''], ['', '']]],
  ['"a"\r,b\n', [['"a"\r', 'b']]],
  ['a,b', [['a', 'b']]],
  ['', []],
])('%j', (written, rows) => {
  expect(csvRows(written, LAYOUTS[0]!)).toEqual({ rows, end: written.length });
});

test('a cell of many lines costs no more than its length', async () => {
  const cell = '行\n'.repeat(1_000_000);
  const { rows, isBroken } = await byBlocks(Buffer.from(`a,"${cell}"\nb,c\n"d`), [65_536], LAYOUTS[0]!);
  expect(rows.map((row) => row.map(({ length }) => length))).toEqual([
    [1, 2_000_000],
    [1, 1],
  ]);
  expect(isBroken).toBe(true);
});

test('pieces that break off give what stands before the break, and then the error', async () => {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('a,b\nc,');
    await Promise.resolve();
    throw new Error('The disk is gone.');
  };
  const blocks = [];
  for await (const block of csvBlocks(Readable.from(pieces()), LAYOUTS[0]!)) blocks.push(block);
  expect(blocks.flatMap(({ rows }) => rows)).toEqual([
    ['a', 'b'],
    ['c', ''],
  ]);
  expect(blocks.at(-1)!.broken?.message).toBe('The disk is gone.');
});
