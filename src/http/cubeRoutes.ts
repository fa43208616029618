import type { FastifyInstance, FastifyReply } from 'fastify';
import { accountsByKey } from '../answer/accounts';
import type { Answer } from '../answer/answer';
import { GovblogError, messageOf, type ErrorCode } from '../errors';
import { flatRows, toCsv } from '../export/flat';
import type { Log } from '../log';
import { CUBES } from '../model';
import { fromSearch } from '../query/permalink';
import { requestContext, type ContextTools } from './context';

const STATUS: Partial<Record<ErrorCode, number>> = { NOT_FOUND: 404, NOT_PUBLISHED: 404, TIMEOUT: 503, LIMIT_EXCEEDED: 413 };

/** Plain URLs for spreadsheets and scripts: `/activity.csv?fields=month,posts&from=…&to=…`, and the same as `.json`. */
export function cubeRoutes(server: FastifyInstance, tools: ContextTools, log: Log): void {
  for (const { name } of CUBES)
    for (const form of ['csv', 'json'] as const)
      server.get(`/${name}.${form}`, async (request, reply) => {
        try {
          const context = requestContext(tools);
          const { question, snapshot } = fromSearch(name, new URL(request.url, 'http://localhost').searchParams);
          const answer = context.ask(question, await context.open(snapshot));
          const table = await tableOf(answer, tools);
          const { id } = answer.open.snapshot;
          // A pinned question has the same answer for ever; the newest snapshot may change tonight.
          await reply
            .header('x-govblog-snapshot', id)
            .header('cache-control', snapshot === undefined ? 'public, max-age=60' : 'public, max-age=31536000, immutable')
            .header('etag', `"${answer.queryId}"`)
            .type(form === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
            .send(
              form === 'csv'
                ? table.csv
                : JSON.stringify({ snapshot: id, queryId: answer.queryId, resultHash: await answer.resultHash(), rows: table.rows }),
            );
        } catch (error) {
          await refuse(reply, error, log);
        }
      });
}

async function tableOf({ cube, question, open, rows: read }: Answer, { reader }: ContextTools): Promise<{ rows: object[]; csv: string }> {
  const rows = await read();
  const keys = rows.flatMap(({ account }) => (account === undefined ? [] : [account as number]));
  const accounts = await accountsByKey([...new Set(keys)], open, reader);
  const flat = flatRows(cube, question.fields, rows, open.members, (key) => accounts.get(key));
  // The header does not depend on there being rows.
  const [header] = flatRows(cube, question.fields, [{}], open.members, () => undefined);
  return { rows: flat, csv: toCsv(flat, Object.keys(header!)) };
}

async function refuse(reply: FastifyReply, error: unknown, log: Log): Promise<void> {
  if (error instanceof GovblogError)
    await reply.code(STATUS[error.code] ?? 400).send({ error: { code: error.code, message: error.message } });
  else {
    log('request.failed', { error: messageOf(error) });
    await reply.code(500).send({ error: { code: 'INTERNAL', message: 'Something went wrong on our side. The log tells more.' } });
  }
}
