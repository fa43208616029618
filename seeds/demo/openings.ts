import { addDays, type Day, daysBetween, monthEnd, monthStart } from '../../src/model/time';
import type { Random } from './random';
import type { Slot } from './slots';
import type { Targets } from './targets';

export interface Opening {
  readonly slot: Slot;
  readonly openedOn: Day;
}

/**
 * Public security came first: most of its agencies hurry, and its officials a little. A hurry of 14 means that an account is 14 times
 * as likely as another to be the next to open.
 */
const HURRIED_SHARE = 0.8;
const HURRY = { AGENCY: 14, OFFICIAL: 1.2 } as const;

/** Opening days for all accounts of one type, as many in each month as the target says. */
export function openingsOf(slots: readonly Slot[], { months }: Targets, random: Random): Opening[] {
  const openings: Opening[] = slots.flatMap((slot) => (slot.leading ? [{ slot, openedOn: slot.leading.openedOn }] : []));
  const queue = slots
    .filter(({ leading }) => leading === null)
    .map((slot) => ({ slot, turn: random.exponential() / hurryOf(slot, random) }))
    .toSorted((a, b) => a.turn - b.turn);

  let next = 0;
  for (const { code: month, accounts } of months) {
    const named = openings.filter(({ slot, openedOn }) => slot.leading && openedOn.startsWith(month)).length;
    const wanted = accounts[slots[0]?.type ?? 'AGENCY'] - named;
    const days = daysBetween(monthStart(month), monthEnd(month)) + 1;
    for (const { slot } of queue.slice(next, next + wanted))
      openings.push({ slot, openedOn: addDays(monthStart(month), random.int(days)) });
    next += wanted;
  }
  return openings;
}

function hurryOf({ type, group }: Slot, random: Random): number {
  if (group !== 'PS') return 1;
  return type === 'OFFICIAL' || random.chance(HURRIED_SHARE) ? HURRY[type] : 1;
}

/** Earliest first; what opened on one day keeps its order. */
export const byOpening = (a: Opening, b: Opening): number => (a.openedOn < b.openedOn ? -1 : a.openedOn > b.openedOn ? 1 : 0);
