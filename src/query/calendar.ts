import { GovblogError } from '../errors';
import type { Dimension } from '../model/define';
import { isDay, maxDay, minDay, type Day } from '../model/time';
import { LIMITS } from './limits';
import type { NamedPeriod } from './question';

/** The calendar of a question as something to group by. */
export const PERIOD_DIMENSION: Dimension = {
  label: 'Period',
  labelZh: '时段',
  description: 'Name of the period of the calendar of the question.',
  column: 'day',
  type: 'text',
};

const LONGEST_NAME = 100;

/**
 * The named periods in the order of time, cut to the days that are asked for. Refuses periods that overlap, that end before
 * they begin, that share a name, or of which nothing is asked or published.
 */
export function calendarOf(calendar: readonly NamedPeriod[], from: Day, to: Day): NamedPeriod[] {
  if (calendar.length === 0) bad('The calendar is empty. Leave it out, or name a period: { name, from, to }.');
  if (calendar.length > LIMITS.maxPeriods.value)
    bad(`The calendar has ${calendar.length} periods; the limit is ${LIMITS.maxPeriods.value}.`);
  for (const { name, from: first, to: last } of calendar) {
    if (name.trim() === '' || name.length > LONGEST_NAME || name !== name.trim())
      bad(`"${name}" is no name of a period: it takes 1 to ${LONGEST_NAME} characters without spaces around them.`);
    if (!isDay(first) || !isDay(last)) bad(`The period "${name}" goes from "${first}" to "${last}"; write days as 2011-12-31.`);
    if (first > last) bad(`The period "${name}" ends before it begins. Swap ${first} and ${last}.`);
    if (last < from || first > to)
      bad(`The period "${name}" (${first} to ${last}) lies outside ${from} to ${to}, of which there are data.`);
  }
  const ordered = [...calendar].sort((a, b) => (a.from < b.from ? -1 : 1));
  ordered.forEach((one, index) => {
    const next = ordered[index + 1];
    if (next && next.from <= one.to) bad(`The periods "${one.name}" and "${next.name}" share ${next.from}. A day lies in one period.`);
    if (ordered.findIndex(({ name }) => name === one.name) < index) bad(`The calendar has two periods named "${one.name}".`);
  });
  return ordered.map((one) => ({ ...one, from: maxDay(one.from, from)!, to: minDay(one.to, to)! }));
}

function bad(message: string): never {
  throw new GovblogError('BAD_QUERY', message);
}
