import { openApp } from '../../src/app';
import { fixedClock } from '../../src/clock';
import { readConfig } from '../../src/config';
import { loadDemo } from '../../src/demo';
import { silentLog } from '../../src/log';
import { DEMO_DEFAULTS } from '../../seeds/demo';
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
  const place = await freshPlace('sqlite');
  const config = readConfig({ GOVBLOG_DATA_DIR: place.dataDir, PORT: '0', GOVBLOG_SCHEDULE: 'off', GOVBLOG_DEMO: 'off' });
  const app = await openApp(config, fixedClock('2012-02-01T00:00:00Z'), silentLog);
  if (data === 'published') {
    await loadDemo(app, { ...DEMO_DEFAULTS, scale: 0.01 });
    await app.night();
  }
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
