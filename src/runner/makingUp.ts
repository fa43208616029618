import type { Instant } from '../model/time';
import { pauseAfter } from '../warehouse/attempts';
import { troubleOf } from './surroundings';

/**
 * What a process knows of a night that it broke off because the disk was full or the database away. The ledger may not know of
 * it: it was away itself.
 */
export interface MakingUp {
  /** Whether the night that was broken off is to be run again by now. */
  isDue(now: Instant): boolean;
  /** A night ended with an error: what failed by its data is left to the ledger. */
  broke(error: unknown, now: Instant): void;
  /** A night went through. */
  done(): void;
}

export function makingUp(): MakingUp {
  let owed: { readonly since: Instant; readonly pauseMs: number } | null = null;
  let times = 0;
  return {
    // A clock that was set back must not put it off.
    isDue: (now) => owed !== null && (now < owed.since || now - owed.since >= owed.pauseMs),
    broke: (error, now) => {
      const trouble = troubleOf(error);
      if (trouble === null) return;
      times += 1;
      // A database that is away refuses at the first question, so asking again costs nothing; a full disk may take a whole night's work.
      owed = { since: now, pauseMs: trouble === 'away' ? 0 : pauseAfter(times) };
    },
    done: () => {
      owed = null;
      times = 0;
    },
  };
}
