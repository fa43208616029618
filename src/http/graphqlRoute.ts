import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import type { Context } from '../../schema/context';
import type { CallerOf } from './callers';
import { requestContext } from './context';
import { ASK_FIRST, isKnown, openToAll, originOf, preflight, SNAPSHOT_HEADER } from './reads';
import type { HttpTools } from './server';

/**
 * `/graphql`. A GET is a read (Apollo refuses a mutation that comes by GET) and carries a tag of its content, so that asking
 * again costs 304. Scripts of other sites may use what reads alone: GET always, POST as long as the schema has no mutation.
 */
export function graphqlRoute(server: FastifyInstance, apollo: ApolloServer<Context>, tools: HttpTools, callerOf: CallerOf): void {
  const readsAlone = !tools.schema.getMutationType();
  server.options('/graphql', readsAlone ? preflight('GET, HEAD, POST, OPTIONS', 'Content-Type, If-None-Match') : preflight());
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (request, reply) => {
      if (readsAlone || request.method !== 'POST') openToAll(reply);
    },
    onSend: async (request, reply, payload) => {
      if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
      // A document may ask for more than a snapshot (the state of the jobs), so its content is what identifies it.
      const etag = `"${createHash('sha256').update(payload).digest('hex').slice(0, 32)}"`;
      void reply.header('etag', etag).header('cache-control', ASK_FIRST);
      if (!isKnown(request, etag)) return payload;
      void reply.code(304);
      return null;
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) =>
        tellingSnapshots(requestContext(tools, { caller: await callerOf(request), door: 'graphql', origin: originOf(request) }), reply),
    }),
  });
}

/** The context, which also names the snapshots that were read in a header of the reply. */
function tellingSnapshots(context: Context, reply: FastifyReply): Context {
  const opened = new Set<string>();
  return {
    ...context,
    open: async (wanted) => {
      const open = await context.open(wanted);
      opened.add(open.snapshot.id);
      void reply.header(SNAPSHOT_HEADER, [...opened].join(', '));
      return open;
    },
  };
}
