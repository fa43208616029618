import type { FastifyInstance } from 'fastify';
import { demand } from '../access/caller';
import { archiveOf } from '../answer/archive';
import type { CallerOf } from './callers';
import { ASK_FIRST, isKnown, readRoute, SNAPSHOT_HEADER } from './reads';
import type { HttpTools } from './server';

/** Raised when the same files are put together differently: part of every tag. */
const WRITING = 1;

/** `/snapshots/<id>.zip`: a whole snapshot with its codebook, made while it is sent. */
export function archiveRoute(server: FastifyInstance, { reader, log }: Pick<HttpTools, 'reader' | 'log'>, callerOf: CallerOf): void {
  readRoute(server, '/snapshots/:snapshot.zip', log, async (request, reply) => {
    demand(await callerOf(request), 'researcher', 'The files of a snapshot');
    const { snapshot } = request.params as { snapshot: string };
    const { fileName, hash, open } = await archiveOf(await reader.open(snapshot), reader);
    const etag = `"${hash}-zip-${WRITING}"`;
    // The data never change, but the codebook belongs to the program, and a newer one may use other words.
    void reply.header(SNAPSHOT_HEADER, snapshot).header('cache-control', ASK_FIRST).header('etag', etag);
    if (isKnown(request, etag)) return reply.code(304).send();
    const { bytes, stream } = open();
    void reply.type('application/zip').header('content-length', bytes).header('content-disposition', `attachment; filename="${fileName}"`);
    if (request.method !== 'HEAD') return reply.send(stream);
    stream.destroy();
    return reply.send();
  });
}
