import cron from 'node-cron';
import type { Clock } from '../clock';
import { messageOf } from '../errors';
import type { Log } from '../log';
import { parseCron, nextOccurrence } from './cron';
import { dueNight, type CatchUp, type Due, type NightRecord } from './due';
import type { Timetable } from './status';

export interface Scheduler extends Timetable {
  /** Looks what is due and does it, or joins what is being done: two things are never done at once in a process. */
  wake(): Promise<void>;
  /** Whether a planned night should have begun by now, and can. */
  isBehind(): Promise<boolean>;
  stop(): Promise<void>;
}

/** What the scheduler decides by and what it does. */
export interface Duties {
  readonly clock: Clock;
  readonly log: Log;
  records(): Promise<NightRecord[]>;
  skip(planned: readonly Date[]): Promise<void>;
  /** Runs a planned night; `isBacklog` when a later one is pending too. */
  night(plannedFor: Date, isBacklog: boolean): Promise<void>;
  /** Tries failed partitions again whose time has come. */
  retry(): Promise<void>;
  /** Works off backfills until nothing is left or a night is due. */
  work(isNightDue: () => Promise<boolean>): Promise<void>;
}

export interface Schedule {
  /** Cron expression, or `off`: then this process builds nothing by itself. */
  readonly schedule: string;
  readonly zone: string;
  readonly catchUp: CatchUp;
  readonly windowDays: number;
  readonly jitterMs: number;
}

/** How often what is due is looked at: a backfill that was applied anywhere begins within this time. */
const TICK_MS = 3_000;

/**
 * node-cron and a timer only wake; what is due is decided by `dueNight` from the ledger, so that a night that was missed, a
 * clock that was set and a timer that stood still make no difference. Nights come first, then retries, then backfills.
 */
export function startScheduler(plan: Schedule, duties: Duties): Scheduler {
  const { clock, log } = duties;
  const { schedule, zone, catchUp, windowDays } = plan;
  let running: Promise<void> | null = null;
  if (schedule === 'off')
    return {
      ...{ schedule: null, nextRunAt: () => null, overdueSince: () => null },
      ...{ wake: async () => undefined, isBehind: async () => false, stop: async () => undefined },
    };
  const times = parseCron(schedule);
  const since = clock.now().getTime();
  // The same delay for every night of a process: processes that share a store do not all begin in the same second.
  const jitterMs = Math.floor(Math.random() * plan.jitterMs);
  let stopped = false;
  let overdue: number | null = null;

  const look = async (): Promise<Due> => {
    const due = dueNight({
      now: clock.now().getTime(),
      cron: times,
      zone,
      catchUp,
      windowDays,
      since,
      records: await duties.records(),
      jitterMs,
    });
    if (due.overdueSince !== null && due.overdueSince !== overdue)
      log('night.missed', { plannedFor: new Date(due.overdueSince).toISOString() });
    overdue = due.overdueSince;
    return due;
  };
  const act = async (): Promise<void> => {
    const { run, isBacklog, skip } = await look();
    if (skip.length > 0) await duties.skip(skip.map((at) => new Date(at)));
    if (run !== null) await duties.night(new Date(run), isBacklog);
    else {
      await duties.retry();
      await duties.work(async () => stopped || (await look()).run !== null);
    }
  };
  const wake = (): Promise<void> => {
    if (stopped) return running ?? Promise.resolve();
    running ??= act()
      .catch((error: unknown) => log('night.failed', { error: messageOf(error) }))
      .finally(() => (running = null));
    return running;
  };
  const tick = setInterval(() => void wake(), TICK_MS);
  tick.unref();
  const task = cron.schedule(schedule, () => wake(), { timezone: zone, noOverlap: true, name: 'night' });
  return {
    schedule: `${schedule} ${zone}`,
    nextRunAt: () => {
      const next = nextOccurrence(times, zone, clock.now().getTime());
      return next === null ? null : new Date(next);
    },
    overdueSince: () => (overdue === null ? null : new Date(overdue)),
    wake,
    isBehind: async () => !stopped && (await look()).run !== null,
    stop: async () => {
      stopped = true;
      clearInterval(tick);
      await Promise.resolve(task.destroy()).catch((error: unknown) => log('scheduler.failed', { error: messageOf(error) }));
      await running;
    },
  };
}
