import { fatesOf, type Keepable } from '../../src/warehouse/retention';

const POLICY = { keepDays: 30, zone: 'Asia/Shanghai' };
const NOW = new Date('2012-06-20T02:30:00+08:00');
const night = (sequence: number, day: string, more: Partial<Keepable> = {}): Keepable => ({
  id: day,
  sequence,
  publishedAt: new Date(`${day}T02:30:00+08:00`),
  isCited: false,
  isPinned: false,
  isImported: false,
  ...more,
});
const kept = (snapshots: readonly Keepable[], now = NOW): string[] =>
  fatesOf(snapshots, now, POLICY)
    .filter(({ keep }) => keep)
    .map(({ id, because }) => `${id} ${because}`);

describe('which snapshots are kept', () => {
  test('the newest, those of thirty days, and the last of each month', () => {
    const nights = ['2012-03-01', '2012-03-30', '2012-04-01', '2012-05-10', '2012-05-11', '2012-05-21', '2012-05-22', '2012-06-19'].map((day, index) =>
      night(index + 1, day),
    ); // prettier-ignore
    expect(kept(nights)).toEqual([
      '2012-03-30 last of 2012-03', '2012-04-01 last of 2012-04', '2012-05-21 replaced less than 30 days ago',
      '2012-05-22 replaced less than 30 days ago', '2012-06-19 newest',
    ]); // prettier-ignore
    expect(fatesOf(nights, NOW, POLICY).find(({ id }) => id === '2012-05-10')).toEqual({
      id: '2012-05-10',
      keep: false,
      because: 'it was replaced more than 30 days before, on 2012-05-11, and is not the last of its month',
    });
  });

  test('months are those of the zone, to the minute', () => {
    const at = (id: string, instant: string, sequence: number) => night(sequence, '2012-01-01', { id, publishedAt: new Date(instant) });
    const all = [at('eve', '2012-01-31T15:59:59Z', 1), at('first', '2012-01-31T16:00:00Z', 2), at('second', '2012-02-02T00:00:00Z', 3), night(4, '2012-06-19')]; // prettier-ignore
    expect(kept(all, new Date('2013-01-01T00:00:00Z'))).toEqual(['eve last of 2012-01', 'second last of 2012-02', '2012-06-19 newest']);
  });

  test('thirty days count from when it was replaced, not from when it was made', () => {
    const all = [night(1, '2011-01-05'), night(2, '2011-01-06'), night(3, '2012-06-10')];
    expect(kept(all)).toEqual(['2011-01-06 replaced less than 30 days ago', '2012-06-10 newest']);
  });

  test('content that came back is the newest; what it replaced is kept while nobody knows since when', () => {
    const all = [night(3, '2012-01-05'), night(2, '2012-02-05'), night(1, '2012-01-04')];
    expect(kept(all)).toEqual(['2012-01-05 newest', '2012-02-05 replaced less than 30 days ago']);
    expect(kept([night(4, '2012-06-19'), ...all])).toContain('2012-02-05 replaced less than 30 days ago');
  });

  test('cited and pinned ones stay; an imported one is no night of this store, and goes when it is unpinned', () => {
    const all = [
      night(1, '2011-01-05', { isCited: true }), night(2, '2011-01-06', { isPinned: true }), night(3, '2011-01-07'), night(4, '2011-01-08'),
      night(-5, '2011-01-31', { isImported: true }), night(-4, '2011-02-28', { isImported: true, isPinned: true }), night(5, '2012-06-19'),
    ]; // prettier-ignore
    expect(kept(all, new Date('2013-01-01T00:00:00Z'))).toEqual([
      '2011-01-05 cited by a saved question', '2011-01-06 pinned', '2011-01-08 last of 2011-01', '2011-02-28 pinned', '2012-06-19 newest',
    ]); // prettier-ignore
  });
});
