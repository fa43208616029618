/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown> | void): Promise<number> {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e6;
}

export function median(values: readonly number[]): number {
  const order = [...values].sort((a, b) => a - b);
  const middle = order.length >> 1;
  return order.length % 2 === 1 ? order[middle]! : (order[middle - 1]! + order[middle]!) / 2;
}

/** One round of a comparison: each side measures itself, so that its preparation does not count. */
export interface Round {
  ours(): Promise<number>;
  base(): Promise<number>;
  /** After both sides: compares what they made, and cleans up. */
  end?(): Promise<void>;
}

/** Medians over all rounds, in milliseconds. */
export interface Duel {
  readonly ours: number;
  readonly base: number;
}

/** Runs both sides in turn, first one then the other first, so that a busy moment hits both alike. */
export async function duel(rounds: number, prepare: (round: number) => Promise<Round>, warmups = 0): Promise<Duel> {
  const ours: number[] = [];
  const base: number[] = [];
  for (let number = 0; number < rounds + warmups; number += 1) {
    const round = await prepare(number);
    const sides = [async () => ours.push(await round.ours()), async () => base.push(await round.base())];
    for (const side of number % 2 === 0 ? sides : sides.reverse()) await side();
    await round.end?.();
  }
  return { ours: median(ours.slice(warmups)), base: median(base.slice(warmups)) };
}

/** Stops the section when two ways to the same numbers disagree. */
export function mustEqual(what: string, ours: unknown, base: unknown): void {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(base)];
  if (a === b) return;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  const around = (text: string): string => `… ${text.slice(Math.max(0, at - 100), at + 100)} …`;
  throw new Error(`Cross-check failed: ${what} differs at character ${at}.\n  ours ${around(a)}\n  base ${around(b)}`);
}
