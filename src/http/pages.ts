import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { sdl } from '../../schema/writeSdl';
import { GovblogError, messageOf } from '../errors';
import { codebookOf } from '../export/codebook';
import { codebookPage } from '../export/codebookPage';
import { markup, prose } from '../export/markup';
import { DATASET } from '../export/dataset';
import { CUBES } from '../model';
import { readIndicators, readSources } from '../warehouse/members';
import { readAssets } from './pages/assets';
import { readExamples } from './pages/examples';
import { graphiqlPage } from './pages/graphiqlPage';
import { pageOf } from './pages/layout';
import { savedPageOf } from './pages/savedPage';
import { documentOf, send, type SentDocument } from './pages/send';
import { newestSnapshot } from './pages/state';
import { ASK_FIRST, FOR_EVER, openToAll, originOf, statusOf } from './reads';
import type { HttpTools } from './server';

export const HTML = 'text/html; charset=utf-8';

/** Everything comes from this server, and no script stands in a page. */
export const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  // GraphiQL's editor places its parts by inline styles.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'self'"],
};

/** The pages: GraphiQL at `/`, the codebook at `/codebook`, the schema as text at `/schema.graphql`, a saved question at `/q/<id>`. */
export function pageRoutes(server: FastifyInstance, tools: Pick<HttpTools, 'reader' | 'saved' | 'log' | 'publicUrl'>): void {
  const { reader, log } = tools;
  const assets = readAssets();
  const examples = readExamples();
  let schema: SentDocument | undefined;

  // The security headers and the error page hold for the routes of this block alone.
  void server.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      // These three promise https, which only the operator of a proxy in front can.
      strictTransportSecurity: false,
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    });
    pages.setErrorHandler((error, request, reply) => {
      if (error instanceof GovblogError) {
        const heading = error.code === 'NOT_FOUND' ? 'It is not here' : 'It cannot be shown';
        const body = markup`<main class="codebook"><h1>${heading}</h1><p>${prose(error.message)}</p></main>`;
        return reply
          .code(statusOf(error.code))
          .header('cache-control', 'no-store')
          .type(HTML)
          .send(pageOf({ title: error.code === 'NOT_FOUND' ? 'Govblog: not found' : 'Govblog: not shown', body }));
      }
      const reference = randomBytes(4).toString('hex');
      log('request.failed', { reference, url: request.url, error: messageOf(error) });
      const body = markup`<main class="codebook"><h1>Something went wrong on our side</h1><p>Reference ${reference}. The log tells more.</p></main>`;
      return reply
        .code(500)
        .type(HTML)
        .send(pageOf({ title: 'Govblog: error', body }));
    });

    pages.get('/', async (request, reply) =>
      send(request, reply, documentOf(HTML, graphiqlPage(await newestSnapshot(reader), examples, assets)), ASK_FIRST),
    );
    pages.get('/codebook', async (request, reply) => send(request, reply, documentOf(HTML, await codebook(tools)), ASK_FIRST));
    pages.get<{ Params: { id: string } }>('/q/:id', async (request, reply) => {
      const page = await savedPageOf(await tools.saved.find(request.params.id), tools.publicUrl || originOf(request), tools);
      return send(request, reply, documentOf(HTML, page), ASK_FIRST);
    });
    pages.get('/schema.graphql', (request, reply) =>
      send(request, openToAll(reply), (schema ??= documentOf('text/plain; charset=utf-8', sdl())), ASK_FIRST),
    );
    pages.get<{ Params: { name: string }; Querystring: { v?: string } }>('/assets/:name', (request, reply) => {
      const asset = assets.get(request.params.name);
      if (!asset) return reply.callNotFound();
      return send(request, reply, asset, request.query.v === asset.hash ? FOR_EVER : ASK_FIRST);
    });
  });
}

async function codebook({ reader }: Pick<HttpTools, 'reader'>): Promise<string> {
  const open = await newestSnapshot(reader);
  const { engine, files } = reader;
  const published = open && {
    ...open,
    indicators: await readIndicators(engine, open.snapshot, files),
    sources: await readSources(engine, open.snapshot, files),
  };
  return pageOf({ title: `Codebook: ${DATASET.title}`, open, body: codebookPage(CUBES.map(codebookOf), published) });
}
