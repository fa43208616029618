import { openCache, sizeOf, type AnswerCache } from '../../src/answer/cache';
import { openTestApp, type TestApp } from '../app';
import { heldBytes } from '../heap';

/** Rows as the engine's answers become them. */
const rowsOf = (count: number, fields: number, value: (row: number, field: number) => unknown): object[] =>
  Array.from({ length: count }, (_, row) => {
    const values = Array.from({ length: fields }, (_none, field) => value(row, field));
    return Object.fromEntries(values.map((one, field) => [`field${field}`, one]));
  });
const KINDS: readonly (readonly [string, () => object[]])[] = [
  ['counts', () => rowsOf(20_000, 5, (row, field) => row * field)],
  ['many counts', () => rowsOf(10_000, 30, (row, field) => row * field)],
  ['large counts', () => rowsOf(20_000, 3, (row, field) => row * 1e10 + field)],
  ['ratios', () => rowsOf(20_000, 5, (row, field) => row / 7 + field)],
  ['codes', () => rowsOf(20_000, 3, (row) => Buffer.from(`2011-${row}`).toString())],
  ['names', () => rowsOf(20_000, 2, (row) => Buffer.from(`政务微博${row}`).toString())],
];

test.each(KINDS)('what %s are reckoned to take is what they take', (_, make) => {
  const held: object[][] = [make()];
  const before = heldBytes();
  for (let round = 0; round < 4; round += 1) held.push(make());
  const taken = (heldBytes() - before) / 4;
  const reckoned = sizeOf(held[1]);
  expect(reckoned).toBeGreaterThan(0.95 * taken);
  expect(reckoned).toBeLessThan(2 * taken);
  expect(held).toHaveLength(5);
});

test('a cache stays within its bound, whatever passes through it, and keeps what was asked last', async () => {
  const cache = openCache(2);
  const before = heldBytes();
  for (let number = 0; number < 60; number += 1)
    await cache.once(`answer ${number}`, () => Promise.resolve(rowsOf(5_000, 5, (row, field) => row * field + number)));
  expect(cache.bytes()).toBeLessThan(2 * 1_048_576);
  expect(cache.bytes()).toBeGreaterThan(1_048_576);
  expect(heldBytes() - before).toBeLessThan(2.2 * 1_048_576);
  const again = async (number: number): Promise<boolean> => {
    let ran = false;
    await cache.once(`answer ${number}`, () => ((ran = true), Promise.resolve([])));
    return ran;
  };
  expect([await again(59), await again(0)]).toEqual([false, true]);
});

describe.each([64, 0])('with %i MB', (megabytes) => {
  let cache: AnswerCache;
  beforeEach(() => void (cache = openCache(megabytes)));

  test('a hundred who ask at once wait for one', async () => {
    let runs = 0;
    const work = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return (runs += 1);
    };
    expect(await Promise.all(Array.from({ length: 100 }, () => cache.once('q', work)))).toEqual(Array.from({ length: 100 }, () => 1));
    expect(await cache.once('q', work)).toBe(megabytes === 0 ? 2 : 1);
  });

  test('a failure reaches all who wait, and the next one tries again', async () => {
    const failing = Promise.allSettled(Array.from({ length: 3 }, () => cache.once('q', () => Promise.reject(new Error('away')))));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await cache.once('q', () => Promise.resolve('there'))).toBe('there');
  });
});

describe('over HTTP', () => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp('sqlite', { prepared: 'traps' });
  });
  afterAll(() => test_.close());

  test('the same question of a hundred clients at once is one statement of the engine', async () => {
    const { address } = await test_.serve();
    const reader = await test_.app.reader();
    await reader.open();
    const asked = jest.spyOn(reader.engine, 'query');
    const url = `${address}/activity.csv?fields=month,region,posts,activeAccounts&from=2012-01-01&to=2012-12-31`;
    const bodies = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(url)).text()));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toMatch(/^month,.*\n2012-01-01,/);
    await fetch(url.replace('2012-12-31', '2012-11-30'));
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
