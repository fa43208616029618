import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isAlive } from '../owner';

/** A file of the warehouse: immutable, named by its content. */
export interface WarehouseFile {
  /** Place below the warehouse folder, as the ledger and snapshots name it: `activity/2011-12/3f9a….parquet`. */
  readonly uri: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that has just been given its name. */
export interface Adopted extends WarehouseFile {
  /** Its time, when this adoption put it there; null when the same content was there already. */
  readonly writtenAt: Date | null;
}

/** A file that lies in the warehouse, whoever names it. */
export interface StoredFile {
  readonly uri: string;
  readonly bytes: number;
  /** When it was written, or adopted again, by the clock of the file system. */
  readonly touchedAt: Date;
}

/** The folder of Parquet files. Its addresses are URIs, so that another kind of storage can take its place. */
export interface Files {
  /** A path for a file that is being written; it is not part of the warehouse yet. */
  temporary(name: string): string;
  /** Moves a finished file to the place that its content names. The same content twice is one file; what was damaged there is replaced. */
  adopt(temporary: string, folder: string): Promise<Adopted>;
  /** Where the engine finds a file. */
  pathOf(uri: string): string;
  /** Removes a file that was being written and will not be finished, if it can: what is left over is swept later. */
  discard(temporary: string): void;
  /** Removes what processes that died while writing left behind. */
  sweep(now: Date): void;
  /** Every file that is there, by its URI. */
  list(): StoredFile[];
  /** The file with this URI as it is now, or null. */
  find(uri: string): StoredFile | null;
  /** Deletes a file; one that is gone already is no error. */
  remove(uri: string): void;
}

/** A temporary file of a process that is gone is kept this long, in case another machine shares the folder. */
const ABANDONED_MS = 600_000;

export function openFiles(dataDir: string): Files {
  const root = join(dataDir, 'warehouse');
  const scratch = join(dataDir, 'tmp');
  mkdirSync(root, { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const pathOf = (uri: string): string => join(root, ...uri.split('/'));
  return {
    pathOf,
    temporary: (name) => join(scratch, `${name}.${process.pid}.tmp.parquet`),
    discard: (temporary) => {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // A folder that became read-only keeps it; that it could not be written is what the caller must hear of.
      }
    },
    sweep: (now) => {
      for (const name of readdirSync(scratch)) {
        const pid = /\.(\d+)\.tmp\.parquet$/.exec(name)?.[1];
        const path = join(scratch, name);
        if (pid !== undefined && !isAlive(Number(pid)) && now.getTime() - statSync(path).mtimeMs > ABANDONED_MS)
          rmSync(path, { force: true });
      }
    },
    adopt: async (temporary, folder) => {
      const sha256 = await hashOf(temporary);
      const uri = `${folder}/${sha256.slice(0, 32)}.parquet`;
      const path = pathOf(uri);
      const { size: bytes } = statSync(temporary);
      mkdirSync(dirname(path), { recursive: true });
      // Its time says that it is wanted again, to whoever collects files that nothing names. What is there may have been damaged.
      if (touched(path) && statSync(path).size === bytes && (await hashOf(path)) === sha256) {
        rmSync(temporary);
        return { uri, bytes, sha256, writtenAt: null };
      }
      sync(temporary);
      const { mtime: writtenAt } = statSync(temporary);
      renameSync(temporary, path);
      // The name must be on disk before the ledger speaks of it.
      sync(dirname(path));
      return { uri, bytes, sha256, writtenAt };
    },
    list: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.parquet'))
        .flatMap((name) => storedAt(join(root, name), name.split(sep).join('/')) ?? []),
    find: (uri) => storedAt(pathOf(uri), uri),
    remove: (uri) => rmSync(pathOf(uri), { force: true }),
  };
}

function storedAt(path: string, uri: string): StoredFile | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? { uri, bytes: found.size, touchedAt: found.mtime } : null;
}

/** Gives a file the present time; false when there is no such file. */
function touched(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
