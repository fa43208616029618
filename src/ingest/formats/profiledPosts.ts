import { systemClock, type Clock } from '../../clock';
import { GovblogError } from '../../errors';
import type { Instant } from '../../model/time';
import { collectedRows, UNTOLD } from '../collected';
import { sizeOf, type Meter } from '../files';
import type { ParsedRow } from '../outcome';
import { concatenate, type Reading } from '../reading';
import type { IngestRecord, PostRecord, StatusRecord } from '../records';
import { readCounts, readId, readText, ValueError } from '../values';
import type { PostPlaces, Profile } from './profile';
import { flagAt, valueAt, type Place } from './profiledPlace';
import { profiledFiles, profiledRows, type ProfiledRow } from './profiledRows';
import { textOf, timeAt } from './profiledValues';

/**
 * Posts in anybody's CSV, JSON or JSON Lines, described by a profile. Without a place of observedAt and without
 * `observedAt`, a file was collected at the time of its newest post.
 */
export async function profiledPosts(
  pattern: string,
  profile: Profile,
  observedAt: Instant | null,
  clock: Clock = systemClock,
): Promise<Reading> {
  const places = profile.post;
  if (places === undefined)
    throw new GovblogError('BAD_INPUT', 'The profile describes accounts ("account"); to load posts, it needs a part "post".');
  const files = await profiledFiles(pattern, profile);
  const meter: Meter = { total: sizeOf(files), done: 0 };
  const times = new Map<string, Instant>();
  const rowsOf = (file: string, to: Meter): AsyncGenerator<ParsedRow> =>
    profiledRows(file, profile, to, (row) => post(profile, places, row, observedAt));
  // Where each row has a time of its own, that of the file is not asked for.
  const rowsIn = (file: string): AsyncGenerator<ParsedRow> =>
    places.observedAt !== undefined ? rowsOf(file, meter) : collectedRows(file, { rowsOf, observedAt, clock, meter, times });
  return {
    format: `posts:${profile.format}`,
    source: pattern,
    files,
    skipped: [],
    meter,
    timeOf: (file) => times.get(file),
    rows: () => concatenate(files, rowsIn),
  };
}

/**
 * The post of a row, and that it is gone where the row says so. Of a post that is gone, a row without time of posting
 * says nothing more than that.
 */
function post(profile: Profile, places: PostPlaces, row: ProfiledRow, told: Instant | null): readonly IngestRecord[] {
  const { platform, timeZone } = profile;
  const at = (field: keyof PostPlaces): string | undefined => valueAt(field, places[field], row);
  const time = (field: string, where: Place, now?: Instant): Instant => timeAt(field, where, row, timeZone, now);

  const postId = readId('id', at('id'));
  const observedAt = places.observedAt === undefined ? UNTOLD : time('observedAt', places.observedAt);
  const words = flagAt('deleted', places.deleted, row);
  const gone: StatusRecord[] =
    words === null
      ? []
      : [{ kind: 'status', platform, postId, observedAt, status: 'DELETED', actor: actorOf(at('deletedBy')), evidence: words }];
  if (gone.length > 0 && readText(valueOrNothing(() => at('postedAt'))) === null) return gone;

  const repostOfId = readText(at('repostOf'));
  const record: PostRecord = {
    kind: 'post',
    platform,
    postId,
    accountId: readId('account', at('account')),
    screenName: readText(at('screenName')),
    // A relative time (`5分钟前`) is counted from a time of observation that is known, never from a derived one.
    postedAt: time('postedAt', places.postedAt, places.observedAt === undefined ? (told ?? undefined) : observedAt),
    observedAt,
    text: textOf(profile, places.text, at('text')) ?? '',
    original: repostOfId === null && flagAt('repost', places.repost, row) === null,
    repostOfId,
    ...readCounts({ reposts: at('reposts'), comments: at('comments'), likes: at('likes') }),
  };
  return [record, ...gone];
}

/** A time that is written as no time stands for none, where the post is gone anyway. */
function valueOrNothing(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

const ACTORS = ['AUTHOR', 'PLATFORM', 'UNKNOWN'] as const;
function actorOf(text: string | undefined): StatusRecord['actor'] {
  const name = readText(text)?.toUpperCase() ?? 'UNKNOWN';
  const actor = ACTORS.find((one) => one === name);
  if (actor === undefined)
    throw new ValueError('deletedBy', `"${text}" is not AUTHOR, PLATFORM or UNKNOWN; a "map" in the profile can make it one.`);
  return actor;
}
