import type { Clock } from '../clock';
import { toSqlInstant } from '../model/time';
import type { Log } from '../log';
import type { Store } from '../store/store';

/** Clocks of machines may differ by this much. What is dated later was written down by a clock that was wrong. */
const AHEAD_MS = 3_600_000;

/**
 * Puts right what a clock that was ahead has written down: otherwise the nights that it believed in would be taken for done
 * when their time really comes. Nights that it left out are forgotten; one that it ran stays, as one that was asked for by now.
 */
export async function putNightsAheadRight({
  store,
  clock,
  log,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<void> {
  const now = clock.now().getTime();
  const ahead = "outcome <> 'running' AND started_at > ?";
  const limit = toSqlInstant(now + AHEAD_MS);
  const [found] = await store.query<{ nights: number; newest: string | null }>(
    `SELECT COUNT(*) AS nights, MAX(started_at) AS newest FROM night WHERE ${ahead}`,
    [limit],
  );
  if (!found || Number(found.nights) === 0) return;
  await store.write(async (tx) => {
    await tx.run(`DELETE FROM night WHERE ${ahead} AND outcome = 'skipped'`, [limit]);
    await tx.run(`UPDATE night SET planned_for = NULL, started_at = ?, heartbeat_at = ?, finished_at = ? WHERE ${ahead}`, [
      ...[toSqlInstant(now), toSqlInstant(now), toSqlInstant(now)],
      limit,
    ]);
  });
  log('nights.putRight', { nights: Number(found.nights), newest: found.newest, now: new Date(now).toISOString() });
}
