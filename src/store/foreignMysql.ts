import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createConnection, type Connection, type RowDataPacket, type TypeCastField } from 'mysql2';
import { GovblogError, messageOf } from '../errors';
import { textOfBytes, type Foreign, type ForeignKey, type ForeignRow, type ForeignTable, type Selection } from './foreign';
import type { MysqlTarget } from './mysqlUrl';

const CONNECT_MS = 10_000;
/** A server gives up on a client that does not read for this long; its default of a minute is less than a locked store may take. */
const PATIENCE_SECONDS = 28_800;

/** A connection that can only read, in a transaction that sees the whole database as of now. */
export async function connectForReading({ source: _, ...target }: MysqlTarget): Promise<Connection> {
  const connection = createConnection({ ...target, charset: 'utf8mb4_bin', connectTimeout: CONNECT_MS, jsonStrings: true });
  // A connection that is lost between two queries is told by the next one; without a listener it would end the process.
  connection.on('error', () => undefined);
  try {
    const session = connection.promise();
    // Backslash escapes, no ANSI quotes, and zero dates are no errors, whatever the server is set to.
    await session.query("SET SESSION sql_mode = ''");
    await session.query(`SET SESSION net_write_timeout = ${PATIENCE_SECONDS}, SESSION wait_timeout = ${PATIENCE_SECONDS}`);
    // A server may be set to READ COMMITTED, where there is no snapshot.
    await session.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await session.query('SET SESSION TRANSACTION READ ONLY');
    await session.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const NUMBERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
const TEXTS = new Set(['char', 'varchar']);
/** Character sets whose every character comes back as it was, so that a key can be asked for again. */
const EXACT_CHARSETS = new Set(['ascii', 'utf8', 'utf8mb3', 'utf8mb4']);

interface ColumnRow extends RowDataPacket {
  readonly tableName: string;
  readonly kind: string;
  readonly approximateRows: string | number | null;
  readonly name: string;
  readonly type: string;
  readonly charset: string | null;
  readonly keyPart: number | string | null;
}

const COLUMNS = `SELECT t.TABLE_NAME AS tableName, t.TABLE_TYPE AS kind, t.TABLE_ROWS AS approximateRows,
    c.COLUMN_NAME AS name, c.DATA_TYPE AS type, c.CHARACTER_SET_NAME AS charset, s.SEQ_IN_INDEX AS keyPart
  FROM information_schema.TABLES t
  JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
  LEFT JOIN information_schema.STATISTICS s
    ON s.TABLE_SCHEMA = c.TABLE_SCHEMA AND s.TABLE_NAME = c.TABLE_NAME AND s.COLUMN_NAME = c.COLUMN_NAME AND s.INDEX_NAME = 'PRIMARY'
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE <> 'SEQUENCE'
  ORDER BY t.TABLE_NAME, c.ORDINAL_POSITION`;

/** A live MySQL or MariaDB database. Tables of engines without transactions are read as they are when their turn comes. */
export async function openForeignMysql(target: MysqlTarget): Promise<Foreign> {
  const failed = (error: unknown): GovblogError => new GovblogError('BAD_INPUT', sentence(target, error), { cause: error });
  const told = (error: unknown): never => {
    throw failed(error);
  };
  const connection = await connectForReading(target).catch(told);
  const rowsOf = async <R extends RowDataPacket>(sql: string): Promise<R[]> => (await connection.promise().query<R[]>(sql).catch(told))[0];
  // A row that is too long for the server to take its checksum counts as changed, always.
  const unknown = randomBytes(8).toString('hex');
  return {
    source: target.source,
    tables: async () => tablesOf(await rowsOf<ColumnRow>(COLUMNS)),
    count: async ({ name }) => Number((await rowsOf(`SELECT COUNT(*) AS number FROM ${quote(name)}`))[0]!['number']),
    async *stream(selection, chunkRows) {
      const { sql, params } = statementOf(selection);
      let finished = false;
      let rows: Readable | undefined;
      let lost: Error | undefined;
      // The driver tells a lost connection to the connection alone, and a stream would wait for ever.
      const onLost = (error: Error): void => {
        lost = error;
        rows?.destroy(error);
      };
      connection.on('error', onLost);
      try {
        rows = connection.query({ sql, values: params, rowsAsArray: true, typeCast: asText }).stream({ highWaterMark: chunkRows });
        if (lost !== undefined) rows.destroy(lost);
        let chunk: ForeignRow[] = [];
        for await (const row of rows) {
          const [key = null, checksum, ...values] = row as (string | null)[];
          chunk.push({ key, checksum: BigInt(`0x${checksum ?? unknown}`), values });
          if (chunk.length < chunkRows) continue;
          yield chunk;
          chunk = [];
        }
        finished = true;
        if (chunk.length > 0) yield chunk;
      } catch (error) {
        throw failed(error);
      } finally {
        connection.off('error', onLost);
        // A connection with unread rows cannot serve the next query.
        if (!finished) connection.destroy();
      }
    },
    close: async () => {
      await connection
        .promise()
        .end()
        .catch(() => connection.destroy());
    },
  };
}

function tablesOf(rows: readonly ColumnRow[]): ForeignTable[] {
  const tables = new Map<string, ColumnRow[]>();
  for (const row of rows) tables.set(row.tableName, [...(tables.get(row.tableName) ?? []), row]);
  return [...tables].map(([name, columns]) => ({
    name,
    kind: columns[0]!.kind.includes('VIEW') ? 'view' : 'table',
    columns: columns.map((column) => column.name),
    approximateRows: Number(columns[0]!.approximateRows ?? 0),
    key: keyOf(columns.find(({ keyPart }) => Number(keyPart) === 1)),
  }));
}

/** The first column of the primary key. Other types than these may not come back exactly as they are compared. */
function keyOf(column: ColumnRow | undefined): ForeignKey | null {
  if (column === undefined) return null;
  if (NUMBERS.has(column.type)) return { column: column.name, numeric: true };
  return TEXTS.has(column.type) && EXACT_CHARSETS.has(column.charset ?? '') ? { column: column.name, numeric: false } : null;
}

function statementOf({ table, values, checksums, between }: Selection): { sql: string; params: string[] } {
  const { key, columns } = table;
  const fields = [
    key === null ? 'NULL' : quote(key.column),
    checksums ? checksumOf(columns) : "'0'",
    ...(values ? columns.map((column) => quote(column)) : []),
  ];
  const from = `FROM ${quote(table.name)}`;
  if (key === null) return { sql: `SELECT ${fields.join(', ')} ${from}`, params: [] };
  const where =
    between === undefined ? '' : `WHERE ${quote(key.column)} BETWEEN ${key.numeric ? between.map(digits).join(' AND ') : '? AND ?'}`;
  return {
    sql: `SELECT ${fields.join(', ')} ${from} ${where} ORDER BY ${quote(key.column)}`,
    params: between === undefined || key.numeric ? [] : [...between],
  };
}

/** As a literal: a number that travels as text is compared as a floating-point number. */
function digits(text: string): string {
  if (!/^-?\d+$/.test(text)) throw new Error(`"${text}" is no whole number`);
  return text;
}

/**
 * Sixteen hexadecimal digits over all columns, computed by the server. The lengths stand first, so that no two different
 * rows are written the same; NULL has none. The names are part of it: a renamed column changes every row.
 */
function checksumOf(columns: readonly string[]): string {
  const lengths = columns.map((column) => `IFNULL(LENGTH(${quote(column)}), '-')`).join(", ',', ");
  const values = columns.map((column) => `CAST(${quote(column)} AS BINARY)`).join(', ');
  const names = Buffer.from(JSON.stringify(columns)).toString('hex');
  return `LEFT(MD5(CONCAT_WS('#', '${names}', CONCAT(${lengths}), ${values})), 16)`;
}

/** Every value as the server writes it. */
function asText(field: TypeCastField, next: () => unknown): string | null {
  switch (field.type) {
    case 'TINY_BLOB':
    case 'MEDIUM_BLOB':
    case 'LONG_BLOB':
    case 'BLOB':
    case 'STRING':
    case 'VAR_STRING': {
      // The driver knows by the character set which of them are bytes.
      const value = next();
      return Buffer.isBuffer(value) ? textOfBytes(value) : (value as string | null);
    }
    case 'BIT': {
      const bytes = field.buffer();
      return bytes === null ? null : BigInt(`0x${bytes.toString('hex')}`).toString();
    }
    case 'GEOMETRY':
      return field.buffer()?.toString('hex') ?? null;
    default:
      // Named because the driver takes JSON for bytes.
      return field.string('utf8');
  }
}

/** Why a database cannot be read, and what to do. */
function sentence({ source, user, host, port, database }: MysqlTarget, error: unknown): string {
  const { code = '', errno } = error as { code?: string; errno?: number };
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
      return `${source} does not let "${user}" in: the user name or the password is wrong. Special characters in them are percent-encoded.`;
    case 'ER_DBACCESS_DENIED_ERROR':
      return `${source}: "${user}" may not read the database "${database}"; grant SELECT on it.`;
    case 'ER_TABLEACCESS_DENIED_ERROR':
      return `${source}: "${user}" may not read one of its tables: ${messageOf(error)}`;
    case 'ER_BAD_DB_ERROR':
      return `${source}: the server has no database "${database}".`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}:${port} (${source}): is the server running, and does it listen there?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host ${host} (${source}).`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${host}:${port} did not answer within ${CONNECT_MS / 1000} s (${source}).`;
    case 'ER_TABLE_DEF_CHANGED':
      return `${source}: a table was altered while it was read. Run it again.`;
    default:
      return `${source} cannot be read: ${messageOf(error) || code || `error ${errno ?? 'unknown'}`}`;
  }
}
