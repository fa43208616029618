import { cpus, loadavg } from 'node:os';
import { table } from '../src/cli/output';
import type { Duel } from './measure';

/** One line of the result. The ratio is what counts; absolute values belong to this machine at this moment. */
export interface Figure {
  readonly measure: string;
  /** What the ratio is of: `bare / ingest`. */
  readonly of: string;
  readonly ratio: number | null;
  readonly ours: string;
  readonly base: string;
}

/** What a section hands back. */
export interface SectionResult {
  readonly figures: readonly Figure[];
  /** Highest memory of its processes, in megabytes. */
  readonly peaks: Readonly<Record<string, number>>;
}

/** A comparison where less time is better: our time in units of the other's. */
export const slowness = (measure: string, of: string, { ours, base }: Duel): Figure => ({
  measure,
  of,
  ratio: ours / base,
  ours: ms(ours),
  base: ms(base),
});

export const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ms`;
export const rate = (count: number, milliseconds: number, unit: string): string =>
  `${Math.round((count / milliseconds) * 1000).toLocaleString('en')} ${unit}/s`;

/** Highest resident memory of this process so far. */
export const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

export function machine(): string {
  const load = loadavg().map((value) => value.toFixed(2));
  return `${cpus().length} cores, load ${load.join(' ')}, Node ${process.versions.node}, ${process.platform}-${process.arch}`;
}

export const figureTable = (sections: readonly (readonly [name: string, result: SectionResult])[]): string =>
  table(
    ['section', 'what', 'ratio of', 'ratio', 'ours', 'base'],
    sections.flatMap(([name, { figures }]) =>
      figures.map(({ measure, of, ratio, ours, base }) => [name, measure, of, ratio === null ? '' : ratio.toFixed(2), ours, base]),
    ),
  );

export const memoryTable = (sections: readonly (readonly [name: string, result: SectionResult])[]): string =>
  table(
    ['section', 'process', 'peak RSS'],
    sections.flatMap(([name, { peaks }]) => Object.entries(peaks).map(([process, megabytes]) => [name, process, `${megabytes} MB`])),
  );
