import type { Clock } from '../clock';
import { GovblogError, messageOf } from '../errors';
import type { Log } from '../log';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { demandChange, type Caller, type Role } from './caller';
import { hidden } from './keys';

/** A request to change something. */
export interface Change {
  /** What is done: the name of the mutation, or of the command. */
  readonly action: string;
  /** To what: an id, a job with its days, a file. */
  readonly subject: string;
  readonly reason?: string | null | undefined;
}

export interface AuditEntry extends Change {
  readonly id: number;
  readonly at: Date;
  readonly caller: string;
  readonly reason: string | null;
  /** begun, done, `refused: …` or `failed: …`. What stays begun was broken off with its process. */
  readonly outcome: string;
}

interface AuditRow extends Omit<AuditEntry, 'at'> {
  readonly at: string;
}

/** The record of every request to change something, also of those that were refused. */
export interface Audit {
  /**
   * Does the work for a caller whose role suffices, whose name it is told, with an entry before it begins and its outcome
   * afterwards: `done`, unless the result tells otherwise.
   */
  change<T>(caller: Caller, role: Role, change: Change, work: (by: string) => Promise<T>, outcomeOf?: (result: T) => string): Promise<T>;
  /** Entries before the one with this id (or the newest), newest first. */
  list(first: number, before?: number | null): Promise<AuditEntry[]>;
}

/** Refusals of callers without a key that are entered within a minute; more are only logged, so that nobody can fill the store. */
const REFUSALS_A_MINUTE = 100;

export function openAudit(store: Store, clock: Clock, log: Log): Audit {
  let refusals = { minute: 0, count: 0 };
  const enter = (caller: Caller, change: Change, outcome: string): Promise<number> =>
    store.write((tx) =>
      tx.insertOne('audit_log', {
        at: toSqlInstant(clock.now().getTime()),
        caller: cut(caller.name, 120),
        ...told(change),
        outcome: cut(outcome, 600),
      }),
    );
  const mayEnter = (caller: Caller): boolean => {
    if (caller.kind !== 'anonymous') return true;
    const minute = Math.floor(clock.now().getTime() / 60_000);
    refusals = { minute, count: refusals.minute === minute ? refusals.count + 1 : 1 };
    return refusals.count <= REFUSALS_A_MINUTE;
  };

  return {
    change: async (caller, role, change, work, outcomeOf = () => 'done') => {
      try {
        demandChange(caller, role, change.action);
      } catch (error) {
        log('change.refused', { caller: caller.name, ...told(change), error: messageOf(error) });
        if (mayEnter(caller)) await enter(caller, change, `refused: ${describe(error)}`);
        throw error;
      }
      const id = await enter(caller, change, 'begun');
      const settle = (outcome: string): Promise<number> =>
        store.write((tx) => tx.run('UPDATE audit_log SET outcome = ? WHERE id = ?', [cut(outcome, 600), id]));
      let result;
      try {
        result = await work(caller.name);
      } catch (error) {
        const outcome = error instanceof GovblogError ? `refused: ${describe(error)}` : `failed: ${messageOf(error)}`;
        // What went wrong first is what the caller must hear of.
        await settle(outcome).catch((unsettled: unknown) => log('audit.failed', { audit: id, error: messageOf(unsettled) }));
        log('change.refused', { caller: caller.name, ...told(change), audit: id, error: messageOf(error) });
        throw error;
      }
      await settle(outcomeOf(result));
      log('change.done', { caller: caller.name, ...told(change), audit: id });
      return result;
    },
    list: async (first, before) => {
      const rows = await store.query<AuditRow>(
        `SELECT id, at, caller, action, subject, reason, outcome FROM audit_log ${before == null ? '' : 'WHERE id < ? '}ORDER BY id DESC LIMIT ?`,
        [...(before == null ? [] : [before]), Math.max(0, first)],
      );
      return rows.map((row) => ({ ...row, at: new Date(fromSqlInstant(row.at)) }));
    },
  };
}

const DAY_MS = 86_400_000;

/** Removes entries that are older than so many days, and tells how many; 0 days keep all for ever. */
export const pruneAudit = async (store: Store, days: number, now: Date): Promise<number> =>
  days === 0 ? 0 : store.write((tx) => tx.run('DELETE FROM audit_log WHERE at < ?', [toSqlInstant(now.getTime() - days * DAY_MS)]));

/** A change as it is written down. */
const told = ({ action, subject, reason }: Change) => ({
  action: cut(action, 60),
  subject: cut(subject, 400),
  reason: reason == null ? null : cut(reason, 400),
});

const describe = (error: unknown): string => (error instanceof GovblogError ? `${error.code}: ${error.message}` : messageOf(error));

/** So many characters at most, no half of one, no signs that would break a line of a list, and no secret. */
const cut = (text: string, most: number): string => {
  const line = [
    ...hidden(text)
      .replace(/\p{Cc}+/gu, ' ')
      .replace(/\/\/([^:@/\s]*):[^@\s]*@/g, '//$1:…@'),
  ];
  return line.length <= most ? line.join('') : `${line.slice(0, most - 1).join('')}…`;
};
