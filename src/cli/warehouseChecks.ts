import { statfsSync } from 'node:fs';
import { counted } from '../counted';
import type { App } from '../app';
import { inspectWarehouse } from '../warehouse/inspect';
import { currentSnapshot } from '../warehouse/snapshots';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
}

const HOUR_MS = 3_600_000;
/** A file that waits this much longer than its grace tells that nothing collects. */
const LATE_HOURS = 72;
/** Below this much free space a night may not fit, whatever there is. */
const LEAST_FREE_BYTES = 1_073_741_824;
/** A full rebuild writes everything anew before anything old goes. */
const ROOM = 2;

/** Files against rows, claims against heartbeats, and room for the next night. */
export async function warehouseChecks({ store, files, clock, config }: App): Promise<Finding[]> {
  const now = clock.now();
  const { missing, named, orphans, oldestCondemned, deadClaims } = await inspectWarehouse(store, files, now);
  const waitsHours = oldestCondemned === null ? 0 : (now.getTime() - oldestCondemned.getTime()) / HOUR_MS;
  const isLate = waitsHours > config.collectGraceHours + LATE_HOURS;
  return [
    {
      check: 'files of all snapshots',
      ok: missing.length === 0,
      found:
        missing.length === 0
          ? `${counted(named, 'file')}, all there with their lengths`
          : `${missing.length} of ${named} missing or of another length: ${some(missing)}; \`govblog run\` builds again what the newest data make, a backup or \`govblog snapshots import\` brings back the rest`,
    },
    {
      check: 'files without a name',
      ok: !isLate,
      found:
        orphans.length === 0
          ? 'none'
          : `${counted(orphans.length, 'file')}, ${megabytes(orphans)} MB${isLate ? `, waiting since ${oldestCondemned!.toISOString()}; \`govblog snapshots collect --apply\` removes them` : ', which a later collection removes'}`,
    },
    {
      check: 'claims',
      ok: deadClaims.length === 0,
      found:
        deadClaims.length === 0
          ? 'nobody holds a partition without a sign of life'
          : `no sign of life: ${deadClaims.map(({ run, job, partition, since }) => `run ${run} of ${job} ${partition} since ${since.toISOString()}`).join(', ')}; the next run takes over`,
    },
    await disk({ store, config }),
  ];
}

async function disk({ store, config }: Pick<App, 'store' | 'config'>): Promise<Finding> {
  const { bavail, bsize } = statfsSync(config.dataDir);
  const free = bavail * bsize;
  const bytes = ((await currentSnapshot(store))?.files ?? []).reduce((sum, file) => sum + file.bytes, 0);
  const needed = Math.max(LEAST_FREE_BYTES, ROOM * bytes);
  const mega = (size: number): number => Math.round(size / 1_048_576);
  return {
    check: 'disk',
    ok: free > needed,
    found: `${mega(free)} MB free in ${config.dataDir}; a night that builds everything anew may need ${mega(needed)} MB`,
  };
}

const some = (uris: readonly string[]): string => `${uris.slice(0, 5).join(', ')}${uris.length > 5 ? ' …' : ''}`;
const megabytes = (files: readonly { readonly bytes: number }[]): string =>
  (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
