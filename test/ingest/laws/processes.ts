import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { IngestSummary } from '../../../src/ingest/ingest';
import { projectPath } from '../../../src/paths';
import type { Place } from '../../stores';

export interface Loader {
  readonly child: ChildProcess;
  /** The summary, or null when the process was killed. Throws what it wrote to stderr when it failed by itself. */
  readonly ended: Promise<IngestSummary | null>;
}

/** `govblog ingest` as a process of its own. */
export function startLoading(place: Pick<Place, 'dataDir' | 'databaseUrl'>, ...command: readonly string[]): Loader {
  const child = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), 'ingest', ...command, '--json'], {
    env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, complaints] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const ended = new Promise<IngestSummary | null>((resolve, reject) =>
    child.once('close', (code) => {
      if (code === null) resolve(null);
      else if (code === 0 && out.startsWith('{')) resolve(JSON.parse(out) as IngestSummary);
      else reject(new Error(`exit code ${code}: ${out}${complaints}`));
    }),
  );
  return { child, ended };
}

/** Kills a loader with -9 as soon as something is so; its summary when it ended before. */
export async function killWhen({ child, ended }: Loader, isTime: () => Promise<boolean>): Promise<IngestSummary | null> {
  let over = false;
  void ended.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    if (await isTime()) child.kill('SIGKILL');
    await wait(4);
  }
  return ended;
}
