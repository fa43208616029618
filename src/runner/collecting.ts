import { pruneAudit } from '../access/audit';
import type { Clock } from '../clock';
import type { Config } from '../config';
import { messageOf } from '../errors';
import type { Log } from '../log';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { collect, type CollectOptions } from '../warehouse/collect';
import type { Files } from '../warehouse/files';
import { occurrences, parseCron } from './cron';

/** What the settings say of keeping. */
export const retentionOf = (config: Config): Pick<CollectOptions, 'keepDays' | 'graceHours' | 'zone'> => ({
  keepDays: config.keepDays,
  graceHours: config.collectGraceHours,
  zone: config.scheduleZone,
});

interface Tools {
  readonly store: Store;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Config;
}

/** Nights that may be missed before the clock is doubted. */
const MISSED_NIGHTS = 7;
/** Where nights are begun by hand, this is long. */
const LONG_MS = 45 * 86_400_000;
/** A night that ended so short ago may be of the same wrong clock. */
const SETTLED_MS = 20 * 3_600_000;

async function lastNightBefore(store: Store, now: number): Promise<number | null> {
  const [row] = await store.query<{ at: string | null }>(
    "SELECT MAX(finished_at) AS at FROM night WHERE outcome IN ('done', 'failed') AND finished_at <= ?",
    [toSqlInstant(now - SETTLED_MS)],
  );
  return row?.at ? fromSqlInstant(row.at) : null;
}

/**
 * Whether so many nights were missed that the clock may be ahead: it would find everything too old. Where it is right, the
 * nights of the next day collect.
 */
function isLongAgo(last: number, now: number, { schedule, scheduleZone }: Config): boolean {
  if (schedule === 'off') return now - last > LONG_MS;
  return occurrences(parseCron(schedule), scheduleZone, last, now).length > MISSED_NIGHTS;
}

/** Collects what need not be kept. A night that published is not undone by what goes wrong here: the next one collects. */
export async function collectAfterNight({ store, files, clock, log, config }: Tools): Promise<void> {
  try {
    const now = clock.now();
    const last = await lastNightBefore(store, now.getTime());
    if (last !== null && isLongAgo(last, now.getTime(), config)) {
      log('collect.postponed', { lastNight: new Date(last).toISOString(), now: now.toISOString() });
      return;
    }
    const { deleted, condemned, removed } = await collect(store, files, {
      ...retentionOf(config),
      now,
      by: 'the night',
      apply: true,
    });
    if (deleted.length + removed.length > 0)
      log('snapshots.collected', {
        snapshots: deleted.map(({ id }) => id),
        files: removed.length,
        bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
        condemned: condemned.length,
      });
    const entries = await pruneAudit(store, config.keepAuditDays, now);
    if (entries > 0) log('audit.pruned', { entries });
  } catch (error) {
    log('collect.failed', { error: messageOf(error) });
  }
}
