import { GovblogError } from '../errors';
import type { TimeGrain } from '../model/define';
import type { Members } from '../model/members';
import { daysBetween } from '../model/time';
import { finest } from './derived';
import { LIMITS } from './limits';
import type { Plan } from './plan';
import { PERIOD } from './question';
import type { DatedFile } from './throughRollup';

/** What a question is expected to take, before it runs. */
export interface Cost {
  /** Rows of the facts, or of the rollup, in the files of the days that are looked at: no statement reads more of them. */
  readonly scannedRows: number;
  /** Groups at most: buckets × members of each dimension, and, unless gaps are filled, never more than there are rows. */
  readonly groups: number;
}

const DAYS: Readonly<Record<TimeGrain, number>> = { day: 1, week: 7, month: 28, quarter: 90, year: 365 };
/** Whole numbers among the dimensions: hours and weekdays. */
const INTEGERS = 24;

/** No bucket has more days. */
const MOST_DAYS: Readonly<Record<TimeGrain, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/**
 * Rows that the answer to a plan has at least, as far as the list of files tells: by account, without a condition, a file with one
 * row per account and day has at least as many accounts as rows by the day. 0 where it tells nothing.
 */
export function leastRows(plan: Plan, files: readonly DatedFile[]): number {
  const isPlain = plan.where.length + plan.having.length + plan.calendar.length === 0;
  if (plan.cube.onceADay !== true || !isPlain || !plan.dimensions.some(([field]) => field === 'account')) return 0;
  const whole = files.filter(({ table, from, to }) => table === plan.cube.fact && from! >= plan.from && to! <= plan.to);
  const accounts = whole.map(({ rows, from, to }) => Math.ceil(rows / (daysBetween(from!, to!) + 1)));
  const most = Math.max(0, ...accounts);
  const grain = finest(plan.grains);
  if (!grain) return most;
  if (plan.isFilled) return most * Math.max(1, Math.floor((daysBetween(plan.from, plan.to) + 1) / MOST_DAYS[grain]));
  if (grain === 'day') return whole.reduce((sum, { rows }) => sum + rows, 0);
  // A month lies in one quarter and one year, and several months in the same.
  return grain === 'week' || grain === 'month' ? accounts.reduce((sum, count) => sum + count, 0) : most;
}

/** Estimates the cost of a plan from the snapshot's list of files and its members; reads nothing. */
export function costOf(plan: Plan, files: readonly DatedFile[], members: Members): Cost {
  const touched = files.filter(({ table, from, to }) => table === plan.cube.fact && from! <= plan.to && to! >= plan.readsFrom);
  const scannedRows = touched.reduce((sum, { rows }) => sum + rows, 0);
  const grain = finest(plan.grains);
  const buckets = grain ? Math.floor(daysBetween(plan.from, plan.to) / DAYS[grain]) + 2 : 1;
  const accounts = files.find(({ table }) => table === 'dim_account')?.rows ?? Infinity;
  const sizes = plan.dimensions.map(([field, dimension]) => {
    if (field === PERIOD) return plan.calendar.length;
    if (field === 'account') return accounts;
    if (dimension.members) return members[dimension.members].size + 1;
    return dimension.type === 'integer' ? INTEGERS : Infinity;
  });
  const others = Math.min(
    sizes.reduce((product, size) => product * size, 1),
    scannedRows,
  );
  // A filled series has rows where the facts have none.
  return { scannedRows, groups: plan.isFilled ? buckets * others : Math.min(buckets * others, scannedRows) };
}

/** Refuses what would read or make too much, with the estimate and the limit. */
export function checkCost({ scannedRows, groups }: Cost, maxScannedRows: number): void {
  const exact = (value: number): string => value.toLocaleString('en-US');
  if (scannedRows > maxScannedRows)
    refuse(
      `The question would read about ${exact(scannedRows)} rows; the limit is ${exact(maxScannedRows)} (setting GOVBLOG_MAX_SCANNED_ROWS). Shorten the period, or ask by month, quarter or year for measures that the rollups have.`,
    );
  if (groups > LIMITS.maxGroups.value)
    refuse(
      `The question would make up to ${exact(groups)} groups; the limit is ${exact(LIMITS.maxGroups.value)}. Group more coarsely, or shorten the period.`,
    );
}

function refuse(message: string): never {
  throw new GovblogError('LIMIT_EXCEEDED', message);
}
