import { createHash } from 'node:crypto';
import type { Instant } from '../../src/model/time';

/** Post numbers count seconds from this moment of 1986 in their upper bits, as those of the platform did. */
const EPOCH_S = 515_483_463;
const PER_SECOND = 2 ** 22;
const PER_ACCOUNT = 2 ** 7;
/** Stands for authors outside the demo. No account has this index. */
export const OUTSIDE = 2 ** 15 - 1;

/** A number of 16 digits that grows with time; two accounts never make the same one. */
export const messageId = (instant: Instant, accountIndex: number, sequence = 0): string =>
  String((Math.floor(instant / 1000) - EPOCH_S) * PER_SECOND + accountIndex * PER_ACCOUNT + (sequence % PER_ACCOUNT));

/** Numbers for the comments and replies under the posts of one account, none twice. */
export function interactionIds(accountIndex: number): (instant: Instant) => string {
  const made = new Set<string>();
  return (instant) => {
    for (let sequence = 0; ; sequence++) {
      const id = messageId(instant + Math.floor(sequence / PER_ACCOUNT) * 1000, accountIndex, sequence);
      if (made.has(id)) continue;
      made.add(id);
      return id;
    }
  };
}

export const citizenHash = (citizen: number): string => createHash('sha256').update(`demo-citizen-${citizen}`).digest('hex').slice(0, 16);
