import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { GovblogError, messageOf } from '../errors';

/** A file inside a zip. */
export interface ZipEntry {
  readonly name: string;
  /** Length of its content. */
  readonly bytes: number;
  /** Its content. Whoever reads it checks length and hash. */
  readonly content: () => Promise<Readable>;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
/** The end of a zip and the longest comment after it. */
const MOST_END_BYTES = 22 + 0xffff;
const MOST_DIRECTORY_BYTES = 64 * 1_048_576;
const [STORED, DEFLATED] = [0, 8];

/**
 * What a zip holds, by its directory (APPNOTE.TXT 6.3, with the 64-bit forms): what `zipOf` writes, and the same packed anew by
 * others. Names are as they stand there, and nothing is written anywhere. BAD_INPUT when it is no zip.
 */
export async function entriesOf(path: string): Promise<ZipEntry[]> {
  const handle = await open(path).catch((error: unknown) => {
    throw new GovblogError('USAGE', `${path} cannot be read: ${messageOf(error)}`);
  });
  try {
    const directory = await directoryOf(handle, path);
    const entries: ZipEntry[] = [];
    for (let at = 0; at < directory.length;) {
      if (directory.length - at < 46 || directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw broken(path, 'its directory is cut off');
      const [name, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [number, number, number];
      entries.push(entryAt(path, directory.subarray(at, at + 46 + name + extra), name));
      at += 46 + name + extra + comment;
    }
    return entries;
  } finally {
    await handle.close();
  }
}

const broken = (path: string, why: string): GovblogError => new GovblogError('BAD_INPUT', `${path} is no whole zip: ${why}.`);

async function bytesAt(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const { size } = await handle.stat();
  if (position < 0 || position + length > size) throw broken(path, 'it is cut off');
  const buffer = Buffer.alloc(length);
  await handle.read(buffer, 0, length, position);
  return buffer;
}

async function directoryOf(handle: FileHandle, path: string): Promise<Buffer> {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, path, Math.max(0, size - MOST_END_BYTES), Math.min(size, MOST_END_BYTES));
  let end = tail.length - 22;
  // What looks like it may stand in the comment after it, whose length it tells.
  while (end >= 0 && (tail.readUInt32LE(end) !== END || end + 22 + tail.readUInt16LE(end + 20) !== tail.length)) end -= 1;
  if (end < 0) throw broken(path, 'it has no directory');
  let [length, position] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR_64) {
    const far = await bytesAt(handle, path, Number(tail.readBigUInt64LE(end - 12)), 56);
    if (far.readUInt32LE(0) !== END_64) throw broken(path, 'its directory is not where it says');
    [length, position] = [Number(far.readBigUInt64LE(40)), Number(far.readBigUInt64LE(48))];
  }
  if (length > MOST_DIRECTORY_BYTES) throw broken(path, 'its directory is too long');
  return bytesAt(handle, path, position, length);
}

/** An entry of the directory; sizes that do not fit 32 bits stand in a field of their own. */
function entryAt(path: string, entry: Buffer, nameBytes: number): ZipEntry {
  const name = entry.toString('utf8', 46, 46 + nameBytes);
  const method = entry.readUInt16LE(10);
  const sizes = [24, 20, 42].map((offset) => entry.readUInt32LE(offset));
  const extra = entry.subarray(46 + nameBytes);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    sizes.forEach((value, index) => {
      if (value !== 0xffffffff || field + 8 > extra.length) return;
      sizes[index] = Number(extra.readBigUInt64LE(field));
      field += 8;
    });
  }
  const [bytes, packed, position] = sizes as [number, number, number];
  if ((entry.readUInt16LE(8) & 1) === 1 || (method !== STORED && method !== DEFLATED))
    throw broken(path, `"${name}" is encrypted or packed in a way that is not known here`);
  return { name, bytes, content: () => contentAt(path, position, packed, method) };
}

async function contentAt(path: string, position: number, packed: number, method: number): Promise<Readable> {
  const handle = await open(path);
  try {
    const head = await bytesAt(handle, path, position, 30);
    if (head.readUInt32LE(0) !== LOCAL_ENTRY) throw broken(path, 'a file is not where its directory says');
    const start = position + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    // A range of no bytes cannot be asked for.
    const stored: Readable = packed === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + packed - 1 });
    if (method === STORED) return stored;
    const inflated = createInflateRaw();
    stored.once('error', (error: Error) => inflated.destroy(error));
    return stored.pipe(inflated);
  } finally {
    await handle.close();
  }
}
