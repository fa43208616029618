import autocannon from 'autocannon';
import { factStore } from './cubeSection';
import { peakMb, rate, type Figure, type SectionResult } from './figures';
import { median, mustEqual } from './measure';
import type { Options } from './options';
import { startServer } from './serverProcess';

const LOAD = { connections: 10, duration: 1 };
const QUERY = `query Growth {
  activity(period: { from: "2011-01-01", to: "2011-12-31" }) {
    rows { month accountType accounts newAccounts activeAccounts posts postsPerAccount }
    totals { newAccounts posts }
    rowCount
    provenance { snapshot queryId resultHash }
  }
}`;

/** A repeated question over HTTP with ten callers, against the server's shortest answer, in turns of a second. */
export async function http(options: Options): Promise<SectionResult> {
  const server = await startServer({ dataDir: factStore(options), settings: {} });
  try {
    const { address } = server;
    const question = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: QUERY }) } as const;
    const expectBody = await firstAnswer(`${address}/graphql`, question);
    const [floor, repeated]: [Result[], Result[]] = [[], []];
    for (let second = 0; second < options.httpSeconds; second += 1) {
      floor.push(await clean(autocannon({ ...LOAD, url: `${address}/healthz` })));
      repeated.push(await clean(autocannon({ ...LOAD, ...question, url: `${address}/graphql`, expectBody })));
    }
    const serverMb = await server.stop();
    return { figures: figuresOf(repeated, floor), peaks: { server: serverMb, 'load generator': peakMb() } };
  } finally {
    server.kill();
  }
}

/** Asks once, and insists on a full answer: this is also what every repeat must be. */
async function firstAnswer(url: string, question: RequestInit): Promise<string> {
  const response = await fetch(url, question);
  const body = await response.text();
  const { data, errors } = JSON.parse(body) as { data?: { activity: { rows: object[] } }; errors?: unknown };
  mustEqual('status of the first answer', response.status, 200);
  if (errors || !data || data.activity.rows.length < 12) throw new Error(`The answer over HTTP is not one: ${body.slice(0, 600)}`);
  return body;
}

type Result = Awaited<ReturnType<typeof autocannon>>;

async function clean(running: Promise<Result>): Promise<Result> {
  const result = await running;
  const { errors, timeouts, mismatches, non2xx } = result;
  mustEqual('the count of bad responses', { errors, timeouts, mismatches, non2xx }, { errors: 0, timeouts: 0, mismatches: 0, non2xx: 0 });
  if (result.requests.total === 0) throw new Error('No request was answered.');
  return result;
}

function figuresOf(repeated: readonly Result[], floor: readonly Result[]): Figure[] {
  const per = (results: readonly Result[], value: (result: Result) => number): number => median(results.map(value));
  const speed = (results: readonly Result[]): number => per(results, ({ requests }) => requests.average);
  const latency = (results: readonly Result[]): string =>
    `p50 ${per(results, ({ latency: { p50 } }) => p50)} ms, p99 ${per(results, ({ latency: { p99 } }) => p99)} ms`;
  return [
    {
      measure: `repeated question, ${LOAD.connections} connections`,
      of: 'rate of /healthz / ours',
      ratio: speed(floor) / speed(repeated),
      ours: rate(speed(repeated), 1000, 'requests'),
      base: rate(speed(floor), 1000, 'requests'),
    },
    { measure: 'its latency', of: '', ratio: null, ours: latency(repeated), base: latency(floor) },
  ];
}
