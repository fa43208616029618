import 'reflect-metadata';
import { silentLog } from '../src/log';
import { peakMb } from './figures';
import { openAt } from './place';

// A server in a process of its own: told a data folder and settings, it tells its address; told to stop, its memory.

/** What the server is started on. */
export interface Start {
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
}

async function serve({ dataDir, settings }: Start): Promise<void> {
  const app = await openAt(dataDir, '', silentLog, settings);
  const scheduler = app.schedule();
  const server = await app.serve(scheduler);
  process.once('message', () => {
    process.send!({ peakMb: peakMb() }, () => process.exit(0));
  });
  process.send!({ address: server.address });
}

process.once('disconnect', () => process.exit(1));
process.once('message', (start) => void serve(start as Start));
