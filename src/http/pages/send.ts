import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { isKnown } from '../reads';

/** Something to send, with what identifies its content. */
export interface SentDocument {
  readonly type: string;
  readonly body: Buffer;
  readonly hash: string;
  /** The body compressed, made when first asked for. */
  readonly gzipped: () => Buffer;
}

/** Content that is worth keeping between requests. */
export function documentOf(type: string, content: string | Buffer): SentDocument {
  const body = Buffer.from(content);
  let gzipped: Buffer | undefined;
  return {
    type,
    body,
    hash: createHash('sha256').update(body).digest('hex').slice(0, 16),
    gzipped: () => (gzipped ??= gzipSync(body)),
  };
}

/** Sends a document compressed to those who can read that, or 304 to those who have it already. */
export function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body, hash, gzipped }: SentDocument,
  cacheControl: string,
): FastifyReply {
  const compress = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  // Two encodings are two contents to a cache.
  const etag = compress ? `"${hash}-gzip"` : `"${hash}"`;
  void reply.header('etag', etag).header('cache-control', cacheControl).header('vary', 'accept-encoding').type(type);
  if (isKnown(request, etag)) return reply.code(304).send();
  return compress ? reply.header('content-encoding', 'gzip').send(gzipped()) : reply.send(body);
}
