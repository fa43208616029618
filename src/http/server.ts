import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../../schema/context';
import { formatErrors } from '../../schema/errors';
import { GovblogError } from '../errors';
import type { Clock } from '../clock';
import type { Log } from '../log';
import type { Store } from '../store/store';
import type { ContextTools } from './context';
import { watchCallers } from './callers';
import { archiveRoute } from './archiveRoute';
import { cubeRoutes } from './cubeRoutes';
import { eventsRoute } from './eventsRoute';
import { fileRoutes } from './fileRoutes';
import { graphqlRoute } from './graphqlRoute';
import { metadataRoutes } from './metadataRoutes';
import { metricsRoute, openLatencies } from './metricsRoute';
import { operationsRoutes } from './operationsRoutes';
import { pageRoutes } from './pages';
import { watchProgress } from './progressWatch';
import { savedRoutes } from './savedRoutes';
import { answerWrongRequests } from './wrongRequests';

export interface HttpTools extends ContextTools {
  readonly schema: GraphQLSchema;
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
}

export interface HttpServer {
  /** Address it listens on, `http://127.0.0.1:4000`. */
  readonly address: string;
  close(): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
const MAX_TOKENS = 10_000;

/** Starts the HTTP server: GraphQL, plain URLs, pages and health. */
export async function startServer(given: HttpTools, host: string, port: number): Promise<HttpServer> {
  const latencies = openLatencies();
  const tools = { ...given, latencies };
  const server = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  const apollo = new ApolloServer<Context>({
    // Whoever started the server ends it: Apollo would kill the process while it is still closing.
    stopOnTerminationSignals: false,
    schema: tools.schema,
    parseOptions: { maxTokens: MAX_TOKENS },
    includeStacktraceInErrorResponses: false,
    introspection: true,
    // There are no cookies a foreign page could ride on, and `curl '…/graphql?query={…}'` must work without special headers.
    csrfPrevention: false,
    formatError: formatErrors(tools.log),
    plugins: [fastifyApolloDrainPlugin(server), ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();
  answerWrongRequests(server, tools.log);
  const callerOf = watchCallers(server, tools.access, tools.log);
  health(server, tools);
  pageRoutes(server, tools);
  cubeRoutes(server, tools, callerOf, tools.log);
  savedRoutes(server, tools, callerOf);
  fileRoutes(server, tools, callerOf);
  archiveRoute(server, tools, callerOf);
  metadataRoutes(server, tools);
  const watch = watchProgress(tools.operations, tools.log);
  operationsRoutes(server, tools, callerOf);
  eventsRoute(server, tools, watch, callerOf);
  metricsRoute(server, tools, latencies, callerOf);
  graphqlRoute(server, apollo, tools, callerOf);
  const address = await server.listen({ host, port }).catch(async (error: NodeJS.ErrnoException) => {
    await apollo.stop();
    await server.close();
    if (error.code === 'EADDRINUSE')
      throw new GovblogError(
        'BAD_SETTING',
        `Port ${port} is taken, perhaps by another govblog. Stop it, or set PORT to another (0 takes a free one).`,
      );
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
      throw new GovblogError('BAD_SETTING', `GOVBLOG_HOST is "${host}", which is no address of this machine.`);
    throw error;
  });
  return {
    address,
    close: async () => {
      await apollo.stop();
      await server.close();
    },
  };
}

/** `/healthz`: the process answers. `/readyz`: there is a snapshot to answer from. */
function health(server: FastifyInstance, { reader }: HttpTools): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await reader.isReady().catch(() => false);
    return reply
      .code(ready ? 200 : 503)
      .send(ready ? { status: 'ready' } : { status: 'not ready', reason: 'No snapshot is published yet.' });
  });
}
