import cron from 'node-cron';
import { GovblogError, messageOf } from '../errors';
import type { Log } from '../log';
import type { Timetable } from './status';

export interface Scheduler extends Timetable {
  /** Runs the night now, or joins the one that is running: two never run at once in a process. */
  wake(): Promise<void>;
  stop(): Promise<void>;
}

/** node-cron only triggers; what is due is decided by the ledger, so a missed night is caught up by the next run. */
export function startScheduler(schedule: string, zone: string, night: () => Promise<void>, log: Log): Scheduler {
  let running: Promise<void> | null = null;
  const wake = (): Promise<void> => {
    running ??= night()
      .catch((error: unknown) => log('night.failed', { error: messageOf(error) }))
      .finally(() => (running = null));
    return running;
  };
  if (schedule === 'off') return { schedule: null, nextRunAt: () => null, wake, stop: async () => void (await running) };
  if (!cron.validate(schedule))
    throw new GovblogError(
      'BAD_SETTING',
      `GOVBLOG_SCHEDULE is "${schedule}", which is not a cron expression such as "30 2 * * *" (or "off").`,
    );
  const task = cron.schedule(schedule, () => wake(), { timezone: zone, noOverlap: true, name: 'night' });
  return {
    schedule: `${schedule} ${zone}`,
    nextRunAt: () => task.getNextRun(),
    wake,
    stop: async () => {
      await Promise.resolve(task.destroy()).catch((error: unknown) => log('scheduler.failed', { error: messageOf(error) }));
      await running;
    },
  };
}
