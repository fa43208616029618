/** Names and values of labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** How often values fell into buckets: `counts[i]` is the number of those up to `bounds[i]` and beyond the bound before; the last is of the rest. */
export interface Distribution {
  readonly labels?: Labels;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/** One metric: a name with its meaning and everything that was measured of it. */
export type Metric = { readonly name: string; readonly help: string } & (
  | { readonly type: 'gauge' | 'counter'; readonly samples: readonly Sample[] }
  | { readonly type: 'histogram'; readonly distributions: readonly Distribution[] }
);

/** The type of what `writeMetrics` writes. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in the text form of Prometheus (version 0.0.4). A metric without samples is left out. */
export const writeMetrics = (metrics: readonly Metric[]): string => metrics.map(writeMetric).join('');

function writeMetric(metric: Metric): string {
  const lines = metric.type === 'histogram' ? metric.distributions.flatMap((one) => linesOf(metric.name, one)) : metric.samples.map((one) => line(metric.name, one)); // prettier-ignore
  if (lines.length === 0) return '';
  return [`# HELP ${metric.name} ${escape(metric.help)}`, `# TYPE ${metric.name} ${metric.type}`, ...lines, ''].join('\n');
}

function linesOf(name: string, { labels = {}, bounds, counts, sum }: Distribution): string[] {
  let upTo = 0;
  const buckets = [...bounds, Infinity].map((bound, index) => {
    upTo += counts[index]!;
    return line(`${name}_bucket`, { labels: { ...labels, le: numberText(bound) }, value: upTo });
  });
  return [...buckets, line(`${name}_sum`, { labels, value: sum }), line(`${name}_count`, { labels, value: upTo })];
}

const line = (name: string, { labels = {}, value }: Sample): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`;
};

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const numberText = (value: number): string => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value));

/** Counts values by their labels, for as long as the process lives. */
export interface Histogram {
  observe(labels: Labels, value: number): void;
  distributions(): Distribution[];
}

/** A histogram over these upper bounds, which rise. Labels must come from a bounded set. */
export function openHistogram(bounds: readonly number[]): Histogram {
  const kept = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
  return {
    observe: (labels, value) => {
      const key = JSON.stringify(labels);
      const one = kept.get(key) ?? { labels, counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
      const bucket = bounds.findIndex((bound) => value <= bound);
      one.counts[bucket === -1 ? bounds.length : bucket]! += 1;
      one.sum += value;
      kept.set(key, one);
    },
    distributions: () => [...kept.values()].map(({ labels, counts, sum }) => ({ labels, bounds, counts: [...counts], sum })),
  };
}
