import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { Transform, type PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { GovblogError } from '../errors';

/** One file of an archive: a text that is in memory, or a file on disk of a known length and content. */
export interface ArchiveEntry {
  /** Its path inside the archive: `data/activity/2011-12/3f9a….parquet`. */
  readonly name: string;
  readonly content: Buffer | { readonly path: string; readonly bytes: number; readonly sha256: string };
}

export interface ZipStream {
  /** Length of the whole archive. */
  readonly bytes: number;
  /** The archive, made while it is read. Destroying it closes whatever file is being read. */
  readonly stream: Readable;
}

/** Everyone may read, the owner may write; a regular file. */
const MODE = 0o100644;
/** What the directory at the end of an archive holds for an entry, beside its name. */
const DIRECTORY_ENTRY_BYTES = 46;
const MOST_PLAIN_DIRECTORY_BYTES = 0xfffe;

/**
 * The entries as one zip in their order, nothing compressed (Parquet is already), each dated with the day `dated` (UTC): the same
 * entries are the same bytes on every machine. A file that cannot be read, or is not what its hash says, breaks the stream off.
 */
export function zipOf(entries: readonly ArchiveEntry[], dated: Date): ZipStream {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  let source: ReadStream | undefined;
  zip.once('error', (error: Error) => output.destroy(error));
  output.once('close', () => source?.destroy());
  const options = { compress: false, mode: MODE, mtime: noonOf(dated), forceDosTimestamp: true };
  for (const { name, content } of entries) {
    if (Buffer.isBuffer(content)) zip.addBuffer(content, name, options);
    else
      zip.addReadStreamLazy(name, { ...options, size: content.bytes }, (give) => {
        if (output.destroyed) return;
        source = createReadStream(content.path);
        const checked = hashing(name, content.sha256);
        for (const part of [source, checked]) part.once('error', (error: Error) => output.destroy(error));
        give(null, source.pipe(checked));
      });
  }
  // yazl announces the long form of the directory's end earlier than it writes it, so where they differ it is asked for.
  const directory = entries.reduce((sum, { name }) => sum + DIRECTORY_ENTRY_BYTES + Buffer.byteLength(name), 0);
  let bytes = 0;
  // Its types leave out that the callback is told the length, which is known at once when all lengths are.
  zip.end(
    { forceZip64Format: directory > MOST_PLAIN_DIRECTORY_BYTES, comment: '' },
    (...[total]: unknown[]) => void (bytes = Number(total)),
  );
  return { bytes, stream: output };
}

/** Passes bytes on, and is an error at their end when they are not those of the hash. */
function hashing(name: string, sha256: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      const found = hash.digest('hex');
      done(found === sha256 ? null : damaged(name, sha256, found));
    },
  });
}

const damaged = (name: string, sha256: string, found: string): GovblogError =>
  new GovblogError(
    'CONFLICT',
    `${name} is damaged: its sha256 is ${found}, and the snapshot was published with ${sha256}. \`govblog snapshots verify\` says what brings it back.`,
  );

/** A zip has local times without a zone: noon of the UTC day is the same text in every zone, and in none of them is it skipped. */
const noonOf = (instant: Date): Date => new Date(instant.getUTCFullYear(), instant.getUTCMonth(), instant.getUTCDate(), 12);
