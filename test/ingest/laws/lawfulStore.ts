import { fixedClock } from '../../../src/clock';
import { ingest, type IngestSummary } from '../../../src/ingest/ingest';
import type { Reading } from '../../../src/ingest/reading';
import type { IngestRecord } from '../../../src/ingest/records';
import { loadReference } from '../../../src/ingest/reference';
import { silentLog } from '../../../src/log';
import { projectPath } from '../../../src/paths';
import type { Row, Store } from '../../../src/store/store';
import { freshPlace, type Dialect, type Place } from '../../stores';
import { readingOf } from '../../readings';

/** Some days after everything the laws load, so that few months have facts. */
export const PRESENT = fixedClock('2026-01-15T04:00:00Z');

/** What loads write, with the order of the rows; the account of the loads themselves stands apart. */
const TABLES = {
  account: 'account_key',
  account_observation: 'account_key, observed_at, seq',
  account_version: 'account_key, valid_from',
  post: 'platform, post_id',
  post_observation: 'platform, post_id, observed_at, seq',
  post_status: 'platform, post_id, observed_at, status, actor',
  crawl_span: 'account_key, observed_at, from_at, to_at',
  interaction: 'platform, interaction_id',
  follow: 'platform, followed_hash, follower_hash',
} as const;
export type Dump = Readonly<Record<keyof typeof TABLES, readonly Row[]>>;

/** Everything that was loaded, without the numbers of the batches that brought it. */
export async function dumpOf(store: Store): Promise<Dump> {
  const dump: Partial<Record<keyof typeof TABLES, Row[]>> = {};
  for (const [table, order] of Object.entries(TABLES) as [keyof typeof TABLES, string][]) {
    const rows = await store.query(`SELECT * FROM ${table} ORDER BY ${order}`);
    dump[table] = rows.map(({ batch_id: _, ...row }) => row);
  }
  return dump as Dump;
}

/** A batch whose tally does not add up, in a sentence; nothing when all books do. */
export async function wrongBooks(store: Store): Promise<unknown[]> {
  const batches = await store.query<Record<'id' | 'rows_read' | 'accepted' | 'updated' | 'unchanged' | 'rejected', number>>(
    'SELECT id, rows_read, accepted, updated, unchanged, rejected FROM ingest_batch',
  );
  const rejects = await store.query<{ batch_id: number; n: number }>('SELECT batch_id, COUNT(*) AS n FROM ingest_reject GROUP BY batch_id');
  const kept = new Map(rejects.map(({ batch_id, n }) => [batch_id, Number(n)]));
  return batches.filter(
    ({ id, rows_read, accepted, updated, unchanged, rejected }) =>
      accepted + updated + unchanged + rejected !== rows_read || rejected !== (kept.get(id) ?? 0),
  );
}

/** A store with the reference tables, and what the laws ask of it. */
export interface LawfulStore {
  readonly store: Store;
  readonly place: Place;
  load(reading: Reading, options?: { readonly exhaustive?: boolean }): Promise<IngestSummary>;
  loadRecords(records: Iterable<IngestRecord>): Promise<IngestSummary>;
  dump(): Promise<Dump>;
  lastMark(): Promise<number>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openLawfulStore(dialect: Dialect): Promise<LawfulStore> {
  const place = await freshPlace(dialect);
  const store = await place.open();
  await loadReference(store, projectPath('seeds', 'reference'), PRESENT.now());
  const load: LawfulStore['load'] = async (reading, { exhaustive = false } = {}) => {
    const summary = await ingest(reading, { store, clock: PRESENT, log: silentLog, dataDir: place.dataDir, exhaustive });
    const { accepted, updated, unchanged, rejected, rowsRead } = summary;
    expect(accepted + updated + unchanged + rejected).toBe(rowsRead);
    return summary;
  };
  return {
    store,
    place,
    load,
    loadRecords: (records) => load(readingOf(records)),
    dump: () => dumpOf(store),
    lastMark: async () => (await store.query<{ value: number }>('SELECT value FROM mark_sequence'))[0]!.value,
    clear: () =>
      store.write(async (tx) => {
        for (const table of [...Object.keys(TABLES), 'ingest_reject', 'ingest_batch']) await tx.run(`DELETE FROM ${table}`);
      }),
    close: async () => {
      await store.close();
      await place.remove();
    },
  };
}
