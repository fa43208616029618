import { readdirSync, readlinkSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';

/** An entry of a zip. */
export interface Unzipped {
  readonly name: string;
  /** `2012-02-01 12:00`, without a zone, as the archive has it. */
  readonly dated: string;
  /** 0: stored as it is. */
  readonly method: number;
  readonly content: Buffer;
}

const two = (number: number): string => String(number).padStart(2, '0');
const dosTime = (date: number, time: number): string =>
  `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)} ${two(time >> 11)}:${two((time >> 5) & 63)}`;

/** Everything in a zip, in its order; throws when a content is not that of its CRC-32. */
export async function unzip(bytes: Buffer): Promise<Unzipped[]> {
  const zip = await fromBufferPromise(bytes);
  const found: Unzipped[] = [];
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} has another CRC-32`);
    const dated = dosTime(entry.lastModFileDate, entry.lastModFileTime);
    found.push({ name: entry.fileName, dated, method: entry.compressionMethod, content });
  }
  return found;
}

/** How often this process has a file open whose path contains a text. */
export const openFilesOf = (part: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes(part);
    } catch {
      return false;
    }
  }).length;

/** Waits until something holds; fails after ten seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds();) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
