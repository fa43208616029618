import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Start } from './httpServer';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly address: string;
  /** Ends it and tells the highest memory it had, in megabytes. */
  stop(): Promise<number>;
  kill(): void;
}

export async function startServer(start: Start): Promise<ServerProcess> {
  const child = fork(join(__dirname, 'httpServer.js'));
  const { address } = await told<{ address: string }>(child, start);
  return {
    address,
    stop: async () => (await told<{ peakMb: number }>(child, 'stop')).peakMb,
    kill: () => void child.kill(),
  };
}

/** Sends the server a message and waits for its answer. */
async function told<T>(server: ChildProcess, message: Start | 'stop'): Promise<T> {
  server.send(message);
  const ended = once(server, 'exit').then(() => {
    throw new Error('The server ended early.');
  });
  const [answer] = (await Promise.race([once(server, 'message'), ended])) as [T];
  return answer;
}
