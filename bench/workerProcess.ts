import { spawn } from 'node:child_process';
import { projectPath } from '../src/paths';

/** `govblog work` on a data folder. */
export interface WorkerProcess {
  /** Resolves when the next event of this name is logged. */
  heard(event: string): Promise<void>;
  /** Asks it to stop; its exit code. */
  stop(): Promise<number | null>;
  kill(): void;
}

/** Starts a worker that gives a partition up after one attempt. */
export function startWorker(dataDir: string): WorkerProcess {
  const child = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), 'work'], {
    env: { GOVBLOG_DATA_DIR: dataDir, GOVBLOG_DEMO: 'off', GOVBLOG_MAX_ATTEMPTS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let waiting: { readonly text: string; readonly done: () => void }[] = [];
  child.stderr.on('data', (text: Buffer) => {
    for (const one of waiting.filter((each) => text.includes(each.text))) one.done();
    waiting = waiting.filter((each) => !text.includes(each.text));
  });
  return {
    heard: (event) => new Promise((resolve) => waiting.push({ text: `"event":"${event}"`, done: resolve })),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
