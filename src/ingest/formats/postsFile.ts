import { systemClock, type Clock } from '../../clock';
import type { Instant } from '../../model/time';
import { collectedRows, UNTOLD } from '../collected';
import { sizeOf, type Meter } from '../files';
import type { ParsedRow } from '../outcome';
import { concatenate, type Reading } from '../reading';
import type { IngestRecord, PostRecord, StatusRecord } from '../records';
import { readBoolean, readCounts, readId, readText, readTime, ValueError } from '../values';
import { canonicalFiles, canonicalRows, type Canonical, type CanonicalCell } from './canonical';

/** The canonical columns of posts. */
export const POST_COLUMNS = [
  'platform', 'post_id', 'account_id', 'screen_name', 'posted_at', 'observed_at', 'text', 'original', 'repost_of_id', 'reposts', 'comments', 'likes',
  'deleted', 'deleted_by',
] as const; // prettier-ignore
const POSTS: Canonical = { what: 'posts', columns: POST_COLUMNS, needed: ['platform', 'post_id', 'account_id', 'posted_at'] };
const ACTORS = ['AUTHOR', 'PLATFORM', 'UNKNOWN'] as const;

/**
 * Posts in the canonical columns, as CSV or JSON Lines. A row without `observed_at` was observed at `observedAt`, or else
 * at the time of the newest post of its file. A row that is `deleted` and has no `posted_at` says that the post is gone
 * and nothing else.
 */
export async function postsFile(
  pattern: string,
  zones: ReadonlyMap<string, string>,
  observedAt: Instant | null,
  clock: Clock = systemClock,
): Promise<Reading> {
  const files = await canonicalFiles(pattern, POSTS);
  const meter: Meter = { total: sizeOf(files), done: 0 };
  const times = new Map<string, Instant>();
  const rowsOf = (file: string, to: Meter): AsyncGenerator<ParsedRow> =>
    canonicalRows(file, POSTS, to, (cell) => post(cell, zones, observedAt));
  return {
    format: 'posts',
    source: pattern,
    files,
    skipped: [],
    meter,
    timeOf: (file) => times.get(file),
    rows: () => concatenate(files, (file) => collectedRows(file, { rowsOf, observedAt, clock, meter, times })),
  };
}

function post(cell: CanonicalCell, zones: ReadonlyMap<string, string>, told: Instant | null): IngestRecord[] {
  const text = (name: (typeof POST_COLUMNS)[number]): string | null => readText(cell(name));
  const platform = readId('platform', cell('platform'));
  const zone = zones.get(platform) ?? 'UTC';
  const postId = readId('post_id', cell('post_id'));
  const written = text('observed_at') === null ? null : readTime('observed_at', cell('observed_at'), zone);
  const observedAt = written ?? UNTOLD;
  const gone: StatusRecord[] = [];
  if (readBoolean('deleted', cell('deleted')) === true)
    gone.push({ kind: 'status', platform, postId, observedAt, status: 'DELETED', actor: actorOf(text('deleted_by')), evidence: null });
  if (gone.length > 0 && text('posted_at') === null) return gone;
  const repostOfId = text('repost_of_id');
  const record: PostRecord = {
    kind: 'post',
    platform,
    postId,
    accountId: readId('account_id', cell('account_id')),
    screenName: text('screen_name'),
    // A relative time is counted from a time of observation that is known, never from a derived one.
    postedAt: readTime('posted_at', cell('posted_at'), zone, undefined, written ?? told ?? undefined),
    observedAt,
    text: cell('text') ?? '',
    original: readBoolean('original', cell('original')) ?? repostOfId === null,
    repostOfId,
    ...readCounts({ reposts: cell('reposts'), comments: cell('comments'), likes: cell('likes') }),
  };
  return [record, ...gone];
}

function actorOf(text: string | null): StatusRecord['actor'] {
  const actor = ACTORS.find((one) => one === (text?.toUpperCase() ?? 'UNKNOWN'));
  if (actor === undefined) throw new ValueError('deleted_by', `"${text}" is not AUTHOR, PLATFORM or UNKNOWN.`);
  return actor;
}
