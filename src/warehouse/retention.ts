import { localTime } from '../model/time';

/** What is kept: see docs/snapshots.md. */
export interface RetentionPolicy {
  /** Days that a snapshot is kept after a newer one replaced it. */
  readonly keepDays: number;
  /** Zone in which months are cut. */
  readonly zone: string;
}

/** A snapshot with all that its keeping depends on. */
export interface Keepable {
  readonly id: string;
  readonly sequence: number;
  readonly publishedAt: Date;
  /** A saved question names it. */
  readonly isCited: boolean;
  readonly isPinned: boolean;
  /** It came from another machine, and is no night of this store. */
  readonly isImported: boolean;
}

/** Whether a snapshot is kept, and why. */
export interface Fate {
  readonly id: string;
  readonly keep: boolean;
  readonly because: string;
}

const DAY_MS = 86_400_000;

/**
 * Which snapshots are kept: the newest, cited and pinned ones, those that were replaced less than `keepDays` ago, and the last
 * that was published in each month. The order of the result is that of the given snapshots.
 */
export function fatesOf(snapshots: readonly Keepable[], now: Date, { keepDays, zone }: RetentionPolicy): Fate[] {
  const newest = Math.max(...snapshots.map(({ sequence }) => sequence));
  const own = snapshots.filter(({ isImported }) => !isImported);
  const lastOfMonth = new Map<string, Keepable>();
  for (const one of own) {
    const month = monthIn(one, zone);
    const known = lastOfMonth.get(month);
    if (!known || isLater(one, known)) lastOfMonth.set(month, one);
  }
  return snapshots.map((one) => {
    const keep = (because: string): Fate => ({ id: one.id, keep: true, because });
    if (one.sequence === newest) return keep('newest');
    if (one.isCited) return keep('cited by a saved question');
    if (one.isPinned) return keep('pinned');
    if (one.isImported) return { id: one.id, keep: false, because: 'it was imported and is not pinned any more' };
    const replaced = replacedAt(one, own);
    if (replaced === null || now.getTime() - replaced.getTime() < keepDays * DAY_MS) return keep(`replaced less than ${keepDays} days ago`);
    if (lastOfMonth.get(monthIn(one, zone)) === one) return keep(`last of ${monthIn(one, zone)}`);
    return {
      id: one.id,
      keep: false,
      because: `it was replaced more than ${keepDays} days before, on ${localTime(replaced.getTime(), zone).day}, and is not the last of its month`,
    };
  });
}

const monthIn = ({ publishedAt }: Keepable, zone: string): string => localTime(publishedAt.getTime(), zone).day.slice(0, 7);
const isLater = (one: Keepable, other: Keepable): boolean => {
  const difference = one.publishedAt.getTime() - other.publishedAt.getTime();
  return difference > 0 || (difference === 0 && one.sequence > other.sequence);
};

/**
 * When a snapshot stopped being the newest: when the next one was published. Content that came back moves an old snapshot to
 * the front under its old time, so only times after its own tell; null when none does, and then it is taken as just replaced.
 */
function replacedAt(one: Keepable, own: readonly Keepable[]): Date | null {
  const later = own.filter(({ sequence, publishedAt }) => sequence > one.sequence && publishedAt >= one.publishedAt);
  return later.length === 0 ? null : new Date(Math.min(...later.map(({ publishedAt }) => publishedAt.getTime())));
}
