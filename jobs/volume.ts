import { daysBetween, maxDay, minDay, type Day } from '../src/model/time';
import type { Audit, Bench } from '../src/runner/job';
import type { Severity } from '../src/warehouse/auditLog';
import type { Partition } from '../src/warehouse/missing';

// These audits see what no comparison with the source can: a source that is itself not what it was.

/** Published partitions that make a history, those looked at, and how small a set is too small to be judged. */
const LEAST_PARTITIONS = 6;
const MOST_PARTITIONS = 12;
const LEAST_ACCOUNTS = 50;
const LEAST_ROWS = 1_000;
/** Logarithm of the factor that is always allowed. */
const LEAST_WIDTH = Math.log(10);
/** Robust standard deviations that are allowed; 1.4826 makes the median absolute deviation one, for normal errors. */
const MOST_DEVIATIONS = 6;
const TO_DEVIATION = 1.4826;

/** What a partition must be measured by, to be compared with another month. */
export interface Exposure {
  /** Days of observed accounts: rows are judged per one of these. */
  readonly size: number;
  /** Different accounts that were observed. */
  readonly accounts: number;
}
/** A published partition of the history. */
export interface PastVolume {
  readonly rows: number;
  readonly exposure: number;
}
export interface Bounds {
  /** Rows that the history lets expect, and the fewest and most that are within its bounds. */
  readonly expected: number;
  readonly least: number;
  readonly most: number;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
};

/**
 * Bounds of a number of rows. With v = ln(rows / exposure) of each past partition that has rows, m the median of the v and
 * s = 1.4826 × the median of |v - m|, what lies outside exposure × exp(m ± max(ln 10, 6 s)) is out of bounds. Null where there
 * are too few past partitions, or too few accounts or expected rows to judge by.
 */
export function boundsOf(history: readonly PastVolume[], { size, accounts }: Exposure): Bounds | null {
  const known = history.filter(({ rows, exposure }) => rows > 0 && exposure > 0).map(({ rows, exposure }) => Math.log(rows / exposure));
  if (known.length < LEAST_PARTITIONS || accounts < LEAST_ACCOUNTS) return null;
  const middle = median(known);
  const width = Math.max(LEAST_WIDTH, MOST_DEVIATIONS * TO_DEVIATION * median(known.map((value) => Math.abs(value - middle))));
  const at = (value: number): number => size * Math.exp(value);
  const bounds = { expected: at(middle), least: at(middle - width), most: at(middle + width) };
  return bounds.expected < LEAST_ROWS ? null : bounds;
}

interface Observed {
  readonly platform: string;
  readonly first: Day;
  readonly last: Day;
}
const observedAccounts = new WeakMap<Bench, Promise<Observed[]>>();
function observedIn(bench: Bench): Promise<Observed[]> {
  let known = observedAccounts.get(bench);
  if (!known) {
    known = bench.store.query<Observed>(
      'SELECT platform, first_observed_on AS first, last_observed_on AS last FROM account WHERE first_observed_on IS NOT NULL AND last_observed_on IS NOT NULL',
    );
    observedAccounts.set(bench, known);
  }
  return known;
}

/** How many days of how many observed accounts a partition has. */
async function accountDaysOf(bench: Bench, { from, to }: Pick<Partition, 'from' | 'to'>): Promise<Exposure> {
  const ends = new Map(bench.coverage.map((one) => [one.platform, one.to]));
  let [size, accounts] = [0, 0];
  for (const { platform, first, last } of await observedIn(bench)) {
    const [begin, end] = [maxDay(first, from)!, minDay(last, to, ends.get(platform) ?? from)!];
    if (begin > end) continue;
    size += daysBetween(begin, end) + 1;
    accounts += 1;
  }
  return { size, accounts };
}

interface Past {
  readonly partition_key: string;
  readonly definition: string;
  readonly from_day: Day;
  readonly to_day: Day;
  readonly fact_rows: number;
}

/** The newest published run of each partition of a job. */
async function publishedOf({ store }: Bench, job: string): Promise<Past[]> {
  const runs = await store.query<Past>(
    "SELECT partition_key, definition, from_day, to_day, fact_rows FROM partition_run WHERE job = ? AND status = 'published' ORDER BY id",
    [job],
  );
  return [...new Map(runs.map((run) => [run.partition_key, run])).values()];
}

/** The platforms that have data within some days: where one more begins or one ends, months cannot be compared. */
const platformsIn = ({ coverage }: Bench, { from, to }: Pick<Partition, 'from' | 'to'>): string =>
  coverage
    .filter((one) => one.from <= to && one.to >= from)
    .map(({ platform }) => platform)
    .sort()
    .join();

const nearness = (one: Past, { from }: Partition): number => Math.abs(daysBetween(from, one.from_day));

async function rowsIn(bench: Bench, file: string): Promise<number> {
  return Number((await bench.workshop.query(`select count(*) from ${file}`)).rows[0]![0]);
}

/** The rows of the file are within the bounds that the published partitions of the same platforms nearest in time set, for its days and accounts. */
export const volumeWithinHistory = (job: string, side: 'below' | 'above', severity: Severity): Audit => ({
  name: `volume not ${side} history`,
  severity,
  check: async (bench, partition, file) => {
    const others = (await publishedOf(bench, job)).filter((one) => one.partition_key !== partition.key);
    const nearest = others
      .filter(
        ({ fact_rows, from_day: from, to_day: to }) => fact_rows > 0 && platformsIn(bench, { from, to }) === platformsIn(bench, partition),
      )
      .sort((a, b) => nearness(a, partition) - nearness(b, partition))
      .slice(0, MOST_PARTITIONS);
    const history: PastVolume[] = [];
    for (const { from_day: from, to_day: to, fact_rows: rows } of nearest)
      history.push({ rows, exposure: (await accountDaysOf(bench, { from, to })).size });
    const bounds = boundsOf(history, await accountDaysOf(bench, partition));
    const rows = await rowsIn(bench, file);
    if (bounds === null || (side === 'below' ? rows >= bounds.least : rows <= bounds.most)) return null;
    const limit = Math.round(side === 'below' ? bounds.least : bounds.most);
    return {
      message: `${rows} rows, where ${nearest.length} months nearby let expect about ${Math.round(bounds.expected)} and ${side === 'below' ? 'at least' : 'at most'} ${limit}, by the observed account-day`,
      sample: nearest
        .slice(0, 10)
        .map(({ partition_key, fact_rows }, index) => ({ partition: partition_key, rows: fact_rows, exposure: history[index]!.exposure })),
    };
  },
});

/** Less than this part of the rows that a partition had is taken for a loss. */
const LEAST_KEPT = 0.5;

/** A partition that is built again by the same definition has not lost most of its rows: the store forgets nothing. */
export const rowsNotLost = (job: string): Audit => ({
  name: 'rows not lost',
  check: async (bench, partition, file) => {
    const before = (await publishedOf(bench, job)).find(({ partition_key }) => partition_key === partition.key);
    if (!before || before.fact_rows < LEAST_ROWS) return null;
    const rows = await rowsIn(bench, file);
    if (rows >= LEAST_KEPT * before.fact_rows) return null;
    return {
      message: `${rows} rows, where the published file has ${before.fact_rows}`,
      sample: [{ partition: partition.key, published: before.fact_rows, found: rows }],
    };
  },
});

/** Below this share of account-days that were observed, figures say little of the accounts. */
const LEAST_COVERAGE = 0.5;

/** At least half of the account-days of the file were observed. It is published all the same, and says so. */
export const coverageAboveFloor: Audit = {
  name: 'coverage above the floor',
  severity: 'warn',
  check: async (bench, _partition, file) => {
    const { rows } = await bench.workshop.query(
      `select platform, count(*) filter (observed) as observed, count(*) as expected from ${file} group by platform order by platform`,
    );
    const low = (rows as [string, number, number][]).filter(([, observed, expected]) => observed < LEAST_COVERAGE * expected);
    if (low.length === 0) return null;
    return {
      message: low
        .map(
          ([platform, observed, expected]) =>
            `${platform}: ${observed} of ${expected} account-days observed, less than ${LEAST_COVERAGE * 100}%`,
        )
        .join('; '),
      sample: low.map(([platform, observed, expected]) => ({ platform, observed, expected })),
    };
  },
};
