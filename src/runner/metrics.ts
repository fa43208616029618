import type { Clock } from '../clock';
import type { Distribution, Metric, Sample } from '../export/prometheus';
import { addDays, fromSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import type { Operations } from './operations';

/** Upper bounds of the durations of runs, in seconds. */
export const RUN_BOUNDS_S = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];

/** What the ledger says, as metrics: of all processes that share the store. */
export async function ledgerMetrics(store: Store, operations: Operations, clock: Clock): Promise<Metric[]> {
  const now = clock.now().getTime();
  const jobs = await operations.jobs();
  const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, help, type: 'gauge', samples });
  const byJob = (value: (job: (typeof jobs)[number]) => number | null): Sample[] =>
    jobs.flatMap((job) => {
      const found = value(job);
      return found === null ? [] : [{ labels: { job: job.name, fact: job.fact }, value: found }];
    });

  return [
    gauge(
      'govblog_freshness_seconds',
      'Seconds since the end (UTC) of the last day with no hole before it, by job and the cube it fills.',
      byJob(({ watermark }) => (watermark === null ? null : (now - Date.parse(addDays(watermark, 1))) / 1000)),
    ),
    gauge(
      'govblog_partitions_expected',
      'Partitions that should exist.',
      byJob(({ expected }) => expected),
    ),
    gauge(
      'govblog_partitions_missing',
      'Partitions that should be published and are not up to date.',
      byJob(({ missing }) => missing.length),
    ),
    gauge('govblog_partitions_failed', 'Missing partitions whose last attempt failed, poisoned ones too.', byJob(({ failing, poisoned }) => failing.length + poisoned.length)), // prettier-ignore
    gauge(
      'govblog_partitions_poisoned',
      'Missing partitions that failed too often and are left alone.',
      byJob(({ poisoned }) => poisoned.length),
    ),
    gauge(
      'govblog_partitions_running',
      'Partitions that are being built.',
      byJob(({ running }) => running.length),
    ),
    { name: 'govblog_run_duration_seconds', help: 'How long ended runs of partitions took, by how they ended.', type: 'histogram', distributions: await runDurations(store) }, // prettier-ignore
    gauge('govblog_backfill_partitions', 'Partitions of all backfills, by what has become of them.', await backfillPartitions(store)),
    ...(await nights(store)),
    gauge('govblog_night_overdue', '1 when a planned night should have run and has not.', [
      { value: jobs.some(({ overdueSince }) => overdueSince !== null) ? 1 : 0 },
    ]),
    gauge('govblog_snapshots', 'Snapshots that are kept.', [{ value: await countOf(store, 'snapshot') }]),
  ];
}

async function countOf(store: Store, table: 'snapshot'): Promise<number> {
  const [row] = await store.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row!.n);
}

/** Milliseconds between two instants of a row, in SQL: the ledger is too long to be fetched for each scrape. */
const elapsed = (store: Store): string => {
  const ms = (column: string): string => `(CAST(strftime('%s', ${column}) AS INTEGER) * 1000 + CAST(substr(${column}, 21, 3) AS INTEGER))`;
  return store.dialect === 'mysql'
    ? 'TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1000'
    : `${ms('finished_at')} - ${ms('started_at')}`;
};

async function runDurations(store: Store): Promise<Distribution[]> {
  // The bounds are constants of this file.
  const upTo = RUN_BOUNDS_S.map((bound, index) => `SUM(CASE WHEN ms <= ${bound * 1000} THEN 1 ELSE 0 END) AS b${index}`);
  const rows = await store.query<Record<string, number | string>>(
    `SELECT job, status, COUNT(*) AS n, SUM(ms) AS total, ${upTo.join(', ')}
     FROM (SELECT job, status, ${elapsed(store)} AS ms FROM partition_run WHERE finished_at IS NOT NULL) AS ended
     GROUP BY job, status ORDER BY job, status`,
  );
  return rows.map((row) => {
    const cumulative = [...RUN_BOUNDS_S.map((_, index) => Number(row[`b${index}`])), Number(row['n'])];
    return {
      labels: { job: String(row['job']), status: String(row['status']) },
      bounds: RUN_BOUNDS_S,
      counts: cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0)),
      sum: Number(row['total']) / 1000,
    };
  });
}

async function backfillPartitions(store: Store): Promise<Sample[]> {
  const rows = await store.query<{ status: string; n: number }>(
    'SELECT status, COUNT(*) AS n FROM backfill_partition GROUP BY status ORDER BY status',
  );
  const found = new Map(rows.map(({ status, n }) => [status, Number(n)]));
  // A queue that is empty is 0, not absent.
  return [...new Set(['queued', 'running', ...found.keys()])].map((status) => ({ labels: { status }, value: found.get(status) ?? 0 }));
}

async function nights(store: Store): Promise<Metric[]> {
  const rows = await store.query<{ outcome: string; n: number; last: string | null }>(
    'SELECT outcome, COUNT(*) AS n, MAX(finished_at) AS last FROM night GROUP BY outcome ORDER BY outcome',
  );
  const done = rows.find(({ outcome }) => outcome === 'done')?.last ?? null;
  return [
    { name: 'govblog_nights', help: 'Nights by how they ended.', type: 'gauge', samples: rows.map(({ outcome, n }) => ({ labels: { outcome }, value: Number(n) })) }, // prettier-ignore
    {
      name: 'govblog_night_last_success_timestamp_seconds',
      help: 'When the last night that was done ended, in seconds since 1970.',
      type: 'gauge',
      samples: done === null ? [] : [{ value: fromSqlInstant(done) / 1000 }],
    },
  ];
}
