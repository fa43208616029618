import { LEADING, type Leading } from './leading';
import type { Random } from './random';
import { groupOf } from './subsectors';
import type { AccountType, Target, Targets } from './targets';

/** An account that the targets call for, before it has a name or a day. */
export interface Slot {
  readonly type: AccountType;
  readonly region: string;
  level: string;
  group: string;
  readonly leading: Leading | null;
}

/**
 * The published 35 and 14 accounts of provincial-ministerial rank are split between ministries (L1) and provinces (L2);
 * the other national organs are departments (L3) and offices (L4) of ministries.
 */
const NATIONAL_LEVELS: Readonly<Record<AccountType, Readonly<Record<string, number>>>> = {
  AGENCY: { L1: 15, L3: 80, L4: 45 },
  OFFICIAL: { L1: 2, L3: 10, L4: 18 },
};
/** Departments of ministries among the foreign affairs accounts, besides the named one; every overseas account is one as well. */
const NATIONAL_FOREIGN_AFFAIRS: Readonly<Record<AccountType, number>> = { AGENCY: 20, OFFICIAL: 6 };
const PROVINCIAL_GROUP: Readonly<Record<AccountType, string>> = { AGENCY: 'PB', OFFICIAL: 'GO' };

/** All accounts of a type, with the region, sector group and level that make every target come out exactly. */
export function slotsOf(type: AccountType, targets: Targets, random: Random): Slot[] {
  const regions = new Quota(targets.regions, type);
  const slots: Slot[] = [];
  for (const leading of LEADING.filter((named) => named.type === type)) {
    const { region, level, sector } = leading;
    regions.take(region);
    slots.push({ type, region, level, group: groupOf(sector), leading });
  }
  for (const region of regions.rest()) slots.push({ type, region, level: '', group: '', leading: null });
  giveLevels(slots, targets, type, random);
  giveGroups(slots, targets, type, random);
  return slots;
}

function giveLevels(slots: readonly Slot[], targets: Targets, type: AccountType, random: Random): void {
  const quota = new Quota(targets.levels, type);
  for (const { level } of slots) if (level !== '') quota.take(counted(level));
  const give = (level: string, region: string, wanted: number) => {
    const inRegion = slots.filter((slot) => slot.region === region);
    const missing = wanted - inRegion.filter((slot) => slot.level === level).length;
    for (const slot of inRegion.filter((free) => free.level === '').slice(0, missing)) {
      quota.take(counted(level));
      slot.level = level;
    }
  };

  for (const [level, wanted] of Object.entries(NATIONAL_LEVELS[type])) give(level, '00', wanted);
  const bySize = targets.regions.toSorted((a, b) => b.accounts[type] - a.accounts[type]);
  for (const { code } of bySize) if (quota.has('L1+L2') && code !== '00' && code !== '99') give('L2', code, 1);
  const rest = random.shuffled(quota.rest());
  for (const slot of slots) if (slot.level === '') slot.level = rest.pop() ?? '';
}

function giveGroups(slots: readonly Slot[], targets: Targets, type: AccountType, random: Random): void {
  const quota = new Quota(targets.sectors, type);
  for (const { group } of slots) if (group !== '') quota.take(group);
  const give = (group: string, chosen: readonly Slot[]) => {
    for (const slot of chosen.filter((free) => free.group === '')) {
      quota.take(group);
      slot.group = group;
    }
  };

  const overseas = slots.filter(({ region }) => region === '99');
  const ministries = slots.filter(({ region, level, leading }) => region === '00' && level !== 'L1' && leading === null);
  give('FA', overseas);
  give('FA', ministries.slice(0, NATIONAL_FOREIGN_AFFAIRS[type]));
  give(
    PROVINCIAL_GROUP[type],
    slots.filter(({ level }) => level === 'L2'),
  );
  const rest = random.shuffled(quota.rest());
  for (const slot of slots) if (slot.group === '') slot.group = rest.pop() ?? '';
}

/** The row of the targets that counts a level. */
const counted = (level: string): string => (level === 'L1' || level === 'L2' ? 'L1+L2' : level);

/** What is still to be given out of a target. */
class Quota {
  private readonly left: Map<string, number>;

  constructor(targets: readonly Target[], type: AccountType) {
    this.left = new Map(targets.map(({ code, accounts }) => [code, accounts[type]]));
  }

  has(code: string): boolean {
    return (this.left.get(code) ?? 0) > 0;
  }

  take(code: string): void {
    if (!this.has(code)) throw new Error(`the target has no account of ${code} left`);
    this.left.set(code, (this.left.get(code) ?? 0) - 1);
  }

  rest(): string[] {
    return [...this.left].flatMap(([code, count]) => Array<string>(count).fill(code));
  }
}
