import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../access/access';
import type { Approach, Caller } from '../access/caller';
import type { Log } from '../log';
import { openToAll, refuse } from './reads';

/** Who sent a request, as it was found when it came; `anew`: as the store says now. */
export type CallerOf = (request: FastifyRequest, options?: { readonly anew: boolean }) => Promise<Caller>;

/** What proxies add to what they pass on. */
const FORWARDING = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

const approachOf = ({ socket, headers }: FastifyRequest): Approach => ({
  remoteAddress: socket.remoteAddress ?? '',
  host: headers.host,
  origin: headers.origin,
  fetchSite: headers['sec-fetch-site'],
  forwarded: FORWARDING.some((name) => headers[name] !== undefined),
});

/** Whether the server lives may be asked by everybody; a monitor that sends a key all the same gets its answer. */
const isHealth = (url: string): boolean => url === '/healthz' || url === '/readyz';
const isPreflight = ({ method }: FastifyRequest): boolean => method === 'OPTIONS';

/**
 * Tells who sends requests. A key that is none, unknown or revoked is refused at every door before anything else is looked at, and
 * what was answered for a key is kept by nobody between here and its holder.
 */
export function watchCallers(server: FastifyInstance, access: Access, log: Log): CallerOf {
  const known = new WeakMap<FastifyRequest, Promise<Caller>>();
  const callerOf: CallerOf = (request, { anew } = { anew: false }) => {
    const caller = (anew ? undefined : known.get(request)) ?? access.callerOf(approachOf(request), request.headers.authorization);
    known.set(request, caller);
    return caller;
  };
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === undefined || isHealth(request.url) || isPreflight(request)) return;
    try {
      await callerOf(request);
    } catch (error) {
      if (request.method !== 'POST') openToAll(reply);
      return refuse(request, reply, error, log);
    }
  });
  server.addHook('onSend', async (request, reply: FastifyReply, payload) => {
    if (request.headers.authorization === undefined) return payload;
    const kept = reply.getHeader('cache-control');
    if (typeof kept === 'string') void reply.header('cache-control', kept.replace(/\bpublic\b/, 'private'));
    const varies = reply.getHeader('vary');
    void reply.header('vary', varies === undefined ? 'authorization' : `${String(varies)}, authorization`);
    return payload;
  });
  return callerOf;
}
