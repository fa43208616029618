import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GovblogError, messageOf, type ErrorCode } from '../errors';
import type { Log } from '../log';

/** For what never changes under its address: a pinned question, a file named by its content. */
export const FOR_EVER = 'public, max-age=31536000, immutable';
/** For answers from the newest snapshot: tonight there may be a newer one. */
export const A_MINUTE = 'public, max-age=60, must-revalidate';
/** Kept and asked about each time: the content may be another after a night or a new version of the program. */
export const ASK_FIRST = 'no-cache';

export const SNAPSHOT_HEADER = 'x-govblog-snapshot';
/** Accounts that the conditions of a question name and the snapshot does not have; only where there are some. */
export const UNKNOWN_ACCOUNTS_HEADER = 'x-govblog-unknown-accounts';
/** Whether the rows of a saved question have the hash that they had when it was saved. */
export const VERIFIED_HEADER = 'x-govblog-verified';

const READ_METHODS = 'GET, HEAD, OPTIONS';
/** What a script of another site may see of a reply, and send with a request. */
const EXPOSED = `ETag, Content-Length, Content-Disposition, Content-Range, Accept-Ranges, ${SNAPSHOT_HEADER}, ${VERIFIED_HEADER}, ${UNKNOWN_ACCOUNTS_HEADER}`;
const ACCEPTED = 'Authorization, If-None-Match, If-Range, Range';
const A_DAY_S = '86400';

/** Marks a reply as one that scripts of any site may read. */
export const openToAll = (reply: FastifyReply): FastifyReply =>
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED);

/** Answers what a browser asks before it lets a script of another site send more than a plain GET. */
export const preflight = (methods = READ_METHODS, headers = ACCEPTED) =>
  async function answerPreflight(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return openToAll(reply)
      .code(204)
      .header('allow', methods)
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', headers)
      .header('access-control-max-age', A_DAY_S)
      .send();
  };

/** Tags of `If-None-Match`; a weak tag stands for the same content here, since GET asks for nothing finer. */
const tagsOf = (header: string): string[] => header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));

/** Whether the client has this content already. */
export function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const tags = tagsOf(headers['if-none-match'] ?? '');
  return tags.includes(etag) || tags.includes('*');
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** A plain URL to read from: GET, HEAD and OPTIONS, open to scripts of any site, refusals as JSON with a code. */
export function readRoute(server: FastifyInstance, url: string, log: Log, handler: Handler): void {
  server.options(url, preflight());
  server.route({
    // HEAD is asked of the handler itself, which can then leave a large file unread.
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url,
    handler: async (request, reply) => {
      openToAll(reply);
      try {
        return await handler(request, reply);
      } catch (error) {
        return refuse(request, reply, error, log);
      }
    },
  });
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NOT_PUBLISHED: 404,
  CONFLICT: 409,
  SNAPSHOT_GONE: 410,
  LIMIT_EXCEEDED: 413,
  TIMEOUT: 503,
  UNAVAILABLE: 503,
};

/** The status that an error of this code has. */
export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 400;

/** What people open in a browser, which asks for the key when it is told to. */
const BROWSED = /^\/(?:operations|files|snapshots)\b/;

/** How a request that needs a key is told so. Scripts that ask with `fetch` must not make a browser open a dialogue. */
export const challenge = ({ url }: FastifyRequest): string =>
  BROWSED.test(url) ? 'Basic realm="Govblog: any name, and a key as password", charset="UTF-8"' : 'Bearer realm="Govblog"';

/** Refuses a request in the form of its door: a status, a code and a sentence. */
export function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  // What was set for the answer does not hold for the refusal.
  for (const name of ['etag', 'content-length', 'content-type', 'accept-ranges']) void reply.removeHeader(name);
  void reply.header('cache-control', 'no-store');
  if (error instanceof GovblogError) {
    const { code, message } = error;
    if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', challenge(request));
    const isGraphql = /^\/graphql\b/.test(request.url);
    return reply.code(statusOf(code)).send(isGraphql ? { errors: [{ message, extensions: { code } }] } : { error: { code, message } });
  }
  log('request.failed', { error: messageOf(error) });
  return reply.code(500).send({ error: { code: 'INTERNAL', message: 'Something went wrong on our side. The log tells more.' } });
}

/** The address under which the client reached this server. */
export const originOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}`;

/** The query part of the address, decoded. */
export const searchOf = ({ url }: FastifyRequest): URLSearchParams => new URL(url, 'http://localhost').searchParams;

/** The snapshot that the address asks for, when it takes no other parameter. */
export function snapshotIn(request: FastifyRequest): string | undefined {
  const search = searchOf(request);
  const [stray] = [...search.keys()].filter((key) => key !== 'snapshot');
  if (stray !== undefined) throw new GovblogError('BAD_QUERY', `There is no parameter "${stray}" here; there is: snapshot.`);
  return search.get('snapshot') ?? undefined;
}
