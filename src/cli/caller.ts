import { hostname, userInfo } from 'node:os';

/** Who gives a command, for the records: the name that was given, else the user of the machine. */
export function caller(by?: string): string {
  const name = (by ?? '').trim();
  if (name !== '') return name.slice(0, 120);
  try {
    return `${userInfo().username}@${hostname()}`.slice(0, 120);
  } catch {
    // A user without an entry, as containers have them.
    return `command line@${hostname()}`.slice(0, 120);
  }
}
