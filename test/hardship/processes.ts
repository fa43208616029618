import { spawn } from 'node:child_process';
import { projectPath } from '../../src/paths';
import type { Place } from '../stores';

/** What a process of the command line left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A process that runs, and its end. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has said so far, on its standard output and then on its standard error. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface Surroundings {
  /** No file may grow beyond this many KiB: what a full disk is to whoever writes. */
  readonly fileKib?: number;
  /** The user that the process runs as. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program of Node on a place, in surroundings that may be hostile. */
export function startNode(
  place: Pick<Place, 'dataDir' | 'databaseUrl'>,
  args: readonly string[],
  { fileKib, uid, env }: Surroundings = {},
): Running {
  const [program, words] =
    fileKib === undefined
      ? [process.execPath, args]
      : ['bash', ['-c', `ulimit -f ${fileKib}; exec "$@"`, 'bash', process.execPath, ...args]];
  const child = spawn(program, [...words], {
    env: {
      PATH: process.env['PATH'],
      GOVBLOG_DATA_DIR: place.dataDir,
      GOVBLOG_DATABASE_URL: place.databaseUrl,
      GOVBLOG_DEMO: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return {
    pid: child.pid!,
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, out, err }));
    }),
    said: () => out + err,
    kill: (signal) => void child.kill(signal),
  };
}

/** Starts the built command line. */
export const startGovblog = (
  place: Pick<Place, 'dataDir' | 'databaseUrl'>,
  args: readonly string[],
  surroundings?: Surroundings,
): Running => startNode(place, [projectPath('bin', 'govblog.cjs'), ...args], surroundings);
