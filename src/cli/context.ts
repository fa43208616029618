import { openApp, type App } from '../app';
import { systemClock } from '../clock';
import { readConfig } from '../config';
import { commandLine } from '../access/access';
import { jsonLog, silentLog } from '../log';
import { explained } from '../runner/surroundings';
import { changeOf } from './changes';

/** Options every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/**
 * Opens the application for one command and closes it afterwards, whatever happens. Commands log nothing but errors; one that
 * changes something gets an entry in the audit log. Throws UNAVAILABLE where the disk or the database is to blame.
 */
export async function withApp<T>(work: (app: App) => Promise<T>, logs = false): Promise<T> {
  const config = readConfig();
  try {
    const app = await openApp(config, systemClock, logs ? jsonLog(config.logLevel) : silentLog);
    try {
      const change = changeOf();
      return await (change === null ? work(app) : app.access.audit.change(commandLine(), 'admin', change, () => work(app)));
    } finally {
      await app.close();
    }
  } catch (error) {
    throw explained(error, config);
  }
}
