import { messageOf } from '../errors';
import { HEARTBEAT_MS } from '../owner';
import type { RunnerTools } from './runnerTools';

/** How often a run is asked whether it still has its partition: a cancelled one ends within about this time. */
const LOOK_MS = 1_000;

export interface RunWatch {
  /** Given when the run was cancelled or taken over, or its process is to stop. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Gives signs of life for a run, and looks whether it may go on. */
export function watchRun(run: number, { ledger, log, signal }: Pick<RunnerTools, 'ledger' | 'log' | 'signal'>): RunWatch {
  const own = new AbortController();
  const quietly = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => log('heartbeat.failed', { run, error: messageOf(error) }));
  const heart = setInterval(() => quietly(ledger.heartbeat(run)), HEARTBEAT_MS);
  const look = setInterval(
    () => quietly(ledger.isHeld(run).then((held) => (held ? undefined : own.abort(new Error('The run was cancelled or taken over.'))))),
    LOOK_MS,
  );
  return {
    signal: signal === undefined ? own.signal : AbortSignal.any([own.signal, signal]),
    stop: () => {
      clearInterval(heart);
      clearInterval(look);
    },
  };
}
