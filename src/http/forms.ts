import { accountsByKey } from '../answer/accounts';
import type { Answer } from '../answer/answer';
import type { Reader } from '../answer/reader';
import { ARROW_TYPE, arrowOf } from '../export/arrow';
import { DATASET } from '../export/dataset';
import { columnsOf, flatRows, toCsv, type Cell, type Column } from '../export/flat';
import { PARQUET_TYPE } from '../export/parquetTables';
import { parquetOf } from '../warehouse/export';

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Record<string, Cell>[];
}
interface Form {
  readonly type: string;
  readonly write: (answer: Answer, table: Table, reader: Reader) => Promise<string | Buffer>;
}

/** Raised when the same rows are written differently: part of every tag, so that nobody keeps the older writing. */
const WRITING = 2;

/** The forms in which a plain URL gives an answer, by the ending of the address. */
export const FORMS: Readonly<Record<string, Form>> = {
  csv: {
    type: 'text/csv; charset=utf-8',
    write: async (_answer, { columns, rows }) =>
      toCsv(
        rows,
        columns.map(({ name }) => name),
      ),
  },
  json: {
    type: 'application/json; charset=utf-8',
    write: async ({ open, queryId, resultHash }, { rows }) =>
      JSON.stringify({ snapshot: open.snapshot.id, queryId, resultHash: await resultHash(), rows }),
  },
  parquet: {
    type: PARQUET_TYPE,
    write: async (answer, { columns, rows }, { engine, files, timeoutMs }) =>
      parquetOf(engine, files, columns, rows, await aboutOf(answer), { timeoutMs }),
  },
  arrow: {
    type: ARROW_TYPE,
    write: async (answer, { columns, rows }) => arrowOf(columns, rows, await aboutOf(answer)),
  },
};

/** What identifies the body of an answer: the question and its snapshot decide the rows, so it is known before anything is asked. */
export const tagOf = (queryId: string, extension: string): string => `"${queryId}-${extension}-${WRITING}"`;

/** An answer in one of the forms. */
export async function writeAnswer(answer: Answer, { write }: Form, reader: Reader): Promise<string | Buffer> {
  return write(answer, await tableOf(answer, reader), reader);
}

/** Where a file comes from, as its metadata say it. */
async function aboutOf({ open: { snapshot }, queryId, resultHash }: Answer): Promise<Record<string, string>> {
  return {
    publisher: DATASET.publisher,
    title: DATASET.title,
    snapshot: snapshot.id,
    queryId,
    resultHash: await resultHash(),
    ...(snapshot.synthetic && { note: DATASET.syntheticNote }),
  };
}

async function tableOf({ cube, question, open, rows: read }: Answer, reader: Reader): Promise<Table> {
  const rows = await read();
  const keys = rows.flatMap(({ account }) => (account === undefined ? [] : [account as number]));
  const accounts = await accountsByKey([...new Set(keys)], open, reader);
  return {
    columns: columnsOf(cube, question.fields),
    rows: flatRows(cube, question.fields, rows, open.members, (key) => accounts.get(key)),
  };
}
