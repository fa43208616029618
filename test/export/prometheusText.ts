/** A metric as it was read. */
export interface ReadMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: { readonly name: string; readonly labels: Record<string, string>; readonly value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const VALUE = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

/**
 * Reads the text form of Prometheus, version 0.0.4, and throws at everything that its description does not allow: each metric is
 * declared once by HELP and TYPE before its samples, which stand together; no sample comes twice; buckets rise to +Inf and agree with the count.
 */
export function parseMetrics(text: string): ReadMetric[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics: ReadMetric[] = [];
  let help: { name: string; text: string } | null = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const helped = new RegExp(`^# HELP (${NAME}) (.*)$`).exec(line);
    const typed = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line);
    if (helped) help = { name: helped[1]!, text: helped[2]! };
    else if (typed) {
      if (help?.name !== typed[1]) throw new Error(`TYPE without HELP: ${line}`);
      if (metrics.some(({ name }) => name === typed[1])) throw new Error(`declared twice: ${line}`);
      metrics.push({ name: typed[1]!, help: help.text, type: typed[2]!, samples: [] });
    } else addSample(metrics.at(-1), line);
  }
  for (const metric of metrics) check(metric);
  return metrics;
}

function addSample(metric: ReadMetric | undefined, line: string): void {
  const match = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, 's').exec(line);
  if (!match || !VALUE.test(match[3]!)) throw new Error(`no sample: ${line}`);
  const [, name, labelText = '', value] = match;
  const names = metric?.type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => metric.name + end) : [metric?.name];
  if (!names.includes(name)) throw new Error(`not declared: ${line}`);
  const sample = { name: name!, labels: labelsOf(labelText), value: Number(value!.replace('Inf', 'Infinity')) };
  const key = (one: typeof sample): string => JSON.stringify([one.name, Object.entries(one.labels).sort()]);
  if (metric!.samples.some((one) => key(one) === key(sample))) throw new Error(`twice: ${line}`);
  metric!.samples.push(sample);
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(?:,(?=.)|$)/.exec(rest);
    if (!match || match[1]! in labels) throw new Error(`no labels: ${text}`);
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
    rest = rest.slice(match[0].length);
  }
  return labels;
}

function check({ name, type, samples }: ReadMetric): void {
  if (samples.length === 0) throw new Error(`${name} has no samples`);
  if (type !== 'histogram') return;
  const rest = ({ le: _le, ...labels }: Record<string, string>): string => JSON.stringify(Object.entries(labels).sort());
  for (const group of new Set(samples.map(({ labels }) => rest(labels)))) {
    const own = samples.filter(({ labels }) => rest(labels) === group);
    const buckets = own.filter((one) => one.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels['le']!.replace('Inf', 'Infinity')));
    const count = own.find((one) => one.name === `${name}_count`)?.value;
    const rises = buckets.every(
      ({ value }, index) => index === 0 || (value >= buckets[index - 1]!.value && bounds[index]! > bounds[index - 1]!),
    );
    if (!rises || bounds.at(-1) !== Infinity || buckets.at(-1)!.value !== count) throw new Error(`${name} ${group}: buckets do not add up`);
    if (!own.some((one) => one.name === `${name}_sum`)) throw new Error(`${name} ${group} has no sum`);
  }
}
