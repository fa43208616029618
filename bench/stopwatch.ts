import type { Log } from '../src/log';

/** Times jobs by the events they log. */
export function stopwatch(): { log: Log; times(job: string): number[] } {
  const began = new Map<string, number>();
  const times = new Map<string, number[]>();
  return {
    log: (event, facts) => {
      const job = String(facts?.['job']);
      if (event === 'job.started') began.set(job, performance.now());
      if (event === 'job.finished') times.set(job, [...(times.get(job) ?? []), performance.now() - began.get(job)!]);
    },
    times: (job) => times.get(job) ?? [],
  };
}
