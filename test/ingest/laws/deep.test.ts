import { join } from 'node:path';
import { folderOf } from '../loading';
import { open } from './reading';

const DEPTHS = [100, 3_000, 30_000];
const AT = Date.parse('2025-12-15T04:00:00Z');
const tweet = (value: string): string =>
  `{"_id": "1", "mblogid": "x", "content": "x", "created_at": "2025-12-05 10:20:54", "reposts_count": 1, "comments_count": 2, "attitudes_count": 3, "url": "https://weibo.com/1001/x", "geo": ${value}}`;
const user = '{"uid": "1", "name": "x", "followers": 1, "followings": 1}';
const archived = (value: string): string =>
  `{"id": "1", "mblogid": "x", "text": "x", "createdAt": "2025-12-05 10:20:54", "repostsCount": 1, "commentsCount": 2, "likesCount": 3, "comments": ${value}}`;
const PROFILE = {
  platform: 'weibo',
  timeZone: 'UTC',
  format: 'json',
  post: { id: 'id', text: 'text', postedAt: 'at', account: 'account' },
};

/** Files of one row with something deep in it, beside a row that is sound. */
const FILES: Readonly<Record<string, (deep: string) => string>> = {
  'tweet.jsonl': (deep) => `${tweet('1')}\n${tweet(deep)}\n${deep}\n${tweet('2')}\n`,
  'tweets.json': (deep) => `[${tweet('1')}, ${tweet(deep)}, ${deep}, ${tweet('2')}]`,
  'weibo-data.json': (deep) =>
    `{"user": ${user}, "weibo": [${archived('[]')}, ${archived(deep)}, ${archived('[]')}], "followings": ${deep}}`,
  'statuses.json': (deep) =>
    `{"statuses": [{"created_at": "2025-12-05 10:20:54", "id": 1, "mid": 1, "text": "x", "uid": 1}], "more": ${deep}}`,
  'canonical.jsonl': (deep) => `{"platform": "weibo", "post_id": "1", "account_id": "1", "posted_at": "2025-12-05", "text": ${deep}}\n`,
  'profiled.json': (deep) =>
    `[{"id": ${deep}, "text": "x", "at": "2025-12-05", "account": "1"}, {"id": 1, "text": ${deep}, "at": "2025-12-05", "account": "1"}, ${deep}]`,
};
const deep = (depth: number, object: boolean): string =>
  object ? `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` : '['.repeat(depth) + ']'.repeat(depth);

test.each(Object.keys(FILES).flatMap((name) => DEPTHS.flatMap((depth) => [true, false].map((object) => [name, depth, object] as const))))(
  '%s with something %i levels deep in it is read to its end (objects: %s)',
  async (name, depth, object) => {
    const folder = folderOf({ [name]: FILES[name]!(deep(depth, object)) });
    const kind = name.startsWith('canonical') || name.startsWith('profiled') ? 'posts' : 'crawler';
    const reading = await open(join(folder, name), name.startsWith('profiled') ? { kind, profile: PROFILE } : { kind }, AT);
    let rows = 0;
    for await (const row of reading.rows()) {
      rows += 1;
      expect(typeof ('reject' in row ? row.reject.raw : row.raw)).toBe('string');
    }
    expect(rows).toBeGreaterThan(0);
  },
  20_000,
);
