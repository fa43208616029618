import { counted } from '../counted';
import { GovblogError } from '../errors';
import { toSqlInstant } from '../model/time';
import { lockMarks, takeMark } from '../store/marks';
import type { Tx } from '../store/store';
import { driftBetween, jobNamed, makePlan, PLAN_MS } from './backfillPlan';
import { backfillById, openPartitions } from './backfillReads';
import type { ApplyBackfill, Backfill, BackfillEvent, BackfillPlan, BackfillTools, PlanBackfill, SteerBackfill } from './backfillTypes';

export { backfillById, listBackfills } from './backfillReads';

const nowOf = ({ clock }: BackfillTools): string => toSqlInstant(clock.now().getTime());

/** Plans a backfill and keeps the plan for an hour. Throws BAD_QUERY or NOT_FOUND for what cannot be meant. */
export const planBackfill: PlanBackfill = async (tools, request, by) => {
  const now = tools.clock.now();
  const plan = await makePlan(tools, request, new Date(now.getTime() + PLAN_MS));
  await tools.store.write(async (tx) => {
    // Plans that nobody applied are of no use to anybody.
    await tx.run('DELETE FROM backfill_plan WHERE backfill_id IS NULL AND expires_at < ?', [toSqlInstant(now.getTime() - 24 * PLAN_MS)]);
    const columns = ['token', 'plan', 'planned_by', 'planned_at', 'expires_at'];
    await tx.upsert('backfill_plan', ['token'], columns, [
      [plan.token, JSON.stringify(plan), by.slice(0, 120), toSqlInstant(now.getTime()), toSqlInstant(plan.expiresAt.getTime())],
    ]);
  });
  return plan;
};

interface PlanRow {
  plan: string;
  backfill_id: number | null;
}

/**
 * Queues what a plan says. The same token again returns the same backfill. Throws UNKNOWN_PLAN, PLAN_EXPIRED, PLAN_DRIFTED
 * (saying what changed since), or CONFLICT when another backfill has some of its partitions in hand. A request that is
 * covered by what one other backfill still has queued joins that one.
 */
export const applyBackfill: ApplyBackfill = async (tools, token, by) => {
  const id = await tools.store.write(async (tx) => {
    // Held until commit: no input changes between the comparison with the plan and the mark.
    await lockMarks(tools.store, tx);
    const [row] = await tx.query<PlanRow>('SELECT plan, backfill_id FROM backfill_plan WHERE token = ?', [token]);
    if (!row) throw new GovblogError('UNKNOWN_PLAN', `There is no plan "${token}". Plan the backfill again; its token is the last line.`);
    if (row.backfill_id !== null) return row.backfill_id;
    const plan = await stillTrue(tools, planFrom(row));
    const joined = await coveredBy(tools, plan);
    const mark = await takeMark(tx);
    const backfill = joined ?? (await insertBackfill(tools, tx, plan, mark, by));
    if (joined !== null) await renewMarks(tx, joined, plan, mark);
    await note(tools, tx, backfill, joined === null ? 'applied' : 'joined', by, plan.reason);
    await tx.run('UPDATE backfill_plan SET backfill_id = ? WHERE token = ?', [backfill, token]);
    return backfill;
  });
  return backfillById(tools, id);
};

/** The plan of a token, applied or not; null when there is none. */
export async function plannedBackfill({ store }: BackfillTools, token: string): Promise<BackfillPlan | null> {
  const [row] = await store.query<PlanRow>('SELECT plan, backfill_id FROM backfill_plan WHERE token = ?', [token]);
  return row ? planFrom(row) : null;
}

const planFrom = ({ plan }: PlanRow): BackfillPlan => {
  const stored = JSON.parse(plan) as BackfillPlan;
  return { ...stored, expiresAt: new Date(stored.expiresAt) };
};

/** The plan, when applying it now would do what it says. */
async function stillTrue(tools: BackfillTools, plan: BackfillPlan): Promise<BackfillPlan> {
  const expired = tools.clock.now().getTime() > plan.expiresAt.getTime();
  if (expired)
    throw new GovblogError('PLAN_EXPIRED', `The plan was good until ${plan.expiresAt.toISOString()}. Plan the backfill again and compare.`);
  const now = await makePlan(tools, plan, plan.expiresAt);
  if (now.token === plan.token) return plan;
  const drift = driftBetween(plan, now) ?? 'what it was made of has changed';
  throw new GovblogError('PLAN_DRIFTED', `Since the plan was made, ${drift}. Plan the backfill again and look at what it would do now.`);
}

/**
 * The backfill that will do all of it anyway, or null when nobody has any of it. A partition that is being built, or has
 * failed, is not covered: its builder may have read the source before this was asked for.
 */
async function coveredBy(tools: BackfillTools, plan: BackfillPlan): Promise<number | null> {
  const wanted = new Set(plan.partitions.map(({ partition }) => partition));
  const others = (await openPartitions(tools.store, plan.job)).filter(({ key }) => wanted.has(key));
  if (others.length === 0) return null;
  const { backfill } = others[0]!;
  const covered = others.filter((one) => one.backfill === backfill && one.status === 'queued' && one.state === 'open');
  if (covered.length === wanted.size && others.length === wanted.size) return backfill;
  throw new GovblogError(
    'CONFLICT',
    `Backfill ${backfill} has ${others.length} of these ${wanted.size} partitions in hand (${others[0]!.key} is ${others[0]!.state === 'paused' ? 'paused' : others[0]!.status}). ` +
      `Wait for it or cancel it (\`govblog backfill cancel ${backfill}\`), then plan again.`,
  );
}

/** What is queued already must be built from what is there now. */
async function renewMarks(tx: Tx, backfill: number, { partitions }: BackfillPlan, mark: number): Promise<void> {
  for (const { partition } of partitions)
    await tx.run("UPDATE backfill_partition SET mark = ? WHERE backfill_id = ? AND partition_key = ? AND status = 'queued'", [
      mark,
      backfill,
      partition,
    ]);
}

async function insertBackfill(tools: BackfillTools, tx: Tx, plan: BackfillPlan, mark: number, by: string): Promise<number> {
  const id = await tx.insertOne('backfill', {
    ...{ token: plan.token, job: plan.job, fact: jobNamed(tools.jobs, plan.job).fact, from_day: plan.from, to_day: plan.to },
    ...{ filter_json: JSON.stringify(plan.filter), reason: plan.reason.slice(0, 400), requested_by: by.slice(0, 120) },
    ...{ requested_at: nowOf(tools), state: 'open' },
  });
  const columns = [
    'backfill_id',
    'partition_key',
    'job',
    'from_day',
    'to_day',
    'mark',
    'status',
    'attempts',
    'expected_rows',
    'expected_ms',
  ];
  await tx.insert(
    'backfill_partition',
    columns,
    plan.partitions.map(({ partition, from, to, rows, ms }) => [id, partition, plan.job, from, to, mark, 'queued', 0, rows, ms]),
  );
  return id;
}

async function note(
  tools: BackfillTools,
  tx: Tx,
  id: number,
  event: BackfillEvent['event'],
  by: string,
  text: string | null | undefined,
): Promise<void> {
  await tx.insert(
    'backfill_event',
    ['backfill_id', 'event', 'made_by', 'made_at', 'note'],
    [[id, event, by.slice(0, 120), nowOf(tools), text?.slice(0, 400) ?? null]],
  );
}

/** Changes a backfill and writes down who did; `change` tells whether there was anything to change. */
async function steer(
  tools: BackfillTools,
  id: number,
  event: BackfillEvent['event'],
  by: string,
  reason: string | null | undefined,
  change: (tx: Tx) => Promise<number>,
): Promise<Backfill> {
  await backfillById(tools, id);
  const changed = await tools.store.write(async (tx) => {
    const rows = await change(tx);
    if (rows > 0) await note(tools, tx, id, event, by, reason);
    return rows;
  });
  const backfill = await backfillById(tools, id);
  if (changed === 0)
    throw new GovblogError(
      'CONFLICT',
      `Backfill ${id} is ${backfill.status}, with ${backfill.failed} of ${counted(backfill.total, 'partition')} failed: it cannot be ${event}.`,
    );
  return backfill;
}

/**
 * Ends a backfill: what is queued is not built, and what is being built is broken off within seconds, wherever it runs. What
 * is published stays. Throws CONFLICT when it is over.
 */
export const cancelBackfill: SteerBackfill = (tools, id, by, reason) =>
  steer(tools, id, 'cancelled', by, reason, async (tx) => {
    // Runs first, as they do when they end, so that the two cannot wait for each other.
    await tx.run(
      "UPDATE partition_run SET running = NULL, status = 'cancelled', finished_at = ?, error = ? WHERE backfill_id = ? AND running = 1",
      [nowOf(tools), `Cancelled by ${by}${reason ? `: ${reason}` : '.'}`.slice(0, 400), id],
    );
    const changed = await tx.run(
      "UPDATE backfill_partition SET status = 'cancelled', next_attempt_at = NULL WHERE backfill_id = ? AND status IN ('queued', 'running', 'failed')",
      [id],
    );
    if (changed > 0) await tx.run("UPDATE backfill SET state = 'cancelled' WHERE id = ?", [id]);
    return changed;
  });

const OPEN = "EXISTS (SELECT 1 FROM backfill_partition p WHERE p.backfill_id = backfill.id AND p.status IN ('queued', 'running'))";

/** No further partition is begun; what is being built is built to its end. Throws CONFLICT when there is nothing to pause. */
export const pauseBackfill: SteerBackfill = (tools, id, by, reason) =>
  steer(tools, id, 'paused', by, reason, (tx) =>
    tx.run(`UPDATE backfill SET state = 'paused' WHERE id = ? AND state = 'open' AND ${OPEN}`, [id]),
  );

/** Goes on where it was paused. Throws CONFLICT when it is not paused. */
export const resumeBackfill: SteerBackfill = (tools, id, by, reason) =>
  steer(tools, id, 'resumed', by, reason, (tx) => tx.run("UPDATE backfill SET state = 'open' WHERE id = ? AND state = 'paused'", [id]));

/**
 * Queues the failed partitions again, and no others, with all their attempts; those that wait for their next attempt are
 * tried at once. Throws CONFLICT when nothing failed.
 */
export const retryBackfill: SteerBackfill = (tools, id, by, reason) =>
  steer(tools, id, 'retried', by, reason, (tx) =>
    tx.run(
      `UPDATE backfill_partition SET status = 'queued', attempts = 0, next_attempt_at = NULL, run_id = NULL
       WHERE backfill_id = ? AND (status = 'failed' OR (status = 'queued' AND next_attempt_at IS NOT NULL))`,
      [id],
    ),
  );
