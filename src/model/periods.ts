import { monthEnd, type Day } from './time';

/** Buckets of time that files are made of. */
export type PeriodGrain = 'month' | 'quarter' | 'year';

export interface Period {
  /** `2011-06`, `2011-Q2`, `2011`. */
  readonly key: string;
  readonly from: Day;
  readonly to: Day;
}

const MONTHS: Readonly<Record<PeriodGrain, number>> = { month: 1, quarter: 3, year: 12 };

/** The calendar month, quarter or year of a day, with its first and last day. */
export function periodOf(day: Day, grain: PeriodGrain): Period {
  const year = day.slice(0, 4);
  const index = Math.floor((Number(day.slice(5, 7)) - 1) / MONTHS[grain]);
  const month = (number: number): string => `${year}-${String(number).padStart(2, '0')}`;
  const [first, last] = [month(index * MONTHS[grain] + 1), month((index + 1) * MONTHS[grain])];
  const key = grain === 'month' ? first : grain === 'quarter' ? `${year}-Q${index + 1}` : year;
  return { key, from: `${first}-01`, to: monthEnd(last) };
}
