import type { FastifyInstance } from 'fastify';
import { accountsByKey } from '../answer/accounts';
import type { Answer } from '../answer/answer';
import { DATASET } from '../export/dataset';
import { columnsOf, flatRows, toCsv, type Cell, type Column } from '../export/flat';
import { PARQUET_TYPE } from '../export/parquetTables';
import type { Log } from '../log';
import { CUBES } from '../model';
import { fromSearch } from '../query/permalink';
import { parquetOf } from '../warehouse/export';
import { requestContext, type ContextTools } from './context';
import { A_MINUTE, FOR_EVER, isKnown, readRoute, searchOf, SNAPSHOT_HEADER } from './reads';

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Record<string, Cell>[];
}
interface Form {
  readonly type: string;
  readonly render: (answer: Answer, table: Table, tools: ContextTools) => Promise<string | Buffer>;
}

/** Raised when the same rows are written differently: part of every tag, so that nobody keeps the older writing. */
const WRITING = 2;

const FORMS: Readonly<Record<string, Form>> = {
  csv: {
    type: 'text/csv; charset=utf-8',
    render: async (_answer, { columns, rows }) =>
      toCsv(
        rows,
        columns.map(({ name }) => name),
      ),
  },
  json: {
    type: 'application/json; charset=utf-8',
    render: async ({ open, queryId, resultHash }, { rows }) =>
      JSON.stringify({ snapshot: open.snapshot.id, queryId, resultHash: await resultHash(), rows }),
  },
  parquet: {
    type: PARQUET_TYPE,
    render: async ({ open: { snapshot }, queryId, resultHash }, { columns, rows }, { reader }) => {
      const about = {
        publisher: DATASET.publisher,
        title: DATASET.title,
        snapshot: snapshot.id,
        queryId,
        resultHash: await resultHash(),
        ...(snapshot.synthetic && { note: DATASET.syntheticNote }),
      };
      return parquetOf(reader.engine, reader.files, columns, rows, about, reader);
    },
  },
};

/** Plain URLs for spreadsheets and scripts: `/activity.csv?fields=month,posts&from=…&to=…`, and the same as `.json` and `.parquet`. */
export function cubeRoutes(server: FastifyInstance, tools: ContextTools, log: Log): void {
  for (const { name } of CUBES)
    for (const [extension, { type, render }] of Object.entries(FORMS))
      readRoute(server, `/${name}.${extension}`, log, async (request, reply) => {
        const context = requestContext(tools);
        const { question, snapshot } = fromSearch(name, searchOf(request));
        const answer = context.ask(question, await context.open(snapshot));
        // The question and its snapshot decide the rows, so the tag is known before anything is asked.
        const etag = `"${answer.queryId}-${extension}-${WRITING}"`;
        void reply
          .header(SNAPSHOT_HEADER, answer.open.snapshot.id)
          .header('cache-control', snapshot === undefined ? A_MINUTE : FOR_EVER)
          .header('etag', etag);
        if (isKnown(request, etag)) return reply.code(304).send();
        const body = await render(answer, await tableOf(answer, tools), tools);
        return reply.type(type).send(body);
      });
}

async function tableOf({ cube, question, open, rows: read }: Answer, { reader }: ContextTools): Promise<Table> {
  const rows = await read();
  const keys = rows.flatMap(({ account }) => (account === undefined ? [] : [account as number]));
  const accounts = await accountsByKey([...new Set(keys)], open, reader);
  return {
    columns: columnsOf(cube, question.fields),
    rows: flatRows(cube, question.fields, rows, open.members, (key) => accounts.get(key)),
  };
}
