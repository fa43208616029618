import { sum } from '../../oracle';
import type { NaiveAccountDay } from './accountDays';

type Numbers = readonly NaiveAccountDay[];
/** A measure over some account-days, of which those of the last day count for what cannot be added up over time. */
type Way = (some: Numbers, last: string) => number | null;

const divided = (part: number | null, whole: number | null): number | null => (part === null || !whole ? null : part / whole);
const stock =
  (holds: (one: NaiveAccountDay) => boolean): Way =>
  (some, last) => {
    const there = some.filter(({ day }) => day === last);
    return there.length === 0 ? null : there.filter(holds).length;
  };
const isQuiet = (limit: number) => ({ observed, age, silence }: NaiveAccountDay): boolean =>
  observed && age >= limit && (silence === null || silence >= limit); // prettier-ignore

/** Of posts, where there are any; 0 where somebody looked and there were none; unknown where nobody looked. */
const received =
  (name: 'reposts' | 'comments'): Way =>
  (some) => {
    const posts = some.flatMap((one) => one.posts);
    if (posts.length > 0) return sum(posts.map((post) => post[name]));
    return some.some(({ observed }) => observed) ? 0 : null;
  };
const written =
  (holds: (post: NaiveAccountDay['posts'][number]) => boolean): Way =>
  (some) => {
    const known = some.filter(({ observed, posts }) => observed || posts.length > 0);
    return known.length === 0 ? null : known.reduce((all, { posts }) => all + posts.filter(holds).length, 0);
  };

const ways: Record<string, Way> = {
  accounts: stock(() => true),
  newAccounts: (some) => some.filter(({ opening }) => opening).length,
  activeAccounts: (some) => new Set(some.filter(({ posts }) => posts.length > 0).map(({ account }) => account)).size,
  dormantAccounts: stock(isQuiet(30)),
  dormantAccounts90: stock(isQuiet(90)),
  silentAccounts: stock(({ silence }) => silence === null),
  posts: written(() => true),
  originalPosts: written(({ original }) => original === 1),
  reposts: received('reposts'),
  comments: received('comments'),
  likes: (some) => sum(some.flatMap(({ posts }) => posts.map(({ likes }) => likes))),
  replies: (some) => sum(some.map(({ replies }) => replies)),
  followers: (some, last) => sum(some.filter(({ day }) => day === last).map(({ followers }) => followers)),
  roundedFollowerAccounts: stock(({ followersRounded }) => followersRounded),
  activeDays: (some) => some.filter(({ posts }) => posts.length > 0).length,
  observedAccountDays: (some) => some.filter(({ observed }) => observed).length,
  expectedAccountDays: (some) => some.length,
  postsWithLikes: (some) =>
    some.length === 0 ? null : some.reduce((all, { posts }) => all + posts.filter(({ likes }) => likes !== null).length, 0),
};
/** Posts and replies of the account-days for which both are known. */
const sent = (some: Numbers, counted: (post: NaiveAccountDay['posts'][number]) => boolean): number | null =>
  sum(
    some.map(({ observed, posts, replies }) =>
      replies === null || !(observed || posts.length > 0) ? null : replies + posts.filter(counted).length,
    ),
  );
Object.assign(ways, {
  followerChange: (some) =>
    sum(
      some.map(({ followers, followersBefore }) => (followers === null || followersBefore === null ? null : followers - followersBefore)),
    ),
  accountsOfKnownAge: stock(({ sinceOpening }) => sinceOpening !== null),
  accountAgeDays: (some, last) => sum(some.filter(({ day }) => day === last).map(({ sinceOpening }) => sinceOpening)),
  messages: (some) => sent(some, () => true),
  messagesToOthers: (some) => sent(some, ({ original, features }) => original === 1 && features.mentions > 0),
} satisfies Record<string, Way>);
const of = (name: string): Way => ways[name]!;
const ratio = (part: string, whole: string): Way => (some, last) => divided(of(part)(some, last), of(whole)(some, last)); // prettier-ignore
Object.assign(ways, {
  meanAccountAgeDays: ratio('accountAgeDays', 'accountsOfKnownAge'),
  twoWayRatio: ratio('messagesToOthers', 'messages'),
  coverage: ratio('observedAccountDays', 'expectedAccountDays'),
  activeDayShare: ratio('activeDays', 'observedAccountDays'),
  postsPerDay: ratio('posts', 'observedAccountDays'),
  postsPerAccount: ratio('posts', 'accounts'),
  activeShare: ratio('activeAccounts', 'accounts'),
  dormantShare: ratio('dormantAccounts', 'accounts'),
  followersPerAccount: ratio('followers', 'accounts'),
  originalShare: ratio('originalPosts', 'posts'),
  repostsPerPost: ratio('reposts', 'posts'),
  commentsPerPost: ratio('comments', 'posts'),
  likesPerPost: ratio('likes', 'postsWithLikes'),
});

/** Every measure of the cube of accounts, but those that divide by what a region has. */
export const ACTIVITY_WAYS: Readonly<Record<string, Way>> = ways;

/** A measure, by what the region has of the indicator, times so many. */
export const RATES: Readonly<Record<string, readonly [measure: string, indicator: string, per: number]>> = {
  accountsPerMillionPeople: ['accounts', 'population', 1_000_000],
  followersPerMillionPeople: ['followers', 'population', 1_000_000],
  followersPer100kInternetUsers: ['followers', 'internet_users', 100_000],
  accountsPer100kInternetUsers: ['accounts', 'internet_users', 100_000],
  accountsPer10bnGdp: ['accounts', 'gdp', 100],
  postsPerMillionPeople: ['posts', 'population', 1_000_000],
};
