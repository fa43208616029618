import { openApp, type App } from '../app';
import { systemClock } from '../clock';
import { readConfig } from '../config';
import { jsonLog, silentLog } from '../log';

/** Options every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Opens the application for one command and closes it afterwards, whatever happens. Commands log nothing but errors. */
export async function withApp<T>(work: (app: App) => Promise<T>, logs = false): Promise<T> {
  const config = readConfig();
  const app = await openApp(config, systemClock, logs ? jsonLog(config.logLevel) : silentLog);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
