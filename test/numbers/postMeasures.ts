import { quantile, sum, type NaivePost } from '../oracle';

const share = (part: number | null, whole: number): number | null => (part === null || whole === 0 ? null : part / whole);
/** Mean of what is known; null when nothing is. */
const mean = (values: readonly (number | null)[]): number | null => share(sum(values), values.filter((value) => value !== null).length);
const isSome = (value: number | null): boolean => value !== null && value > 0;
const shareOfSome = (values: readonly (number | null)[]): number | null =>
  share(values.filter(isSome).length, values.filter((value) => value !== null).length);

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
  };
}
