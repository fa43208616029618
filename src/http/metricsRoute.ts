import type { FastifyInstance } from 'fastify';
import { demand } from '../access/caller';
import type { AnswerCache } from '../answer/cache';
import { METRICS_TYPE, openHistogram, writeMetrics, type Histogram, type Metric } from '../export/prometheus';
import { ledgerMetrics } from '../runner/metrics';
import type { CallerOf } from './callers';
import { readRoute } from './reads';
import type { HttpTools } from './server';

/** Upper bounds of how long answers take, in seconds. */
const ANSWER_BOUNDS_S = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/** How long the rows of questions take, by cube and door (`graphql`, or the form of a plain URL). */
export const openLatencies = (): Histogram => openHistogram(ANSWER_BOUNDS_S);

/** `/metrics`: what the ledger, the answers and the process say, as Prometheus reads it. A key of any role will do. */
export function metricsRoute(server: FastifyInstance, tools: HttpTools, latencies: Histogram, callerOf: CallerOf): void {
  readRoute(server, '/metrics', tools.log, async (request, reply) => {
    demand(await callerOf(request), 'researcher', 'Metrics');
    const metrics = [
      ...(await ledgerMetrics(tools.store, tools.operations, tools.clock)),
      {
        name: 'govblog_answer_duration_seconds',
        help: 'How long the rows of a question took since the start of the process, by cube and door; from memory too.',
        type: 'histogram',
        distributions: latencies.distributions(),
      } as const,
      ...cacheMetrics(tools.cache),
      ...processMetrics(),
    ];
    return reply.header('cache-control', 'no-store').type(METRICS_TYPE).send(writeMetrics(metrics));
  });
}

const gauge = (name: string, help: string, value: number): Metric => ({ name, help, type: 'gauge', samples: [{ value }] });
const counter = (name: string, help: string, value: number): Metric => ({ name, help, type: 'counter', samples: [{ value }] });

function cacheMetrics(cache: AnswerCache | null): Metric[] {
  if (cache === null) return [];
  const { hits, misses } = cache.counts();
  return [
    counter('govblog_cache_hits_total', 'Results that were in memory, or that another request was waiting for.', hits),
    counter('govblog_cache_misses_total', 'Results that had to be computed.', misses),
    gauge('govblog_cache_bytes', 'Bytes that the kept results take on the heap.', cache.bytes()),
  ];
}

function processMetrics(): Metric[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('process_resident_memory_bytes', 'Memory of the process, that of the query engine included.', rss),
    gauge('nodejs_heap_size_used_bytes', 'Memory of JavaScript objects.', heapUsed),
    counter('process_cpu_seconds_total', 'Time of processors that the process has used.', (user + system) / 1e6),
    gauge('process_start_time_seconds', 'When the process began, in seconds since 1970.', Date.now() / 1000 - process.uptime()),
  ];
}
