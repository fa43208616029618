import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ingest } from '../src/ingest/ingest';
import { openSource } from '../src/ingest/open';
import { peakMb } from './figures';
import { timed } from './measure';
import { openAt } from './place';

// Loading in a process of its own, as users load: neither its time nor its memory is that of the data the bench holds.

interface LoadOrder {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly file: string;
  readonly observedAt: number | null;
}
export interface Loaded {
  readonly milliseconds: number;
  readonly accepted: number;
  readonly peakMb: number;
}

/** Loads a file the way `govblog ingest posts` does; the time is from the first look at the file to the end of the last transaction. */
export async function loadFile(dataDir: string, databaseUrl: string, file: string, observedAt: number | null = null): Promise<Loaded> {
  const child = fork(__filename);
  const order: LoadOrder = { dataDir, databaseUrl, file, observedAt };
  child.send(order);
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`Loading ${file} ended early (${String(signal ?? code)}).`);
  });
  ended.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Loaded | { readonly error: string }];
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

async function load({ dataDir, databaseUrl, file, observedAt }: LoadOrder): Promise<Loaded> {
  const app = await openAt(dataDir, databaseUrl);
  const options = { kind: 'posts', observedAt, encoding: null, profile: null, full: false } as const;
  let accepted = 0;
  const milliseconds = await timed(async () => {
    ({ accepted } = await ingest(await openSource(file, options, app), { ...app, dataDir }));
  });
  await app.close();
  return { milliseconds, accepted, peakMb: peakMb() };
}

if (require.main === module)
  process.once('message', (order: LoadOrder) => {
    const answer = (message: Loaded | { readonly error: string }): void => void process.send!(message, () => process.exit(0));
    load(order).then(answer, (error: unknown) =>
      answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
