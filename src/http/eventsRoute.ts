import type { FastifyInstance } from 'fastify';
import { demand } from '../access/caller';
import type { CallerOf } from './callers';
import type { ProgressWatch } from './progressWatch';
import { refuse } from './reads';
import type { HttpTools } from './server';

/** A sign of life, so that nothing in between takes a quiet connection for a dead one. */
const HEARTBEAT_MS = 15_000;
/** How often a key is looked at again while its holder listens. */
const ASKED_AGAIN_MS = 2_000;
const RETRY_MS = 3_000;

/**
 * `GET /operations/events`: server-sent events named `progress`, one at once and one for every change, each the whole state as JSON.
 * Ends with the request, and when the key is revoked.
 */
export function eventsRoute(server: FastifyInstance, { log }: Pick<HttpTools, 'log'>, watch: ProgressWatch, callerOf: CallerOf): void {
  server.get('/operations/events', async (request, reply) => {
    const { raw } = reply;
    try {
      demand(await callerOf(request), 'admin', 'Events');
      // Who hung up while the key was looked at: its end has been told, and would not be told again.
      if (raw.destroyed) return reply.hijack();
      const end = watch.listen((data) => void raw.write(`event: progress\ndata: ${data}\n\n`));
      const heart = setInterval(() => void raw.write(': heartbeat\n\n'), HEARTBEAT_MS);
      const guard = setInterval(() => {
        callerOf(request, { anew: true })
          .then((caller) => demand(caller, 'admin', 'Events'))
          .catch(() => raw.destroy());
      }, ASKED_AGAIN_MS);
      raw.on('close', () => {
        end();
        clearInterval(heart);
        clearInterval(guard);
      });
    } catch (error) {
      return refuse(request, reply, error, log);
    }
    reply.hijack();
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold the events back.
      'x-accel-buffering': 'no',
    });
    raw.write(`retry: ${RETRY_MS}\n\n`);
    return reply;
  });
}
