import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { IANAZone } from 'luxon';
import { GovblogError, messageOf } from '../../errors';
import { pattern, place, placeOf, placesIn, type Place } from './profiledPlace';

const isZone = (zone: string): boolean => IANAZone.isValidZone(zone);
const idPlace = placeOf('base62');
const textPlace = placeOf('html');
const timePlace = placeOf('time');
const listPlace = placeOf('list');

const post = z.strictObject({
  id: idPlace,
  account: idPlace,
  text: textPlace,
  postedAt: timePlace,
  observedAt: timePlace.optional(),
  screenName: place.optional(),
  reposts: place.optional(),
  comments: place.optional(),
  likes: place.optional(),
  repostOf: idPlace.optional(),
  /** A flag: the post is a repost, though nothing tells of which one. */
  repost: place.optional(),
  /** A flag: the post is gone. */
  deleted: place.optional(),
  deletedBy: place.optional(),
});

const formerValues = z
  .strictObject({
    screenName: place.optional(),
    accountType: place.optional(),
    region: place.optional(),
    prefecture: place.optional(),
    sector: place.optional(),
    level: place.optional(),
    verifiedType: place.optional(),
    verifiedReason: place.optional(),
  })
  .refine((values) => Object.values(values).some((one) => one !== undefined), 'needs at least one attribute, such as "sector"');

const account = z.strictObject({
  id: idPlace,
  screenName: place.optional(),
  accountType: place.optional(),
  region: place.optional(),
  prefecture: place.optional(),
  sector: place.optional(),
  level: place.optional(),
  verified: place.optional(),
  verifiedType: place.optional(),
  verifiedReason: place.optional(),
  description: textPlace.optional(),
  location: place.optional(),
  openedOn: timePlace.optional(),
  observedAt: timePlace.optional(),
  validFrom: timePlace.optional(),
  validTo: timePlace.optional(),
  followers: place.optional(),
  following: place.optional(),
  postsTotal: place.optional(),
  /** A flag: the account no longer exists. */
  deleted: place.optional(),
  /** Names it had before, oldest first. */
  previousNames: listPlace.optional(),
  /** Values that attributes had before, oldest first, each with the first day on which it no longer held. */
  history: z
    .strictObject({
      column: z.string().min(1),
      outer: z.boolean().default(false),
      /** Places inside one entry of the list. */
      until: timePlace.optional(),
      values: formerValues,
    })
    .optional(),
});

const schema = z
  .strictObject({
    platform: z.string().min(1),
    timeZone: z.string().refine(isZone, 'is not an IANA time zone such as Asia/Shanghai or UTC'),
    format: z.enum(['csv', 'json', 'jsonl']),
    /** A name that iconv knows, or `auto`: told by the file. */
    encoding: z.string().default('utf-8'),
    /** JSON only: dotted path of the list inside the file. */
    items: z.string().default(''),
    /** JSON and JSON Lines: dotted path of a list inside each item; every member of it is a row. */
    each: z.string().default(''),
    /** Decode `&amp;` and the like in the text. */
    htmlEntities: z.boolean().default(false),
    /** Rows that are no data. */
    skipRows: z
      .union(
        [
          z.strictObject({ column: z.string().min(1), empty: z.literal(true) }),
          z.strictObject({ column: z.string().min(1), match: pattern }),
        ],
        {
          error: 'must be { "column": …, "empty": true } or { "column": …, "match": … }',
        },
      )
      .optional(),
    post: post.optional(),
    account: account.optional(),
  })
  .superRefine((profile, context) => {
    const wrong = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if ((profile.post === undefined) === (profile.account === undefined)) wrong([], 'needs either "post" or "account"');
    if (profile.format !== 'json' && profile.items !== '') wrong(['items'], 'is for the format json only');
    if (profile.format === 'csv' && profile.each !== '') wrong(['each'], 'is for the formats json and jsonl');
    if (profile.format === 'csv' && profile.account?.history) wrong(['account', 'history'], 'is for the formats json and jsonl');
    const outer = [...placesIn(profile.post), ...placesIn(profile.account)].some((one) => one.outer) || profile.account?.history?.outer;
    if (outer && profile.each === '') wrong(['each'], 'is missing: "outer" reaches from a member of its list to the object around it');
    if ([...placesIn(profile.account?.history?.values), ...placesIn([profile.account?.history?.until])].some((one) => one.outer))
      wrong(['account', 'history'], 'has places inside the entries of its list; "outer" stands beside its "column"');
    if (profile.post?.deletedBy && !profile.post.deleted) wrong(['post', 'deletedBy'], 'needs "deleted"');
  });

export type Profile = z.infer<typeof schema>;
export type PostPlaces = NonNullable<Profile['post']>;
export type AccountPlaces = NonNullable<Profile['account']>;

/** A profile as it is written, with the name of its file. */
export interface ProfileText {
  readonly file: string;
  readonly data: unknown;
}

/** Reads a profile without looking into it. */
export function readProfileText(file: string): ProfileText {
  try {
    return { file, data: JSON.parse(readFileSync(file, 'utf8')) as unknown };
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `The profile ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads and checks a profile; what is wrong is named with its path. */
export const readProfile = (file: string): Profile => profileOf(readProfileText(file));

/** Checks a profile; what is wrong is named with its path. */
export function profileOf({ file, data }: ProfileText): Profile {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'profile'}: ${message}`);
  throw new GovblogError('BAD_INPUT', `The profile ${file} is not right: ${problems.join('; ')}.`);
}

/**
 * The columns a profile needs, to check a header before anything is read: of the candidates of one place, any one of
 * the columns will do.
 */
export function columnsOf(profile: Profile): (readonly string[])[] {
  const places: Place[] = [...Object.values(profile.post ?? {}), ...Object.values(profile.account ?? {})].flatMap((one) =>
    one === undefined || 'values' in one ? [] : [one],
  );
  const needed = places.map((one) => placesIn([one]).flatMap(({ column, outer }) => (column === undefined || outer ? [] : [column])));
  if (profile.skipRows) needed.push([profile.skipRows.column]);
  return needed.filter((columns) => columns.length > 0);
}
