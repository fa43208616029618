import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SectionResult } from './figures';
import type { Options } from './options';

/** In this order: the night builds what was loaded, and HTTP asks the facts of the cube. */
export const SECTIONS = ['ingest SQLite', 'ingest MySQL', 'memory', 'night', 'long night', 'cube', 'http', 'backfill'] as const;
export type SectionName = (typeof SECTIONS)[number];

export interface Order {
  readonly section: SectionName;
  readonly options: Options;
  /** Number of the run, for names that others must not share. */
  readonly run: number;
}
export type Report = { readonly result: SectionResult } | { readonly error: string };

let current: ChildProcess | undefined;

/** Runs a section in a process of its own. */
export async function runSection(section: SectionName, options: Options): Promise<Report> {
  const child = (current = fork(join(__dirname, 'section.js')));
  const order: Order = { section, options, run: process.pid };
  const ended = once(child, 'exit').then(([code, signal]): Report => ({ error: `The section ended early (${String(signal ?? code)}).` }));
  child.send(order);
  const report = await Promise.race([once(child, 'message').then(([message]) => message as Report), ended]);
  await ended;
  return report;
}

/** Ends the section that runs, when the bench is interrupted. */
export const stopSection = (): void => void current?.kill();
