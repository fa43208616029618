import { createHash } from 'node:crypto';
import { GovblogError } from '../errors';
import { CUBES } from '../model';
import { isDay } from '../model/time';
import { didYouMean } from '../suggest';
import type { LedgerRun } from '../warehouse/ledger';
import { expectedPartitions, type Mark, type Partition } from '../warehouse/missing';
import { currentSnapshot } from '../warehouse/snapshots';
import { medianOf, smoothed } from './backfillProgress';
import type { BackfillPlan, BackfillRequest, BackfillTools, PlannedChanges, PlannedPartition } from './backfillTypes';
import type { Job } from './job';
import { definitionOf, stateOf } from './jobState';
import { countByMonth, monthsWithin } from './sourceRows';

/** How long a plan may be applied. */
export const PLAN_MS = 3_600_000;

/** Throws BAD_QUERY with a suggestion. */
export function jobNamed(jobs: readonly Job[], name: string): Job {
  const job = jobs.find((one) => one.name === name);
  if (job) return job;
  const names = jobs.map((one) => one.name);
  throw new GovblogError('BAD_QUERY', `There is no job "${name}".${didYouMean(name, names)} The jobs are ${names.join(', ')}.`);
}

/** What a backfill would do as things are now. Throws BAD_QUERY for a request that cannot be meant. */
export async function makePlan(tools: BackfillTools, request: BackfillRequest, expiresAt: Date): Promise<BackfillPlan> {
  const { store, ledger, jobs } = tools;
  const { job: name, from, to, filter = {}, reason } = request;
  const job = jobNamed(jobs, name);
  for (const day of [from, to])
    if (!isDay(day)) throw new GovblogError('BAD_QUERY', `"${day}" is not a day; write one such as 2011-12-31.`);
  if (from > to) throw new GovblogError('BAD_QUERY', `The days from ${from} to ${to} are none: the first is after the last.`);
  if (reason.trim() === '')
    throw new GovblogError('BAD_QUERY', 'A backfill needs a reason: whoever reads the ledger will want to know why.');
  for (const [key, values] of Object.entries(filter) as [string, readonly string[] | undefined][])
    if (values?.length === 0)
      throw new GovblogError('BAD_QUERY', `The filter ${key} is an empty list, which no partition meets; leave it out.`);

  const coverage = await ledger.coverage();
  const state = await stateOf(job, ledger, coverage);
  const months = await monthsWithin(store, job.source, filter, coverage);
  const wanted = expectedPartitions(coverage).filter((one) => one.from <= to && one.to >= from && (months?.has(one.key) ?? true));
  if (wanted.length === 0)
    throw new GovblogError(
      'BAD_QUERY',
      `No partition of ${job.name} has days from ${from} to ${to}${months === null ? '' : ' within the filter'}: ${spanText(coverage)}.`,
    );

  const marks = (await ledger.marks()).filter(({ fact }) => fact === job.fact);
  const missing = new Map([...state.missing, ...state.poisoned].map((one) => [one.key, one.reason]));
  const neverBuilt = wanted.filter(({ key }) => !state.published.has(key));
  const counted =
    neverBuilt.length === 0 ? new Map<string, number>() : await countByMonth(store, job.source, neverBuilt[0]!.from, neverBuilt.at(-1)!.to);
  const msPerRow = paceOf([...state.published.values()].map(({ run }) => run));
  const lastMs = smoothed(wanted.map(({ key }) => durationOf(state.published.get(key)?.run)));
  const partitions = wanted.map((partition, index): PlannedPartition => {
    const run = state.published.get(partition.key)?.run;
    const rows = run?.sourceRows ?? counted.get(partition.key) ?? 0;
    return {
      ...{ partition: partition.key, from: partition.from, to: partition.to, rows },
      ms: lastMs[index] ?? (msPerRow === null ? null : Math.round(msPerRow * rows)),
      publishedRun: run?.id ?? null,
      mark: newestOn(partition, marks),
      missing: missing.get(partition.key) ?? null,
    };
  });
  const known = partitions.every(({ ms }) => ms !== null);
  const plan = {
    ...{ expiresAt, job: job.name, from, to, filter, reason: reason.trim(), definition: definitionOf(job), partitions },
    rows: partitions.reduce((sum, { rows }) => sum + rows, 0),
    seconds: known ? Math.round(partitions.reduce((sum, { ms }) => sum + ms!, 0) / 100) / 10 : null,
  };
  return { token: tokenOf(plan), ...plan, changes: await changesOf(tools, job, partitions) };
}

/** Hash of the request, of the definition, and of what each partition is now: whoever holds it has seen exactly this plan. */
export function tokenOf(plan: Omit<BackfillPlan, 'token' | 'changes'>): string {
  const { job, definition, from, to, filter, reason, expiresAt, partitions } = plan;
  const parts = partitions.map((one) => [one.partition, one.from, one.to, one.publishedRun, one.mark]);
  const list = (values: readonly string[] | undefined): readonly string[] => [...(values ?? [])].sort();
  const text = JSON.stringify([
    job,
    definition,
    from,
    to,
    list(filter.platform),
    list(filter.account),
    reason,
    expiresAt.toISOString(),
    parts,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What differs between a plan and the same plan made now, as a sentence; null when nothing that matters does. */
export function driftBetween(then: BackfillPlan, now: BackfillPlan): string | null {
  if (then.definition !== now.definition) return `the definition of ${then.job} has changed`;
  const before = new Map(then.partitions.map((one) => [one.partition, one]));
  const after = new Map(now.partitions.map((one) => [one.partition, one]));
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const come = [...after.keys()].filter((key) => !before.has(key));
  if (gone.length > 0) return `${listed(gone)} would no longer be built`;
  if (come.length > 0) return `${listed(come)} would be built too`;
  const differing = (differs: (a: PlannedPartition, b: PlannedPartition) => boolean): string[] =>
    [...after].filter(([key, one]) => differs(before.get(key)!, one)).map(([key]) => key);
  const late = differing((a, b) => a.mark !== b.mark);
  if (late.length > 0) return `data of ${listed(late)} have changed`;
  const built = differing((a, b) => a.publishedRun !== b.publishedRun);
  if (built.length > 0) return `${listed(built)} ${built.length === 1 ? 'was' : 'were'} built again`;
  const longer = differing((a, b) => a.from !== b.from || a.to !== b.to);
  return longer.length > 0 ? `${listed(longer)} ${longer.length === 1 ? 'has' : 'have'} other days` : null;
}

const listed = (keys: readonly string[]): string =>
  keys.length > 5 ? `${keys.slice(0, 5).join(', ')} and ${keys.length - 5} more` : keys.join(', ');

const newestOn = (partition: Partition, marks: readonly Mark[]): number =>
  marks.reduce((most, { mark, from, to }) => (from <= partition.to && to >= partition.from && mark > most ? mark : most), 0);

const durationOf = (run: LedgerRun | undefined): number | null =>
  run?.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null;

/** Median milliseconds per source row of the runs that are published; null when there are none. */
export function paceOf(runs: readonly LedgerRun[]): number | null {
  const paces = runs.flatMap((run) => (run.finishedAt && run.sourceRows ? [durationOf(run)! / run.sourceRows] : []));
  return paces.length === 0 ? null : medianOf(paces);
}

const spanText = (coverage: readonly { readonly platform: string; readonly from: string; readonly to: string }[]): string =>
  coverage.length === 0
    ? 'there are no data yet'
    : `there are data of ${coverage.map(({ platform, from, to }) => `${platform} from ${from} to ${to}`).join(', ')}`;

async function changesOf({ store }: BackfillTools, job: Job, partitions: readonly PlannedPartition[]): Promise<PlannedChanges> {
  const snapshot = await currentSnapshot(store);
  const touched = new Set(partitions.map(({ from }) => from));
  return {
    cubes: CUBES.filter(({ fact }) => fact === job.fact).map((cube) => ({ cube: cube.name, measures: Object.keys(cube.measures) })),
    from: partitions[0]!.from,
    to: partitions.at(-1)!.to,
    snapshot: snapshot?.id ?? null,
    months: (snapshot?.files ?? [])
      .filter(({ table, from }) => table === job.fact && touched.has(from!))
      .map(({ from }) => from!.slice(0, 7)),
  };
}
