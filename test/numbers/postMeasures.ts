import { quantile, sum, type NaivePost } from '../oracle';

const share = (part: number | null, whole: number): number | null => (part === null || whole === 0 ? null : part / whole);
/** Mean of what is known; null when nothing is. */
const mean = (values: readonly (number | null)[]): number | null => share(sum(values), values.filter((value) => value !== null).length);
const isSome = (value: number | null): boolean => value !== null && value > 0;
const shareOfSome = (values: readonly (number | null)[]): number | null =>
  share(values.filter(isSome).length, values.filter((value) => value !== null).length);

/** What posts received by the followers of their authors, each measure over the posts of which both are known. */
function reachOf(some: readonly NaivePost[]): Record<string, number | null> {
  const known = some.flatMap((post) => (post.followers === null ? [] : { ...post, followers: post.followers }));
  const audience = sum(known.map(({ followers }) => followers));
  const per1000 = (name: string, Name: string, received: (post: NaivePost) => number | null): Record<string, number | null> => {
    const counted = known.filter((post) => received(post) !== null);
    const [part, whole] = [sum(counted.map(received)), sum(counted.map(({ followers }) => followers))];
    const times = share(part, whole ?? 0);
    return {
      [`${name}WithFollowers`]: part,
      [`followersWith${Name}`]: whole,
      [`${name}Per1000Followers`]: times === null ? null : times * 1000,
    };
  };
  return {
    followersAtPosting: audience,
    postsWithFollowers: known.length,
    meanFollowersAtPosting: share(audience, known.length),
    ...per1000('likes', 'Likes', ({ likes }) => likes),
    ...per1000('comments', 'Comments', ({ comments }) => comments),
    ...per1000('reposts', 'Reposts', ({ reposts }) => reposts),
    ...per1000('engagements', 'Engagements', ({ reposts, comments, likes, likesExist }) =>
      reposts === null || comments === null || (likesExist && likes === null) ? null : reposts + comments + (likes ?? 0),
    ),
  };
}

/** Of the silences before posts: their deviation by differences from the mean, one after the other. */
function rhythmOf(gaps: readonly number[]): Record<string, number | null> {
  const total = gaps.length === 0 ? null : gaps.reduce((all, gap) => all + gap, 0);
  const middle = share(total, gaps.length);
  const squares = gaps.reduce((all, gap) => all + (gap - (middle ?? 0)) ** 2, 0);
  const deviation = gaps.length < 2 ? null : Math.sqrt(squares / (gaps.length - 1));
  return {
    postsWithGap: gaps.length,
    gapMinutes: total,
    meanGapMinutes: middle,
    medianGapMinutes: quantile(gaps, 0.5),
    gapVariation: share(deviation, middle ?? 0),
    burstiness: deviation === null || middle === null ? null : share(deviation - middle, deviation + middle),
  };
}

/** -Σ p ln p; null of nothing. */
function entropy(values: readonly string[]): number | null {
  const shares = [...new Set(values)].map((one) => values.filter((value) => value === one).length / values.length);
  return values.length === 0 ? null : -shares.reduce((all, p) => all + p * Math.log(p), 0);
}

/** Tries every h up to the number of values; null where none is known. */
function hIndex(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  let h = 0;
  while (known.filter((value) => value >= h + 1).length >= h + 1) h += 1;
  return known.length === 0 ? null : h;
}

/** Minute by minute: of those that are followed through it, the share that is not found gone at its end. */
function survival(some: readonly NaivePost[], minutes: number): number | null {
  const early = some.filter(({ seen }) => seen.from < minutes);
  let left = 1;
  let followed = 0;
  for (let minute = 1; minute <= minutes; minute += 1) {
    const at = early.filter(({ seen }) => seen.from < minute && seen.to >= minute);
    const gone = at.filter(({ seen, existence }) => existence.deleted && seen.to === minute);
    if (gone.length > 0) left *= 1 - gone.length / at.length;
    followed = at.length;
  }
  return followed > 0 || left === 0 ? left : null;
}

/** Every measure of the cube of posts over some posts, by loops. */
export function postMeasures(some: readonly NaivePost[]): Record<string, number | null> {
  const count = (holds: (post: NaivePost) => boolean): number => some.filter(holds).length;
  const total = (value: (post: NaivePost) => number): number => some.reduce((all, post) => all + value(post), 0);
  const posts = some.length;
  const accounts = new Set(some.map(({ account }) => account)).size;
  const [reposts, comments, likes] = (['reposts', 'comments', 'likes'] as const).map((name) => some.map((post) => post[name])) as [
    (number | null)[],
    (number | null)[],
    (number | null)[],
  ];
  const originals = count(({ original }) => original === 1);
  const lengths = some.map(({ text }) => [...text].length);
  const characters = lengths.reduce((all, length) => all + length, 0);
  const short = lengths.filter((length) => length < 70).length;
  const deleted = count(({ existence }) => existence.deleted);
  const having = (name: keyof NaivePost['features']): number => count(({ features }) => features[name] > 0);
  const slang = total(({ features }) => features.slang);
  const tokens = total(({ features }) => features.tokens);
  const balance = total(({ features }) => features.formal - features.informal);
  return {
    posts,
    originalPosts: originals,
    originalShare: originals / posts,
    postingAccounts: accounts,
    postsPerAccount: posts / accounts,
    reposts: sum(reposts),
    comments: sum(comments),
    likes: sum(likes),
    meanReposts: mean(reposts),
    meanComments: mean(comments),
    meanLikes: mean(likes),
    medianReposts: quantile(reposts, 0.5),
    p90Reposts: quantile(reposts, 0.9),
    medianComments: quantile(comments, 0.5),
    p90Comments: quantile(comments, 0.9),
    medianLikes: quantile(likes, 0.5),
    p90Likes: quantile(likes, 0.9),
    repostedPosts: reposts.filter(isSome).length,
    repostedShare: shareOfSome(reposts),
    commentedPosts: comments.filter(isSome).length,
    commentedShare: shareOfSome(comments),
    likedPosts: likes.filter(isSome).length,
    likedShare: shareOfSome(likes),
    postsWithReposts: count((post) => post.reposts !== null),
    postsWithComments: count((post) => post.comments !== null),
    postsWithLikes: count((post) => post.likes !== null),
    approximatePosts: count(({ approximate }) => approximate),
    deletedPosts: deleted,
    deletedShare: deleted / posts,
    postsDeletedByAuthor: count(({ existence }) => existence.deleted && existence.by === 'AUTHOR'),
    postsDeletedByPlatform: count(({ existence }) => existence.deleted && existence.by === 'PLATFORM'),
    hiddenPosts: count(({ existence }) => existence.hidden),
    shortPosts: short,
    shortPostShare: short / posts,
    characters,
    meanTextLength: characters / posts,
    medianTextLength: quantile(lengths, 0.5),
    slangPosts: having('slang'),
    slangShare: having('slang') / posts,
    emoticonPosts: having('emoticons'),
    emoticonShare: having('emoticons') / posts,
    questionPosts: having('questions'),
    questionShare: having('questions') / posts,
    mentionPosts: having('mentions'),
    mentionShare: having('mentions') / posts,
    linkPosts: having('links'),
    linkShare: having('links') / posts,
    hashtagPosts: having('hashtags'),
    hashtagShare: having('hashtags') / posts,
    slangHits: slang,
    slangPer1000Characters: characters === 0 ? null : (1000 * slang) / characters,
    tokens,
    formalBalance: balance,
    formality: share(balance, tokens),
    ...reachOf(some),
    ...rhythmOf(some.flatMap(({ gap }) => gap ?? [])),
    availableAfter30Minutes: survival(some, 30),
    availableAfter24Hours: survival(some, 1440),
    contentEntropy: entropy(some.map(({ contentCategory }) => contentCategory)),
    hIndexReposts: hIndex(reposts),
    hIndexComments: hIndex(comments),
  };
}
