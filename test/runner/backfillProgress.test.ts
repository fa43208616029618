import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { etaSeconds, smoothed, statusOf, type Pace } from '../../src/runner/backfillProgress';
import type { BackfillPartitionStatus } from '../../src/runner/backfillTypes';

describe('the status of a backfill follows from its partitions', () => {
  const of = (state: string, ...statuses: BackfillPartitionStatus[]) => statusOf(state, statuses.map((status) => ({ status }))); // prettier-ignore
  test.each([
    ['queued', of('open', 'queued', 'queued')],
    ['running', of('open', 'queued', 'running')],
    ['running', of('open', 'queued', 'published')],
    ['running', of('open', 'running', 'failed')],
    ['published', of('open', 'published', 'published')],
    ['published', of('paused', 'published')],
    ['failed', of('open', 'published', 'failed')],
    ['paused', of('paused', 'queued', 'running')],
    ['cancelled', of('cancelled', 'published', 'cancelled')],
  ])('%s', (expected, found) => expect(found).toBe(expected));
});

describe('the time that is left', () => {
  const pace = (status: BackfillPartitionStatus, rows: number, expectedMs: number | null, tookMs: number | null = null): Pace => ({ status, rows, expectedMs, tookMs }); // prettier-ignore

  test('is nothing when all is over, unknown when nothing tells, and by hand where something does', () => {
    expect(etaSeconds([pace('published', 10, 5, 9), pace('failed', 10, 5)])).toBe(0);
    expect(etaSeconds([pace('queued', 10, null)])).toBeNull();
    expect(etaSeconds([pace('queued', 10, 59_999)])).toBe(60);
    // Twice as slow as expected; two are left that were expected to take ten seconds each, and both are being built.
    expect(etaSeconds([pace('published', 1, 9_999, 20_000), pace('running', 1, 9_999), pace('running', 1, 9_999)])).toBe(20);
    // Nothing was expected: 1,000 rows took a second.
    expect(etaSeconds([pace('published', 999, null, 1_000), pace('queued', 2_999, null), pace('failed', 5, null)])).toBe(3);
  });

  test('is less by what is done of the running one, and not before the one that waits', () => {
    const running = { ...pace('running', 1, 9_999), atWorkMs: 4_000 };
    expect(etaSeconds([running])).toBe(6);
    expect(etaSeconds([running, pace('queued', 1, 9_999)])).toBe(16);
    // It has been at work for longer than anybody expected: something is left of it all the same.
    expect(etaSeconds([{ ...running, atWorkMs: 60_000 }])).toBe(1);
    // Two at work, and a long one that comes last.
    expect(etaSeconds([running, running, pace('queued', 1, 39_999)])).toBe(40);
    expect(etaSeconds([{ ...pace('queued', 1, 9_999), waitMs: 60_000 }, running])).toBe(70);
  });

  test('one disturbed partition, now or in the runs before, is not taken for the pace of the others', () => {
    const left = Array.from({ length: 21 }, () => pace('queued', 1, 999));
    const of = (...done: readonly (readonly [number, number])[]) => etaSeconds([...done.map(([expected, took]) => pace('published', 1, expected - 1, took)), ...left]); // prettier-ignore
    expect(of([6_000, 1_300], [1_000, 1_000], [1_000, 1_100])).toBe(21);
    expect(of([1_000, 6_000], [1_000, 1_000], [1_000, 1_100])).toBe(23.1);
    expect(of([1_000, 3_000], [1_000, 3_000], [1_000, 3_000])).toBe(63);
    expect(smoothed([6_000, 1_000, 1_100, 9_000, 1_200, 1_300])).toEqual([1_100, 1_100, 1_100, 1_200, 1_300, 1_300]);
    expect(smoothed([null, 5, 7, null, 9])).toEqual([null, 6, 6, null, 8]);
    expect([smoothed([4]), smoothed([4, 8]), smoothed([])]).toEqual([[4], [6, 6], []]);
  });

  test.each([true, false])('is within a factor of 1.5 after a tenth of the work, whether runs were there to expect by: %s', (expected) => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = xoroshiro128plus(seed);
      // Months that grow by a factor of a hundred, each some fifth quicker or slower, on a machine of another speed than before.
      const speed = uniformInt(random, 20, 500) / 100;
      const real = Array.from({ length: 60 }, (_, index) => {
        const rows = Math.round(1_000 * 100 ** (index / 59));
        return { rows, before: 20 + rows * 0.1, took: (20 + rows * 0.1) * speed * (uniformInt(random, 80, 120) / 100) };
      });
      const total = real.reduce((sum, { took }) => sum + took, 0);
      let done = 0;
      const partitions = real.map(({ rows, before, took }): Pace => {
        const isDone = done < total / 10;
        if (isDone) done += took;
        return pace(isDone ? 'published' : 'queued', rows, expected ? Math.round(before) : null, isDone ? took : null);
      });
      const ratio = (etaSeconds(partitions)! * 1000) / (total - done);
      expect({ seed, fair: ratio > 1 / 1.5 && ratio < 1.5 }).toEqual({ seed, fair: true });
    }
  });
});
