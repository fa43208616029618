import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { GovblogError, messageOf, type ErrorCode } from '../errors';
import type { Log } from '../log';
import { didYouMean } from '../suggest';
import { openToAll, refuse } from './reads';

/** What there is at this server: each address as it is written in the code, with `:name` and `*`, and its methods. */
type Addresses = ReadonlyMap<string, ReadonlySet<string>>;

const READS = new Set(['GET', 'HEAD']);
const PLACES = '/, /graphql, /codebook, /datapackage.json, /activity.csv or /posts.csv';

/**
 * Answers requests that no handler could: an address that there is not, a method that the address does not take, a body that
 * cannot be read. To be called before any route is added.
 */
export function answerWrongRequests(server: FastifyInstance, log: Log): void {
  const addresses = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = addresses.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    addresses.set(url, methods);
  });
  server.setNotFoundHandler((request, reply) => {
    if (READS.has(request.method)) openToAll(reply);
    const path = request.url.replace(/\?.*$/s, '');
    const methods = methodsAt(path, addresses);
    // A handler may also find that there is nothing at an address of its kind.
    if (methods.length === 0 || methods.includes(request.method))
      return refuse(request, reply, new GovblogError('NOT_FOUND', nothingAt(path, addresses)), log);
    void reply.header('allow', methods.join(', '));
    return answer(request, reply, 405, 'BAD_QUERY', `${path} takes ${methods.join(', ')}, not ${request.method}.`);
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof GovblogError) return refuse(request, reply, error, log);
    const status = error.statusCode ?? 500;
    if (status < 500) return answer(request, reply, status, status === 413 ? 'LIMIT_EXCEEDED' : 'BAD_QUERY', sentenceOf(error));
    const reference = randomBytes(4).toString('hex');
    log('request.failed', { reference, url: request.url, error: messageOf(error), stack: error.stack });
    return answer(request, reply, 500, 'INTERNAL', `Something went wrong on our side (reference ${reference}). The log tells more.`);
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode | 'INTERNAL', message: string): FastifyReply {
  const isGraphql = /^\/graphql\b/.test(request.url);
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send(isGraphql ? { errors: [{ message, extensions: { code } }] } : { error: { code, message } });
}

function nothingAt(path: string, addresses: Addresses): string {
  const fixed = [...addresses].flatMap(([url, methods]) => (methods.has('GET') && !/[:*]/.test(url) ? [url] : []));
  const longer = fixed.filter((url) => url.startsWith(`${path}.`));
  const hint = longer.length > 0 ? ` There is ${longer.join(', ')}.` : didYouMean(path, fixed);
  return `There is nothing at ${path}.${hint} Try ${PLACES}.`;
}

/** The methods of the address that a path is of. */
const methodsAt = (path: string, addresses: Addresses): string[] =>
  [...new Set([...addresses].flatMap(([url, methods]) => (patternOf(url).test(path) ? [...methods] : [])))].sort();

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );

const AS_JSON = 'Send JSON, with the header "content-type: application/json", such as {"query":"{ dataset { period { from to } } }"}.';
const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: `The body is of a kind that is not read here. ${AS_JSON}`,
  FST_ERR_CTP_INVALID_JSON_BODY: `The body is no JSON, which its content-type says it is. ${AS_JSON}`,
  FST_ERR_CTP_EMPTY_JSON_BODY: `The body is empty. ${AS_JSON}`,
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 1 MB. Ask for less at once: filters take lists of 1,000 values.',
};
const sentenceOf = (error: FastifyError): string => SENTENCES[error.code] ?? error.message;
