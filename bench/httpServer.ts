import 'reflect-metadata';
import { peakMb } from './figures';
import { openAt } from './place';

// The server under load, in a process of its own: told a data folder, it tells its address; told to stop, its memory.

async function serve(dataDir: string): Promise<void> {
  const app = await openAt(dataDir);
  const scheduler = app.schedule();
  const server = await app.serve(scheduler);
  process.once('message', () => {
    process.send!({ peakMb: peakMb() }, () => process.exit(0));
  });
  process.send!({ address: server.address });
}

process.once('disconnect', () => process.exit(1));
process.once('message', (dataDir) => void serve(String(dataDir)));
