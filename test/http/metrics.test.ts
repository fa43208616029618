import { createKey } from '../../src/access/keys';
import { RUN_BOUNDS_S } from '../../src/runner/metrics';
import { fromSqlInstant } from '../../src/model/time';
import { parseMetrics, type ReadMetric } from '../export/prometheusText';
import { DIALECTS } from '../stores';
import { LATER } from '../app';
import { serveTwoSnapshots, type Served } from './published';
import { raw, rawGraphql } from './raw';

const DAYS = 'from=2012-01-01&to=2012-12-31';

describe.each(DIALECTS)('/metrics on %s', (dialect) => {
  let served: Served;
  beforeAll(async () => {
    served = await serveTwoSnapshots(dialect);
  });
  afterAll(() => served.test_.close());

  const scrape = async (headers: Record<string, string> = {}): Promise<ReadMetric[]> => {
    const reply = await raw(served.origin, '/metrics', headers);
    expect([reply.status, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ]);
    return parseMetrics(reply.body);
  };
  const valuesOf = (metrics: readonly ReadMetric[], name: string, label?: string): Record<string, number> =>
    Object.fromEntries(
      metrics
        .flatMap(({ samples }) => samples)
        .filter((sample) => sample.name === name)
        .map(({ labels, value }) => [label === undefined ? '' : labels[label]!, value]),
    );
  const rows = <T>(sql: string): Promise<T[]> => served.test_.app.store.query<T>(sql);

  it('says of partitions, runs and nights what the ledger says, counted by SQL', async () => {
    // One partition that is late, and one that failed.
    const { store } = served.test_.app;
    await store.write(async (tx) => {
      await tx.run("UPDATE partition_run SET status = 'cancelled' WHERE job = 'posts' AND partition_key = '2012-06'");
      await tx.run("UPDATE partition_run SET finished_at = '2026-01-15 04:00:02.500', started_at = '2026-01-15 04:00:00.000' WHERE job = 'posts' AND partition_key = '2012-11'"); // prettier-ignore
    });
    const metrics = await scrape();

    const expected = await rows<{ job: string; n: number }>(
      'SELECT job, COUNT(DISTINCT partition_key) AS n FROM partition_run GROUP BY job',
    );
    const published = await rows<{ job: string; n: number; last: string }>(
      "SELECT job, COUNT(DISTINCT partition_key) AS n, MAX(to_day) AS last FROM partition_run WHERE status = 'published' GROUP BY job",
    );
    const jobs = ['accountDay', 'posts', 'interactions'].sort();
    const count = (found: readonly { job: string; n: number }[], job: string): number =>
      Number(found.find((one) => one.job === job)?.n ?? 0);
    expect(valuesOf(metrics, 'govblog_partitions_expected', 'job')).toEqual(
      Object.fromEntries(jobs.map((job) => [job, count(expected, job)])),
    );
    expect(valuesOf(metrics, 'govblog_partitions_missing', 'job')).toEqual(
      Object.fromEntries(jobs.map((job) => [job, count(expected, job) - count(published, job)])),
    );
    expect(valuesOf(metrics, 'govblog_partitions_missing', 'job')['posts']).toBe(1);
    expect(valuesOf(metrics, 'govblog_partitions_running', 'job')).toEqual(Object.fromEntries(jobs.map((job) => [job, 0])));

    // Fresh up to the day before the hole for posts, up to the last published day for the others.
    const now = LATER.now().getTime();
    const since = (day: string): number => (now - Date.parse(`${day}T24:00:00Z`)) / 1000;
    expect(valuesOf(metrics, 'govblog_freshness_seconds', 'job')).toEqual(
      Object.fromEntries(jobs.map((job) => [job, since(job === 'posts' ? '2012-05-31' : published.find((one) => one.job === job)!.last)])),
    );

    const ended = await rows<{ job: string; status: string; started_at: string; finished_at: string }>(
      'SELECT job, status, started_at, finished_at FROM partition_run WHERE finished_at IS NOT NULL',
    );
    const histogram = metrics.find(({ name }) => name === 'govblog_run_duration_seconds')!.samples;
    for (const job of new Set(ended.map((run) => run.job)))
      for (const status of new Set(ended.filter((run) => run.job === job).map((run) => run.status))) {
        const seconds = ended
          .filter((run) => run.job === job && run.status === status)
          .map(({ started_at, finished_at }) => (fromSqlInstant(finished_at) - fromSqlInstant(started_at)) / 1000);
        const own = histogram.filter(({ labels }) => labels['job'] === job && labels['status'] === status);
        expect(own.filter(({ name }) => name.endsWith('_bucket')).map(({ value }) => value)).toEqual(
          [...RUN_BOUNDS_S, Infinity].map((bound) => seconds.filter((one) => one <= bound).length),
        );
        expect(own.find(({ name }) => name.endsWith('_sum'))!.value).toBeCloseTo(
          seconds.reduce((sum, one) => sum + one, 0),
          6,
        );
        expect(own.find(({ name }) => name.endsWith('_count'))!.value).toBe(seconds.length);
      }
    expect(histogram.filter(({ name, labels }) => name.endsWith('_sum') && labels['job'] === 'posts' && labels['status'] === 'published').map(({ value }) => value)).toEqual([2.5]); // prettier-ignore

    const nights = await rows<{ outcome: string; n: number; last: string }>(
      'SELECT outcome, COUNT(*) AS n, MAX(finished_at) AS last FROM night GROUP BY outcome',
    );
    expect(valuesOf(metrics, 'govblog_nights', 'outcome')).toEqual(
      Object.fromEntries(nights.map(({ outcome, n }) => [outcome, Number(n)])),
    );
    expect(valuesOf(metrics, 'govblog_nights', 'outcome')['done']).toBe(2);
    expect(valuesOf(metrics, 'govblog_night_last_success_timestamp_seconds')['']).toBe(
      fromSqlInstant(nights.find(({ outcome }) => outcome === 'done')!.last) / 1000,
    );
    expect(valuesOf(metrics, 'govblog_night_overdue')['']).toBe(0);
    expect(valuesOf(metrics, 'govblog_backfill_partitions', 'status')).toEqual({ queued: 0, running: 0 });
    expect(valuesOf(metrics, 'govblog_snapshots')['']).toBe(2);
  });

  it('counts answers by cube and door, and what was in memory', async () => {
    const before = await scrape();
    const csv = `/activity.csv?fields=quarter,replies&${DAYS}`;
    for (const path of [csv, csv, `/posts.json?fields=month,reposts&${DAYS}`]) expect((await raw(served.origin, path)).status).toBe(200);
    await rawGraphql(served.origin, '{ a: posts(period: { from: "2012-01-01", to: "2012-12-31" }) { rows { year likes } } }');
    await rawGraphql(served.origin, '{ posts(period: { from: "2012-12-31", to: "2012-01-01" }) { rows { year likes } } }');
    const after = await scrape();
    const counts = (metrics: readonly ReadMetric[]): Record<string, number> =>
      Object.fromEntries(
        metrics
          .flatMap(({ samples }) => samples)
          .filter(({ name }) => name === 'govblog_answer_duration_seconds_count')
          .map(({ labels, value }) => [`${labels['cube']} ${labels['door']}`, value]),
      );
    expect(counts(before)).toEqual({});
    expect(counts(after)).toEqual({ 'activity csv': 2, 'posts json': 1, 'posts graphql': 1 });
    const grown = (name: string): number => valuesOf(after, name)['']! - valuesOf(before, name)['']!;
    expect(grown('govblog_cache_hits_total')).toBeGreaterThanOrEqual(1);
    expect(grown('govblog_cache_misses_total')).toBeGreaterThanOrEqual(3);
    expect(grown('govblog_cache_bytes')).toBeGreaterThan(100);
    expect(valuesOf(after, 'process_resident_memory_bytes')['']).toBeGreaterThan(50_000_000);
    expect(Math.abs(valuesOf(after, 'process_start_time_seconds')['']! + process.uptime() - Date.now() / 1000)).toBeLessThan(2);
  });

  it('is for everybody here until there is a key, and then for any key', async () => {
    const { store, clock } = served.test_.app;
    const { secret } = await createKey(store, { role: 'admin', name: 'a' }, clock.now());
    const { secret: prometheus } = await createKey(store, { role: 'researcher', name: 'Prometheus' }, clock.now());
    expect((await raw(served.origin, '/metrics')).status).toBe(401);
    for (const key of [secret, prometheus]) await scrape({ authorization: `Bearer ${key}` });
  });
});
