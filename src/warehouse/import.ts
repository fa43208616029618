import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text as textOf } from 'node:stream/consumers';
import { GovblogError, messageOf } from '../errors';
import { toSqlInstant } from '../model/time';
import { isRollup } from '../query/rollups';
import type { Store } from '../store/store';
import { hashOf, type Files } from './files';
import { MANIFEST, manifestFrom, type Manifest } from './manifest';
import { currentSnapshotId, snapshotById, type Snapshot, type SnapshotFile } from './snapshots';
import { entriesOf, type ZipEntry } from './unzip';

export interface ImportOptions {
  readonly path: string;
  readonly by: string;
  readonly now: Date;
}
export interface Imported {
  readonly snapshot: string;
  readonly files: number;
  readonly bytes: number;
  /** False when it was there already. */
  readonly isNew: boolean;
  /** Files of a snapshot that was there already which were missing or damaged, and are as they were published now. */
  readonly restored: number;
  /** Rollups of such a snapshot that were lost: from now on it is answered from its facts. */
  readonly leftOut: number;
}

const CHECKSUMS = 'SHA256SUMS';
const MOST_DOCUMENT_BYTES = 64 * 1_048_576;

/**
 * Takes the archive of a snapshot into the data folder. Every file of it is hashed first; only then are the Parquet files moved
 * to their places, and the snapshot becomes readable by one transaction. It keeps its id, so that ids of questions and citations
 * are the same here and there. It stands behind every snapshot of this store's own nights, and is pinned. Of a snapshot that is
 * here already, what is missing or damaged comes back.
 *
 * @throws GovblogError BAD_INPUT when anything is not as its hash says, CONFLICT when another snapshot has the name.
 */
export async function importSnapshot(store: Store, files: Files, { path, by, now }: ImportOptions): Promise<Imported> {
  const entries = new Map((await entriesOf(path)).map((entry) => [entry.name, entry]));
  const sums = await checksumsOf(entries, path);
  const manifest = manifestFrom(await documentOf(entries, MANIFEST, path));
  const { snapshot } = manifest;
  const bytes = snapshot.files.reduce((sum, file) => sum + file.bytes, 0);
  const found = { snapshot: snapshot.id, files: snapshot.files.length, bytes };
  const here = await isHere(store, snapshot);
  const wanted = here ? await damagedOf(snapshot.files, files) : snapshot.files;
  const leftOut = here ? await leaveOutLostRollups(store, files, snapshot.id) : 0;
  if (here && wanted.length === 0) return { ...found, isNew: false, restored: 0, leftOut };

  const temporaries = new Map<SnapshotFile, string>();
  try {
    await verifyDocuments(entries, sums, snapshot);
    for (const file of wanted) {
      const temporary = files.temporary(`import-${randomUUID()}`);
      temporaries.set(file, temporary);
      if (sums.get(nameOf(file)) !== file.sha256) throw wrong(nameOf(file), `is not listed in ${CHECKSUMS} with its hash`);
      await extract(entries.get(nameOf(file)), nameOf(file), file, temporary);
    }
    for (const [file, temporary] of temporaries) await files.adopt(temporary, file.uri.slice(0, file.uri.lastIndexOf('/')));
    if (!here) await keep(store, manifest, basename(path), by, now);
    return { ...found, isNew: !here, restored: here ? wanted.length : 0, leftOut };
  } finally {
    for (const temporary of temporaries.values()) await rm(temporary, { force: true });
  }
}

const nameOf = ({ uri }: SnapshotFile): string => `data/${uri}`;
const wrong = (name: string, why: string): GovblogError =>
  new GovblogError('BAD_INPUT', `"${name}" of the archive ${why}. Nothing was imported.`);

async function documentOf(entries: ReadonlyMap<string, ZipEntry>, name: string, path: string): Promise<string> {
  const entry = entries.get(name);
  if (!entry || entry.bytes > MOST_DOCUMENT_BYTES)
    throw new GovblogError('BAD_INPUT', `${path} has no ${name}; \`govblog snapshots export\` writes archives that can be imported.`);
  return textOf(await entry.content());
}

async function checksumsOf(entries: ReadonlyMap<string, ZipEntry>, path: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await documentOf(entries, CHECKSUMS, path)).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Every other entry of the archive is listed, and as it is listed. */
async function verifyDocuments(
  entries: ReadonlyMap<string, ZipEntry>,
  sums: ReadonlyMap<string, string>,
  { files }: Snapshot,
): Promise<void> {
  const data = new Set(files.map(nameOf));
  for (const [name, entry] of entries) {
    if (name === CHECKSUMS || data.has(name)) continue;
    const hash = createHash('sha256');
    for await (const chunk of await entry.content()) hash.update(chunk as Buffer);
    if (sums.get(name) !== hash.digest('hex')) throw wrong(name, `is not what ${CHECKSUMS} says`);
  }
  for (const name of sums.keys()) if (!entries.has(name)) throw wrong(name, 'is missing');
}

/** Writes one file of the archive, and refuses it when length or hash are not what they should be. */
async function extract(entry: ZipEntry | undefined, name: string, { bytes, sha256 }: SnapshotFile, path: string): Promise<void> {
  if (!entry) throw wrong(name, 'is missing');
  const hash = createHash('sha256');
  let length = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      length += chunk.length;
      hash.update(chunk);
      // What is packed may be far longer than it says.
      done(length > bytes ? wrong(name, `is longer than the ${bytes} bytes of its manifest`) : null, chunk);
    },
  });
  try {
    await pipeline(await entry.content(), meter, createWriteStream(path));
  } catch (error) {
    throw error instanceof GovblogError ? error : wrong(name, `cannot be read: ${messageOf(error)}`);
  }
  const found = hash.digest('hex');
  if (length !== bytes || found !== sha256) throw wrong(name, `has ${length} bytes and sha256 ${found} instead of ${bytes} and ${sha256}`);
}

/** Whether the snapshot is in the store already; CONFLICT when its name or its content is there as something else. */
async function isHere(store: Store, { id, contentHash }: Snapshot): Promise<boolean> {
  const rows = await store.query<{ id: string; content_hash: string }>(
    'SELECT id, content_hash FROM snapshot WHERE id = ? OR content_hash = ?',
    [id, contentHash],
  );
  const other = rows.find((row) => row.id !== id || row.content_hash !== contentHash);
  if (other && other.id === id)
    throw new GovblogError('CONFLICT', `There is another snapshot ${id} here, with other contents. Nothing was imported.`);
  if (other) throw new GovblogError('CONFLICT', `The same contents are here as snapshot ${other.id}. Nothing was imported.`);
  return rows.length > 0;
}

/** Files that are not there, or not what they were published as. */
export async function damagedOf(listed: readonly SnapshotFile[], files: Files): Promise<SnapshotFile[]> {
  const damaged: SnapshotFile[] = [];
  for (const file of listed) if ((await hashOf(files.pathOf(file.uri)).catch(() => null)) !== file.sha256) damaged.push(file);
  return damaged;
}

/** Rollups are in no archive. Those of the newest snapshot are built again by the next night; an older one is answered from its facts. */
async function leaveOutLostRollups(store: Store, files: Files, id: string): Promise<number> {
  if (id === (await currentSnapshotId(store))) return 0;
  const rollups = (await snapshotById(store, id)).files.filter(isRollup);
  const lost = await damagedOf(rollups, files);
  await store.write(async (tx) => {
    for (const { uri } of lost)
      await tx.run('UPDATE snapshot_file SET bytes = 0, fact_rows = 0 WHERE snapshot_id = ? AND uri = ?', [id, uri]);
  });
  return lost.length;
}

/** Minutes since 1970, so far below 1 that no own night is ever behind: imported snapshots are in the order of their publication. */
const sequenceOf = ({ publishedAt }: Snapshot): number => Math.floor(publishedAt.getTime() / 60_000) - 2_147_000_000;

async function keep(store: Store, { snapshot, notes, leftOut }: Manifest, archive: string, by: string, now: Date): Promise<void> {
  const { id, contentHash, from, watermark, synthetic, publishedAt } = snapshot;
  const at = toSqlInstant(now.getTime());
  const source = archive.slice(0, 200);
  await store.write(async (tx) => {
    let sequence = sequenceOf(snapshot);
    // Of two of one minute, the one that was here first stays before the other.
    while ((await tx.query('SELECT id FROM snapshot WHERE sequence = ?', [sequence])).length > 0) sequence -= 1;
    await tx.insert(
      'snapshot_file',
      ['snapshot_id', 'uri', 'table_name', 'from_day', 'to_day', 'fact_rows', 'bytes', 'sha256'],
      [...snapshot.files, ...leftOut].map((file) => [id, file.uri, file.table, file.from, file.to, file.rows, file.bytes, file.sha256]),
    );
    await tx.insert(
      'snapshot',
      ['id', 'sequence', 'published_at', 'content_hash', 'from_day', 'watermark', 'synthetic'],
      [[id, sequence, toSqlInstant(publishedAt.getTime()), contentHash, from, watermark, synthetic]],
    );
    const imported = [id, at, by, source, JSON.stringify(notes)];
    await tx.insert('snapshot_import', ['snapshot_id', 'imported_at', 'imported_by', 'archive', 'audit_notes'], [imported]);
    await tx.insert('snapshot_pin', ['snapshot_id', 'reason', 'pinned_by', 'pinned_at'], [[id, `imported from ${source}`, by, at]]);
    await tx.run('DELETE FROM snapshot_tombstone WHERE id = ?', [id]);
  });
}
