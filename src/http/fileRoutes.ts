import type { FastifyInstance } from 'fastify';
import { open } from 'node:fs/promises';
import { GovblogError } from '../errors';
import { PARQUET_TYPE } from '../export/parquetTables';
import type { SnapshotFile } from '../warehouse/snapshots';
import { demand } from '../access/caller';
import type { CallerOf } from './callers';
import { FOR_EVER, isKnown, readRoute, SNAPSHOT_HEADER } from './reads';
import type { HttpTools } from './server';

type Place = Readonly<Record<'snapshot' | '*', string | undefined>>;

/** Where a file of a snapshot is served, whatever is published later. */
export const filePath = (snapshot: string, uri: string): string => `snapshots/${snapshot}/files/${uri}`;

/**
 * The Parquet files themselves: `/snapshots/<id>/files/<uri>` for every file of every snapshot, `/files/<uri>` for those of the
 * newest. The tag is the sha256 of the content; parts can be asked for (`Range`), as readers of Parquet do.
 */
export function fileRoutes(server: FastifyInstance, { reader, log }: Pick<HttpTools, 'reader' | 'log'>, callerOf: CallerOf): void {
  for (const url of ['/files/*', '/snapshots/:snapshot/files/*'])
    readRoute(server, url, log, async (request, reply) => {
      demand(await callerOf(request), 'researcher', 'The files of a snapshot');
      const { snapshot: wanted, '*': uri = '' } = request.params as Place;
      const { snapshot } = await reader.open(wanted);
      const file = snapshot.files.find((one) => one.uri === uri);
      if (!file)
        throw new GovblogError(
          'NOT_FOUND',
          `Snapshot ${snapshot.id} has no file "${uri}". /datapackage.json lists its files; those of another snapshot are at /snapshots/<id>/files/….`,
        );
      const etag = `"${file.sha256}"`;
      void reply
        .header(SNAPSHOT_HEADER, snapshot.id)
        .header('cache-control', FOR_EVER)
        .header('etag', etag)
        .header('accept-ranges', 'bytes');
      if (isKnown(request, etag)) return reply.code(304).send();

      const { range, 'if-range': ifRange } = request.headers;
      // A part of another content than the client has would be mixed with it; HEAD knows no parts.
      const whole = range === undefined || request.method !== 'GET' || (ifRange !== undefined && ifRange !== etag);
      const part = whole ? 'all' : partOf(range, file.bytes);
      if (part === 'none')
        return reply.code(416).header('content-range', `bytes */${file.bytes}`).header('cache-control', 'no-store').send();
      const { start, end } = part === 'all' ? { start: 0, end: file.bytes - 1 } : part;
      if (part !== 'all') void reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`);
      void reply.type(PARQUET_TYPE).header('content-length', end - start + 1);
      if (request.method === 'HEAD') return reply.send();
      return reply.send((await openWhole(reader.files.pathOf(uri), file)).createReadStream({ start, end }));
    });
}

/** Opens a file that is as long as the snapshot says: another length would be sent under the wrong hash. */
async function openWhole(path: string, { uri, bytes }: SnapshotFile): Promise<Awaited<ReturnType<typeof open>>> {
  const handle = await open(path);
  const { size } = await handle.stat();
  if (size === bytes) return handle;
  await handle.close();
  throw new Error(`${uri} has ${size} bytes; its snapshot says ${bytes}`);
}

/** First and last byte, both included. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * What `Range: bytes=0-99`, `bytes=100-` or `bytes=-100` asks of a file: a part, none when it lies beyond the end, and all when
 * the header is of another form or asks for several parts, which a server may answer with the whole (RFC 9110, 14.2).
 */
export function partOf(range: string, bytes: number): Part | 'all' | 'none' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return 'all';
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'all';
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start >= bytes ? 'none' : { start, end };
}
