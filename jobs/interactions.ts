import { COMMENTS, OFFICIAL_REPLIES, stageComments, stageOfficialReplies } from '../src/runner/interactionStaging';
import type { Audit, Bench, Job } from '../src/runner/job';
import { stageAccounts } from '../src/runner/staging';
import { keysUnique, nothingNegative } from './audits';
import { codesKnown } from './references';
import { rowsNotLost, volumeWithinHistory } from './volume';

const DAY_MS = 86_400_000;

/** A comment that asks, by its signs; question marks of links are none. */
const ASKS = `regexp_matches(regexp_replace(c.text, 'https?://[^\\s]+', ' ', 'g'), '[?？]|吗[。．.！!～~…\\s]*$')`;

const SQL = `
with first_reply as (
  select c.platform, c.interaction_id, min(r.created_ms) - any_value(c.created_ms) as latency_ms
  from comment c join official_reply r on r.platform = c.platform and r.parent_id = c.interaction_id and r.created_ms >= c.created_ms
  group by c.platform, c.interaction_id
)
select c.day::date as day, c.platform, c.interaction_id, c.platform || ':' || c.post_id as post, c.account_key,
       -- the same hash on two platforms is not the same person
       c.platform || ':' || c.citizen_hash as citizen, coalesce(v.region, 'UNKNOWN') as region,
       coalesce(v.prefecture, 'UNKNOWN') as prefecture, coalesce(v.sector, 'UNKNOWN') as sector,
       coalesce(v.account_type, 'UNKNOWN') as account_type, coalesce(v.verified_type, 'UNKNOWN') as verified_type,
       coalesce(v.level, 'LX') as level, date_trunc('month', a.opened_on::date)::date as opened_month,
       isodow(c.day::date)::utinyint as weekday, c.hour::utinyint as hour, length(c.text)::integer as text_length,
       case when c.day::date >= coalesce(p.likes_since::date, date '0001-01-01') then c.likes end as likes,
       ${ASKS} as question, f.latency_ms is not null and ${ASKS} as replied_question,
       f.latency_ms is not null as replied, coalesce(f.latency_ms <= ${DAY_MS}, false) as replied_within_24h,
       f.latency_ms::double / 60000 as reply_minutes
from comment c join account a using (account_key) join source_platform p on p.code = c.platform
left join first_reply f on f.platform = c.platform and f.interaction_id = c.interaction_id
left join version v on v.account_key = c.account_key and c.day::date >= v.valid_from and c.day::date < v.valid_to
order by c.day, c.platform, c.interaction_id`;

const COUNTED = ['comments', 'likes', 'replied', 'citizens', 'posts'] as const;
type Counts = Readonly<Record<(typeof COUNTED)[number], number | string | null>>;

/** Comments, likes, replied comments, citizens and posts of the file equal those of the store, platform by platform. */
const commentsReconcile: Audit = {
  name: 'source comments reconcile',
  check: async (bench, { from, to }, file) => {
    const { rows } = await bench.workshop.query(
      `select platform, count(*), coalesce(sum(likes), 0)::bigint, count(*) filter (replied), count(distinct citizen), count(distinct post)
       from ${file} group by platform`,
    );
    const source = await bench.store.query<Counts & { platform: string }>(
      `SELECT i.platform AS platform, COUNT(*) AS comments, COUNT(DISTINCT i.citizen_hash) AS citizens, COUNT(DISTINCT i.post_id) AS posts,
              SUM(CASE WHEN p.likes_since IS NULL OR i.created_day >= p.likes_since THEN i.likes END) AS likes
       FROM interaction i JOIN platform p ON p.code = i.platform
       WHERE i.created_day >= ? AND i.created_day <= ? AND i.form = 'COMMENT' AND i.account_key IS NOT NULL AND i.by_account_key IS NULL
       GROUP BY i.platform`,
      [from, to],
    );
    const replied = (await repliedDays(bench, from)).filter(({ day }) => day >= from && day <= to);
    for (const platform of new Set([...rows.map(([name]) => String(name)), ...source.map((one) => one.platform)])) {
      const expected = {
        ...source.find((one) => one.platform === platform),
        replied: replied.filter((one) => one.platform === platform).reduce((sum, one) => sum + Number(one.replied), 0),
      };
      const found = rows.find(([name]) => name === platform)?.slice(1) ?? [];
      const wrong = COUNTED.flatMap((name, index) => {
        const [stored, written] = [Number((expected as Partial<Counts>)[name] ?? 0), found[index] ?? 0];
        return stored === written ? [] : [`${name}: source ${stored}, facts ${String(written)}`];
      });
      if (wrong.length > 0) return `${platform}: ${wrong.join('; ')}`;
    }
    return null;
  },
};

interface RepliedDay {
  readonly platform: string;
  readonly day: string;
  readonly replied: number | string;
}

/** Replied comments of each day, read once a run from its earliest partition on: what changes later is marked. */
const replied = new WeakMap<Bench, { readonly since: string; readonly days: Promise<RepliedDay[]> }>();
function repliedDays(bench: Bench, since: string): Promise<RepliedDay[]> {
  const known = replied.get(bench);
  if (known !== undefined && known.since <= since) return known.days;
  const days = bench.store.query<RepliedDay>(
    `SELECT c.platform AS platform, c.created_day AS day, COUNT(DISTINCT c.interaction_id) AS replied
     FROM interaction r JOIN interaction c ON c.platform = r.platform AND c.interaction_id = r.parent_id AND c.created_at <= r.created_at
     WHERE r.created_day >= ? AND r.by_account_key IS NOT NULL AND r.form = 'COMMENT'
       AND c.created_day >= ? AND c.by_account_key IS NULL AND c.account_key IS NOT NULL AND c.form = 'COMMENT'
     GROUP BY c.platform, c.created_day`,
    [since, since],
  );
  replied.set(bench, { since, days });
  return days;
}

/** The `interactions` facts: one row per citizen comment. */
export const interactions: Job = {
  name: 'interactions',
  fact: 'interactions',
  description: 'One row per comment of a citizen under a post of a known account: its first reply, and what the account was on that day.',
  source: { table: 'interaction', day: 'created_day', where: "form = 'COMMENT' AND by_account_key IS NULL AND account_key IS NOT NULL" },
  prepare: stageAccounts,
  extract: async (bench, partition) => {
    await stageOfficialReplies(bench, partition.from);
    return stageComments(bench, partition);
  },
  sql: () => SQL,
  audits: [
    commentsReconcile,
    keysUnique('platform', 'interaction_id'),
    nothingNegative('text_length', 'likes', 'reply_minutes'),
    codesKnown('region', 'prefecture', 'sector', 'account_type', 'verified_type', 'level', 'platform'),
    rowsNotLost('interactions'),
    // Comments are crawled here and there, so their number tells less.
    volumeWithinHistory('interactions', 'below', 'warn'),
    volumeWithinHistory('interactions', 'above', 'warn'),
  ],
  definition: [COMMENTS, OFFICIAL_REPLIES, SQL].join('\n'),
};
