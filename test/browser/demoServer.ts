import { openApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { silentLog } from '../../src/log';
import { LATER, preparedCopy } from '../app';
import { freshPlace } from '../stores';

export interface DemoServer {
  /** `http://127.0.0.1:4000`, without a slash at the end. */
  readonly origin: string;
  readonly dataDir: string;
  /** Stops the server and removes its data. */
  close(): Promise<void>;
}

/** The real server on a free port: with a hundredth of the demo data published, or with nothing published. */
export async function serveDemo(data: 'published' | 'empty'): Promise<DemoServer> {
  const place = data === 'published' ? await preparedCopy('sqlite', 'demo') : await freshPlace('sqlite');
  const config = readConfig({ GOVBLOG_DATA_DIR: place.dataDir, PORT: '0', GOVBLOG_SCHEDULE: 'off', GOVBLOG_DEMO: 'off' });
  const app = await openApp(config, LATER, silentLog);
  const scheduler = app.schedule();
  const server = await app.serve(scheduler);
  return {
    origin: server.address,
    dataDir: place.dataDir,
    close: async () => {
      await server.close();
      await scheduler.stop();
      await app.close();
      await place.remove();
    },
  };
}
