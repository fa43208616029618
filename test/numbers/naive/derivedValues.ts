import { DateTime } from 'luxon';
import { grouped } from '../../oracle';
import { compare, groupsOf, starting, type Group, type Scope } from './naiveAnswer';

const UNITS = { MONTH: 1, QUARTER: 3, YEAR: 12 } as const;

/** What follows from a measure and the other groups of the answer. */
export type DerivedValues = (group: Group) => number | null;

/** A way from each group to a derived field such as `share.posts` or `rolling.3.MEAN.posts`. */
export function derivedValues(field: string, scope: Scope, groups: readonly Group[]): DerivedValues {
  const words = field.split('.');
  const of = words.at(-1)!;
  const bucket = (one: Group): unknown[] =>
    [...scope.grains, ...scope.others.filter((name) => name === 'period')].map((name) => one.key[name]);
  const buckets = grouped(groups, bucket);
  const inBucket = (one: Group): Group[] => buckets.get(JSON.stringify(bucket(one)))!;
  const kinds = grouped(groups, (one) => kindOf(scope, one));
  switch (words[0]) {
    case 'share':
      return (one) => divided(one.value(of), total(inBucket(one).map((other) => other.value(of))));
    case 'rank':
      return (one) => {
        const mine = one.value(of);
        return mine === null ? null : 1 + inBucket(one).filter((other) => (other.value(of) ?? -Infinity) > mine).length;
      };
    case 'cumulative':
      return (one) =>
        total(
          kinds
            .get(JSON.stringify(kindOf(scope, one)))!
            .filter((other) => scope.grains.every((_, index) => isNotAfter(scope, other, one, index)))
            .map((other) => other.value(of)),
        );
    case 'previous':
      return before(scope, of, words[1] as keyof typeof UNITS);
    case 'change': {
      const past = before(scope, of, words[1] as keyof typeof UNITS);
      return (one) => {
        const [mine, then] = [one.value(of), past(one)];
        return mine === null || then === null ? null : divided(mine - then, then);
      };
    }
    case 'rolling':
      return rolling(scope, of, Number(words[1]), words[2] as 'MEAN' | 'SUM');
    default:
      throw new Error(`no way to ${field}`);
  }
}

const divided = (part: number | null, whole: number | null): number | null => (part === null || !whole ? null : part / whole);
const total = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((all, value) => all + (value ?? 0), 0);

/** What a group is, whenever it is. */
const kindOf = ({ others }: Scope, one: Group): unknown[] => others.map((name) => one.key[name]);
/** Whether the buckets of a group are not after those of another, in the order of the grains. */
const isNotAfter = ({ grains }: Scope, other: Group, one: Group, index: number): boolean =>
  grains.slice(0, index).some((grain) => compare(other.key[grain] as string, one.key[grain] as string) < 0) ||
  compare(other.key[grains[index]!] as string, one.key[grains[index]!] as string) <= 0;

/** So many months back; the last day of a month stays one. */
export function back(day: string, months: number): string {
  const date = DateTime.fromISO(day, { zone: 'utc' });
  const then = date.minus({ months });
  return (date.plus({ days: 1 }).month === date.month ? then : then.endOf('month')).toISODate()!;
}

function before(scope: Scope, of: string, shift: keyof typeof UNITS): DerivedValues {
  const months = UNITS[shift];
  const grain = scope.grains[0];
  const past: Scope = {
    ...scope,
    question: { ...scope.question, fill: 'NONE' },
    from: back(scope.from, months),
    to: back(scope.to, months),
    calendar: scope.calendar.map((one) => ({ ...one, from: back(one.from, months), to: back(one.to, months) })),
    grains: grain ? [grain] : [],
  };
  const isKnown = grain !== undefined || past.from >= scope.world.from;
  const then = grouped(isKnown ? groupsOf(past) : [], (one) => [...kindOf(scope, one), grain && one.key[grain]]);
  return (one) => {
    const same = then.get(JSON.stringify([...kindOf(scope, one), grain && back(one.key[grain] as string, months)]));
    return same?.[0]!.value(of) ?? null;
  };
}

/** Ratios are those of all rows of the window; the rest is added up bucket by bucket, where a bucket without rows counts as 0. */
function rolling(scope: Scope, of: string, window: number, as: 'MEAN' | 'SUM'): DerivedValues {
  const grain = scope.grains[0]!;
  const unit = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 }, quarter: { months: 3 }, year: { years: 1 } }[grain];
  const stepsBack = (day: string, steps: number): string => {
    let at = DateTime.fromISO(day, { zone: 'utc' });
    for (let step = 0; step < steps; step += 1) at = at.minus(unit);
    return at.toISODate()!;
  };
  const wide: Scope = { ...scope, question: { ...scope.question, fill: 'NONE' }, from: stepsBack(starting(scope.from, grain), window - 1) };
  const found = grouped(groupsOf(wide), (one) => kindOf(scope, one));
  return (one) => {
    const bucket = one.key[grain] as string;
    const first = stepsBack(bucket, window - 1);
    if (first < starting(scope.world.from, grain)) return null;
    const same = found.get(JSON.stringify(kindOf(scope, one))) ?? [];
    const inWindow = same.filter((other) => (other.key[grain] as string) >= first && (other.key[grain] as string) <= bucket);
    const ratio = RATIOS[`${scope.question.cube}.${of}`] ?? RATIOS[of];
    const add = (name: string): number | null => total(inWindow.map((other) => other.value(name)));
    if (ratio) {
      const value = divided(add(ratio[0]), add(ratio[1]));
      return value === null ? null : value * (ratio[2] ?? 1);
    }
    const values = inWindow.map((other) => other.value(of));
    if (as === 'SUM') return values.length === 0 ? 0 : total(values);
    const unknown = values.filter((value) => value === null).length;
    return unknown === window ? null : divided(values.length === 0 ? 0 : total(values), window - unknown);
  };
}

/** The parts that a ratio is made of, as its label says it. */
export const RATIOS: Readonly<Record<string, readonly [part: string, whole: string, times?: number]>> = {
  coverage: ['observedAccountDays', 'expectedAccountDays'],
  activeDayShare: ['activeDays', 'observedAccountDays'],
  postsPerDay: ['posts', 'observedAccountDays'],
  repostedShare: ['repostedPosts', 'postsWithReposts'],
  commentedShare: ['commentedPosts', 'postsWithComments'],
  likedShare: ['likedPosts', 'postsWithLikes'],
  originalShare: ['originalPosts', 'posts'],
  repostsPerPost: ['reposts', 'posts'],
  commentsPerPost: ['comments', 'posts'],
  likesPerPost: ['likes', 'postsWithLikes'],
  meanReposts: ['reposts', 'postsWithReposts'],
  meanComments: ['comments', 'postsWithComments'],
  meanLikes: ['likes', 'postsWithLikes'],
  shortPostShare: ['shortPosts', 'posts'],
  deletedShare: ['deletedPosts', 'posts'],
  meanTextLength: ['characters', 'posts'],
  slangShare: ['slangPosts', 'posts'],
  emoticonShare: ['emoticonPosts', 'posts'],
  questionShare: ['questionPosts', 'posts'],
  mentionShare: ['mentionPosts', 'posts'],
  linkShare: ['linkPosts', 'posts'],
  hashtagShare: ['hashtagPosts', 'posts'],
  slangPer1000Characters: ['slangHits', 'characters', 1000],
  formality: ['formalBalance', 'tokens'],
  twoWayRatio: ['messagesToOthers', 'messages'],
  meanGapMinutes: ['gapMinutes', 'postsWithGap'],
  meanFollowersAtPosting: ['followersAtPosting', 'postsWithFollowers'],
  likesPer1000Followers: ['likesWithFollowers', 'followersWithLikes', 1000],
  commentsPer1000Followers: ['commentsWithFollowers', 'followersWithComments', 1000],
  repostsPer1000Followers: ['repostsWithFollowers', 'followersWithReposts', 1000],
  engagementsPer1000Followers: ['engagementsWithFollowers', 'followersWithEngagements', 1000],
  'interactions.meanTextLength': ['characters', 'comments'],
  'interactions.meanLikes': ['likes', 'commentsWithLikes'],
  questionReplyRate: ['repliedQuestions', 'questionComments'],
  replyRate: ['repliedComments', 'comments'],
  repliedWithin24hShare: ['repliedWithin24h', 'comments'],
};
