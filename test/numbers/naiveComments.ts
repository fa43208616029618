import { DateTime } from 'luxon';
import type { Store } from '../../src/store/store';
import { quantile, sum, type Attribute } from '../oracle';

// The second way to the numbers of comments: whole tables of the operational store, and loops.

export interface NaiveComment extends Readonly<Record<Attribute | 'weekday' | 'hour', string | number | null>> {
  readonly id: string;
  readonly day: string;
  readonly citizen: string;
  readonly post: string;
  readonly text: string;
  readonly likes: number | null;
  /** Milliseconds to the first reply; null: there is none. */
  readonly wait: number | null;
}

interface Interaction {
  readonly platform: string;
  readonly interaction_id: string;
  readonly post_id: string;
  readonly account_key: number | null;
  readonly parent_id: string | null;
  readonly by_account_key: number | null;
  readonly citizen_hash: string;
  readonly created_at: string;
  readonly form: string;
  readonly text: string;
  readonly likes: number | null;
}

const instant = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** Every comment of a citizen under the post of a known account up to a day, as it can be told from the tables. */
export async function naiveComments(store: Store, until: string): Promise<NaiveComment[]> {
  const rows = await store.query<Interaction>('SELECT * FROM interaction');
  const accounts = await store.query<{ account_key: number; platform: string; opened_on: string | null }>('SELECT * FROM account');
  const versions = await store.query<Record<string, string | null> & { account_key: never }>('SELECT * FROM account_version');
  const platforms = await store.query<{ code: string; time_zone: string; likes_since: string | null }>('SELECT * FROM platform');
  const regions = await store.query<Record<'code' | 'nbs_region' | 'geo_region', string | null>>('SELECT * FROM region');
  const sectors = await store.query<Record<'code' | 'parent_code', string | null>>('SELECT * FROM sector');

  const comments: NaiveComment[] = [];
  for (const row of rows) {
    if (row.form !== 'COMMENT' || row.by_account_key !== null || row.account_key === null) continue;
    const platform = platforms.find(({ code }) => code === row.platform)!;
    const local = DateTime.fromMillis(instant(row.created_at), { zone: platform.time_zone });
    const day = local.toISODate()!;
    if (day > until) continue;
    const account = accounts.find(({ account_key }) => account_key === row.account_key)!;
    const version = versions.find(
      (one) => one.account_key === row.account_key && one['valid_from']! <= day && (one['valid_to'] === null || day < one['valid_to']!),
    );
    const region = regions.find(({ code }) => code === version?.['region']);
    const sector = sectors.find(({ code }) => code === version?.['sector']);
    const waits = rows
      .filter((one) => one.platform === row.platform && one.parent_id === row.interaction_id && one.by_account_key !== null)
      .filter(({ form }) => form === 'COMMENT')
      .map(({ created_at }) => instant(created_at) - instant(row.created_at))
      .filter((wait) => wait >= 0);
    comments.push({
      id: row.interaction_id,
      day,
      weekday: local.weekday,
      hour: local.hour,
      platform: row.platform,
      account: row.account_key,
      openedMonth: account.opened_on === null ? null : `${account.opened_on.slice(0, 7)}-01`,
      region: version?.['region'] ?? 'UNKNOWN',
      prefecture: version?.['prefecture'] ?? 'UNKNOWN',
      nbsRegion: region?.nbs_region ?? null,
      geoRegion: region?.geo_region ?? null,
      sector: version?.['sector'] ?? 'UNKNOWN',
      sectorGroup: sector?.parent_code ?? sector?.code ?? 'UNKNOWN',
      accountType: version?.['account_type'] ?? 'UNKNOWN',
      verifiedType: version?.['verified_type'] ?? 'UNKNOWN',
      level: version?.['level'] ?? 'LX',
      citizen: `${row.platform} ${row.citizen_hash}`,
      post: `${row.platform} ${row.post_id}`,
      text: row.text,
      likes: platform.likes_since !== null && day < platform.likes_since ? null : row.likes,
      wait: waits.length === 0 ? null : Math.min(...waits),
    });
  }
  return comments;
}

/** Goes through a comment sign by sign, leaving links out: a question mark, or 吗 with nothing but stops behind it. */
function asks(text: string): boolean {
  let isLink = false;
  const signs: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const rest = text.slice(at);
    if (rest.startsWith('http://') || rest.startsWith('https://')) isLink = true;
    if (' \t\n\r\f'.includes(text[at]!)) isLink = false;
    if (!isLink) signs.push(text[at]!);
  }
  if (signs.includes('?') || signs.includes('？')) return true;
  while (signs.length > 0 && '。．.！!～~… \t\n\r\f'.includes(signs.at(-1)!)) signs.pop();
  return signs.at(-1) === '吗';
}

const share = (part: number | null, whole: number): number | null => (part === null || whole === 0 ? null : part / whole);

/** Every measure of the cube over some comments, by loops. */
export function commentMeasures(some: readonly NaiveComment[]): Record<string, number | null> {
  const different = (value: (one: NaiveComment) => unknown): number => new Set(some.map(value)).size;
  const waits = some.flatMap(({ wait }) => wait ?? []);
  const within = waits.filter((wait) => wait <= 24 * 60 * 60 * 1000).length;
  const minutes = waits.map((wait) => wait / 1000 / 60);
  const lengths = some.map(({ text }) => Array.from(text).length);
  const likes = some.flatMap((one) => one.likes ?? []);
  const comments = some.length;
  return {
    comments,
    citizens: different(({ citizen }) => citizen),
    commentsPerCitizen: share(
      comments,
      different(({ citizen }) => citizen),
    ),
    postsCommented: different(({ post }) => post),
    postsReplied: new Set(some.filter(({ wait }) => wait !== null).map(({ post }) => post)).size,
    postReplyRate: share(
      new Set(some.filter(({ wait }) => wait !== null).map(({ post }) => post)).size,
      different(({ post }) => post),
    ),
    accountsCommented: different(({ account }) => account),
    repliedComments: waits.length,
    replyRate: share(waits.length, comments),
    repliedWithin24h: within,
    repliedWithin24hShare: share(within, comments),
    questionComments: some.filter(({ text }) => asks(text)).length,
    repliedQuestions: some.filter(({ text, wait }) => asks(text) && wait !== null).length,
    questionReplyRate: share(
      some.filter(({ text, wait }) => asks(text) && wait !== null).length,
      some.filter(({ text }) => asks(text)).length,
    ),
    medianReplyMinutes: quantile(minutes, 0.5),
    p90ReplyMinutes: quantile(minutes, 0.9),
    characters: sum(lengths),
    meanTextLength: share(sum(lengths), comments),
    medianTextLength: quantile(lengths, 0.5),
    likes: likes.length === 0 ? null : sum(likes),
    commentsWithLikes: likes.length,
    meanLikes: share(sum(likes), likes.length),
  };
}
