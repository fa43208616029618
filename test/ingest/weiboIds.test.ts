import fc from 'fast-check';
import { bidOf, midOf } from '../../src/ingest/weiboIds';
import { ValueError } from '../../src/ingest/values';

/** Addresses and numbers of posts as Weibo and the documentation of crawlers print them side by side. */
test.each([
  ['z0JH2lOMb', '3501756485200075'],
  ['LqlZNhJFm', '4762810834227120'],
  ['Mb2vL5uUH', '4826312651310475'],
  ['Mch46rqPr', '4829255386537989'],
  ['P2zg6g0ma', '5106121943814622'],
])('%s is the name of post %s', (bid, mid) => {
  expect(midOf('bid', bid)).toBe(mid);
  expect(bidOf(mid)).toBe(bid);
});

test.each([
  ['the last group is all zeros', '35017560000000'],
  ['a group in the middle is all zeros', '350000000000001'],
  ['groups begin with zeros', '100000010000002'],
  ['one digit', '7'],
  ['zero', '0'],
  ['one digit and a group', '10000000'],
  ['the largest of three groups', '999999999999999999999'],
])('%s', (_, mid) => expect(midOf('bid', bidOf(mid))).toBe(mid));

/** The other way round, with numbers of any size. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
function reference(mid: bigint): string {
  const base62 = (value: bigint): string => (value === 0n ? '' : base62(value / 62n) + ALPHABET[Number(value % 62n)]!);
  if (mid < 10_000_000n) return base62(mid) || '0';
  return reference(mid / 10_000_000n) + base62(mid % 10_000_000n).padStart(4, '0');
}

test('names and numbers of up to 20 digits go back and forth', () => {
  const digits = fc.array(fc.constantFrom(...'00001234567899'.split('')), { minLength: 1, maxLength: 20 });
  const mids = digits.map((list) => BigInt(list.join('')));
  fc.assert(
    fc.property(mids, (mid) => {
      const bid = bidOf(String(mid));
      expect(bid).toBe(reference(mid));
      expect(midOf('bid', bid)).toBe(String(mid));
    }),
    { numRuns: 2_000 },
  );
});

test.each(['', 'P2zg6g0m_', 'P2zg 6g0', 'ZZZZ', 'aZZZZ', '微博', 'a'.repeat(13)])('%j is the name of no post', (bid) =>
  expect(() => midOf('bid', bid)).toThrow(new ValueError('bid', `"${bid}" is not the base-62 name of a Weibo post.`)),
);
