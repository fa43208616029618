import { LRUCache } from 'lru-cache';
import { GovblogError } from '../errors';
import type { Licence } from '../licences';
import type { Indicator, Members } from '../model/members';
import type { Store } from '../store/store';
import { notesOf, type AuditNote } from '../warehouse/auditLog';
import type { Engine } from '../warehouse/duckdb';
import type { Files } from '../warehouse/files';
import { readIndicators, readMembers } from '../warehouse/members';
import {
  currentSnapshotId,
  hasSnapshot,
  leftOutOf,
  listSnapshots,
  snapshotById,
  type Snapshot,
  type SnapshotFile,
} from '../warehouse/snapshots';
import { licenceOf } from './licence';

/** A snapshot that is ready to be asked. */
export interface OpenSnapshot {
  readonly snapshot: Snapshot;
  readonly members: Members;
  readonly indicators: readonly Indicator[];
  /** Under what it may be used; null when nobody has said. */
  readonly licence: Licence | null;
}

/** Hands out snapshots. A request asks once and uses what it got for all its reads. */
export interface Reader {
  readonly engine: Engine;
  readonly files: Files;
  readonly timeoutMs: number;
  /** Rows of facts that one question may read. */
  readonly maxScannedRows: number;
  /** What the owner of the store says of all its data; null when nothing. */
  readonly licence: Licence | null;
  /** The newest snapshot, or the one with this id. */
  open(id?: string): Promise<OpenSnapshot>;
  /** The snapshots that can be asked, the newest first. */
  list(): Promise<Omit<Snapshot, 'files'>[]>;
  /** Id of the newest snapshot; null when nothing is published yet. */
  newest(): Promise<string | null>;
  /** What failed an audit and is in the snapshot all the same. */
  notes(id: string): Promise<AuditNote[]>;
  /** Rollups of a snapshot that are not here. */
  leftOut(id: string): Promise<SnapshotFile[]>;
  /** Whether anything is published yet. */
  isReady(): Promise<boolean>;
}

/** Snapshots kept open: the newest, and those that pinned questions return to. */
const OPEN_SNAPSHOTS = 8;

export function openReader(
  store: Store,
  engine: Engine,
  files: Files,
  limits: Pick<Reader, 'timeoutMs' | 'maxScannedRows' | 'licence'>,
): Reader {
  const opened = new LRUCache<string, Promise<OpenSnapshot>>({ max: OPEN_SNAPSHOTS });
  const load = async (id: string): Promise<OpenSnapshot> => {
    const snapshot = await snapshotById(store, id);
    const members = await readMembers(engine, snapshot, files);
    return {
      snapshot,
      members,
      licence: await licenceOf(limits.licence, { engine, files, snapshot, members }),
      indicators: await readIndicators(engine, snapshot, files),
    };
  };
  return {
    engine,
    files,
    ...limits,
    open: async (id) => {
      const wanted = id ?? (await currentSnapshotId(store));
      if (wanted === null)
        throw new GovblogError(
          'NOT_PUBLISHED',
          'Nothing is published yet. Load data (`govblog ingest …`), then run the jobs (`govblog run`).',
        );
      // Whoever opened it before has the grace period to finish; nobody opens it anew.
      if (id !== undefined && opened.has(id) && !(await hasSnapshot(store, id))) opened.delete(id);
      let snapshot = opened.get(wanted);
      if (!snapshot) {
        snapshot = load(wanted);
        opened.set(wanted, snapshot);
        snapshot.catch(() => opened.delete(wanted));
      }
      return snapshot;
    },
    list: () => listSnapshots(store),
    newest: () => currentSnapshotId(store),
    notes: (id) => notesOf(store, id),
    leftOut: (id) => leftOutOf(store, id),
    isReady: async () => (await currentSnapshotId(store)) !== null,
  };
}
