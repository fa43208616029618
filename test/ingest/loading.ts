import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fixedClock } from '../../src/clock';
import { ingest, type IngestSummary } from '../../src/ingest/ingest';
import type { ParsedRow, Reject } from '../../src/ingest/outcome';
import type { Reading } from '../../src/ingest/reading';
import type { IngestRecord } from '../../src/ingest/records';
import { loadReference } from '../../src/ingest/reference';
import { silentLog } from '../../src/log';
import { projectPath } from '../../src/paths';
import type { Row, Store } from '../../src/store/store';
import { freshPlace, type Dialect } from '../stores';

/** Long after everything the tests load. */
export const CLOCK = fixedClock('2026-01-15T04:00:00Z');
/** Real data, which are not part of the project: tests that need them are skipped elsewhere. */
export const REAL_DATA = join(projectPath(), '..', 'shared', 'data');

/** What loads write, beside the account of the loads themselves. */
const TABLES = {
  account: 'account_key',
  account_observation: 'account_key, observed_at, seq',
  account_version: 'account_key, valid_from',
  post: 'platform, post_id',
  post_observation: 'platform, post_id, observed_at, seq',
  interaction: 'platform, interaction_id',
} as const;
type Dump = Record<keyof typeof TABLES, Row[]>;

export interface Mark {
  readonly fact: string;
  readonly from: string;
  readonly to: string;
}

/** A fresh store with the reference tables, and what tests ask of it. */
export interface Loading {
  readonly store: Store;
  load(reading: Reading): Promise<IngestSummary>;
  rejects(batch: number): Promise<{ file: string; line: number; field: string | null; reason: string; raw: string }[]>;
  /** Everything that was loaded, without the number of the batch that brought it. */
  dump(): Promise<Dump>;
  /** The days that became stale since the last call. */
  newMarks(): Promise<Mark[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openLoading(dialect: Dialect): Promise<Loading> {
  const place = await freshPlace(dialect);
  const store = await place.open();
  await loadReference(store, projectPath('seeds', 'reference'), CLOCK.now());
  const lastMark = async (): Promise<number> => {
    const [row] = await store.query<{ value: number }>('SELECT value FROM mark_sequence');
    return row!.value;
  };
  let seen = await lastMark();
  return {
    store,
    load: (reading) => ingest(reading, { store, clock: CLOCK, log: silentLog, dataDir: place.dataDir }),
    rejects: (batch) => store.query('SELECT file, line, field, reason, raw FROM ingest_reject WHERE batch_id = ? ORDER BY id', [batch]),
    dump: async () => {
      const tables: [string, Row[]][] = [];
      for (const [table, order] of Object.entries(TABLES)) {
        const rows = await store.query(`SELECT * FROM ${table} ORDER BY ${order}`);
        tables.push([table, rows.map(({ batch_id: _, ...row }) => row)]);
      }
      return Object.fromEntries(tables) as Dump;
    },
    newMarks: async () => {
      const marks = await store.query<{ fact: string; from_day: string; to_day: string }>(
        'SELECT fact, from_day, to_day FROM stale_range WHERE mark > ? ORDER BY fact, from_day',
        [seen],
      );
      seen = await lastMark();
      return marks.map(({ fact, from_day, to_day }) => ({ fact, from: from_day, to: to_day }));
    },
    clear: () =>
      store.write(async (tx) => {
        for (const table of Object.keys(TABLES)) await tx.run(`DELETE FROM ${table}`);
      }),
    close: async () => {
      await store.close();
      await place.remove();
    },
  };
}

/** The records and the rejects of a reading, without a store. */
export async function contentsOf(reading: Reading): Promise<{ records: IngestRecord[]; rejects: Reject[] }> {
  const rows: ParsedRow[] = [];
  for await (const row of reading.rows()) rows.push(row);
  return {
    records: rows.flatMap((row) => ('record' in row ? [row.record] : [])),
    rejects: rows.flatMap((row) => ('reject' in row ? [row.reject] : [])),
  };
}

/** A temporary folder with files, removed after all tests of the file. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-files-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
