import { closeSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { PostRecord } from '../src/ingest/records';

const HEADER = 'platform,post_id,account_id,posted_at,observed_at,text,original,reposts,comments,likes\n';

/** Writes posts in the canonical columns, and returns the bytes written. */
export function writePostsCsv(file: string, parts: Iterable<readonly PostRecord[]>): number {
  const out = openSync(file, 'w');
  let bytes = writeSync(out, HEADER);
  for (const posts of parts) bytes += writeSync(out, stringify(posts.map(cellsOf)));
  closeSync(out);
  return bytes;
}

/** The posts in parts that are written one by one. */
export function* inParts(posts: readonly PostRecord[], size = 10_000): Generator<readonly PostRecord[]> {
  for (let start = 0; start < posts.length; start += size) yield posts.slice(start, start + size);
}

const cellsOf = (post: PostRecord): unknown[] => [
  post.platform,
  post.postId,
  post.accountId,
  instant(post.postedAt),
  instant(post.observedAt),
  post.text,
  String(post.original),
  post.reposts,
  post.comments,
  post.likes,
];
const instant = (at: number): string => new Date(at).toISOString();
