import { fromSqlInstant, localTime, type Day } from '../model/time';
import { CHUNK_ROWS } from '../warehouse/duckdb';
import type { Partition } from '../warehouse/missing';
import type { Bench } from './job';

/** Citizens' comments under posts of known accounts, by day; the hour is cut in the zone of their platform. */
export const COMMENTS = `SELECT platform, created_at, interaction_id, post_id, account_key, citizen_hash, created_day, text, likes
  FROM interaction WHERE form = 'COMMENT' AND by_account_key IS NULL AND account_key IS NOT NULL AND created_day BETWEEN ? AND ?`;

/** Comments of registered accounts that answer another comment, from a day on. */
export const OFFICIAL_REPLIES = `SELECT platform, created_at, parent_id
  FROM interaction WHERE form = 'COMMENT' AND by_account_key IS NOT NULL AND parent_id IS NOT NULL AND created_day >= ?`;

/** `comment`: the citizens' comments of the partition's days. Instants are milliseconds since 1970. */
export async function stageComments({ store, workshop }: Bench, { from, to }: Partition): Promise<number> {
  const platforms = await store.query<{ code: string; time_zone: string }>('SELECT code, time_zone FROM platform');
  const zones = new Map(platforms.map(({ code, time_zone }) => [code, time_zone]));
  return workshop.stage(
    'comment',
    {
      platform: 'text', created_ms: 'count', hour: 'integer', interaction_id: 'text', post_id: 'text', account_key: 'count', citizen_hash: 'text',
      day: 'text', text: 'text', likes: 'count',
    }, // prettier-ignore
    mapped(store.stream(COMMENTS, [from, to], CHUNK_ROWS), ([platform, at, ...rest]) => {
      const instant = fromSqlInstant(at as string);
      return [platform, instant, localTime(instant, zones.get(platform as string)!).hour, ...rest];
    }),
  );
}

const repliesSince = new WeakMap<Bench, Day>();

/**
 * `official_reply`: replies of registered accounts from a day on. No reply that counts is older than its comment, so the first
 * partition of a run, which is its earliest, stages all that the later ones need: the store has no index on what is answered.
 */
export async function stageOfficialReplies(bench: Bench, since: Day): Promise<void> {
  const staged = repliesSince.get(bench);
  if (staged !== undefined && staged <= since) return;
  await bench.workshop.stage(
    'official_reply',
    { platform: 'text', created_ms: 'count', parent_id: 'text' },
    mapped(bench.store.stream(OFFICIAL_REPLIES, [since], CHUNK_ROWS), ([platform, at, parent]) => [
      platform,
      fromSqlInstant(at as string),
      parent,
    ]),
  );
  repliesSince.set(bench, since);
}

async function* mapped(chunks: AsyncIterable<unknown[][]>, change: (row: unknown[]) => unknown[]): AsyncGenerator<unknown[][]> {
  for await (const rows of chunks) yield rows.map(change);
}
