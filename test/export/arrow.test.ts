import { tableFromIPC } from 'apache-arrow';
import { arrowOf } from '../../src/export/arrow';
import type { Column } from '../../src/export/flat';

const COLUMNS: readonly Column[] = [
  { name: 'month', type: 'day' },
  { name: 'regionName', type: 'text' },
  { name: 'hour', type: 'integer' },
  { name: 'estimate.95.likes.n', type: 'count' },
  { name: 'share', type: 'number' },
];
const rowOf = (...cells: (string | number | null)[]) => Object.fromEntries(COLUMNS.map(({ name }, index) => [name, cells[index]!]));
const read = async (rows: ReturnType<typeof rowOf>[], about = {}) => tableFromIPC(await arrowOf(COLUMNS, rows, about));
const cellsOf = (table: Awaited<ReturnType<typeof read>>) => table.toArray().map((row) => Object.values(row.toJSON()));

it('holds every type at its ends, and null in every column', async () => {
  const table = await read([
    rowOf('2012-02-29', '广东 “a,b”\n😀', 0, Number.MAX_SAFE_INTEGER, 0.1 + 0.2),
    rowOf(null, null, null, null, null),
    rowOf('1969-12-31', '', -1, -(2 ** 31) - 1, 0),
  ]);
  expect(table.schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
    ['month', 'Date32<DAY>', true],
    ['regionName', 'Utf8', true],
    ['hour', 'Int32', true],
    ['estimate.95.likes.n', 'Int64', true],
    ['share', 'Float64', true],
  ]);
  expect(cellsOf(table)).toEqual([
    [Date.UTC(2012, 1, 29), '广东 “a,b”\n😀', 0, 9_007_199_254_740_991n, 0.30000000000000004],
    [null, null, null, null, null],
    [Date.UTC(1969, 11, 31), '', -1, -2_147_483_649n, 0],
  ]);
});

it('keeps every one of many rows, none of no rows, and what the file says of itself', async () => {
  const rows = Array.from({ length: 50_000 }, (_, index) =>
    rowOf('2011-12-31', `第${index}`, index % 24, index, index % 7 === 0 ? null : index / 3),
  );
  const table = await read(rows, { snapshot: '20120201-6337611da01a', note: '演示' });
  expect(table.numRows).toBe(50_000);
  expect(cellsOf(table).at(-1)).toEqual([Date.UTC(2011, 11, 31), '第49999', 7, 49_999n, 49_999 / 3]);
  expect(table.getChild('share')!.nullCount).toBe(7_143);
  expect([...table.schema.metadata]).toEqual([
    ['snapshot', '20120201-6337611da01a'],
    ['note', '演示'],
  ]);
  const none = await read([]);
  expect([none.numRows, none.schema.fields.length]).toEqual([0, 5]);
});

it('is the file form, which is written the same each time', async () => {
  const rows = [rowOf('2011-12-31', '北京', 1, 2, 3)];
  const [one, two] = [await arrowOf(COLUMNS, rows, { a: 'b' }), await arrowOf(COLUMNS, rows, { a: 'b' })];
  expect(one.equals(two)).toBe(true);
  expect([one.subarray(0, 6).toString(), one.subarray(-6).toString()]).toEqual(['ARROW1', 'ARROW1']);
});
