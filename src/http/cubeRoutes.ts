import type { FastifyInstance } from 'fastify';
import type { Log } from '../log';
import { CUBES } from '../model';
import { fromSearch } from '../query/permalink';
import type { CallerOf } from './callers';
import { requestContext, type ContextTools } from './context';
import { FORMS, tagOf, writeAnswer } from './forms';
import { A_MINUTE, FOR_EVER, isKnown, originOf, readRoute, searchOf, SNAPSHOT_HEADER, UNKNOWN_ACCOUNTS_HEADER } from './reads';

/** A header is no place for a thousand ids. */
const MOST_TOLD = 20;

/** Plain URLs for spreadsheets and scripts: `/activity.csv?fields=month,posts&from=…&to=…`, and the same as `.json`, `.parquet` and `.arrow`. */
export function cubeRoutes(server: FastifyInstance, tools: ContextTools, callerOf: CallerOf, log: Log): void {
  for (const { name } of CUBES)
    for (const [extension, form] of Object.entries(FORMS))
      readRoute(server, `/${name}.${extension}`, log, async (request, reply) => {
        const context = requestContext(tools, { caller: await callerOf(request), door: extension, origin: originOf(request) });
        const { question, snapshot } = fromSearch(name, searchOf(request));
        const answer = context.ask(question, await context.open(snapshot));
        const etag = tagOf(answer.queryId, extension);
        void reply
          .header(SNAPSHOT_HEADER, answer.open.snapshot.id)
          .header('cache-control', snapshot === undefined ? A_MINUTE : FOR_EVER)
          .header('etag', etag);
        const unknown = await answer.unknownAccounts();
        if (unknown.length > 0) void reply.header(UNKNOWN_ACCOUNTS_HEADER, unknown.slice(0, MOST_TOLD).map(encodeURI).join(', '));
        if (isKnown(request, etag)) return reply.code(304).send();
        const body = await writeAnswer(answer, form, tools.reader);
        return reply.type(form.type).send(body);
      });
}
