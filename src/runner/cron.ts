import { GovblogError } from '../errors';
import { addDays, localTime, offsetMs, type Day, type Instant } from '../model/time';

/** A cron expression of five fields, as the sets of values that meet it. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** As in every cron since Vixie's: when both are restricted, a day that meets one of them is met. */
  readonly eitherDay: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Throws BAD_SETTING for what is not a cron expression, and for a day that no calendar has. */
export function parseCron(expression: string): Cron {
  const fields = expression.trim().toLowerCase().split(/\s+/);
  const refuse = (): never => {
    throw new GovblogError(
      'BAD_SETTING',
      `GOVBLOG_SCHEDULE is "${expression}", which is not a cron expression such as "30 2 * * *" (or "off").`,
    );
  };
  if (fields.length !== 5) return refuse();
  const field = (text: string, least: number, most: number, names: readonly string[] = [], firstName = least): number[] => {
    const number = (part: string): number => {
      const named = names.findIndex((name) => part === name || (part.length > 3 && part.startsWith(name)));
      const value = named === -1 ? Number(part) : named + firstName;
      return /^\d+$/.test(part) || named !== -1 ? value : refuse();
    };
    const values = text.split(',').flatMap((part) => {
      const [range = '', step, ...more] = part.split('/');
      const [from, to, ...others] = range.split('-');
      if (more.length > 0 || others.length > 0) return refuse();
      const first = range === '*' ? least : number(from!);
      const last = range === '*' ? most : to !== undefined ? number(to) : step === undefined ? first : most;
      const by = step === undefined ? 1 : number(step);
      if (first < least || last > most || first > last || by < 1) return refuse();
      return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
    });
    return [...new Set(values)].sort((a, b) => a - b);
  };
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const times: Cron = {
    minutes: field(minute, 0, 59),
    hours: field(hour, 0, 23),
    days: new Set(field(day, 1, 31)),
    months: new Set(field(month, 1, 12, MONTHS)),
    weekdays: new Set(field(weekday, 0, 7, WEEKDAYS).map((value) => value % 7)),
    eitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
  };
  if (nextOccurrence(times, 'UTC', 0) === null)
    throw new GovblogError('BAD_SETTING', `GOVBLOG_SCHEDULE is "${expression}", a time that never comes: no calendar has that day.`);
  return times;
}

function meets(cron: Cron, day: Day): boolean {
  if (!cron.months.has(Number(day.slice(5, 7)))) return false;
  const byDate = cron.days.has(Number(day.slice(8)));
  const byWeekday = cron.weekdays.has(new Date(`${day}T00:00:00Z`).getUTCDay());
  return cron.eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

const DAY_MS = 86_400_000;

/**
 * The instant of a local time. What comes twice, when clocks are set back, is its first time; what is left out, when they are
 * set forward, comes as much later as was left out: every day has each time once.
 */
export function instantOf(day: Day, hour: number, minute: number, zone: string): Instant {
  const local = Date.parse(`${day}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
  const [before, after] = [offsetMs(zone, local - DAY_MS), offsetMs(zone, local + DAY_MS)];
  const candidates = [...new Set([before, after])].map((offset) => ({ at: local - offset, offset }));
  const real = candidates.filter(({ at, offset }) => offsetMs(zone, at) === offset).map(({ at }) => at);
  return real.length > 0 ? Math.min(...real) : local - before;
}

/** When the schedule comes up after one instant and up to another, in order. */
export function occurrences(cron: Cron, zone: string, after: Instant, until: Instant): Instant[] {
  const found: Instant[] = [];
  const last = addDays(localTime(until, zone).day, 1);
  for (let day = addDays(localTime(after, zone).day, -1); day <= last; day = addDays(day, 1))
    if (meets(cron, day))
      for (const hour of cron.hours)
        for (const minute of cron.minutes) {
          const at = instantOf(day, hour, minute, zone);
          if (at > after && at <= until) found.push(at);
        }
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Long enough for a leap day, also around a century without one. */
const FAR_DAYS = 9 * 366;

/** When the schedule comes up next; null for a day that no calendar has. */
export function nextOccurrence(cron: Cron, zone: string, after: Instant): Instant | null {
  // Mostly it is within a day; only what is rare is looked for in long steps.
  for (let days = 0, step = 1; days < FAR_DAYS; days += step, step = 30) {
    const [next] = occurrences(cron, zone, after + days * DAY_MS, after + (days + step) * DAY_MS);
    if (next !== undefined) return next;
  }
  return null;
}
