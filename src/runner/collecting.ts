import { pruneAudit } from '../access/audit';
import type { Clock } from '../clock';
import type { Config } from '../config';
import { messageOf } from '../errors';
import type { Log } from '../log';
import type { Store } from '../store/store';
import { collect, type CollectOptions } from '../warehouse/collect';
import type { Files } from '../warehouse/files';

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

/** Collects what need not be kept. A night that published is not undone by what goes wrong here: the next one collects. */
export async function collectAfterNight({ store, files, clock, log, config }: Tools): Promise<void> {
  try {
    const { deleted, condemned, removed } = await collect(store, files, {
      ...retentionOf(config),
      now: clock.now(),
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
    const entries = await pruneAudit(store, config.keepAuditDays, clock.now());
    if (entries > 0) log('audit.pruned', { entries });
  } catch (error) {
    log('collect.failed', { error: messageOf(error) });
  }
}
