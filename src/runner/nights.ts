import type { Clock } from '../clock';
import { messageOf } from '../errors';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import { HEARTBEAT_MS, isOwnerAlive, OWNER } from '../owner';
import type { Log } from '../log';
import type { Store } from '../store/store';
import type { NightRecord } from './due';

/** Why a night runs. */
export type NightReason = 'schedule' | 'start' | 'retry' | 'request';

/** A night that this process has begun. */
export interface BegunNight {
  readonly id: number;
  end(outcome: 'done' | 'failed', facts: { readonly snapshot?: string | null; readonly error?: string }): Promise<void>;
}

interface NightRow {
  id: number;
  planned_for: string | null;
  reason: string;
  outcome: string;
  owner: string;
  attempts: number;
  started_at: string;
  heartbeat_at: string;
  finished_at: string | null;
}

/** The unique key of planned nights has refused a second row. */
const isKnownNight = (error: unknown): boolean => /duplicate|unique/i.test(messageOf(error));

/** Nights that this process is in the middle of. */
const HELD = new Set<number>();

/** A night as the ledger tells it to people. */
export interface NightView {
  readonly plannedFor: Date | null;
  readonly reason: string;
  readonly outcome: 'running' | 'done' | 'failed' | 'skipped' | 'died';
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly snapshot: string | null;
  readonly error: string | null;
}

interface Tools {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

const isAlive = ({ id, owner, heartbeat_at }: NightRow, clock: Clock): boolean =>
  owner === OWNER ? HELD.has(id) : isOwnerAlive(owner, fromSqlInstant(heartbeat_at), clock.now());

/**
 * Writes down that a night begins. A planned one is begun by one process alone; null when another has begun or ended it. One
 * that its process did not live to end is begun again.
 */
export async function beginNight({ store, clock, log }: Tools, reason: NightReason, plannedFor: Date | null): Promise<BegunNight | null> {
  const now = toSqlInstant(clock.now().getTime());
  const planned = plannedFor && toSqlInstant(plannedFor.getTime());
  const begun = { reason, outcome: 'running', owner: OWNER, started_at: now, heartbeat_at: now };
  const id = await store
    .write(async (tx) => {
      const [known] = planned === null ? [] : await tx.query<NightRow>('SELECT * FROM night WHERE planned_for = ?', [planned]);
      if (known === undefined) return tx.insertOne('night', { ...begun, planned_for: planned, attempts: 1 });
      if (known.outcome !== 'failed' && (known.outcome !== 'running' || isAlive(known, clock))) return null;
      const changed = await tx.run(
        "UPDATE night SET outcome = 'running', owner = ?, started_at = ?, heartbeat_at = ?, finished_at = NULL, attempts = attempts + 1 WHERE id = ? AND attempts = ?",
        [OWNER, now, now, known.id, known.attempts],
      );
      return changed === 1 ? known.id : null;
    })
    .catch((error: unknown) => {
      if (isKnownNight(error)) return null;
      throw error;
    });
  if (id === null) return null;
  HELD.add(id);
  const beat = (): Promise<number> =>
    store.write((tx) => tx.run('UPDATE night SET heartbeat_at = ? WHERE id = ?', [toSqlInstant(clock.now().getTime()), id]));
  const heart = setInterval(() => void beat().catch((error: unknown) => log('heartbeat.failed', { night: id, error: messageOf(error) })), HEARTBEAT_MS); // prettier-ignore
  return {
    id,
    end: async (outcome, { snapshot = null, error = null as string | null | undefined }) => {
      clearInterval(heart);
      HELD.delete(id);
      await store.write((tx) =>
        tx.run('UPDATE night SET outcome = ?, finished_at = ?, snapshot_id = ?, error = ? WHERE id = ? AND owner = ?', [
          outcome,
          toSqlInstant(clock.now().getTime()),
          snapshot,
          error?.slice(0, 4000) ?? null,
          id,
          OWNER,
        ]),
      );
    },
  };
}

/** Writes down planned nights that the policy for catching up leaves out. */
export async function skipNights({ store, clock }: Pick<Tools, 'store' | 'clock'>, planned: readonly Date[]): Promise<void> {
  const now = toSqlInstant(clock.now().getTime());
  for (const at of planned.map((one) => toSqlInstant(one.getTime())))
    await store
      .write(async (tx) => {
        if ((await tx.query('SELECT id FROM night WHERE planned_for = ?', [at])).length === 0)
          await tx.insertOne('night', {
            ...{ planned_for: at, reason: 'schedule', outcome: 'skipped', owner: OWNER, attempts: 0 },
            ...{ started_at: now, heartbeat_at: now, finished_at: now },
          });
      })
      .catch((error: unknown) => {
        // Another process has written it down, or runs it, at this moment.
        if (!isKnownNight(error)) throw error;
      });
}

/** Nights that decide what is due: the newest, by when they were planned or began. */
export async function nightRecords({ store, clock }: Pick<Tools, 'store' | 'clock'>, count = 60): Promise<NightRecord[]> {
  const rows = await store.query<NightRow>('SELECT * FROM night ORDER BY id DESC LIMIT ?', [count]);
  return rows.map((row) => ({
    plannedFor: row.planned_for === null ? null : fromSqlInstant(row.planned_for),
    startedAt: fromSqlInstant(row.started_at),
    finishedAt: row.finished_at === null ? null : fromSqlInstant(row.finished_at),
    attempts: row.attempts,
    outcome: row.outcome === 'running' && !isAlive(row, clock) ? 'died' : (row.outcome as NightRecord['outcome']),
  }));
}

/** The newest nights for people, newest first. */
export async function lastNights({ store, clock }: Pick<Tools, 'store' | 'clock'>, count: number): Promise<NightView[]> {
  const rows = await store.query<NightRow & { snapshot_id: string | null; error: string | null }>(
    'SELECT * FROM night ORDER BY id DESC LIMIT ?',
    [count],
  );
  const instant = (text: string | null): Date | null => (text === null ? null : new Date(fromSqlInstant(text)));
  return rows.map((row) => ({
    ...{
      plannedFor: instant(row.planned_for),
      reason: row.reason,
      startedAt: instant(row.started_at)!,
      finishedAt: instant(row.finished_at),
    },
    outcome: row.outcome === 'running' && !isAlive(row, clock) ? 'died' : (row.outcome as NightView['outcome']),
    ...{ snapshot: row.snapshot_id, error: row.error },
  }));
}

/** Whether a night is at work anywhere. */
export async function someNightRuns(store: Store, clock: Clock): Promise<boolean> {
  const rows = await store.query<NightRow>("SELECT * FROM night WHERE outcome = 'running'");
  return rows.some((row) => isAlive(row, clock));
}
