import { assert, bigInt, property, record, uniqueArray, integer } from 'fast-check';
import { bucketSize, MOST_BUCKETS, rangesOf, scatterOf, type Bucket } from '../../../src/ingest/database/buckets';
import type { ForeignRow } from '../../../src/store/foreign';

const row = (key: number | string, checksum: bigint): ForeignRow => ({ key: String(key), checksum, values: [] });
const ranges = (rows: readonly ForeignRow[], tableRows = rows.length): Bucket[] => {
  const bucketing = rangesOf(tableRows);
  for (const one of rows) bucketing.add(one);
  return bucketing.finish();
};
const posts = (count: number, step = 37): ForeignRow[] =>
  Array.from({ length: count }, (_, index) => row(4_900_000_000_000_000 + index * step, BigInt(index) * 0x9e3779b97f4a7c15n % (1n << 64n))); // prettier-ignore
const marksOf = (buckets: readonly Bucket[]): Set<string> => new Set(buckets.map(({ rows, checksum }) => `${rows} ${checksum}`));

test('buckets have some 500 rows, and a table of any size no more than 4,096 of them', () => {
  expect([0, 1, 1_000_000, 1_792_000].map(bucketSize)).toEqual([512, 512, 512, 512]);
  expect(bucketSize(1_792_001)).toBe(1_024);
  expect(bucketSize(100_000_000)).toBe(32_768);
  for (const count of [2_000, 100_000]) {
    const buckets = ranges(posts(count));
    expect(buckets.length).toBeGreaterThan((count / 512) * 0.6);
    expect(buckets.length).toBeLessThan((count / 512) * 1.4 + 2);
    expect(Math.max(...buckets.map(({ rows }) => rows))).toBeLessThanOrEqual(8 * 512);
  }
  // Many more rows than were counted: the last bucket takes the rest.
  const bucketing = rangesOf(0, 10);
  for (const one of posts(30_000)) bucketing.add(one);
  const many = bucketing.finish();
  expect(many).toHaveLength(10);
  expect(many.reduce((sum, { rows }) => sum + rows, 0)).toBe(30_000);
  expect(many.at(-1)!.rows).toBeGreaterThan(20_000);
});

test('the ranges are the table: none is left out, and each follows the one before', () => {
  const rows = posts(20_000);
  const buckets = ranges(rows);
  let at = 0;
  for (const { rows: count, checksum, range } of buckets) {
    expect(range).toEqual({ start: at, first: rows[at]!.key, last: rows[at + count - 1]!.key });
    const sum = rows.slice(at, at + count).reduce((total, one) => total + one.checksum, 0n) % (1n << 64n);
    expect(BigInt(`0x${checksum}`)).toBe(sum);
    at += count;
  }
  expect(at).toBe(rows.length);
  expect(ranges([])).toEqual([]);
});

test('rows that come, go or change touch the buckets they are in and no others', () => {
  const rows = posts(30_000);
  const known = marksOf(ranges(rows));
  const differing = (changed: readonly ForeignRow[]): number => ranges(changed).filter(({ rows: count, checksum }) => !known.has(`${count} ${checksum}`)).length; // prettier-ignore
  expect(differing(rows)).toBe(0);
  expect(differing(rows.map((one, index) => (index === 15_000 ? { ...one, checksum: 7n } : one)))).toBe(1);
  expect(differing([...rows.slice(0, 15_000), ...rows.slice(15_001)])).toBeLessThanOrEqual(2);
  expect(differing([...rows.slice(0, 15_000), row(`${rows[14_999]!.key}`.replace(/.$/, '9'), 5n), ...rows.slice(15_000)])).toBeLessThanOrEqual(2); // prettier-ignore
  // A night's work of a crawler: a thousand new posts, and the last thousand seen again.
  const night = [...rows.map((one, index) => (index >= 29_000 ? { ...one, checksum: one.checksum ^ 1n } : one)), ...posts(1_000).map((one, index) => row(4_900_000_000_000_000 + (30_000 + index) * 37, one.checksum))]; // prettier-ignore
  expect(differing(night)).toBeLessThan(15);
});

test('rows with the same key are never parted', () => {
  const rows = Array.from({ length: 30_000 }, (_, index) => row(Math.floor(index / 700), BigInt(index)));
  const buckets = ranges(rows);
  expect(buckets.length).toBeGreaterThan(3);
  for (const { rows: count } of buckets) expect(count % 700 === 0 || count === 30_000 % 700 || count % 700 === 30_000 % 700).toBe(true);
  expect(ranges(Array.from({ length: 20_000 }, (_, index) => row('same', BigInt(index))))).toHaveLength(1);
});

test('sums do not depend on the order, and twice the same row is not none', () => {
  const once = scatterOf(10);
  const twice = scatterOf(10);
  once.add(row(1, (1n << 64n) - 1n));
  for (const checksum of [(1n << 64n) - 1n, 5n, 5n]) twice.add(row(1, checksum));
  expect(once.finish()).toEqual([{ rows: 1, checksum: 'ffffffffffffffff', range: null }]);
  expect(twice.finish()).toEqual([{ rows: 3, checksum: '0000000000000009', range: null }]);
});

test('without a key each row is found again in its bucket', () => {
  assert(
    property(uniqueArray(bigInt({ min: 0n, max: (1n << 64n) - 1n }), { maxLength: 300 }), record({ rows: integer({ min: 0, max: 5_000_000 }) }), (sums, { rows }) => {
      const scatter = scatterOf(rows);
      for (const sum of sums) scatter.add(row(1, sum));
      const buckets = scatter.finish();
      expect(buckets.reduce((total, bucket) => total + bucket.rows, 0)).toBe(sums.length);
      expect(buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
      expect(sums.every((sum) => buckets.includes(scatter.bucketOf(sum)!))).toBe(true);
    }),
  ); // prettier-ignore
});
