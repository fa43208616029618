import { isPlausible } from './judge';
import type { ParsedRow } from './outcome';
import type { PostRecord } from './records';
import type { Span } from './writeStatuses';

/**
 * Gathers, for a crawl that is said to be exhaustive, from when to when it saw all posts of each account. A misread time
 * does not count, or the span would reach beyond the crawl; nor does a source that does not say when it looked, which
 * keeps what it has and of which only the changes are read.
 */
export function spanBook(): { see(row: ParsedRow): void; all(): Span[] } {
  const spans = new Map<string, { -readonly [K in keyof Span]: Span[K] }>();
  const seePost = ({ platform, accountId, observedAt, postedAt, undated = false }: PostRecord): void => {
    if (undated || !isPlausible(postedAt, observedAt)) return;
    const key = `${platform}|${accountId}`;
    const span = spans.get(key);
    if (!span) {
      spans.set(key, { platform, accountId, observedAt, from: postedAt, to: postedAt });
      return;
    }
    span.from = Math.min(span.from, postedAt);
    span.to = Math.max(span.to, postedAt);
    // Rows of one crawl are seconds apart: whatever the first of them had not seen may have been posted or removed since.
    span.observedAt = Math.min(span.observedAt, observedAt);
  };
  return {
    see: (row) => {
      if ('record' in row && row.record.kind === 'post') seePost(row.record);
    },
    all: () => [...spans.values()],
  };
}
