import { readFileSync } from 'node:fs';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { GovblogError, messageOf } from '../../errors';

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Where a value stands: a column (CSV) or dotted path (JSON), the name of the file, or one constant for all rows. */
const place = z.union(
  [
    z.string().min(1),
    z
      .strictObject({
        column: z.string().min(1).optional(),
        from: z.literal('fileName').optional(),
        value: z.string().optional(),
        /** Regular expression; its first group (or the whole match) is the value. */
        match: z.string().refine(isPattern, 'is not a regular expression').optional(),
        /** Luxon tokens of a time. */
        format: z.string().optional(),
      })
      .refine(
        (one) => [one.column, one.from, one.value].filter((part) => part !== undefined).length === 1,
        'needs exactly one of "column", "from" and "value"',
      ),
  ],
  { error: 'must be the name of a column, or an object with "column", "from" or "value"' },
);

const schema = z.strictObject({
  platform: z.string().min(1),
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'is not an IANA time zone such as Asia/Shanghai or UTC'),
  format: z.enum(['csv', 'json', 'jsonl']),
  encoding: z.string().default('utf-8'),
  /** JSON only: dotted path of the list of posts inside the file. */
  items: z.string().default(''),
  /** Decode `&amp;` and the like in the text. */
  htmlEntities: z.boolean().default(false),
  post: z.strictObject({
    id: place,
    text: place,
    postedAt: place,
    account: place,
    screenName: place.optional(),
    observedAt: place.optional(),
    reposts: place.optional(),
    comments: place.optional(),
    likes: place.optional(),
    repostOf: place.optional(),
  }),
});

export type Place = z.infer<typeof place>;
export type Profile = z.infer<typeof schema>;

/** Reads and checks a profile; what is wrong is named with its path. */
export function readProfile(file: string): Profile {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new GovblogError('BAD_INPUT', `The profile ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'profile'}: ${message}`);
  throw new GovblogError('BAD_INPUT', `The profile ${file} is not right: ${problems.join('; ')}.`);
}

/** The columns a profile needs, to check a header before anything is read. */
export const columnsOf = (profile: Profile): string[] =>
  Object.values(profile.post).flatMap((one) => (one === undefined ? [] : typeof one === 'string' ? [one] : one.column ? [one.column] : []));
