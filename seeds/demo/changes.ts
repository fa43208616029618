import { addDays, type Day, daysBetween } from '../../src/model/time';
import type { Attributes, DemoAccount } from './account';
import { DEMO_PERIOD } from './constants';
import type { Names } from './names';
import type { Province } from './places';
import type { Random } from './random';
import { SUB_SECTORS } from './subsectors';

/** Of the accounts that have been open for two months: so many changed once. */
const CHANGED = 0.022;
const SETTLED_DAYS = 20;

const KINDS = [
  { kind: 'name', weight: 70 },
  { kind: 'sector', weight: 12 },
  { kind: 'level', weight: 9 },
  { kind: 'region', weight: 9 },
] as const;

interface Tools {
  readonly random: Random;
  readonly names: Names;
  readonly provinces: ReadonlyMap<string, Province>;
}

/** For a few accounts, what they were before they became what the targets for the end of 2011 count them as. */
export function formerAttributes(now: Attributes, openedOn: Day, tools: Tools): DemoAccount['earlier'] {
  const { random } = tools;
  const age = daysBetween(openedOn, DEMO_PERIOD.to);
  if (age < 3 * SETTLED_DAYS || !random.chance(CHANGED)) return null;
  const until = addDays(openedOn, SETTLED_DAYS + random.int(age - 2 * SETTLED_DAYS));
  return { attributes: { ...now, ...difference(now, tools) }, until };
}

function difference(now: Attributes, { random, names, provinces }: Tools): Partial<Attributes> {
  const local = !['00', '99'].includes(now.region) && now.level !== 'L2';
  const { kind } = random.weighted(KINDS);
  if (kind === 'sector') {
    return { sector: random.pick([...SUB_SECTORS.keys()].filter((code) => code !== now.sector && !code.startsWith('FA'))) };
  }
  if (kind === 'level' && local) return { level: now.level === 'L4' ? 'L5' : 'L4' };
  if (kind === 'region' && local) {
    const other = random.pick([...provinces.values()].filter(({ code, prefectures }) => prefectures.length > 0 && code !== now.region));
    return { region: other.code, prefecture: random.pick(other.prefectures).code };
  }
  return { screenName: names.former(now) };
}
