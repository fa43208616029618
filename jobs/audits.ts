import { FOREVER } from '../src/model/facts';
import { addDays, daysBetween, maxDay, minDay } from '../src/model/time';
import type { Audit, Bench } from '../src/runner/job';
import { SAMPLE_ROWS, type SampleRow } from '../src/warehouse/auditLog';
import { sqlText } from '../src/warehouse/duckdb';
import type { Partition } from '../src/warehouse/missing';

// Each audit reads the written file, not the staged rows, and compares it with the operational store by other means
// than the job's SQL.

/** Some rows of the written file, by name, for whoever must find out what is wrong. */
export async function sampleOf(bench: Bench, sql: string): Promise<SampleRow[]> {
  const { columns, rows } = await bench.workshop.query(`${sql} limit ${SAMPLE_ROWS}`);
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}

const one = async (bench: Bench, sql: string): Promise<readonly (string | number | boolean | null)[]> =>
  (await bench.workshop.query(sql)).rows[0]!;

/** No two rows share a key. */
export const keysUnique = (...key: readonly string[]): Audit => ({
  name: 'keys unique',
  check: async (bench, _partition, file) => {
    const [doubles] = await one(bench, `select count(*) from (select 1 from ${file} group by ${key.join(', ')} having count(*) > 1)`);
    if (doubles === 0) return null;
    const sample = await sampleOf(
      bench,
      `select ${key.join(', ')}, count(*) as occurrences from ${file} group by all having count(*) > 1 order by all`,
    );
    return { message: `${doubles} keys (${key.join(', ')}) occur more than once`, sample };
  },
});

/** Counts and durations are not below zero. */
export const nothingNegative = (...columns: readonly string[]): Audit => ({
  name: 'nothing negative',
  check: async (bench, _partition, file) => {
    const counts = await one(bench, `select ${columns.map((column) => `count(*) filter (${column} < 0)`).join(', ')} from ${file}`);
    const bad = columns.filter((_, index) => counts[index] !== 0);
    if (bad.length === 0) return null;
    const sample = await sampleOf(bench, `select * from ${file} where ${bad.map((column) => `${column} < 0`).join(' or ')}`);
    return { message: `negative values in ${bad.join(', ')}`, sample };
  },
});

const COUNTERS = ['posts', 'originals', 'reposts', 'comments'] as const;

/** Posts, original posts, reposts and comments of the file equal those of the source, platform by platform. */
export const countersReconcile = (posts: string, originals: string, reposts: string, comments: string): Audit => ({
  name: 'source rows reconcile',
  check: async (bench, partition, file) => {
    const count = posts === 'count(*)' ? posts : `sum(${posts})`;
    const { rows: facts } = await bench.workshop.query(
      `select platform, coalesce(${count}, 0)::bigint, coalesce(sum(${originals}::bigint), 0)::bigint, coalesce(sum(${reposts}), 0)::bigint, coalesce(sum(${comments}), 0)::bigint
       from ${file} group by platform`,
    );
    const source = await sourceDays(bench, partition);
    for (const { platform, to: horizon } of bench.coverage) {
      const days = source.get(platform)!.filter(({ day }) => day <= horizon);
      const fact = facts.find(([name]) => name === platform)?.slice(1) ?? [0, 0, 0, 0];
      const wrong = COUNTERS.flatMap((counter, index) => {
        const expected = days.reduce((sum, row) => sum + row[counter], 0);
        return fact[index] === expected ? [] : [`${counter}: source ${expected}, facts ${String(fact[index])}`];
      });
      if (wrong.length > 0)
        return {
          message: `${platform}: ${wrong.join('; ')}`,
          sample: await differingDays(bench, file, platform, days, [count, originals, reposts, comments]),
        };
    }
    return null;
  },
});

type SourceDay = Readonly<Record<'day', string>> & Readonly<Record<(typeof COUNTERS)[number], number>>;

/** What the source has on each day of a partition, by platform. One reading in the order of the days: nothing is sorted. */
async function sourceDays({ store, coverage }: Bench, { from, to }: Partition): Promise<ReadonlyMap<string, readonly SourceDay[]>> {
  const platforms = coverage.map(({ platform }) => platform);
  const sums = platforms.flatMap((_, index) => [
    `COUNT(CASE WHEN platform = ? THEN 1 END) AS posts${index}`,
    `SUM(CASE WHEN platform = ? THEN original END) AS originals${index}`,
    `SUM(CASE WHEN platform = ? THEN reposts END) AS reposts${index}`,
    `SUM(CASE WHEN platform = ? THEN comments END) AS comments${index}`,
  ]);
  const rows = await store.query<Readonly<Record<string, number | string | null>>>(
    `SELECT ${['posted_day AS day', ...sums].join(', ')} FROM post WHERE posted_day BETWEEN ? AND ? GROUP BY posted_day`,
    [...platforms.flatMap((platform) => COUNTERS.map(() => platform)), from, to],
  );
  const dayOf = (row: (typeof rows)[number], index: number): SourceDay => {
    const [posts, originals, reposts, comments] = COUNTERS.map((counter) => Number(row[`${counter}${index}`] ?? 0));
    return { day: String(row['day']), posts: posts!, originals: originals!, reposts: reposts!, comments: comments! };
  };
  return new Map(platforms.map((platform, index) => [platform, rows.map((row) => dayOf(row, index))]));
}

/** The days of a platform on which a counter of the file is not that of the source. */
async function differingDays(
  bench: Bench,
  file: string,
  platform: string,
  source: readonly SourceDay[],
  [posts, ...sums]: readonly string[],
): Promise<SampleRow[]> {
  const { rows } = await bench.workshop.query(
    `select day::varchar, coalesce(${posts}, 0)::bigint, ${sums.map((column) => `coalesce(sum(${column}::bigint), 0)::bigint`).join(', ')}
     from ${file} where platform = ${sqlText(platform)} group by 1`,
  );
  const facts = new Map(rows.map(([day, ...counts]) => [String(day), counts]));
  const days = [...new Set([...facts.keys(), ...source.map(({ day }) => day)])].sort();
  return days
    .flatMap((day) =>
      COUNTERS.map((counter, index) => ({
        platform,
        day,
        counter,
        source: source.find((row) => row.day === day)?.[counter] ?? 0,
        facts: facts.get(day)?.[index] ?? 0,
      })),
    )
    .filter((row) => row.source !== row.facts)
    .slice(0, SAMPLE_ROWS);
}

interface Span {
  readonly account_key: number;
  readonly platform: string;
  readonly opened_on: string | null;
  readonly first_post_on: string | null;
  readonly first_observed_on: string | null;
  readonly valid_from: string;
  readonly valid_to: string | null;
}

/** Dates of accounts and versions, read once a run: what changes later is marked, and makes the partition missing again. */
const spans = new WeakMap<Bench, Promise<Span[]>>();
function spansOf(bench: Bench): Promise<Span[]> {
  let known = spans.get(bench);
  if (!known) {
    known = bench.store.query<Span>(
      `SELECT a.account_key, a.platform, a.opened_on, a.first_post_on, a.first_observed_on, v.valid_from, v.valid_to
       FROM account a JOIN account_version v ON v.account_key = a.account_key`,
    );
    spans.set(bench, known);
  }
  return known;
}

/** Account-days of the file equal those counted from the dates of accounts and versions, by calendar arithmetic alone. */
export const accountDaysReconcile: Audit = {
  name: 'account-days reconcile',
  check: async (bench, partition, file) => {
    const horizons = new Map(bench.coverage.map(({ platform, to }) => [platform, to]));
    const expected = new Map<number, number>();
    const add = (account: number, days: number): void => void expected.set(account, (expected.get(account) ?? 0) + days);
    for (const span of await spansOf(bench)) add(span.account_key, daysWithin(span, partition, horizons.get(span.platform)));
    const outside = await bench.store.query<{ account_key: number; days: number | string }>(
      `SELECT account_key, COUNT(*) AS days FROM (
         SELECT DISTINCT account_key, posted_day FROM post WHERE posted_day BETWEEN ? AND ?) AS p
       WHERE NOT EXISTS (
         SELECT 1 FROM account_version v WHERE v.account_key = p.account_key AND v.valid_from <= p.posted_day AND (v.valid_to IS NULL OR p.posted_day < v.valid_to)
       ) GROUP BY account_key`,
      [partition.from, partition.to],
    );
    for (const { account_key, days } of outside) add(account_key, Number(days));
    const total = [...expected.values()].reduce((sum, days) => sum + days, 0);
    const [found] = await one(bench, `select count(*) from ${file}`);
    if (found === total) return null;
    const { rows } = await bench.workshop.query(`select account_key, count(*) from ${file} group by 1`);
    const facts = new Map(rows as [number, number][]);
    const sample = [...new Set([...expected.keys(), ...facts.keys()])]
      .map((account_key) => ({ account_key, expected: expected.get(account_key) ?? 0, found: facts.get(account_key) ?? 0 }))
      .filter((row) => row.expected !== row.found)
      .slice(0, SAMPLE_ROWS);
    return { message: `${total} account-days expected, ${String(found)} found`, sample };
  },
};

function daysWithin(span: Span, partition: Partition, horizon: string | undefined): number {
  if (horizon === undefined) return 0;
  const first = minDay(span.opened_on, span.first_post_on, span.first_observed_on);
  if (first === null) return 0;
  const from = maxDay(first, partition.from, span.valid_from)!;
  const to = minDay(horizon, partition.to, span.valid_to === null ? FOREVER : addDays(span.valid_to, -1))!;
  return from > to ? 0 : daysBetween(from, to) + 1;
}
