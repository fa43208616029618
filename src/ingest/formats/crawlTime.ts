import { GovblogError } from '../../errors';
import type { Instant } from '../../model/time';
import { isPlausible } from '../judge';
import type { ParsedRow } from '../outcome';
import { rejected } from '../reading';
import type { IngestRecord } from '../records';

// Most crawlers do not say when they looked. A post was there before it was collected, so the newest of all that were
// collected together is the least that the time can be.

/** Stands for the time of crawling while nobody knows it: before there were micro-blogs, so that no record can have it itself. */
export const NOT_KNOWN = Date.parse('1990-01-01T00:00:00Z');

/** What rows tell that were read with the time of crawling not known. */
export interface Proof {
  /** The latest moment that they prove. */
  readonly at: Instant;
  /** Lines by file whose own time counts from the time of crawling: a proof of the least it can be does not date them. */
  readonly undated?: ReadonlyMap<string, ReadonlySet<number>>;
}

/** What the rows of a source prove; BAD_INPUT when they prove nothing, and have to. */
export async function proofIn(source: string, rows: AsyncIterable<ParsedRow>, now: Instant): Promise<Proof> {
  const undated = new Map<string, Set<number>>();
  let latest: Instant | null = null;
  let needed = false;
  for await (const row of rows) {
    if (!('record' in row)) continue;
    const { record, also = [], origin } = row;
    if (countsFromUnknown(record) || also.some(countsFromUnknown))
      undated.set(origin.file, (undated.get(origin.file) ?? new Set()).add(origin.line));
    else if (record.kind === 'post' && isPlausible(record.postedAt, now)) latest = Math.max(latest ?? 0, record.postedAt);
    needed ||= isObservedUnknown(record) || also.some(isObservedUnknown);
  }
  if (latest === null && (needed || undated.size > 0))
    throw new GovblogError(
      'BAD_INPUT',
      `Nothing in ${source} tells when it was collected. Give the time with --observed-at 2024-11-29T20:00:00+08:00.`,
    );
  return { at: latest ?? now, undated };
}

/** Room around the time that is not known for months and days without a year. */
const TWO_YEARS_MS = 2 * 366 * 86_400_000;
const isUnknown = (at: Instant): boolean => Math.abs(at - NOT_KNOWN) < TWO_YEARS_MS;
const countsFromUnknown = (record: IngestRecord): boolean =>
  (record.kind === 'post' && isUnknown(record.postedAt)) || (record.kind === 'interaction' && isUnknown(record.createdAt));
const isObservedUnknown = (record: IngestRecord): boolean => 'observedAt' in record && isUnknown(record.observedAt);

/** The rows, with those that a proof cannot date as rejects. */
export async function* withoutUndated(rows: AsyncIterable<ParsedRow>, undated: Proof['undated']): AsyncGenerator<ParsedRow> {
  for await (const row of rows)
    if ('record' in row && undated?.get(row.origin.file)?.has(row.origin.line)) yield rejected(row, null, UNDATED);
    else yield row;
}

const UNDATED = 'The time counts from when the source was collected, as 5分钟前 and 05-31 23:54 do: give that with --observed-at.';
