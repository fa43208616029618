import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../src/paths';

export type AccountType = 'AGENCY' | 'OFFICIAL';
export const ACCOUNT_TYPES: readonly AccountType[] = ['AGENCY', 'OFFICIAL'];
export type ByType = Readonly<Record<AccountType, number>>;

/** How many accounts of each type carry a code (a month, a region, a sector group, a level). */
export interface Target {
  readonly code: string;
  readonly accounts: ByType;
}

export interface Targets {
  /** Accounts opened in each month. */
  readonly months: readonly Target[];
  /** Accounts at the end of 2011, as all that follow. */
  readonly regions: readonly Target[];
  readonly sectors: readonly Target[];
  /** `L1+L2` is one row: the reports count the two ranks together. */
  readonly levels: readonly Target[];
}

export type Row = (column: string) => string;

/** The rows of a CSV file of the seeds, each a function from column to cell. */
export function readSeed(...path: string[]): Row[] {
  const rows: Record<string, string>[] = parse(readFileSync(projectPath('seeds', ...path)), { columns: true });
  return rows.map((row) => (column) => {
    const cell = row[column];
    if (cell === undefined) throw new Error(`${path.join('/')} has no column ${column}`);
    return cell;
  });
}

export function readTargets(): Targets {
  const cumulative = readTarget('calib_monthly_cumulative.csv', 'month_end', 'cum_agencies', 'cum_officials');
  const months = cumulative.map(({ code, accounts }, index) => {
    const before = cumulative[index - 1]?.accounts ?? { AGENCY: 0, OFFICIAL: 0 };
    return { code, accounts: { AGENCY: accounts.AGENCY - before.AGENCY, OFFICIAL: accounts.OFFICIAL - before.OFFICIAL } };
  });
  const shares = readTarget('calib_sector_target_2011_12.csv', 'sector_l1', 'agency_share_pct', 'official_share_pct');
  const end = cumulative.at(-1)?.accounts ?? { AGENCY: 0, OFFICIAL: 0 };
  return {
    months,
    regions: readTarget('calib_province_target_2011_12.csv', 'province_code', 'target_agencies', 'target_officials'),
    sectors: allotted(shares, end),
    levels: readTarget('calib_level_target_2011_12.csv', 'level_code', 'agency_count', 'official_count').map(({ code, accounts }) => ({
      code: code.split(' ')[0] ?? code,
      accounts,
    })),
  };
}

function readTarget(file: string, code: string, agencies: string, officials: string): Target[] {
  return readSeed('demo', 'calibration', file).map((row) => ({
    code: row(code),
    accounts: { AGENCY: Number(row(agencies)), OFFICIAL: Number(row(officials)) },
  }));
}

/** Whole numbers in the proportion of the shares that add up to the total: the largest remainders are rounded up. */
function allotted(shares: readonly Target[], total: ByType): Target[] {
  const counts = ACCOUNT_TYPES.map((type) => {
    const exact = shares.map(({ accounts }) => (accounts[type] / 100) * total[type]);
    const missing = total[type] - exact.reduce((sum, share) => sum + Math.floor(share), 0);
    const byRemainder = exact.map((_, index) => index).sort((a, b) => ((exact[b] ?? 0) % 1) - ((exact[a] ?? 0) % 1));
    const roundedUp = new Set(byRemainder.slice(0, missing));
    return exact.map((share, index) => Math.floor(share) + (roundedUp.has(index) ? 1 : 0));
  });
  return shares.map(({ code }, index) => ({ code, accounts: { AGENCY: counts[0]?.[index] ?? 0, OFFICIAL: counts[1]?.[index] ?? 0 } }));
}
