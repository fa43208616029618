import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** Who has not given a sign of life for this long is taken to be dead: ten heartbeats. */
const LEASE_MS = 60_000;
export const HEARTBEAT_MS = 6_000;

/** This process, as rows of the store name it. The token tells it from a process that had the same number before. */
const TOKEN = randomUUID().slice(0, 8);
export const OWNER = `${hostname()}/${process.pid}/${TOKEN}`;

/** A heartbeat so far in the future is that of a clock that was ahead, and says nothing. */
const AHEAD_MS = 3_600_000;

/** Alive: its process runs on this machine, or (elsewhere) its heartbeat is young. */
export function isOwnerAlive(owner: string, heartbeatAt: number, now: Date): boolean {
  const [host, pid = '', token] = owner.split('/');
  if (host === hostname()) {
    if (Number(pid) === process.pid) return token === TOKEN;
    if (!isAlive(Number(pid))) return false;
  } else if (heartbeatAt - now.getTime() > AHEAD_MS) return false;
  return now.getTime() - heartbeatAt < LEASE_MS;
}

export const isOfThisMachine = (owner: string): boolean => owner.split('/')[0] === hostname();

/** Whether an owner of this machine has ended. */
export function isGoneHere(owner: string): boolean {
  const [, pid, token] = owner.split('/');
  return Number(pid) === process.pid ? token !== TOKEN : !isAlive(Number(pid));
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
