import type { Measure } from '../model/define';
import { aggregate, type Aggregates } from './aggregates';
import { everyRow, filtered } from './dialect';

/** Why a value is null: never because it is 0. */
export const NULL_REASONS = {
  NO_ROWS: 'The group has no rows there: no post, no account of that kind on that day.',
  DID_NOT_EXIST: 'The platform did not have it yet: likes before December 2012.',
  NOT_COLLECTED: 'There was something, and no source says how much.',
  NOTHING_TO_MEASURE: 'The denominator is 0, or nothing happened that could be measured: no reply, so no reply time.',
  NO_INDICATOR: 'No year of the indicator is known for the region.',
} as const;
export type NullReason = keyof typeof NULL_REASONS;

export const reason = (one: NullReason): string => `'${one}'`;

/** An aggregate that is null where the measure has a value, and otherwise the reason why it has none. */
export function whyNull(measure: Measure, within: Aggregates): string {
  const unless = (tests: readonly string[], otherwise: string): string =>
    `case when ${aggregate(measure, within)} is not null then null ${tests.join(' ')} else ${otherwise} end`;
  const noRows = (conditions: readonly string[]): string => `when ${filtered('count(*)', conditions)} = 0 then ${reason('NO_ROWS')}`;
  switch (measure.kind) {
    case 'count':
    case 'distinct':
      return 'null::varchar';
    case 'ratio': {
      const parts = [measure.numerator, measure.denominator].map((part) => whyNull(within.measures[part]!, within));
      return unless([], `coalesce(${[...parts, reason('NOTHING_TO_MEASURE')].join(', ')})`);
    }
    case 'stock':
      return unless([noRows([within.lastDay()])], reason('NOT_COLLECTED'));
    case 'quantile':
      return unless([noRows([]), ...before(measure)], reason(measure.unlessNothing ? 'NOTHING_TO_MEASURE' : 'NOT_COLLECTED'));
    case 'variation':
    case 'survival':
      return unless([noRows([])], reason('NOTHING_TO_MEASURE'));
    case 'entropy':
    case 'hIndex':
      return unless([noRows([])], reason('NOT_COLLECTED'));
    case 'sum':
      return unless([noRows([]), ...before(measure)], reason(measure.unlessNothing ? 'NOTHING_TO_MEASURE' : 'NOT_COLLECTED'));
    case 'rate':
      return whyNull(within.measures[measure.numerator]!, within);
  }
}

/** All rows are from before the quantity existed on their platform. */
function before({ existsSince }: Measure): string[] {
  if (existsSince === undefined) return [];
  const days = Object.entries(existsSince).map(([platform, day]) => `when '${platform}' then day < date '${day}'`);
  return [`when ${everyRow(`case platform ${days.join(' ')} else false end`)} then ${reason('DID_NOT_EXIST')}`];
}
