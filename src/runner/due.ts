import type { Instant } from '../model/time';
import { pauseAfter } from '../warehouse/attempts';
import { nextOccurrence, occurrences, type Cron } from './cron';

export const CATCH_UP = ['all', 'latest', 'none'] as const;
/** What becomes of nights that did not happen: each is run, the newest alone, or none. */
export type CatchUp = (typeof CATCH_UP)[number];

/** A night as the ledger has it. */
export interface NightRecord {
  /** Null when it was asked for and not planned. */
  readonly plannedFor: Instant | null;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly attempts: number;
  /** `died`: running by the ledger, but its process is gone. */
  readonly outcome: 'running' | 'done' | 'failed' | 'skipped' | 'died';
}

export interface Timing {
  readonly now: Instant;
  readonly cron: Cron;
  readonly zone: string;
  readonly catchUp: CatchUp;
  /** Nights that are longer ago are not caught up. */
  readonly windowDays: number;
  /** Since when the schedule has been watched, for a ledger without nights. */
  readonly since: Instant;
  readonly records: readonly NightRecord[];
  /** How much later than planned this process begins. */
  readonly jitterMs: number;
}

export interface Due {
  /** The planned night to run now. */
  readonly run: Instant | null;
  /** True when a later night is pending too: this one builds no later days than it would have had. */
  readonly isBacklog: boolean;
  /** Planned nights that will not be run, to be written down. */
  readonly skip: readonly Instant[];
  /** The oldest planned night that should have run by now and has not. */
  readonly overdueSince: Instant | null;
  readonly next: Instant | null;
}

/** A planned night that has not begun this long after its time is overdue. */
export const GRACE_MS = 30 * 60_000;
const DAY_MS = 86_400_000;
/** Longer outages are not counted night by night. */
const FARTHEST_MS = 400 * DAY_MS;

/**
 * Whether a night is due: a function of the clock and of what the ledger says, so that it does not matter how often or how
 * late it is asked, and a timer that stood still heals. What the ledger has of the time after now (the clock was set back) says
 * nothing; what it has of the time before is never run again.
 */
export function dueNight({ now, cron, zone, catchUp, windowDays, since, records, jitterMs }: Timing): Due {
  const ended = records.filter(
    ({ outcome, plannedFor, startedAt }) => (outcome === 'done' || outcome === 'skipped') && (plannedFor ?? startedAt) <= now,
  );
  const planned = ended.filter(({ plannedFor }) => plannedFor !== null);
  // A night that was asked for builds all there is, so it stands for the latest; it does not stand for each one.
  const settled = (catchUp === 'all' && planned.length > 0 ? planned : ended).map(({ plannedFor, startedAt }) => plannedFor ?? startedAt);
  const from = Math.max(settled.length === 0 ? Math.min(since, now) : Math.max(...settled), now - FARTHEST_MS);
  const pending = occurrences(cron, zone, from, now);
  const windowStart = now - windowDays * DAY_MS;
  const candidate = candidateOf(pending, catchUp, windowStart, now);
  const isKnown = (at: Instant): boolean => records.some(({ plannedFor }) => plannedFor === at);
  const isLeftOut = (at: Instant): boolean => (catchUp === 'all' ? at < windowStart : at !== candidate);
  const isRunning = records.some(({ outcome }) => outcome === 'running');
  const waits = candidate === null || isRunning || now < candidate + jitterMs || isPausing(candidate, records, now);
  // While a night runs, those up to its own are not late: those that came up since then are, and it may be standing still.
  const begun = Math.max(
    ...records.filter(({ outcome }) => outcome === 'running').map(({ plannedFor, startedAt }) => Math.max(startedAt, plannedFor ?? 0)),
  );
  const late = pending.find((at) => now - at > GRACE_MS && at > begun);
  return {
    run: waits ? null : candidate,
    isBacklog: candidate !== null && candidate !== pending.at(-1),
    skip: pending.filter((at) => isLeftOut(at) && !isKnown(at)),
    overdueSince: late ?? null,
    next: nextOccurrence(cron, zone, now),
  };
}

function candidateOf(pending: readonly Instant[], catchUp: CatchUp, windowStart: Instant, now: Instant): Instant | null {
  if (catchUp === 'all') return pending.find((at) => at >= windowStart) ?? null;
  const newest = pending.at(-1);
  if (newest === undefined) return null;
  return (catchUp === 'none' ? now - newest <= GRACE_MS : newest >= windowStart) ? newest : null;
}

/** Attempts that may follow each other at once when the process died in them. */
const DEATHS = 3;

/** After a failure the next attempt has to wait; after the death of its process only when that goes on. */
function isPausing(candidate: Instant, records: readonly NightRecord[], now: Instant): boolean {
  const last = records.find(({ plannedFor }) => plannedFor === candidate);
  if (last === undefined || (last.outcome !== 'failed' && last.outcome !== 'died')) return false;
  if (last.outcome === 'died' && last.attempts < DEATHS) return false;
  const passed = now - (last.finishedAt ?? last.startedAt);
  return passed >= 0 && passed < pauseAfter(last.attempts);
}
