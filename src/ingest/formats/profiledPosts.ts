import { basename, extname } from 'node:path';
import { systemClock, type Clock } from '../../clock';
import { GovblogError } from '../../errors';
import type { Instant } from '../../model/time';
import { didYouMean } from '../../suggest';
import { filesOf, readCsv, readHeader, sizeOf, type Meter } from '../files';
import { hasJson, readJsonArray, readJsonLines, textAt } from '../json';
import type { Origin, ParsedRow } from '../outcome';
import { concatenate, latestPost, parseRow, type Reading } from '../reading';
import type { PostRecord } from '../records';
import { readCount, readId, readText, readTime, ValueError } from '../values';
import { columnsOf, type Place, type Profile } from './profile';

/** Posts in anybody's CSV, JSON or JSON Lines, described by a profile. */
export async function profiledPosts(
  pattern: string,
  profile: Profile,
  observedAt: Instant | null,
  clock: Clock = systemClock,
): Promise<Reading> {
  const files = filesOf(pattern);
  if (profile.format === 'csv') for (const file of files) checkHeader(file, await readHeader(file, profile.encoding), profile);
  if (profile.format === 'json' && profile.items !== '')
    for (const file of files)
      if (!(await hasJson(file, profile.encoding, profile.items)))
        throw new GovblogError(
          'BAD_INPUT',
          `${file} has nothing at "${profile.items}", where the profile looks for the list of posts ("items").`,
        );
  const meter: Meter = { total: sizeOf(files), done: 0 };
  const rowsOf = (file: string, at: Instant, to: Meter): AsyncGenerator<ParsedRow> => readPosts(file, profile, at, to);
  return {
    format: `posts:${profile.format}`,
    source: pattern,
    files,
    skipped: [],
    meter,
    rows: () =>
      concatenate(files, async function* (file) {
        // Without a column or an option that tells, a file was collected no earlier than its newest post.
        const newest = async (): Promise<Instant | null> =>
          latestPost(
            concatenate([file], () => rowsOf(file, 0, { total: 0, done: 0 })),
            clock.now().getTime(),
          );
        const at = profile.post.observedAt !== undefined ? 0 : (observedAt ?? (await newest()) ?? 0);
        yield* rowsOf(file, at, meter);
      }),
  };
}

function checkHeader(file: string, header: readonly string[], profile: Profile): void {
  for (const column of columnsOf(profile))
    if (!header.includes(column))
      throw new GovblogError(
        'BAD_INPUT',
        `${file} has no column "${column}", which the profile names.${didYouMean(column, header)} Its columns: ${header.join(', ')}.`,
      );
}

async function* readPosts(file: string, profile: Profile, observedAt: Instant, meter: Meter): AsyncGenerator<ParsedRow> {
  const parse = (origin: Origin, raw: string, cell: (column: string) => string | undefined): ParsedRow =>
    parseRow(origin, raw, () => post(profile, file, cell, observedAt));
  if (profile.format === 'csv')
    for await (const row of readCsv(file, profile.encoding, meter)) yield parse(row.origin, row.raw, (column) => row.cells.get(column));
  else if (profile.format === 'json')
    for await (const { origin, value } of readJsonArray(file, profile.encoding, profile.items, meter))
      yield parse(origin, JSON.stringify(value), (path) => textAt(value, path));
  else
    for await (const row of readJsonLines(file, profile.encoding, meter)) {
      if ('error' in row) yield { reject: { origin: row.origin, field: null, reason: row.error, raw: row.raw } };
      else yield parse(row.origin, JSON.stringify(row.value), (path) => textAt(row.value, path));
    }
}

function post(profile: Profile, file: string, cell: (column: string) => string | undefined, observedAt: Instant): PostRecord {
  const { post: places, timeZone } = profile;
  const valueOf = (field: string, place: Place | undefined): string | undefined => {
    if (place === undefined) return undefined;
    if (typeof place === 'string') return cell(place);
    const value = place.value ?? (place.from === 'fileName' ? basename(file, extname(file)) : cell(place.column!));
    // An empty cell holds nothing to look in: a post that reposts no other has no address of one.
    if (place.match === undefined || value === undefined || value.trim() === '') return value;
    const match = new RegExp(place.match, 'u').exec(value);
    if (!match) throw new ValueError(field, `"${value}" does not match ${place.match}.`);
    return match[1] ?? match[0];
  };
  const formatOf = (place: Place): string | undefined => (typeof place === 'string' ? undefined : place.format);
  const text = valueOf('text', places.text) ?? '';
  const repostOf = readText(valueOf('repostOf', places.repostOf));
  return {
    kind: 'post',
    platform: profile.platform,
    postId: readId('id', valueOf('id', places.id)),
    accountId: readId('account', valueOf('account', places.account)),
    screenName: readText(valueOf('screenName', places.screenName)),
    postedAt: readTime('postedAt', valueOf('postedAt', places.postedAt), timeZone, formatOf(places.postedAt)),
    observedAt:
      places.observedAt === undefined
        ? observedAt
        : readTime('observedAt', valueOf('observedAt', places.observedAt), timeZone, formatOf(places.observedAt)),
    text: profile.htmlEntities ? decodeEntities(text) : text,
    original: repostOf === null,
    repostOfId: repostOf,
    reposts: readCount('reposts', valueOf('reposts', places.reposts)),
    comments: readCount('comments', valueOf('comments', places.comments)),
    likes: readCount('likes', valueOf('likes', places.likes)),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const decodeEntities = (text: string): string =>
  text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
