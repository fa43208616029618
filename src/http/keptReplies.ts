import type { FastifyReply, FastifyRequest } from 'fastify';
import { Kind, OperationTypeNode, parse, visit, type DocumentNode } from 'graphql';
import type { AnswerCache } from '../answer/cache';
import type { Role } from '../access/caller';
import { CUBES } from '../model';
import { originOf, SNAPSHOT_HEADER } from './reads';

/** A reply as it was sent once, to be sent again to whoever asks the same. */
export interface KeptReply {
  readonly payload: string;
  readonly contentType: string;
  readonly snapshots: string | undefined;
}

const CUBE_FIELDS: readonly string[] = [...CUBES.map(({ name }) => name), '__typename'];
/** Fields of an answer that depend on more than the question and the snapshot: the day of the citation, the speed of the machine. */
const PASSING: readonly string[] = ['citation', 'milliseconds'];

/** Whether the reply to a document follows from it, its variables and the newest snapshot alone: one query, of cubes and nothing else. */
export function isLasting(document: string): boolean {
  let parsed: DocumentNode;
  try {
    parsed = parse(document, { noLocation: true });
  } catch {
    return false;
  }
  const operations = parsed.definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? [one] : []));
  const [only] = operations;
  if (operations.length !== 1 || only!.operation !== OperationTypeNode.QUERY) return false;
  if (!only!.selectionSet.selections.every((one) => one.kind === Kind.FIELD && CUBE_FIELDS.includes(one.name.value))) return false;
  let lasting = true;
  visit(parsed, { Field: ({ name }) => void (lasting &&= !PASSING.includes(name.value)) });
  return lasting;
}

/** What a GraphQL request asks for, as its reply depends on it; null when it is none that could be kept. */
export function keyOf(request: FastifyRequest, snapshot: string | null, role: Role): string | null {
  const asked = request.method === 'POST' ? JSON.stringify(request.body) : request.url;
  if (snapshot === null || asked === undefined) return null;
  return ['reply', snapshot, role, originOf(request), request.headers.accept ?? '', request.method, asked].join('\n');
}

/** The document of a GraphQL request. */
export function documentOf(request: FastifyRequest): string | undefined {
  const { query } = ((request.method === 'POST' ? request.body : request.query) ?? {}) as { readonly query?: unknown };
  return typeof query === 'string' ? query : undefined;
}

/** Keeps a reply that is an answer and will be the same until the next snapshot. */
export function keepReply(cache: AnswerCache, key: string, request: FastifyRequest, reply: FastifyReply, payload: string): void {
  const document = documentOf(request);
  // An error may be over the next time: a question that took too long, a file that could not be read.
  if (reply.statusCode !== 200 || document === undefined || payload.startsWith('{"errors"') || !isLasting(document)) return;
  const contentType = String(reply.getHeader('content-type'));
  const snapshots = reply.getHeader(SNAPSHOT_HEADER);
  const kept: KeptReply = { payload, contentType, snapshots: snapshots === undefined ? undefined : String(snapshots) };
  cache.keep(key, kept);
}

export function sendKept(reply: FastifyReply, { payload, contentType, snapshots }: KeptReply): FastifyReply {
  if (snapshots !== undefined) void reply.header(SNAPSHOT_HEADER, snapshots);
  return reply.header('content-type', contentType).send(payload);
}
