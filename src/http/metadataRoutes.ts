import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { OpenSnapshot, Reader } from '../answer/reader';
import { croissant } from '../export/croissant';
import { dataPackage } from '../export/datapackage';
import { ddi } from '../export/ddi';
import { tablesOf } from '../export/parquetTables';
import { CUBES } from '../model';
import { columnsOfFiles } from '../warehouse/export';
import { readSources } from '../warehouse/members';
import { withoutRollups } from '../warehouse/snapshots';
import { filePath } from './fileRoutes';
import { documentOf, send, type SentDocument } from './pages/send';
import { ASK_FIRST, readRoute, snapshotIn, SNAPSHOT_HEADER } from './reads';
import type { HttpTools } from './server';

type Write = (open: OpenSnapshot, origin: string, reader: Reader) => Promise<SentDocument>;

/** Documents kept: three formats of a few snapshots. */
const KEPT = 12;

const json = (type: string, value: unknown): SentDocument => documentOf(type, `${JSON.stringify(value, null, 2)}\n`);

const DOCUMENTS: Readonly<Record<string, Write>> = {
  '/datapackage.json': async (open, origin, reader) =>
    json('application/json; charset=utf-8', dataPackage(await described(open, origin, reader))),
  '/croissant.json': async (open, origin, reader) =>
    json('application/ld+json; charset=utf-8', croissant(await described(open, origin, reader))),
  '/ddi.xml': async ({ snapshot, members }, origin, { engine, files }) => {
    const sources = await readSources(engine, snapshot, files);
    return documentOf('application/xml; charset=utf-8', ddi({ snapshot, members, sources, cubes: CUBES, origin }));
  },
};

/** The metadata of a snapshot in the standard formats: the newest, or the one that `?snapshot=<id>` names. */
export function metadataRoutes(server: FastifyInstance, { reader, log }: Pick<HttpTools, 'reader' | 'log'>): void {
  const kept = new LRUCache<string, SentDocument>({ max: KEPT });
  for (const [url, write] of Object.entries(DOCUMENTS))
    readRoute(server, url, log, async (request, reply) => {
      const open = await reader.open(snapshotIn(request));
      const origin = originOf(request);
      const key = [url, origin, open.snapshot.id].join('\n');
      const document = kept.get(key) ?? (await write(open, origin, reader));
      kept.set(key, document);
      // The model belongs to the program, so a newer one may describe the same snapshot in other words.
      return send(request, reply.header(SNAPSHOT_HEADER, open.snapshot.id), document, ASK_FIRST);
    });
}

/** Rollups are left out: whoever adds up all tables that are described would count every fact several times. */
async function described({ snapshot: all }: OpenSnapshot, origin: string, { engine, files, timeoutMs }: Reader) {
  const snapshot = withoutRollups(all);
  const columns = await columnsOfFiles(engine, files, snapshot, { timeoutMs });
  return {
    snapshot,
    tables: tablesOf(snapshot, columns, CUBES),
    sources: await readSources(engine, snapshot, files),
    origin,
    pathOf: (uri: string) => filePath(snapshot.id, uri),
  };
}

/** The address under which the client reached this server. */
const originOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}`;
