import type { ForeignRow } from '../../store/foreign';

/** A part of a table as it was read: unchanged as long as the number of its rows and the sum of their checksums are. */
export interface Bucket {
  readonly rows: number;
  /** Sum of the checksums of its rows modulo 2^64, as 16 hexadecimal digits. */
  readonly checksum: string;
  /** Position of its first row in the table, from 0; first and last key. Null where the table has no order. */
  readonly range: { readonly start: number; readonly first: string; readonly last: string } | null;
}

/** Gathers the rows of a table into buckets. */
export interface Bucketing {
  add(row: ForeignRow): void;
  /** All buckets that have rows; in the order of the table where it has one. */
  finish(): Bucket[];
}

const LEAST_ROWS = 512;
/** Below the 4,096 buckets that a table may have, because where they end is left to chance. */
const BUCKETS_PLANNED = 3_500;
export const MOST_BUCKETS = 4_096;
/** A bucket that chance does not end ends here. */
const LONGEST = 8;
const MASK = (1n << 64n) - 1n;

/** Rows of one bucket on average: a power of two, so that a growing table seldom gets other buckets. */
export function bucketSize(tableRows: number): number {
  let size = LEAST_ROWS;
  while (tableRows / size > BUCKETS_PLANNED) size *= 2;
  return size;
}

class Sum {
  rows = 0;
  private checksum = 0n;
  add(checksum: bigint): void {
    this.rows += 1;
    this.checksum = (this.checksum + checksum) & MASK;
  }
  get hex(): string {
    return this.checksum.toString(16).padStart(16, '0');
  }
}

/**
 * Buckets that are ranges of the key. Posts get their ids in the order of time, and crawlers add new posts and look at
 * recent ones again: what changes lies side by side, in few ranges, where it would be scattered over all buckets made by a
 * hash. Where a range ends depends on the key alone: rows that come or go change their own range and no other.
 */
export function rangesOf(tableRows: number, most = MOST_BUCKETS): Bucketing {
  const size = bucketSize(tableRows);
  const done: Bucket[] = [];
  let sum = new Sum();
  let start = 0;
  let first = '';
  let last: string | null = null;
  const end = (): void => {
    if (last === null) return;
    done.push({ rows: sum.rows, checksum: sum.hex, range: { start, first, last } });
    start += sum.rows;
    sum = new Sum();
  };
  return {
    add: ({ key, checksum }) => {
      // Rows with the same key stay together: the key is what they are asked for by.
      if (last !== null && key !== last && (mixed(last) % size === 0 || sum.rows >= LONGEST * size) && done.length < most - 1) end();
      if (sum.rows === 0) first = key!;
      last = key;
      sum.add(checksum);
    },
    finish: () => {
      end();
      last = null;
      return done;
    },
  };
}

/** Buckets by the checksum of the row, for tables that have no key to order them by. */
export function scatterOf(tableRows: number): Bucketing & { bucketOf(checksum: bigint): Bucket | undefined } {
  const count = BigInt(Math.max(1, Math.ceil(tableRows / bucketSize(tableRows))));
  const sums = new Map<bigint, Sum>();
  const buckets = new Map<bigint, Bucket>();
  return {
    add: ({ checksum }) => {
      const number = checksum % count;
      const sum = sums.get(number) ?? new Sum();
      sums.set(number, sum);
      sum.add(checksum);
    },
    finish: () => {
      for (const [number, sum] of sums) buckets.set(number, { rows: sum.rows, checksum: sum.hex, range: null });
      return [...buckets.values()];
    },
    bucketOf: (checksum) => buckets.get(checksum % count),
  };
}

/** 32 bits that depend evenly on all characters of a key (FNV-1a, then the last step of Murmur 3). */
function mixed(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
