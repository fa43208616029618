import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { peakMb } from './figures';
import { timed } from './measure';
import { openAt } from './place';
import { stopwatch } from './stopwatch';

/** A night in a process of its own: its time, that of each job, and the highest memory of the process. */
export interface NightRun {
  readonly milliseconds: number;
  /** Milliseconds of each job. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly peakMb: number;
}

/** @throws Error when the night ends early, or a partition of it fails. */
export async function runNight(dataDir: string): Promise<NightRun> {
  const child = fork(__filename);
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The night ended early (${String(signal ?? code)}).`);
  });
  ended.catch(() => undefined);
  child.send(dataDir);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [NightRun | { readonly error: string }];
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

async function night(dataDir: string): Promise<NightRun> {
  const watch = stopwatch();
  const failures: string[] = [];
  const app = await openAt(dataDir, '', (event, facts) => {
    watch.log(event, facts);
    if (event === 'partition.failed') failures.push(JSON.stringify(facts));
  });
  const milliseconds = await timed(() => app.night());
  await app.close();
  if (failures.length > 0) throw new Error(`Partitions of the night failed: ${failures.join('; ')}`);
  const jobs = Object.fromEntries(['accountDay', 'posts', 'interactions'].map((job) => [job, watch.times(job)[0] ?? 0]));
  return { milliseconds, jobs, peakMb: peakMb() };
}

if (require.main === module)
  process.once('message', (dataDir: string) => {
    const answer = (message: NightRun | { readonly error: string }): void => void process.send!(message, () => process.exit(0));
    night(dataDir).then(answer, (error: unknown) =>
      answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
