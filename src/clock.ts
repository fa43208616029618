/** The only source of the present moment; tests pass their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still at an ISO instant, for tests and reproducible loads. */
export const fixedClock = (iso: string): Clock => ({ now: () => new Date(iso) });
