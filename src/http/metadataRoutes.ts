import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { describedBy } from '../answer/described';
import type { OpenSnapshot, Reader } from '../answer/reader';
import { croissant } from '../export/croissant';
import { dataPackage } from '../export/datapackage';
import { ddi } from '../export/ddi';
import { CUBES } from '../model';
import { readSources } from '../warehouse/members';
import { filePath } from './fileRoutes';
import { documentOf, send, type SentDocument } from './pages/send';
import { ASK_FIRST, originOf, readRoute, snapshotIn, SNAPSHOT_HEADER } from './reads';
import type { HttpTools } from './server';

type Write = (open: OpenSnapshot, origin: string, reader: Reader) => Promise<SentDocument>;

/** Documents kept: three formats of a few snapshots. */
const KEPT = 12;

const json = (type: string, value: unknown): SentDocument => documentOf(type, `${JSON.stringify(value, null, 2)}\n`);

const DOCUMENTS: Readonly<Record<string, Write>> = {
  '/datapackage.json': async (open, origin, reader) =>
    json('application/json; charset=utf-8', dataPackage(await served(open, origin, reader))),
  '/croissant.json': async (open, origin, reader) =>
    json('application/ld+json; charset=utf-8', croissant(await served(open, origin, reader))),
  '/ddi.xml': async ({ snapshot, members, licence }, origin, { engine, files }) => {
    const sources = await readSources(engine, snapshot, files);
    return documentOf('application/xml; charset=utf-8', ddi({ snapshot, members, licence, sources, cubes: CUBES, origin }));
  },
};

/** The metadata of a snapshot in the standard formats: the newest, or the one that `?snapshot=<id>` names. */
export function metadataRoutes(server: FastifyInstance, { reader, log, publicUrl }: Pick<HttpTools, 'reader' | 'log' | 'publicUrl'>): void {
  const kept = new LRUCache<string, SentDocument>({ max: KEPT });
  for (const [url, write] of Object.entries(DOCUMENTS))
    readRoute(server, url, log, async (request, reply) => {
      const open = await reader.open(snapshotIn(request));
      const origin = publicUrl || originOf(request);
      const key = [url, origin, open.snapshot.id].join('\n');
      const document = kept.get(key) ?? (await write(open, origin, reader));
      kept.set(key, document);
      // The model belongs to the program, so a newer one may describe the same snapshot in other words.
      return send(request, reply.header(SNAPSHOT_HEADER, open.snapshot.id), document, ASK_FIRST);
    });
}

const served = (open: OpenSnapshot, origin: string, reader: Reader) =>
  describedBy(open, reader, { origin, pathOf: (uri) => filePath(open.snapshot.id, uri) });
