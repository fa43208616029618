import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { archiveDocuments, archivePath, CHECKSUMS } from '../export/archiveDocs';
import { CUBES } from '../model';
import { zipOf, type ArchiveEntry, type ZipStream } from '../warehouse/archive';
import { MANIFEST, manifestText } from '../warehouse/manifest';
import { withoutRollups, type SnapshotFile } from '../warehouse/snapshots';
import { describedBy } from './described';
import type { OpenSnapshot, Reader } from './reader';

/** A whole snapshot as one zip. */
export interface SnapshotArchive {
  /** Name to keep it under. */
  readonly fileName: string;
  /** sha256 over the hashes of everything in it: equal hashes are equal archives. */
  readonly hash: string;
  /** Makes the archive. The caller reads the stream to its end or destroys it. */
  readonly open: () => ZipStream;
}

/**
 * Prepares the archive of a snapshot: the Parquet files of its facts and dimensions, a codebook, a data package, hashes and a README with the citation. What is
 * written depends on the snapshot and the model alone. A file that is not as long as the snapshot says is an error.
 */
export async function archiveOf(open: OpenSnapshot, reader: Reader): Promise<SnapshotArchive> {
  const described = await describedBy(open, reader, { origin: null, pathOf: archivePath });
  const snapshot = withoutRollups(open.snapshot);
  const { id } = open.snapshot;
  const beside = { notes: await reader.notes(id), leftOut: await reader.leftOut(id) };
  const manifest = { name: MANIFEST, text: manifestText(open.snapshot, beside) };
  const documents = [...archiveDocuments(described, CUBES), manifest].map(({ name, text }) => ({ name, content: Buffer.from(text) }));
  const files = await Promise.all(
    snapshot.files.map(async (file) => ({ name: archivePath(file.uri), content: await onDisk(file, reader.files.pathOf(file.uri)) })),
  );
  const sums = Buffer.from(
    [
      ...documents.map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`),
      ...snapshot.files.map(({ uri, sha256 }) => `${sha256}  ${archivePath(uri)}\n`),
    ].join(''),
  );
  const entries: ArchiveEntry[] = [...documents, { name: CHECKSUMS, content: sums }, ...files];
  return {
    fileName: `govblog-${snapshot.id}.zip`,
    hash: createHash('sha256').update(sums).digest('hex'),
    open: () => zipOf(entries, snapshot.publishedAt),
  };
}

/** A file that is as long as its snapshot says: another length would be sent under the wrong hash. */
async function onDisk({ uri, bytes, sha256 }: SnapshotFile, path: string): Promise<Exclude<ArchiveEntry['content'], Buffer>> {
  const { size } = await stat(path);
  if (size !== bytes) throw new Error(`${uri} has ${size} bytes; its snapshot says ${bytes}`);
  return { path, bytes, sha256 };
}
