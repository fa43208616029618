import type { FastifyInstance } from 'fastify';
import { demand } from '../access/caller';
import { GovblogError } from '../errors';
import { readsAccounts } from '../query/accountLevel';
import type { CallerOf } from './callers';
import { FORMS, tagOf, writeAnswer } from './forms';
import { FOR_EVER, isKnown, readRoute, searchOf, SNAPSHOT_HEADER, VERIFIED_HEADER } from './reads';
import type { HttpTools } from './server';

/**
 * The rows of saved questions: `/q/<id>.csv`, `.json`, `.parquet`, `.arrow`, from the snapshot that each was saved with. They may be
 * kept for ever, for as long as their hash is the one that was saved; rows of another hash are sent too, and say so.
 */
export function savedRoutes(server: FastifyInstance, { reader, saved: savedQueries, log }: HttpTools, callerOf: CallerOf): void {
  for (const [extension, form] of Object.entries(FORMS))
    readRoute(server, `/q/:id.${extension}`, log, async (request, reply) => {
      const [stray] = searchOf(request).keys();
      if (stray !== undefined)
        throw new GovblogError('BAD_QUERY', `A saved question takes no parameters, and "${stray}" is one. Its permalink can be changed.`);
      const saved = await savedQueries.find((request.params as { id: string }).id);
      if (readsAccounts(saved.question)) demand(await callerOf(request), 'researcher', `${saved.question.cube} by account`);
      const etag = tagOf(saved.id, extension);
      void reply.header(SNAPSHOT_HEADER, saved.snapshot);
      if (isKnown(request, etag)) return reply.header('etag', etag).header('cache-control', FOR_EVER).code(304).send();
      const answer = await savedQueries.answer(saved);
      const verified = (await answer.resultHash()) === saved.resultHash;
      const body = await writeAnswer(answer, form, reader);
      void reply.header(VERIFIED_HEADER, String(verified)).header('cache-control', verified ? FOR_EVER : 'no-store');
      if (verified) void reply.header('etag', etag);
      return reply.type(form.type).send(body);
    });
}
