import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { etaSeconds, statusOf, type Pace } from '../../src/runner/backfillProgress';
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
