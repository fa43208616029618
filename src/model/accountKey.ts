import { createHash } from 'node:crypto';

/** Keys of the accounts met last: a load asks for the same ones again and again. */
const known = new Map<string, number>();
const REMEMBERED = 100_000;

/**
 * The key of an account in facts and joins: the first 53 bits of sha256(platform:id).
 * It does not depend on the order of loading, so the same data give the same files everywhere, and it is exact
 * in JavaScript. Two of a million accounts share a key with a probability of about 1 in 18,000; the unique key of
 * the store then refuses the second with an error instead of mixing them.
 */
export function accountKey(platform: string, accountId: string): number {
  const id = `${platform}:${accountId}`;
  let key = known.get(id);
  if (key === undefined) {
    const digest = createHash('sha256').update(id).digest();
    key = digest.readUIntBE(0, 6) * 32 + (digest[6]! >> 3);
    if (known.size === REMEMBERED) known.clear();
    known.set(id, key);
  }
  return key;
}
