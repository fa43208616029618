import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isGoneHere, isOfThisMachine, OWNER } from '../owner';

// An engine that runs out of memory writes to a folder. Each has one of its own, since one that closes removes all that lies
// in its folder, and since the name tells whose it was when a process died.

/** What another machine left is kept this long after it was last written: nobody here can tell whether its process lives. */
const FOREIGN_MS = 86_400_000;
const NAME = /^spill\.(.+)\.(\d+)\.([^.]+)\.\d+$/;
let counter = 0;

/** The folder of one engine. The engine makes it when it needs it, and removes it when it is closed. */
export function spillFolder(tempDir: string): string {
  mkdirSync(tempDir, { recursive: true });
  return join(tempDir, `spill.${OWNER.replaceAll('/', '.')}.${(counter += 1)}`);
}

/** Removes what engines of dead processes left. Any number of processes may do so at once, beside others at work. */
export function sweepSpills(tempDir: string, now: Date): void {
  for (const name of readdirSync(tempDir)) {
    const [, host, pid, token] = NAME.exec(name) ?? [];
    if (host === undefined) continue;
    const owner = `${host}/${pid}/${token}`;
    const path = join(tempDir, name);
    if (isOfThisMachine(owner) ? isGoneHere(owner) : now.getTime() - lastWritten(path) > FOREIGN_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

/** When a folder or a file of it was last written; now for one that has just been removed. */
function lastWritten(folder: string): number {
  try {
    return Math.max(...[folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) => statSync(path).mtimeMs));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Date.now();
    throw error;
  }
}
