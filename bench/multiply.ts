import Database from 'libsql';
import { POST_COLUMNS } from './bareRows';

/** What becomes of a column in the copy number `@copy`, which lies `@days` earlier. The others stay as they are. */
const CHANGED: Readonly<Record<string, string>> = {
  // As on the real service, ids grow with time.
  post_id: "CAST(CAST(substr(post_id, 1, 10) AS INTEGER) - @days * 86400 AS TEXT) || substr(post_id, 11) || printf('%04d', @copy)",
  posted_at: "strftime('%Y-%m-%d', posted_at, '-' || @days || ' days') || substr(posted_at, 11)",
  posted_day: "date(posted_day, '-' || @days || ' days')",
};

/**
 * Makes many posts of those that were loaded: copies, each some days earlier, spread over `days` days. What a load would take
 * long for is done by the engine; the rows are those that a load would have left. Returns the number of posts.
 *
 * @throws Error when the copies are not as many as asked for: two had the same id.
 */
export function multiplyPosts(file: string, posts: number, days: number): number {
  const db = new Database(file);
  try {
    const count = (): number => Number((db.prepare('SELECT COUNT(*) AS posts FROM post').get() as { posts: number }).posts);
    const loaded = count();
    const copies = Math.ceil(posts / loaded) - 1;
    const from = POST_COLUMNS.map((column) => CHANGED[column] ?? column).join(', ');
    db.exec('CREATE TEMP TABLE loaded AS SELECT * FROM post ORDER BY post_id');
    const copy = db.prepare(`INSERT INTO post (${POST_COLUMNS.join(', ')}) SELECT ${from} FROM loaded`);
    db.exec('BEGIN IMMEDIATE');
    for (let number = 1; number <= copies; number += 1) copy.run({ copy: number, days: Math.round((number * days) / copies) });
    db.exec(`UPDATE account SET first_post_on = (SELECT MIN(posted_day) FROM post WHERE post.account_key = account.account_key)`);
    db.exec('COMMIT');
    const made = count();
    if (made !== loaded * (copies + 1)) throw new Error(`${loaded} posts, copied ${copies} times, became ${made}`);
    return made;
  } finally {
    db.close();
  }
}
