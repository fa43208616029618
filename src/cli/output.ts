import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

export type Cell = string | number | boolean | null | undefined;

/** Prints a line for a person. */
export const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** On the other stream, where it is no part of the result. */
export const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** Writes a result that is no text, to its end. */
export const sayBytes = (bytes: Buffer): Promise<void> => new Promise((resolve) => process.stdout.write(bytes, () => resolve()));

/** Prints a result: JSON for machines, else what `text` makes of it. */
export function show<T>(value: T, json: boolean, text: (value: T) => string): void {
  say(json ? JSON.stringify(value, null, 2) : text(value));
}

/** A table for people; nothing but the header when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const plain = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) plain.push(row.map((cell) => (cell === null || cell === undefined ? '' : String(cell))));
  return plain.toString();
}

/** Shows progress: a bar on a terminal, a plain line every some seconds in a pipe. */
export interface Progress {
  update(done: number, total: number, note?: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

export function progress(label: string, quiet: boolean): Progress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  if (!process.stderr.isTTY) {
    let last = Date.now();
    return {
      update: (done, total, note = '') => {
        if (Date.now() - last < LINE_EVERY_MS) return;
        last = Date.now();
        process.stderr.write(`${label}: ${percent(done, total)}% ${note}\n`);
      },
      stop: () => undefined,
    };
  }
  const bar = new SingleBar({ format: `${label} {bar} {percentage}% {note}`, hideCursor: true, stream: process.stderr });
  let started = false;
  return {
    update: (done, total, note = '') => {
      if (!started) bar.start(total, 0, { note });
      started = true;
      bar.setTotal(Math.max(total, done));
      bar.update(done, { note });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}

const percent = (done: number, total: number): number => (total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / total)));
