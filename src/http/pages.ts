import type { FastifyInstance } from 'fastify';
import type { ContextTools } from './context';

/** The pages: GraphiQL at `/`, the codebook at `/codebook`. */
export function pageRoutes(_server: FastifyInstance, _tools: ContextTools): void {}
